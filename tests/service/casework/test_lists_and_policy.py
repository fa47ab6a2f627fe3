"""A list shows exactly what the policy lets the asker read, asked one by one."""

from random import Random

import pytest

from tests.service.apps import ServiceApp
from tests.service.casework.intakes import arrived, joins
from tests.service.casework.records import a_record, break_glass, restrict

STAFF = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan")
PEOPLE = 8
LISTS = {"/intakes": "referral_id", "/episodes": "id"}


async def people(app: ServiceApp, chance: Random) -> None:
    """Have people in every state of a record: new, taken on, restricted, opened in an emergency."""
    await arrived(app)
    for _ in range(PEOPLE):
        person = await a_record(app, by=chance.choice(STAFF))
        [(referral_id,)] = await app.rows(
            "SELECT referral_id FROM participant_referral WHERE participant_id = :id", id=person
        )
        await joins(app, referral_id, *chance.sample(STAFF, chance.randint(0, 2)))
        if chance.random() < 0.5:
            await restrict(app, person, *chance.sample(STAFF, chance.randint(1, 3)))
        if chance.random() < 0.4:
            opened = await break_glass(app, person, who=chance.choice(STAFF))
            assert opened.status_code == 201, opened.text


@pytest.mark.parametrize("seed", range(4))
async def test_a_list_is_what_the_policy_allows_one_by_one(app: ServiceApp, seed: int) -> None:
    await people(app, Random(seed))  # noqa: S311 - any will do
    shown_or_not = set()
    for path, column in LISTS.items():
        ids = [
            str(row[0])
            for row in await app.rows(f"SELECT {column} FROM {path[1:-1]}")  # noqa: S608 - from above
        ]
        for who in STAFF:
            listed = (await app.as_(who).get(path)).json()["items"]
            allowed = {
                each
                for each in ids
                if (await app.as_(who).get(f"{path}/{each}")).status_code == 200
            }

            assert {each[column] for each in listed} == allowed, (path, who)
            shown_or_not |= {(path, each in allowed) for each in ids}
    assert shown_or_not == {(path, shown) for path in LISTS for shown in (True, False)}


@pytest.mark.parametrize("seed", range(2))
async def test_follow_ups_are_those_of_episodes_that_may_be_read(
    app: ServiceApp, seed: int
) -> None:
    await people(app, Random(100 + seed))  # noqa: S311 - any will do
    for who in STAFF:
        listed = (await app.as_(who).get("/followups", params={"limit": "100"})).json()["items"]
        episodes = (await app.as_(who).get("/episodes")).json()["items"]

        assert {each["episode_id"] for each in listed} == {each["id"] for each in episodes}
