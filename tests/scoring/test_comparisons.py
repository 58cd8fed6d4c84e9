import pytest

from sentiment_service.scoring.comparisons import EVEN, apart_from_evenness, compared, measured_by

A, B, C = "\ue000", "\ue001", "\ue002"


@pytest.mark.parametrize(
    "clause",
    [
        f"{A} is better than {B}",
        f"{A} is so much faster than {B} and {B}",
        f"{A} is less annoying than {B}",
        f"{B} is more expensive than {A}",
        f"{B} isn't any better than {A}",
        f"{B} can't hold a candle to {A}",
        f"{B} is not as good as {A}",
        f"{A} > {B}",
        f"{B} < {A}",
        f"switched from {B} to {A}",
        f"moved to {A} from {B}",
        f"ditched {B} for {A}",
        f"i prefer {A} over {B}",
        f"i'd rather use {A} than {B}",
        f"{A} instead of {B}",
        f"{A} beats {B}",
        f"{A} makes {B} look like a toy",
        f"{A} solved what {B} could not",
        f"{B} is miles behind {A}",
        f"between {B} and {A} i'd pick {A}",
    ],
)
def test_a_comparison_names_its_winner(clause: str) -> None:
    found = compared(clause)
    assert found is not None
    assert found.winners == A
    assert set(found.losers) - {A} == {B}


@pytest.mark.parametrize(
    "clause", [f"{A} is no worse than {B}", f"{A} is the same as {B}", f"{A} is just as good as {B}"]
)
def test_tools_can_be_found_alike(clause: str) -> None:
    assert compared(clause) is EVEN
    assert "worse" not in apart_from_evenness(clause)


@pytest.mark.parametrize(
    "clause", [f"i use {A} and {B}", f"{A} was made by the people behind {B}", "", "better than ever"]
)
def test_tools_side_by_side_are_not_compared(clause: str) -> None:
    assert compared(clause) is None


def test_lists_win_and_lose_together() -> None:
    found = compared(f"{A}, {B} are better than {C}")
    assert found is not None
    assert (found.winners, found.losers) == (A + B, C)


@pytest.mark.parametrize(
    ("clause", "others"),
    [(f"unlike {A}, {B} is fine", A), (f"compared to {A} and {B}, {C} is fine", A + B), (f"{A} is fine", "")],
)
def test_what_others_are_held_against_is_told(clause: str, others: str) -> None:
    assert measured_by(clause) == others
