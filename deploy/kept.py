"""Pages of the reference that a program writes: kept in the repository, and compared there."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"


def keep(path: Path, page: str, *, by: str) -> int:
    """Write *page*, or with `--check` say if what is kept is another one; *by* wrote it."""
    if "--check" not in sys.argv[1:]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
        return 0
    if path.exists() and path.read_text("utf-8") == page:
        return 0
    sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run `python -m {by}`.\n")
    return 1


def cell(text: object) -> str:
    """Return *text* as it stands in a table: in one line, and in one cell."""
    return " ".join(str(text or "").split()).replace("|", "\\|")
