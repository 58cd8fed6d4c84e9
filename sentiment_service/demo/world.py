"""The content of the look-alike as a whole: what is where, what is visible, and how it is changed by hand.

Every look at the world first brings it up to date: things whose time has come are added.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Protocol, TypeVar

from sentiment_service.demo.dice import base36, key_of
from sentiment_service.demo.things import (
    Access,
    Comment,
    Community,
    Edit,
    Ending,
    Fate,
    ListingName,
    Post,
    Thing,
    Words,
)

_Thing = TypeVar("_Thing", Post, Comment)

Clock = Callable[[], datetime]


class Arrivals(Protocol):
    """Makes new things as time passes."""

    def until(self, at: float) -> Iterable[Post | Comment]:
        """The things that came into being up to then and were not given out before, oldest first."""
        ...


class Writer(Protocol):
    """Makes up the words of things that have none."""

    def words(self, thing: Post | Comment) -> Words:
        """The words of a thing; the same on every call."""
        ...

    def edited(self, thing: Post | Comment, text: str) -> str:
        """The text after its author went over it."""
        ...


def _age(thing: Thing) -> tuple[float, str]:
    return thing.created, thing.id


def _youth(thing: Thing) -> tuple[float, str]:
    return -thing.created, thing.id


class World:
    """Communities with their posts and comments at the present moment.

    :param clock: tells the present; aware, UTC.
    :param writer: makes up words; not needed when every thing has its own.
    :param arrivals: where new things come from as time passes.
    """

    def __init__(
        self, clock: Clock, *, writer: Writer | None = None, arrivals: Arrivals | None = None
    ) -> None:
        self._clock = clock
        self._writer = writer
        self.arrivals = arrivals
        """Where new things come from as time passes."""
        self._things: dict[str, Post | Comment] = {}
        self._made = 0
        self.communities: dict[str, Community] = {}
        """By name in lower case."""

    # -- looking -------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """The present in Unix seconds; brings the world up to date."""
        at = self._clock().timestamp()
        if self.arrivals is not None:
            for thing in self.arrivals.until(at):
                self.include(thing)
        return at

    def community(self, name: str) -> Community | None:
        """A community by its name, in any case."""
        return self.communities.get(name.lower())

    def thing(self, fullname: str) -> Post | Comment | None:
        """A thing by its fullname, whatever has become of it."""
        return self._things.get(fullname)

    def things(self) -> list[Post | Comment]:
        """Everything there is, in the order in which it was taken in."""
        return list(self._things.values())

    def post(self, post_id: str) -> Post | None:
        """A post by its id without the kind."""
        thing = self._things.get(f"t3_{post_id}")
        return thing if isinstance(thing, Post) else None

    def newest(
        self, communities: Sequence[Community], listing: ListingName, depth: int
    ) -> list[Post | Comment]:
        """What a listing of these communities shows, newest first, at most ``depth`` things."""
        at = self.now
        streams = [_listed(_of(community, listing), at) for community in communities]
        together: Iterable[Post | Comment] = streams[0] if len(streams) == 1 else merge(*streams, key=_youth)
        return list(islice(together, depth))

    def words(self, thing: Post | Comment) -> Words:
        """What was written, before any edit."""
        if thing.words is not None:
            return thing.words
        if thing.raw is not None:
            return _recorded(thing.raw)
        if self._writer is None:
            raise LookupError(f"{thing.fullname} has no words and nobody to write them")
        return self._writer.words(thing)

    def text(self, thing: Post | Comment, at: float) -> str:
        """The text as it reads at a moment, edits included."""
        words = self.words(thing)
        edit = thing.edit
        if edit is None or edit.at > at:
            return words.text
        if edit.text is not None:
            return edit.text
        return words.text if self._writer is None else self._writer.edited(thing, words.text)

    # -- filling -------------------------------------------------------------------------------------

    def open_community(
        self, name: str, *, access: Access | None = None, subscribers: int = 1000
    ) -> Community:
        """The community of this name, made if there is none."""
        community = self.communities.setdefault(name.lower(), Community(name, subscribers=subscribers))
        if access is not None:
            community.access = access
        return community

    def hang(self, comment: Comment, things: Mapping[str, Post | Comment] | None = None) -> None:
        """Tie a recorded comment to its post and to what it answers, as far as they are among ``things``.

        :param things: by fullname; everything in the world when left out.
        """
        raw = comment.raw or {}
        known = self._things if things is None else things
        post, parent = known.get(str(raw.get("link_id"))), known.get(str(raw.get("parent_id")))
        comment.post = post if isinstance(post, Post) else None
        comment.parent = parent if isinstance(parent, Comment) else None
        comment.depth = comment.parent.depth + 1 if comment.parent is not None else 0

    def include(self, thing: Post | Comment) -> None:
        """Take a thing in at its place in time; a comment joins its post as well."""
        self._things[thing.fullname] = thing
        if isinstance(thing, Post):
            _insert(thing.community.posts, thing)
            return
        _insert(thing.community.comments, thing)
        if thing.post is not None:
            _insert(thing.post.comments, thing)

    # -- changing by hand ----------------------------------------------------------------------------

    def add_post(
        self,
        subreddit: str,
        title: str,
        text: str = "",
        *,
        author: str | None = "somebody",
        created_at: datetime | None = None,
        score: int = 1,
        link: str | None = None,
        flair: str | None = None,
    ) -> str:
        """Publish a post, now unless told when; returns its fullname."""
        post = Post(
            id=self._new_id(),
            created=self._moment(created_at),
            community=self.open_community(subreddit),
            key=self._made,
            words=Words(title, text, author, flair, link, score),
        )
        self.include(post)
        return post.fullname

    def add_comment(
        self,
        parent: str,
        text: str,
        *,
        author: str | None = "somebody",
        created_at: datetime | None = None,
        score: int = 1,
    ) -> str:
        """Answer a post or a comment, by its fullname, now unless told when; returns the new fullname."""
        above = self._things[parent]
        comment = Comment(
            id=self._new_id(),
            created=self._moment(created_at),
            community=above.community,
            key=self._made,
            words=Words("", text, author, None, None, score),
            post=above if isinstance(above, Post) else above.post,
            parent=above if isinstance(above, Comment) else None,
            depth=above.depth + 1 if isinstance(above, Comment) else 0,
        )
        self.include(comment)
        return comment.fullname

    def add_recorded(self, data: Mapping[str, Any], *, created_at: datetime | None = None) -> str:
        """Serve a thing with exactly this data, however odd, from now unless told when; returns its fullname.

        :param data: needs ``name`` (a fullname) and ``subreddit``; a comment hangs where ``link_id`` and
            ``parent_id`` say, if they are here.
        """
        fullname = str(data["name"])
        kind, _, thing_id = fullname.partition("_")
        community = self.open_community(str(data["subreddit"]))
        made = Post if kind == "t3" else Comment
        thing = made(thing_id, self._moment(created_at), community, key_of(fullname), raw=data)
        if isinstance(thing, Comment):
            self.hang(thing)
        self.include(thing)
        return fullname

    def edit(self, fullname: str, text: str) -> None:
        """Change the text of a thing."""
        self._things[fullname].edit = Edit(self.now, text)

    def end(self, fullname: str, ending: Ending) -> None:
        """Delete or remove a thing, or make it vanish."""
        self._things[fullname].fate = Fate(ending, self.now)

    def set_access(self, subreddit: str, access: Access) -> None:
        """Make a subreddit private, banned, quarantined or open again; an unknown one comes into being."""
        self.open_community(subreddit, access=access)

    def _moment(self, created_at: datetime | None) -> float:
        return self.now if created_at is None else created_at.timestamp()

    def _new_id(self) -> str:
        self._made += 1
        return base36(36**6 + key_of("by hand") % 36**5 + self._made)


def _recorded(raw: Mapping[str, Any]) -> Words:
    author = str(raw.get("author") or "[deleted]")
    text = raw.get("selftext", raw.get("body", ""))
    score = raw.get("score")
    return Words(
        title=str(raw.get("title", "")),
        text=str(text),
        author=None if author == "[deleted]" else author,
        flair=None,
        link=None if raw.get("is_self", True) else str(raw.get("url")),
        score=score if isinstance(score, int) else 0,
    )


def _insert(things: list[_Thing], thing: _Thing) -> None:
    if not things or things[-1].created <= thing.created:
        things.append(thing)  # nearly always: things come in order of time
    else:
        insort(things, thing, key=_age)


def _of(community: Community, listing: ListingName) -> Sequence[Post | Comment]:
    return community.posts if listing == "new" else community.comments


def _listed(things: Sequence[Post | Comment], at: float) -> Iterator[Post | Comment]:
    return (thing for thing in reversed(things) if thing.listed(at) and thing.created <= at)
