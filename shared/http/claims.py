"""Which claims of a token say who somebody is, and what the provider calls our roles.

Every provider names them otherwise, and some put them inside of others. A claim is named as it
stands in the token, or, if that begins with a slash, by a JSON pointer (RFC 6901) to it.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import reduce
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from shared.policy.actor import EVERY_PROGRAMME, Actor, Function
from shared.policy.engine import ROLES

LONGEST_NAME = 200
SUBMIT_ONLY = "handoff.submit"  # a scope: the session may refer people, and nothing else

ClaimName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]


class UnusableClaimError(Exception):
    """A claim is missing or not what it has to be; the text says which, and repeats no value."""


class Claims(BaseModel):
    """The names of the claims that are read, and the provider's words for roles and functions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    programme: ClaimName = "programme"
    agency: ClaimName = "agency"
    function: ClaimName = "function"
    roles: ClaimName = "roles"
    scope: ClaimName = "scope"
    acr: ClaimName = "acr"
    auth_time: ClaimName = "auth_time"
    role_names: dict[str, str] = Field(default_factory=dict)
    function_names: dict[str, str] = Field(default_factory=dict)

    @field_validator("role_names")
    @classmethod
    def _known_roles(cls, names: dict[str, str]) -> dict[str, str]:
        if not ROLES.issuperset(names.values()):
            raise ValueError("not one of our roles")
        return names

    @field_validator("function_names")
    @classmethod
    def _known_functions(cls, names: dict[str, str]) -> dict[str, str]:
        if not set(Function).issuperset(names.values()):
            raise ValueError("not one of our functions")
        return names

    def actor(self, token: Mapping[str, object]) -> Actor:
        """Read who it is; a person belongs to one programme, only our services to all.

        Raises:
            UnusableClaimError: a claim is missing or not what it has to be.
        """
        stated = _at(token, self.function)
        try:
            function = Function(self.function_names.get(str(stated), str(stated)))
        except ValueError:
            raise UnusableClaimError(_wrong(self.function, "not one of ours")) from None
        programme_id = _name(token, self.programme)
        if programme_id == EVERY_PROGRAMME and function is not Function.SERVICE:
            raise UnusableClaimError("The token names no programme.")
        agency = _at(token, self.agency)
        return Actor(
            actor_id=_name(token, "sub"),
            function=function,
            programme_id=programme_id,
            agency_id=None if agency is None else _name(token, self.agency),
            roles=frozenset(self.role_names.get(each, each) for each in _roles(token, self.roles)),
            submit_only=SUBMIT_ONLY in _scopes(_at(token, self.scope)),
            acr=_text(_at(token, self.acr)),
            authenticated_at=_moment(token, self.auth_time),
        )


def _at(token: Mapping[str, object], name: str) -> object:
    """Return the claim, or None if it is not there."""
    if not name.startswith("/"):
        return token.get(name)
    parts = [each.replace("~1", "/").replace("~0", "~") for each in name[1:].split("/")]
    whole: object = token
    return reduce(lambda at, part: at.get(part) if isinstance(at, Mapping) else None, parts, whole)


def _name(token: Mapping[str, object], claim: str) -> str:
    value = _at(token, claim)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise UnusableClaimError(_wrong(claim, "missing or not a name"))
    return value


def _roles(token: Mapping[str, object], claim: str) -> list[str]:
    roles = _at(token, claim)
    if roles is None:
        return []
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise UnusableClaimError(_wrong(claim, "not a list of names"))
    return roles


def _scopes(stated: object) -> Collection[object]:
    """Return the scopes, which some providers give as one text and others as a list."""
    return stated if isinstance(stated, list) else str(stated or "").split()


def _moment(token: Mapping[str, object], claim: str) -> datetime | None:
    """Return when the person showed who they are; a claim that is no moment says nothing."""
    seconds = _at(token, claim)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _wrong(claim: str, what: str) -> str:
    return f"The token's claim {claim} is {what}."
