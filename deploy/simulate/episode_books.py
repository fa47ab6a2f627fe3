"""What casework would have written of one episode: contacts, needs, goals and follow-ups."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid5

from deploy.simulate.casework_books import KEYS, CaseworkBooks, Received
from deploy.simulate.made_up import PROGRAMME
from services.casework.domain.contacts import ContactKind
from services.casework.domain.episodes import EpisodeState
from services.casework.domain.followups import USUAL_HOURS, FollowupState, plan
from services.casework.domain.goals import GoalState
from services.casework.domain.needs import NeedState
from services.casework.tables.episodes import CareTeamMember, Episode, Goal, Need
from services.casework.tables.work import Contact, Followup, SafeContact
from services.casework.use_cases.keep_goals import TOLD as GOALS_TOLD
from services.casework.use_cases.log_contact import NOTE_FIELD
from services.casework.use_cases.plan_followups import DUE_TIMER, WINDOW_TIMER
from shared.db.writes import table_of
from shared.events.casework import (
    ContactAttempted,
    ContactMade,
    EpisodeClosed,
    EpisodeEnrolled,
    EpisodeEvent,
    EpisodeOpened,
    EpisodePaused,
    EpisodeReopened,
    FollowupCancelled,
    FollowupCompleted,
    FollowupDue,
    FollowupEvent,
    FollowupMissed,
    FollowupScheduled,
    NeedConnected,
    NeedIdentified,
    NeedNotConnected,
)
from shared.vault.vault import FirstKey

Row = dict[str, Any]
OPEN = frozenset({FollowupState.SCHEDULED, FollowupState.DUE})


class EpisodeBook:
    """One episode, moved by hand; `close_book` writes how it stands."""

    def __init__(self, books: CaseworkBooks, at: datetime, received: Received) -> None:
        self.books = books
        self.received = received
        self.id = uuid5(received.referral_id, "episode")
        self.needs: list[Row] = []
        self.goals: list[Row] = []
        self._team: dict[str, Row] = {}
        self._followups: dict[UUID, Row] = {}
        self._key: FirstKey | None = None
        self._row: Row = {
            "id": self.id,
            "programme_id": PROGRAMME,
            "referral_id": received.referral_id,
            "state": EpisodeState.OUTREACH,
            "sequence": 1,
            "version": 1,
            "opened_at": at,
        }

    @property
    def state(self) -> EpisodeState:
        return EpisodeState(self._row["state"])

    @property
    def team(self) -> Sequence[str]:
        return tuple(self._team)

    def open(self, at: datetime, staff_id: str, role_code: str) -> None:
        """Outreach begins with whoever accepted the handoff."""
        self.join(at, staff_id, role_code)
        self._tell(EpisodeOpened, at, worker_ids=(staff_id,))

    def join(self, at: datetime, staff_id: str, role_code: str) -> None:
        row = {"episode_id": self.id, "staff_id": staff_id, "programme_id": PROGRAMME}
        self._team.setdefault(staff_id, row | {"role_code": role_code, "since": at})

    def enrol(self, at: datetime) -> Iterator[Row]:
        """Enrol, and return what is planned: to be told when each is due."""
        self._move(EpisodeState.ENROLLED, enrolled_at=at, paused_at=None)
        self._tell(EpisodeEnrolled, at)
        planned = [self._plan(at, each) for each in plan(at, USUAL_HOURS)]
        return (each for each in planned if each is not None)

    def pause(self, at: datetime, reason_code: str) -> None:
        self._move(EpisodeState.PAUSED, paused_at=at)
        self._tell(EpisodePaused, at, detail={"reason_code": reason_code})
        self._cancel(at)

    def close(self, at: datetime, reason_code: str) -> None:
        ended = {"closed_at": at, "close_reason_code": reason_code, "paused_at": None}
        self._move(EpisodeState.CLOSED, **ended)
        self._tell(EpisodeClosed, at, detail={"reason_code": reason_code})
        self._cancel(at)

    def reopen(self, at: datetime) -> None:
        again = self._row["sequence"] + 1
        ended = dict.fromkeys(("closed_at", "close_reason_code", "enrolled_at"))
        self._move(EpisodeState.OUTREACH, sequence=again, **ended)
        self._tell(EpisodeReopened, at, sequence=again)

    def log(
        self,
        at: datetime,
        *,
        by: str,
        kind: ContactKind,
        started_at: datetime,
        mode_code: str,
        outcome_code: str,
        supplies: dict[str, int],
        note: str | None = None,
    ) -> UUID:
        """Log a contact at *at* that began at *started_at*; return its id."""
        contact_id = self.books.dice.id(at)
        seen = {"mode_code": mode_code, "outcome_code": outcome_code, "supplies": supplies}
        seen["logged_by"] = by
        row = {"id": contact_id, "kind": kind, "started_at": started_at, "logged_at": at, **seen}
        if note is not None:
            key = self.books.vault.first_key(contact_id)
            self.books.rows.add(KEYS, {**key.row, "made_at": at})
            row["note_ciphertext"] = key.seal(NOTE_FIELD, note.encode())
        self.books.rows.add(table_of(Contact), row | self._whose())
        told = ContactMade if kind is ContactKind.MADE else ContactAttempted
        self._tell_of(told, at, contact_id, detail=seen, contact_id=contact_id)
        return contact_id

    def complete_followup(self, at: datetime, contact_id: UUID, *, by: str) -> None:
        """Have a contact complete the earliest follow-up that waits, if one does."""
        waiting = [each for each in self._followups.values() if each["state"] in OPEN]
        due = [each for each in waiting if each["due_at"] <= at] or [
            each for each in waiting if (each["due_at"] - at).days < 1
        ]
        if due:
            done = min(due, key=lambda each: each["due_at"])
            _next(done, FollowupState.COMPLETED)
            done |= {"completed_at": at, "completed_by": by, "contact_id": contact_id}
            self._tell_followup(FollowupCompleted, at, done, completed_by=by)

    def due(self, at: datetime, followup: Row) -> bool:
        """Tell that a follow-up is due; return False if it does not wait any more."""
        if followup["state"] != FollowupState.SCHEDULED or followup["due_at"] != at:
            return False
        _next(followup, FollowupState.DUE)
        self._tell_followup(FollowupDue, at, followup, assigned_ids=tuple(self._team))
        return True

    def miss(self, at: datetime, followup: Row) -> None:
        """Tell that nobody was in touch in time, if nobody was."""
        if followup["state"] == FollowupState.DUE and followup["window_ends_at"] == at:
            _next(followup, FollowupState.MISSED)
            self._tell_followup(FollowupMissed, at, followup, assigned_ids=tuple(self._team))

    def name_need(self, at: datetime, contact_id: UUID, need_code: str, *, by: str) -> None:
        need_id = uuid5(contact_id, need_code)
        need = self._whose() | {"id": need_id, "need_code": need_code, "version": 1}
        need |= {"state": NeedState.IDENTIFIED, "identified_at": at, "identified_by": by}
        self.needs.append(need)
        seen = {"need_code": need_code}
        self._tell_of(NeedIdentified, at, need_id, detail=seen, need_id=need_id)

    def settle_need(self, at: datetime, need: Row, *, reason_code: str | None = None) -> None:
        """Connect the person with somebody for this need, or say why nobody was found."""
        to = NeedState.NOT_CONNECTED if reason_code else NeedState.CONNECTED
        _next(need, to)
        need |= {"settled_at": at, "reason_code": reason_code}
        seen = {"need_code": need["need_code"]}
        seen |= {"reason_code": reason_code} if reason_code else {}
        kind = NeedNotConnected if reason_code else NeedConnected
        version = need["version"]
        self._tell_of(kind, at, need["id"], version=version, detail=seen, need_id=need["id"])

    def set_goal(self, at: datetime, words: str, *, by: str) -> None:
        if self._key is None:
            self._key = self.books.vault.first_key(self.id)
            self.books.rows.add(KEYS, {**self._key.row, "made_at": at})
        goal_id = self.books.dice.id(at)
        goal = self._whose() | {"id": goal_id, "state": GoalState.OPEN, "version": 1}
        goal["words_ciphertext"] = self._key.seal(f"goal/{goal_id}", words.encode())
        self.goals.append(goal | {"set_at": at, "set_by": by})
        self._tell_of(GOALS_TOLD[GoalState.OPEN], at, goal_id, goal_id=goal_id)

    def end_goal(self, at: datetime, goal: Row, to: GoalState) -> None:
        _next(goal, to)
        goal["ended_at"] = at
        told = GOALS_TOLD[to]
        self._tell_of(told, at, goal["id"], version=goal["version"], goal_id=goal["id"])

    def confirm_safe_contact(self, at: datetime, language_code: str, *, by: str) -> None:
        row = {
            "referral_id": self.received.referral_id,
            "programme_id": PROGRAMME,
            "time_zone": USUAL_HOURS.time_zone,
            "from_time": USUAL_HOURS.from_time,
            "until_time": time(20),
            "mode_codes": ["phone_call", "text_message"],
            "may_leave_message": False,
            "may_name_programme": False,
            "language_code": language_code,
            "version": 1,
            "confirmed_at": at,
            "confirmed_by": by,
        }
        self.books.rows.add(table_of(SafeContact), row)

    def close_book(self) -> None:
        """Write how everything stands at the end, and the timers of what is ahead."""
        rows = self.books.rows
        rows.add(table_of(Episode), self._row)
        for table, found in (
            (CareTeamMember, self._team.values()),
            (Need, self.needs),
            (Goal, self.goals),
            (Followup, self._followups.values()),
        ):
            for row in found:
                rows.add(table_of(table), row)
        for followup in self._followups.values():
            if followup["state"] == FollowupState.SCHEDULED:
                self.books.set_timer(DUE_TIMER, followup["id"], followup["due_at"])
            if followup["state"] in OPEN:
                self.books.set_timer(WINDOW_TIMER, followup["id"], followup["window_ends_at"])

    def _plan(self, at: datetime, planned: Any) -> Row | None:  # noqa: ANN401 - of the domain
        followup_id = uuid5(self.id, f"{self._row['sequence']}/{planned.kind}")
        present = self._followups.get(followup_id)
        if present is not None and present["state"] != FollowupState.CANCELLED:
            return None
        when = {name: getattr(planned, name) for name in ("planned_for", "due_at")}
        when["window_ends_at"] = planned.window_ends_at
        if present is None:
            present = self._whose() | {"id": followup_id, "kind": planned.kind, "version": 0}
            present["sequence"] = self._row["sequence"]
            self._followups[followup_id] = present
        _next(present, FollowupState.SCHEDULED)
        present |= when
        self._tell_followup(FollowupScheduled, at, present, due_at=present["due_at"])
        return present

    def _cancel(self, at: datetime) -> None:
        for each in self._followups.values():
            if each["state"] in OPEN:
                _next(each, FollowupState.CANCELLED)
                self._tell_followup(FollowupCancelled, at, each)

    def _whose(self) -> Row:
        referral_id = self.received.referral_id
        return {"programme_id": PROGRAMME, "episode_id": self.id, "referral_id": referral_id}

    def _move(self, to: EpisodeState, **changed: Any) -> None:  # noqa: ANN401 - columns
        self._row |= {"state": to, "version": self._row["version"] + 1, **changed}

    def _tell(self, kind: type[EpisodeEvent], at: datetime, **more: Any) -> None:  # noqa: ANN401
        self._tell_of(kind, at, self.id, version=self._row["version"], **more)

    def _tell_followup(
        self,
        kind: type[FollowupEvent],
        at: datetime,
        followup: Row,
        **more: Any,  # noqa: ANN401 - the event's own fields
    ) -> None:
        which = {"followup_id": followup["id"], "followup_kind": followup["kind"]}
        version = followup["version"]
        self._tell_of(kind, at, followup["id"], version=version, **which, **more)

    def _tell_of(
        self,
        kind: type[EpisodeEvent],
        at: datetime,
        aggregate_id: UUID,
        **more: Any,  # noqa: ANN401 - the event's own fields
    ) -> None:
        referral_id = self.received.referral_id
        self.books.tell(kind, at, aggregate_id, referral_id=referral_id, episode_id=self.id, **more)


def _next(row: Row, state: str) -> None:
    row |= {"state": state, "version": row["version"] + 1}
