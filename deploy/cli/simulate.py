"""`handoff simulate`: fill a stack's databases with months of made-up work."""

import base64
from datetime import UTC, datetime
from typing import Annotated

import asyncpg
import typer
import uvloop

from deploy.cli.errors import CliError
from deploy.cli.migrate import running_plan
from deploy.cli.options import DATA_DEFAULT, Data, data_folder, say
from deploy.embedded import movable_clock
from deploy.embedded.plan import Plan
from deploy.simulate.run import Keys, Order, Written
from deploy.simulate.run import simulate as write_history


def simulate(
    data: Data = DATA_DEFAULT,
    *,
    people: Annotated[int, typer.Option(min=1, help="How many people are referred.")] = 200,
    months: Annotated[
        float, typer.Option(min=0.1, max=240, help="Over how many months, up to now.")
    ] = 12,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = 1,
) -> None:
    """Fill the databases of a running stack with months of made-up work.

    Referrals, handoffs, contacts, follow-ups, consents, custody, moves, people who come back under
    another spelling, and what is entered late: as the services would have left it. Everybody is
    made up. All of it is written, or nothing; nobody is notified. What services tell each other
    waits until it is done.

    Example: `handoff simulate --people 500 --months 18 --seed 7`
    """
    plan = running_plan(data_folder(data))
    until = datetime.now(UTC).replace(microsecond=0) + movable_clock.read(plan)
    order = Order(people=people, months=months, seed=seed, until=until)
    say(f"{people} made-up people over {months:g} months up to {until:%Y-%m-%d %H:%M} UTC ...")
    written = fill(plan, order)
    rate = written.events / written.seconds
    say(
        f"{written.events:,} events and {written.lines:,} lines of timelines written in"
        f" {written.seconds:.1f} s: {rate:,.0f} events a second."
    )
    say(
        "Next: ask casework as the coordinator;"
        " `handoff token --as coordinator-juniper` prints a token."
    )


def fill(plan: Plan, order: Order) -> Written:
    """Write the history that *order* asks for into the databases of *plan*."""
    password = plan.folder.postgres_password.read_text("utf-8").strip()
    url = f"postgresql://postgres:{password}@127.0.0.1:{plan.ports.postgres}/handoff"
    try:
        return uvloop.run(write_history(url, order, _keys(plan)))
    except asyncpg.UniqueViolationError as error:
        if not str(error.constraint_name).startswith("pk_"):
            raise  # a fault of ours: the ids of made-up people are new, and so are their rows
        raise CliError(
            f"Seed {order.seed} has been simulated here before: choose another with --seed."
        ) from None


def _keys(plan: Plan) -> Keys:
    return Keys(
        referral_key_encryption_key=_key(plan, "referral_key_encryption_key"),
        casework_key_encryption_key=_key(plan, "casework_key_encryption_key"),
        casework_hash_key=_key(plan, "casework_hash_key"),
    )


def _key(plan: Plan, name: str) -> bytes:
    return base64.b64decode(plan.secret(name))
