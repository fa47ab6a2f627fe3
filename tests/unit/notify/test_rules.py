"""The rules of notices and of handing them over, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.domain.deliveries import (
    NEXT,
    Reason,
    State,
    may_become,
    reason_not_to_mail,
    refused_grant,
)
from services.notify.domain.feedback import Cell, as_text
from services.notify.domain.mail import mail_text
from services.notify.domain.notices import (
    FACTS,
    STATEMENTS,
    NoticeKind,
    Words,
    received_at,
    statement,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URGENT = {
    NoticeKind.HANDOFF_OFFERED,
    NoticeKind.NOBODY_ACCEPTED,
    NoticeKind.NOBODY_CAME,
    NoticeKind.BREAK_GLASS_OPENED,
}
OUTCOMES = {
    NoticeKind.CONNECTED,
    NoticeKind.WORKING_TOGETHER,
    NoticeKind.COMPLETED,
    NoticeKind.THANK_YOU,
}


def test_every_kind_has_its_facts_and_words_in_both_languages() -> None:
    assert set(FACTS) == set(NoticeKind)
    for facts in FACTS.values():
        for words in (facts.words, facts.mail):
            assert words.en
            assert words.es
            assert words.en != words.es


def test_only_safety_escalations_are_urgent() -> None:
    assert {kind for kind, facts in FACTS.items() if facts.urgent} == URGENT


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_mail_to_a_referrer_does_not_show_which_kind_it_is(language: str) -> None:
    referrers = OUTCOMES | {NoticeKind.RECEIVED_BY_THE_PROGRAMME}

    assert len({mail_text(kind, language_code=language) for kind in referrers}) == 1


def test_a_receipt_is_due_two_hours_after_the_referral() -> None:
    assert received_at(NOON) == NOON + timedelta(hours=2)


def test_an_unknown_statement_is_said_in_the_newest_words() -> None:
    assert statement(1) is STATEMENTS[1]
    assert statement(99) is STATEMENTS[max(STATEMENTS)]


def test_what_has_ended_stays_as_it_is() -> None:
    for state in State:
        assert may_become(state) <= {State.PLANNED}
    assert {state for state in State if NEXT[state]} == {State.PLANNED}


@pytest.mark.parametrize(
    ("in_doubt", "urgent", "hours", "address", "instead"),
    [
        (False, False, 0, "a@example.org", None),
        (False, True, 24, "a@example.org", None),
        (True, True, 0, "a@example.org", None),
        (True, False, 0, "a@example.org", (State.UNKNOWN, Reason.INTERRUPTED)),
        (False, False, 25, "a@example.org", (State.SUPPRESSED, Reason.TOO_LATE)),
        (False, True, 25, "a@example.org", (State.SUPPRESSED, Reason.TOO_LATE)),
        (True, True, 25, "a@example.org", (State.UNKNOWN, Reason.INTERRUPTED)),
        (False, True, 0, None, (State.SUPPRESSED, Reason.NO_ADDRESS)),
        (True, True, 0, None, (State.UNKNOWN, Reason.INTERRUPTED)),
    ],
)
def test_when_a_planned_mail_is_not_sent(
    *,
    in_doubt: bool,
    urgent: bool,
    hours: int,
    address: str | None,
    instead: tuple[State, Reason] | None,
) -> None:
    found = reason_not_to_mail(
        caused_at=NOON,
        now=NOON + timedelta(hours=hours),
        in_doubt=in_doubt,
        urgent=urgent,
        address=address,
    )

    assert found == instead


def test_a_refusal_after_a_lost_answer_is_not_taken_for_an_answer() -> None:
    assert refused_grant(asked_before=False) == (State.SUPPRESSED, Reason.NO_BASIS)
    assert refused_grant(asked_before=True) == (State.UNKNOWN, Reason.ANSWER_LOST)


@pytest.mark.parametrize(
    ("people", "of", "percent", "shown"),
    [
        (40, None, None, "40"),
        (30, 40, None, "30 of 40"),
        (30, 40, 75.0, "30 of 40 (75 %)"),
        (None, None, 62.5, "62.5 %"),
        (None, 40, None, "hidden (fewer than 11 people, or it would give away such a number)"),
    ],
)
def test_a_cell_is_shown_or_visibly_hidden(
    people: int | None, of: int | None, percent: float | None, shown: str
) -> None:
    cell = Cell(Words("Met", "Recibidas"), people, of, percent)

    assert as_text([cell], threshold=11, language_code="en") == f"Met: {shown}"
