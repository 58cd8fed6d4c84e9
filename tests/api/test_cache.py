"""Answers from memory: the same as made anew, never older than the last finished write, bounded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from sentiment_service.api.cache import AnswerCache
from sentiment_service.api.kept_answer import OVERHEAD_BYTES, Answer, Period, end_of
from sentiment_service.api.kept_response import KeptResponse
from sentiment_service.api.metrics import EXPOSITION
from sentiment_service.api.responses import Encoding, Form
from sentiment_service.errors import DatabaseUnavailableError, StoreError
from sentiment_service.models import DataVersion
from sentiment_service.resources import background
from sentiment_service.store.stores import Store
from sentiment_service.store.version import VersionWatch
from tests.api.conftest import Client
from tests.api.content import comment, post, put
from tests.waiting import eventually

NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
JSON = Encoding.of("application/json")
STATS = "/api/v1/sentiment/stats"
RECENT = "/api/v1/posts/recent"


@pytest.fixture
async def watched(store: Store, now: datetime) -> AsyncIterator[Store]:
    """A store with a few posts whose data version is watched."""
    await put(store, [post(f"p{n}", now - timedelta(minutes=n)) for n in range(40)], at=now)
    await put(store, [comment("c1", "p1", now)], at=now)
    async with background(store.state.watch.run(), "watch"):
        await store.state.watch.changed(None)
        yield store


async def counted(client: Client) -> dict[str, float]:
    """Hits and misses so far."""
    assert client.app is not None
    lines = (await client.app[EXPOSITION].text()).decode().splitlines()
    pairs = (line.split(" ") for line in lines if line.startswith("answer_cache"))
    return {name.removeprefix("answer_cache_").removesuffix("_total"): float(value) for name, value in pairs}


async def read(client: Client, path: str, **headers: str) -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers but for those of the moment, and body."""
    async with client.get(path, headers=headers) as response:
        kept = response.headers.copy()
        for name in ("Date", "X-Request-ID"):
            del kept[name]
        return response.status, kept, await response.read()


@pytest.mark.parametrize("accept", ["identity", "gzip"])
@pytest.mark.parametrize(
    "path",
    [
        STATS,
        "/api/v1/sentiment/trends?hours=48",
        f"{RECENT}?limit=5",
        f"{RECENT}?limit=100",
        "/api/v1/posts/p3",
        "/api/v1/posts/p1/comments",
        "/api/v1/trending",
    ],
)
async def test_the_answer_from_memory_is_the_same(
    watched: Store, api: Client, path: str, accept: str
) -> None:
    first = await read(api, path, **{"Accept-Encoding": accept})
    assert first[0] == 200
    assert await counted(api) | {"hits": 0, "misses": 1, "answers": 1} == await counted(api)
    assert await read(api, path, **{"Accept-Encoding": accept}) == first
    assert await read(api, path, **{"Accept-Encoding": accept}) == first
    assert await counted(api) | {"hits": 2, "misses": 1} == await counted(api)


async def test_what_is_not_asked_for_by_get_or_anew_is_answered_as_always(
    watched: Store, api: Client
) -> None:
    _, headers, body = await read(api, STATS)
    for _ in range(2):
        async with api.head(STATS) as response:
            assert (response.status, await response.read()) == (200, b"")
            assert response.headers["Content-Length"] == str(len(body))
        async with api.get(STATS, headers={"If-None-Match": headers["ETag"]}) as response:
            assert (response.status, await response.read()) == (304, b"")
            assert response.headers["ETag"] == headers["ETag"]
        async with api.get(STATS, headers={"If-None-Match": '"other"'}) as response:
            assert (response.status, await response.read()) == (200, body)
    assert (await counted(api))["misses"] == 1


