"""Writes `docs/reference/codes.md` from the code lists, or checks that it is current.

`python -m deploy.codes_table` writes, `--check` only compares.
"""

import sys

from deploy.kept import REFERENCE, keep
from shared.events.codes.lists import Code, CodeList, code_lists

TABLE = REFERENCE / "codes.md"

TOP = """# Codes

Written by `python -m deploy.codes_table` from `shared/events/codes/*.toml`; do not edit by hand.

Tables, events and bodies hold the code; people read a label. Every service answers the same lists:
`GET /codes`, `GET /codes/{list_id}`. A code lasts: it can be retired, and then it can no longer be
sent but is read as before; it is never renamed, removed or used for something else.
"""

HEAD = "| code | English | Spanish | note |\n|---|---|---|---|"


def render() -> str:
    """Return the whole page."""
    return "\n".join([TOP, *(_section(each) for each in code_lists().values())])


def _section(each: CodeList) -> str:
    rows = "\n".join(_row(code) for code in each.codes)
    return f"## {each.id}\n\n{each.description} Version {each.version}.\n\n{HEAD}\n{rows}\n"


def _row(code: Code) -> str:
    notes = [
        *([f"Since version {code.since}."] if code.since > 1 else []),
        *([f"*Retired in version {code.retired_in}.*"] if code.retired_in else []),
        *([code.note] if code.note else []),
    ]
    return f"| `{code.code}` | {code.en} | {code.es} | {' '.join(notes)} |"


def main() -> int:
    return keep(TABLE, render(), by="deploy.codes_table")


if __name__ == "__main__":
    sys.exit(main())
