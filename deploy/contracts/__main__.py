"""Write the contracts from the code, or check that those that are kept are current.

`python -m deploy.contracts` writes, `--check` only compares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.contracts import asyncapi, client, openapi
from deploy.embedded.plan import SERVICES

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = "python -m deploy.contracts"


def documents() -> Iterator[tuple[Path, str]]:
    """Return every generated document and where it is kept."""
    for service in SERVICES:
        document = openapi.document(service)
        folder = ROOT / "deploy" / "client" / service
        yield ROOT / "services" / service / "openapi.json", _as_json(document)
        yield folder / "bodies.py", client.bodies(document, service=service)
        yield folder / "__init__.py", client.operations(document, service=service)
    yield ROOT / "shared" / "events" / "asyncapi.json", _as_json(asyncapi.document())


def _as_json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    stale = 0
    for path, text in documents():
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale += 1
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run `{COMMAND}`.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