@pytest.mark.parametrize(
    ("version", "connection", "stays_open"),
    [
        ("1.1", "keep-alive", True),
        ("1.1", "close", False),
        ("1.0", "keep-alive", True),
        ("1.0", "close", False),
    ],
)
async def test_a_connection_stays_open_or_not_as_the_client_asked(
    watched: Store, api: Client, version: str, connection: str, stays_open: bool
) -> None:
    await read(api, STATS)
    reader, writer = await asyncio.open_connection(api.host, api.port)
    for _ in range(2 if stays_open else 1):
        request = f"GET {STATS} HTTP/{version}\r\nHost: x\r\nConnection: {connection}\r\n\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith(f"HTTP/{version} 200 OK\r\n")
        length = next(line for line in head.splitlines() if line.startswith("Content-Length: "))
        assert (await reader.readexactly(int(length.split(" ")[1]))).startswith(b'{"subreddit":"all"')
    if not stays_open:
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_a_large_answer_from_memory_is_whole_also_for_a_client_that_reads_slowly(
    watched: Store, api: Client, now: datetime
) -> None:
    await put(watched, [post(f"big{n}", now, text="word " * 8000) for n in range(30)], at=now)
    path = f"{RECENT}?limit=200"
    _, _, body = await read(api, path, **{"Accept-Encoding": "identity"})
    assert len(body) > 10**6
    reader, writer = await asyncio.open_connection(api.host, api.port, limit=1000)
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n"
    writer.write(request.encode() * 3)
    for _ in range(3):
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(len(body)) == body
    writer.close()
    await writer.wait_closed()
    assert (await counted(api))["misses"] == 1


async def test_an_answer_from_memory_is_not_sent_to_a_client_that_left() -> None:
    response = KeptResponse(b"HTTP/1.1 200 OK\r\n", b"body")
    response.headers["X-Request-ID"] = "x"
    left = make_mocked_request("GET", "/")
    left._protocol.transport = None
    with pytest.raises(ConnectionError):
        await response.prepare(left)
    assert (response.keep_alive, response.body_length) == (True, 4)
    response.force_close()
    assert response.keep_alive is False


async def test_a_request_id_is_given_back_and_others_are_new(watched: Store, api: Client) -> None:
    ids = []
    for sent in ({}, {"X-Request-ID": "mine"}, {}, {"X-Request-ID": "not sane"}):
        async with api.get(STATS, headers=sent) as response:
            ids.append(response.headers["X-Request-ID"])
    assert ids[1] == "mine"
    assert len(set(ids)) == 4
    assert [len(each) for each in ids] == [32, 4, 32, 32]


async def test_the_same_question_in_other_words_has_the_same_answer(watched: Store, api: Client) -> None:
    answers = [
        await read(api, f"{RECENT}?{words}")
        for words in ("limit=2", "limit=2&hours=24", "hours=24&limit=2&subreddit=", "limit=%32", "limit=2")
    ]
    assert all(answer == answers[0] for answer in answers)
    assert "<" + RECENT + "?limit=2&cursor=" in answers[0][1]["Link"]
    assert (await counted(api))["misses"] == 1
    await read(api, f"{RECENT}?limit=3")
    await read(api, f"{RECENT}?limit=2&sentiment=positive")
    assert (await counted(api))["misses"] == 3


async def test_both_encodings_come_from_one_answer(watched: Store, api: Client) -> None:
    plain = await read(api, RECENT, **{"Accept-Encoding": "identity"})
    packed = await read(api, RECENT, **{"Accept-Encoding": "gzip"})
    assert packed[1]["Content-Encoding"] == "gzip"
    assert (packed[2], packed[1]["ETag"] != plain[1]["ETag"]) == (plain[2], True)
    assert (await counted(api))["misses"] == 1


async def test_bad_questions_and_unknown_ids_are_not_kept(watched: Store, api: Client) -> None:
    for path, status in ((f"{STATS}?hours=0", 422), ("/api/v1/posts/nobody", 404)):
        for _ in range(2):
            assert (await read(api, path))[0] == status
    assert (await counted(api))["answers"] == 0


