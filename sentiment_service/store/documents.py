"""Between the domain's types and documents, both ways.

BSON strings are UTF-8 and cannot hold lone surrogates, which Reddit does send. Such a string is stored
as binary of its UTF-8 bytes with the surrogates passed through (``surrogatepass``); binary never stands
for anything else here, so reading gives back exactly what was written.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sentiment_service.models import (
    Comment,
    Known,
    Label,
    Mention,
    MentionPart,
    Post,
    Sentiment,
    Sighting,
    StoredComment,
    StoredPost,
    Tally,
)

Document = dict[str, Any]

_LABELS = {label.value: label for label in Label}
"""Found here twice as fast as by calling the class."""
_SLUG = re.compile(r"(/comments/[^/?#]+/)[^/?#]+(?=/|$)")


def wire(text: str) -> str | bytes:
    """A string as it is stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def unwire(value: str | bytes) -> str:
    """A string as it was before it was stored."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def wire_or_none(text: str | None) -> str | bytes | None:
    """A string that may be missing, as it is stored."""
    return None if text is None else wire(text)


def unwire_or_none(value: str | bytes | None) -> str | None:
    """A string that may be missing, as it was."""
    return None if value is None else unwire(value)


def milliseconds(moment: datetime) -> datetime:
    """A moment in UTC, cut to what BSON keeps."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def aware(moment: datetime) -> datetime:
    """A time read back: in UTC, whether the driver said so or not."""
    return moment.replace(tzinfo=UTC)


