from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from shared.audit.log import TABLE, record
from shared.clock import app_now
from shared.db.writes import write
from shared.policy.actor import Actor, Caller, Function, Purpose
from shared.policy.resource import Resource
from tests.conftest import SessionsFor
from tests.servers import Clock

CALLER = Caller(
    Actor("peer-willow", Function.CARE, "alder-county", roles=frozenset({"peer"})),
    Purpose.CARE_COORDINATION,
    "made-up-1",
)
REFERRAL = Resource("Referral", "7", "alder-county")


async def test_an_entry_says_who_did_what_why_and_how_it_was_answered(
    sessions_for: SessionsFor, clock: Clock
) -> None:
    await clock.move(timedelta(days=3))
    async with sessions_for("referral").begin() as session:
        record(
            session,
            CALLER,
            action="read_referral",
            resource=REFERRAL,
            outcome="denied",
            reason="no_policy_allows",
        )
        await write(session)
        now = await app_now(session)
        entry = (await session.execute(select(TABLE))).mappings().one()

    assert entry["id"].version == 7
    assert {name: value for name, value in entry.items() if name != "id"} == {
        "at": now,
        "actor_id": "peer-willow",
        "function": "care",
        "programme_id": "alder-county",
        "purpose": "care_coordination",
        "action": "read_referral",
        "resource_kind": "Referral",
        "resource_id": "7",
        "outcome": "denied",
        "reason": "no_policy_allows",
        "request_id": "made-up-1",
    }


async def test_an_entry_stands_or_falls_with_its_transaction(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")
    async with sessions.begin() as session:
        record(session, CALLER, action="x", resource=REFERRAL, outcome="allowed")
        await write(session)
        await session.rollback()

    async with sessions.begin() as session:
        assert (await session.execute(select(TABLE))).all() == []


async def test_a_denial_without_a_reason_is_refused(sessions_for: SessionsFor) -> None:
    with pytest.raises(IntegrityError, match="denied_for_a_reason"):
        async with sessions_for("referral").begin() as session:
            record(session, CALLER, action="x", resource=REFERRAL, outcome="denied")


@pytest.mark.parametrize("service", ["referral", "casework", "notify"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET outcome = 'allowed'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
async def test_the_application_cannot_change_what_was_recorded(
    service: str, statement: str, sessions_for: SessionsFor
) -> None:
    async with sessions_for(service).begin() as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text(statement))
