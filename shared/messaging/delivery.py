"""From one delivered event to its lasting consequence: handled, tried again later, or parked.

Attempts are counted in the database, in a transaction of their own. So a broker's redelivery
after a crash costs nothing, an unreachable database counts no attempt, and a restart forgets
none. A parked event (a dead letter) is kept whole, to be read and replayed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import case, delete, func, literal
from sqlalchemy.dialects.postgresql import insert

from shared.db.failures import is_busy, is_unreachable
from shared.db.session import Sessions
from shared.events.base import Event
from shared.messaging.cloudevents import Document, to_document
from shared.messaging.errors import PermanentError, describe
from shared.messaging.subscriptions import Subscription
from shared.messaging.tables import TABLES
from shared.observability.context import correlated
from shared.observability.metrics import METRICS

log = structlog.get_logger()

RETRY_AFTER_SECONDS = (1, 5, 30, 120, 120)
TRIES = len(RETRY_AFTER_SECONDS) + 1
DATABASE_AWAY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Done:
    """The effect is committed, now or before."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not yet: deliver again after a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Parked:
    """Set aside among the dead letters until a person replays it."""


Outcome = Done | Retry | Parked


async def deliver(subscription: Subscription, event: Event, sessions: Sessions) -> Outcome:
    """Run the handler for one event and record a failure if there is one."""
    with correlated(event.request_id, event.traceparent):
        try:
            await subscription.handle([event], sessions)
        except Exception as error:  # noqa: BLE001 - any failure must end in a recorded outcome
            return await _failed(subscription, event, error, sessions=sessions)
    METRICS.events_handled.labels(subscription.durable).inc()
    return Done()


async def deliver_all(
    subscription: Subscription, events: Sequence[Event], sessions: Sessions
) -> list[Outcome]:
    """Handle *events* together if the subscription does so; one that fails fails alone."""
    if subscription.at_most > 1 and len(events) > 1:
        try:
            await subscription.handle(events, sessions)
        except Exception as error:  # noqa: BLE001 - found out one by one below
            log.info("batch_split", consumer=subscription.durable, error_type=type(error).__name__)
        else:
            METRICS.events_handled.labels(subscription.durable).inc(len(events))
            return [Done()] * len(events)
    return [await deliver(subscription, event, sessions) for event in events]


async def _failed(
    subscription: Subscription, event: Event, error: Exception, *, sessions: Sessions
) -> Outcome:
    METRICS.events_failed.labels(subscription.durable).inc()
    log.warning(
        "event_failed",
        consumer=subscription.durable,
        event_id=str(event.event_id),
        error_type=type(error).__name__,
    )
    if is_unreachable(error) or is_busy(error):
        return Retry(DATABASE_AWAY_SECONDS)
    try:
        attempts = await record_failure(
            sessions,
            consumer=subscription.durable,
            document=to_document(event),
            error=error,
        )
    except Exception as unrecorded:  # noqa: BLE001 - it comes again; its neighbours go on
        log.error(  # noqa: TRY400 - a stack trace could quote what the event holds
            "failure_not_recorded",
            consumer=subscription.durable,
            error_type=type(unrecorded).__name__,
        )
        return Retry(RETRY_AFTER_SECONDS[-1])
    if attempts >= TRIES or isinstance(error, PermanentError):
        METRICS.events_parked.labels(subscription.durable).inc()
        return Parked()
    return Retry(RETRY_AFTER_SECONDS[attempts - 1])


async def record_failure(
    sessions: Sessions, *, consumer: str, document: Document, error: Exception
) -> int:
    """Count one more failed attempt of *consumer*; return how many there are now."""
    table = TABLES.failed_delivery
    final = literal(isinstance(error, PermanentError))
    attempts = table.c.attempts + 1
    first = insert(table).values(
        consumer=consumer,
        event_id=document["id"],
        subject=document["type"],
        body=document,
        state="parked" if isinstance(error, PermanentError) else "retrying",
        attempts=1,
        error=describe(error),
        retry_at=func.now() + timedelta(seconds=RETRY_AFTER_SECONDS[0]),
    )
    delay = case(
        *((attempts == nth, seconds) for nth, seconds in enumerate(RETRY_AFTER_SECONDS, start=1)),
        else_=RETRY_AFTER_SECONDS[-1],
    )
    statement = first.on_conflict_do_update(
        index_elements=["consumer", "event_id"],
        set_={
            "attempts": attempts,
            # What a person replayed stays among the dead letters if it fails again.
            "state": case(
                (final | (attempts >= TRIES) | (table.c.state != "retrying"), "parked"),
                else_="retrying",
            ),
            "error": first.excluded.error,
            "last_failed_at": func.now(),
            "retry_at": func.now() + func.make_interval(0, 0, 0, 0, 0, 0, delay),
        },
    ).returning(table.c.attempts)
    async with sessions.begin() as session:
        counted: int = (await session.execute(statement)).scalar_one()
    return counted


async def forget_retries(sessions: Sessions, *, consumer: str, event: Event) -> None:
    """Remove the note of earlier failures of an event that has now been handled."""
    table = TABLES.failed_delivery
    async with sessions.begin() as session:
        await session.execute(
            delete(table).where(
                table.c.consumer == consumer,
                table.c.event_id == event.event_id,
                table.c.state == "retrying",
            )
        )
