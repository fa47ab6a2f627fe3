"""Referral, handoff, episode and follow-up do what the model says, whatever happens in any order.

Officers refer the same people again, two people accept at once, ladders run out, clocks are late
and jump over daylight saving, and casework hears everything out of order and some of it twice.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from uuid_utils.compat import uuid7

from tests.model import episodes
from tests.model.casework import Casework
from tests.model.cast import (
    BARELY,
    BEGINNINGS,
    BEGINS,
    BY_A_FEW,
    BY_MANY,
    MANAGER,
    MINUTES,
    MOST_REFERRALS,
    NEVER,
    OFFICERS,
    PEOPLE,
    STEPS_EACH,
    STORIES,
)
from tests.model.episodes import CLOSED_BY_A_PERSON
from tests.model.handoffs import EVERYBODY, OPEN, STEPS, Handoff
from tests.model.world import World
from tests.servers import Background, Databases


class Story(RuleBasedStateMachine):
    """The services beside the model; after every step both have to say the same."""

    databases: Databases
    background: Background
    reached: ClassVar[set[str]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.database = self.databases.clone()
        self.world = World(self.database, Path(self.folder.name))
        self.minutes = 0
        self.handoffs: dict[str, Handoff] = {}
        self.officer_of: dict[str, str] = {}
        self.person_of: dict[str, int] = {}
        self.casework = Casework(self.handoffs, self._enrolled_at)
        self.all_heard = True

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.background.run(work)

    def teardown(self) -> None:
        self.do(self.world.close())
        self.databases.drop(self.database)
        self.folder.cleanup()

    @initialize(begins=st.sampled_from(BEGINS), data=st.data(), known=st.sampled_from(BEGINNINGS))
    def begin(self, begins: datetime, data: st.DataObject, known: Sequence[Sequence[str]]) -> None:
        """Start with one person, referred once or more, and each time as far as *known* says."""
        self.do(self.world.open(begins=begins))
        for officer, steps in zip(OFFICERS, known, strict=False):
            self._refer(officer, 0)
            id_ = list(self.handoffs)[-1]
            for step in steps:
                if step == "acceptance":
                    assert self.do(self.world.step(id_, step, who=MANAGER)) == 200
                    self.handoffs[id_].accept(MANAGER)
                else:
                    self._step(id_, step)
        self.casework_hears(0)
        if len(known) > 1:
            self.worker_links(data)

    # Referral and handoff

    @precondition(lambda self: len(self.handoffs) < MOST_REFERRALS)
    @rule(officer=st.sampled_from(OFFICERS), person=st.sampled_from((0, 0, 1)))
    def refer(self, officer: str, person: int) -> None:
        self._refer(officer, person)

    def _refer(self, officer: str, person: int) -> None:
        id_ = str(uuid7())
        answers = [self.do(self.world.refer(id_, PEOPLE[person], who=officer)) for _ in range(2)]
        assert [each.status_code for each in answers] == [201, 201]
        assert answers[0].content == answers[1].content
        self.handoffs[id_] = Handoff(self.minutes)
        self.officer_of[id_], self.person_of[id_] = officer, person
        self.all_heard = False

    @precondition(lambda self: self.handoffs)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def accept(self, data: st.DataObject, who: str) -> None:
        id_ = self._one(data)
        answer = self.do(self.world.step(id_, "acceptance", who=who))
        assert answer == self.handoffs[id_].accept(who)
        self.all_heard = False

    @precondition(lambda self: self._open())
    @rule(data=st.data(), who=st.permutations(EVERYBODY))
    def two_accept_at_once(self, data: st.DataObject, who: list[str]) -> None:
        id_ = data.draw(st.sampled_from(self._open()))
        handoff = self.handoffs[id_]

        async def race() -> list[int]:
            tries = (self.world.step(id_, "acceptance", who=each) for each in who[:2])
            return list(await asyncio.gather(*tries))

        answers = self.do(race())
        assert sorted(answers) == [200, 409]
        handoff.accept(who[answers.index(200)])
        self.all_heard = False

    @precondition(lambda self: self.handoffs)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def decline(self, data: st.DataObject, who: str) -> None:
        id_ = self._one(data)
        body = {"reason_code": "busy"}
        answer = self.do(self.world.step(id_, "decline", who=who, body=body))
        assert answer == self.handoffs[id_].decline(who, now=self.minutes)
        self.all_heard = False

    @precondition(lambda self: self._accepted())
    @rule(data=st.data(), name=st.sampled_from(("arrival", *STEPS)))
    def go_on(self, data: st.DataObject, name: str) -> None:
        self._step(data.draw(st.sampled_from(self._accepted())), name)

    def _step(self, id_: str, name: str) -> None:
        handoff = self.handoffs[id_]
        body = {"yes": {"agreed": True}, "no": {"agreed": False}}.get(name)
        path = "person-answer" if body else name
        answer = self.do(self.world.step(id_, path, who=handoff.accepted_by or "", body=body))
        assert answer == handoff.step(name)
        self.all_heard = False

    @precondition(lambda self: self.handoffs)
    @rule(data=st.data(), how=st.sampled_from(("officer-release", "withdrawal")))
    def officer_ends_it(self, data: st.DataObject, how: str) -> None:
        id_ = self._one(data)
        handoff = self.handoffs[id_]
        body = {"reason_code": "made_by_mistake"} if how == "withdrawal" else None
        answer = self.do(self.world.step(id_, how, who=self.officer_of[id_], body=body))
        if how == "withdrawal":
            assert answer == handoff.withdraw()
        else:
            assert answer == 204
            handoff.released = True
        self.all_heard = False

    # Time

    @rule(minutes=st.sampled_from(MINUTES), late=st.sampled_from((False, False, True)))
    def time_passes(self, minutes: int, late: bool) -> None:  # noqa: FBT001 - hypothesis gives it
        """Let time pass; the schedulers may be late and look only some time after."""
        self.do(self.world.clock.move(timedelta(minutes=minutes)))
        self.minutes += minutes
        if not late:
            self.schedulers_look()

    @rule()
    def schedulers_look(self) -> None:
        now = self.do(self.world.now())
        for each in self.casework.followups:
            # The two clocks agree to within the milliseconds that a step takes.
            if any(abs(moment - now) < BARELY for moment in (each.due_at, each.window_ends_at)):
                return
        self.do(self.world.fire())
        for handoff in self.handoffs.values():
            handoff.time_passed(now=self.minutes)
        for each in self.casework.followups:
            each.time_passed(now)
        self.all_heard = False

    # Casework

    @precondition(lambda self: not self.all_heard)
    @rule(seed=st.integers(0, 2**32))
    def casework_hears(self, seed: int) -> None:
        self.do(self.world.hear(Random(seed)))  # noqa: S311 - an order, not a secret
        self.casework.hear()
        self.all_heard = True

    @precondition(lambda self: len(self.handoffs) > 1)
    @rule(data=st.data())
    def worker_links(self, data: st.DataObject) -> None:
        self._hear_first()
        id_ = self._one(data)
        path = f"/intakes/{id_}/match-candidates"
        found = self.do(self.world.read(self.world.casework, path))["items"]
        for each in found:
            other = each["other_referral_id"]
            assert self.person_of[other] == self.person_of[id_], "two people are taken for one"
        if not found:
            return
        candidate = data.draw(st.sampled_from(found))
        path = f"/match-candidates/{candidate['id']}/decision"
        assert self.do(self.world.work(path, {"decision": "link"})) == 200
        self.casework.link(id_, candidate["other_referral_id"])

    @precondition(lambda self: self.casework.episodes)
    @rule(data=st.data(), what=st.sampled_from(("pause", "enrolment")))
    def worker_rests_or_goes_on(self, data: st.DataObject, what: str) -> None:
        self._move_episode(data, what)

    @precondition(lambda self: self.casework.episodes)
    @rule(data=st.data(), what=st.sampled_from(("closure", "reopening")))
    def worker_ends_or_begins_again(self, data: st.DataObject, what: str) -> None:
        self._move_episode(data, what)

    def _move_episode(self, data: st.DataObject, what: str) -> None:
        self._hear_first()
        referral, episode = data.draw(st.sampled_from(sorted(self.casework.episodes.items())))
        id_ = self._episode_id(referral)
        reasons = {"pause": "away", "closure": CLOSED_BY_A_PERSON}
        body = {"reason_code": reasons[what]} if what in reasons else None
        answer = self.do(self.world.work(f"/episodes/{id_}/{what}", body))
        moves: dict[str, Callable[[], int]] = {
            "enrolment": lambda: episode.enrol(self._enrolled_at(referral)),
            "pause": episode.pause,
            "closure": lambda: episode.close(CLOSED_BY_A_PERSON),
            "reopening": episode.reopen,
        }
        assert answer == moves[what]()

    @precondition(lambda self: self.casework.followups)
    @rule(data=st.data())
    def worker_completes_followup(self, data: st.DataObject) -> None:
        self._hear_first()
        referral, episode = data.draw(st.sampled_from(sorted(self.casework.episodes.items())))
        id_ = self._episode_id(referral)
        found = self._read_followups(id_)
        if not found:
            return
        chosen = data.draw(st.sampled_from(found))
        sequence = max(
            sequence
            for (sequence, kind), each in episode.followups.items()
            if (kind, each.state, each.due_at) == _as_followup(chosen)
        )
        answer = self.do(self.world.work(f"/followups/{chosen['id']}/completion", {}))
        assert answer == episode.followups[sequence, chosen["kind"]].complete()

    # What has to be the same

    @invariant()
    def both_say_the_same(self) -> None:
        episodes = self.casework.episodes.values()
        self.reached.update(each.reason for each in episodes if each.reason)
        self.reached.update(each.state for each in self.handoffs.values())
        self.reached.update(each.state for each in episodes)
        self.reached.update(each.state for each in self.casework.followups)
        for id_, handoff in self.handoffs.items():
            officer = self.officer_of[id_]
            seen = self.do(self.world.read(self.world.referral, f"/referrals/{id_}", who=officer))
            assert seen["status"] == handoff.seen_by_referrer(now=self.minutes)
        if self.all_heard and self.handoffs:
            self._check_casework()

    def _check_casework(self) -> None:
        path = "/episodes?limit=100"
        found = self.do(self.world.read(self.world.casework, path))["items"]
        assert {each["referral_id"]: _as_episode(each) for each in found} == {
            referral: (each.state, each.sequence, each.reason)
            for referral, each in self.casework.episodes.items()
        }
        for shown in found:
            episode = self.casework.episodes[shown["referral_id"]]
            planned = sorted(_as_followup(each) for each in self._read_followups(shown["id"]))
            assert planned == sorted(
                (kind, each.state, each.due_at) for (_, kind), each in episode.followups.items()
            )
        persons = self.casework.open_persons()
        assert len(persons) == len(set(persons)), "somebody has two open episodes"

    # Looking

    def _one(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.handoffs)))

    def _hear_first(self) -> None:
        """Workers act on what they see: everything that was told by then."""
        if not self.all_heard:
            self.casework_hears(1)

    def _open(self) -> list[str]:
        return [id_ for id_, each in self.handoffs.items() if each.state in OPEN]

    def _accepted(self) -> list[str]:
        return [id_ for id_, each in self.handoffs.items() if each.accepted_by is not None]

    def _read_followups(self, id_: str) -> list[dict[str, Any]]:
        path = f"/followups?episode_id={id_}&limit=100"
        found: list[dict[str, Any]] = self.do(self.world.read(self.world.casework, path))["items"]
        return found

    def _episode_id(self, referral: str) -> str:
        path = "/episodes?limit=100"
        found = self.do(self.world.read(self.world.casework, path))["items"]
        [id_] = [each["id"] for each in found if each["referral_id"] == referral]
        return str(id_)

    def _enrolled_at(self, referral: str) -> datetime:
        path = f"/episodes/{self._episode_id(referral)}"
        found = self.do(self.world.read(self.world.casework, path))["enrolled_at"]
        return datetime.fromisoformat(found) if found else NEVER


def _as_episode(shown: dict[str, Any]) -> tuple[Any, ...]:
    return shown["state"], shown["sequence"], shown["close_reason_code"]


def _as_followup(shown: dict[str, Any]) -> tuple[str, str, datetime]:
    return shown["kind"], shown["state"], datetime.fromisoformat(shown["due_at"])


def play(
    databases: Databases, background: Background, *, stories: int, steps: int, same: bool = True
) -> set[str]:
    """Play *stories*, the *same* each time or new ones; return every state that was reached.

    A story that fails is printed as it went: making it shorter would take minutes.
    """

    class Played(Story):
        reached: ClassVar[set[str]] = set()

    Played.databases, Played.background = databases, background
    run_state_machine_as_test(
        Played,
        settings=settings(
            max_examples=stories,
            derandomize=same,
            phases=(Phase.generate,),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return Played.reached


def test_whatever_happens_the_services_do_what_the_model_says(
    databases: Databases, background: Background
) -> None:
    reached = play(databases, background, stories=STORIES, steps=STEPS_EACH)

    assert reached >= BY_A_FEW


def test_the_machine_notices_it_when_nobody_else_is_ever_called(
    databases: Databases, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test of the test: a model without the ladder and services with it have to differ."""
    monkeypatch.setattr(Handoff, "time_passed", lambda *_, **__: None)

    with pytest.raises(AssertionError, match="calling_more_people"):
        play(databases, background, stories=STORIES, steps=STEPS_EACH)


def test_the_machine_notices_it_when_nothing_is_planned_for_who_agreed(
    databases: Databases, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test of the test: the model's follow-ups are compared with those of the services."""
    monkeypatch.setattr(episodes, "planned", lambda _: {})

    with pytest.raises(AssertionError, match="scheduled"):
        play(databases, background, stories=STORIES, steps=STEPS_EACH)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_whatever_happens_in_many_long_stories_the_services_do_what_the_model_says(
    databases: Databases, background: Background
) -> None:
    reached = play(databases, background, stories=1500, steps=60, same=False)

    assert reached >= BY_MANY
