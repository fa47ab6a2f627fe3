"""`python -m tests.bench.page`: write `docs/performance.md` from `docs/performance.json`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
REPORT, PAGE = DOCS / "performance.json", DOCS / "performance.md"

Figures = Mapping[str, Any]

HEAD = """# Performance

Written by `python -m tests.bench.page` from [performance.json](performance.json), which is the
whole report of `handoff bench --json`. Measured on {date} on {machine}, shared with others: the
same figure varies by a third and more from run to run, so read the ratios. Every figure stands
beside a ceiling of the same run, or beside its target.

Why it is as it is, and what each change bought: decisions
[0028](decisions/0028-rows-wait-for-the-end.md) and
[0029](decisions/0029-asked-often-built-once.md).
"""
REQUESTS = """
## Requests

32 connections; the median of three runs, ours and the ceiling in turn. The ceiling is a bare
FastAPI route that leaves the same rows by one asyncpg statement, or reads the same ones by
`json_agg`: no token, no policy, no audit entry for reads, no row-level security. What ours
leaves and what the ceiling leaves is counted, and has to be the same.
"""
WALLS = """
## What the walls cost

A timeline page of 50 lines, in stages, each behind the same server and read by the same load. The
second and third stage do what a request may never do without: a transaction in the service's own
role and scope, and the audit entry, committed before the answer (`tests/bench/bare_walls.py`).
"""
POLICY = """
## A decision of the policy

Every row of the policies' table of tests, asked of a policy that has just been read, and once
more: a process remembers what it decided, by all that a decision depends on.
"""
PROJECTION = """
## From outbox to projection

Thirty thousand events from referral's outbox to casework's timeline, every message synced to
disk. The ceiling is a relay and a consumer with nothing around them, on the same PostgreSQL and
a NATS of the same configuration (`tests/bench/bare_outbox.py`).
"""
STACK = """
## The running stack

From the commit of a request to the commit of its line in casework, at fifty commits a second. A
*step* of a live handoff tells one event. A whole *referral* tells four, and for each casework
opens an intake, asks referral who it is about and looks for somebody alike, and notify tells the
team.
"""
FOLLOWUPS = """
## Follow-ups announced

Timers of follow-ups that fire, each with its event, its line and its savepoint, beside bare
claims of the same rows, fifty at a time.
"""
MEMORY = """
## Memory

Of the HTTP halves, in MiB; the routes of the first table in turn.
"""
FLATNESS = """
## Does it stay so?

The same figures, ours alone, a second, after `handoff simulate` filled the databases.
"""


def page(report: Figures) -> str:
    """Return the page that tells *report*."""
    parts = [HEAD.format(date=report["date"], machine=report["machine"])]
    for name, write in PARTS.items():
        if name in report:
            parts.append("\n".join(write(report[name])))
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _requests(found: Figures) -> Iterator[str]:
    yield REQUESTS
    head = ("figure", "a second", "p50 / p95 / p99, ms", "ceiling", "ratio", "target", "met")
    yield from _table(
        head,
        [
            (
                name,
                round(each["ours"]["per_second"]),
                " / ".join(f"{each['ours'][at]:.0f}" for at in ("p50", "p95", "p99")),
                round(each["ceiling"]["per_second"]),
                each["ratio"],
                each["target"],
                _met(each["met"]),
            )
            for name, each in found.items()
        ],
    )


def _walls(found: Figures) -> Iterator[str]:
    yield WALLS
    columns = tuple(next(iter(found.values())))
    rows = [(stage, *(each[name] for name in columns)) for stage, each in found.items()]
    yield from _table(("stage", *columns), rows)


def _policy(found: Figures) -> Iterator[str]:
    yield POLICY
    columns = tuple(next(iter(found.values())))
    rows = [(name, *(each[at] for at in columns)) for name, each in found.items()]
    yield from _table(("decision", *columns), rows)


def _projection(found: Figures) -> Iterator[str]:
    yield PROJECTION
    head = ("events a second", "ceiling", "ratio", "target", "met")
    target = f"{found['target']} and {found['at least']} a second"
    row = (found["events a second"], found["ceiling"], found["ratio"], target, _met(found["met"]))
    yield from _table(head, [row])


def _stack(found: Figures) -> Iterator[str]:
    yield STACK
    rows: list[tuple[object, ...]] = []
    for name, value in found.items():
        if isinstance(value, Mapping) and "p50" in value:
            rows.append((f"{name} (p50 / p99)", f"{value['p50']} / {value['p99']}"))
        elif not isinstance(value, Mapping):
            rows.append((name, value))
    yield from _table(("figure", "measured"), rows)
    yield ""
    judged = [
        (name, each["measured"], f"{each['at most']:g}", _met(each["met"]))
        for name, each in found["targets"].items()
    ]
    yield from _table(("target", "measured", "at most", "met"), judged)
    yield ""
    idle, after = found["memory idle, MiB"], found["memory after the load, MiB"]
    rows = [(name, idle[name], after[name]) for name in idle]
    yield from _table(("process", "memory idle, MiB", "after the load, MiB"), rows)


def _followups(found: Figures) -> Iterator[str]:
    yield FOLLOWUPS
    yield from _table(tuple(found), [tuple(found.values())])


def _memory(found: Figures) -> Iterator[str]:
    yield MEMORY
    columns = {
        name: value
        for name, value in found.items()
        if isinstance(value, Mapping) and name != "targets"
    }
    services = tuple(next(iter(columns.values())))
    rows = [(service, *(value[service] for value in columns.values())) for service in services]
    yield from _table(("service", *columns), rows)
    targets = ", ".join(f"{name} {value:g}" for name, value in found["targets"].items())
    yield f"\nTargets: {targets}. {_met(found['met']).capitalize()}."


def _flatness(found: Figures) -> Iterator[str]:
    yield FLATNESS
    sizes = {name: value for name, value in found.items() if name.endswith("a second")}
    kept = found["least, of the smallest size"]
    head = ("figure", *(name.removesuffix(", a second") for name in sizes), "least, of the first")
    rows = [(name, *(round(each[name]) for each in sizes.values()), kept[name]) for name in kept]
    yield from _table(head, rows)
    yield f"\nTarget: {found['target']}. {_met(found['met']).capitalize()}."


PARTS = {
    "requests": _requests,
    "walls": _walls,
    "policy": _policy,
    "projection": _projection,
    "stack": _stack,
    "followups": _followups,
    "memory": _memory,
    "flatness": _flatness,
}


def _met(met: object) -> str:
    return "met" if met else "not met"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(each) for each in row)} |"


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(REPORT.read_text("utf-8"))), "utf-8")
