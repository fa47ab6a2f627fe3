"""The rules that a linter does not know, as pure functions: source in, offences out."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("services", "shared", "deploy", "tests")
LONGEST_MODULE = 300
LONGEST_TEST_FILE = 400
LONGEST_FUNCTION = 40
MEANINGLESS_NAMES = frozenset({"utils", "helpers", "common", "manager", "base_service"})

OUTSIDE = frozenset(
    {"asyncio", "os", "random", "secrets", "socket", "subprocess", "time", "uuid_utils"}
)
READS_A_CLOCK_OR_DICE = frozenset(
    {"now", "utcnow", "today", "fromtimestamp", "uuid1", "uuid4", "uuid6", "uuid7"}
)
ONLY_SHARED_MAY: Mapping[str, str] = {
    "commit": "the request or handler around it commits",
    "publish": "events go through the outbox",
    "subscribe": "handlers are declared with Subscriptions",
    "subscriber": "handlers are declared with Subscriptions",
    "create_async_engine": "sessions are opened by shared.db",
}


def service_names() -> tuple[str, ...]:
    """Return the services that there are, as their folders say."""
    return tuple(sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py")))


def sources(*packages: str) -> Iterator[Path]:
    """Yield every module that people read as a whole.

    A migration is a list of statements, and the clients of services are generated.
    """
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.parent.name != "versions" and path.parent.parent.name != "client":
                yield path


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines, {LONGEST_FUNCTION} are allowed"


def too_long(path: Path, source: str) -> Iterator[str]:
    limit = LONGEST_TEST_FILE if path.name.startswith("test_") else LONGEST_MODULE
    lines = len(source.splitlines())
    if lines > limit:
        yield f"has {lines} lines, {limit} are allowed"


def meaningless(path: Path) -> Iterator[str]:
    if path.stem in MEANINGLESS_NAMES or path.parent.name in MEANINGLESS_NAMES:
        yield "has a name that says nothing about what it owns"


def clock_or_dice(source: str) -> Iterator[str]:
    """Find what makes a rule answer differently to the same facts."""
    for node in ast.walk(ast.parse(source)):
        for module in _imported(node):
            if module.split(".")[0] in OUTSIDE:
                yield f"line {_line(node)} imports {module}"
        if isinstance(node, ast.Call) and _called(node) in READS_A_CLOCK_OR_DICE:
            yield f"line {node.lineno} calls {_called(node)}"


def left_to_shared(source: str) -> Iterator[str]:
    """Find calls that only `shared` may make."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (reason := ONLY_SHARED_MAY.get(_called(node))):
            yield f"line {node.lineno} calls {_called(node)}: {reason}"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 0)
    return line
