"""What a built page holds: its anchors, its links, and what a browser would load by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

POLICY = "Content-Security-Policy"
LOADING_ATTRIBUTES = frozenset({"src", "srcset", "poster", "data", "background", "xlink:href"})
LOADING_ELEMENTS = frozenset({"base", "image", "use", "feimage"})  # whose href is loaded
LOADING_RELATIONS = frozenset(
    {
        *("stylesheet", "icon", "apple-touch-icon", "manifest", "modulepreload", "preload"),
        *("prefetch", "preconnect", "dns-prefetch", "prerender"),
    }
)
CSS_LOADS = re.compile(
    r"""(?:url\(\s*|image-set\(\s*|@import\s+)["']?([^"')\s;]+)""", re.IGNORECASE
)
SCRIPT_LOADS = re.compile(r"""(?:import\s*\(?|from|fetch\()\s*["'`]([^"'`]+)["'`]""")


def css_loads(text: str) -> Iterator[str]:
    """Yield what a style sheet loads."""
    yield from CSS_LOADS.findall(text)


def script_loads(text: str) -> Iterator[str]:
    """Yield what a script in a page names outright as something to import or fetch."""
    yield from SCRIPT_LOADS.findall(text)


@dataclass(slots=True)
class Page:
    """One page of HTML, read once."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    policy: str = ""
    """What the page's own Content-Security-Policy says, if it stands before all it loads."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag if tag in ("style", "script") else ""
        self.page.anchors.update(given[name] for name in ("id", "name") if given.get(name))
        if tag in ("a", "area") and "href" in given:
            self.page.links.append(given["href"])
        if tag == "meta":
            self._meta(given)
        self.page.loads.extend(_loaded(tag, given))

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.page.loads.extend(css_loads(data))
        if self._inside == "script":
            self.page.loads.extend(script_loads(data))

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def _meta(self, given: dict[str, str]) -> None:
        kind = given.get("http-equiv", "").lower()
        if kind == POLICY.lower() and not self.page.loads:
            self.page.policy = given.get("content", "")
        if kind == "refresh":
            self.page.loads.append(given.get("content", "").partition("=")[2])


def _loaded(tag: str, given: dict[str, str]) -> Iterator[str]:
    for name in sorted(LOADING_ATTRIBUTES & given.keys()):
        if name == "srcset":
            yield from (each.split()[0] for each in given[name].split(",") if each.strip())
        else:
            yield given[name]
    if "srcdoc" in given:
        yield from _read(given["srcdoc"]).loads
    relations = set(given.get("rel", "").lower().split())
    if tag in LOADING_ELEMENTS or (tag == "link" and relations & LOADING_RELATIONS):
        yield given.get("href", "")
    yield from css_loads(given.get("style", ""))


def read_page(path: Path) -> Page:
    return _read(path.read_text("utf-8"))


def _read(text: str) -> Page:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page
