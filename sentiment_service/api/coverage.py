"""Which part of a window was collected, so that a blind hour never looks like a quiet one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from sentiment_service.models import Span, Watermark, merge_spans

HOUR = timedelta(hours=1)
FRESH_INTERVALS = 2
"""Collections that may be due or running before the newest bucket counts as not covered."""


def both(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """The time that is in a span of either list."""
    result = []
    left, right = merge_spans(left), merge_spans(right)
    a = b = 0
    while a < len(left) and b < len(right):
        start, end = max(left[a].start, right[b].start), min(left[a].end, right[b].end)
        if start < end:
            result.append(Span(start, end))
        if left[a].end < right[b].end:
            a += 1
        else:
            b += 1
    return result


def covered_by(watermark: Watermark | None) -> list[Span]:
    """When both listings of a subreddit are known to be complete; nothing without a watermark."""
    return [] if watermark is None else both(watermark.posts.covered, watermark.comments.covered)


def covering_counts(
    buckets: Sequence[Span], sources: Iterable[Sequence[Span]], now: datetime, interval: timedelta
) -> list[int]:
    """How many sources cover each bucket.

    A past bucket is covered by a span that holds all of it. The bucket running at ``now`` is covered by a
    span that holds its start, reaches into it, and ends at most two collection intervals before ``now``.

    :param buckets: ascending and without holes.
    :param sources: for each source its spans, as :func:`covered_by` gives them.
    :param interval: between two scheduled collections.
    """
    starts, ends = [bucket.start for bucket in buckets], [bucket.end for bucket in buckets]
    running = bisect_right(starts, now) - 1
    changes = [0] * (len(buckets) + 1)
    for span in (span for spans in sources for span in spans):
        first, end = bisect_left(starts, span.start), bisect_right(ends, span.end)
        if end == running and starts[running] < span.end and span.end >= now - FRESH_INTERVALS * interval:
            end += 1
        if first < end:
            changes[first] += 1
            changes[end] -= 1
    return list(accumulate(changes[:-1]))


def hours_covered(window: Span, sources: Iterable[Sequence[Span]], now: datetime, interval: timedelta) -> int:
    """The sum of :func:`covering_counts` over the hours of a window, without making a bucket of each.

    :param window: of whole hours.
    """
    hours = (window.end - window.start) // HOUR
    running = min((now - window.start) // HOUR, hours - 1)
    covered = 0
    for span in (span for spans in sources for span in spans):
        first = max(0, -((window.start - span.start) // HOUR))
        end = max(0, min(hours, (span.end - window.start) // HOUR))
        reaches = window.start + running * HOUR < span.end
        if end == running and reaches and span.end >= now - FRESH_INTERVALS * interval:
            end += 1
        covered += max(0, end - first)
    return covered
