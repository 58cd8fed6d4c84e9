"""Background work makes room for requests, and never for longer than it may."""

import pytest

from sentiment_service.breath import breathe
from sentiment_service.jobs.courtesy import (
    BREATH_S,
    FREE_RATE,
    MOST_REST,
    REST_FOR_REQUEST_S,
    Courtesy,
    Rests,
)


class WorkError(Exception):
    """What a piece of work fails with."""


class Service:
    """A clock that moves only when somebody works or rests, and a count of requests."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.answered = 0
        self.rested: list[float] = []

    def courtesy(self, limit_s: float = 60.0) -> Courtesy:
        return Courtesy(lambda: self.answered, limit_s, lambda: self.seconds, self._rest)

    async def work(self, rests: Rests, *, seconds: float, requests: int, fails: bool = False) -> None:
        """A piece of work, and the requests that are answered meanwhile."""
        async with rests.piece():
            self.seconds += seconds
            self.answered += requests
            if fails:
                raise WorkError

    async def _rest(self, seconds: float) -> None:
        self.rested.append(seconds)
        self.seconds += seconds


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.mark.parametrize("rate", [0, 10, FREE_RATE])
async def test_few_requests_need_no_rest(service: Service, rate: float) -> None:
    rests = service.courtesy().begin()
    for _ in range(3):
        await service.work(rests, seconds=2.0, requests=int(2 * rate))
    assert service.rested == []


async def test_more_requests_are_rested_for_before_the_next_piece(service: Service) -> None:
    rests = service.courtesy().begin()
    free = int(2 * FREE_RATE)
    await service.work(rests, seconds=2.0, requests=free + 30)
    assert service.rested == []
    service.answered += 1000  # between two pieces nothing stood in their way
    await service.work(rests, seconds=2.0, requests=free + 60)
    await service.work(rests, seconds=2.0, requests=free)
    await service.work(rests, seconds=2.0, requests=free)
    assert service.rested == pytest.approx([30 * REST_FOR_REQUEST_S, 60 * REST_FOR_REQUEST_S])


async def test_a_rest_is_never_longer_than_so_many_times_the_work(service: Service) -> None:
    rests = service.courtesy().begin()
    await service.work(rests, seconds=0.5, requests=100_000)
    await service.work(rests, seconds=0.5, requests=0)
    assert service.rested == [0.5 * MOST_REST]


async def test_rests_end_with_the_time_for_them(service: Service) -> None:
    rests = service.courtesy(limit_s=10.0).begin()
    for _ in range(4):
        await service.work(rests, seconds=2.0, requests=100_000)
    # 2 s of work, 8 s allowed: the first rest takes them all.
    assert service.rested == [8.0]


async def test_nothing_rests_once_somebody_waits_for_the_end(service: Service) -> None:
    rests = service.courtesy().begin()
    await service.work(rests, seconds=2.0, requests=100_000)
    rests.end()
    await service.work(rests, seconds=2.0, requests=100_000)
    assert service.rested == []


async def test_no_time_for_rests_means_none(service: Service) -> None:
    rests = service.courtesy(limit_s=0.0).begin()
    for _ in range(2):
        await service.work(rests, seconds=2.0, requests=100_000)
    assert service.rested == []


async def test_steps_are_spread_while_there_are_many_requests(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("sentiment_service.breath.asyncio.sleep", sleep)
    rests = service.courtesy(limit_s=60.0).begin()
    for requests in (100_000, 0, 0, 100_000, 100_000):
        async with rests.piece():
            await breathe()
            service.seconds += 0.5
            service.answered += requests
    # As the piece before it was: the first knows of none, the fourth follows quiet, the fifth a crowd.
    assert pauses == [0.0, BREATH_S, 0.0, 0.0, BREATH_S]
    service.seconds += 60.0
    async with rests.piece():
        await breathe()
    assert pauses[-1] == 0.0


async def test_a_piece_that_fails_calls_for_no_rest(service: Service) -> None:
    rests = service.courtesy().begin()
    with pytest.raises(WorkError):
        await service.work(rests, seconds=1.0, requests=100_000, fails=True)
    await service.work(rests, seconds=1.0, requests=0)
    assert service.rested == []
