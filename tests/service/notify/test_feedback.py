"""Released tables: fetched once, mailed with their gaps, read by whose they are."""

from typing import Any

from uuid_utils.compat import uuid7

from shared.events.casework import FeedbackPublished
from tests.builders import an
from tests.service.apps import ServiceApp
from tests.service.notify.working import (
    addressed,
    casework_answering,
    hired,
    mail_server,
    now,
    told,
    work_of,
    work_once,
)

HIDDEN_PERCENT = 17.512345678  # too long to stand in a moment by chance
ROWS: list[dict[str, Any]] = [
    {
        "measure": "referred",
        "label": {"en": "People referred", "es": "Personas derivadas"},
        "shown": True,
        "people": 40,
        "of": None,
        "percent": None,
        "why_hidden": None,
    },
    {
        "measure": "met",
        "label": {"en": "Met by the team", "es": "Recibidas por el equipo"},
        "shown": True,
        "people": 30,
        "of": 40,
        "percent": 75.0,
        "why_hidden": None,
    },
    {
        "measure": "enrolled",
        "label": {"en": "Enrolled", "es": "Inscritas"},
        "shown": False,
        "people": 7,  # must never be sent; if it is, it is not kept
        "of": 40,
        "percent": HIDDEN_PERCENT,
        "why_hidden": "too_few",
    },
]


async def published(
    app: ServiceApp, *answers: tuple[int, Any] | None, smtp: int = 9
) -> FeedbackPublished:
    """Have a release published and, as far as casework answers, fetched."""
    event = an(FeedbackPublished, release_id=uuid7(), occurred_at=now())
    body = {
        "id": str(event.release_id),
        "agency_id": event.agency_id,
        "period_from": "2026-07-01",
        "period_until": "2026-10-01",
        "rows": ROWS,
        "threshold": 11,
    }
    async with (
        casework_answering(*answers, (200, body)) as casework,
        work_of(app, casework=casework.port, smtp=smtp) as work,
    ):
        await told(app, event, event)
        for _ in range(len(answers) + 1):
            await work_once(app, work)
        await told(app, event)
        assert await work_once(app, work) == 0
    assert {path for _, path, _ in casework.asked} == {f"/feedback-releases/{event.release_id}"}
    return event


async def releases(app: ServiceApp, who: str) -> list[dict[str, Any]]:
    found = await app.as_(who, purpose="feedback").get("/feedback-releases")
    assert found.status_code == 200, found.text
    return list(found.json()["items"])


async def test_an_agencys_people_get_the_table_with_its_gaps_by_mail(app: ServiceApp) -> None:
    await hired(app, "officer-hemlock", "first_responder", agency="hemlock-police")
    await hired(app, "supervisor-cypress", "agency_supervisor", agency="hemlock-police")
    await addressed(app, "supervisor-cypress", language="es")
    await hired(app, "officer-sorrel", "first_responder", agency="sorrel-sheriff")
    await hired(app, "peer-willow", "peer", agency="hemlock-police")

    async with mail_server() as server:
        await published(app, smtp=server.port)

    by_recipient = {each["To"]: each.get_content().splitlines() for each in server.letters}
    assert set(by_recipient) == {"officer-hemlock@example.org", "supervisor-cypress@example.org"}
    hidden = "hidden (fewer than 11 people, or it would give away such a number)"
    assert by_recipient["officer-hemlock@example.org"] == [
        "Figures of your agency's referrals have been published.",
        "",
        "People referred: 40",
        "Met by the team: 30 of 40 (75 %)",
        f"Enrolled: {hidden}",
        "",
        "Sign in to see it.",
    ]
    assert (
        "Inscritas: oculto (menos de 11 personas, o revelaría un número así)"
        in (by_recipient["supervisor-cypress@example.org"])
    )
    for who in ("officer-hemlock", "supervisor-cypress"):
        found = await app.as_(who, purpose="feedback").get("/notices")
        assert [each["kind"] for each in found.json()["items"]] == ["feedback_published"]
    assert (await app.as_("officer-sorrel", purpose="feedback").get("/notices")).json()[
        "items"
    ] == []


async def test_a_hidden_number_is_not_even_kept(app: ServiceApp) -> None:
    event = await published(app)

    [release] = await releases(app, "supervisor-cypress")

    assert release["id"] == str(event.release_id)
    assert release["threshold"] == 11
    hidden = release["rows"][2]
    assert (hidden["shown"], hidden["people"], hidden["of"], hidden["percent"]) == (
        False,
        None,
        None,
        None,
    )
    assert str(HIDDEN_PERCENT) not in await app.everything()


async def test_a_table_is_read_by_its_agency_and_the_programmes_own(app: ServiceApp) -> None:
    event = await published(app)
    path = f"/feedback-releases/{event.release_id}"

    for who in ("officer-hemlock", "supervisor-cypress", "coordinator-juniper", "evaluator-ginkgo"):
        assert len(await releases(app, who)) == 1
        assert (await app.as_(who, purpose="feedback").get(path)).status_code == 200
    for who in ("officer-sorrel", "medic-linden"):
        assert await releases(app, who) == []
        assert (await app.as_(who, purpose="feedback").get(path)).status_code == 404


async def test_until_the_table_is_fetched_there_is_nothing_to_read_and_nobody_is_told(
    app: ServiceApp,
) -> None:
    await hired(app, "officer-hemlock", "first_responder", agency="hemlock-police")
    event = an(FeedbackPublished, release_id=uuid7())
    await told(app, event)
    async with work_of(app) as work:
        await work_once(app, work)

    assert await releases(app, "officer-hemlock") == []
    path = f"/feedback-releases/{event.release_id}"
    missing = await app.as_("officer-hemlock", purpose="feedback").get(path)
    assert missing.status_code == 404
    assert await app.count("notice") == 0


async def test_a_table_that_cannot_be_read_is_fetched_again(app: ServiceApp) -> None:
    await published(app, (503, {}), (200, {"rows": "none"}), None)

    assert len(await releases(app, "coordinator-juniper")) == 1
