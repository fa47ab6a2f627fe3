"""Write a simulated history into the databases of a stack: all of it, or nothing.

Everything stands afterwards as if it had happened: journals numbered without a gap, each event
known as handled to every consumer, timers set for what is still ahead. Notify alone gets nothing
but that: nobody was told of people who do not exist.
"""

import asyncio
import gc
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

import asyncpg

from deploy.simulate.casework_books import LINES, CaseworkBooks
from deploy.simulate.dice import Dice
from deploy.simulate.life import Life
from deploy.simulate.made_up import POLICY, PROGRAMME, somebody
from deploy.simulate.referral_books import ReferralBooks
from deploy.simulate.rows import Connection, Rows, prepare
from services.casework.tables.base import metadata as casework_tables
from services.referral.tables.base import metadata as referral_tables
from services.referral.use_cases.judge_eligibility import USUAL_ZONE
from shared.db.roles import SERVICES
from shared.events.base import Event
from shared.messaging.cloudevents import to_document
from shared.messaging.repair import stated_subjects
from shared.messaging.subscriptions import Subscription
from shared.vault.vault import Vault

PEOPLE_AT_ONCE = 200
MONTH = timedelta(days=30.4375)
JOURNALS = {
    "referral": referral_tables.tables["referral.journal"],
    "casework": casework_tables.tables["casework.journal"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of the stack that is written into, so that its services can read what is sealed."""

    referral_key_encryption_key: bytes
    casework_key_encryption_key: bytes
    casework_hash_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for: how many people, over how many months up to *until*, by which seed."""

    people: int
    months: float
    seed: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and in how many seconds."""

    events: int
    lines: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of some people, and what is told of them by each service."""

    rows: Rows
    told: dict[str, list[Event]]


def batches(order: Order, keys: Keys) -> Iterator[Batch]:
    """Yield the histories of everybody, some people at a time."""
    referral_vault = Vault(keys.referral_key_encryption_key, "referral_vault")
    casework_vault = Vault(keys.casework_key_encryption_key, "casework_vault")
    dice = Dice(order.seed)
    begins = order.until - order.months * MONTH
    # In the order of time, so that what is copied together lies together in the indexes.
    starts = sorted(
        begins + dice.span(timedelta(), order.until - begins) for _ in range(order.people)
    )
    for first in range(0, order.people, PEOPLE_AT_ONCE):
        rows = Rows()
        casework = CaseworkBooks(rows, dice, casework_vault, hash_key=keys.casework_hash_key)
        referral = ReferralBooks(rows, dice, referral_vault, hears=casework.hear)
        for start in starts[first : first + PEOPLE_AT_ONCE]:
            Life(somebody(dice), dice, referral, casework).live(start, until=order.until)
        casework.close()
        yield Batch(rows, {"referral": referral.told, "casework": casework.told})


async def simulate(url: str, order: Order, keys: Keys) -> Written:
    """Write the history that is asked for, in one transaction as the database's superuser.

    The journals are held until it ends: the services' relays find them busy meanwhile, after a
    second each time, and go on by themselves afterwards. No request waits for that.
    """
    began = time.perf_counter()
    connection = await asyncpg.connect(url)
    try:
        await prepare(connection)
        async with connection.transaction():
            before = {name: await _hold_journal(connection, name) for name in JOURNALS}
            with _no_collections():
                written = await _copy_all(connection, batches(order, keys), before)
            for name, head in written.heads.items():
                await _release_journal(connection, name, head, before=before[name])
            await _set_programme_up(connection, order.until)
        seconds = time.perf_counter() - began
        await connection.execute("ANALYZE")  # as it is once data has been there for a minute
    finally:
        await connection.close()
    events = sum(head - before[name] for name, head in written.heads.items())
    return Written(events, written.lines, seconds)


@dataclass(slots=True)
class _Copied:
    heads: dict[str, int]
    lines: int = 0


async def _copy_all(
    connection: Connection, histories: Iterator[Batch], heads: Mapping[str, int]
) -> _Copied:
    """Copy batch after batch; while one is copied, the next is made."""
    copied = _Copied(dict(heads))
    batch = await asyncio.to_thread(next, histories, None)
    while batch is not None:
        for name, told in batch.told.items():
            copied.heads[name] = _number(batch.rows, name, told, after=copied.heads[name])
        copied.lines += batch.rows.count(LINES)
        coming = asyncio.create_task(asyncio.to_thread(next, histories, None))
        await batch.rows.copy(connection)
        batch = await coming
    return copied


@contextmanager
def _no_collections() -> Iterator[None]:
    """Switch the search for garbage off: it would look through all that waits, again and again.

    Measured: it took as long as making the histories.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _number(rows: Rows, service: str, told: Sequence[Event], *, after: int) -> int:
    """Give each event its place in the journal, in the order of time; return the last place."""
    in_time = sorted(told, key=lambda each: each.occurred_at)
    for position, event in enumerate(in_time, start=after + 1):
        named = (position, event.event_id, event.subject, event.aggregate_id)
        rows.add_record(JOURNALS[service], (*named, to_document(event), event.occurred_at))
    return after + len(told)


async def _hold_journal(connection: Connection, service: str) -> int:
    """Keep the journal for this transaction, and return its last place."""
    statement = f"UPDATE {service}.relay_state SET position = position RETURNING position"  # noqa: S608 - a service's name
    head: int = await connection.fetchval(statement)
    return head


async def _release_journal(connection: Connection, service: str, head: int, *, before: int) -> None:
    """Move the journal's end, and let every consumer know the new events as handled."""
    await connection.execute(
        f"UPDATE {service}.relay_state SET position = $1,"  # noqa: S608 - a service's name
        " published = CASE WHEN published = position THEN $1 ELSE published END",
        head,
    )
    for each in _subscriptions(service):
        await connection.execute(
            f"INSERT INTO {_owner(each)}.inbox (consumer, event_id, handled_at)"  # noqa: S608
            f" SELECT $1, event_id, committed_at FROM {service}.journal"
            " WHERE position > $2 AND subject = ANY ($3)",
            each.durable,
            before,
            sorted(each.subjects),
        )
        await _move_watermark(connection, each, head, before=before)


async def _move_watermark(
    connection: Connection, subscription: Subscription, head: int, *, before: int
) -> None:
    """Let a consumer that had settled all before begin after what was written."""
    owner = _owner(subscription)
    await connection.execute(
        f"INSERT INTO {owner}.watermark AS mark (consumer, subjects, position)"  # noqa: S608 - a service's name
        " SELECT $1, $2, $3 WHERE $4 = 0 OR EXISTS"
        f" (SELECT FROM {owner}.watermark WHERE consumer = $1)"
        " ON CONFLICT (consumer) DO UPDATE SET position = $3"
        " WHERE mark.position = $4 AND mark.subjects = $2",
        subscription.durable,
        stated_subjects(subscription),
        head,
        before,
    )


def _subscriptions(source: str) -> Iterable[Subscription]:
    """Return every consumer of *source*, in whichever service."""
    for each in SERVICES:
        worker = import_module(f"services.{each.service}.worker")
        yield from (found for found in worker.subscriptions.all if found.source == source)


def _owner(subscription: Subscription) -> str:
    return subscription.durable.partition("-")[0]


async def _set_programme_up(connection: Connection, now: datetime) -> None:
    """Let the programme go by the policy that was judged by, unless it has chosen one."""
    await connection.execute(
        "INSERT INTO referral.programme (programme_id, policy_id, time_zone, changed_at,"
        " changed_by) VALUES ($1, $2, $3, $4, 'simulation') ON CONFLICT DO NOTHING",
        PROGRAMME,
        POLICY,
        USUAL_ZONE,
        now,
    )
