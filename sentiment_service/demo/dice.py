"""Draws that depend on nothing but their keys, so that the same seed always gives the same world.

The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014): one addition and two multiplications a draw, and cheap to start, which matters because
every post and comment starts its own.
"""

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

_MASK = 0xFFFFFFFFFFFFFFFF
_STEP = 0x9E3779B97F4A7C15
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def key_of(*parts: object) -> int:
    """64 bits that stand for these parts; stable between runs and versions of Python."""
    whole = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big")


def base36(number: int) -> str:
    """A number as Reddit writes its ids: lower-case letters and digits."""
    if number == 0:
        return "0"
    digits: list[str] = []
    while number:
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


class Dice:
    """A sequence of draws that follows from one key."""

    __slots__ = ("_state",)

    def __init__(self, key: int, salt: int = 0) -> None:
        self._state = (key ^ (salt * 0xD1342543DE82EF95)) & _MASK

    def bits(self) -> int:
        """64 evenly distributed bits."""
        self._state = state = (self._state + _STEP) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        return state ^ (state >> 31)

    def unit(self) -> float:
        """A number from 0 to 1, 1 not included."""
        return (self.bits() >> 11) * 2.0**-53

    def chance(self, probability: float) -> bool:
        """Whether something with this probability happens."""
        return self.unit() < probability

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit``, ``limit`` not included."""
        return (self.bits() * limit) >> 64

    def pick(self, choices: Sequence[_T]) -> _T:
        """One of the choices, all equally likely."""
        return choices[(self.bits() * len(choices)) >> 64]

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean."""
        return -math.log(1.0 - self.unit()) * mean
