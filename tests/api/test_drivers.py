"""The call about drivers: the change from the rollups, the phrases from the search, and bad input."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from sentiment_service.api.context import Context
from sentiment_service.api.drivers import change_of
from sentiment_service.drivers import Driver, Drivers, Said
from sentiment_service.errors import DriversError
from sentiment_service.models import Label, Span, Tally
from sentiment_service.store.stores import Store
from tests.api.conftest import Client, MakeClient
from tests.api.content import POLARITY, post, put
from tests.jobs.spoken import saying
from tests.store.test_tools import tool

LOWERED = Driver(
    "price rise",
    -0.2,
    Tally(positive=1, polarity_sum=0.4, polarity_square_sum=0.16),
    Tally(negative=9, polarity_sum=-4.5, polarity_square_sum=2.3),
    (Said("t3_b1", "https://www.reddit.com/b1", "a", -0.7, Label.NEGATIVE, "the price rise"),),
)


@dataclass
class Searches:
    """Finds what the test says, and keeps what it was asked."""

    found: Drivers = field(default_factory=lambda: Drivers((), (LOWERED,)))
    asked: list[tuple[str, Sequence[str], Span, Span]] = field(default_factory=list)
    failure: DriversError | None = None

    async def find(self, tool_id: str, names: Sequence[str], before: Span, after: Span) -> Drivers:
        self.asked.append((tool_id, names, before, after))
        if self.failure is not None:
            raise self.failure
        return self.found


@pytest.fixture
def searches() -> Searches:
    return Searches()


@pytest.fixture
async def store(store: Store) -> Store:
    """A store with one tool."""
    await store.tools.seed([tool("Cursor")])
    return store


@pytest.fixture
async def client(context: Context, searches: Searches, make_client: MakeClient) -> Client:
    return await make_client(replace(context, drivers=searches))


async def speak(store: Store, now: datetime) -> None:
    catalogue = await store.tools.catalogue()
    spoken = [
        (12, timedelta(hours=30), Label.POSITIVE),
        (12, timedelta(hours=2), Label.NEGATIVE),
        (6, timedelta(hours=1), Label.POSITIVE),
    ]
    items = [
        saying(post(f"{label}{ago.seconds}{n}", now - ago), catalogue, cursor=label)
        for count, ago, label in spoken
        for n in range(count)
    ]
    await put(store, items, at=now)


async def test_the_change_is_that_of_the_rollups_with_counts_and_intervals(
    store: Store, client: Client, searches: Searches, now: datetime
) -> None:
    await speak(store, now)
    answer = await (await client.get("/api/v1/tools/cursor/drivers?hours=24")).json()
    before = POLARITY[Label.POSITIVE]
    after = (12 * POLARITY[Label.NEGATIVE] + 6 * before) / 18
    assert answer["change"] == pytest.approx({"from": before, "to": after, "delta": after - before}, abs=1e-6)
    assert (answer["mentions_before"], answer["mentions"]) == (12, 18)
    low, high = answer["avg_interval_95"]
    assert low < after < high
    assert answer["low_sample"] is False
    assert answer["other_contribution"] == pytest.approx(after - before + 0.2, abs=1e-6)
    ((tool_id, names, earlier, later),) = searches.asked
    assert tool_id == "cursor"
    assert "cursor" in names
    assert list(names) == sorted(names, key=lambda name: (-len(name), name))
    assert earlier.end == later.start
    assert earlier.end - earlier.start == later.end - later.start == timedelta(hours=24)


async def test_a_theme_has_its_count_interval_and_examples(client: Client) -> None:
    answer = await (await client.get("/api/v1/tools/cursor/drivers")).json()
    assert answer["positive_themes"] == []
    (theme,) = answer["negative_themes"]
    assert theme["phrase"] == "price rise"
    assert (theme["mentions_before"], theme["mentions"]) == (1, 9)
    assert theme["avg_sentiment"] == pytest.approx(-0.5)
    assert theme["avg_sentiment_before"] == pytest.approx(0.4)
    assert theme["avg_interval_95"][0] < -0.5 < theme["avg_interval_95"][1]
    assert theme["contribution"] == -0.2
    assert theme["low_sample"] is False
    assert theme["examples"] == [
        {
            "id": "t3_b1",
            "excerpt": "the price rise",
            "permalink": "https://www.reddit.com/b1",
            "polarity": -0.7,
            "label": "negative",
        }
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("cursor/drivers?hours=0", 422),
        ("cursor/drivers?hours=2161", 422),
        ("cursor/drivers?hours=x", 422),
        ("cursor/drivers?days=7", 422),
        ("nothing-like-it/drivers", 404),
    ],
)
async def test_bad_input_is_refused(client: Client, searches: Searches, path: str, status: int) -> None:
    assert (await client.get(f"/api/v1/tools/{path}")).status == status
    assert searches.asked == []


async def test_a_failed_search_is_503_and_is_not_kept(client: Client, searches: Searches) -> None:
    searches.failure = DriversError("it took longer than 30 s")
    response = await client.get("/api/v1/tools/cursor/drivers")
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "30 s" not in await response.text()
    searches.failure = None
    assert (await client.get("/api/v1/tools/cursor/drivers")).status == 200


async def test_an_api_that_searches_nothing_says_so(api: Client) -> None:
    assert (await api.get("/api/v1/tools/cursor/drivers")).status == 503


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Tally(), Tally(), (None, None, None)),
        (Tally(positive=2, polarity_sum=1.0), Tally(), (0.5, None, None)),
        (Tally(), Tally(positive=2, polarity_sum=1.0), (None, 0.5, None)),
        (Tally(positive=2, polarity_sum=1.0), Tally(negative=1, polarity_sum=-0.25), (0.5, -0.25, -0.75)),
    ],
)
def test_without_mentions_there_is_no_mean_and_no_change(
    before: Tally, after: Tally, expected: tuple[float | None, float | None, float | None]
) -> None:
    assert tuple(change_of(before, after).values()) == expected
