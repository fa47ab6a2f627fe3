"""Mail: handed over once, honest about what is not known, and nothing in it about anybody."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from services.notify.use_cases.tell import HAND_OVER_MAIL
from shared.events.base import Event
from shared.events.casework import FollowupDue, MilestoneReached, ParticipantReturnAnnounced
from shared.events.referral import HandoffExpired, HandoffOffered, StaffChanged
from shared.messaging.tasks import Task
from shared.messaging.worker import Work
from tests.builders import a_handoff_escalated, a_referral_created, an
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.notify.working import (
    addressed,
    hired,
    ledger,
    mail_server,
    now,
    told,
    work_of,
    work_once,
)

WILLOW = "peer-willow@example.org"


def due() -> FollowupDue:
    return an(FollowupDue, occurred_at=now(), assigned_ids=["peer-willow"])


def offered() -> HandoffOffered:
    return an(HandoffOffered, occurred_at=now(), offered_to_ids=["peer-willow"])


async def begun_and_forgotten(app: ServiceApp, work: Work) -> None:
    """Do the call of the one task that waits, and crash before its result is recorded."""
    [(delivery_id, programme)] = await app.rows("SELECT aggregate_id, programme_id FROM task")
    await work.calls[HAND_OVER_MAIL](Task(HAND_OVER_MAIL, delivery_id, programme))


async def test_a_notice_is_mailed_once_to_whom_it_is_for(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")
    await hired(app, "peer-rowan", "peer")
    event = due()

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(app, event, event)
        await work_once(app, work)
        await told(app, event)
        await work_once(app, work)

    assert server.recipients == [WILLOW]
    assert await ledger(app) == [("peer-willow", "mail", "handed_over", None)]


async def test_a_notice_to_a_role_is_mailed_to_its_active_staff_who_have_an_address(
    app: ServiceApp,
) -> None:
    await hired(app, "peer-willow", "peer")
    await hired(app, "manager-fern", "case_manager")
    await told(app, an(StaffChanged, staff_id="peer-rowan", role_codes=["peer"]))
    await hired(app, "peer-juniper", "peer")
    left = an(StaffChanged, staff_id="peer-juniper", role_codes=["peer"], active=False)
    await told(app, left.model_copy(update={"aggregate_version": 2}))

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(app, a_referral_created(occurred_at=now()))
        await work_once(app, work)

    assert server.recipients == [WILLOW]


async def test_a_mail_says_that_something_waits_and_nothing_else(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")
    returned = an(
        ParticipantReturnAnnounced, occurred_at=now(), staff_ids=["peer-willow", "manager-fern"]
    )
    event = due()

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(app, event, returned)
        await work_once(app, work)

    assert len(server.letters) == 2
    for letter in server.letters:
        assert letter["Subject"] == "Handoff: There is something new in your work."
        assert letter.get_content().splitlines() == [
            "There is something new in your work.",
            "",
            "Sign in to see it.",
        ]
        for about in (event.referral_id, event.episode_id, returned.participant_id):
            assert str(about) not in letter.as_string()
    deliveries = await app.rows("SELECT id FROM delivery")
    assert {f"<{each}@example.org>" for (each,) in deliveries} == {
        letter["Message-ID"] for letter in server.letters
    }


async def test_a_mail_is_written_in_its_recipients_language(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")
    await addressed(app, "peer-willow", language="es")

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(app, offered())
        await work_once(app, work)

    [letter] = server.letters
    assert letter["Subject"].startswith("Handoff: Se le pide que tome una entrega")
    assert "Inicie sesión para verlo." in letter.get_content()


async def test_who_is_refused_by_the_server_stands_in_the_ledger_and_is_not_tried_again(
    app: ServiceApp,
) -> None:
    await hired(app, "peer-willow", "peer")

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        server.refuses[WILLOW] = "550 No such person"
        await told(app, due())
        await work_once(app, work)
        assert await work_once(app, work) == 0

    assert server.letters == []
    assert await ledger(app) == [("peer-willow", "mail", "failed", "refused")]


async def test_a_server_that_is_away_or_busy_gets_the_mail_later(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")
    await told(app, due())

    async with work_of(app) as work:
        await work_once(app, work)
    assert await ledger(app) == [("peer-willow", "mail", "planned", None)]
    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        server.refuses[WILLOW] = "451 Later, please"
        await work_once(app, work)
        assert await ledger(app) == [("peer-willow", "mail", "planned", None)]
        server.refuses.clear()
        await work_once(app, work)

    assert server.recipients == [WILLOW]
    assert await ledger(app) == [("peer-willow", "mail", "handed_over", None)]


async def test_a_server_that_stays_away_for_a_day_is_not_bothered_with_old_news(
    app: ServiceApp, clock: Clock
) -> None:
    await hired(app, "peer-willow", "peer")
    await told(app, due())
    async with work_of(app) as work:
        await work_once(app, work)

    await clock.move(timedelta(hours=25))
    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await work_once(app, work)

    assert server.letters == []
    assert await ledger(app) == [("peer-willow", "mail", "suppressed", "too_late")]


async def test_what_can_wait_stops_and_shows_when_a_crash_hid_its_result(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(app, due())
        await begun_and_forgotten(app, work)
        await work_once(app, work)
        await work_once(app, work)

    assert len(server.letters) == 1
    assert await ledger(app) == [("peer-willow", "mail", "unknown", "interrupted")]


@pytest.mark.parametrize(
    ("who", "role", "event"),
    [
        ("peer-willow", "peer", offered()),
        ("coordinator-juniper", "coordinator", a_handoff_escalated(occurred_at=now())),
        ("coordinator-juniper", "coordinator", an(HandoffExpired, occurred_at=now())),
    ],
)
async def test_what_is_urgent_is_sent_again_when_a_crash_hid_its_result(
    app: ServiceApp, who: str, role: str, event: Event
) -> None:
    await hired(app, who, role)

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(app, event)
        await begun_and_forgotten(app, work)
        await work_once(app, work)
        await work_once(app, work)

    assert server.recipients == [f"{who}@example.org"] * 2
    [one, again] = server.letters
    assert one["Message-ID"] == again["Message-ID"]
    assert await ledger(app) == [(who, "mail", "handed_over", None)]


async def test_a_server_that_hangs_up_without_an_answer_leaves_the_same_doubt(
    app: ServiceApp,
) -> None:
    await hired(app, "peer-willow", "peer")

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        server.hangs_up = True
        await told(app, due(), offered())
        await work_once(app, work)
        server.hangs_up = False
        await work_once(app, work)

    assert len(server.letters) == 3
    assert sorted(row[2:] for row in await ledger(app)) == [
        ("handed_over", None),
        ("unknown", "interrupted"),
    ]


async def test_old_news_is_listed_and_mailed_to_nobody(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")
    long_ago = now() - timedelta(hours=25)

    async with mail_server() as server, work_of(app, smtp=server.port) as work:
        await told(
            app,
            an(FollowupDue, occurred_at=long_ago, assigned_ids=["peer-willow"]),
            an(HandoffOffered, occurred_at=long_ago, offered_to_ids=["peer-willow"]),
        )
        assert await work_once(app, work) == 0

    assert await app.count("notice") == 2
    assert await ledger(app) == [("peer-willow", "mail", "suppressed", "too_late")] * 2


async def test_the_ledger_is_read_by_those_who_run_the_programme(app: ServiceApp) -> None:
    await hired(app, "peer-willow", "peer")
    await told(app, due(), an(MilestoneReached, notice_id=uuid7()))
    [notice] = (await app.as_("peer-willow").get("/notices")).json()["items"]
    asking = app.as_("coordinator-juniper", purpose="administration")

    of_one = (await asking.get("/deliveries", params={"notice_id": notice["id"]})).json()["items"]
    of_all = (await asking.get("/deliveries")).json()["items"]

    assert [(each["recipient_id"], each["channel"], each["state"]) for each in of_one] == [
        ("peer-willow", "mail", "planned")
    ]
    assert {each["channel"] for each in of_all} == {"mail", "list"}
