"""Posts that belong together: by phrases that stand out against the days before, and by themes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from sentiment_service.jobs.phrases import Phrase, Standout, count_phrases, frequent_phrases, standouts
from sentiment_service.jobs.reading import Reading

Said = Mapping[Phrase, set[int]]
"""The posts, by position, that say each phrase."""

GENERAL = "general"
"""Theme of what stands out and belongs to none of the themes."""

SAME_FROM = 0.4
"""Two phrases are one topic when their posts overlap by this share of all the posts of both."""

MOST_STANDOUTS = 1000
MOST_SPLITS = 6
"""Parts that a theme is split into at most, besides the rest of it."""


@dataclass(slots=True)
class Group:
    """Posts by position, and the phrases that brought them together, most significant first."""

    theme: str
    posts: set[int]
    phrases: list[Standout] = field(default_factory=list)
    is_split: bool = False
    """Whether the phrase only says which part of the theme this is."""


def find_groups(window: Reading, earlier: Reading, *, min_posts: int) -> list[Group]:
    """Groups of at least so many posts, the most specific first.

    First what stands out against the days before, then each theme's other posts, split by the names that
    stand out in them against the rest of the window, then what is left of each theme. A group that is nearly
    another one is dropped.
    """
    said = frequent_phrases(dict(enumerate(window.sentences)), min_posts=min_posts)
    news = list(_news(window, earlier, said, min_posts=min_posts))
    themes = sorted({theme for words in window.themes for theme in words})
    parts = [part for theme in themes for part in _parts(window, theme, news, said, min_posts=min_posts)]
    kept: list[Group] = []
    for group in (*news, *sorted(parts, key=lambda part: not part.phrases)):
        if not any(_overlap(group.posts, other.posts) >= SAME_FROM for other in kept):
            kept.append(group)
    return kept


def _news(window: Reading, earlier: Reading, said: Said, *, min_posts: int) -> Iterator[Group]:
    """What stands out against the days before."""
    found = standouts(
        said,
        len(window.posts),
        count_phrases(earlier.sentences, said),
        len(earlier.posts),
        min_posts=min_posts,
        authors=window.authors,
    )
    for phrases in merged(found[:MOST_STANDOUTS]):
        posts = set().union(*(each.posts for each in phrases))
        yield Group(_theme_of(window, posts), posts, phrases)


def merged(found: Sequence[Standout]) -> list[list[Standout]]:
    """Phrases gathered around the most significant ones, by the overlap of the posts that say them."""
    gatherings: list[list[Standout]] = []
    for each in found:
        home = next((gathering for gathering in gatherings if _belongs(each, gathering[0])), None)
        if home is None:
            gatherings.append([each])
        else:
            home.append(each)
    return gatherings


def _belongs(each: Standout, first: Standout) -> bool:
    # A detail that only a few of a topic's posts mention is no topic of its own.
    return each.posts <= first.posts or _overlap(each.posts, first.posts) >= SAME_FROM


def _overlap(some: Set[int], others: Set[int]) -> float:
    """Shared posts as a share of all (Jaccard's index)."""
    shared = len(some & others)
    return shared / (len(some) + len(others) - shared) if shared else 0.0


def _theme_of(window: Reading, posts: Set[int]) -> str:
    """The theme that at least half of the posts have, most of them if there are several."""
    counts = Counter(theme for post in posts for theme in window.themes[post])
    theme, count = min(counts.items(), key=lambda item: (-item[1], item[0]), default=(GENERAL, 0))
    return theme if 2 * count >= len(posts) else GENERAL


def _parts(
    window: Reading, theme: str, news: Sequence[Group], said: Said, *, min_posts: int
) -> Iterator[Group]:
    """A theme's posts that no news told of: what stands out in them, then the rest."""
    told = set().union(*(group.posts for group in news if group.theme == theme))
    members = {post for post, words in enumerate(window.themes) if theme in words}
    left, splits = members - told, 0
    for each in _standing_out_in(window, members - told, members, said, min_posts=min_posts):
        posts = each.posts & left
        if splits < MOST_SPLITS and len(posts) >= min_posts and _adds(each.phrase, window, theme, posts):
            left -= posts
            splits += 1
            yield Group(theme, set(posts), [each], is_split=True)
    if len(left) >= min_posts:
        yield Group(theme, left)


def _standing_out_in(
    window: Reading, some: Set[int], members: Set[int], said: Said, *, min_posts: int
) -> list[Standout]:
    """Names that stand out in some posts against those that are not members.

    Of a theme only names tell a part; other phrases are ways of talking about it.
    """
    names = {phrase: posts for phrase, posts in said.items() if window.is_name(phrase)}
    here = {phrase: shared for phrase, posts in names.items() if len(shared := posts & some) >= min_posts}
    elsewhere = {phrase: len(said[phrase] - members) for phrase in here}
    others = len(window.posts) - len(members)
    return standouts(here, len(some), elsewhere, others, min_posts=min_posts, authors=window.authors)


def _adds(phrase: Phrase, window: Reading, theme: str, posts: Set[int]) -> bool:
    """Whether a phrase says more than the words that made the posts part of the theme."""
    own = {part for post in posts for word in window.themes[post][theme] for part in word.split()}
    return own.isdisjoint(phrase)
