"""A container's health check: `python -m deploy.healthy` ends with 0 if the service is well.

It asks the address in HANDOFF_HEALTH_URL, with nothing but the standard library: it runs every few
seconds.
"""

import os
import sys
from urllib.request import ProxyHandler, build_opener

SETTING = "HANDOFF_HEALTH_URL"
SECONDS = 3


def main() -> int:
    """Return 0 if the address answers with success, 1 if not; say why not."""
    url = os.environ.get(SETTING, "")
    if not url.startswith("http://"):
        sys.stderr.write(f"{SETTING} is to be the URL of the service's /ready.\n")
        return 1
    try:
        # No proxy: the service is in this very container, whatever its environment says.
        with build_opener(ProxyHandler({})).open(url, timeout=SECONDS):
            return 0
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
