"""Between the ceiling and ours: a timeline page behind the walls alone, made in two ways.

One transaction as the service's own role, with its scope, the audit entry of the reading and the
page by `json_agg`: first on the driver, by hand, then by the services' sessions. Neither has a
token, a policy, a check of what is asked, or a log.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from uuid_utils.compat import uuid7

from shared.db.session import SET_SCOPE, Scope, connect

SCOPE = Scope("alder-county", "manager-fern")
AUDITED_PAGE = """
WITH audit AS (
    INSERT INTO audit_entry
        (id, actor_id, function, programme_id, purpose, action, resource_kind, resource_id,
         outcome, reason, request_id)
    VALUES (CAST(:id AS uuid), 'manager-fern', 'care', 'alder-county', 'care_coordination',
            'read_timeline', 'Participant', CAST(:participant_id AS uuid)::text, 'allowed',
            'team_reads_timelines', 'a-request')
)
SELECT json_agg(page)::text FROM (
    SELECT id, source_kind, source_id, referral_id, kind, happened_at, detail
    FROM timeline_entry JOIN participant_referral USING (referral_id)
    WHERE participant_id = CAST(:participant_id AS uuid)
    ORDER BY happened_at DESC, id DESC LIMIT CAST(:limit AS integer)
) AS page
"""
BY_SESSION = text(AUDITED_PAGE)
BY_HAND = (
    AUDITED_PAGE.replace(":id ", "$1 ").replace(":participant_id", "$2").replace(":limit", "$3")
)

router = APIRouter()


@asynccontextmanager
async def walled(state: Any, *, pool: int) -> AsyncIterator[None]:
    """Connect as the service does, in both ways, while the block runs."""
    url = os.environ["APP_URL"]
    plain = url.replace("postgresql+asyncpg://", "postgresql://")
    state.app_pool = await asyncpg.create_pool(plain, min_size=pool, max_size=pool)
    state.sessions = connect(url, pool_size=pool)
    yield
    await state.sessions.close()
    await state.app_pool.close()


@router.get("/by-hand/participants/{participant_id}/timeline")
async def get_by_hand(request: Request, participant_id: UUID, limit: int) -> Response:
    async with request.app.state.app_pool.acquire() as connection, connection.transaction():
        await connection.fetch(SET_SCOPE, SCOPE.programme_id, SCOPE.actor_id)
        found = await connection.fetchval(BY_HAND, uuid7(), participant_id, limit)
    return Response(found, media_type="application/json")


@router.get("/by-session/participants/{participant_id}/timeline")
async def get_by_session(request: Request, participant_id: UUID, limit: int) -> Response:
    asked = {"id": uuid7(), "participant_id": participant_id, "limit": limit}
    async with request.app.state.sessions.begin(SCOPE) as session:
        found = (await session.execute(BY_SESSION, asked)).scalar_one()
    return Response(found, media_type="application/json")