def aware_or_none(moment: datetime | None) -> datetime | None:
    """A time that may be missing, read back."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def sentiment_document(sentiment: Sentiment) -> Document:
    """A score as a sub-document."""
    return {
        "label": sentiment.label.value,
        "polarity": sentiment.polarity,
        "subjectivity": sentiment.subjectivity,
        "confidence": sentiment.confidence,
        "scorer": sentiment.scorer,
        "analyzed_at": sentiment.analyzed_at,
    }


def sentiment_of(document: Document | None) -> Sentiment | None:
    """A score read back."""
    if document is None:
        return None
    return Sentiment(
        label=_LABELS[document["label"]],
        polarity=document["polarity"],
        subjectivity=document["subjectivity"],
        confidence=document["confidence"],
        scorer=document["scorer"],
        analyzed_at=aware(document["analyzed_at"]),
    )


def tagging_fields(mentions: Sequence[Mention], *, bare: bool = False) -> Document:
    """What an item says of tools.

    ``tools`` are those it counts for, ``found`` these and those named in it.

    :param bare: leave out the excerpts, which its author wrote.
    """
    tools = [mention.tool_id for mention in mentions]
    return {
        "mentions": [_mention_document(mention, bare) for mention in mentions],
        "tools": tools,
        "found": sorted({*tools, *(part.tool_id for mention in mentions for part in mention.parts)}),
    }


def _mention_document(mention: Mention, bare: bool) -> Document:
    document = _said(mention, bare)
    if [part.tool_id for part in mention.parts] != [mention.tool_id]:
        document["parts"] = [_said(part, bare) for part in mention.parts]
    return document


def _said(said: Mention | MentionPart, bare: bool) -> Document:
    return {
        "tool_id": said.tool_id,
        "polarity": said.polarity,
        "label": said.label.value,
        "excerpt": "" if bare else wire(said.excerpt),
    }


def mentions_in(document: Document) -> tuple[Mention, ...]:
    """The mentions of an item read back."""
    return tuple(_mention(each) for each in document.get("mentions", ()))


def _mention(document: Document) -> Mention:
    parts = tuple(
        MentionPart(part["tool_id"], part["polarity"], _LABELS[part["label"]], unwire(part["excerpt"]))
        for part in document.get("parts", (document,))
    )
    return Mention(
        document["tool_id"],
        document["polarity"],
        _LABELS[document["label"]],
        unwire(document["excerpt"]),
        parts,
    )


def without_excerpts(mentions: Sequence[Document]) -> list[Document]:
    """Stored mentions without what the author wrote."""
    return [
        {**mention, "excerpt": ""}
        | ({"parts": [{**part, "excerpt": ""} for part in mention["parts"]]} if "parts" in mention else {})
        for mention in mentions
    ]


def sighting_document(sighting: Sighting) -> Document:
    """A sighting as a sub-document."""
    return {"at": sighting.at, "upvotes": sighting.upvotes, "comment_count": sighting.comment_count}


def sighting_of(document: Document) -> Sighting:
    """A sighting read back."""
    return Sighting(aware(document["at"]), document["upvotes"], document["comment_count"])


def without_slug(permalink: str) -> str:
    """A permalink without the words of the title, which Reddit does not need to find the item."""
    return _SLUG.sub(r"\1_", permalink)


def post_fields(post: Post, *, bare: bool = False) -> Document:
    """What a post alone has.

    :param bare: leave out what its author wrote: title, text, and the words of the title in its address.
    """
    return {
        "title": "" if bare else wire(post.title),
        "text": "" if bare else wire(post.text),
        "url": wire(without_slug(post.url) if bare else post.url),
        "permalink": wire(without_slug(post.permalink) if bare else post.permalink),
        "comment_count": post.comment_count,
    }


def comment_fields(comment: Comment, *, bare: bool = False) -> Document:
    """What a comment alone has; its address never holds the title of its post, which may go before it.

    :param bare: leave out what its author wrote.
    """
    return {
        "post_id": comment.post_id,
        "parent_id": comment.parent_id,
        "text": "" if bare else wire(comment.text),
        "permalink": wire(without_slug(comment.permalink)),
    }


def stored_post(document: Document) -> StoredPost:
    """A post read back."""
    previous = document["previous"]
    return StoredPost(
        post=Post(
            fullname=document["_id"],
            subreddit=document["subreddit"],
            author=unwire_or_none(document["author"]),
            title=unwire(document["title"]),
            text=unwire(document["text"]),
            url=unwire(document["url"]),
            permalink=unwire(document["permalink"]),
            flair=unwire_or_none(document["flair"]),
            created_at=aware(document["created_at"]),
            edited_at=aware_or_none(document["edited_at"]),
            upvotes=document["upvotes"],
            score=document["score"],
            comment_count=document["comment_count"],
        ),
        sentiment=sentiment_of(document["sentiment"]),
        collected_at=aware(document["collected_at"]),
        seen=sighting_of(document["seen"]),
        previous=None if previous is None else sighting_of(previous),
        tools=tuple(document["tools"]),
        thread_count=document.get("thread_count"),
        mentions=mentions_in(document),
        language=document.get("language"),
    )


def stored_comment(document: Document) -> StoredComment:
    """A comment read back."""
    return StoredComment(
        comment=Comment(
            fullname=document["_id"],
            post_id=document["post_id"],
            parent_id=document["parent_id"],
            subreddit=document["subreddit"],
            author=unwire_or_none(document["author"]),
            text=unwire(document["text"]),
            permalink=unwire(document["permalink"]),
            flair=unwire_or_none(document["flair"]),
            created_at=aware(document["created_at"]),
            edited_at=aware_or_none(document["edited_at"]),
            upvotes=document["upvotes"],
            score=document["score"],
        ),
        sentiment=sentiment_of(document["sentiment"]),
        collected_at=aware(document["collected_at"]),
        tools=tuple(document["tools"]),
        mentions=mentions_in(document),
        language=document.get("language"),
    )


KNOWN_FIELDS = dict.fromkeys(
    (
        "digest",
        "sentiment.scorer",
        "score",
        "upvotes",
        "comment_count",
        "author",
        "flair",
        "edited_at",
        "seen",
        "bare",
        "tools",
    ),
    1,
)
"""What :func:`known` needs of a document."""


def known(document: Document) -> Known:
    """What is held of an item, from its :data:`KNOWN_FIELDS`."""
    sentiment = document.get("sentiment")
    seen = sighting_of(document["seen"])
    return Known(
        fullname=document["_id"],
        digest=document["digest"],
        scorer=sentiment["scorer"] if sentiment else None,
        score=document["score"],
        upvotes=document["upvotes"],
        comment_count=document.get("comment_count", 0),
        seen_at=seen.at,
        has_sentiment=bool(sentiment),
        author=unwire_or_none(document["author"]),
        flair=unwire_or_none(document["flair"]),
        edited_at=aware_or_none(document["edited_at"]),
        seen=seen,
        bare=bool(document.get("bare")),
        tools=tuple(document["tools"]),
    )


def tally_document(tally: Tally) -> Document:
    """A tally as a sub-document; counts of zero are left out."""
    document: Document = {
        name: value
        for name in (
            "posts",
            "comments",
            "positive",
            "negative",
            "neutral",
            "unscored",
            "comment_sum",
            "upvote_sum",
        )
        if (value := getattr(tally, name))
    }
    if tally.total:
        document["polarity_sum"] = tally.polarity_sum
        document["polarity_square_sum"] = tally.polarity_square_sum
        document["scorers"] = sorted(tally.scorers)
    return document


def tally_of(document: Document) -> Tally:
    """A tally read back."""
    return Tally(**{**document, "scorers": frozenset(document.get("scorers", ()))})
