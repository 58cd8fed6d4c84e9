"""The generated world: thirty days of posts and comments, and the ones that come after.

Only when and where things are said is laid out here, from the seed alone; what they say is written
when it is asked for. Times follow the rhythm of a day and a week, with more written around events.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate

from sentiment_service.demo.dice import Dice, base36, key_of
from sentiment_service.demo.events import DAY_S, EVENTS, Event
from sentiment_service.demo.things import Comment, Community, Edit, Ending, Fate, Post
from sentiment_service.demo.world import World

HISTORY_DAYS = 30
_HOUR_S = 3600
_BY_HOUR = (5, 4, 4, 3, 3, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 11, 11, 10, 10, 9, 9, 8, 7, 6)
_BY_WEEKDAY = (1.0, 1.05, 1.05, 1.0, 0.95, 0.7, 0.7)
_MEETING_SHARE = 0.22
"""Part of a subreddit's comments that goes to the post in which everybody meets over an event."""
_BUSIEST = 30.0
"""How much more is answered to one post than to a usual one, at most."""
_DEEPEST = 8
_RECENT = 60
_POSTS_AMONG_ARRIVALS = 0.35


class Ids:
    """Numbers things in the order in which they come, as Reddit does."""

    def __init__(self, key: int) -> None:
        self._next = 36**6 + key % (10 * 36**6)

    def take(self) -> str:
        """The next id."""
        self._next += 1
        return base36(self._next)


class History:
    """Lays out generated posts and comments.

    :param seed: the same seed gives the same world.
    :param end: Unix seconds at which the history ends and arrivals begin.
    """

    def __init__(self, seed: int, end: float) -> None:
        self._seed = seed
        self._end = end
        self._ids = Ids(key_of("ids", seed, int(end)))

    def fill(self, world: World, names: Sequence[str], *, posts: int, comments: int) -> None:
        """Put so many posts and comments into each of these subreddits."""
        things: list[Post | Comment] = []
        for name in names:
            community = world.open_community(name, subscribers=20_000 + key_of(name.lower()) % 900_000)
            new_posts = self._posts(community, posts)
            things += new_posts
            things += self._comments(community, new_posts, comments)
        things.sort(key=_created)
        for thing in things:
            thing.id = self._ids.take()
        for thing in things:
            world.include(thing)

    def arrivals(self, communities: Sequence[Community], per_minute: float) -> "Newcomers":
        """What comes after the history, over all these subreddits together."""
        return Newcomers(self._seed, self._end, communities, per_minute, self._ids)

    def _posts(self, community: Community, count: int) -> list[Post]:
        dice = Dice(key_of(self._seed, community.name.lower(), "posts"))
        times = self._times(community, count, dice)
        posts = [new_post(community, dice, created) for created in times]
        for event in _homed(community):
            meeting = next(
                (post for post in posts if post.created >= self._end - event.begins_days * DAY_S), None
            )
            if meeting is not None:
                meeting.key = meeting_key(event)
                meeting.fate = None
        return posts

    def _comments(self, community: Community, posts: Sequence[Post], count: int) -> list[Comment]:
        if not posts:
            return []
        dice = Dice(key_of(self._seed, community.name.lower(), "comments"))
        meetings = {meeting_key(event) for event in _homed(community)}
        weights = [min(_BUSIEST, (1.0 - dice.unit()) ** -0.7) for _ in posts]
        share = _MEETING_SHARE / (1 - _MEETING_SHARE * len(meetings)) * sum(weights)
        weights = [
            share if post.key in meetings else weight for post, weight in zip(posts, weights, strict=True)
        ]
        edges = list(accumulate(weights))
        told: dict[int, list[float]] = {}
        for _ in range(count):
            place = min(bisect_right(edges, dice.unit() * edges[-1]), len(posts) - 1)
            told.setdefault(place, []).append(self._answer_time(posts[place].created, dice))
        comments: list[Comment] = []
        for place, times in told.items():
            comments += _conversation(posts[place], sorted(times), dice)
        return comments

    def _answer_time(self, asked: float, dice: Dice) -> float:
        created = asked + 60 + dice.exponential(5 * _HOUR_S)
        return created if created < self._end else asked + (self._end - asked) * dice.unit()

    def _times(self, community: Community, count: int, dice: Dice) -> list[float]:
        first = self._end - HISTORY_DAYS * DAY_S
        hours = HISTORY_DAYS * 24
        homed = _homed(community)
        edges = list(accumulate(_busy(first + hour * _HOUR_S, self._end, homed) for hour in range(hours)))
        times = []
        for place in range(count):
            hour = min(bisect_right(edges, (place + dice.unit()) / count * edges[-1]), hours - 1)
            times.append(first + (hour + dice.unit()) * _HOUR_S)
        times.sort()
        return times


