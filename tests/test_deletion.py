"""What counts as gone, when an item is due again, and what stands for an author."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentiment_service.deletion import Reason, Receipt, RefreshPlan, author_hash, reason_gone
from tests.store.content import NOON, comment, post


@pytest.mark.parametrize(
    ("seen_after_hours", "due_after_hours"),
    [
        (0, 1),
        (0.5, 1),
        (0.89, 1),
        (0.95, 6),
        (1, 6),
        (5, 6),
        (6, 24),
        (23, 23 + 45.6),
        (24, 24 + 45.6),
        (100, 145.6),
    ],
)
def test_an_item_is_due_at_its_ages_and_then_regularly(
    seen_after_hours: float, due_after_hours: float
) -> None:
    seen_at = NOON + timedelta(hours=seen_after_hours)
    assert RefreshPlan().next_after(NOON, seen_at) == NOON + timedelta(hours=due_after_hours)


def test_a_distant_age_does_not_stretch_the_regular_distance() -> None:
    plan = RefreshPlan((1, 200), 48)
    assert plan.next_after(NOON, NOON + timedelta(hours=1)) == NOON + timedelta(hours=1 + 45.6)
    assert RefreshPlan((), 20).next_after(NOON, NOON) == NOON + timedelta(hours=19)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"author": None}, None),
        ({"author": None, "text": ""}, "deleted"),
        ({"text": ""}, None),
        ({"text": "[deleted]", "author": None}, "deleted"),
        ({"text": " [removed]\n", "author": None}, "removed"),
        ({"text": "[removed]"}, "removed"),
        ({"text": "[ Removed by Reddit ]", "author": None}, "removed_by_reddit"),
        ({"text": "it says [removed] here"}, None),
    ],
)
def test_the_text_and_the_author_tell_what_is_gone(changes: dict[str, object], reason: Reason | None) -> None:
    assert reason_gone(replace(post(), **changes)) == reason  # type: ignore[arg-type]
    assert reason_gone(replace(comment(), **changes)) == reason  # type: ignore[arg-type]


def test_a_title_that_is_a_placeholder_is_gone_too() -> None:
    assert reason_gone(post(title="[ Removed by Reddit ]", text="")) == "removed_by_reddit"
    assert reason_gone(post(title="[deleted by user]", text="kept by some cache")) == "deleted"


def test_a_hash_stands_for_an_author_in_any_case_and_is_not_the_name() -> None:
    assert author_hash("SomeBody") == author_hash("somebody") != author_hash("somebody2")
    assert len(author_hash("somebody")) == 32
    assert author_hash("\ud800x")


def test_a_receipt_knows_what_it_was() -> None:
    assert (Receipt("t3_a", NOON, "missing").kind, Receipt("t1_a", NOON, "missing").kind) == (
        "post",
        "comment",
    )
