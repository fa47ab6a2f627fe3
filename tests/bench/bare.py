"""The ceilings of requests: bare FastAPI routes, one asyncpg statement of the same rows each."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI, Response
from pydantic import UUID7
from uuid_utils.compat import uuid7

from services.casework.schemas.work import ContactBody
from services.referral.schemas.referrals import ReferralBody
from tests.bench.bare_walls import router as bare_walls
from tests.bench.bare_walls import walled

POOL = 8  # as the services have
EVENT = orjson.dumps(
    {
        "specversion": "1.0",
        "type": "deflection.referral.created.v1",
        "source": "/handoff/referral",
        "datacontenttype": "application/json",
        "id": "0190a5d0-e1c3-7000-8000-000000000000",
        "time": "2026-03-02T17:30:00Z",
        "programmeid": "alder-county",
        "aggregateid": "0190a5d0-e1c3-7000-8000-000000000000",
        "aggregateversion": 1,
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "requestid": "0190a5d0-e1c3-7000-8000-000000000000",
        "data": {"referral_id": "0190a5d0-e1c3-7000-8000-000000000000"},
    }
).decode()

AUDIT = """
INSERT INTO {schema}.audit_entry
    (id, actor_id, function, programme_id, purpose, action, resource_kind, resource_id, outcome,
     reason, request_id)
VALUES ($2, 'officer-hemlock', 'enforcement', 'alder-county', 'referral', 'create_referral',
        'Referral', $1::uuid::text, 'allowed', 'first_responder_creates_referral', 'a-request')
"""
CLAIM = """
INSERT INTO {schema}.idempotency_key (actor_id, key, fingerprint, resource_id)
VALUES ('officer-hemlock', 'bare/' || $1::uuid::text, $3, $1)
"""
REFERRAL = f"""
WITH audit AS ({AUDIT.format(schema="referral")}), claim AS ({CLAIM.format(schema="referral")}),
made AS (
    INSERT INTO referral.referral
        (id, programme_id, agency_id, referred_by, pathway, version, received_at)
    VALUES ($1, 'alder-county', 'hemlock-police', 'officer-hemlock', 'officer_intervention', 1, $4)
), key AS (
    INSERT INTO referral_vault.data_key (subject_id, version, wrapped) VALUES ($1, 1, $5)
), packet AS (
    INSERT INTO referral.identity_packet (referral_id, programme_id, ciphertext)
    VALUES ($1, 'alder-county', $6)
), judged AS (
    INSERT INTO referral.eligibility
        (referral_id, programme_id, policy_id, policy_version, result, reason_codes, decided_at)
    VALUES ($1, 'alder-county', 'multnomah', 1, 'eligible', '[]', $4)
), asked AS (
    INSERT INTO referral.handoff
        (id, referral_id, programme_id, state, rung, version, requested_at, moved_at)
    VALUES ($7, $1, 'alder-county', 'offered', 1, 2, $4, $4)
), offered AS (
    INSERT INTO referral.offer (handoff_id, staff_id, programme_id, rung, offered_at)
    VALUES ($7, 'peer-willow', 'alder-county', 1, $4)
), timed AS (
    INSERT INTO referral.timer (id, kind, aggregate_id, programme_id, payload, due_at, try_at)
    VALUES ($8, 'call_next_rung', $7, 'alder-county', '{{"rung": 1}}', $4, $4)
)
INSERT INTO referral.outbox (event_id, subject, aggregate_id, body)
SELECT id, 'deflection.referral.created.v1', $1, body
FROM unnest($9::uuid[], $10::jsonb[]) AS event(id, body)
"""
CONTACT = f"""
WITH audit AS ({AUDIT.format(schema="casework")}), claim AS ({CLAIM.format(schema="casework")}),
logged AS (
    INSERT INTO casework.contact
        (id, programme_id, episode_id, referral_id, kind, mode_code, outcome_code, supplies,
         started_at, logged_by, logged_at)
    SELECT $1, 'alder-county', id, referral_id, 'made', 'in_person', 'reached', '{{}}', $4,
           'peer-willow', $4
    FROM casework.episode WHERE id = $5
), line AS (
    INSERT INTO casework.timeline_entry
        (id, source_kind, source_id, programme_id, referral_id, kind, happened_at, version, detail)
    SELECT $6, 'contact', $1, 'alder-county', referral_id, 'contact_made', $4, 1,
           '{{"mode_code": "in_person", "outcome_code": "reached", "logged_by": "peer-willow"}}'
    FROM casework.episode WHERE id = $5
)
INSERT INTO casework.outbox (event_id, subject, aggregate_id, body)
VALUES ($6, 'deflection.contact.made.v1', $1, $7)
"""
TIMELINE = """
SELECT json_agg(page) FROM (
    SELECT id, source_kind, source_id, referral_id, kind, happened_at, detail
    FROM casework.timeline_entry JOIN casework.participant_referral USING (referral_id)
    WHERE participant_id = $1 ORDER BY happened_at DESC, id DESC LIMIT $2
) AS page
"""


@asynccontextmanager
async def _pooled(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["DSN"], min_size=POOL, max_size=POOL)
    async with walled(app.state, pool=POOL):
        yield
    await app.state.pool.close()


app = FastAPI(lifespan=_pooled)
app.include_router(bare_walls)


@app.get("/health")
async def get_health() -> None:
    """Answer."""


@app.put("/referrals/{referral_id}", status_code=201)
async def put_referral(referral_id: UUID7, body: ReferralBody) -> dict[str, Any]:
    now = datetime.now(UTC)
    sealed = body.packet()
    events = [uuid7() for _ in range(4)]
    await app.state.pool.execute(
        REFERRAL,
        *(referral_id, uuid7(), bytes(32), now, bytes(80), sealed, uuid7(), uuid7()),
        *(events, [EVENT] * len(events)),
    )
    return {"id": referral_id, "received_at": now}


@app.put("/contacts/{contact_id}", status_code=201)
async def put_contact(contact_id: UUID7, body: ContactBody) -> dict[str, Any]:
    now = datetime.now(UTC)
    await app.state.pool.execute(
        CONTACT, contact_id, uuid7(), bytes(32), now, body.episode_id, uuid7(), EVENT
    )
    return {**body.model_dump(), "id": contact_id, "logged_at": now}


@app.get("/participants/{participant_id}/timeline")
async def get_timeline(participant_id: UUID, limit: int) -> Response:
    found = await app.state.pool.fetchval(TIMELINE, participant_id, limit)
    return Response(found, media_type="application/json")
