"""Nothing leaves without a basis at that moment, and nothing leaves twice."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from services.casework.use_cases.give_consent import CONSENT_TIMER, consent_expires
from services.casework.worker import TIMERS
from shared.messaging.timers import fire_due
from tests.servers import Clock
from tests.service.apps import NO_ID, ServiceApp
from tests.service.casework.gate import (
    OFFICER,
    ask_grant,
    consented,
    notify,
    referred,
    revoke,
    said,
    say_yes,
)
from tests.service.casework.intakes import arrived, participant_of


async def agreed(app: ServiceApp, kind: str = "connected") -> tuple[UUID, str, str]:
    """Have somebody consent and say yes; return the referral, the consent and the notice."""
    referral_id = await referred(app)
    consent_id = await consented(app, referral_id)
    answer = await say_yes(app, referral_id, kind)
    assert answer.status_code == 201, answer.text
    return referral_id, consent_id, str(answer.json()["id"])


async def accounting(app: ServiceApp, referral_id: UUID) -> list[dict[str, Any]]:
    path = f"/participants/{await participant_of(app, referral_id)}/disclosures"
    answer = await app.as_("privacy-yarrow", purpose="privacy").get(path)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_grant_says_what_to_tell_whom_and_until_when(app: ServiceApp) -> None:
    referral_id, consent_id, notice_id = await agreed(app)

    answer = await ask_grant(app, notice_id)

    assert answer.status_code == 201, answer.text
    grant = answer.json()
    assert (grant["recipient_id"], grant["kind"]) == (OFFICER, "connected")
    assert "connected" in grant["words"]["en"]
    assert grant["statement"]["version"] == 1
    assert "42 CFR" in grant["statement"]["es"]
    [(real_now,)] = await app.rows("SELECT now()")
    left = datetime.fromisoformat(grant["expires_at"]) - real_now
    assert timedelta(0) < left <= timedelta(seconds=5)
    [line] = await accounting(app, referral_id)
    assert (line["id"], line["consent_id"]) == (grant["disclosure_id"], consent_id)
    assert (line["state"], line["basis_code"]) == ("granted", "consent")


async def test_a_grant_runs_by_real_time_wherever_the_clock_stands(
    app: ServiceApp, clock: Clock
) -> None:
    await clock.move(timedelta(days=200))
    _, _, notice_id = await agreed(app)

    grant = (await ask_grant(app, notice_id)).json()

    [(real_now,)] = await app.rows("SELECT now()")
    assert datetime.fromisoformat(grant["expires_at"]) - real_now <= timedelta(seconds=5)


async def test_a_notice_is_granted_once_however_often_it_is_asked_for(app: ServiceApp) -> None:
    _, _, notice_id = await agreed(app)

    found = await asyncio.gather(*(ask_grant(app, notice_id) for _ in range(5)))

    assert sorted(each.status_code for each in found) == [201, 409, 409, 409, 409]
    assert {said(each)[1] for each in found} == {"", "already-granted"}
    assert await app.count("disclosure") == 1
    [(made,)] = await app.rows(
        "SELECT count(*) FROM outbox WHERE subject = 'deflection.disclosure.made.v1'"
    )
    assert made == 1


async def milestones(app: ServiceApp) -> list[datetime]:
    rows = await app.rows(
        "SELECT (body ->> 'time')::timestamptz FROM outbox"
        " WHERE subject = 'deflection.milestone.reached.v1'"
    )
    return [moment for (moment,) in rows]


async def test_a_yes_that_comes_early_is_told_when_everybody_is_told_of_the_receipt(
    app: ServiceApp, clock: Clock
) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    event = await arrived(app, referred_by=OFFICER, occurred_at=now)
    await consented(app, event.referral_id)
    await clock.move(timedelta(minutes=90))
    agreed_early = await say_yes(app, event.referral_id)
    assert (agreed_early.status_code, await milestones(app)) == (201, [])

    await clock.move(timedelta(minutes=29))
    assert await fire_due(app.sessions, TIMERS, service="casework") == 0
    await clock.move(timedelta(minutes=1))
    await fire_due(app.sessions, TIMERS, service="casework")

    [told_at] = await milestones(app)
    assert told_at >= now + timedelta(hours=2)
    late = await say_yes(app, event.referral_id, "thank_you")
    assert (late.status_code, len(await milestones(app))) == (201, 2)


async def test_after_a_revocation_nothing_leaves(app: ServiceApp) -> None:
    _, consent_id, notice_id = await agreed(app)
    await revoke(app, consent_id)

    assert said(await ask_grant(app, notice_id)) == (409, "no-basis")
    assert await app.count("disclosure") == 0


async def test_what_was_granted_before_is_said_to_be_so_after_a_revocation_too(
    app: ServiceApp,
) -> None:
    _, consent_id, notice_id = await agreed(app)
    await ask_grant(app, notice_id)
    await revoke(app, consent_id)

    assert said(await ask_grant(app, notice_id)) == (409, "already-granted")


async def test_after_its_end_nothing_leaves_whether_or_not_the_timer_fired(
    app: ServiceApp, clock: Clock
) -> None:
    _, _, notice_id = await agreed(app)

    await clock.move(timedelta(days=91))

    assert said(await ask_grant(app, notice_id)) == (409, "no-basis")


async def test_of_granting_and_revoking_at_once_each_order_is_honest(app: ServiceApp) -> None:
    for _ in range(6):
        _, consent_id, notice_id = await agreed(app)

        asked, revoked = await asyncio.gather(ask_grant(app, notice_id), revoke(app, consent_id))

        outstanding = revoked.json()["outstanding_disclosure_ids"]
        if asked.status_code == 201:  # so the revocation came after it, and saw it
            assert outstanding == [asked.json()["disclosure_id"]]
        else:
            assert (said(asked), outstanding) == ((409, "no-basis"), [])


async def test_without_a_yes_there_is_nothing_to_ask_for(app: ServiceApp) -> None:
    await consented(app, await referred(app))

    assert (await ask_grant(app, NO_ID)).status_code == 404
    assert (await ask_grant(app, str(uuid7()))).status_code == 404


async def test_another_programmes_notice_is_as_if_there_were_none(app: ServiceApp) -> None:
    _, _, notice_id = await agreed(app)
    for programme in ("birch-county", "*"):
        asking = app.as_("notify", purpose="service_delivery", programme=programme)
        answer = await asking.post("/disclosures/grants", json={"notice_id": notice_id})
        assert answer.status_code == 404
    assert await app.count("disclosure") == 0


async def test_what_became_of_it_is_noted_once_and_however_late(app: ServiceApp) -> None:
    referral_id, _, notice_id = await agreed(app)
    disclosure_id = (await ask_grant(app, notice_id)).json()["disclosure_id"]
    path = f"/disclosures/{disclosure_id}/outcome"
    await app.rows("UPDATE disclosure SET expires_at = now() - interval '1 second' RETURNING 1")
    assert [each["state"] for each in await accounting(app, referral_id)] == ["unknown"]

    first = await notify(app).put(path, json={"outcome": "handed_over"})
    again = await notify(app).put(path, json={"outcome": "handed_over"})
    other = await notify(app).put(path, json={"outcome": "not_sent"})
    wrong = await notify(app).put(path, json={"outcome": "unknown"})

    assert (first.status_code, again.content) == (200, first.content)
    assert said(other) == (409, "outcome-differs")
    assert wrong.status_code == 422
    assert [each["state"] for each in await accounting(app, referral_id)] == ["handed_over"]


@dataclass
class Model:
    """What must be true of one referral, as pure facts; days since the beginning."""

    day: int = 0
    consents: list[tuple[str, frozenset[str], int]] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    notices: dict[str, str] = field(default_factory=dict)
    granted: set[str] = field(default_factory=set)

    def allows(self, kind: str) -> bool:
        return any(
            kind in kinds and self.day < end and consent_id not in self.revoked
            for consent_id, kinds, end in self.consents
        )

    def answer_to_yes(self, kind: str) -> tuple[int, str]:
        if kind in self.notices:
            return 409, "already-agreed"
        return (201, "") if self.allows(kind) else (409, "no-basis")

    def answer_to_asking(self, kind: str) -> tuple[int, str]:
        if kind not in self.notices:
            return 404, "not-found"
        if kind in self.granted:
            return 409, "already-granted"
        return (201, "") if self.allows(kind) else (409, "no-basis")


@dataclass
class World:
    """One referral in the service beside its model: each step is done to both and compared."""

    app: ServiceApp
    clock: Clock
    referral_id: UUID
    model: Model = field(default_factory=Model)

    async def consent(self, kinds: frozenset[str], days: int) -> None:
        # An hour less than whole days, so that the seconds a test takes decide nothing.
        holds = timedelta(days=days) - timedelta(hours=1)
        codes = sorted(kinds)
        consent_id = await consented(self.app, self.referral_id, holds=holds, content_codes=codes)
        self.model.consents.append((consent_id, kinds, self.model.day + days))

    async def revoke(self, place: int) -> None:
        if place >= len(self.model.consents):
            return
        consent_id, _, end = self.model.consents[place]
        answer = await revoke(self.app, consent_id)
        if self.model.day < end:
            self.model.revoked.add(consent_id)
        ended_by = "revoked" if consent_id in self.model.revoked else "expired"
        assert answer.json()["state"] == ended_by

    async def say_yes(self, kind: str) -> None:
        expected = self.model.answer_to_yes(kind)
        answer = await say_yes(self.app, self.referral_id, kind)
        assert said(answer) == expected
        if answer.status_code == 201:
            self.model.notices[kind] = answer.json()["id"]

    async def ask(self, kind: str) -> None:
        expected = self.model.answer_to_asking(kind)
        answer = await ask_grant(self.app, self.model.notices.get(kind, NO_ID))
        assert said(answer) == expected
        if answer.status_code == 201:
            self.model.granted.add(kind)

    async def move(self, days: int) -> None:
        await self.clock.move(timedelta(days=days))
        self.model.day += days

    async def fire(self) -> None:
        timers = {CONSENT_TIMER: consent_expires}
        await fire_due(self.app.sessions, timers, service="casework")


KINDS = st.sampled_from(("connected", "connected", "completed"))
STEPS = st.one_of(
    st.tuples(st.just("consent"), st.frozensets(KINDS, min_size=1), st.integers(1, 4)),
    st.tuples(st.just("revoke"), st.integers(0, 1)),
    st.tuples(st.just("say_yes"), KINDS),
    st.tuples(st.just("ask"), KINDS),
    st.tuples(st.just("move"), st.integers(1, 3)),
    st.tuples(st.just("fire")),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(begun=st.booleans(), days=st.integers(1, 3), steps=st.lists(STEPS, max_size=16))
async def test_whatever_happens_nothing_is_granted_without_a_basis_and_nothing_twice(
    app: ServiceApp, clock: Clock, *, begun: bool, days: int, steps: list[tuple[Any, ...]]
) -> None:
    world = World(app, clock, await referred(app))
    # Left to chance alone, few examples would come as far as a yes that a consent allows.
    usual = [("consent", frozenset({"connected"}), days), ("say_yes", "connected")]

    for name, *details in [*(usual if begun else ()), *steps]:
        await getattr(world, name)(*details)

    rows = await app.rows(
        "SELECT content_code, recipient_id FROM disclosure WHERE referral_id = :id",
        id=world.referral_id,
    )
    assert sorted(rows) == sorted((kind, OFFICER) for kind in world.model.granted)
