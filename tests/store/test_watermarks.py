"""Watermarks come back as they were and never go back to an older holder of the lease."""

from dataclasses import replace

import pytest

from sentiment_service.errors import CycleLostError
from sentiment_service.models import Anchor, ListingMark, Span, Watermark
from sentiment_service.store.stores import Store
from tests.store.content import DAY, HOUR, NOON

MARK = Watermark(
    subreddit="ClaudeAI",
    posts=ListingMark((Anchor("t3_2", NOON), Anchor("t3_1", NOON - HOUR)), (Span(NOON - DAY, NOON),)),
    comments=ListingMark(covered=(Span(NOON - DAY, NOON - HOUR), Span(NOON - HOUR, NOON))),
    status="error",
    last_error="no \ud800 answer",
    last_collected_at=NOON,
    last_item_at=NOON - HOUR,
    checked_at=NOON,
)


async def test_watermarks_are_read_back_by_lower_case_name(store: Store) -> None:
    assert await store.watermarks.all() == {}
    await store.watermarks.save(MARK, fence=3)
    await store.watermarks.save(Watermark("aws"), fence=3)
    assert await store.watermarks.all() == {"claudeai": MARK, "aws": Watermark("aws")}


async def test_a_later_holder_of_the_lease_moves_the_watermark_on(store: Store) -> None:
    await store.watermarks.save(MARK, fence=3)
    moved = replace(MARK, status="ok", last_error=None)
    await store.watermarks.save(moved, fence=3)
    await store.watermarks.save(moved, fence=4)
    assert await store.watermarks.all() == {"claudeai": moved}


async def test_an_earlier_holder_of_the_lease_cannot_move_the_watermark_back(store: Store) -> None:
    await store.watermarks.save(MARK, fence=4)
    with pytest.raises(CycleLostError, match="ClaudeAI"):
        await store.watermarks.save(Watermark("ClaudeAI"), fence=3)
    assert await store.watermarks.all() == {"claudeai": MARK}
