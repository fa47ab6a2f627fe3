"""What an officer is told depends on what they state, and on nobody's past.

The same statement is made in two worlds: one in which nothing happened before, and one in which the
person, or somebody else, was referred, reached, lost and referred again. Every answer, every status
on the way and every event about the new referral has to be the same in both.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.referral.store import referrals
from services.referral.store.team import Facts
from services.referral.tables.referrals import Referral
from tests.model.world import World
from tests.servers import Background, Databases

OFFICERS = ("officer-hemlock", "officer-sorrel")
BIRCH = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31", "phone": "555-0142"}
MAPLE = {"name": "Test Participant Maple", "date_of_birth": "1984-07-01"}
FATES: dict[str, tuple[str, ...]] = {
    "waits": (),
    "withdrawn": ("withdrawal",),
    "accepted": ("acceptance",),
    "released": ("acceptance", "officer-release"),
    "declined": ("acceptance", "meeting", "no"),
    "enrolled": ("acceptance", "meeting", "yes"),
    "lost": ("acceptance", "meeting", "yes", "closure"),
}
BODIES: dict[str, dict[str, Any]] = {
    "withdrawal": {"reason_code": "made_by_mistake"},
    "yes": {"agreed": True},
    "no": {"agreed": False},
}
BEGINS = datetime(2027, 1, 5, 17, tzinfo=UTC)
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOMENTS = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}(:\d{2})?)")
TRACES = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}")
TOLD = """
SELECT subject, (body -> 'data')::text FROM outbox WHERE body ->> 'data' LIKE :mine ORDER BY id
"""


@dataclass(frozen=True)
class Past:
    """One earlier referral, of this person or of another, and what came of it."""

    same_person: bool
    officer: str
    fate: str
    days_after: int


PASTS = st.lists(
    st.builds(
        Past,
        same_person=st.sampled_from((True, True, False)),
        officer=st.sampled_from(OFFICERS),
        fate=st.sampled_from(sorted(FATES)),
        days_after=st.sampled_from((0, 1, 29, 40)),
    ),
    min_size=1,
    max_size=3,
)
STATEMENTS = st.fixed_dictionaries(
    {
        "pathway": st.sampled_from(("officer_intervention", "officer_referral")),
        "need": st.sampled_from(("substance_use", "both")),
    },
    optional={
        "offences": st.sampled_from((["possession"], ["possession", "other"], ["none"])),
        "willing": st.booleans(),
        "stated": st.sampled_from(({"other_crime": False}, {"other_crime": True})),
    },
)


class Worlds:
    """Makes a world for a while, on a database of its own."""

    def __init__(self, databases: Databases, background: Background) -> None:
        self._databases = databases
        self.run = background.run

    def told(
        self, past: list[Past], statement: dict[str, Any], *, officer: str, probe_at: timedelta
    ) -> list[tuple[Any, ...]]:
        """Return all that the officer is told of one referral after *past*, step by step."""
        database = self._databases.clone()
        with TemporaryDirectory() as folder:
            world = World(database, Path(folder))
            try:
                return self.run(_told(world, past, statement, officer=officer, probe_at=probe_at))
            finally:
                self.run(world.close())
                self._databases.drop(database)


async def _told(
    world: World,
    past: list[Past],
    statement: dict[str, Any],
    *,
    officer: str,
    probe_at: timedelta,
) -> list[tuple[Any, ...]]:
    await world.open(begins=BEGINS)
    for each in past:
        await _happens(world, each)
    await world.clock.move(BEGINS + probe_at - await world.now())
    await world.fire()
    return await _probe(world, statement, officer=officer)


async def _happens(world: World, past: Past) -> None:
    """Have a referral be made and end as it does; casework hears of it, and links what it can."""
    id_ = str(uuid7())
    await world.refer(id_, BIRCH if past.same_person else MAPLE, who=past.officer)
    for step in FATES[past.fate]:
        if step == "closure":
            await world.hear(Random(0))  # noqa: S311 - an order, not a secret
            found = (await world.read(world.casework, "/episodes?state=enrolled"))["items"]
            for episode in found:
                body = {"reason_code": "unreachable"}
                assert await world.work(f"/episodes/{episode['id']}/closure", body) == 200
            continue
        who = past.officer if step in ("withdrawal", "officer-release") else "peer-willow"
        path = "person-answer" if step in ("yes", "no") else step
        assert await world.step(id_, path, who=who, body=BODIES.get(step)) in (200, 204)
    await world.hear(Random(0))  # noqa: S311 - an order, not a secret
    candidates = await world.read(world.casework, f"/intakes/{id_}/match-candidates")
    for each in candidates["items"]:
        path = f"/match-candidates/{each['id']}/decision"
        assert await world.work(path, {"decision": "link"}) == 200
    await world.clock.move(timedelta(days=past.days_after))
    await world.fire()


async def _probe(world: World, statement: dict[str, Any], *, officer: str) -> list[tuple[Any, ...]]:
    id_ = str(uuid7())
    asking = world.referral.as_(officer)
    made = await asking.put(f"/referrals/{id_}", json=statement | {"person": BIRCH})
    seen = [("made", made.status_code, _plain(made.text), _plain(str(made.headers)))]
    for minutes in (0, 5, 5, 10, 120):
        await world.clock.move(timedelta(minutes=minutes))
        await world.fire()
        found = await asking.get(f"/referrals/{id_}")
        seen.append(
            (str(minutes), found.status_code, _plain(found.text), _plain(str(found.headers)))
        )
    events = await world.referral.rows(TOLD, mine=f"%{id_}%")
    return [*seen, *((subject, _plain(data)) for subject, data in events)]


def _plain(text: str) -> str:
    """Return *text* without what differs from one referral to the next by nature."""
    for pattern, word in ((TRACES, "<trace>"), (UUIDS, "<id>"), (MOMENTS, "<moment>")):
        text = pattern.sub(word, text)
    return text


@pytest.fixture(scope="module")
def worlds(databases: Databases, background: Background) -> Worlds:
    return Worlds(databases, background)


LIKE_THIS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@LIKE_THIS
@given(past=PASTS, statement=STATEMENTS, officer=st.sampled_from(OFFICERS))
def test_the_same_statement_is_told_the_same_whatever_happened_before(
    worlds: Worlds, past: list[Past], statement: dict[str, Any], officer: str
) -> None:
    probe_at = soon_after(past)
    told = worlds.told(past, statement, officer=officer, probe_at=probe_at)

    assert told[0][1] == 201
    assert len(told) > 8, "no event was told"
    assert told == worlds.told([], statement, officer=officer, probe_at=probe_at)


def soon_after(past: list[Past]) -> timedelta:
    """Return when to probe: so soon after the last of *past* that a rule of 30 days still holds."""
    return timedelta(days=sum(each.days_after for each in past), hours=6)


def test_the_property_notices_it_when_the_past_is_looked_at(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test of the test: eligibility that counts earlier referrals has to be found out."""

    add = referrals.add_referral

    async def coloured_by_the_past(session: AsyncSession, referral: Referral) -> Facts | None:
        facts = await add(session, referral)
        recent = Referral.received_at > referral.received_at - timedelta(days=30)
        known = await session.scalar(select(func.count()).select_from(Referral).where(recent))
        return replace(facts, policy_id=None) if facts and known != 1 else facts

    monkeypatch.setattr(referrals, "add_referral", coloured_by_the_past)
    past = [Past(same_person=True, officer=OFFICERS[0], fate="lost", days_after=29)]
    probe_at = soon_after(past)
    statement = {"pathway": "officer_intervention", "need": "both", "offences": ["possession"]}

    known, unknown = (
        worlds.told(each, statement, officer=OFFICERS[1], probe_at=probe_at) for each in (past, [])
    )

    assert known[0] != unknown[0]
