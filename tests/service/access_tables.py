"""The tables of access: each `test_access*.py` of a service has one, as `ROUTES`.

Together they must name every route of the service, with somebody who is answered; a row must name a
route that there is.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from tests.service.apps import NO_ID, Route

Declared = tuple[str, str]  # a method and a path with its {parameters}
PARAMETER = re.compile(r"\{[^{}/]*\}")
# Of these there is nothing to be found on the empty journal of a table's world.
ANSWERED_ELSEWHERE: Mapping[str, str] = {
    "/journal/{event_id}": "test_operations.py",
    "/dead-letters/{consumer}/{event_id}": "test_operations.py",
    "/dead-letters/{consumer}/{event_id}/replay": "test_operations.py",
}


def filled(route: Route, ids: Mapping[str, str]) -> Route:
    """Return the row with *ids* in its path and its body; `{new}` stays."""
    kept = {"new": "{new}", **ids}
    body = route.body
    if isinstance(body, dict):
        body = {
            name: value.format(**kept) if isinstance(value, str) else value
            for name, value in body.items()
        }
    return replace(route, path=route.path.format(**kept), body=body)


def named_nowhere(routes: Iterable[Route]) -> Iterator[Route]:
    """Return the rows as asked about a record that there is not."""
    for route in routes:
        yield replace(route, path=PARAMETER.sub(NO_ID, route.path))


def table_of(service: str) -> tuple[Route, ...]:
    """Return all rows of a service, from each of its modules of access tests."""
    folder = Path(__file__).parent / service
    modules = [
        import_module(f"tests.service.{service}.{path.stem}")
        for path in sorted(folder.glob("test_access*.py"))
    ]
    return tuple(route for module in modules for route in module.ROUTES)


def gaps(declared: Collection[Declared], rows: Collection[Route]) -> Iterator[str]:
    """Say which route has no row, or none that answers anybody; and which row has no route."""
    meant = [(row, route_of(row, declared)) for row in rows]
    yield from dict.fromkeys(f"{row.method} {row.path} is no route" for row, to in meant if not to)
    has_row = {to for _, to in meant}
    answers = {to for row, to in meant if row.answered}
    for each in declared:
        if each not in has_row:
            yield f"{' '.join(each)} has no row"
        elif each not in answers and each[1] not in ANSWERED_ELSEWHERE:
            yield f"{' '.join(each)} has no row in which somebody is answered"


def route_of(row: Route, declared: Collection[Declared]) -> Declared | None:
    """Return the route that answers: the first that fits, as the application looks for it."""
    path = PARAMETER.sub(NO_ID, row.path)
    for each in declared:
        pattern = "".join(
            part if part == "/" else _pattern_of(part) for part in re.split("(/)", each[1])
        )
        if each[0] == row.method and re.fullmatch(pattern, path):
            return each
    return None


def _pattern_of(part: str) -> str:
    return "[^/]+" if PARAMETER.fullmatch(part) else re.escape(part)
