"""Casework grants an officer's notice and notify says it: both in the same words."""

from services.casework.domain import disclosures
from services.casework.domain.consents import NoticeKind as Granted
from services.notify.domain.notices import FACTS, NoticeKind


def test_what_is_granted_is_what_is_said() -> None:
    granted = {kind.value: (words.en, words.es) for kind, words in disclosures.WORDS.items()}
    said = {kind.value: (facts.words.en, facts.words.es) for kind, facts in FACTS.items()}

    assert granted.keys() == {kind.value for kind in Granted}
    assert granted == {kind: said[NoticeKind(kind)] for kind in granted}
