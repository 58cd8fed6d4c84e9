"""Whether two tools differ, or chance alone would explain it.

Means of polarities are compared by Welch's test, which assumes neither equal variances nor equal counts:
B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
involved", Biometrika 34 (1947), 28-35. Counts by label are compared by Pearson's chi-square test of
homogeneity. Several pairs are several tries, so their p-values are adjusted by Holm's method: S. Holm, "A
simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), 65-70.

All three take mentions to be independent. Those of one thread are not quite, so a p-value just below 0.05
says little.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sentiment_service.models import Tally

SIGNIFICANT_BELOW = 0.05
Z_95 = 1.96
_TINY = 1e-300
_STEPS = 500


@dataclass(frozen=True, slots=True)
class Welch:
    """Welch's test of two means."""

    delta: float
    """First mean minus second."""
    interval_95: tuple[float, float]
    """``delta ± 1.96 · sqrt(s₁²/n₁ + s₂²/n₂)``."""
    p_value: float
    """Two-sided."""


def welch_test(a: Tally, b: Tally) -> Welch:
    """Compare the mean polarities of two tallies of at least two items each.

    ``t = (m₁ - m₂) / sqrt(v₁ + v₂)`` with ``v = s²/n``, against Student's distribution with
    ``(v₁ + v₂)² / (v₁²/(n₁ - 1) + v₂²/(n₂ - 1))`` degrees of freedom.
    """
    delta = a.avg_sentiment - b.avg_sentiment
    v_a, v_b = _variance(a) / a.total, _variance(b) / b.total
    error = math.sqrt(v_a + v_b)
    interval = delta - Z_95 * error, delta + Z_95 * error
    if error < 1e-9:  # each says the same every time
        return Welch(delta, interval, 1.0 if abs(delta) < 1e-9 else 0.0)
    freedom = (v_a + v_b) ** 2 / (v_a**2 / (a.total - 1) + v_b**2 / (b.total - 1))
    return Welch(delta, interval, student_tails(delta / error, freedom))


def label_test(a: Tally, b: Tally) -> float:
    """The p-value of the counts by label being of one distribution; neither tally may be empty.

    ``χ² = Σ (seen - expected)² / expected`` over both tallies and the labels that occur, with one degree of
    freedom less than there are such labels.
    """
    columns = [
        (x, y)
        for x, y in ((a.positive, b.positive), (a.negative, b.negative), (a.neutral, b.neutral))
        if x + y
    ]
    everything = a.total + b.total
    chi = 0.0
    for x, y in columns:
        for seen, row in ((x, a.total), (y, b.total)):
            expected = (x + y) * row / everything
            chi += (seen - expected) ** 2 / expected
    if len(columns) == 3:
        return math.exp(-chi / 2)
    return math.erfc(math.sqrt(chi / 2)) if len(columns) == 2 else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for their number: below 0.05 together as seldom by chance as one alone."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def student_tails(t: float, freedom: float) -> float:
    """Probability that Student's ``t`` is at least as far from zero: ``I_x(ν/2, 1/2)``, ``x = ν/(ν + t²)``.

    NIST Digital Library of Mathematical Functions, section 8.17.
    """
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def _variance(tally: Tally) -> float:
    """Sample variance of the polarities."""
    n = tally.total
    return max(0.0, (tally.polarity_square_sum - n * tally.avg_sentiment**2) / (n - 1))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, DLMF 8.17.4
        return 1.0 - _incomplete_beta(b, a, 1.0 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return front / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """``1 + d₁/(1 + d₂/(1 + …))`` by the modified Lentz method."""
    value, c, d = 1.0, 1.0, 0.0
    for step in range(1, _STEPS):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / (1.0 + term * d or _TINY)
        c = 1.0 + term / c or _TINY
        value *= c * d
        if abs(c * d - 1.0) < 1e-14:
            break
    return value
