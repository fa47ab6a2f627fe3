"""`handoff clock`: the programme's present moment, and letting time pass at once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from deploy.cli.errors import CliError
from deploy.cli.migrate import running_plan
from deploy.cli.options import DATA_DEFAULT, Data, data_folder, say
from deploy.embedded import movable_clock

SPAN = re.compile(r"(?:[0-9]{1,6}[dhms])+", re.ASCII)
PART = re.compile(r"([0-9]+)([dhms])", re.ASCII)
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
NAMES = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def clock(
    data: Data = DATA_DEFAULT,
    *,
    ahead: Annotated[
        str | None,
        typer.Option(help="Let this much time pass at once: 26h, 3d, 1d12h, 90m, 45s."),
    ] = None,
) -> None:
    """Say what the programme's clock says, or move it forward.

    Only a clock made to be moved can be: that of `handoff demo` or `handoff up --movable-clock`.
    What falls due on the way happens within a second or so, in its order.

    Example: `handoff clock --ahead 26h`
    """
    by = None if ahead is None else span(ahead)
    plan = running_plan(data_folder(data))
    stands = movable_clock.read(plan) if by is None else movable_clock.advance(plan, by)
    say(sentence(datetime.now(UTC), ahead=stands))


def span(text: str) -> timedelta:
    """Return the time that *text* such as `1d12h` means.

    Raises:
        CliError: it means none.
    """
    if not SPAN.fullmatch(text):
        raise CliError(
            f"{text} is no time that could pass: the clock only goes forward, by 26h, 3d or 90m."
        )
    return sum(
        (timedelta(**{UNITS[unit]: int(number)}) for number, unit in PART.findall(text)),
        timedelta(),
    )


def sentence(now: datetime, *, ahead: timedelta) -> str:
    """Say which moment the programme's clock shows while real time is *now*."""
    how = "as real time does"
    if ahead:
        how = f"{words(abs(ahead))} {'ahead of' if ahead > timedelta() else 'behind'} real time"
    return f"The programme's clock says {now + ahead:%Y-%m-%d %H:%M:%S} UTC, {how}."


def words(time: timedelta) -> str:
    """Return *time* as a person says it, such as `1 d 2 h`."""
    left = round(time.total_seconds())
    said = []
    for name, seconds in NAMES:
        number, left = divmod(left, seconds)
        if number:
            said.append(f"{number} {name}")
    return " ".join(said) or "0 s"
