"""A container's health check: `python -m deploy.healthy` ends with 0 if the service is well.

It asks the address in HANDOFF_HEALTH_URL, with nothing but the standard library: it runs every few
seconds.
"""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

SETTING = "HANDOFF_HEALTH_URL"
SECONDS = 3


def main() -> int:
    """Return 0 if the address answers with success, 1 if not; say why not."""
    url = os.environ.get(SETTING, "")
    if not url.startswith("http://"):
        sys.stderr.write(f"{SETTING} is to be the URL of the service's /ready.\n")
        return 1
    try:
        with urlopen(url, timeout=SECONDS):  # noqa: S310 - http alone, see above
            return 0
    except (OSError, URLError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
