"""Making a referral: once, however often it is sent, by whoever sent it first."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from shared.http.middleware import BODY_LIMIT
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.referral.referrals import (
    ACCEPTED,
    BEGUN,
    CREATED,
    FULL,
    MINIMAL,
    accept,
    disguises,
    made,
    put,
    read,
    told,
)

MADE_ONCE = {
    "referral": 1,
    "identity_packet": 1,
    "handoff": 1,
    "timer": 1,
    "outbox": 4,
    "idempotency_key": 1,
    "referral_vault.data_key": 1,
}


async def counts(app: ServiceApp) -> dict[str, int]:
    return {table: await app.count(table) for table in MADE_ONCE}


async def test_a_referral_is_one_row_one_event_one_timer_and_one_key(app: ServiceApp) -> None:
    referral_id = await made(app)

    assert await counts(app) == MADE_ONCE
    assert [each[0] for each in await told(app)] == BEGUN
    assert (await told(app))[0] == (CREATED, referral_id, 1)
    assert [row[:4] for row in await app.audited()] == [
        ("officer-hemlock", "create_referral", str(referral_id), "allowed")
    ]


async def test_two_fields_are_enough(app: ServiceApp) -> None:
    referral_id = await made(app, {"pathway": "self_referral", "need": "not_sure"})

    found = (await read(app, referral_id)).json()

    assert found["pathway"] == "self_referral"
    assert {name: each for name, each in found["details"].items() if each} == {"need": "not_sure"}


async def test_sent_again_it_is_answered_with_the_same_bytes_and_made_once(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = uuid7()
    first = await put(app, referral_id, FULL)
    again = await put(app, referral_id, FULL)
    await clock.move(timedelta(minutes=5))
    await accept(app, referral_id, who="peer-willow")
    await clock.move(timedelta(days=6))
    much_later = await put(app, referral_id, FULL)

    assert first.status_code == 201
    assert (first.content, str(first.headers)) == (again.content, str(again.headers))
    assert (much_later.status_code, much_later.content) == (201, first.content)
    assert [each[0] for each in await told(app)] == [*BEGUN, ACCEPTED]
    assert await counts(app) == MADE_ONCE | {"outbox": 5}


async def test_the_order_of_fields_and_what_is_left_empty_make_no_difference(
    app: ServiceApp,
) -> None:
    referral_id = uuid7()
    first = await put(app, referral_id, FULL)
    turned = await put(app, referral_id, dict(reversed([*FULL.items()])))
    bare = await put(app, uuid_bare := uuid7(), MINIMAL)
    empty = await put(app, uuid_bare, MINIMAL | {"person": None, "note": None})

    assert (turned.status_code, turned.content) == (201, first.content)
    assert (empty.status_code, empty.content) == (201, bare.content)


@pytest.mark.parametrize("times", [2, 12])
async def test_sent_at_once_on_many_connections_it_is_made_once(
    app: ServiceApp, times: int
) -> None:
    referral_id = uuid7()

    found = await asyncio.gather(*(put(app, referral_id, FULL) for _ in range(times)))

    assert {(each.status_code, each.content) for each in found} == {(201, found[0].content)}
    assert await counts(app) == MADE_ONCE


async def test_two_officers_at_once_with_one_id_make_one_referral(app: ServiceApp) -> None:
    referral_id = uuid7()

    found = await asyncio.gather(
        *(put(app, referral_id, FULL, who=f"officer-{name}") for name in ("hemlock", "sorrel") * 4)
    )

    assert sorted(each.status_code for each in found) == [201] * 4 + [409] * 4
    assert await counts(app) == MADE_ONCE


@pytest.mark.parametrize(
    "other",
    [
        {"need": "mental_health"},
        {"pathway": "active_outreach"},
        {"note": "Another note."},
        {"willing": False},
    ],
    ids=lambda other: next(iter(other)),
)
async def test_another_content_under_the_same_id_is_refused_and_changes_nothing(
    app: ServiceApp, other: dict[str, object]
) -> None:
    referral_id = await made(app, FULL)
    before = await app.everything()

    answer = await put(app, referral_id, FULL | other)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/referral-differs")
    assert await app.everything() == before


@pytest.mark.parametrize("who", ["officer-sorrel", "officer-aspen", "peer-willow", "manager-cedar"])
async def test_somebody_else_with_the_same_id_is_refused_and_learns_nothing(
    app: ServiceApp, who: str
) -> None:
    referral_id = await made(app, FULL)
    before = await app.everything()

    same = await put(app, referral_id, FULL, who=who)
    other = await put(app, referral_id, MINIMAL, who=who)

    assert same.status_code == other.status_code == 409
    assert same.content == other.content
    assert same.json()["type"] == "/problems/referral-id-taken"
    assert same.json().keys() == {"type", "title", "status"}
    assert await app.everything() == before


async def test_an_id_of_another_version_is_refused(app: ServiceApp) -> None:
    for wrong in (uuid4(), UUID(int=0), UUID(int=2**128 - 1)):
        answer = await put(app, wrong)
        [correction] = answer.json()["errors"]
        assert (answer.status_code, correction["where"]) == (422, "path.referral_id")
        assert correction["fix"] == "Use version 7."


async def test_a_body_that_says_it_is_too_large_is_refused(app: ServiceApp) -> None:
    answer = await app.as_("officer-hemlock").put(
        f"/referrals/{uuid7()}", content=b"x" * (BODY_LIMIT + 1)
    )

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_a_body_that_turns_out_to_be_too_large_is_refused(app: ServiceApp) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b" " * (BODY_LIMIT // 8)

    answer = await app.as_("officer-hemlock").put(f"/referrals/{uuid7()}", content=pieces())

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert await app.count("referral") == 0


async def test_who_it_is_about_stands_nowhere_in_the_database_and_in_no_log_line(
    app: ServiceApp, capsys: pytest.CaptureFixture[str]
) -> None:
    referral_id = await made(app, FULL)
    await put(app, referral_id, FULL)
    await put(app, referral_id, FULL | {"note": "Another note."})
    await read(app, referral_id)
    await read(app, referral_id, who="officer-sorrel")
    await accept(app, referral_id, who="peer-willow")
    await app.as_("casework", programme="alder-county").get(
        f"/referrals/{referral_id}/identity-packet"
    )
    await app.journal_numbered()

    kept, printed = await app.everything(), capsys.readouterr().out
    assert str(referral_id) in kept, "the dump shows what is there"
    assert "request" in printed
    for personal in ("Test Participant Birch", "1990-01-31", "555-0142", "bus stop", "Comma"):
        for disguise in disguises(personal):
            assert disguise not in kept, disguise
            assert disguise not in printed, disguise


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_the_search_knows_a_name_in_base64_wherever_it_stands(before: str) -> None:
    dump = b64encode(f"{before}Test Participant Birch, and more".encode()).decode()

    assert any(disguise in dump for disguise in disguises("Test Participant Birch"))
