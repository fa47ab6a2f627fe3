"""`handoff clock`: which times can pass, and how it says what the clock says."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.cli.clock import sentence, span, words
from deploy.cli.errors import CliError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("26h", timedelta(hours=26)),
        ("3d", timedelta(days=3)),
        ("1d12h", timedelta(hours=36)),
        ("90m", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, meant: timedelta) -> None:
    assert span(text) == meant


@pytest.mark.parametrize(
    "text", ["", "-3d", "3", "d", "3 d", "3w", "1.5h", "٣d", "3d\n", "9999999d"]
)
def test_what_is_no_time_is_a_sentence(text: str) -> None:
    with pytest.raises(CliError, match="is no time that could pass"):
        span(text)


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(), "2026-03-01 12:00:00 UTC, as real time does."),
        (timedelta(hours=26), "2026-03-02 14:00:00 UTC, 1 d 2 h ahead of real time."),
        (timedelta(days=-1), "2026-02-28 12:00:00 UTC, 1 d behind real time."),
    ],
)
def test_the_moment_is_said_with_its_distance_from_real_time(ahead: timedelta, said: str) -> None:
    assert sentence(NOON, ahead=ahead) == f"The programme's clock says {said}"


def test_a_time_is_said_without_what_is_nothing() -> None:
    assert words(timedelta(days=1, minutes=5, seconds=1)) == "1 d 5 min 1 s"
    assert words(timedelta()) == "0 s"
