import pytest

from sentiment_service.scoring.praise_and_blame import BLAME, PRAISE
from sentiment_service.scoring.verdicts import affirms, beats_it, denies_it_all, only_one, verdict

A = "\ue000"


@pytest.mark.parametrize(
    "clause",
    [f"{A} is a game changer", f"just use {A}", f"{A} doesn't hallucinate", f"{A} isn't bad", f"hello {A}"],
)
def test_praise_is_positive(clause: str) -> None:
    assert verdict(clause) > 0


@pytest.mark.parametrize(
    "clause",
    [
        f"{A} hallucinates",
        f"don't waste money on {A}",
        f"{A} used to be great",
        f"{A} isn't good",
        f"no more {A}",
    ],
)
def test_blame_is_negative(clause: str) -> None:
    assert verdict(clause) < 0


@pytest.mark.parametrize("clause", [f"i opened {A} today", "", f"{A} is fast but it crashes, a solid tool"])
def test_no_verdict_or_as_much_of_both_is_zero(clause: str) -> None:
    assert verdict(clause) == 0


def test_verdicts_stay_within_one() -> None:
    assert verdict("crashes garbage trash crap") == -1
    assert verdict("amazing awesome brilliant solid") == 1


def test_no_phrase_is_listed_twice() -> None:
    phrases = [phrase for phrase in f"{BLAME}  {PRAISE}".replace("\n", "  ").split("  ") if phrase]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize(
    "clause", [f"{A} doesn't.", f"{A} could not", f"{A}, not so much", f"neither of {A} works"]
)
def test_a_clause_can_deny_it_all(clause: str) -> None:
    assert denies_it_all(clause)


def test_a_clause_can_be_about_others_too() -> None:
    assert affirms(f"{A} is.")
    assert not affirms(f"{A} is slow.")
    assert beats_it(f"{A} has overtaken it")
    assert not beats_it(f"{A} beats the clock")
    assert only_one(f"only {A} was any good")
    assert not only_one(f"i only use {A}")
