"""Who an intake is about: fetched by casework itself, kept encrypted, shown to the team."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from services.casework.handlers.referral import open_intake_for_referral
from services.casework.worker import make_work
from shared.events.referral import ReferralCreated
from shared.http.service_token import ServiceTokens
from shared.messaging.cloudevents import from_document
from shared.messaging.tasks import do_next
from shared.service import Means
from tests.identity import ISSUER
from tests.service.apps import ServiceApp, running_app, settings_of
from tests.service.casework.intakes import arrived
from tests.service.referral.referrals import FULL, MINIMAL, disguises, made

IDENTITY = {name: each for name, each in FULL.items() if name != "pathway"}


@pytest.fixture
async def referral(app: ServiceApp) -> AsyncIterator[ServiceApp]:
    """The referral service beside casework: same database server, same provider."""
    async with running_app("referral", app.database, app.provider) as running:
        yield running


class Away(httpx.AsyncBaseTransport):
    """Where a service would be reached that is not there."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody listens", request=request)


async def fetch(app: ServiceApp, *, asking: httpx.AsyncBaseTransport) -> bool:
    """Do one of the tasks that wait, as the service's worker does."""
    await app.rows("UPDATE task SET try_at = now() RETURNING 1")
    tokens = ServiceTokens(
        ISSUER, "casework", app.provider.secrets["casework"], transport=app.provider
    )
    async with httpx.AsyncClient(transport=asking) as http:
        means = Means(
            service="casework",
            sessions=app.sessions,
            tokens=tokens,
            http=http,
            vault=app.app.state.vault,
        )
        work = make_work(settings_of("casework", app.database), means)
        done = await do_next(app.sessions, work.calls, service="casework")
    await tokens.aclose()
    return done


def reached(referral: ServiceApp) -> httpx.ASGITransport:
    return httpx.ASGITransport(referral.app)


async def made_and_arrived(app: ServiceApp, referral: ServiceApp, body: object = None) -> UUID:
    """Make a referral at its own service, and have its own event arrive at casework."""
    await made(referral, body or FULL)
    [(document,)] = await referral.rows(
        "SELECT body FROM outbox WHERE subject = :created ORDER BY id DESC LIMIT 1",
        created=ReferralCreated.subject,
    )
    event = from_document(document)
    assert isinstance(event, ReferralCreated)
    await open_intake_for_referral(event, app.sessions)
    return event.referral_id


async def shown(app: ServiceApp, referral_id: UUID) -> tuple[str, object]:
    found = (await app.as_("manager-fern").get(f"/intakes/{referral_id}")).json()
    return found["state"], found["identity"]


async def test_the_identity_follows_by_a_call_of_caseworks_own(
    app: ServiceApp, referral: ServiceApp
) -> None:
    referral_id = await made_and_arrived(app, referral)
    assert await shown(app, referral_id) == ("identity_arriving", None)

    assert await fetch(app, asking=reached(referral))

    assert await shown(app, referral_id) == ("ready", IDENTITY)
    assert await app.count("task") == 0
    audited = [row[:4] for row in await referral.audited()]
    assert ("casework", "read_identity_packet", str(referral_id), "allowed") in audited


async def test_the_identity_is_kept_encrypted_and_told_in_no_event_and_no_log_line(
    app: ServiceApp, referral: ServiceApp, capsys: pytest.CaptureFixture[str]
) -> None:
    referral_id = await made_and_arrived(app, referral)
    await fetch(app, asking=reached(referral))
    await shown(app, referral_id)

    kept, printed = await app.everything(), capsys.readouterr().out
    assert str(referral_id) in kept
    for personal in ("Test Participant Birch", "1990-01-31", "555-0142", "bus stop", "Comma"):
        for disguise in disguises(personal):
            assert disguise not in kept, disguise
            assert disguise not in printed, disguise


async def test_while_the_referral_service_is_away_the_intake_stands_and_the_call_waits(
    app: ServiceApp, referral: ServiceApp
) -> None:
    referral_id = await made_and_arrived(app, referral)

    assert await fetch(app, asking=Away())
    assert await shown(app, referral_id) == ("identity_arriving", None)
    [(attempts, error)] = await app.rows("SELECT attempts, last_error FROM task")
    assert (attempts, error) == (1, "TransientError: the referral service cannot be reached")

    await fetch(app, asking=reached(referral))
    assert await shown(app, referral_id) == ("ready", IDENTITY)


async def test_a_packet_of_another_programme_is_not_handed_over(
    app: ServiceApp, referral: ServiceApp
) -> None:
    referral_id = await made(referral, FULL, who="officer-aspen")
    await arrived(app, referral_id=referral_id, programme_id="alder-county")

    await fetch(app, asking=reached(referral))

    assert await shown(app, referral_id) == ("identity_arriving", None)
    [(error,)] = await app.rows("SELECT last_error FROM task")
    assert error == "TransientError: the referral service answered 404"


@pytest.mark.parametrize("content", [b"", b"<p>Please sign in.</p>", b'["a list"]', b"null"])
async def test_what_is_no_packet_is_not_kept_as_one(
    app: ServiceApp, referral: ServiceApp, content: bytes
) -> None:
    referral_id = await made_and_arrived(app, referral)

    await fetch(app, asking=httpx.MockTransport(lambda _: httpx.Response(200, content=content)))
    assert await shown(app, referral_id) == ("identity_arriving", None)

    await fetch(app, asking=reached(referral))
    assert await shown(app, referral_id) == ("ready", IDENTITY)


async def test_two_fields_are_an_identity_too(app: ServiceApp, referral: ServiceApp) -> None:
    referral_id = await made_and_arrived(app, referral, MINIMAL)

    await fetch(app, asking=reached(referral))

    state, identity = await shown(app, referral_id)
    assert isinstance(identity, dict)
    assert (state, identity["need"]) == ("ready", "substance_use")


async def test_a_list_shows_nobodys_identity(app: ServiceApp, referral: ServiceApp) -> None:
    await made_and_arrived(app, referral)
    await fetch(app, asking=reached(referral))

    listed = await app.as_("manager-fern").get("/intakes")

    assert listed.json()["items"][0]["state"] == "ready"
    assert "Birch" not in listed.text
