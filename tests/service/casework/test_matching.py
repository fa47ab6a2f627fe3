"""Whom a referral is proposed to be about, when many people bear one name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from services.casework.handlers.referral import open_intake_for_referral
from services.casework.use_cases.keep_identity import keep_identity
from services.casework.use_cases.propose_matches import AT_MOST_COMPARED
from shared.db.session import Scope
from tests.builders import a_referral_created
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import participant_of
from tests.service.casework.records import break_glass, restrict

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


async def known(app: ServiceApp, number: int, **person: str) -> UUID:
    """Have a referral arrive, each an hour after the one before, and its identity follow."""
    event = a_referral_created(occurred_at=BEGAN + timedelta(hours=number))
    await open_intake_for_referral(event, app.sessions)
    async with app.sessions.begin(Scope(event.programme_id, "test")) as session:
        await keep_identity(
            session,
            referral_id=event.referral_id,
            packet=orjson.dumps({"person": person}),
            vault=app.app.state.vault,
            hash_key=app.app.state.hash_key,
        )
    return event.referral_id


async def test_a_common_name_does_not_crowd_out_who_shares_more(app: ServiceApp) -> None:
    person = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31"}
    same = await known(app, 0, **person)
    for number in range(1, AT_MOST_COMPARED + 3):
        await known(app, number, name=f"Test Participant {'x' * number}")
    new = await known(app, 1000, **person)

    proposed = await app.rows(
        "SELECT other_referral_id FROM match_candidate WHERE referral_id = :new", new=new
    )
    assert proposed == [(same,)]


async def test_of_those_who_share_as_much_the_newest_are_compared(app: ServiceApp) -> None:
    person = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31"}
    everybody = [await known(app, number, **person) for number in range(AT_MOST_COMPARED + 2)]
    new = await known(app, 1000, **person)

    proposed = await app.rows(
        "SELECT other_referral_id FROM match_candidate WHERE referral_id = :new", new=new
    )
    assert {each for (each,) in proposed} == set(everybody[2:])


async def test_what_is_open_in_an_emergency_alone_is_not_listed_to_be_decided(
    app: ServiceApp,
) -> None:
    person = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31"}
    await known(app, 0, **person)
    whose = await participant_of(app, await known(app, 1, **person))
    [line] = await listed(app)
    assert (await restrict(app, whose, "manager-fern")).status_code == 200
    assert (await break_glass(app, whose, who="peer-rowan")).status_code == 201

    assert (await app.as_("peer-rowan").get(f"/participants/{whose}")).status_code == 200
    assert await listed(app) == []
    decided = await app.as_("peer-rowan").put(
        f"/match-candidates/{line['id']}/decision", json={"decision": "link"}
    )
    assert decided.status_code == 404


async def listed(app: ServiceApp) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await app.as_("peer-rowan").get("/match-candidates")).json()[
        "items"
    ]
    return found
