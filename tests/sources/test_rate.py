import pytest

from sentiment_service.sources.rate import LONGEST_HOLD_S, RateWindow


def told(remaining: str, reset: str) -> dict[str, str]:
    return {"x-ratelimit-remaining": remaining, "x-ratelimit-used": "1", "x-ratelimit-reset": reset}


def window_told(remaining: str, reset: str, *, reserve: int = 10) -> RateWindow:
    window = RateWindow(reserve=reserve)
    window.learn(told(remaining, reset), 100.0)
    return window


def test_nothing_waits_before_reddit_said_anything() -> None:
    window = RateWindow(reserve=10)
    assert window.delay_s(100.0) == 0.0
    assert window.remaining(100.0) is None
    assert window.reset_s(100.0) is None


def test_a_burst_goes_out_at_once_while_more_than_the_reserve_is_left() -> None:
    window = window_told("100.0", "300")
    waits = []
    for _ in range(90):
        waits.append(window.delay_s(100.0))
        window.book(100.0)
    assert set(waits) == {0.0}


def test_below_the_reserve_requests_are_spread_over_the_rest_of_the_window() -> None:
    window = window_told("11", "100")
    window.book(100.0)
    assert window.delay_s(100.0) == 10.0
    assert window.delay_s(104.0) == 6.0
    assert window.delay_s(110.0) == 0.0


def test_at_nothing_everything_waits_for_the_reset() -> None:
    window = window_told("0.0", "42")
    assert window.delay_s(100.0) == 42.0
    assert window.delay_s(142.0) == 0.0


def test_requests_under_way_are_taken_off_what_reddit_counted() -> None:
    window = RateWindow(reserve=0)
    window.book(100.0)
    window.book(100.0)
    window.book(100.0)
    window.came_back()
    window.learn(told("50", "300"), 101.0)
    assert window.remaining(101.0) == 48


def test_a_new_window_is_not_paced_by_the_old_one() -> None:
    window = window_told("3", "10")
    window.book(110.0)
    assert window.remaining(110.0) is None
    assert window.delay_s(110.0) == 0.0


@pytest.mark.parametrize("remaining", ["", "many", "nan", "-1", "inf"])
def test_headers_that_make_no_sense_change_nothing(remaining: str) -> None:
    window = window_told("5", "60")
    window.learn(told(remaining, "30"), 100.0)
    assert window.remaining(100.0) == 5
    window.learn({}, 100.0)
    assert window.reset_s(100.0) == 60


def test_a_reset_beyond_the_window_is_not_believed_and_one_of_nothing_still_waits() -> None:
    assert window_told("0", "999999").delay_s(100.0) == 600.0
    assert window_told("0", "0").delay_s(100.0) == 1.0


def test_a_hold_stops_everything_but_not_for_good() -> None:
    window = RateWindow(reserve=10)
    window.hold(100.0, 7.0)
    window.hold(100.0, 3.0)
    assert window.delay_s(100.0) == 7.0
    assert window.delay_s(107.0) == 0.0
    window.hold(100.0, 1e9)
    assert window.delay_s(100.0) == LONGEST_HOLD_S
