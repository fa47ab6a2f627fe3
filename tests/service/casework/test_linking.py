"""Who might be one person: proposed with reasons, decided by a worker, undone if it was wrong."""

import asyncio
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.casework.use_cases.keep_facts import keep_facts
from services.casework.use_cases.keep_identity import keep_identity
from shared.db.session import Scope
from shared.events.referral import HandoffAccepted, HandoffOfficerReleased, ReferralCreated
from tests.builders import PROGRAMME, a_referral_created, an
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import handled, participant_of
from tests.system.until import until

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
BIRCH = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31", "phone": "555-0142"}
BURCH = {"name": "Test Participant Burch", "date_of_birth": "1990-01-31"}
MAPLE = {"name": "Test Participant Maple", "date_of_birth": "1984-07-01"}


async def referred(
    app: ServiceApp, person: dict[str, str], *, accepted_by: str | None = None, **overrides: Any
) -> ReferralCreated:
    """Have one referral arrive with its identity, and be accepted if somebody does."""
    event = a_referral_created(**overrides)
    await handled(app, [event])
    await identified(app, event, person)
    if accepted_by is not None:
        accepted = an(HandoffAccepted, referral_id=event.referral_id, accepted_by=accepted_by)
        await handled(app, [accepted])
    return event


async def identified(app: ServiceApp, event: ReferralCreated, person: dict[str, str]) -> None:
    packet = orjson.dumps({"need": "both", "person": person})
    async with app.sessions.begin(Scope(event.programme_id, "test")) as session:
        await keep_identity(
            session,
            referral_id=event.referral_id,
            packet=packet,
            vault=app.app.state.vault,
            hash_key=app.app.state.hash_key,
        )


async def candidates(app: ServiceApp, event: ReferralCreated) -> list[dict[str, Any]]:
    path = f"/intakes/{event.referral_id}/match-candidates"
    answer = await app.as_("coordinator-juniper").get(path)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def decide(
    app: ServiceApp, candidate_id: str, decision: str, *, who: str = "manager-fern"
) -> Any:
    path = f"/match-candidates/{candidate_id}/decision"
    return await app.as_(who).put(path, json={"decision": decision})


async def linked(app: ServiceApp, event: ReferralCreated) -> None:
    [candidate] = await candidates(app, event)
    answer = await decide(app, candidate["id"], "link")
    assert answer.status_code == 200, answer.text


async def told(app: ServiceApp) -> list[str]:
    rows = await app.rows("SELECT subject FROM outbox ORDER BY id")
    return [subject.removeprefix("deflection.").removesuffix(".v1") for (subject,) in rows]


async def episodes(app: ServiceApp) -> list[tuple[Any, ...]]:
    return await app.rows(
        "SELECT referral_id, state, sequence, close_reason_code FROM episode ORDER BY opened_at"
    )


async def test_the_same_person_spelled_differently_is_proposed_with_reasons(
    app: ServiceApp,
) -> None:
    first = await referred(app, BIRCH)
    await referred(app, MAPLE)
    again = await referred(app, BURCH)

    [found] = await candidates(app, again)

    assert found["other_referral_id"] == str(first.referral_id)
    assert found["participant_id"] == str(await participant_of(app, first.referral_id))
    assert {"same_date_of_birth", "similar_name"} <= set(found["reasons"])
    assert found["state"] == "proposed"
    assert await candidates(app, first) == []


async def test_nothing_stored_says_what_was_compared(app: ServiceApp) -> None:
    await referred(app, BIRCH)
    await referred(app, BURCH)

    kept = (await app.everything()).casefold()

    for word in ("birch", "burch", "1990-01-31", "5550142", "555-0142"):
        assert word not in kept


async def test_people_of_another_programme_are_never_proposed(app: ServiceApp) -> None:
    await referred(app, BIRCH, programme_id="birch-county")
    here = await referred(app, BIRCH)

    assert await candidates(app, here) == []


async def test_linked_referrals_have_one_timeline_and_their_own_identities(
    app: ServiceApp,
) -> None:
    first, again = await referred(app, BIRCH), await referred(app, BURCH)
    known = await participant_of(app, first.referral_id)

    await linked(app, again)

    assert await participant_of(app, again.referral_id) == known
    lines = (await app.as_("manager-fern").get(f"/participants/{known}/timeline")).json()["items"]
    assert [each["kind"] for each in lines].count("referral_created") == 2
    assert "participant_linked" in {each["kind"] for each in lines}
    for event, name in ((first, BIRCH["name"]), (again, BURCH["name"])):
        intake = await app.as_("manager-fern").get(f"/intakes/{event.referral_id}")
        assert intake.json()["identity"]["person"]["name"] == name


