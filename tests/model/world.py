"""Both services on one database, asked through their public routes; events travel when told to."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import orjson
from uuid_utils.compat import uuid7

from services.casework.use_cases.keep_identity import keep_identity
from services.casework.worker import TIMERS, subscriptions
from services.referral.worker import make_work
from shared.db.session import Scope
from shared.events.base import Event
from shared.events.referral import ReferralCreated
from shared.messaging.cloudevents import from_document
from shared.messaging.delivery import Done, deliver_all
from shared.messaging.timers import fire_due
from tests.identity import LocalProvider
from tests.model.handoffs import LADDER
from tests.servers import Clock, Database
from tests.service.apps import ServiceApp, running_app

PROGRAMME = "alder-county"
CARE, ADMINISTRATION = "care_coordination", "administration"
REFERRAL = {"pathway": "officer_intervention", "need": "substance_use", "offences": ["possession"]}


class World:
    """What a machine does to the services, and what it reads of them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._closing = AsyncExitStack()
        self.clock = Clock(database)
        self.people: dict[str, dict[str, str]] = {}
        self._heard = 0

    async def open(self, *, begins: datetime) -> None:
        """Start both services with a ladder and people on duty, at about *begins*."""
        provider = LocalProvider(self._folder)
        enter = self._closing.enter_async_context
        self.referral = await enter(running_app("referral", self._database, provider))
        self.casework = await enter(running_app("casework", self._database, provider))
        await self.clock.move(begins - datetime.now(UTC))
        rungs = [{"role_code": role, "wait_minutes": wait} for role, _, wait in LADDER]
        await self._set("/programme", {"policy_id": "multnomah", "time_zone": "UTC"})
        await self._set("/ladder", {"rungs": rungs})
        now = await self.now()
        for role, people, _ in LADDER:
            for staff_id in people:
                shift = {
                    "staff_id": staff_id,
                    "role_code": role,
                    "starts_at": (now - timedelta(days=1)).isoformat(),
                    "ends_at": (now + timedelta(days=900)).isoformat(),
                }
                await self._set(f"/shifts/{uuid7()}", shift)

    async def close(self) -> None:
        await self._closing.aclose()

    async def now(self) -> datetime:
        [(now,)] = await self.referral.rows("SELECT app_now()")
        moment: datetime = now
        return moment

    async def refer(self, referral_id: str, person: dict[str, str], *, who: str) -> httpx.Response:
        self.people[referral_id] = person
        body = REFERRAL | {"person": person}
        return await self.referral.as_(who).put(f"/referrals/{referral_id}", json=body)

    async def step(self, referral_id: str, step: str, *, who: str, body: Any = None) -> int:
        purpose = "referral" if who.startswith("officer") else CARE
        asking = self.referral.as_(who, purpose=purpose)
        return (await asking.put(f"/referrals/{referral_id}/{step}", json=body)).status_code

    async def work(self, path: str, body: Any = None, *, who: str = "coordinator-juniper") -> int:
        return (await self.casework.as_(who).put(path, json=body)).status_code

    async def read(self, app: ServiceApp, path: str, *, who: str = "coordinator-juniper") -> Any:
        answer = await app.as_(who).get(path)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    async def fire(self) -> None:
        """Fire whatever is due by now, as both workers do; again until nothing is."""
        for app, timers in ((self.referral, make_work().timers), (self.casework, TIMERS)):
            while await fire_due(app.sessions, timers, service=app.service):
                pass

    async def hear(self, chance: Random) -> None:
        """Bring everything told so far to casework: out of order, some of it twice."""
        events = await self._new_events()
        twice = [each for each in events if chance.random() < 0.3]
        arriving = [*events, *twice]
        chance.shuffle(arriving)
        half = len(arriving) // 2
        identified = [each for each in events if isinstance(each, ReferralCreated)]
        await self._deliver(arriving[:half])
        early = {each.event_id for each in arriving[:half]}
        await self._identify([each for each in identified if each.event_id in early])
        await self._deliver(arriving[half:])
        await self._identify([each for each in identified if each.event_id not in early])

    async def _new_events(self) -> list[Event]:
        await self.referral.journal_numbered()
        asking = self.referral.as_("casework", programme=PROGRAMME, purpose="service_delivery")
        answer = await asking.get("/journal", params={"after": self._heard, "limit": 500})
        entries = answer.json()["entries"]
        self._heard = entries[-1]["position"] if entries else self._heard
        read = [from_document(each["event"]) for each in entries]
        return [each for each in read if each is not None]

    async def _deliver(self, events: Sequence[Event]) -> None:
        for subscription in subscriptions.all:
            wanted = [event for event in events if subscription.wants(event)]
            outcomes = await deliver_all(subscription, wanted, self.casework.sessions)
            assert outcomes == [Done()] * len(wanted)

    async def _identify(self, created: Sequence[ReferralCreated]) -> None:
        """Keep who each referral is about, as the call for it would have brought."""
        for event in created:
            packet = orjson.dumps({"person": self.people[str(event.referral_id)]})
            async with self.casework.sessions.begin(Scope(PROGRAMME, "test")) as session:
                await keep_identity(
                    session,
                    referral_id=event.referral_id,
                    packet=packet,
                    vault=self.casework.app.state.vault,
                    hash_key=self.casework.app.state.hash_key,
                )

    async def _set(self, path: str, body: Any) -> None:
        asking = self.referral.as_("administrator-acacia", purpose=ADMINISTRATION)
        answer = await asking.put(path, json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
