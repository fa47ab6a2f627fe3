"""A small world in each service, and the ids that exist in it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from tests.service.apps import ServiceApp
from tests.service.casework import test_access_care as care
from tests.service.casework import test_access_disclosure as disclosure
from tests.service.casework import test_access_work as work
from tests.service.casework.records import break_glass
from tests.service.notify import test_access as notices
from tests.service.referral import test_access_handoff as handoffs

STAFF = ("peer-willow", "peer-rowan", "manager-fern", "officer-hemlock")
# Which rows a parameter of this name may mean; every other id in a path is a new one.
ROWS: Mapping[str, Mapping[str, str]] = {
    "referral": {"referral_id": "SELECT id FROM referral"},
    "casework": {
        "referral_id": "SELECT referral_id FROM intake",
        "participant_id": "SELECT DISTINCT participant_id FROM participant_referral",
        "episode_id": "SELECT id FROM episode",
        "followup_id": "SELECT id FROM followup",
        "goal_id": "SELECT id FROM goal",
        "need_id": "SELECT id FROM need",
        "consent_id": "SELECT id FROM consent",
    },
    "notify": {"notice_id": "SELECT id FROM notice"},
}
EVENT_IDS = "SELECT id FROM outbox"


async def casework(app: ServiceApp) -> dict[str, str]:
    """Have an episode with a goal and a need, a closed one, consents and a disclosure."""
    ids = await care.world(app)
    told, _ = await disclosure.world(app)
    await work.world(app)
    for person in (ids["participant"], told["participant"]):
        await break_glass(app, person, who="coordinator-juniper")  # type: ignore[arg-type]
    return {"disclosure_id": told["disclosure"]}


async def referral(app: ServiceApp) -> dict[str, str]:
    await handoffs.world(app)
    return {}


async def notify(app: ServiceApp) -> dict[str, str]:
    return {"release_id": (await notices.world(app))["release"]}


WORLDS: Mapping[str, Callable[[ServiceApp], Awaitable[dict[str, str]]]] = {
    "referral": referral,
    "casework": casework,
    "notify": notify,
}


async def known_in(app: ServiceApp) -> dict[str, Sequence[str]]:
    """Make the service's world; return the values of its parameters."""
    made = await WORLDS[app.service](app)
    rows = {**ROWS[app.service], "event_id": EVENT_IDS}
    found = {name: [str(id_) for (id_,) in await app.rows(sql)] for name, sql in rows.items()}
    lists = (await app.as_("peer-willow").get("/codes")).json()
    also = {
        "staff_id": STAFF,
        "list_id": [each["id"] for each in lists],
        "county": ["alder-county"],
    }
    return {**found, **also, **{name: [value] for name, value in made.items()}}
