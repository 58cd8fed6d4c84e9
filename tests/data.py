"""Real Reddit content for tests, when it is there; it is not part of the product."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "data"
RECORDED = FOLDER / "reddit_recorded.ndjson.gz"
AI_POSTS = FOLDER / "ai_subreddit_posts.ndjson.gz"

needs_data = pytest.mark.skipif(not RECORDED.exists(), reason=f"no recorded Reddit content in {FOLDER}")


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    with gzip.open(file, "rb") as lines:
        for line in lines:
            yield orjson.loads(line)
