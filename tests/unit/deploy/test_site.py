"""Whatever a browser would load from outside is found, and so is what leads nowhere."""

from pathlib import Path

import pytest

from deploy.site import __main__ as site
from deploy.site.findings import POLICY_NEEDS, findings

POLICY = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(POLICY_NEEDS)}">'
ELSEWHERE = "https://cdn.example.org/thing"


def found(folder: Path, body: str = "", *, head: str = POLICY, **files: str) -> list[str]:
    (folder / "index.html").write_text(f"<html><head>{head}</head><body>{body}</body></html>")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return findings(folder)


def test_a_page_that_loads_only_its_own_files_is_fine(tmp_path: Path) -> None:
    body = (
        '<a href="https://example.org">led to by a click, not loaded</a><a href="#here">here</a>'
        '<h2 id="here">here</h2><a href="other.html#there">there</a><img src="birch.svg">'
        "<style>p { background: url(data:image/png;base64,AA==) }</style>"
    )
    other = f'<html><head>{POLICY}</head><body><p id="there"></p></body></html>'

    assert found(tmp_path, body, other__html=other, birch__svg="<svg></svg>") == []


@pytest.mark.parametrize(
    "body",
    [
        f'<script src="{ELSEWHERE}"></script>',
        '<script src="//cdn.example.org/thing"></script>',
        '<script src="https:/cdn.example.org/thing"></script>',
        '<script src=" https:cdn.example.org/thing"></script>',
        '<img src="\\\\cdn.example.org/thing">',
        f'<img src="{ELSEWHERE}">',
        f'<img srcset="birch.png 1x, {ELSEWHERE} 2x">',
        f'<link rel="stylesheet" href="{ELSEWHERE}">',
        f'<link rel="preconnect" href="{ELSEWHERE}">',
        f'<link rel="shortcut icon" href="{ELSEWHERE}">',
        f'<iframe src="{ELSEWHERE}"></iframe>',
        f'<iframe srcdoc="<img src={ELSEWHERE}>"></iframe>',
        f'<object data="{ELSEWHERE}"></object>',
        f'<video poster="{ELSEWHERE}"></video>',
        f'<svg><use href="{ELSEWHERE}#birch"></use></svg>',
        f'<svg><image xlink:href="{ELSEWHERE}"></image></svg>',
        f'<p style="background: url({ELSEWHERE})"></p>',
        f"<style>@import '{ELSEWHERE}';</style>",
        f"<style>p {{ background: image-set('{ELSEWHERE}' 1x) }}</style>",
        f'<script type="module">import birch from "{ELSEWHERE}"</script>',
        f'<script>fetch("{ELSEWHERE}")</script>',
        f'<meta http-equiv="refresh" content="0; url={ELSEWHERE}">',
    ],
)
def test_what_a_page_would_load_from_outside_is_found(tmp_path: Path, body: str) -> None:
    [finding] = found(tmp_path, body)

    assert "cdn.example.org/thing" in finding
    assert "from outside" in finding


@pytest.mark.parametrize("text", [f"p {{ src: url('{ELSEWHERE}') }}", f'@import "{ELSEWHERE}";'])
def test_what_a_style_sheet_would_load_from_outside_is_found(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, site__css=text) == [f"site.css: loads {ELSEWHERE} from outside"]


def test_what_a_picture_would_load_from_outside_is_found(tmp_path: Path) -> None:
    picture = f'<svg><image href="{ELSEWHERE}"/></svg>'

    assert found(tmp_path, birch__svg=picture) == [f"birch.svg: loads {ELSEWHERE} from outside"]


def test_a_program_that_names_an_unknown_place_is_found(tmp_path: Path) -> None:
    known = 'svg("http://www.w3.org/2000/svg"); load("https://unpkg.com/mermaid@12/x.js");'

    [finding] = found(tmp_path, theme__js=f'{known} load("{ELSEWHERE}")')

    assert finding == f"theme.js: names {ELSEWHERE}, which is not known to be harmless"


def test_what_would_wake_the_theme_s_own_loading_is_found(tmp_path: Path) -> None:
    [finding] = found(tmp_path, '<pre class="mermaid"><code>flowchart</code></pre>')

    assert "a program from outside" in finding


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta http-equiv="Content-Security-Policy" content="default-src *">',
        f'<script src="early.js"></script>{POLICY}',
    ],
)
def test_a_page_without_its_policy_before_all_else_is_found(tmp_path: Path, head: str) -> None:
    [finding] = found(tmp_path, head=head)

    assert "its policy is missing, comes too late or lets something in" in finding


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("missing.html", "is not in the site"),
        ("../README.md", "is not in the site"),
        ("#nowhere", "has no such anchor"),
        ("index.html#nowhere", "has no such anchor"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, link: str, why: str) -> None:
    (tmp_path / "README.md").touch()
    (tmp_path / "site").mkdir()

    assert found(tmp_path / "site", f'<a href="{link}">birch</a>') == [
        f"index.html: links to {link}, which {why}"
    ]


def test_an_empty_site_is_no_success(tmp_path: Path) -> None:
    assert findings(tmp_path) == ["There is no page at all."]


def project(folder: Path, text: str) -> Path:
    """Make a small project with a page of *text* and one that is in no menu."""
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(f"# Birch\n\n{text}\n")
    (folder / "docs" / "lost.md").write_text("# Lost\n")
    config = folder / "zensical.toml"
    config.write_text(
        '[project]\nsite_name = "Birch"\ndocs_dir = "docs"\nsite_dir = "out"\n'
        'nav = [{ "Birch" = ["index.md"] }]\n'
    )
    return config


def test_a_page_that_is_in_no_menu_is_found(tmp_path: Path) -> None:
    config = project(tmp_path, "Nothing to see.")

    assert list(site.not_in_menu(config)) == ["lost.md is in no menu: add it to zensical.toml."]


def test_a_diagram_that_nothing_draws_is_found(tmp_path: Path) -> None:
    config = project(tmp_path, "```mermaid\nflowchart LR\n```")

    assert list(site.undrawn(config)) == [
        "index.md has a Mermaid diagram, which nothing draws: make it an SVG file."
    ]


@pytest.mark.parametrize("link", ["missing.md", "lost.md#nowhere"])
def test_the_generator_refuses_links_that_lead_nowhere(tmp_path: Path, link: str) -> None:
    said = site.build(project(tmp_path, f"[birch]({link})"), tmp_path / "out")

    assert "does not exist" in said
    assert "Traceback" not in said


def test_a_project_without_faults_is_built(tmp_path: Path) -> None:
    assert site.build(project(tmp_path, "[lost](lost.md)"), tmp_path / "out") == ""
    assert (tmp_path / "out" / "index.html").exists()
