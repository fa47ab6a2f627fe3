"""A consent holds what the law asks, ends when it must, and opens nothing else."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.casework.use_cases.give_consent import CONSENT_TIMER, consent_expires
from shared.messaging.timers import fire_due
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.casework.gate import (
    ask_grant,
    consent_body,
    consented,
    put_consent,
    referred,
    revoke,
    said,
    say_yes,
)
from tests.service.casework.intakes import participant_of


async def told(app: ServiceApp, fact: str) -> int:
    subject = f"deflection.{fact}.v1"
    return len(await app.rows("SELECT 1 FROM outbox WHERE subject = :subject", subject=subject))


async def fire(app: ServiceApp) -> int:
    return await fire_due(app.sessions, {CONSENT_TIMER: consent_expires}, service="casework")


async def states(app: ServiceApp, referral_id: Any) -> list[str]:
    path = f"/participants/{await participant_of(app, referral_id)}/consents"
    items = (await app.as_("peer-willow").get(path)).json()["items"]
    return [each["state"] for each in items]


async def test_a_consent_sent_again_is_recorded_once_and_another_is_refused(
    app: ServiceApp,
) -> None:
    referral_id, id_ = await referred(app), uuid7()
    body = await consent_body(app, referral_id)
    path = f"/consents/{id_}"

    first = await app.as_("peer-willow").put(path, json=body)
    again = await app.as_("peer-willow").put(path, json=body)
    shuffled = body | {"content_codes": body["content_codes"][::-1]}
    same = await app.as_("manager-fern").put(path, json=shuffled)
    other = await app.as_("peer-willow").put(path, json=body | {"language_code": "en"})

    assert (first.status_code, again.content, same.content) == (201, first.content, first.content)
    assert said(other) == (409, "consent-differs")
    assert await app.count("consent") == await told(app, "consent.granted") == 1


async def test_the_same_consent_often_and_at_once_is_one(app: ServiceApp) -> None:
    referral_id, id_ = await referred(app), uuid7()
    body = await consent_body(app, referral_id)

    async def send() -> int:
        """Send it as a phone does: again, when the service is too busy to wait for rivals."""
        while True:
            answer = await app.as_("peer-willow").put(f"/consents/{id_}", json=body)
            if answer.status_code != 503:
                return answer.status_code

    found = await asyncio.gather(*(send() for _ in range(5)))

    assert set(found) == {201}
    assert await app.count("consent") == await told(app, "consent.granted") == 1


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"recipient_id": "officer-sorrel"}, (409, "not-the-referrer")),
        ({"holds": timedelta(0)}, (409, "consent-period")),
        ({"holds": timedelta(days=-1)}, (409, "consent-period")),
        ({"holds": timedelta(days=732)}, (409, "consent-period")),
        ({"content_codes": []}, (422, "invalid-input")),
        ({"content_codes": ["relapsed"]}, (422, "invalid-input")),
        ({"content_codes": ["connected", "connected"]}, (422, "invalid-input")),
        ({"text_version": 99}, (422, "invalid-input")),
        ({"signed_by_code": "officer"}, (422, "invalid-input")),
        ({"purpose_code": "prosecution"}, (422, "invalid-input")),
        ({"recipient_kind": "prosecutor"}, (422, "invalid-input")),
        ({"note": "surprise"}, (422, "invalid-input")),
    ],
)
async def test_a_consent_that_cannot_be_is_refused(
    app: ServiceApp, stated: dict[str, Any], refusal: tuple[int, str]
) -> None:
    answer = await put_consent(app, await referred(app), **stated)

    assert said(answer) == refusal
    assert await app.count("consent") == 0


async def test_who_came_by_themself_has_nobody_to_tell(app: ServiceApp) -> None:
    answer = await put_consent(app, await referred(app, by=None))

    assert said(answer) == (409, "not-the-referrer")


async def test_revoking_again_changes_nothing(app: ServiceApp) -> None:
    consent_id = await consented(app, await referred(app))

    first, again = await revoke(app, consent_id), await revoke(app, consent_id)

    assert (first.status_code, first.json()["state"]) == (200, "revoked")
    assert again.content == first.content
    assert await told(app, "consent.revoked") == 1


async def test_expiry_is_told_once_and_holds_before_its_timer_fires(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await referred(app)
    consent_id = await consented(app, referral_id, holds=timedelta(days=1))
    assert await fire(app) == 0

    await clock.move(timedelta(days=1, seconds=1))
    assert await states(app, referral_id) == ["expired"]
    assert said(await say_yes(app, referral_id)) == (409, "no-basis")
    await asyncio.gather(*(fire(app) for _ in range(4)))
    late = await revoke(app, consent_id)

    assert await told(app, "consent.expired") == 1
    assert (late.json()["state"], late.json()["revoked_at"]) == ("expired", None)
    assert await told(app, "consent.revoked") == 0


async def test_what_was_revoked_does_not_expire(app: ServiceApp, clock: Clock) -> None:
    referral_id = await referred(app)
    await revoke(app, await consented(app, referral_id, holds=timedelta(days=1)))

    await clock.move(timedelta(days=2))
    await fire(app)

    assert await states(app, referral_id) == ["revoked"]
    assert await told(app, "consent.expired") == 0


async def test_a_yes_sent_again_is_one_and_once_is_enough(app: ServiceApp) -> None:
    referral_id, id_ = await referred(app), uuid7()
    consent_id = await consented(app, referral_id)

    first = await say_yes(app, referral_id, id_=id_)
    await revoke(app, consent_id)
    again = await say_yes(app, referral_id, id_=id_)
    differs = await say_yes(app, referral_id, "completed", id_=id_)
    twice = await say_yes(app, referral_id)

    assert (first.status_code, again.content) == (201, first.content)
    assert said(differs) == (409, "notice-differs")
    assert said(twice) == (409, "already-agreed")
    assert await app.count("officer_notice") == await told(app, "milestone.reached") == 1


async def test_two_yeses_to_one_thing_at_once_are_one(app: ServiceApp) -> None:
    referral_id = await referred(app)
    await consented(app, referral_id)

    found = await asyncio.gather(*(say_yes(app, referral_id) for _ in range(4)))

    assert sorted(each.status_code for each in found) == [201, 409, 409, 409]
    assert await told(app, "milestone.reached") == 1


async def test_a_consent_opens_its_own_referral_and_its_own_kinds_only(app: ServiceApp) -> None:
    mine, other = await referred(app), await referred(app)
    await consented(app, mine, content_codes=["connected"])
    # Both are one person's: a consent is for one referrer all the same.
    await app.rows(
        "UPDATE participant_referral SET participant_id ="
        " (SELECT participant_id FROM participant_referral WHERE referral_id = :mine) RETURNING 1",
        mine=mine,
    )

    assert said(await say_yes(app, other)) == (409, "no-basis")
    assert said(await say_yes(app, mine, "completed")) == (409, "no-basis")
    agreed = await say_yes(app, mine)
    assert agreed.status_code == 201
    assert (await ask_grant(app, agreed.json()["id"])).status_code == 201
