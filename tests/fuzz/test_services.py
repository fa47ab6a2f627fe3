"""Whatever is asked of a service, by whomever: no failure, no surprise, nobody let in unasked."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from secrets import randbits

import pytest

from tests.fuzz.harness import Fuzzing, Target, operations, secured, streams
from tests.fuzz.worlds import known_in
from tests.identity import LocalProvider
from tests.servers import Database
from tests.service.apps import running_app

SEED = 20260301
EACH = 34
IN_SOAK = 520
STREAMS = 1  # read until its reader goes: only asked without a token that counts
# (service, share, of so many): one item each, so that they run beside one another.
SHARES = (
    *(("casework", part, 4) for part in range(4)),
    *(("referral", part, 2) for part in range(2)),
    ("notify", 0, 1),
)
ACCOUNTS = (
    *("coordinator-juniper", "manager-fern", "peer-willow", "officer-hemlock", "privacy-yarrow"),
    *("evaluator-ginkgo", "administrator-acacia", "operator-spruce", "referral", "casework"),
    "notify",
)
NO_LETTER = "no dead letter is made in these worlds"
NOT_IN_JOURNAL = "nothing of these worlds has been told yet"
FITTING = "its body has to fit what is kept: moments, terms, versions that nobody guesses"
UNMADE = "there is no such record in these worlds"
# What never succeeds in a short run, and why; its own tests see it succeed.
NO_SUCCESS = {
    **{
        f"{service} {method} /dead-letters/{{consumer}}/{{event_id}}{rest}": NO_LETTER
        for service in ("casework", "notify", "referral")
        for method, rest in (("GET", ""), ("POST", "/replay"))
    },
    **{
        f"{service} GET /journal/{{event_id}}": NOT_IN_JOURNAL
        for service in ("casework", "notify", "referral")
    },
    "referral DELETE /shifts/{shift_id}": UNMADE,
    "referral GET /eligibility-policies/{county}": UNMADE,
    "referral PUT /referrals/{referral_id}": "its id may be new, and few ids in a path are",
    "referral PUT /referrals/{referral_id}/arrival": "its person may have been met already",
    "referral PUT /referrals/{referral_id}/departure": "its person may have been met already",
    "referral GET /referrals/{referral_id}/identity-packet": UNMADE,
    "casework GET /feedback-releases/{release_id}": UNMADE,
    "casework GET /participants/{participant_id}/disclosures": "for few, at one purpose",
    "casework PUT /participants/{participant_id}/referrals/{referral_id}/split": UNMADE,
    "casework PUT /match-candidates/{candidate_id}/decision": UNMADE,
    "casework PUT /break-glass-accesses/{access_id}/review": UNMADE,
    "casework PUT /consents/{consent_id}": FITTING,
    "casework PUT /followups/{followup_id}/completion": FITTING,
    "casework POST /disclosures/grants": FITTING,
    "casework PUT /disclosures/{disclosure_id}/outcome": FITTING,
    "casework PUT /contacts/{contact_id}": FITTING,
    "casework PUT /intakes/{referral_id}/safe-contact": FITTING,
    "casework PUT /goals/{goal_id}": FITTING,
}


@contextmanager
def fuzzed(
    service: str, database: Database, folder: Path
) -> Iterator[tuple[Target, asyncio.Runner]]:
    """Have the service with its world, on a loop that lasts from the first case to the last."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        app = runner.run(
            stack.enter_async_context(running_app(service, database, LocalProvider(folder)))
        )
        try:
            known = runner.run(known_in(app))
            yield Target(app.app, app.http, app.token, ACCOUNTS, known), runner
        finally:
            runner.run(stack.aclose())


def check(
    service: str,
    share: tuple[int, int],
    database: Database,
    folder: Path,
    *,
    each: int,
    seeded: int,
) -> None:
    print(f"seed {seeded}")  # noqa: T201 - what a failed run is repeated with
    with fuzzed(service, database, folder) as (target, runner):
        chosen = operations(target.app, part=share[0], parts=share[1])
        found = Fuzzing(target, runner, seeded=seeded).run(chosen, each=each)
    asked = [operation for operation in chosen if not streams(operation)]
    labels = [operation.label for operation in asked]
    guarded = [operation.label for operation in asked if secured(operation)]
    assert not found.wrong, "\n\n".join(f"{key}: {what}" for key, what in found.wrong.items())
    assert found.sent >= each * len(asked)
    silent = {f"{service} {label}" for label in found.without(range(200, 300), labels)}
    assert silent <= NO_SUCCESS.keys(), silent
    assert not found.without(range(400, 500), guarded)


def test_all_services_together_are_asked_as_often_as_is_promised() -> None:
    documents = [json.loads(each.read_text()) for each in Path("services").glob("*/openapi.json")]
    methods = sum(len(path) for each in documents for path in each["paths"].values())
    assert len(documents) == 3
    assert (methods - STREAMS) * EACH >= 3_000
    assert (methods - STREAMS) * IN_SOAK >= 50_000


@pytest.mark.parametrize(("service", "part", "parts"), SHARES)
def test_whatever_is_asked_the_answer_is_one_that_is_documented(
    service: str, part: int, parts: int, database: Database, tmp_path: Path
) -> None:
    check(service, (part, parts), database, tmp_path, each=EACH, seeded=SEED)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("service", "part", "parts"), SHARES)
def test_whatever_is_asked_many_times_the_answer_is_one_that_is_documented(
    service: str, part: int, parts: int, database: Database, tmp_path: Path
) -> None:
    check(service, (part, parts), database, tmp_path, each=IN_SOAK, seeded=randbits(32))
