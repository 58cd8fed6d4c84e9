"""A budget a day, and pauses after failures."""

from datetime import UTC, datetime, timedelta

from sentiment_service.scoring.llm_limits import DailyBudget, Pause

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_budget_gives_what_is_left_and_no_more() -> None:
    budget = DailyBudget(10, lambda: NOON)
    assert [budget.take(4), budget.take(4), budget.take(4), budget.take(4)] == [4, 4, 2, 0]
    assert budget.left == 0


def test_a_budget_begins_anew_at_midnight_but_not_when_the_clock_goes_back() -> None:
    now = NOON
    budget = DailyBudget(5, lambda: now)
    assert budget.take(5) == 5
    now = NOON - timedelta(days=1)
    assert budget.take(1) == 0
    now = NOON + timedelta(hours=12)
    assert budget.take(9) == 5


def test_pauses_begin_after_three_failures_double_and_have_a_limit() -> None:
    pause = Pause(lambda: 0.0)
    assert [pause.failed() for _ in range(12)] == [0, 0, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600]


def test_a_success_forgets_the_failures() -> None:
    pause = Pause(lambda: 0.0)
    pause.failed()
    pause.failed()
    pause.succeeded()
    assert (pause.failed(), pause.active) == (0, False)


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    now_s = 0.0
    pause = Pause(lambda: now_s)
    assert pause.failed(retry_after_s=100) == 100
    pause.failed()
    pause.failed()
    now_s = 99.0
    assert pause.active
    now_s = 100.0
    assert not pause.active