async def test_a_write_is_seen_by_the_next_read(watched: Store, api: Client, now: datetime) -> None:
    for number in range(5):
        for _ in range(2):
            _, _, body = await read(api, "/api/v1/posts/recent?limit=1")
            assert (b"t3_new" in body) is (number > 0)
            assert number == 0 or f'"t3_new{number - 1}"'.encode() in body
        await put(watched, [post(f"new{number}", now + timedelta(seconds=number + 1))], at=now)
    # Only the first one waited for an answer: the others were made when the data changed.
    assert await counted(api) | {"hits": 9, "misses": 1, "ahead": 5} == await counted(api)


async def test_an_answer_that_is_made_ahead_is_found_in_both_encodings(
    watched: Store, api: Client, now: datetime
) -> None:
    path = f"{RECENT}?limit=3"
    for accept in ("identity", "gzip"):
        await read(api, path, **{"Accept-Encoding": accept})
    await put(watched, [post("later", now + timedelta(seconds=1))], at=now)
    plain = await read(api, path, **{"Accept-Encoding": "identity"})
    packed = await read(api, path, **{"Accept-Encoding": "gzip"})
    assert b"t3_later" in plain[2]
    assert "limit=3&cursor=" in plain[1]["Link"]
    assert (packed[2], packed[1]["Content-Encoding"]) == (plain[2], "gzip")
    assert await counted(api) | {"hits": 3, "misses": 1, "ahead": 1} == await counted(api)


async def test_the_database_away_is_not_hidden(
    watched: Store, api: Client, mongodb_uri: str, now: datetime
) -> None:
    path = f"{STATS}?hours=48"
    assert (await read(api, path))[0] == 200
    await watched.database.close()

    async def status_is(expected: int) -> bool:
        return (await read(api, path))[0] == expected

    await eventually(lambda: status_is(503))
    # One read without an answer is enough: nothing else is given out from memory either.
    assert watched.state.watch.current is None
    await watched.database.connect(mongodb_uri)
    await eventually(lambda: status_is(200))


async def test_readers_beside_a_writer_never_see_less_than_was_finished(
    watched: Store, api: Client, now: datetime
) -> None:
    written = finished = 0
    seen: list[int] = []

    async def write() -> None:
        nonlocal written, finished
        for _ in range(25):
            written += 1
            await put(watched, [post(f"more{written}", now)], at=now)
            finished = written

    async def look(path: str) -> None:
        while finished < 25:
            at_least = finished
            async with api.get(path) as response:
                found = (await response.json())["statistics"]["total"] - 41
            assert at_least <= found <= written
            seen.append(found)

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        for path in (STATS, STATS, f"{STATS}?hours=30"):
            group.create_task(look(path))
    assert len(set(seen)) > 5


# --- the cache alone ---------------------------------------------------------------------------


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@dataclass
class Bench:
    """A cache with a version and a clock of the test's own, and makers of answers that count."""

    limit_bytes: int = 10**6
    clock: Clock = field(default_factory=Clock)
    made: int = 0

    def __post_init__(self) -> None:
        self.watch = VersionWatch(self._nobody)
        self.watch.current = DataVersion(1, NOON)
        self.cache = AnswerCache(self.watch, self.clock, limit_bytes=self.limit_bytes)

    async def _nobody(self) -> DataVersion:
        raise AssertionError("nobody polls here")

    def maker(
        self, question: str, body: bytes = b"x", *, before: Callable[[], Awaitable[object]] | None = None
    ) -> Callable[[datetime | None], Awaitable[Answer]]:
        async def make(until: datetime | None) -> Answer:
            self.made += 1
            if before is not None:
                await before()
            return Answer(question, body, "", JSON, until)

        return make

    async def ask(self, question: str, period: Period = "version", body: bytes = b"x") -> Form:
        """Ask as a handler does."""
        found = self.cache.find(question, "")
        if found is not None:
            return found
        answer = await self.cache.answer(question, period, self.maker(question, body))
        form = await answer.form(accepts_gzip=False)
        self.cache.remember(answer, form, question, "")
        return form


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("version", None),
        ("hour", NOON.replace(hour=13, second=0)),
        ("minute", NOON.replace(minute=1, second=0)),
    ],
)
async def test_an_answer_stands_until_its_period_ends(period: Period, end: datetime | None) -> None:
    assert end_of(period, NOON) == end
    bench = Bench()
    await bench.ask("q", period)
    bench.clock.time = (end or NOON + timedelta(days=9)) - timedelta(microseconds=1)
    await bench.ask("q", period)
    assert bench.made == 1
    bench.clock.time += timedelta(microseconds=1)
    for _ in range(2):
        await bench.ask("q", period)
    assert bench.made == (1 if end is None else 2)
    assert len(bench.cache) == 1


