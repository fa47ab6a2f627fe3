"""The one function that asks the Cedar policies; nothing else decides who may do what.

Whatever no policy allows is refused, and so is a question the schema does not know. Policies and
schema are parsed once and checked against each other; on any error the program does not start.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import structlog
from cedarpy import Decision as Verdict
from cedarpy import Entities, PolicySet, Schema, is_authorized, policies_to_json_str
from cedarpy import validate_policies as check_against

from shared.policy.actor import Actor, Caller, Purpose
from shared.policy.resource import Resource

log = structlog.get_logger()

RULES = Path(__file__).parent / "rules"
SCHEMA = Path(__file__).parent / "schema"

# The roles of the schema. A token may carry others, for other programs: they count for nothing.
ROLES = frozenset(
    {
        "first_responder",
        "dispatcher",
        "agency_supervisor",
        "peer",
        "case_manager",
        "coordinator",
        "privacy_officer",
        "evaluator",
        "prosecutor",
        "partner",
        "advisory_member",
        "administrator",
        "operator",
        "service",
    }
)

# What a policy may name. Never a record: what is decided holds for all records that are alike.
NAMEABLE = frozenset({"Action", "Actor", "Function", "Purpose", "Role", "Service"})
ANY_RECORD = "any"
REMEMBERED = 4096  # questions; some hundred people ask some ten kinds of them

NO_POLICY_ALLOWS = "no_policy_allows"
NOT_IN_SCHEMA = "not_in_schema"


class PolicyError(Exception):
    """The policies or their schema cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether, and the `@id` of the policy that said so (or one of the two codes above)."""

    allowed: bool
    reason: str


class _OutsideSchemaError(Exception):
    """The schema does not know this question."""


class _Question(NamedTuple):
    """All that a decision depends on.

    Not the id of what is asked for: no policy names a record, so one answer holds for all that
    are alike.
    """

    actor: Actor
    purpose: Purpose
    action: str
    service: str
    kind: str
    programme_id: str
    attrs: tuple[tuple[str, str], ...]


class Policy:
    """All policies, parsed; what was decided of a question is remembered, for it stays so."""

    def __init__(self, policies: PolicySet, schema: Schema) -> None:
        self._policies = policies
        self._schema = schema
        self._answer = lru_cache(REMEMBERED)(self._ask)

    @classmethod
    def load(cls, rules: Path = RULES, schema: Path = SCHEMA) -> Self:
        """Read every policy, or raise PolicyError naming what is wrong."""
        text = _joined(rules, "*.cedar")
        try:
            parsed = Schema.from_str(_joined(schema, "*.cedarschema"))
            policies = PolicySet.from_str(text)
        except ValueError as error:
            raise PolicyError(f"A policy or the schema cannot be read: {error}") from error
        result = check_against(text, parsed)
        if not result.validation_passed:
            found = "; ".join(str(each) for each in result.errors)
            raise PolicyError(f"The policies do not fit the schema: {found}")
        static = json.loads(policies_to_json_str(text))["staticPolicies"]
        _check_ids(static)
        _check_names(static)
        return cls(policies, parsed)

    def decide(self, caller: Caller, action: str, resource: Resource, *, service: str) -> Decision:
        """Answer whether *caller* may do *action* to *resource* in *service*."""
        question = _Question(
            actor=caller.actor,
            purpose=caller.purpose,
            action=action,
            service=service,
            kind=resource.kind,
            programme_id=resource.programme_id,
            attrs=tuple(sorted(resource.attrs.items())),
        )
        with suppress(_OutsideSchemaError):
            return self._answer(question)
        # Our own mistake, not the caller's: said each time, loudly.
        log.error("policy_question_not_in_schema", action=action, kind=resource.kind)
        return Decision(allowed=False, reason=NOT_IN_SCHEMA)

    def _ask(self, question: _Question) -> Decision:
        request = {
            "principal": _actor_uid(question.actor.actor_id),
            "action": {"type": "Action", "id": question.action},
            "resource": _resource_uid(question.kind),
            "context": {
                "purpose": {"type": "Purpose", "id": question.purpose.value},
                "service": {"type": "Service", "id": question.service},
            },
        }
        entities = json.dumps([_actor(question.actor), _resource(question)])
        try:
            known = Entities.from_json_str(entities, self._schema)
            answer = is_authorized(request, self._policies, known, self._schema)
        except ValueError:
            raise _OutsideSchemaError from None
        # A forbid that cannot be evaluated is skipped by Cedar: never let that allow anything.
        if answer.decision is Verdict.NoDecision or answer.diagnostics.errors:
            raise _OutsideSchemaError
        reasons = sorted(answer.diagnostics.id_annotations_by_reason.values())
        return Decision(answer.allowed, reasons[0] if reasons else NO_POLICY_ALLOWS)


def _joined(folder: Path, files: str) -> str:
    found = sorted(folder.glob(files))
    if not found:
        raise PolicyError(f"There is no policy in the folder {folder.name}.")
    return "\n".join(file.read_text("utf-8") for file in found)


def _check_ids(policies: Mapping[str, Any]) -> None:
    """Refuse policies that lack an `@id` or share one: audit rows are read by it for years."""
    ids = [each.get("annotations", {}).get("id") for each in policies.values()]
    if not all(ids):
        raise PolicyError("A policy lacks its @id.")
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise PolicyError(f"Two policies share the @id {twice[0]}.")


def _check_names(policies: Mapping[str, Any]) -> None:
    """Refuse policies that name a record: an answer is remembered for all records like it."""
    for policy in policies.values():
        for kind in sorted(_named(policy) - NAMEABLE):
            raise PolicyError(
                f"The policy {policy['annotations']['id']} names one {kind}."
                " Name what it is like instead: an attribute, a role, a purpose."
            )


def _named(part: object) -> set[str]:
    """Return the kinds of the entities that a part of a policy names by their id."""
    if isinstance(part, Mapping):
        if part.keys() == {"type", "id"}:
            return {str(part["type"])}
        return set().union(*map(_named, part.values()))
    return set().union(*map(_named, part)) if isinstance(part, list) else set()


def _actor_uid(actor_id: str) -> dict[str, str]:
    return {"type": "Actor", "id": actor_id}


def _resource_uid(kind: str) -> dict[str, str]:
    return {"type": kind, "id": ANY_RECORD}


def _actor(actor: Actor) -> dict[str, object]:
    attrs: dict[str, object] = {
        "function": {"type": "Function", "id": actor.function.value},
        "programme_id": actor.programme_id,
        "roles": [{"type": "Role", "id": role} for role in sorted(actor.roles & ROLES)],
        "submit_only": "yes" if actor.submit_only else "no",
    }
    if actor.agency_id is not None:
        attrs["agency_id"] = actor.agency_id
    return {"uid": _actor_uid(actor.actor_id), "attrs": attrs, "parents": []}


def _resource(question: _Question) -> dict[str, object]:
    attrs = {**_stated(dict(question.attrs)), "programme_id": question.programme_id}
    return {"uid": _resource_uid(question.kind), "attrs": attrs, "parents": []}


def _stated(attrs: Mapping[str, str]) -> dict[str, object]:
    return {
        name: _actor_uid(value) if name.endswith("_by") else value for name, value in attrs.items()
    }
