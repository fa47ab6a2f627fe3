"""Notices: to a role in a programme, one for each cause, and nothing in them about a person."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from services.notify.handlers.referral import tell_of_escalation, tell_of_referral
from services.notify.worker import subscriptions
from shared.db.session import Scope
from shared.events.referral import HandoffEscalated, ReferralCreated
from shared.messaging.cloudevents import to_document
from shared.messaging.dead_letters import replay_asked
from shared.messaging.delivery import deliver, record_failure
from shared.messaging.errors import PermanentError
from tests.builders import a_handoff_escalated, a_referral_created
from tests.service.apps import ServiceApp

NOTICES = text("SELECT count(*) FROM notice")
FIELDS = {
    "id",
    "kind",
    "text",
    "words",
    "urgent",
    "to_role",
    "referral_id",
    "release_id",
    "statement",
    "caused_at",
    "read_at",
}
ALDER, BIRCH = "alder-county", "birch-county"


async def told(app: ServiceApp, *events: ReferralCreated | HandoffEscalated) -> None:
    for event in events:
        for subscription in subscriptions.all:
            if subscription.wants(event):
                await deliver(subscription, event, app.sessions)


async def notices(app: ServiceApp, who: str) -> list[dict[str, Any]]:
    found = await app.as_(who).get("/notices")
    assert found.status_code == 200
    return list(found.json()["items"])


def kinds(found: Sequence[dict[str, Any]]) -> list[str]:
    return [each["kind"] for each in found]


async def test_each_role_is_told_what_is_its_to_do(app: ServiceApp) -> None:
    await told(app, a_referral_created(), a_handoff_escalated())

    assert kinds(await notices(app, "peer-willow")) == ["referral_arrived"]
    assert kinds(await notices(app, "coordinator-juniper")) == ["nobody_accepted"]
    assert kinds(await notices(app, "manager-fern")) == []


async def test_one_cause_gives_one_notice_however_often_and_however_parallel_it_comes(
    app: ServiceApp,
) -> None:
    created, escalated = a_referral_created(), a_handoff_escalated()

    await asyncio.gather(*(tell_of_referral(created, app.sessions) for _ in range(6)))
    await asyncio.gather(*(tell_of_escalation(escalated, app.sessions) for _ in range(6)))

    assert await app.count("notice") == 2
    assert await app.count("inbox") == 2


async def test_one_cause_gives_one_notice_even_if_the_inbox_was_lost(app: ServiceApp) -> None:
    created = a_referral_created()
    await tell_of_referral(created, app.sessions)
    await app.rows("DELETE FROM inbox RETURNING event_id")

    await tell_of_referral(created, app.sessions)

    assert await app.count("notice") == 1


async def test_a_programme_is_told_of_its_own_referrals_only(app: ServiceApp) -> None:
    mine, theirs = a_referral_created(), a_referral_created(programme_id=BIRCH)
    await told(app, mine, theirs)

    peer = app.as_forged(
        sub="peer-rowan", programme=BIRCH, function="care", roles=["peer"], agency=None
    )
    found = (await peer.get("/notices")).json()["items"]

    assert [each["referral_id"] for each in found] == [str(theirs.referral_id)]
    assert [each["referral_id"] for each in await notices(app, "peer-willow")] == [
        str(mine.referral_id)
    ]


async def test_a_notice_says_that_something_waits_in_fixed_words_and_nothing_else(
    app: ServiceApp,
) -> None:
    created, escalated = a_referral_created(), a_handoff_escalated()
    await told(app, created, escalated)

    [arrived] = await notices(app, "peer-willow")
    [nobody] = await notices(app, "coordinator-juniper")

    assert set(arrived) == set(nobody) == FIELDS
    assert arrived["text"] == "A referral has arrived and waits for somebody to accept it."
    assert nobody["text"] == "Nobody has accepted a referral in time. Please call somebody."
    columns = await app.rows(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'notify' AND table_name = 'notice' AND data_type = 'text'"
    )
    assert sorted(name for (name,) in columns) == [
        "kind",
        "programme_id",
        "recipient_id",
        "recipient_role",
    ]


async def test_two_roles_see_the_notices_of_both_newest_first(app: ServiceApp) -> None:
    await told(app, a_referral_created(), a_handoff_escalated())
    both = app.as_forged(
        sub="peer-rowan", function="care", roles=["peer", "coordinator"], agency=None
    )

    found = (await both.get("/notices")).json()["items"]

    assert kinds(found) == ["nobody_accepted", "referral_arrived"]


async def test_pages_show_every_notice_once_also_those_of_one_moment(app: ServiceApp) -> None:
    events = [a_referral_created() for _ in range(7)]
    await told(app, *events)

    seen: list[str] = []
    cursor: str | None = None
    for _ in range(20):
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await app.as_("peer-willow").get("/notices", params=params)).json()
        seen += [each["referral_id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        await told(app, a_referral_created(occurred_at=events[0].occurred_at.replace(hour=13)))

    assert sorted(seen) == sorted(str(each.referral_id) for each in events)


async def test_a_session_without_a_scope_sees_no_notice(app: ServiceApp) -> None:
    await told(app, a_referral_created(), a_referral_created(programme_id=BIRCH))

    async with app.sessions.begin() as session:
        assert (await session.execute(NOTICES)).scalar_one() == 0
    async with app.sessions.begin(Scope(ALDER, "test")) as session:
        assert (await session.execute(NOTICES)).scalar_one() == 1


async def test_an_operator_reads_and_replays_what_could_not_be_handled(app: ServiceApp) -> None:
    event = a_referral_created()
    for attempt in range(6):
        await record_failure(
            app.sessions,
            consumer="notify-referral-arrived",
            document=to_document(event),
            error=PermanentError(f"attempt {attempt}"),
        )
    operator = app.as_("operator-spruce", purpose="operations")
    path = f"/dead-letters/notify-referral-arrived/{event.event_id}"

    listed = (await operator.get("/dead-letters")).json()
    read = (await operator.get(path)).json()
    replayed = await operator.post(f"{path}/replay")
    again = await operator.post(f"{path}/replay")
    await replay_asked(app.sessions, subscriptions.all)

    assert [each["event_id"] for each in listed] == [str(event.event_id)]
    assert "body" not in listed[0]
    assert read["body"]["data"] == event.payload()
    assert (replayed.status_code, replayed.json()["state"]) == (202, "replaying")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/dead-letter-not-parked")
    assert (await operator.get("/dead-letters")).json() == []
    assert kinds(await notices(app, "peer-willow")) == ["referral_arrived"]
