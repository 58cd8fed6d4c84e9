"""Figures, bounds and quantiles."""

import math

from bench.figures import at_least, at_most, figure, percentiles_text, quantile, ratios


def test_a_figure_is_the_median_of_its_rounds() -> None:
    assert figure("x", [3.0, 1.0, 100.0]).value == 3.0
    assert figure("x", 2).value == 2
    assert math.isnan(figure("x", []).value)


def test_a_bound_is_kept_on_its_own_side_and_included() -> None:
    assert figure("x", 0.7, wanted=at_least(0.7)).met is True
    assert figure("x", 0.69, wanted=at_least(0.7)).met is False
    assert figure("x", 2.0, wanted=at_most(2)).met is True
    assert figure("x", 2.1, wanted=at_most(2)).met is False
    assert figure("x", 2.1).met is None


def test_what_was_not_measured_is_not_met() -> None:
    assert figure("x", [], wanted=at_least(1)).met is False
    assert figure("x", [], wanted=at_most(1)).met is False


def test_quantiles_are_of_the_nearest_rank() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [quantile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
    assert math.isnan(quantile([], 0.5))
    assert percentiles_text([0.001, 0.002]) == "p50 1.00  p90 2.00  p99 2.00  p99.9 2.00  max 2.00 ms"


def test_sides_are_compared_round_by_round() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]
    assert math.isnan(ratios([1.0], [0.0])[0])
