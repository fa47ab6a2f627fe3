"""The measure that tells whether two refusals can be told apart: seen to fail, and to pass."""

import random

from tests.bench.refusals import told_apart


def test_what_takes_the_same_is_guessed_by_tossing_a_coin() -> None:
    dice = random.Random(5)  # noqa: S311 - for numbers, not secrets
    one, other = ([dice.gauss(10, 1) for _ in range(1000)] for _ in range(2))

    assert told_apart(one, other) < 0.53
    assert told_apart([1.0] * 9, [1.0] * 9) == 0.5


def test_what_takes_a_little_longer_is_told_apart() -> None:
    dice = random.Random(5)  # noqa: S311 - for numbers, not secrets
    missing = [dice.gauss(10, 0.1) for _ in range(1000)]
    forbidden = [dice.gauss(10.12, 0.1) for _ in range(1000)]

    assert told_apart(forbidden, missing) > 0.75
    assert told_apart(missing, forbidden) > 0.75
