"""Reading a referral: what its maker typed, live words for two hours, and to nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from tests.servers import Clock
from tests.service.apps import NO_ID, ServiceApp
from tests.service.referral.referrals import FULL, accept, fire, made, read, status, step

ALMOST_TWO_HOURS = timedelta(hours=1, minutes=58)
FIFTEEN_MINUTES = timedelta(minutes=15)


async def test_its_maker_and_the_team_read_what_was_typed(app: ServiceApp) -> None:
    referral_id = await made(app, FULL)
    typed = {name: each for name, each in FULL.items() if name != "pathway"}

    for who in ("officer-hemlock", "peer-willow", "manager-fern", "coordinator-juniper"):
        found = (await read(app, referral_id, who=who)).json()
        assert found["id"] == str(referral_id)
        assert found["pathway"] == "officer_referral"
        assert found["details"] == typed


async def test_once_it_is_taken_on_the_team_reads_it_in_casework_and_only_who_took_it_on_here(
    app: ServiceApp,
) -> None:
    referral_id = await made(app, FULL)
    await accept(app, referral_id, who="peer-willow")

    found = {
        who: (await read(app, referral_id, who=who)).status_code
        for who in ("officer-hemlock", "peer-willow", "manager-fern", "coordinator-juniper")
    }

    assert found == {
        "officer-hemlock": 200,
        "peer-willow": 200,
        "manager-fern": 404,
        "coordinator-juniper": 404,
    }


async def test_what_is_taken_back_is_read_by_its_maker_alone(app: ServiceApp) -> None:
    made_by_care = uuid7()
    answer = await app.as_("peer-willow").put(f"/referrals/{made_by_care}", json=FULL)
    assert answer.status_code == 201
    body = {"reason_code": "made_by_mistake"}
    path = f"/referrals/{made_by_care}/withdrawal"
    assert (await app.as_("peer-willow").put(path, json=body)).status_code == 204

    found = {
        who: (await read(app, made_by_care, who=who)).status_code
        for who in ("peer-willow", "manager-fern", "coordinator-juniper")
    }

    assert found == {"peer-willow": 200, "manager-fern": 404, "coordinator-juniper": 404}


async def test_an_officer_of_another_agency_finds_what_they_would_find_if_there_were_nothing(
    app: ServiceApp,
) -> None:
    referral_id = await made(app, FULL)

    forbidden = await read(app, referral_id, who="officer-sorrel")
    missing = await app.as_("officer-sorrel").get(f"/referrals/{NO_ID}")

    assert forbidden.status_code == missing.status_code == 404
    assert (forbidden.content, str(forbidden.headers)) == (missing.content, str(missing.headers))
    assert [row[:1] + row[3:] for row in await app.audited()][1:] == [
        ("officer-sorrel", "denied", "no_policy_allows"),
        ("officer-sorrel", "denied", "no_such_record"),
    ]


async def test_a_colleague_of_the_same_agency_does_not_read_it_either(app: ServiceApp) -> None:
    referral_id = await made(app, FULL)
    colleague = app.as_forged(sub="officer-elder", agency="hemlock-police")

    assert (await colleague.get(f"/referrals/{referral_id}")).status_code == 404


async def test_the_words_follow_the_live_handoff(app: ServiceApp, clock: Clock) -> None:
    referral_id = await made(app)
    assert await status(app, referral_id) == "offered"

    await clock.move(FIFTEEN_MINUTES)
    await fire(app)
    assert await status(app, referral_id) == "calling_more_people"

    await accept(app, referral_id, who="peer-willow")
    assert await status(app, referral_id) == "accepted"
    assert "willow" not in (await read(app, referral_id)).text, "a role, never a name"


async def test_who_comes_is_told_by_role_until_the_release(app: ServiceApp) -> None:
    referral_id = await made(app, FULL)
    waiting = (await read(app, referral_id)).json()

    await accept(app, referral_id, who="peer-willow")
    coming = (await read(app, referral_id)).json()
    await step(app, referral_id, "officer-release", who="officer-hemlock")
    released = (await read(app, referral_id)).json()

    assert coming["accepted_role_code"] == "peer"
    assert coming["accepted_as"] == {
        "en": "Certified recovery peer",
        "es": "Par de recuperación certificado",
    }
    assert "willow" not in str(coming)
    for nobody in (waiting, released):
        assert nobody.keys() & {"accepted_role_code", "accepted_as"} == set()


async def test_after_two_hours_every_referral_reads_the_same_whatever_came_of_it(
    app: ServiceApp, clock: Clock
) -> None:
    accepted = await made(app, FULL)
    await accept(app, accepted, who="peer-willow")
    escalated = await made(app, FULL)
    await clock.move(FIFTEEN_MINUTES)
    await fire(app)
    requested = await made(app, FULL)
    await clock.move(ALMOST_TWO_HOURS - FIFTEEN_MINUTES)
    assert [await status(app, each) for each in (accepted, escalated, requested)] == [
        "accepted",
        "calling_more_people",
        "offered",
    ]

    await clock.move(FIFTEEN_MINUTES + timedelta(minutes=2))
    found = [(await read(app, each)).json() for each in (accepted, escalated, requested)]

    assert {each["status"] for each in found} == {"received_by_the_programme"}
    for each in found:
        del each["id"], each["received_at"]
    assert found[0] == found[1] == found[2]


async def test_what_happens_later_changes_nothing_that_an_officer_reads(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app, FULL)
    await clock.move(timedelta(hours=2))
    before = await read(app, referral_id)

    await fire(app)
    escalated = await read(app, referral_id)
    await accept(app, referral_id, who="peer-willow")
    accepted = await read(app, referral_id)

    assert before.content == escalated.content == accepted.content


async def test_casework_fetches_the_identity_packet_of_the_programme_it_names(
    app: ServiceApp,
) -> None:
    path = f"/referrals/{await made(app, FULL)}/identity-packet"

    mine = await app.as_("casework", programme="alder-county").get(path)
    others = await app.as_("casework", programme="birch-county").get(path)
    none = await app.as_("casework").get(path)

    assert mine.json() == {name: each for name, each in FULL.items() if name != "pathway"}
    assert (others.status_code, none.status_code) == (404, 404)
    assert others.content == none.content


@pytest.mark.parametrize("claims", [{"function": "care"}, {"roles": []}, {"sub": "notify"}])
async def test_nobody_is_taken_for_casework(app: ServiceApp, claims: dict[str, object]) -> None:
    referral_id = await made(app, FULL)
    usual = {"sub": "casework", "function": "service", "roles": ["service", "case_manager"]}

    answer = await app.as_forged(**usual | claims).get(f"/referrals/{referral_id}/identity-packet")

    assert answer.status_code == 404


async def test_every_read_leaves_one_entry_in_the_audit_log(app: ServiceApp) -> None:
    referral_id = await made(app, FULL)
    for who in ("officer-hemlock", "peer-willow", "officer-hemlock", "operator-spruce"):
        await read(app, referral_id, who=who)

    entries = [(row[0], row[1], row[3]) for row in await app.audited()][1:]
    assert entries == [
        ("officer-hemlock", "read_referral", "allowed"),
        ("peer-willow", "read_referral", "allowed"),
        ("officer-hemlock", "read_referral", "allowed"),
        ("operator-spruce", "read_referral", "denied"),
    ]


async def test_without_an_audit_entry_nothing_is_shown_made_or_accepted(app: ServiceApp) -> None:
    referral_id = await made(app, FULL)
    await app.break_audit()
    before = await app.everything()

    found = [
        await read(app, referral_id),
        await read(app, referral_id, who="officer-sorrel"),
        await accept(app, referral_id, who="peer-willow"),
        await app.as_("officer-hemlock").put(f"/referrals/{NO_ID}", json=FULL),
    ]

    assert [each.status_code for each in found] == [503] * 4
    assert {each.content for each in found} == {found[0].content}
    assert await app.everything() == before


async def test_a_session_without_a_scope_sees_nothing_of_any_referral(app: ServiceApp) -> None:
    await made(app, FULL)
    await made(app, FULL, who="officer-aspen")

    async with app.sessions.begin() as session:
        for table in ("referral", "identity_packet", "handoff"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table  # noqa: S608 - ours


async def test_a_programme_reads_nothing_of_another(app: ServiceApp) -> None:
    theirs = await made(app, FULL, who="officer-aspen")

    for who in ("coordinator-juniper", "manager-fern", "peer-willow", "officer-hemlock"):
        assert (await read(app, theirs, who=who)).status_code == 404
    assert (await read(app, theirs, who="manager-cedar")).status_code == 200
