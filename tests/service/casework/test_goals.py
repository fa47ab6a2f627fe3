"""Goals in the person's words, needs and who meets them, and the page about one person."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from shared.events.referral import HandoffAccepted, ReferralEligibilityDecided
from tests.builders import a_referral_created, an
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import handled, participant_of
from tests.service.casework.test_linking import BIRCH, BURCH, candidates, decide, referred
from tests.service.casework.test_work import enrolled, put_contact, told

WORDS = "Made up: a place of my own before winter"


async def set_goal(
    app: ServiceApp, episode_id: UUID, *, id_: UUID | None = None, words: str = WORDS
) -> httpx.Response:
    body = {"episode_id": str(episode_id), "words": words}
    return await app.as_("peer-willow").put(f"/goals/{id_ or uuid7()}", json=body)


async def end_goal(app: ServiceApp, goal_id: str, state: str) -> httpx.Response:
    return await app.as_("peer-willow").put(f"/goals/{goal_id}/end", json={"state": state})


async def items(app: ServiceApp, path: str) -> list[dict[str, Any]]:
    answer = await app.as_("peer-willow").get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def page_of(app: ServiceApp, participant_id: UUID) -> dict[str, Any]:
    answer = await app.as_("coordinator-juniper").get(f"/participants/{participant_id}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def a_need(app: ServiceApp, episode_id: UUID) -> str:
    (await put_contact(app, episode_id, needs=["housing"])).raise_for_status()
    [need] = await items(app, f"/episodes/{episode_id}/needs")
    return str(need["id"])


async def test_a_goal_is_set_once_however_often_it_is_sent(app: ServiceApp) -> None:
    episode_id, goal_id = await enrolled(app), uuid7()

    answers = await asyncio.gather(*(set_goal(app, episode_id, id_=goal_id) for _ in range(4)))

    assert {each.status_code for each in answers} == {201}
    assert len({each.text for each in answers}) == 1
    assert [each["words"] for each in await items(app, f"/episodes/{episode_id}/goals")] == [WORDS]
    assert await told(app, "goal.set") == 1
    other = await set_goal(app, episode_id, id_=goal_id, words="Made up: something else")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/goal-differs")


async def test_a_goal_is_reached_or_set_aside_and_stays_so(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    reached, dropped = [(await set_goal(app, episode_id)).json()["id"] for _ in range(2)]

    for _ in range(2):
        assert (await end_goal(app, reached, "reached")).json()["state"] == "reached"
        assert (await end_goal(app, dropped, "dropped")).json()["state"] == "dropped"

    wrong = await end_goal(app, reached, "open")
    assert wrong.json()["errors"][0]["fix"] == "Use one of: 'reached' or 'dropped'."
    late = await end_goal(app, reached, "dropped")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/goal-ended")
    assert (await told(app, "goal.reached"), await told(app, "goal.dropped")) == (1, 1)


async def test_goals_outlive_the_end_of_an_episode_and_its_return(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    await set_goal(app, episode_id)
    manager = app.as_("coordinator-juniper")
    closing = {"reason_code": "unreachable"}
    await manager.put(f"/episodes/{episode_id}/closure", json=closing)

    while_closed = await set_goal(app, episode_id)
    await manager.put(f"/episodes/{episode_id}/reopening")

    assert while_closed.json()["type"] == "/problems/episode-closed"
    [kept] = await items(app, f"/episodes/{episode_id}/goals")
    assert (kept["words"], kept["state"]) == (WORDS, "open")


async def test_the_words_of_a_goal_stand_nowhere_in_the_tables(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    await set_goal(app, episode_id)

    for table in ("goal", "timeline_entry", "outbox", "audit_entry"):
        rows = await app.rows(f"SELECT t::text FROM {table} t")  # noqa: S608 - names from this line
        assert rows
        assert WORDS not in str(rows)
        assert WORDS.encode().hex() not in str(rows)


async def test_a_need_is_connected_even_after_nobody_was_found_and_then_stays_so(
    app: ServiceApp,
) -> None:
    episode_id = await enrolled(app)
    need_id = await a_need(app, episode_id)
    peer = app.as_("peer-willow")
    full = {"reason_code": "no_capacity"}

    for _ in range(2):
        left = await peer.put(f"/needs/{need_id}/no-connection", json=full)
        assert (left.json()["state"], left.json()["reason_code"]) == (
            "not_connected",
            "no_capacity",
        )
    for _ in range(2):
        assert (await peer.put(f"/needs/{need_id}/connection")).json()["state"] == "connected"

    late = await peer.put(f"/needs/{need_id}/no-connection", json=full)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/need-settled")
    assert (await told(app, "need.connected"), await told(app, "need.not_connected")) == (1, 1)


async def test_a_reason_that_no_list_has_is_told_where_to_look(app: ServiceApp) -> None:
    need_id = await a_need(app, await enrolled(app))

    answer = await app.as_("peer-willow").put(
        f"/needs/{need_id}/no-connection", json={"reason_code": "bad_weather"}
    )

    assert answer.status_code == 422
    assert "not_connected_reasons" in answer.text


async def test_the_page_about_a_person_has_all_that_is_open_and_nothing_that_is_over(
    app: ServiceApp,
) -> None:
    episode_id = await enrolled(app)
    need_id = await a_need(app, episode_id)
    kept, over = [(await set_goal(app, episode_id)).json()["id"] for _ in range(2)]
    await end_goal(app, over, "reached")
    [(referral_id,)] = await app.rows("SELECT referral_id FROM intake")
    participant_id = await participant_of(app, referral_id)

    page = await page_of(app, participant_id)

    [episode] = page["episodes"]
    assert [each["referral_id"] for each in page["referrals"]] == [str(referral_id)]
    assert (episode["id"], episode["state"]) == (str(episode_id), "enrolled")
    assert [(each["staff_id"], each["role_code"]) for each in episode["team"]] == [
        ("peer-willow", "peer"),
    ]
    assert [each["id"] for each in episode["goals"]] == [kept]
    assert [each["id"] for each in episode["needs"]] == [need_id]
    assert [each["kind"] for each in episode["followups"]] == [
        *("h24", "h72", "d7", "d30", "d90", "m6"),
    ]
    assert (page["safe_contact"], page["merged_into_id"]) == (None, None)
    await app.as_("peer-willow").put(f"/needs/{need_id}/connection")
    assert (await page_of(app, participant_id))["episodes"][0]["needs"] == []


async def test_the_page_of_somebody_who_was_linked_says_whom_to_ask_for(app: ServiceApp) -> None:
    first = await referred(app, BIRCH, accepted_by="peer-willow")
    second = await referred(app, BURCH, accepted_by="peer-willow")
    apart = await participant_of(app, second.referral_id)
    [candidate] = await candidates(app, second)
    await decide(app, candidate["id"], "link", who="peer-willow")
    person = await participant_of(app, first.referral_id)

    assert (await page_of(app, apart))["merged_into_id"] == str(person)
    assert len((await page_of(app, person))["referrals"]) == 2


async def history_of(app: ServiceApp, referral_id: UUID) -> dict[str, Any]:
    path = f"/intakes/{referral_id}/eligibility-history"
    answer = await app.as_("coordinator-juniper").get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decided(referral_id: UUID) -> ReferralEligibilityDecided:
    return an(
        ReferralEligibilityDecided,
        referral_id=referral_id,
        aggregate_id=referral_id,
        policy_id="multnomah",
        result="eligible",
        repeat_rule_kind="not_within_days_of_unsuccessful_end",
        repeat_days=30,
    )


@pytest.mark.parametrize(("reason", "result"), [("declined", "not_met"), ("completed", "met")])
async def test_history_is_judged_for_the_coordinator_once_two_referrals_are_one_person(
    app: ServiceApp, reason: str, result: str
) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    first = await referred(app, BIRCH, accepted_by="peer-willow", occurred_at=now)
    [episode] = await items(app, "/episodes")
    closing = {"reason_code": reason}
    await app.as_("coordinator-juniper").put(f"/episodes/{episode['id']}/closure", json=closing)
    [(now,)] = await app.rows("SELECT app_now()")
    second = await referred(app, BURCH, occurred_at=now)
    await handled(app, [decided(second.referral_id)])
    before = await history_of(app, second.referral_id)
    [candidate] = await candidates(app, second)
    await decide(app, candidate["id"], "link")

    after = await history_of(app, second.referral_id)

    assert (before["result"], before["earlier"], before["ends"]) == ("met", [], [])
    assert (after["result"], after["stated_result"]) == (result, "eligible")
    assert after["rule"]["days"] == 30
    assert [each["referral_id"] for each in after["earlier"]] == [str(first.referral_id)]
    assert [each["reason_code"] for each in after["ends"]] == [reason]


async def test_judging_history_tells_nobody_anything(app: ServiceApp) -> None:
    event = a_referral_created()
    await handled(app, [event, an(HandoffAccepted, referral_id=event.referral_id)])
    [(before,)] = await app.rows("SELECT count(*) FROM outbox")

    assert (await history_of(app, event.referral_id))["result"] == "no_rule"

    assert await app.rows("SELECT count(*) FROM outbox") == [(before,)]
