"""A timeline as it grows, read over a real connection: each line once, and soon."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from sqlalchemy import event
from uuid_utils.compat import uuid7

from services.casework.handlers.referral import project_handoffs
from shared.events.referral import HandoffEscalated, ReferralEligibilityDecided
from tests.builders import NOON, a_handoff_escalated, a_story, an
from tests.service.apps import NO_ID, ServiceApp
from tests.service.casework.gate import ask_grant, consented, referred, say_yes
from tests.service.casework.intakes import handled, pages, participant_of
from tests.service.casework.records import restrict

SOON = 5.0  # seconds after which something is taken never to come


@dataclass
class Served:
    """The application behind a real socket, which streams and notices who goes."""

    app: ServiceApp
    server: uvicorn.Server
    url: str

    @asynccontextmanager
    async def reading(
        self,
        participant_id: UUID,
        *,
        who: str = "coordinator-juniper",
        token: str = "",
        **headers: str,
    ) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Open the stream; yield its lines as they come."""
        token = token or await self.app.token(who)
        sent = {"Authorization": f"Bearer {token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"{self.url}/participants/{participant_id}/timeline/stream"
        async with (
            httpx.AsyncClient(timeout=SOON) as http,
            http.stream("GET", path, headers=sent) as answer,
        ):
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            assert answer.headers["Cache-Control"] == "no-store"
            yield lines(answer)

    async def until_nobody_reads(self) -> None:
        async with asyncio.timeout(SOON):
            while self.server.server_state.tasks:
                await asyncio.wait(set(self.server.server_state.tasks))


async def lines(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Yield each event's data; its id is the line's."""
    found: dict[str, str] = {}
    async for text in answer.aiter_lines():
        name, _, value = text.partition(": ")
        if text and name:
            found[name] = value
        elif "data" in found:
            line: dict[str, Any] = json.loads(found["data"])
            assert (line["id"], found["event"]) == (found["id"], "line")
            yield line
            found = {}


@pytest.fixture
async def served(app: ServiceApp) -> AsyncIterator[Served]:
    config = uvicorn.Config(app.app, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(SOON):
        while not server.started:  # noqa: ASYNC110 - uvicorn says it in no other way
            await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(app, server, f"http://127.0.0.1:{port}")
    server.should_exit = True
    await running


async def a_person(app: ServiceApp) -> tuple[UUID, UUID]:
    """Have somebody with a short timeline; return the referral and the participant."""
    story = a_story()
    await handled(app, story)
    referral_id = story[0].aggregate_id
    return referral_id, await participant_of(app, referral_id)


async def added(app: ServiceApp, referral_id: UUID, **overrides: Any) -> HandoffEscalated:
    told = a_handoff_escalated(referral_id=referral_id, **overrides)
    await project_handoffs([told], app.sessions)
    return told


async def test_a_new_line_reaches_an_open_stream_within_a_second(served: Served) -> None:
    referral_id, participant_id = await a_person(served.app)

    async with served.reading(participant_id) as stream:
        for _ in range(3):
            told = await added(served.app, referral_id)
            committed = time.monotonic()
            line = await anext(stream)
            assert time.monotonic() - committed < 1
            assert (line["id"], line["kind"]) == (str(told.event_id), "handoff_escalated")


async def test_each_line_comes_once_also_what_tells_of_long_ago(served: Served) -> None:
    referral_id, participant_id = await a_person(served.app)

    async with served.reading(participant_id) as stream:
        earlier = await added(served.app, referral_id, occurred_at=NOON.replace(year=2020))
        first = await anext(stream)
        later = [await added(served.app, referral_id) for _ in range(3)]
        await project_handoffs([earlier, *later], served.app.sessions)
        rest = [await anext(stream) for _ in later]
        last = await added(served.app, referral_id)

        assert first["id"] == str(earlier.event_id)
        assert {each["id"] for each in rest} == {str(each.event_id) for each in later}
        assert (await anext(stream))["id"] == str(last.event_id)


async def test_who_lost_the_connection_misses_nothing_however_long_ago_it_tells_of(
    served: Served,
) -> None:
    referral_id, participant_id = await a_person(served.app)
    await served.app.rows(
        "UPDATE timeline_entry SET added_at = added_at - interval '61 seconds' RETURNING id"
    )
    seen = await added(served.app, referral_id, occurred_at=NOON.replace(year=2030))
    missed = [
        await added(served.app, referral_id, occurred_at=NOON.replace(year=year))
        for year in (2020, 2031)
    ]

    async with served.reading(participant_id, Last_Event_Id=str(seen.event_id)) as stream:
        found = [(await anext(stream))["id"] for _ in missed]
        assert found == [str(each.event_id) for each in missed]
        fresh = await added(served.app, referral_id)
        assert (await anext(stream))["id"] == str(fresh.event_id)
    async with served.reading(participant_id, Last_Event_Id=NO_ID) as stream:
        new = await added(served.app, referral_id)
        assert (await anext(stream))["id"] == str(new.event_id)


async def test_an_open_stream_ends_at_once_when_the_process_is_asked_to_stop(
    served: Served,
) -> None:
    _, participant_id = await a_person(served.app)

    async with served.reading(participant_id) as stream:
        served.app.app.state.stopping.set()
        began = time.monotonic()
        assert [line async for line in stream] == []

    assert time.monotonic() - began < 2


async def test_a_stream_ends_with_its_token(served: Served) -> None:
    _, participant_id = await a_person(served.app)
    # Ten seconds of leeway are given to clocks that differ; nine of them are gone.
    token = served.app.provider.forge(
        sub="coordinator-juniper", function="care", roles=["coordinator"], exp=int(time.time()) - 8
    )

    async with asyncio.timeout(SOON), served.reading(participant_id, token=token) as stream:
        assert [line async for line in stream] == []


async def test_a_stream_ends_when_the_record_is_closed_to_its_reader(served: Served) -> None:
    _, participant_id = await a_person(served.app)

    async with asyncio.timeout(SOON), served.reading(participant_id, who="peer-willow") as stream:
        await restrict(served.app, participant_id, "coordinator-juniper")
        assert [line async for line in stream] == []


async def test_a_reader_who_goes_is_noticed_and_nothing_is_held(served: Served) -> None:
    _, participant_id = await a_person(served.app)

    async with served.reading(participant_id):
        assert served.server.server_state.tasks

    await served.until_nobody_reads()
    pool = served.app.sessions.engine.pool
    assert pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool has it


async def test_a_silent_stream_is_kept_alive(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    _, participant_id = await a_person(served.app)
    token = await served.app.token("peer-willow")
    path = f"{served.url}/participants/{participant_id}/timeline/stream"
    headers = {"Authorization": f"Bearer {token}"}

    async with (
        httpx.AsyncClient(timeout=SOON) as http,
        http.stream("GET", path, headers=headers) as answer,
    ):
        assert await anext(answer.aiter_lines()) == ": ping"


async def test_an_open_stream_holds_no_transaction(served: Served) -> None:
    referral_id, participant_id = await a_person(served.app)
    begun = 0

    @event.listens_for(served.app.sessions.engine.sync_engine, "begin")
    def _count(_: object) -> None:
        nonlocal begun
        begun += 1

    async with served.reading(participant_id) as stream:
        for _ in range(2):
            await added(served.app, referral_id)
            await anext(stream)
        own = await served.app.rows(
            "SELECT 1 FROM pg_stat_activity WHERE usename = 'casework_app' AND xact_start"
            " < now() - interval '400 milliseconds'"
        )

    assert own == []
    assert begun > 4, "each look is a transaction of its own"


async def test_opening_is_audited_once_and_only_whose_work_it_is_may(served: Served) -> None:
    referral_id, participant_id = await a_person(served.app)
    async with served.reading(participant_id, who="peer-willow") as stream:
        await added(served.app, referral_id)
        await anext(stream)
    refused = [
        await served.app.as_(who).get(f"/participants/{participant_id}/timeline/stream")
        for who in ("operator-spruce", "officer-hemlock", "manager-cedar")
    ]
    missing = await served.app.as_("peer-willow").get(f"/participants/{NO_ID}/timeline/stream")
    untold = await served.app.as_(None).get(f"/participants/{participant_id}/timeline/stream")
    wrong = await served.app.as_("peer-willow").get(
        f"/participants/{participant_id}/timeline/stream", headers={"Last-Event-ID": "x"}
    )

    assert {(each.status_code, each.content) for each in refused} == {(404, missing.content)}
    assert (untold.status_code, wrong.status_code) == (401, 422)
    entries = [(row[0], row[1], row[3]) for row in await served.app.audited()]
    assert entries[0] == ("peer-willow", "read_timeline", "allowed")
    assert {entry[2] for entry in entries[1:]} == {"denied"}
    assert len(entries) == 5


async def test_a_peer_is_spared_what_a_case_manager_reads_and_pages_stay_full(
    served: Served,
) -> None:
    app = served.app
    referral_id = await referred(app)
    participant_id = await participant_of(app, referral_id)
    path = f"/participants/{participant_id}/timeline"
    await consented(app, referral_id)
    async with (
        served.reading(participant_id, who="peer-willow") as peers,
        served.reading(participant_id) as managers,
    ):
        decided = an(ReferralEligibilityDecided, aggregate_id=uuid7(), referral_id=referral_id)
        await handled(app, [decided])
        agreed = await say_yes(app, referral_id)
        await ask_grant(app, agreed.json()["id"])
        await added(app, referral_id)
        full = {(await anext(managers))["kind"] for _ in range(4)}
        spared = {(await anext(peers))["kind"] for _ in range(2)}

    assert full - spared == {"referral_eligibility_decided", "disclosure_made"}
    assert "handoff_escalated" in spared
    found = [items async for items in pages(app, path, limit=2, who="peer-willow")]
    assert [len(items) for items in found[:-1]] == [2] * (len(found) - 1)
    kinds = {each["kind"] for items in found for each in items}
    assert kinds.isdisjoint({"referral_eligibility_decided", "disclosure_made"})
    whole = [items async for items in pages(app, path, limit=100, who="coordinator-juniper")]
    assert {each["kind"] for each in whole[0]} - kinds == full - spared
