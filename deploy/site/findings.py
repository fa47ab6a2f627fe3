"""What is wrong with a built site: loads from outside, links and anchors that lead nowhere.

The theme's program names places from which it would load a renderer for diagrams, notebooks and
so on, if a page had one. No page may (`TRIGGERS`); a place that is not in `ASLEEP` is a finding,
so a new version of the theme is looked at; and each page's own policy has the browser refuse all
of them anyway.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.site.pages import Page, css_loads, read_page

# As a browser reads an address: any scheme but that of data in the page itself, or a host.
ELSEWHERE = re.compile(r"\s*(?:(?!data:)[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s\"'`<>)\\]+")
POLICY_NEEDS = ("default-src 'self' file: data: blob: 'unsafe-inline'", "base-uri 'none'")
NAMES = ("http://www.w3.org/",)  # of XML; nobody loads them
SAID = ("https://fontawesome.com", "https://unpkg.com/resize-observer-polyfill")  # in comments
ASLEEP = (
    *("https://unpkg.com/mermaid@", "https://unpkg.com/glightbox@", "https://unpkg.com/pyodide@"),
    *("https://cdn.jsdelivr.net/pyodide/", "https://unpkg.com/ace-builds@"),
    *("https://api.github.com/", "https://${"),  # GitLab's, wherever it is
)
TRIGGERS = re.compile(r"""class="[^"]*\b(?:mermaid|glightbox|pyodide|md-source)\b""")


def findings(site: Path) -> list[str]:
    """Return a sentence for each thing that is wrong; an empty site is wrong too."""
    files = sorted(path for path in site.rglob("*") if path.is_file())
    pages = {path: read_page(path) for path in files if path.suffix == ".html"}
    found = [] if pages else ["There is no page at all."]
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        found += [f"{name}: {each}" for each in _of_page(path, page)]
        found += [f"{name}: {each}" for each in _dead_links(site, path, pages)]
    for path in files:
        found += [f"{path.relative_to(site).as_posix()}: {each}" for each in _of_asset(path)]
    return found


def _of_page(path: Path, page: Page) -> Iterator[str]:
    if not all(each in page.policy for each in POLICY_NEEDS):
        yield "its policy is missing, comes too late or lets something in"
    yield from (f"loads {each} from outside" for each in page.loads if ELSEWHERE.match(each))
    if TRIGGERS.search(path.read_text("utf-8")):
        yield "holds something for which the theme loads a program from outside"


def _of_asset(path: Path) -> Iterator[str]:
    if path.suffix in (".css", ".svg"):
        loads = css_loads(path.read_text("utf-8"))
        yield from (f"loads {each} from outside" for each in loads if ELSEWHERE.match(each))
    if path.suffix == ".svg":
        yield from (
            f"loads {each} from outside" for each in read_page(path).loads if ELSEWHERE.match(each)
        )
    if path.suffix in (".js", ".mjs") and path.name != "search.js":  # which is the pages' text
        for each in ADDRESS.findall(path.read_text("utf-8")):
            if not each.startswith((*NAMES, *SAID, *ASLEEP)):
                yield f"names {each}, which is not known to be harmless"


def _dead_links(site: Path, path: Path, pages: Mapping[Path, Page]) -> Iterator[str]:
    if path.name == "404.html":  # shown at any address, so its links are meant for a root
        return
    for link in pages[path].links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_relative_to(site.resolve()) or not target.exists():
            yield f"links to {link}, which is not in the site"
        elif parts.fragment and target in pages and not _has(pages[target], parts.fragment):
            yield f"links to {link}, which has no such anchor"


def _has(page: Page, fragment: str) -> bool:
    return unquote(fragment) in page.anchors
