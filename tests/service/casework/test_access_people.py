"""Who might be one person, and the timeline as it grows: who is answered, and who is not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from starlette.types import ASGIApp, Message

from tests.service.access_tables import filled, named_nowhere
from tests.service.apps import (
    NO_ID,
    SENTINEL,
    Bad,
    Route,
    ServiceApp,
    check_answers,
    check_missing,
    check_purpose_refused,
    is_correction,
    same_refusal,
)
from tests.service.casework.intakes import participant_of
from tests.service.casework.test_linking import BIRCH, BURCH, candidates, linked, referred

CARE = "care_coordination"
MANAGES = {"coordinator-juniper": 200, "manager-fern": 200}
MAY = MANAGES | {"peer-willow": 200, "peer-rowan": 200}
LIST = Route("GET", "/match-candidates", CARE, MAY | {"manager-cedar": 200})
LINK = {"decision": "link"}
OF_ONE = (
    Route("GET", "/intakes/{referral}/match-candidates", CARE, MAY),
    Route("PUT", "/match-candidates/{candidate}/decision", CARE, MAY, LINK),
    Route("PUT", "/participants/{participant}/referrals/{referral}/split", CARE, MANAGES),
)
STREAM = Route("GET", "/participants/{participant}/timeline/stream", CARE, MAY)
ROUTES = (LIST, *OF_ONE, STREAM)
SPLIT = f"/participants/{NO_ID}/referrals/{SENTINEL}/split"
BAD = (
    Bad("/match-candidates", "query.state", params={"state": SENTINEL}),
    Bad(f"/intakes/{SENTINEL}/match-candidates", "path.referral_id"),
    Bad(f"/match-candidates/{SENTINEL}/decision", "path.candidate_id", "PUT", body=LINK),
    Bad(f"/match-candidates/{NO_ID}/decision", "body.decision", "PUT", body={"decision": SENTINEL}),
    Bad(SPLIT, "path.referral_id", "PUT"),
    Bad(f"/participants/{SENTINEL}/timeline/stream", "path.participant_id"),
)


class LeavesEarly(httpx.AsyncBaseTransport):
    """Asks the application in memory, and goes away as soon as an endless answer has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked, gone = asyncio.Event(), asyncio.Event()
        begun: Message = {}
        content = b""

        async def receive() -> Message:
            if not asked.is_set():
                asked.set()
                return {"type": "http.request"}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal begun, content
            if message["type"] == "http.response.start":
                begun = message
                if message["status"] == httpx.codes.OK:
                    gone.set()
            else:
                content += message.get("body", b"")

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path,
            "query_string": request.url.query,
            "root_path": "",
            "server": (request.url.host, 80),
            "client": ("127.0.0.1", 1),
        }
        await self._app(scope, receive, send)
        return httpx.Response(begun["status"], headers=begun["headers"], content=content)


@pytest.fixture
async def leaving(app: ServiceApp) -> AsyncIterator[ServiceApp]:
    """The same service, asked by people who do not wait for the end of a stream."""
    transport = LeavesEarly(app.app)
    async with httpx.AsyncClient(transport=transport, base_url=app.http.base_url) as http:
        yield replace(app, http=http)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have two referrals that were linked to one person; return the ids."""
    first, again = await referred(app, BIRCH), await referred(app, BURCH)
    await linked(app, again)
    [candidate] = await candidates(app, again)
    return {
        "referral": str(again.referral_id),
        "participant": str(await participant_of(app, first.referral_id)),
        "candidate": candidate["id"],
    }


async def test_the_list_answers_those_whose_work_it_is_and_nobody_else(app: ServiceApp) -> None:
    await check_answers(app, LIST)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_is_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)

    refused = await check_answers(app, filled(route, ids))

    [nothing] = named_nowhere([route])
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_a_stream_opens_for_those_whose_work_it_is_and_is_missing_to_everybody_else(
    app: ServiceApp, leaving: ServiceApp
) -> None:
    ids = await world(app)

    refused = await check_answers(leaving, filled(STREAM, ids))

    [nothing] = named_nowhere([STREAM])
    await check_missing(leaving, nothing, missing=nothing.path, refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for route in named_nowhere(ROUTES):
        for purpose in ("referral", "operations", "nonsense"):
            await check_purpose_refused(app, route, purpose=purpose)


async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for bad in BAD:
        answer = await app.as_("manager-fern").ask(
            bad.method, bad.path, params=bad.params, json=bad.body
        )
        assert is_correction(answer, where=bad.where), bad


async def test_an_enforcement_function_reaches_nothing_whatever_else_the_token_says(
    app: ServiceApp,
) -> None:
    ids = await world(app)
    officer = app.as_forged(roles=["case_manager", "coordinator", "peer"])
    found = []
    for route in ROUTES:
        asked = filled(route, ids)
        found.append(await officer.ask(asked.method, asked.path, json=asked.body))

    assert same_refusal(found)
