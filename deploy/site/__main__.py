"""`python -m deploy.site`: build the documentation into `build/site` and look at what was built.

Ends with 1 and one line for each finding: a warning of the generator, a page that is in no menu, a
diagram that nothing draws, a link or an anchor that leads nowhere, or something that a browser
would load from outside.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from deploy.site.findings import findings

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = ROOT / "zensical.toml"
SITE = ROOT / "build" / "site"


def build(config: Path, site: Path) -> str:
    """Build *config* into *site* anew; return what the generator said if it did not succeed."""
    shutil.rmtree(site, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", str(config)],
        cwd=config.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = f"{done.stdout}{done.stderr}".strip()
    return said.partition("Traceback")[0].strip() or said or f"It ended with {done.returncode}."


def not_in_menu(config: Path) -> Iterator[str]:
    """Yield each page of the folder of documents that no menu leads to."""
    project = tomllib.loads(config.read_text("utf-8"))["project"]
    docs = config.parent / project["docs_dir"]
    listed = set(_named(project["nav"]))
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).as_posix()
        if name not in listed:
            yield f"{name} is in no menu: add it to {config.name}."


def undrawn(config: Path) -> Iterator[str]:
    """Yield each page with a diagram that would be shown as its source."""
    docs = config.parent / tomllib.loads(config.read_text("utf-8"))["project"]["docs_dir"]
    for path in sorted(docs.rglob("*.md")):
        if "```mermaid" in path.read_text("utf-8"):
            name = path.relative_to(docs).as_posix()
            yield f"{name} has a Mermaid diagram, which nothing draws: make it an SVG file."


def _named(entry: object) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        yield from _named(list(entry.values()))
    elif isinstance(entry, list):
        for each in entry:
            yield from _named(each)


def main() -> int:
    said = build(CONFIG, SITE)
    found = [said] if said else [*not_in_menu(CONFIG), *undrawn(CONFIG), *findings(SITE)]
    for each in found:
        sys.stderr.write(f"{each}\n")
    if not found:
        sys.stdout.write(f"The documentation: {SITE / 'index.html'}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