@pytest.mark.parametrize("accept_first", [True, False])
async def test_a_return_goes_on_with_the_earlier_episode_in_whatever_order_it_is_learnt(
    app: ServiceApp, *, accept_first: bool
) -> None:
    first = await referred(app, BIRCH, accepted_by="peer-willow")
    again = await referred(app, BURCH)
    accepted = an(HandoffAccepted, referral_id=again.referral_id, accepted_by="manager-fern")

    if accept_first:
        await handled(app, [accepted])
    await linked(app, again)
    if not accept_first:
        await handled(app, [accepted])

    open_ones = [row for row in await episodes(app) if row[1] != "closed"]
    assert [row[0] for row in open_ones] == [first.referral_id]
    assert {row[3] for row in await episodes(app) if row[1] == "closed"} <= {"merged"}
    assert (await told(app)).count("participant.redeflected") == 1
    team = await app.rows(
        "SELECT staff_id FROM care_team_member JOIN episode ON episode_id = episode.id"
        " WHERE referral_id = :first ORDER BY 1",
        first=first.referral_id,
    )
    assert team == [("manager-fern",), ("peer-willow",)]


async def test_who_knew_the_person_hears_of_the_return_only_after_the_officers_release(
    app: ServiceApp,
) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    await referred(app, BIRCH, accepted_by="peer-willow", occurred_at=now)
    again = await referred(app, BURCH, accepted_by="manager-fern", occurred_at=now)
    await linked(app, again)
    assert "participant.return_announced" not in await told(app)
    assert await app.rows("SELECT kind FROM timer WHERE kind = 'announce_return'")

    released = an(HandoffOfficerReleased, referral_id=again.referral_id, occurred_at=now)
    await handled(app, [released])
    await handled(app, [released.model_copy(update={"event_id": UUID(int=7)})])

    assert (await told(app)).count("participant.return_announced") == 1
    [(staff,)] = await app.rows(
        "SELECT body -> 'data' -> 'staff_ids' FROM outbox"
        " WHERE subject = 'deflection.participant.return_announced.v1'"
    )
    assert staff == ["peer-willow"]


async def test_a_release_beside_the_settling_of_an_earlier_referral_waits_for_it(
    app: ServiceApp,
) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    first = await referred(app, BIRCH, occurred_at=now)
    again = await referred(app, BURCH, accepted_by="manager-fern", occurred_at=now)
    await linked(app, again)
    accepted = an(HandoffAccepted, referral_id=first.referral_id, accepted_by="peer-willow")
    released = an(HandoffOfficerReleased, referral_id=again.referral_id, occurred_at=now)

    async with app.sessions.begin(Scope(PROGRAMME, "test")) as session:
        await keep_facts(session, accepted)  # notes the return of the other, and has not committed
        telling = asyncio.create_task(handled(app, [released]))
        await until(lambda: _waits_for_a_lock(app, telling), what="the release waits or is done")
    await telling

    assert (await told(app)).count("participant.return_announced") == 1


async def _waits_for_a_lock(app: ServiceApp, telling: asyncio.Task[None]) -> bool:
    return telling.done() or bool(await app.rows(WAITING))


async def test_deciding_twice_is_one_decision_and_another_is_refused(app: ServiceApp) -> None:
    await referred(app, BIRCH)
    again = await referred(app, BURCH)
    [candidate] = await candidates(app, again)

    later = await decide(app, candidate["id"], "ask_later")
    first = await decide(app, candidate["id"], "not_the_same")
    same = await decide(app, candidate["id"], "not_the_same", who="peer-willow")
    other = await decide(app, candidate["id"], "link")

    assert [each.status_code for each in (later, first, same, other)] == [200, 200, 200, 409]
    assert other.json()["type"] == "/problems/already-decided"
    assert same.json()["decided_by"] == "manager-fern"
    assert await app.count("participant") == 2


async def test_of_two_workers_at_once_one_links(app: ServiceApp) -> None:
    await referred(app, BIRCH)
    again = await referred(app, BURCH)
    [candidate] = await candidates(app, again)

    found = await asyncio.gather(
        decide(app, candidate["id"], "link"),
        decide(app, candidate["id"], "not_the_same", who="peer-willow"),
    )

    assert sorted(each.status_code for each in found) == [200, 409]


async def test_a_wrong_link_is_undone(app: ServiceApp) -> None:
    first, again = await referred(app, BIRCH), await referred(app, BURCH)
    known = await participant_of(app, first.referral_id)
    before = await participant_of(app, again.referral_id)
    await linked(app, again)
    path = f"/participants/{known}/referrals/{again.referral_id}/split"

    split = await app.as_("manager-fern").put(path)
    repeated = await app.as_("manager-fern").put(path)
    wrong = await app.as_("manager-fern").put(
        f"/participants/{known}/referrals/{first.referral_id}/split"
    )

    assert split.json() == {"referral_id": str(again.referral_id), "participant_id": str(before)}
    assert repeated.json() == split.json()
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/nothing-to-split")
    assert await participant_of(app, again.referral_id) == before
    assert (await told(app)).count("participant.split") == 1
    assert again.programme_id == PROGRAMME
