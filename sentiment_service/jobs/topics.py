"""What many people talk about right now, found in stored posts. Pure; runs in a process of its own.

Topics are the phrases that stand out in the window against the days before, and the themes of the settings,
split by the names that stand out in them. See :mod:`sentiment_service.jobs.phrases` for the statistic.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sentiment_service.jobs.groups import Group, find_groups
from sentiment_service.jobs.reading import Reading, read_posts
from sentiment_service.jobs.themes import Themes
from sentiment_service.jobs.topic_names import keywords_of, name_of
from sentiment_service.jobs.velocity import engagement_velocity
from sentiment_service.models import Label, StoredPost, Tally, TrendingPost, TrendingTopic, hour_of
from sentiment_service.settings import TrendingSettings

MOST_POSTS = 10
"""Posts of a topic that are named."""

NO_TALLIES: Mapping[str, Tally] = {}


def find_topics(
    posts: Sequence[StoredPost],
    baseline: Sequence[StoredPost],
    *,
    settings: TrendingSettings,
    now: datetime,
    comment_tallies: Mapping[str, Tally] = NO_TALLIES,
) -> list[TrendingTopic]:
    """The topics of a window of posts, highest engagement velocity first, at most ``settings.max_topics``.

    :param posts: posts of the window.
    :param baseline: posts of the days before it; without any, only themes are found.
    :param comment_tallies: stored comments by the fullname of their post; they add to mentions and sentiment.
    """
    window = read_posts(posts, Themes(settings.themes))
    groups = find_groups(window, read_posts(baseline), min_posts=settings.min_posts)
    velocities = [engagement_velocity(each, now, half_life_hours=settings.half_life_hours) for each in posts]
    topics: dict[str, TrendingTopic] = {}
    for group in groups:
        topic = _topic(group, window, velocities, comment_tallies, now)
        # Of two groups with one name the more specific came first.
        topics.setdefault(topic.id, topic)
    ranked = sorted(topics.values(), key=lambda topic: (-topic.engagement_velocity, topic.id))
    return ranked[: settings.max_topics]


def _topic(
    group: Group,
    window: Reading,
    velocities: Sequence[float],
    comment_tallies: Mapping[str, Tally],
    now: datetime,
) -> TrendingTopic:
    fastest = sorted(group.posts, key=lambda post: (-velocities[post], window.posts[post].post.fullname))
    stored = [window.posts[post] for post in fastest]
    name = name_of(group, window)
    sentiment = sum((_tally_of(each, comment_tallies) for each in stored), Tally())
    return TrendingTopic(
        id=_id_of(group.theme, name),
        theme=group.theme,
        topic=name,
        keywords=keywords_of(group, window),
        posts=tuple(_named(window.posts[post], velocities[post]) for post in fastest[:MOST_POSTS]),
        engagement_velocity=sum(velocities[post] for post in fastest),
        mentions=sentiment.posts + sentiment.comments,
        sentiment=sentiment,
        subreddits=_most_first(each.post.subreddit for each in stored),
        peak_time=_peak_time(stored),
        created_at=now,
    )


def _id_of(theme: str, name: str) -> str:
    """The same while theme and words of the name are, to follow a topic over time."""
    words = " ".join(sorted(name.casefold().split()))
    return hashlib.blake2b(f"{theme}\x00{words}".encode(), digest_size=8).hexdigest()


def _named(stored: StoredPost, velocity: float) -> TrendingPost:
    post = stored.post
    return TrendingPost(post.fullname, post.title, post.permalink, velocity)


def _tally_of(stored: StoredPost, comment_tallies: Mapping[str, Tally]) -> Tally:
    """A post and its stored comments; only what has a score counts for sentiment."""
    of_comments = comment_tallies.get(stored.post.fullname, Tally())
    sentiment = stored.sentiment
    if sentiment is None:
        return Tally(posts=1, unscored=1) + of_comments
    own = Tally(
        posts=1,
        positive=int(sentiment.label is Label.POSITIVE),
        negative=int(sentiment.label is Label.NEGATIVE),
        neutral=int(sentiment.label is Label.NEUTRAL),
        polarity_sum=sentiment.polarity,
        polarity_square_sum=sentiment.polarity**2,
        scorers=frozenset({sentiment.scorer}),
    )
    return own + of_comments


def _most_first(names: Iterable[str]) -> tuple[str, ...]:
    counts = Counter(names)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _peak_time(stored: Sequence[StoredPost]) -> datetime:
    """The hour in which most of the posts were written; the latest of several."""
    counts = Counter(hour_of(each.post.created_at) for each in stored)
    return max(counts, key=lambda hour: (counts[hour], hour))
