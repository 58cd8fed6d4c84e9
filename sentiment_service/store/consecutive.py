"""Days that follow one another, put together so that they are counted in one go."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sentiment_service.store.dirty import SubredditDay

LONGEST_RUN = 10
"""Days counted by one aggregation at most, so that none takes long."""
ONE_DAY = timedelta(days=1)


def runs(places: Iterable[SubredditDay]) -> Iterator[list[SubredditDay]]:
    """Consecutive days of one subreddit, at most :data:`LONGEST_RUN` together."""
    days: dict[str, set[datetime]] = defaultdict(set)
    for place in places:
        days[place.subreddit_key].add(place.day)
    for subreddit in sorted(days):
        for first, last in stretches(days[subreddit]):
            length = (last - first).days + 1
            yield [SubredditDay(subreddit, first + n * ONE_DAY) for n in range(length)]


def stretches(days: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """First and last of consecutive days, at most :data:`LONGEST_RUN` together."""
    ordered = sorted(set(days))
    joined = itertools.groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0] * ONE_DAY)
    for _, run in joined:
        members = [day for _, day in run]
        for start in range(0, len(members), LONGEST_RUN):
            part = members[start : start + LONGEST_RUN]
            yield part[0], part[-1]
