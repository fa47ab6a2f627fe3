"""Requests a second, ours beside the bare route's in one run: the ratio is the figure."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, repeat
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import uvloop
from uuid_utils.compat import uuid7

from tests.bench.http_load import Load, Request, load
from tests.bench.stand import Stand, standing

Figures = dict[str, Any]
Say = Callable[[str], None]

RUNS = 3
TARGET = 0.30
PEOPLE = 50
READ = (("casework.audit_entry", 1),)
POSSESSION = orjson.dumps(
    {
        "pathway": "officer_intervention",
        "need": "substance_use",
        "meeting_place": "Test Square, north side",
        "willing": True,
        "offences": ["possession"],
        "stated": {"other_crime": False},
        "person": {
            "name": "Test Participant Birch",
            "date_of_birth": "1990-01-31",
            "phone": "555-0142",
        },
    }
)
EPISODE = """
WITH person AS (
    INSERT INTO casework.participant (id, programme_id, created_at)
    VALUES ($1, 'alder-county', now() - interval '1 day')
), whose AS (
    INSERT INTO casework.participant_referral
        (referral_id, participant_id, programme_id, linked_at)
    VALUES ($1, $1, 'alder-county', now() - interval '1 day')
), arrived AS (
    INSERT INTO casework.intake (referral_id, programme_id, pathway, state, received_at)
    VALUES ($1, 'alder-county', 'officer_referral', 'identity_arriving', now() - interval '1 day')
), worked AS (
    INSERT INTO casework.episode
        (id, programme_id, referral_id, state, sequence, version, opened_at, enrolled_at)
    VALUES ($1, 'alder-county', $1, 'enrolled', 1, 2, now(), now())
), team AS (
    INSERT INTO casework.care_team_member (episode_id, staff_id, programme_id, role_code, since)
    SELECT $1, staff_id, 'alder-county', 'peer', now()
    FROM unnest(ARRAY ['manager-fern', 'peer-willow']) AS staff (staff_id)
)
INSERT INTO casework.timeline_entry
    (id, source_kind, source_id, programme_id, referral_id, kind, happened_at, version, detail)
SELECT gen_random_uuid(), 'contact', gen_random_uuid(), 'alder-county', $1, 'contact_made',
       now() - n * interval '1 hour', 1, '{"mode_code": "in_person", "outcome_code": "reached"}'
FROM generate_series(1, $2::int) AS n
"""


def measure(folder: Path, *, seconds: float, say: Say) -> Figures:
    """Return every figure of requests, by name."""
    with standing(folder, services=SERVICES) as stand:
        set_up(stand)
        return {
            name: _beside(stand, service, requests(stand), seconds, say)
            for name, (service, requests) in ROUTES.items()
        }


def _beside(
    stand: Stand, service: str, requests: Iterator[Request], seconds: float, say: Say
) -> Figures:
    """Measure ours and the bare route in turn; both must leave the same rows for a request."""
    ours: list[Load] = []
    bare: list[Load] = []
    left: list[dict[str, int]] = []
    for _ in range(RUNS):
        for url, loads in ((stand.bare_url, bare), (stand.url(service), ours)):
            before = asyncio.run(stand.counts(service))
            loads.append(uvloop.run(load(url, requests, seconds=seconds)))
            after = asyncio.run(stand.counts(service))
            left.append({name: after[name] - before[name] for name in after})
            say(f"{url}: {loads[-1].per_second}/s")
    _check_same_rows(left)
    ratio = middle(ours).per_second / middle(bare).per_second
    return {
        "ours": asdict(middle(ours)),
        "ceiling": asdict(middle(bare)),
        "ratio": round(ratio, 2),
        "target": TARGET,
        "met": ratio >= TARGET,
    }


def middle(loads: Sequence[Load]) -> Load:
    """Return the run with the median rate."""
    return sorted(loads, key=lambda each: each.per_second)[len(loads) // 2]


def _check_same_rows(left: Sequence[Mapping[str, int]]) -> None:
    """Fail unless ours and the bare route left the same rows for a request.

    A read is the exception: ours leaves an audit entry, the bare one nothing.
    """
    shapes = {_shape(each) for each in left}
    if len(shapes) > 1 and shapes != {(), READ}:
        raise AssertionError(f"the rows differ: {shapes}")


def _shape(left: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return how many rows each table got for each row of the table that got fewest."""
    added = {name: count for name, count in left.items() if count}
    fewest = min(added.values(), default=1)
    return tuple(sorted((name, round(count / fewest)) for name, count in added.items()))


def set_up(stand: Stand) -> None:
    headers = stand.headers("administrator-acacia", purpose="administration")
    settings = {
        "/programme": {"policy_id": "multnomah", "time_zone": "America/Los_Angeles"},
        "/ladder": {"rungs": [{"role_code": "peer", "wait_minutes": 240}]},
        f"/shifts/{uuid7()}": {
            "staff_id": "peer-willow",
            "role_code": "peer",
            "starts_at": "2020-01-01T00:00:00Z",
            "ends_at": "2040-01-01T00:00:00Z",
        },
    }
    for path, body in settings.items():
        httpx.put(stand.url("referral") + path, json=body, headers=headers).raise_for_status()


def referrals(stand: Stand) -> Iterator[Request]:
    headers = stand.headers("officer-hemlock")
    return (Request("PUT", f"/referrals/{uuid7()}", headers, POSSESSION) for _ in repeat(None))


def contacts(stand: Stand) -> Iterator[Request]:
    headers = stand.headers("peer-willow")
    said = {"kind": "made", "mode_code": "in_person", "outcome_code": "reached"}
    said["started_at"] = datetime.now(UTC).isoformat()
    bodies = [orjson.dumps({**said, "episode_id": str(each)}) for each in people(stand, lines=1)]
    return (Request("PUT", f"/contacts/{uuid7()}", headers, body) for body in cycle(bodies))


def timeline(stand: Stand, *, lines: int) -> Iterator[Request]:
    headers = stand.headers("manager-fern")
    ids = people(stand, lines=lines)
    path = f"/participants/{ids[0]}/timeline?limit={lines}"
    ours = httpx.get(stand.url("casework") + path, headers=headers).json()["items"]
    bare = httpx.get(stand.bare_url + path).json()
    if not [each["id"] for each in ours] == [each["id"] for each in bare] != []:
        raise AssertionError(f"the pages differ: {len(ours)} lines and {len(bare)}")
    return (
        Request("GET", f"/participants/{who}/timeline?limit={lines}", headers) for who in cycle(ids)
    )


SERVICES = ("referral", "casework")
ROUTES: Mapping[str, tuple[str, Callable[[Stand], Iterator[Request]]]] = {
    "referral accepted": ("referral", referrals),
    "contact logged": ("casework", contacts),
    "timeline, 50 entries": ("casework", partial(timeline, lines=50)),
    "timeline, 200 entries": ("casework", partial(timeline, lines=200)),
}


def people(stand: Stand, *, lines: int) -> list[UUID]:
    """Add people with an episode and as many lines each; an id is that of all that is theirs."""
    ids = [uuid7() for _ in range(PEOPLE)]

    async def add() -> None:
        connection = await asyncpg.connect(stand.admin_url)
        for each in ids:
            await connection.execute(EPISODE, each, lines)
        await connection.execute("ANALYZE")  # as it is once data has been there for a minute
        await connection.close()

    asyncio.run(add())
    return ids
