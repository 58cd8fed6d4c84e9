"""The posts of a stretch of time, read once for everything that looks for topics in them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sentiment_service.jobs.phrases import Phrase, Sentences, names_in, sentences_of
from sentiment_service.jobs.themes import Themes
from sentiment_service.models import PLACEHOLDERS, Post, StoredPost
from sentiment_service.scoring.clean import scorable_text

BODY_CHARACTERS = 300
"""How much of a body counts: people say what it is about at the beginning."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Posts and what they say; all sequences have one entry for each post, and posts are named by
    position."""

    posts: Sequence[StoredPost]
    sentences: Sequence[Sentences]
    authors: Sequence[str]
    themes: Sequence[dict[str, Counter[str]]]
    """Words of each theme, counted."""
    names: frozenset[str]
    """Words of all the posts that are names, in lower case."""

    def is_name(self, phrase: Phrase) -> bool:
        """Whether a phrase is a name, such as that of a tool, with its number if it has one."""
        return phrase[0] in self.names and all(word in self.names or word[0].isdigit() for word in phrase)


def read_posts(posts: Sequence[StoredPost], themes: Themes | None = None) -> Reading:
    """Read posts; without themes, neither themes nor names are looked for."""
    texts = [_text_of(stored.post) for stored in posts]
    return Reading(
        posts=posts,
        sentences=[sentences_of(text) for text in texts],
        # Of an author who is gone nobody knows whether it is the same one.
        authors=[stored.post.author or stored.post.fullname for stored in posts],
        themes=[themes.words_in(text) if themes else {} for text in texts],
        names=names_in(texts) if themes else frozenset(),
    )


def _text_of(post: Post) -> str:
    title = "" if post.title in PLACEHOLDERS else post.title
    body = post.text[:BODY_CHARACTERS]
    return f"{title}\n{scorable_text(body)}" if body and body not in PLACEHOLDERS else title