async def test_answers_of_an_older_version_are_dropped() -> None:
    bench = Bench()
    await bench.ask("a")
    await bench.ask("b")
    bench.watch.announce(DataVersion(2, NOON))
    await bench.ask("a")
    assert (bench.made, len(bench.cache)) == (3, 1)
    assert bench.cache.bytes == OVERHEAD_BYTES + 1


async def test_nothing_is_kept_while_the_version_is_unknown() -> None:
    bench = Bench()
    await bench.ask("a")
    bench.watch.doubt()
    for _ in range(2):
        await bench.ask("a")
    assert (bench.made, len(bench.cache), bench.cache.bytes) == (3, 0, 0)


async def test_an_answer_made_while_the_version_moved_is_given_but_not_kept() -> None:
    bench = Bench()

    async def write() -> None:
        bench.watch.announce(DataVersion(2, NOON))

    await bench.cache.answer("q", "version", bench.maker("q", before=write))
    assert len(bench.cache) == 0


async def test_the_least_recently_used_answers_go_when_there_are_too_many() -> None:
    size = 1000
    bench = Bench(limit_bytes=3 * (size + OVERHEAD_BYTES))
    for question in ("a", "b", "c", "a", "d", "b"):
        await bench.ask(question, body=b"x" * size)
        assert bench.cache.bytes <= bench.limit_bytes
    assert bench.made == 5
    assert bench.cache.find("a", "") is not None
    assert bench.cache.find("c", "") is None
    await bench.ask("huge", body=b"x" * bench.limit_bytes)
    assert (len(bench.cache), bench.cache.bytes) == (0, 0)


async def test_spellings_are_bounded_too() -> None:
    bench = Bench()
    answer = await bench.cache.answer("q", "version", bench.maker("q"))
    form = await answer.form(accepts_gzip=False)
    for number in range(100):
        bench.cache.remember(answer, form, f"/q?{number}", "")
    bench.cache.remember(answer, form, "/q?" + "x" * 1000, "")
    assert sum(bench.cache.find(f"/q?{number}", "") is not None for number in range(100)) == 8
    assert bench.cache.find("/q?" + "x" * 1000, "") is None


async def test_who_asks_together_gets_one_answer() -> None:
    bench, gate = Bench(), asyncio.Event()
    asked = [
        asyncio.create_task(bench.cache.answer("q", "version", bench.maker("q", before=gate.wait)))
        for _ in range(20)
    ]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*asked)
    assert bench.made == 1
    assert all(answer is answers[0] for answer in answers)
    assert (bench.cache.misses, bench.cache.hits) == (1, 19)


@pytest.mark.parametrize("failure", [StoreError("refused"), DatabaseUnavailableError("away")])
async def test_who_asks_together_shares_a_failure_of_the_database(failure: StoreError) -> None:
    bench, gate = Bench(), asyncio.Event()

    async def fail() -> None:
        await gate.wait()
        raise failure

    asked = [
        asyncio.create_task(bench.cache.answer("q", "version", bench.maker("q", before=fail)))
        for _ in range(5)
    ]
    await asyncio.sleep(0)
    gate.set()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert outcomes == [failure] * 5
    assert bench.made == 1
    assert (bench.watch.current is None) is isinstance(failure, DatabaseUnavailableError)


