"""Draws from keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.demo.dice import Dice, base36, key_of


def test_splitmix64_gives_the_published_sequence() -> None:
    # Reference values of the algorithm for the seed 1234567.
    dice = Dice(1234567)
    assert [dice.bits() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@given(st.integers(min_value=0))
def test_base36_is_what_int_reads(number: int) -> None:
    assert int(base36(number), 36) == number


@given(st.integers(0, 2**64 - 1), st.integers(1, 1000))
def test_draws_stay_in_their_range(key: int, limit: int) -> None:
    dice = Dice(key)
    assert 0 <= dice.below(limit) < limit
    assert 0 <= dice.unit() < 1
    assert dice.pick("abc") in "abc"
    assert dice.exponential(5.0) >= 0


def test_draws_are_even() -> None:
    dice = Dice(key_of("even"))
    assert sum(dice.unit() for _ in range(20_000)) / 20_000 == pytest.approx(0.5, abs=0.01)
    assert sum(dice.exponential(3.0) for _ in range(20_000)) / 20_000 == pytest.approx(3.0, abs=0.1)
    assert sum(dice.chance(0.2) for _ in range(20_000)) == pytest.approx(4000, abs=200)


def test_keys_tell_their_parts_apart() -> None:
    assert key_of("a", "bc") != key_of("ab", "c")
    assert key_of("a", 1) == key_of("a", "1")
    assert Dice(5, 1).bits() != Dice(5, 2).bits()