class Newcomers:
    """Posts and comments that come into being as time passes, at a steady pace with chance in it."""

    def __init__(
        self, seed: int, start: float, communities: Sequence[Community], per_minute: float, ids: Ids
    ) -> None:
        self._communities = communities
        self._mean_s = 60 / per_minute
        self._dice = Dice(key_of(seed, "arrivals"))
        self._ids = ids
        self._next_at = start + self._dice.exponential(self._mean_s)

    def until(self, at: float) -> Iterator[Post | Comment]:
        """The things that came into being up to then and were not given out before, oldest first."""
        while self._next_at <= at:
            created = self._next_at
            self._next_at += self._dice.exponential(self._mean_s)
            thing = self._one(created)
            thing.id = self._ids.take()
            yield thing

    def _one(self, created: float) -> Post | Comment:
        dice = self._dice
        community = dice.pick(self._communities)
        if not community.posts or dice.chance(_POSTS_AMONG_ARRIVALS):
            return new_post(community, dice, created)
        recent = min(len(community.posts), _RECENT)
        post = community.posts[-1 - int(recent * dice.unit() ** 2)]
        return new_comment(post, dice, created, post.comments)


def new_post(community: Community, dice: Dice, created: float) -> Post:
    """A post without an id, its fate drawn."""
    fate, edit = _later(dice, created)
    return Post("", created, community, dice.bits(), fate, edit)


def new_comment(post: Post, dice: Dice, created: float, earlier: Sequence[Comment]) -> Comment:
    """A comment without an id that answers a post or one of the earlier comments, its fate drawn."""
    parent = dice.pick(earlier) if earlier and dice.chance(0.55) else None
    if parent is not None and (parent.depth >= _DEEPEST or parent.created > created):
        parent = None
    depth = parent.depth + 1 if parent is not None else 0
    fate, edit = _later(dice, created)
    return Comment(
        "", created, post.community, dice.bits(), fate, edit, post=post, parent=parent, depth=depth
    )


def meeting_key(event: Event) -> int:
    """The key of the post in which everybody meets over an event."""
    return key_of("meeting", event.name)


def _conversation(post: Post, times: Sequence[float], dice: Dice) -> list[Comment]:
    comments: list[Comment] = []
    for created in times:
        comments.append(new_comment(post, dice, created, comments))
    return comments


def _later(dice: Dice, created: float) -> tuple[Fate | None, Edit | None]:
    """What becomes of a thing: one in fourteen is edited, deleted, removed or the like."""
    lot = dice.unit()
    if lot >= 0.074:
        return None, None
    if lot < 0.015:
        return Fate(Ending.DELETED, created + dice.exponential(12 * _HOUR_S)), None
    if lot < 0.025:
        return Fate(Ending.REMOVED, created + dice.exponential(2 * _HOUR_S)), None
    if lot < 0.028:
        return Fate(Ending.REMOVED_BY_REDDIT, created + dice.exponential(6 * _HOUR_S)), None
    if lot < 0.033:
        return Fate(Ending.ACCOUNT_GONE, created + dice.exponential(72 * _HOUR_S)), None
    if lot < 0.034:
        return Fate(Ending.VANISHED, created + dice.exponential(24 * _HOUR_S)), None
    return None, Edit(created + 120 + dice.exponential(3 * _HOUR_S), None)


def _homed(community: Community) -> list[Event]:
    return [event for event in EVENTS if event.communities[0].lower() == community.name.lower()]


def _busy(at: float, end: float, homed: Sequence[Event]) -> float:
    moment = datetime.fromtimestamp(at, UTC)
    usual = _BY_HOUR[moment.hour] * _BY_WEEKDAY[moment.weekday()]
    for event in homed:
        since = event.begins_days * DAY_S - (end - at)
        if event.holds(end - at):
            usual *= 1 + (event.crowd - 1) * 0.5 ** (since / DAY_S)
    return usual


def _created(thing: Post | Comment) -> float:
    return thing.created
