"""An officer's outcome notice: nothing without a grant, and nothing twice."""

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from shared.events.casework import MilestoneReached
from tests.builders import an
from tests.service.apps import ServiceApp
from tests.service.notify.working import (
    addressed,
    casework_answering,
    ledger,
    mail_server,
    now,
    told,
    work_of,
    work_once,
)

DISCLOSURE = str(uuid7())
OUTCOME = f"/disclosures/{DISCLOSURE}/outcome"
NO_BASIS = (409, {"type": "/problems/no-basis", "title": "No", "status": 409})
NOBODY = [(None, "list", "suppressed", "no_basis")]


def grant(**others: Any) -> tuple[int, dict[str, Any]]:
    body = {
        "disclosure_id": DISCLOSURE,
        "expires_at": (now() + timedelta(seconds=5)).isoformat(),
        "recipient_id": "officer-hemlock",
        "kind": "connected",
        "words": {"en": "Connected.", "es": "En contacto."},
        "statement": 1,
    }
    return 200, body | others


def reached(**others: Any) -> MilestoneReached:
    return an(MilestoneReached, notice_id=uuid7(), **others)


async def notices_of(app: ServiceApp, who: str) -> list[dict[str, Any]]:
    found = await app.as_(who, purpose="referral").get("/notices")
    assert found.status_code == 200
    return list(found.json()["items"])


@pytest.mark.parametrize("statement", [1, "42 CFR part 2", {"version": 1, "words": {"en": "x"}}])
async def test_a_granted_notice_reaches_the_officer_in_closed_words(
    app: ServiceApp, statement: object
) -> None:
    event = reached()

    async with (
        casework_answering(grant(statement=statement), (200, {})) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await told(app, event, event)
        await work_once(app, work)
        await told(app, event)
        assert await work_once(app, work) == 0

    [notice] = await notices_of(app, "officer-hemlock")
    assert (notice["id"], notice["kind"]) == (str(event.notice_id), "connected")
    assert notice["text"] == "The person you referred is connected with the programme."
    assert notice["referral_id"] == str(event.referral_id)
    assert notice["statement"]["en"].startswith("42 CFR part 2 prohibits")
    assert await notices_of(app, "officer-sorrel") == []
    assert await ledger(app) == [("officer-hemlock", "list", "handed_over", None)]
    assert casework.asked == [
        ("POST", "/disclosures/grants", {"notice_id": str(event.notice_id)}),
        ("PUT", OUTCOME, {"outcome": "handed_over"}),
    ]
    for headers in casework.headers:
        assert headers["handoff-purpose"] == "service_delivery"
        assert headers["handoff-programme"] == event.programme_id
        assert headers["authorization"].startswith("Bearer ")


async def test_only_the_kind_is_kept_and_the_mail_does_not_say_it(app: ServiceApp) -> None:
    await addressed(app, "officer-hemlock")

    async with (
        casework_answering(grant(), (200, {})) as casework,
        mail_server() as server,
        work_of(app, casework=casework.port, smtp=server.port) as work,
    ):
        await told(app, reached())
        await work_once(app, work)

    [letter] = server.letters
    assert letter["Subject"] == "Handoff: There is a notice for you."
    assert "connect" not in letter.as_string().lower()
    assert "Connected." not in await app.everything()


async def test_without_a_basis_nothing_reaches_the_officer_and_the_ledger_says_why(
    app: ServiceApp,
) -> None:
    async with (
        casework_answering(NO_BASIS) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await told(app, reached())
        await work_once(app, work)
        assert await work_once(app, work) == 0

    assert await notices_of(app, "officer-hemlock") == []
    assert await ledger(app) == NOBODY
    assert len(casework.asked) == 1


async def test_while_casework_is_away_nothing_is_told_and_the_question_waits(
    app: ServiceApp,
) -> None:
    await told(app, reached())
    async with work_of(app) as work:
        await work_once(app, work)
    assert await notices_of(app, "officer-hemlock") == []
    assert await ledger(app) == [(None, "list", "planned", None)]

    async with (
        casework_answering(NO_BASIS) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await work_once(app, work)

    assert await ledger(app) == NOBODY, "what never arrived cannot have been granted"


async def test_an_unavailable_casework_is_asked_again(app: ServiceApp) -> None:
    async with (
        casework_answering((503, {}), grant(), (503, {}), (200, {})) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await told(app, reached())
        for _ in range(3):
            await work_once(app, work)

    assert len(await notices_of(app, "officer-hemlock")) == 1
    assert [path for _, path, _ in casework.asked] == ["/disclosures/grants"] * 2 + [OUTCOME] * 2
    assert await app.count("task") == 0


@pytest.mark.parametrize("lost", [None, (200, {"not": "a grant"}), (502, {})])
async def test_after_a_lost_answer_a_refusal_means_that_nobody_knows(
    app: ServiceApp, lost: tuple[int, Any] | None
) -> None:
    async with (
        casework_answering(lost, NO_BASIS) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await told(app, reached())
        await work_once(app, work)
        await work_once(app, work)
        assert await work_once(app, work) == 0

    assert await notices_of(app, "officer-hemlock") == []
    assert await ledger(app) == [(None, "list", "unknown", "answer_lost")]


async def test_a_doubt_outlasts_an_outage(app: ServiceApp) -> None:
    await told(app, reached())
    async with casework_answering(None) as casework, work_of(app, casework=casework.port) as work:
        await work_once(app, work)
    async with work_of(app) as work:
        await work_once(app, work)
    async with (
        casework_answering(NO_BASIS) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await work_once(app, work)

    assert await ledger(app) == [(None, "list", "unknown", "answer_lost")]


async def test_a_grant_that_ran_out_tells_nobody_and_casework_hears_so(app: ServiceApp) -> None:
    late = grant(expires_at=(now() - timedelta(seconds=1)).isoformat())

    async with (
        casework_answering(late, (200, {})) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await told(app, reached())
        await work_once(app, work)

    assert await notices_of(app, "officer-hemlock") == []
    assert await ledger(app) == [("officer-hemlock", "list", "suppressed", "grant_expired")]
    assert casework.asked[-1] == ("PUT", OUTCOME, {"outcome": "not_sent"})


async def test_a_word_outside_the_closed_vocabulary_is_never_told(app: ServiceApp) -> None:
    async with (
        casework_answering(grant(kind="relapsed"), NO_BASIS) as casework,
        work_of(app, casework=casework.port) as work,
    ):
        await told(app, reached())
        await work_once(app, work)
        await work_once(app, work)

    assert await notices_of(app, "officer-hemlock") == []
    assert "relapsed" not in await app.everything()
