"""Operators handle what went wrong in their own programme, and see nothing of another."""

from shared.events.base import Event
from shared.messaging.cloudevents import to_document
from shared.messaging.delivery import record_failure
from shared.messaging.errors import PermanentError
from tests.builders import a_referral_created
from tests.service.apps import ServiceApp

CONSUMER = "casework-intake"


async def parked(app: ServiceApp, **overrides: str) -> Event:
    """Leave one dead letter."""
    event = a_referral_created(**overrides)
    await record_failure(
        app.sessions,
        consumer=CONSUMER,
        document=to_document(event),
        error=PermanentError("not just now"),
    )
    await app.rows("UPDATE failed_delivery SET state = 'parked' RETURNING 1")
    return event


async def test_dead_letters_are_listed_newest_first_and_read_one_by_one(app: ServiceApp) -> None:
    first, second = await parked(app), await parked(app)
    operator = app.as_("operator-spruce", purpose="operations")

    listed = (await operator.get("/dead-letters")).json()
    limited = (await operator.get("/dead-letters", params={"limit": 1})).json()
    read = (await operator.get(f"/dead-letters/{CONSUMER}/{first.event_id}")).json()

    assert [each["event_id"] for each in listed] == [str(second.event_id), str(first.event_id)]
    assert limited == listed[:1]
    assert read["body"]["id"] == str(first.event_id)


async def test_only_operators_read_and_replay_dead_letters(app: ServiceApp) -> None:
    event = await parked(app)
    path = f"/dead-letters/{CONSUMER}/{event.event_id}"

    for who in ("casework", "manager-fern", "privacy-yarrow", "officer-hemlock"):
        asking = app.as_(who, purpose="operations")
        for answer in (
            await asking.get("/dead-letters"),
            await asking.get(path),
            await asking.post(f"{path}/replay"),
        ):
            assert answer.status_code == 404
    assert await app.rows("SELECT state FROM failed_delivery") == [("parked",)]


async def test_an_operator_handles_the_dead_letters_of_their_own_programme_only(
    app: ServiceApp,
) -> None:
    mine, theirs = await parked(app), await parked(app, programme_id="birch-county")
    operator = app.as_("operator-spruce", purpose="operations")
    path = f"/dead-letters/{CONSUMER}/{theirs.event_id}"

    listed = (await operator.get("/dead-letters")).json()
    read, replayed = await operator.get(path), await operator.post(f"{path}/replay")

    assert [each["event_id"] for each in listed] == [str(mine.event_id)]
    assert (read.status_code, replayed.status_code) == (404, 404)
