"""Who is told what: one table of causes, and what a referrer is told whatever follows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from shared.events.base import Event
from shared.events.casework import (
    EmergencyOpened,
    FirewallTried,
    FollowupDue,
    FollowupMissed,
    ParticipantReturnAnnounced,
    ProbingNoticed,
)
from shared.events.referral import (
    HandoffAccepted,
    HandoffExpired,
    HandoffOffered,
    HandoffWithdrawn,
    ReferralCreated,
    ReferralWithdrawn,
)
from tests.builders import a_handoff_escalated, a_referral_created, an
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.notify.working import addressed, now, told, work_of, work_once

TWO_HOURS = timedelta(hours=2)
BOTH = ["peer-willow", "manager-fern"]


async def kinds(app: ServiceApp, who: str, purpose: str = "care_coordination") -> list[str]:
    found = await app.as_(who, purpose=purpose).get("/notices")
    assert found.status_code == 200, found.text
    return [each["kind"] for each in found.json()["items"]]


@pytest.mark.parametrize(
    ("event", "kind", "told_to"),
    [
        (a_referral_created(), "referral_arrived", ["peer-willow", "peer-rowan"]),
        (an(HandoffOffered, offered_to_ids=BOTH), "handoff_offered", BOTH),
        (a_handoff_escalated(), "nobody_accepted", ["coordinator-juniper"]),
        (an(HandoffExpired), "nobody_came", ["coordinator-juniper"]),
        (an(FollowupDue, assigned_ids=BOTH), "followup_due", BOTH),
        (an(FollowupMissed, assigned_ids=BOTH), "followup_missed", BOTH),
        (an(ParticipantReturnAnnounced, staff_ids=BOTH), "somebody_returned", BOTH),
        (an(EmergencyOpened), "break_glass_opened", ["privacy-yarrow"]),
        (an(FirewallTried), "firewall_tried", ["privacy-yarrow"]),
        (an(ProbingNoticed), "records_probed", ["privacy-yarrow"]),
    ],
)
async def test_each_cause_is_told_to_those_it_is_for(
    app: ServiceApp, event: Event, kind: str, told_to: list[str]
) -> None:
    await told(app, event, event)

    care = ("peer-willow", "peer-rowan", "manager-fern", "coordinator-juniper")
    everybody = (*care, "privacy-yarrow")
    found = {who: await kinds(app, who) for who in care}
    found["privacy-yarrow"] = await kinds(app, "privacy-yarrow", purpose="privacy")
    assert found == {who: [kind] if who in told_to else [] for who in everybody}


async def test_a_person_who_is_named_twice_is_told_once(app: ServiceApp) -> None:
    await told(app, an(HandoffOffered, offered_to_ids=["peer-willow", "peer-willow"]))

    assert await kinds(app, "peer-willow") == ["handoff_offered"]


@pytest.mark.parametrize("recipient", ["NULL, NULL", "'peer', 'peer-willow'"])
async def test_a_notice_to_nobody_or_to_a_role_and_a_person_cannot_be_kept(
    app: ServiceApp, recipient: str
) -> None:
    statement = (
        "INSERT INTO notice (id, programme_id, kind, cause_id, caused_at,"  # noqa: S608 - ours
        " recipient_role, recipient_id) VALUES (gen_random_uuid(), 'alder-county',"
        f" 'nobody_came', gen_random_uuid(), now(), {recipient}) RETURNING 1"
    )
    with pytest.raises(IntegrityError, match="ck_notice_one_recipient"):
        await app.rows(statement)


async def test_a_notice_is_read_by_each_for_themself(app: ServiceApp) -> None:
    await told(app, a_referral_created())
    [notice] = (await app.as_("peer-willow").get("/notices")).json()["items"]
    assert notice["read_at"] is None
    path = f"/notices/{notice['id']}/reading"

    first, again = [await app.as_("peer-willow").put(path) for _ in range(2)]

    assert first.json() == again.json()
    assert first.json()["read_at"] is not None
    [mine] = (await app.as_("peer-willow").get("/notices")).json()["items"]
    [theirs] = (await app.as_("peer-rowan").get("/notices")).json()["items"]
    assert (mine["read_at"], theirs["read_at"]) == (first.json()["read_at"], None)
    assert (await app.as_("manager-fern").put(path)).status_code == 404


async def test_an_officer_reads_their_own_notices_whatever_roles_the_token_carries(
    app: ServiceApp,
) -> None:
    await told(app, a_referral_created(), a_handoff_escalated())
    officer: dict[str, Any] = {"sub": "officer-hemlock", "agency": "hemlock-police"}
    asking = app.as_forged(**officer, roles=["first_responder", "peer", "coordinator"])

    own = await asking.get("/notices", headers={"Handoff-Purpose": "referral"})
    as_care = await asking.get("/notices")

    assert (own.status_code, own.json()["items"]) == (200, [])
    assert as_care.status_code == 404
    [notice] = (await app.as_("peer-willow").get("/notices")).json()["items"]
    path = f"/notices/{notice['id']}/reading"
    marked = await asking.put(path, headers={"Handoff-Purpose": "referral"})
    assert marked.status_code == 404


async def test_an_address_is_kept_by_its_owner_and_read_by_nobody_else(app: ServiceApp) -> None:
    await addressed(app, "peer-willow", language="es")

    own = await app.as_("peer-willow").get("/delivery-addresses/peer-willow")
    other = await app.as_("peer-rowan").get("/delivery-addresses/peer-willow")

    assert (own.json()["email"], own.json()["language_code"]) == ("peer-willow@example.org", "es")
    assert other.status_code == 404


def stories() -> dict[str, list[Event]]:
    """Return what may follow a referral, as far as notify hears of it."""
    return {
        "nothing": [],
        "taken": [an(HandoffAccepted)],
        "nobody came": [a_handoff_escalated(), an(HandoffExpired)],
        "taken back": [an(ReferralWithdrawn), an(HandoffWithdrawn)],
        "known before": [an(ParticipantReturnAnnounced)],
    }


@pytest.mark.parametrize("story", stories())
async def test_a_referrer_is_told_after_two_hours_the_same_whatever_follows(
    app: ServiceApp, clock: Clock, story: str
) -> None:
    made = a_referral_created(referred_by="officer-hemlock", occurred_at=now())
    follows = [
        each.model_copy(update={"referral_id": made.referral_id}) for each in stories()[story]
    ]
    async with work_of(app) as work:
        await told(app, made, *follows)
        await clock.move(TWO_HOURS - timedelta(seconds=30))
        await work_once(app, work)
        assert await kinds(app, "officer-hemlock", "referral") == []

        await clock.move(timedelta(seconds=31))
        await work_once(app, work)
        await work_once(app, work)

    found = await app.as_("officer-hemlock", purpose="referral").get("/notices")
    [notice] = found.json()["items"]
    at = (made.occurred_at + TWO_HOURS).isoformat().replace("+00:00", "Z")
    without_ids = {name: each for name, each in notice.items() if name != "id"}
    assert without_ids == {
        "kind": "received_by_the_programme",
        "text": "Your referral was received by the programme. Thank you.",
        "words": {
            "en": "Your referral was received by the programme. Thank you.",
            "es": "El programa ha recibido su derivación. Gracias.",
        },
        "urgent": False,
        "to_role": None,
        "referral_id": str(made.referral_id),
        "release_id": None,
        "statement": None,
        "caused_at": at,
        "read_at": None,
    }


async def test_a_receipt_that_is_long_past_is_due_at_once(app: ServiceApp) -> None:
    made = a_referral_created(referred_by="officer-hemlock", occurred_at=now() - timedelta(days=30))
    async with work_of(app) as work:
        await told(app, made)
        await work_once(app, work)

    assert await kinds(app, "officer-hemlock", "referral") == ["received_by_the_programme"]


async def test_a_referral_that_does_not_say_who_made_it_is_receipted_to_nobody(
    app: ServiceApp,
) -> None:
    await told(app, a_referral_created(referral_id=uuid7(), referred_by=None))

    assert await app.count("timer") == 0
    assert isinstance(a_referral_created(), ReferralCreated)
