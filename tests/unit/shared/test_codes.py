"""The code lists that ship, what their labels may say, and that a planted mistake is refused."""

import re
from collections.abc import Iterator
from enum import Enum
from importlib.resources import files
from typing import Annotated, get_args

import pytest
from pydantic import BaseModel, ValidationError

from deploy import codes_table
from services.casework.domain.consents import DisclosurePurpose, SignedBy
from services.casework.domain.contacts import OUTCOMES
from services.casework.domain.disclosures import Basis
from services.casework.domain.eligibility_history import UNSUCCESSFUL
from services.casework.domain.episodes import MERGED
from services.casework.domain.followups import FollowupKind
from services.casework.domain.matching import Reason as MatchReason
from services.casework.store.feedback import CLOSED, COMPLETED, ENROLLED
from services.notify.domain.notices import FACTS, NoticeKind
from services.referral.domain.stated import Offence
from services.referral.domain.stated import Reason as EligibilityReason
from services.referral.schemas.referrals import ReferralDetails
from services.referral.schemas.team import StaffBody
from shared.events.base import CATALOGUE, entity
from shared.events.casework import CaseworkEvent, OfficerNotice
from shared.events.codes import lists
from shared.events.codes.lists import (
    Code,
    CodeFileError,
    CodeList,
    UnknownCodeError,
    code_list,
    code_lists,
    is_code,
    label,
    read_list,
    words,
)
from shared.events.referral import EligibilityResult, Pathway, ReferralEvent
from shared.http.codes import CodeListView, code_field
from shared.http.invalid import corrections

EXPECTED = {
    *("pathways", "contact_modes", "contact_places", "contact_outcomes", "supplies", "needs"),
    *("not_connected_reasons", "closing_reasons", "pause_reasons", "followup_kinds"),
    *("officer_notices", "withdrawal_reasons", "decline_reasons", "match_reasons"),
    *("responder_kinds", "timeline_kinds", "eligibility_results", "eligibility_reasons"),
    *("offences", "stated_needs", "languages", "roles"),
    *("disclosure_purposes", "consent_signers", "disclosure_bases"),
}
SAME_IN_BOTH = {("contact_places", "hospital")}
NEVER_SAID = re.compile(
    r"\b(fail\w*|offenders?|clients?|tickets?|addicts?|abus\w+|criminals?|convicts?|users?"
    r"|fracas\w*|delincuentes?|infractor\w*|clientes?|adict[oa]s?|drogadict\w+|abus[oa]\w*"
    r"|criminal(es)?|usuari[oa]s?|toxic[oó]man[oa]s?|boletos?)\b",
    re.IGNORECASE,
)
# The names of two offences in Oregon's statutes.
STATUTES = {("offences", "criminal_trespass_2"), ("offences", "criminal_mischief_3")}
GOOD = """
id = "leaves"
version = 2
description = "Leaves."

[[code]]
code = "birch"
en = "Birch"
es = "Abedul"
retired_in = 2

[[code]]
code = "elm"
en = "Elm"
es = "Olmo"
since = 2
note = "Made up."
"""


def entries() -> Iterator[tuple[str, Code]]:
    for each in code_lists().values():
        for code in each.codes:
            yield each.id, code


def codes_of(list_id: str) -> list[str]:
    return [each.code for each in code_list(list_id).codes]


@pytest.fixture
def leaves(monkeypatch: pytest.MonkeyPatch) -> CodeList:
    """Have a list with a retired code among those that ship."""
    made = read_list(GOOD, file_name="leaves.toml")
    shipped = dict(code_lists())
    monkeypatch.setattr(lists, "code_lists", lambda: {**shipped, made.id: made})
    return made


def test_every_list_loads() -> None:
    assert set(code_lists()) == EXPECTED
    assert all(each.codes and each.version >= 1 for each in code_lists().values())


def test_every_code_has_a_label_of_its_own_in_both_languages() -> None:
    same = {(list_id, code.code) for list_id, code in entries() if code.en == code.es}
    assert same == SAME_IN_BOTH
    for each in code_lists().values():
        for language in ("en", "es"):
            labels = [code.label(language) for code in each.codes]
            assert len(set(labels)) == len(labels), (each.id, language)


def test_labels_begin_as_a_line_does_and_only_notices_are_sentences() -> None:
    for list_id, code in entries():
        for said in (code.en, code.es):
            assert said[0].isupper(), (list_id, said)
            assert said.endswith(".") == (list_id == "officer_notices"), (list_id, said)


def test_no_label_says_what_the_field_never_says() -> None:
    said = [(list_id, code.code, f"{code.en} {code.es} {code.note}") for list_id, code in entries()]
    found = {(list_id, code) for list_id, code, text in said if NEVER_SAID.search(text)}
    assert found == STATUTES
    assert NEVER_SAID.search("El cliente fracasó")
    assert NEVER_SAID.search("Failed to appear")


