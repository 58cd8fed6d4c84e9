import pytest

from sentiment_service.sources.backoff import Backoff


@pytest.mark.parametrize(
    ("attempt", "jitter", "expected_s"),
    [(0, 0.0, 0.5), (0, 1.0, 1.0), (1, 0.0, 1.0), (3, 0.5, 6.0), (10, 1.0, 30.0), (10_000, 0.0, 15.0)],
)
def test_a_wait_doubles_up_to_the_cap_and_lies_between_half_and_whole(
    attempt: int, jitter: float, expected_s: float
) -> None:
    assert Backoff(base_s=1.0, cap_s=30.0, jitter=lambda: jitter).delay_s(attempt) == expected_s


def test_clients_that_failed_together_wait_differently() -> None:
    backoff = Backoff()
    assert len({backoff.delay_s(4) for _ in range(20)}) > 1
