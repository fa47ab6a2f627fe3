"""What `docker-compose.yml` says, run without Docker: from nothing to a referral on a timeline."""

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.client.casework import Casework
from deploy.client.referral import Referral
from deploy.client.referral.bodies import ReferralBody
from tests.system.composed import Composed
from tests.system.until import until_sync

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    running = Composed(tmp_path_factory.mktemp("composed"))
    try:
        for name in running.order():
            running.start(name)
            running.await_ready(name)
        yield running
    finally:
        running.end()


def client(composed: Composed, service: str, who: str) -> httpx.Client:
    """Return an HTTP client that asks as somebody, from outside, by the published port."""
    clients = composed.folder / "volumes" / "secrets-identity" / "clients.json"
    secret = json.loads(clients.read_text("utf-8"))[who]
    token = httpx.post(
        f"{composed.url('identity')}/token",
        data={"grant_type": "client_credentials"},
        auth=(who, secret),
    ).raise_for_status()
    headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
    return httpx.Client(base_url=composed.url(service), headers=headers)


def timeline(composed: Composed, referral_id: UUID) -> list[str]:
    """Return the kinds of lines of whom the referral is about, as a case manager sees them."""
    with client(composed, "casework", "manager-fern") as http:
        casework = Casework(http)
        intakes = casework.get_intakes().items
        found = [each.participant_id for each in intakes if each.referral_id == referral_id]
        return [line.kind for who in found for line in casework.get_timeline(who).items]


@pytest.fixture(scope="module")
def referral_id(composed: Composed) -> UUID:
    made = uuid7()
    body = ReferralBody(pathway="officer_referral", need="substance_use")
    with client(composed, "referral", "officer-hemlock") as http:
        Referral(http).put_referral(made, body)
    return made


def test_a_referral_reaches_the_timeline(composed: Composed, referral_id: UUID) -> None:
    until_sync(lambda: "referral_created" in timeline(composed, referral_id), within=30)


def test_everything_answers_at_the_port_it_publishes(composed: Composed) -> None:
    published = [name for name, each in composed.services.items() if "ports" in each]
    assert published == ["identity", "mailbox", "referral", "casework", "notify"]
    for name in published:
        assert httpx.get(f"{composed.url(name)}/health").status_code == 200


def test_a_service_sees_its_own_secrets_and_nobody_elses(composed: Composed) -> None:
    for name in ("referral", "casework", "notify"):
        seen = sorted(each.name for each in (composed.folder / "roots" / name).glob("secrets/*"))
        assert seen == [name]


def test_nats_runs_on_the_file_that_was_prepared(composed: Composed) -> None:
    prepared = composed.folder / "volumes" / "secrets-nats" / "nats.conf"
    users = [each["user"] for each in json.loads(prepared.read_text())["authorization"]["users"]]
    assert users == ["referral", "casework", "notify", "listener"]
    assert f"--config={composed.folder}/roots/nats/secrets/nats/nats.conf" in composed.command(
        "nats"
    )


def test_the_jobs_can_run_again_and_change_no_secret(composed: Composed) -> None:
    volumes = composed.folder / "volumes"
    files = [each for each in volumes.glob("secrets-*/*") if each.is_file()]
    before = {each: each.read_text("utf-8") for each in files}
    for job in ("secrets", "database"):
        composed.start(job)
        composed.await_ready(job)
    assert len(before) > 20
    assert {each: each.read_text("utf-8") for each in files} == before


def test_a_service_stops_in_its_grace_and_goes_on_where_it_was(
    composed: Composed, referral_id: UUID
) -> None:
    assert composed.stop("casework") in {0, -signal.SIGTERM}
    composed.start("casework")
    composed.await_ready("casework")
    assert "referral_created" in timeline(composed, referral_id)


def test_a_setting_that_there_is_not_stops_the_start_with_a_sentence(composed: Composed) -> None:
    stated = composed.services["notify"]["environment"]
    misspelled = {name.replace("SMTP_URL", "SMTP_URI"): value for name, value in stated.items()}
    other = replace(composed, services={**composed.services})
    other.services["misspelled"] = {**composed.services["notify"], "environment": misspelled}
    other.start("misspelled")
    assert other.processes.pop("misspelled").wait(30) == 1
    said = other.said("misspelled")
    assert "NOTIFY_SMTP_URI" in said
    assert len(said.strip().splitlines()) == 1