async def test_who_waits_does_not_suffer_when_the_first_is_stopped_or_fails_in_its_own_way() -> None:
    for stop in (True, False):
        bench, gate = Bench(), asyncio.Event()

        async def break_down(gate: asyncio.Event = gate) -> None:
            await gate.wait()
            raise RuntimeError("a mistake")

        first = asyncio.create_task(bench.cache.answer("q", "version", bench.maker("q", before=break_down)))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(bench.cache.answer("q", "version", bench.maker("q")))
        given_up = asyncio.create_task(bench.cache.answer("q", "version", bench.maker("q")))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
        if stop:
            first.cancel()
        gate.set()
        assert (await waiting).key == "q"
        with pytest.raises(asyncio.CancelledError if stop else RuntimeError):
            await first


# --- interleaved writes and reads ----------------------------------------------------------------

Step = tuple[str, int]
WHOLE = {"whole read": ("read", "go on", "go on"), "whole write": ("write", "land", "go on", "go on")}
KINDS = (*WHOLE, *WHOLE, "read", "go on", "go on", "write", "land", "elsewhere", "poll", "doubt", "clock")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 7),
    ),
    max_size=60,
)


class World:
    """A database, processes that write to it, and readers that can be stopped between any two steps.

    The data are a number that each write raises. A write of this process is finished when its answer has
    come back and answers were made ahead; one from elsewhere when a poll has seen it and done the same.
    """

    def __init__(self) -> None:
        self.data = self.version = self.finished = 0
        self.clock = Clock()
        self.gates: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.unannounced: list[tuple[DataVersion, int]] = []
        self.watch = VersionWatch(self.asked)
        self.cache = AnswerCache(self.watch, self.clock)
        self.watch.get_ready = self.cache.get_ready
        self.polling: asyncio.Task[None] | None = None
        self.polled = 0

    async def pause(self) -> None:
        gate = asyncio.Event()
        self.gates.append(gate)
        await gate.wait()

    async def asked(self) -> DataVersion:
        await self.pause()
        answer, self.polled = DataVersion(self.version, NOON), self.data
        await self.pause()
        return answer

    async def make(self, until: datetime | None) -> Answer:
        await self.pause()
        read = self.data
        await self.pause()
        return Answer("q", str(read).encode(), "", JSON, until)

    async def read(self) -> None:
        at_least = self.finished
        found = self.cache.find("/q", "")
        if found is None:
            answer = await self.cache.answer("q", "minute", self.make)
            found = await answer.form(accepts_gzip=False)
            self.cache.remember(answer, found, "/q", "")
        assert int(found.body) >= at_least

    async def poll(self) -> None:
        await self.watch.poll()
        if self.watch.current is not None:
            self.finished = max(self.finished, self.polled)

    async def land(self, raised: DataVersion, data: int) -> None:
        await self.watch.raised(raised)
        self.finished = max(self.finished, data)

    async def step(self, what: str, number: int) -> None:
        if what == "read":
            self.tasks.append(asyncio.create_task(self.read()))
        elif what == "poll" and (self.polling is None or self.polling.done()):
            self.polling = asyncio.create_task(self.poll())
            self.tasks.append(self.polling)
        elif what == "go on" and self.gates:
            self.gates.pop(number % len(self.gates)).set()
        elif what in ("write", "elsewhere"):
            self.data += 1
            self.version += 1
            if what == "write":
                self.unannounced.append((DataVersion(self.version, NOON), self.data))
        elif what == "land" and self.unannounced:
            raised, data = self.unannounced.pop(number % len(self.unannounced))
            self.tasks.append(asyncio.create_task(self.land(raised, data)))
        elif what == "doubt":
            self.watch.doubt()
        elif what == "clock":
            self.clock.time += timedelta(seconds=10 * number)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(8):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        while self.gates:
            self.gates.pop().set()
            await self.settle()
        await asyncio.gather(*self.tasks)


@given(STEPS)
@settings(deadline=None, max_examples=300)
def test_no_read_is_older_than_the_last_write_that_was_finished_when_it_began(steps: list[Step]) -> None:
    async def play() -> None:
        world = World()
        await world.step("poll", 0)
        for _ in range(2):
            await world.step("go on", 0)
        for what, number in steps:
            for part in WHOLE.get(what, (what,)):
                # The newest reader or writer of a whole one goes on.
                await world.step(part, -1 if what in WHOLE else number)
        await world.finish()

    asyncio.run(play())
