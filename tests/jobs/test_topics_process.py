"""Topics found in a process of their own are the same topics, and its failures are told."""

import io
import pickle
import struct

import pytest

from sentiment_service.errors import TopicsError
from sentiment_service.jobs import topics_process
from sentiment_service.jobs.topics import find_topics
from sentiment_service.jobs.topics_process import find_topics_aside, serve
from sentiment_service.models import Tally
from sentiment_service.settings import TrendingSettings
from tests.jobs.posts import NOW, stored_post

WINDOW = [
    stored_post(number, f"The price rise of Cursor is terrible {number}", polarity=-0.5)
    for number in range(120)
]
EARLIER = [stored_post(1000 + number, f"Hello {number}", hours_ago=48) for number in range(70)]
TALLIES = {"t3_1": Tally(comments=3, positive=3)}


async def test_the_topics_are_the_same_as_in_this_process() -> None:
    settings = TrendingSettings()
    here = find_topics(WINDOW, EARLIER, settings=settings, now=NOW, comment_tallies=TALLIES)
    aside = await find_topics_aside(WINDOW, EARLIER, settings=settings, now=NOW, comment_tallies=TALLIES)
    assert here
    assert aside == here
    assert await find_topics_aside([], [], settings=settings, now=NOW, comment_tallies={}) == []


async def test_a_failure_of_the_process_names_the_error() -> None:
    with pytest.raises(TopicsError, match="code 1: AttributeError"):
        await find_topics_aside(WINDOW, [], settings=None, now=NOW, comment_tallies={})  # type: ignore[arg-type]


async def test_a_process_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics_process, "LIMIT_S", 0.001)
    with pytest.raises(TopicsError, match="took longer than"):
        await find_topics_aside(WINDOW, EARLIER, settings=TrendingSettings(), now=NOW, comment_tallies={})


def test_the_other_end_reads_frames_and_writes_topics() -> None:
    frames = [(TrendingSettings(), NOW, TALLIES), WINDOW[:50], WINDOW[50:], [], EARLIER]
    bodies = [pickle.dumps(frame) for frame in frames]
    requests = io.BytesIO(b"".join(struct.pack("!Q", len(body)) + body for body in bodies))
    answers = io.BytesIO()
    serve(requests, answers)
    expected = find_topics(WINDOW, EARLIER, settings=TrendingSettings(), now=NOW, comment_tallies=TALLIES)
    assert pickle.loads(answers.getvalue()) == expected  # noqa: S301
