"""Fixtures every test can use."""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

pytest_plugins = ["tests.plugins.database", "tests.plugins.lookalike"]


@pytest.fixture(autouse=True)
def loop_guard() -> Iterator[BlockBuster]:
    """Fail any test in which our code blocks the event loop."""
    with blockbuster_ctx("sentiment_service") as guard:
        # The tracer of coverage waits for itself in another thread, whoever it is tracing.
        guard.functions["threading.Lock.acquire"].can_block_in("coverage/collector.py", "lock_data")
        yield guard
