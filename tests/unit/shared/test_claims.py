"""Who somebody is, read from claims that every provider names otherwise."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.http.claims import Claims, UnusableClaimError
from shared.policy.actor import Actor, Function

USUAL = {
    "sub": "peer-willow",
    "programme": "alder-county",
    "function": "care",
    "roles": ["peer"],
}


def actor(claims: Claims | None = None, **stated: Any) -> Actor:
    return (claims or Claims()).actor({**USUAL, **stated})


def test_the_usual_names_need_no_setting() -> None:
    assert actor() == Actor("peer-willow", Function.CARE, "alder-county", roles=frozenset({"peer"}))


def test_claims_are_found_by_the_names_that_are_set() -> None:
    names = Claims.model_validate_json(
        json.dumps(
            {
                "programme": "https://handoff.example.org/programme",
                "agency": "/organization/unit~1code",
                "roles": "/realm_access/roles",
                "acr": "/how",
            }
        )
    )
    found = names.actor(
        {
            "sub": "officer-hemlock",
            "https://handoff.example.org/programme": "alder-county",
            "function": "enforcement",
            "organization": {"unit/code": "hemlock-police"},
            "realm_access": {"roles": ["first_responder"]},
            "how": "urn:example:phishing-resistant",
        }
    )
    assert (found.programme_id, found.agency_id) == ("alder-county", "hemlock-police")
    assert found.roles == {"first_responder"}
    assert found.acr == "urn:example:phishing-resistant"


def test_the_providers_words_become_ours_and_others_stay_as_they_are() -> None:
    names = Claims(role_names={"ho-peers": "peer"}, function_names={"recovery": "care"})
    found = actor(names, roles=["ho-peers", "choir"], function="recovery")
    assert found.roles == {"peer", "choir"}
    assert found.function is Function.CARE


@pytest.mark.parametrize("text", ['{"roles": 1}', '{"role": "r"}', "roles", '{"roles": ""}'])
def test_names_that_cannot_be_used_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Claims.model_validate_json(text)


@pytest.mark.parametrize("words", [{"role_names": {"a": "pear"}}, {"function_names": {"a": "b"}}])
def test_words_are_translated_to_ours_only(words: dict[str, dict[str, str]]) -> None:
    with pytest.raises(ValidationError):
        Claims.model_validate(words)


@pytest.mark.parametrize(
    ("stated", "complaint"),
    [
        ({"function": "juggler"}, "claim function is not one of ours"),
        ({"function": ["care"]}, "claim function is not one of ours"),
        ({"roles": "peer"}, "claim roles is not a list of names"),
        ({"roles": ["peer", 7]}, "claim roles is not a list of names"),
        ({"programme": None}, "claim programme is missing or not a name"),
        ({"programme": "*"}, "names no programme"),
        ({"sub": "a\nb"}, "claim sub is missing or not a name"),
        ({"agency": ["x"]}, "claim agency is missing or not a name"),
    ],
)
def test_a_claim_that_says_nothing_usable_is_named(stated: Any, complaint: str) -> None:
    with pytest.raises(UnusableClaimError, match=complaint):
        actor(**stated)


def test_the_path_into_something_else_finds_nothing() -> None:
    names = Claims(roles="/realm_access/roles")
    for odd in ("x", 7, None, ["roles"]):
        assert actor(names, realm_access=odd).roles == frozenset()


@pytest.mark.parametrize("odd", ["now", True, None, float("nan"), 10**30, {}])
def test_a_sign_in_that_is_no_moment_is_none(odd: object) -> None:
    assert actor(auth_time=odd).authenticated_at is None


def test_a_sign_in_is_a_moment_and_decides_nothing_about_who_it_is() -> None:
    signed_in = actor(auth_time=1_700_000_000, acr="1")
    assert signed_in.authenticated_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert signed_in == actor()
    assert hash(signed_in) == hash(actor())


@pytest.mark.parametrize(
    ("scope", "only"),
    [
        ("handoff.submit", True),
        ("openid handoff.submit", True),
        (["openid", "handoff.submit"], True),
        (["handoff.submitter", 7], False),
        ("handoff.submitter", False),
        (None, False),
        (7, False),
    ],
)
def test_a_session_that_only_submits_is_known_by_its_scope(scope: object, *, only: bool) -> None:
    assert actor(scope=scope).submit_only is only