@pytest.mark.parametrize(
    ("list_id", "known"),
    [
        ("pathways", Pathway),
        ("eligibility_results", EligibilityResult),
        ("officer_notices", ("received", *get_args(OfficerNotice))),
        ("eligibility_reasons", EligibilityReason),
        ("offences", Offence),
        ("stated_needs", ReferralDetails.model_fields["need"].annotation),
        ("followup_kinds", FollowupKind),
        ("disclosure_purposes", DisclosurePurpose),
        ("consent_signers", SignedBy),
        ("disclosure_bases", Basis),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_list_and_the_program_know_the_same_words(list_id: str, known: object) -> None:
    assert codes_of(list_id) == [str(each) for each in members(known)]


def members(known: object) -> list[object]:
    match known:
        case type() if issubclass(known, Enum):
            return list(known)
        case tuple():
            return list(known)
        case _:
            return list(get_args(known))


def test_what_the_program_says_by_itself_is_in_its_list() -> None:
    assert set(MatchReason) <= words("match_reasons")
    assert {MERGED, COMPLETED} | UNSUCCESSFUL < words("closing_reasons")
    assert {ENROLLED, CLOSED} < words("timeline_kinds")
    assert frozenset().union(*OUTCOMES.values()) == words("contact_outcomes")
    kinds = get_args(get_args(StaffBody.model_fields["responder_kind"].annotation)[0])
    assert set(kinds) == words("responder_kinds")


def test_every_event_of_a_referral_has_a_line_on_the_timeline() -> None:
    told = {
        f"{entity(subject)}_{subject.split('.')[2]}"
        for subject, kind in CATALOGUE.items()
        if issubclass(kind, ReferralEvent | CaseworkEvent)
    }
    assert len(told) > 30
    assert told <= words("timeline_kinds")


def test_the_sentences_for_an_officer_are_those_that_are_sent() -> None:
    for code in code_list("officer_notices").codes:
        kind = "received_by_the_programme" if code.code == "received" else code.code
        sent = FACTS[NoticeKind(kind)].words
        assert (code.en, code.es) == (sent.en, sent.es)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "leaves"', 'id = "needles"', "id: the list needles belongs in needles.toml"),
        ("version = 2", "version = 0", "version: Input should be greater"),
        ("version = 2", 'version = "2"', "version: Input should be a valid integer"),
        ('description = "Leaves."', "", "description: Field required"),
        ('es = "Olmo"', "", "code elm es: Field required"),
        ('es = "Olmo"', 'es = " "', "code elm es: String should match"),
        ('es = "Olmo"', 'es = "Olmo"\nfr = "Orme"', "code elm fr: is not known here"),
        ('code = "elm"', 'code = "Elm tree"', "code Elm tree code: String should match"),
        ('code = "elm"', "", "code number 2 code: Field required"),
        ('code = "elm"', 'code = "birch"', "code birch: it stands twice"),
        ("since = 2", "since = 3", "code elm: since 3, and the list is at 2"),
        ("since = 2", "since = 2\nretired_in = 1", "code elm: retired in 1, not after"),
        ("retired_in = 2", "retired_in = 3", "code birch: retired in 3, and the list is at 2"),
        ("[[code]]", "[[code", "is no TOML"),
    ],
)
def test_a_planted_mistake_is_refused_in_a_sentence_that_names_file_and_code(
    old: str, new: str, complaint: str
) -> None:
    with pytest.raises(CodeFileError) as caught:
        read_list(GOOD.replace(old, new), file_name="leaves.toml")

    assert str(caught.value).startswith("leaves.toml")
    assert complaint in str(caught.value)


def test_the_policies_speak_of_listed_roles_alone() -> None:
    rules = files("shared.policy") / "rules"
    named = {
        role
        for each in rules.iterdir()
        for role in re.findall(r'Role::"([a-z_]+)"', each.read_text("utf-8"))
    }
    assert named - {"service"} <= words("roles")  # a service is nobody's colleague
    assert named >= {"first_responder", "peer", "coordinator"}


def test_labels_are_found_in_both_languages() -> None:
    assert label("needs", "housing", language="en") == "Housing"
    assert label("needs", "housing", language="es") == "Vivienda"


def test_a_list_or_code_that_does_not_exist_is_a_slip() -> None:
    with pytest.raises(UnknownCodeError, match="no code list wishes"):
        words("wishes")
    with pytest.raises(UnknownCodeError, match="needs has no code castle"):
        label("needs", "castle", language="en")
    with pytest.raises(UnknownCodeError):
        code_field("wishes")


def test_a_retired_code_cannot_be_chosen_and_is_read_for_ever(leaves: CodeList) -> None:
    class Body(BaseModel):
        leaf: Annotated[str, code_field("leaves")]

    assert words("leaves") == {"elm"}
    assert is_code("leaves", "birch")
    assert not is_code("leaves", "oak")
    assert label("leaves", "birch", language="es") == "Abedul"
    assert Body(leaf="elm").leaf == "elm"
    for code in ("birch", "Test Participant Birch"):
        with pytest.raises(ValidationError) as caught:
            Body(leaf=code)
        [mistake] = corrections(caught.value.errors())
        assert mistake == {
            "where": "leaf",
            "what": "It is no code to choose of the list leaves.",
            "fix": "Use a code that GET /codes/leaves says can be chosen.",
        }
    shown = CodeListView.model_validate(leaves).model_dump()["codes"]
    assert [(each["code"], each["in_use"], each["retired_in"]) for each in shown] == [
        ("birch", False, 2),
        ("elm", True, None),
    ]


def test_a_field_shows_its_choices_in_the_schema() -> None:
    class Body(BaseModel):
        need: Annotated[str, code_field("needs")]
        supplies: list[Annotated[str, code_field("supplies")]]

    fields = Body.model_json_schema()["properties"]
    assert fields["need"]["enum"] == codes_of("needs")
    assert fields["supplies"]["items"]["enum"] == codes_of("supplies")


def test_the_page_of_codes_is_current() -> None:
    assert codes_table.TABLE.read_text("utf-8") == codes_table.render()
