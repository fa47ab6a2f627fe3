"""In an emergency a record is opened to be read, for some minutes, and somebody looks at why."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from tests.service.apps import ServiceApp
from tests.service.casework.records import REASON, a_record, break_glass, restrict, statuses

REVIEWS = {"purpose": "privacy"}


async def accesses(app: ServiceApp, **params: str) -> list[dict[str, Any]]:
    officer = app.as_("privacy-yarrow", **REVIEWS)
    answer = await officer.get("/break-glass-accesses", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def review(
    app: ServiceApp, access_id: str, judged: str, *, who: str = "privacy-yarrow"
) -> tuple[int, Any]:
    path = f"/break-glass-accesses/{access_id}/review"
    answer = await app.as_(who, **REVIEWS).put(path, json={"review": judged})
    return answer.status_code, answer.json()


async def run_out(app: ServiceApp) -> None:
    """Let the time of every access pass, as real time does."""
    await app.rows(
        "UPDATE break_glass_access SET opened_at = opened_at - interval '15 min',"
        " expires_at = expires_at - interval '15 min' RETURNING 1"
    )


@pytest.mark.parametrize("restricted", [False, True])
async def test_the_record_can_be_read_by_who_opened_it_and_by_nobody_else(
    app: ServiceApp, *, restricted: bool
) -> None:
    person = await a_record(app, by="peer-willow")
    if restricted:
        await restrict(app, person, "peer-willow")
    pages = (f"/participants/{person}", f"/participants/{person}/timeline")
    assert [await statuses(app, each, "peer-rowan") for each in pages] == [{"peer-rowan": 404}] * 2

    opened = await break_glass(app, person, who="peer-rowan")

    assert opened.status_code == 201, opened.text
    found = [await statuses(app, each, "peer-rowan", "manager-fern") for each in pages]
    assert found == [{"peer-rowan": 200, "manager-fern": 404}] * 2


async def test_it_can_be_read_and_not_changed(app: ServiceApp) -> None:
    person = await a_record(app)
    [(episode,)] = await app.rows("SELECT id FROM episode")
    await break_glass(app, person, who="peer-rowan")

    read = await app.as_("peer-rowan").get(f"/episodes/{episode}")
    goal = {"episode_id": str(episode), "words": "Made up: sleep well"}
    written = await app.as_("peer-rowan").put(f"/goals/{uuid7()}", json=goal)

    assert (read.status_code, written.status_code) == (200, 404)


async def test_it_ends_by_itself(app: ServiceApp) -> None:
    person = await a_record(app)
    await break_glass(app, person, who="peer-rowan")
    [(minutes,)] = await app.rows(
        "SELECT extract(epoch FROM expires_at - opened_at) / 60 FROM break_glass_access"
    )

    await run_out(app)

    assert minutes == 15
    assert await statuses(app, f"/participants/{person}", "peer-rowan") == {"peer-rowan": 404}
    assert (await app.as_("peer-rowan").get("/intakes")).json()["items"] == []


async def test_it_opens_one_record(app: ServiceApp) -> None:
    person, other = await a_record(app), await a_record(app)

    await break_glass(app, person, who="peer-rowan")

    assert await statuses(app, f"/participants/{other}", "peer-rowan") == {"peer-rowan": 404}


async def test_sent_again_it_is_one_access_and_another_under_its_id_is_refused(
    app: ServiceApp,
) -> None:
    person, id_ = await a_record(app), uuid7()

    answers = await asyncio.gather(
        *(break_glass(app, person, who="peer-rowan", id_=id_) for _ in range(4))
    )
    other = await break_glass(app, person, who="peer-rowan", id_=id_, reason="Made up: another one")
    somebody = await break_glass(app, person, who="manager-fern", id_=id_)

    assert {each.status_code for each in answers} == {201}
    assert len({each.text for each in answers}) == 1
    assert [each.status_code for each in (other, somebody)] == [409, 409]
    assert other.json()["type"] == "/problems/break-glass-differs"
    assert await app.count("break_glass_access") == 1
    assert len(await app.rows("SELECT 1 FROM outbox WHERE subject LIKE '%emergency%'")) == 1


async def test_the_reason_is_read_by_the_privacy_officer_and_kept_sealed(app: ServiceApp) -> None:
    person = await a_record(app)
    await break_glass(app, person, who="peer-rowan")

    [shown] = await accesses(app, reviewed="false")

    assert (shown["reason"], shown["staff_id"]) == (REASON, "peer-rowan")
    assert (shown["participant_id"], shown["review"]) == (str(person), None)
    kept = await app.everything()
    assert REASON not in kept
    assert REASON.encode().hex() not in kept


async def test_an_access_is_judged_once_and_by_somebody_else(app: ServiceApp) -> None:
    await break_glass(app, await a_record(app), who="peer-rowan")
    [shown] = await accesses(app)

    first = await review(app, shown["id"], "not_justified")
    again = await review(app, shown["id"], "not_justified")
    other = await review(app, shown["id"], "justified")

    assert (first[0], first[1]["reviewed_by"]) == (200, "privacy-yarrow")
    assert again == first
    assert (other[0], other[1]["type"]) == (409, "/problems/review-differs")
    assert await accesses(app, reviewed="false") == []
    assert [each["review"] for each in await accesses(app, reviewed="true")] == ["not_justified"]


async def test_not_even_the_database_takes_a_review_of_ones_own(app: ServiceApp) -> None:
    await break_glass(app, await a_record(app), who="peer-rowan")

    with pytest.raises(IntegrityError, match="reviewed_by_another"):
        await app.rows(
            "UPDATE break_glass_access SET review_code = 'justified', reviewed_at = now(),"
            " reviewed_by = staff_id RETURNING 1"
        )


@pytest.mark.parametrize("reason", ["", "urgent", " " * 20, "x" * 501])
async def test_an_access_without_a_reason_is_refused(app: ServiceApp, reason: str) -> None:
    person = await a_record(app)

    answer = await break_glass(app, person, who="peer-rowan", reason=reason)

    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.reason")
    assert await app.count("break_glass_access") == 0


async def test_enforcement_opens_nothing(app: ServiceApp) -> None:
    person = await a_record(app)
    officer = app.as_forged(roles=["peer", "case_manager", "coordinator"])

    path = f"/participants/{person}/break-glass-accesses/{UUID(int=1)}"
    answer = await officer.put(path, json={"reason": REASON})

    assert answer.status_code == 404
    assert await app.count("break_glass_access") == 0


@pytest.mark.parametrize("auth_time", [None, 0, "stale"])
async def test_who_signed_in_long_ago_is_told_to_sign_in_again(
    app: ServiceApp, auth_time: object
) -> None:
    person = await a_record(app)
    at = int(time.time()) - 330 if auth_time == "stale" else auth_time
    peer = app.as_forged(sub="peer-rowan", function="care", roles=["peer"], auth_time=at)

    answer = await peer.put(
        f"/participants/{person}/break-glass-accesses/{uuid7()}", json={"reason": REASON}
    )

    assert (answer.status_code, answer.json()["type"]) == (
        401,
        "/problems/authentication-too-old",
    )
    challenge = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge
    assert 'max_age="300"' in challenge
    assert "5 minutes" in answer.json()["detail"]
    assert await app.count("break_glass_access") == 0
    assert (await app.audited())[-1] == (
        *("peer-rowan", "break_glass", str(person)),
        *("denied", "sign_in_too_old"),
    )
