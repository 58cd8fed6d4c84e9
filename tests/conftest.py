"""Fixtures every test can use."""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.plugins.database", "tests.plugins.lookalike"]


@pytest.fixture(autouse=True)
def loop_guard() -> Iterator[BlockBuster]:
    """Fail any test in which our code blocks the event loop."""
    with blockbuster_ctx("sentiment_service") as guard:
        # The tracer of coverage waits for itself in another thread, whoever it is tracing.
        guard.functions["threading.Lock.acquire"].can_block_in("coverage/collector.py", "lock_data")
        yield guard


TOGETHER = (
    "tests/web/",
    "tests/demo/test_history.py",
    "tests/demo/test_writing.py",
    "tests/faults/test_clock.py",
    "tests/faults/test_database.py",
    "tests/faults/test_processes.py",
    "tests/faults/test_reddit.py",
    "tests/faults/test_reddit_passing.py",
    "tests/jobs/test_drivers.py",
    "tests/scoring/test_mention_sentiment.py",
    "tests/test_serve.py",
)
"""Beginnings of the names of tests that share what takes long to make."""


class SharersTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Gives tests that share something to one worker, in their order; all others go where there is room.

    The mark ``xdist_group`` says the same, but has no effect with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests in a browser, which one worker runs for minutes."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/web/"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Called by xdist."""
    return SharersTogether(config, log)
