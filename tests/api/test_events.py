"""Server-sent events over the wire: they arrive, resume, say what was missed, and end when they should."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from sentiment_service.api.context import Context
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.events import Events
from tests.api.conftest import TOKEN, Client, MakeClient
from tests.plugins.lookalike import StartLookalike
from tests.serving import environment, serving
from tests.waiting import until

PATH = "/api/v1/events"


@dataclass
class Frame:
    """What a blank line ends: an event, a comment, or settings of the stream."""

    event: str = ""
    id: str = ""
    data: Any = None
    retry: str = ""
    comment: str = ""


async def frame(response: aiohttp.ClientResponse) -> Frame | None:
    """The next frame; ``None`` at the end of the stream."""
    found = Frame()
    async with asyncio.timeout(30):
        while line := (await response.content.readline()).decode():
            if line == "\n":
                return found
            name, _, value = line.rstrip("\n").partition(": ")
            value = value or line.rstrip("\n").removeprefix(":")
            setattr(found, name or "comment", orjson.loads(value) if name == "data" else value)
    return None


@asynccontextmanager
async def listening(
    client: Client, path: str = PATH, **headers: str
) -> AsyncIterator[aiohttp.ClientResponse]:
    """An open stream, its first frame read."""
    async with client.get(path, headers=headers) as response:
        assert response.status == 200
        first = await frame(response)
        assert first is not None
        assert first.retry == "3000"
        yield response


@pytest.fixture
def events(away: Context) -> Events:
    """What the API tells."""
    return away.events


async def test_events_arrive_with_growing_ids(offline: Client, events: Events) -> None:
    async with listening(offline) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Request-ID"]
        assert "ETag" not in response.headers
        events.publish("data.updated", {"version": 7, "changed_at": "now"})
        first = await frame(response)
        events.publish("cycle.started", {"text": "one\ntwo"})
        second = await frame(response)
    assert first is not None
    assert second is not None
    assert (first.event, first.data) == ("data.updated", {"version": 7, "changed_at": "now"})
    assert (second.event, second.data) == ("cycle.started", {"text": "one\ntwo"})
    assert int(second.id) == int(first.id) + 1


async def test_a_client_goes_on_where_it_was(offline: Client, events: Events) -> None:
    async with offline.get(PATH) as response:
        greeting = await frame(response)
    assert greeting is not None
    for number in range(3):
        events.publish("told", number)
    after_first = str(int(greeting.id) + 1)
    for known, rest in ((greeting.id, [0, 1, 2]), (after_first, [1, 2])):
        for path, headers in ((PATH, {"Last-Event-ID": known}), (f"{PATH}?last_event_id={known}", {})):
            async with listening(offline, path, **headers) as response:
                heard = [await frame(response) for _ in rest]
                assert [each.data for each in heard if each is not None] == rest


@pytest.mark.parametrize("known", ["1", "99999999999999999", "x", "9" * 50, "-1", "0"])
async def test_a_client_with_an_unknown_id_is_told_to_read_anew(
    offline: Client, events: Events, known: str
) -> None:
    events.publish("told", 1)
    async with listening(offline, **{"Last-Event-ID": known}) as response:
        reset = await frame(response)
        assert reset is not None
        assert reset.event == "reset"
        assert reset.data["reason"]
        assert int(reset.id) == events.last_id
        events.publish("told", 2)
        following = await frame(response)
        assert following is not None
        assert following.data == 2


async def test_a_quiet_stream_is_kept_open_by_comments(
    offline: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment_service.api.events.LOOK_S", 0.01)
    monkeypatch.setattr("sentiment_service.api.events.HEARTBEAT_S", 0.03)
    async with listening(offline) as response:
        for _ in range(3):
            comment = await frame(response)
            assert comment is not None
            assert comment.comment
            assert comment.event == comment.id == ""


async def test_head_tells_what_it_would_be_and_ends(offline: Client, events: Events) -> None:
    async with offline.head(PATH) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
    await until(lambda: events.listeners == 0)


async def test_unknown_parameters_are_refused(offline: Client) -> None:
    async with offline.get(f"{PATH}?since=1") as response:
        assert response.status == 422


async def test_too_many_listeners_are_turned_away(away: Context, make_client: MakeClient) -> None:
    client = await make_client(replace(away, events=Events(max_listeners=1)))
    async with listening(client), client.get(PATH) as response:
        assert response.status == 503
        assert response.headers["Retry-After"] == "10"
        assert (await response.json(content_type="application/problem+json"))["status"] == 503


async def test_a_client_that_left_is_noticed(offline: Client, events: Events) -> None:
    async with listening(offline):
        assert events.listeners == 1
    await until(lambda: events.listeners == 0)


async def test_a_client_that_does_not_read_holds_nobody_and_is_dropped(
    offline: Client, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment_service.api.events.WRITE_LIMIT_S", 0.2)
    _, stuck = await asyncio.open_connection(offline.host, offline.port, limit=1)
    stuck.write(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await until(lambda: events.listeners == 1)
    async with listening(offline) as response:
        for number in range(400):
            events.publish("told", {"number": number, "text": "x" * 60_000})
            heard = await frame(response)
            assert heard is not None
            assert heard.data["number"] == number
            if events.listeners == 1:
                break
        await until(lambda: events.listeners == 1)
    stuck.close()


async def test_streams_end_when_the_server_stops(away: Context, make_client: MakeClient) -> None:
    client = await make_client(away)
    async with client.get(PATH) as response:
        assert await frame(response) is not None
        assert client.app is not None
        await client.app.shutdown()
        assert await frame(response) is None
    async with client.get(PATH) as response:
        assert response.status == 503


async def test_a_collection_is_told_from_beginning_to_end_and_stopping_does_not_wait_for_streams(
    tmp_path: Path, lookalike: StartLookalike
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=60, comments=60, new_per_minute=0))
    env = environment(
        reddit__subreddits="Cursor,ClaudeAI",
        reddit__oauth_url=reddit.url,
        reddit__reddit_url=reddit.url,
        reddit__client_id="id",
        reddit__client_secret="secret",
        schedule__collect_on_start_seconds=1,
        storage__data_dir=tmp_path / "data",
        server__port=0,
        admin__token=TOKEN,
    )
    async with serving("serve", env=env, cwd=tmp_path) as service:
        timeout = aiohttp.ClientTimeout(total=None)
        async with service.http.get(service.url + PATH, timeout=timeout) as response:
            heard: list[Frame] = []
            while not heard or heard[-1].event != "cycle.finished":
                found = await frame(response)
                assert found is not None
                heard.append(found)
            # What is told is there to be read at once.
            _, listed = await service.get("cycles?limit=1")
            assert heard[-1].data == listed["cycles"][0]
            _, stats = await service.get("sentiment/stats?hours=2160")
            assert stats["statistics"]["total"] > 100
            kinds = [each.event for each in heard if each.event]
            assert next(kind for kind in kinds if kind != "data.updated") == "cycle.started"
            assert "data.updated" in kinds
            assert set(kinds) <= {"cycle.started", "cycle.progress", "data.updated", "cycle.finished"}
            ids = [int(each.id) for each in heard if each.id]
            assert ids == sorted(set(ids))
            versions = [each.data["version"] for each in heard if each.event == "data.updated"]
            assert versions == sorted(set(versions))
            assert await service.stop(signal.SIGTERM) == 0
            while await frame(response) is not None:
                pass
        assert "not everything ended" not in service.log.read_text()
