"""What counties have published is read by everybody who signs in, as it is in force that day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.referral.domain.county_policies import county_policies
from tests.servers import Clock
from tests.service.apps import Asking, ServiceApp


def officer(app: ServiceApp) -> Asking:
    return app.as_("officer-hemlock", purpose="referral")


async def test_the_list_names_every_county_and_its_version_of_today(
    app: ServiceApp,
) -> None:
    answer = await officer(app).get("/eligibility-policies")

    assert answer.status_code == 200, answer.text
    listed = {each["id"]: each for each in answer.json()}
    assert listed.keys() == county_policies().keys()
    assert listed["multnomah"] == {
        "id": "multnomah",
        "title": "Multnomah County, Oregon",
        "in_force": {
            "number": 1,
            "effective_from": "2024-09-01",
            "effective_from_confidence": "confirmed",
            "effective_until": None,
        },
    }


async def test_a_policy_says_what_it_deflects_what_it_excludes_and_where_that_was_read(
    app: ServiceApp,
) -> None:
    answer = await officer(app).get("/eligibility-policies/multnomah")

    assert answer.status_code == 200, answer.text
    [version] = answer.json()["versions"]
    assert version["number"] == 1
    assert [each["title"] for each in version["sources"]] == [
        "Leadership Team agrees on key criteria for initial deflection program",
        "Multnomah County Releases Deflection Plan for People Stopped for Possession",
    ]
    assert version["sources"][0]["dated"] == "2024-07-26"
    assert version["sources"][0]["confidence"] == "confirmed"
    assert version["offences"] == [
        {
            "code": "possession",
            "words": {
                "en": "Possession of a controlled substance",
                "es": "Posesión de una sustancia controlada",
            },
            "victim_must_consent": False,
        }
    ]
    assert {each["code"]: each["result"] for each in version["excluded"]} == {
        "offence_not_covered": "not_eligible",
        "other_crime": "not_eligible",
    }
    assert version["excluded"][1]["words"]["es"] == "Se indicó otro delito"
    assert version["excluded"][1]["result_words"]["en"] == "Not eligible"
    assert version["repeat"]["days"] == 30
    assert "within 30 days" in version["repeat"]["words"]["en"]


async def test_every_county_is_shown_whole_and_its_newest_version_first(app: ServiceApp) -> None:
    for policy in county_policies().values():
        shown = (await officer(app).get(f"/eligibility-policies/{policy.id}")).json()

        numbers = [each["number"] for each in shown["versions"]]
        assert numbers == [each.number for each in reversed(policy.versions)]
        assert all(each["sources"] and each["offences"] for each in shown["versions"])


async def test_the_version_in_force_changes_at_midnight_where_the_programme_is(
    app: ServiceApp, clock: Clock
) -> None:
    # Lane's second version begins on New Year's Day 2026; in UTC that day has begun already.
    evening = datetime(2025, 12, 31, 23, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    await clock.move(evening - datetime.now(UTC))
    before = await officer(app).get("/eligibility-policies/lane")
    await clock.move(timedelta(hours=1))
    after = await officer(app).get("/eligibility-policies/lane")

    assert [each.json()["in_force"]["number"] for each in (before, after)] == [1, 2]


async def test_a_county_that_published_nothing_is_missing(app: ServiceApp) -> None:
    answer = await officer(app).get("/eligibility-policies/atlantis")

    assert answer.status_code == 404
    assert [row[1:] for row in await app.audited()] == [
        ("read_eligibility_policies", "atlantis", "denied", "no_such_record")
    ]
