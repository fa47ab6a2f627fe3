"""Compares what clients were told with what every service holds; finds what is lost or doubled.

It looks from outside, as the database's administrator, past row-level security.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import asyncpg
import orjson

from services.casework.projections.timeline import entry_from
from shared.events.casework import CaseworkEvent
from shared.events.referral import ReferralEvent
from shared.messaging.cloudevents import from_document
from tests.system.load import Told
from tests.system.running_stack import RunningStack

Row = dict[str, Any]

QUERIES = {
    "referral": "SELECT id, referred_by FROM referral.referral",
    "handoff": "SELECT referral_id, state, accepted_by FROM referral.handoff",
    "journal": "SELECT position, event_id, subject, body FROM referral.journal ORDER BY position",
    "casework journal": "SELECT body FROM casework.journal ORDER BY position",
    "outbox": "SELECT id FROM referral.outbox",
    "intake": "SELECT referral_id, state FROM casework.intake",
    "participant": "SELECT id FROM casework.participant",
    "entry": (
        "SELECT id, source_kind, source_id, programme_id, referral_id, kind, happened_at, version,"
        " detail FROM casework.timeline_entry"
    ),
    "notice": "SELECT referral_id, kind FROM notify.notice WHERE kind = 'referral_arrived'",
    "failed": (
        "SELECT consumer, error, state FROM casework.failed_delivery"
        " UNION ALL SELECT consumer, error, state FROM notify.failed_delivery"
    ),
}


async def holdings(stack: RunningStack) -> dict[str, list[Row]]:
    """Return every row that matters, of all services."""
    connection = await asyncpg.connect(stack.admin_database_url)
    try:
        return {
            name: [dict(row) for row in await connection.fetch(query)]
            for name, query in QUERIES.items()
        }
    finally:
        await connection.close()


def discrepancies(told: Told, held: dict[str, list[Row]]) -> list[str]:
    """Return everything that is lost, doubled or different; empty means that all is well."""
    return [
        *told.surprises,
        *_answers(told, held),
        *_journal(told, held),
        *_effects(told, held),
        *_timeline(held),
    ]


def _answers(told: Told, held: dict[str, list[Row]]) -> Iterator[str]:
    stored = {row["id"]: row["referred_by"] for row in held["referral"]}
    if stored != told.sent:
        yield f"{len(stored)} referrals are stored, {len(told.sent)} were sent"
    for referral_id, receipts in told.receipts.items():
        if len(receipts) != 1:
            yield f"{referral_id} was answered in {len(receipts)} ways"
    accepted = {
        row["referral_id"]: row["accepted_by"]
        for row in held["handoff"]
        if row["state"] == "accepted"
    }
    if accepted != told.accepted:
        yield f"{len(accepted)} handoffs are accepted, {len(told.accepted)} were told so"


def _journal(told: Told, held: dict[str, list[Row]]) -> Iterator[str]:
    positions = [row["position"] for row in held["journal"]]
    if positions != list(range(1, len(positions) + 1)):
        yield "the journal has a gap"
    if held["outbox"]:
        yield f"{len(held['outbox'])} events never left the outbox"
    subjects = Counter(row["subject"] for row in held["journal"])
    expected = {
        f"deflection.{fact}.v1": len(told.sent)
        for fact in (
            *("referral.created", "referral.eligibility_decided"),
            *("handoff.requested", "handoff.offered"),
        )
    } | {"deflection.handoff.accepted.v1": len(told.accepted)}
    if subjects != {name: count for name, count in expected.items() if count}:
        yield f"the journal tells {dict(subjects)} instead of {expected}"


def _effects(told: Told, held: dict[str, list[Row]]) -> Iterator[str]:
    for name in ("intake", "notice"):
        counts = Counter(row["referral_id"] for row in held[name])
        if lost := told.sent.keys() - counts.keys():
            yield f"{len(lost)} referrals have no {name}"
        if doubled := [each for each, count in counts.items() if count > 1]:
            yield f"{len(doubled)} referrals have more than one {name}"
    if len(held["participant"]) != len(told.sent):
        yield f"{len(held['participant'])} participants for {len(told.sent)} referrals"
    if waiting := [row for row in held["intake"] if row["state"] != "ready"]:
        yield f"{len(waiting)} intakes never got their identity"
    for row in held["failed"]:
        if row["state"] != "handled":
            yield f"{row['consumer']} gave up: {row['error']} ({row['state']})"


def _timeline(held: dict[str, list[Row]]) -> Iterator[str]:
    """Yield if the table differs from what reading the journal anew gives."""
    bodies = [row["body"] for name in ("journal", "casework journal") for row in held[name]]
    events = [from_document(orjson.loads(body)) for body in bodies]
    told = (ReferralEvent, CaseworkEvent)
    rebuilt = [asdict(entry_from(event)) for event in events if isinstance(event, told)]
    stored = [{**row, "detail": orjson.loads(row["detail"])} for row in held["entry"]]
    for rows in (stored, rebuilt):
        rows.sort(key=lambda row: str(row["id"]))
    if stored != rebuilt:
        yield f"the timeline ({len(stored)} entries) is not its rebuild ({len(rebuilt)})"
