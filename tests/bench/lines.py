"""Lines of code by folder: not blank, not only a comment, docstrings included."""

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOP = ("services", "shared", "deploy", "tests")


def lines_by_folder() -> dict[str, int]:
    """Return the lines of Python below each service and each top-level folder."""
    counts: Counter[str] = Counter()
    for top in TOP:
        for path in (ROOT / top).rglob("*.py"):
            parts = path.relative_to(ROOT).parts
            folder = "/".join(parts[:2]) if len(parts) > 2 else parts[0]
            lines = path.read_text("utf-8").splitlines()
            counts[folder] += sum(
                1 for line in lines if line.strip() and not line.lstrip().startswith("#")
            )
    return dict(sorted(counts.items()))
