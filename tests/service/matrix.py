"""The matrix of authorization: every row of the tables of access, under every condition.

`python -m tests.service.matrix` prints it. A cell is one row, one account and one condition; the
tests of access ask each of them, and expect what CONDITIONS and the row say.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from rich.console import Console

from deploy.identity.staff import ACCOUNTS
from shared.http.claims import SUBMIT_ONLY
from shared.policy.actor import Actor, Function

SERVICES = ("referral", "casework", "notify")
EVERYBODY = tuple(ACCOUNTS)
ELSEWHERE = "cedar-county"  # a programme in which nothing has ever happened
TOLD_TO_AN_AGENCY = "/feedback-releases/"
A_RECORD = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{(?!new\}|now\})[a-z_]+\}")
REFERS_PEOPLE = re.compile(
    r"/referrals/[^/]+(/officer-release)?|/codes(/[^/]+)?|/eligibility-policies(/[^/]+)?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a condition looks at: which service is asked, and whether for a record by its id."""

    service: str
    path: str
    names_a_record: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that changes about somebody who is answered, and what they are answered then."""

    name: str
    answered: HTTPStatus
    changed: Callable[[Actor], Mapping[str, Any]]
    applies: Callable[[Row, Actor], bool]


CONDITIONS = (
    Condition(
        "the token has expired",
        HTTPStatus.UNAUTHORIZED,
        lambda _: {"exp": int(time.time()) - 3600},
        lambda _row, _actor: True,
    ),
    Condition(
        "their work is enforcement, with all their roles",
        HTTPStatus.NOT_FOUND,
        lambda _: {"function": Function.ENFORCEMENT.value},
        lambda row, actor: row.service == "casework" and actor.function is not Function.SERVICE,
    ),
    Condition(
        "their session is to refer people, and nothing else",
        HTTPStatus.NOT_FOUND,
        lambda _: {"scope": SUBMIT_ONLY},
        lambda row, actor: (
            not (actor.function is Function.SERVICE or REFERS_PEOPLE.fullmatch(row.path))
        ),
    ),
    Condition(
        "they are of another programme",
        HTTPStatus.NOT_FOUND,
        lambda _: {"programme": ELSEWHERE},
        lambda row, actor: row.names_a_record and actor.function is not Function.SERVICE,
    ),
    Condition(
        "they are of another agency",
        HTTPStatus.NOT_FOUND,
        lambda _: {"agency": "elsewhere-police"},
        lambda row, actor: (
            row.names_a_record
            and row.path.startswith(TOLD_TO_AN_AGENCY)
            and row.service == "notify"
            and actor.agency_id is not None
        ),
    ),
)


def stays_outside(service: str, who: str) -> bool:
    """Say whether the door itself refuses somebody: before anything they state is looked at."""
    if who == "referral":
        return service != "referral"
    return service == "casework" and ACCOUNTS[who].actor.function is Function.ENFORCEMENT


def names_a_record(path: str, body: object) -> bool:
    """Say whether a request names something that is there by its id, in its path or its body."""
    return A_RECORD.search(f"{path} {body}") is not None


def conditions_of(row: Row, who: str) -> Iterator[Condition]:
    """Return the conditions under which somebody who is answered is asked once more."""
    actor = ACCOUNTS[who].actor
    return (each for each in CONDITIONS if each.applies(row, actor))


def claims_of(who: str) -> dict[str, Any]:
    """Return what the account's token says."""
    actor = ACCOUNTS[who].actor
    return {
        "sub": actor.actor_id,
        "function": actor.function.value,
        "programme": actor.programme_id,
        "agency": actor.agency_id,
        "roles": sorted(actor.roles),
    }


# What belongs to a record, and is open to nobody who is not named once it is restricted.
RESTRICTED = "the record is restricted to others"
NO_RECORDS = ("/feedback-releases", "/break-glass-accesses", "/journal", "/dead-letters")
OPENS_IN_AN_EMERGENCY = "/participants/{participant}/break-glass-accesses/{new}"


def closed_by_restriction(service: str, path: str, body: object) -> bool:
    """Say whether care staff find nothing there once the record is restricted to others."""
    return (
        service == "casework"
        and names_a_record(path, body)
        and path != OPENS_IN_AN_EMERGENCY
        and not path.startswith(NO_RECORDS)
    )


def is_care(who: str) -> bool:
    return ACCOUNTS[who].actor.function is Function.CARE


def cells(service: str) -> dict[str, int]:
    """Count the cells of a service: as everybody is, and under each condition."""
    from tests.service.access_tables import table_of  # noqa: PLC0415 - the tables ask this module

    names = ("as they are", *(each.name for each in CONDITIONS), RESTRICTED)
    found = dict.fromkeys(names, 0)
    for route in table_of(service):
        row = Row(service, route.path, names_a_record(route.path, route.body))
        found["as they are"] += len(EVERYBODY)
        for who, status in route.answered.items():
            if status < HTTPStatus.BAD_REQUEST:
                for condition in conditions_of(row, who):
                    found[condition.name] += 1
        if closed_by_restriction(service, route.path, route.body):
            found[RESTRICTED] += sum(map(is_care, route.answered))
    return found


def main() -> None:
    """Print whom each row answers, and how many cells there are."""
    from tests.service.access_tables import table_of  # noqa: PLC0415 - the tables ask this module

    console, whole = Console(highlight=False, soft_wrap=True), 0
    for service in SERVICES:
        console.print(f"\n[bold]{service}[/]")
        for route in table_of(service):
            answered = [who for who, status in route.answered.items() if status < 400]
            console.print(f"{route}\n    {', '.join(answered) or 'nobody here'}")
        counted = cells(service)
        whole += sum(counted.values())
        console.print(*(f"{count} cells: {name}" for name, count in counted.items()), sep="\n")
    console.print(f"\n{whole} cells")


if __name__ == "__main__":
    main()
