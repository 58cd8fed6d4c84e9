"""Posts and their comments."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.cursors import decode_cursor, encode_cursor, item_position
from sentiment_service.api.mentions import MentionAnswer, mention_answers
from sentiment_service.api.paging import cursor_after, start_of_page
from sentiment_service.api.problems import not_found
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Hours, Input, OptionalText, Reply
from sentiment_service.api.scopes import subreddit_named, tool_named
from sentiment_service.models import Label, Sentiment, StoredComment, StoredPost, position_of

routes = Routes(tag="Posts")


class RecentQuery(Input):
    subreddit: OptionalText = Field(None, examples=["ClaudeAI"])
    """One subreddit, in any case; all of them when not given."""
    tool_id: OptionalText = None
    """One tool, by id or slug."""
    sentiment: Label | None = None
    """Only posts with this label."""
    hours: Hours = 24
    """How far back."""
    limit: int = Field(100, ge=1, le=500)
    cursor: OptionalText = None
    """Where to go on: from the ``Link`` header of the page before."""


class PostPath(Input):
    id: str = Field(pattern=r"^(t3_)?[a-z0-9]{1,13}$", examples=["t3_1oz8b2q"])
    """A post's id, with or without ``t3_``."""


class PostQuery(Input):
    subreddit: OptionalText = None
    """Accepted and not needed."""


class CommentsQuery(Input):
    limit: int = Field(100, ge=1, le=500)
    cursor: OptionalText = None
    """Where to go on: ``next_cursor`` of the page before."""


@dataclass(frozen=True, slots=True)
class SentimentAnswer(Answer):
    """The score of a text."""

    label: Label
    polarity: float
    """From -1 (negative) to 1 (positive)."""
    subjectivity: float
    """From 0 (objective) to 1 (subjective)."""
    confidence: float
    """From 0 to 1: how sure the scorer is of the label."""
    scorer: str
    """``name@version``."""
    analyzed_at: datetime


@dataclass(frozen=True, slots=True)
class PostAnswer(Answer):
    """A post."""

    id: str
    """Reddit's fullname: ``t3_…``."""
    subreddit: str
    author: str | None
    """Null when the account was deleted."""
    title: str
    content: str
    """Markdown as it was written; empty for a link."""
    url: str
    permalink: str
    created_utc: datetime
    upvotes: int
    score: int
    comment_count: int
    """As Reddit counts them."""
    collected_at: datetime
    sentiment: SentimentAnswer | None
    """Null when there is no text to score."""
    tools: tuple[str, ...]
    """Ids of the tools it speaks of."""
    mentions: tuple[MentionAnswer, ...]
    """What it says of each of them."""
    language: str | None
    """``en``, ``other`` or ``und`` (too little to tell); null where the scorer does not look."""


@dataclass(frozen=True, slots=True)
class CommentAnswer(Answer):
    """A comment."""

    id: str
    """Reddit's fullname: ``t1_…``."""
    post_id: str
    parent_id: str
    """Fullname of the post or comment it answers."""
    subreddit: str
    author: str | None
    """Null when the account was deleted."""
    content: str
    permalink: str
    created_utc: datetime
    upvotes: int
    sentiment: SentimentAnswer | None
    """Null when there is no text to score."""
    tools: tuple[str, ...]
    """Ids of the tools it speaks of."""
    mentions: tuple[MentionAnswer, ...]
    """What it says of each of them."""
    language: str | None
    """``en``, ``other`` or ``und`` (too little to tell); null where the scorer does not look."""


@dataclass(frozen=True, slots=True)
class CommentsAnswer(Answer):
    """One page of a post's comments, oldest first."""

    comments: tuple[CommentAnswer, ...]
    next_cursor: str | None
    """Null on the last page."""


@routes.get("/posts/recent", summary="The newest posts", errors=(503,), kept="minute")
async def recent_posts(context: Context, query: RecentQuery) -> Reply[tuple[PostAnswer, ...]]:
    """Posts, newest first. The next page is in the ``Link`` header."""
    tool = await tool_named(context, query.tool_id)
    subreddit = await subreddit_named(context, query.subreddit)
    filters: dict[str, object] = {
        "subreddit": subreddit,
        "tool": None if tool is None else tool.id,
        "sentiment": query.sentiment,
        "hours": query.hours,
    }
    since, before = start_of_page(
        "recent_posts", filters, now=context.now(), hours=query.hours, cursor=query.cursor
    )
    found = await context.store.items.recent_posts(
        since=since,
        limit=query.limit + 1,
        before=before,
        subreddit=subreddit,
        label=query.sentiment,
        tool=None if tool is None else tool.id,
    )
    page = found[: query.limit]
    cursor = None
    if len(found) > query.limit:
        last = page[-1].post
        cursor = cursor_after("recent_posts", filters, since, position_of(last.created_at, last.fullname))
    return Reply(tuple(post_answer(post) for post in page), next_cursor=cursor)


@routes.get("/posts/{id}", summary="One post", errors=(503,), kept="version")
async def one_post(context: Context, path: PostPath, query: PostQuery) -> PostAnswer:
    """A post by its id."""
    return post_answer(await _stored(context, path.id))


@routes.get("/posts/{id}/comments", summary="A post's comments", errors=(503,), kept="version")
async def post_comments(context: Context, path: PostPath, query: CommentsQuery) -> CommentsAnswer:
    """The stored comments of a post, oldest first."""
    post = (await _stored(context, path.id)).post
    filters = {"post": post.fullname}
    after = None
    if query.cursor is not None:
        after = decode_cursor("post_comments", filters, query.cursor, item_position)
    found = await context.store.items.comments_of(post.fullname, limit=query.limit + 1, after=after)
    page = found[: query.limit]
    cursor = None
    if len(found) > query.limit:
        last = page[-1].comment
        cursor = encode_cursor("post_comments", filters, position_of(last.created_at, last.fullname))
    return CommentsAnswer(tuple(comment_answer(comment) for comment in page), cursor)


async def _stored(context: Context, post_id: str) -> StoredPost:
    stored = await context.store.items.post(f"t3_{post_id.removeprefix('t3_')}")
    if stored is None:
        raise not_found("post")
    return stored


def post_answer(stored: StoredPost) -> PostAnswer:
    """A stored post as the API shows it."""
    post = stored.post
    return PostAnswer(
        id=post.fullname,
        subreddit=post.subreddit,
        author=post.author,
        title=post.title,
        content=post.text,
        url=post.url,
        permalink=post.permalink,
        created_utc=post.created_at,
        upvotes=post.upvotes,
        score=post.score,
        comment_count=post.comment_count,
        collected_at=stored.collected_at,
        sentiment=sentiment_answer(stored.sentiment),
        tools=stored.tools,
        mentions=mention_answers(stored.mentions),
        language=stored.language,
    )


def comment_answer(stored: StoredComment) -> CommentAnswer:
    """A stored comment as the API shows it."""
    comment = stored.comment
    return CommentAnswer(
        id=comment.fullname,
        post_id=comment.post_id,
        parent_id=comment.parent_id,
        subreddit=comment.subreddit,
        author=comment.author,
        content=comment.text,
        permalink=comment.permalink,
        created_utc=comment.created_at,
        upvotes=comment.upvotes,
        sentiment=sentiment_answer(stored.sentiment),
        tools=stored.tools,
        mentions=mention_answers(stored.mentions),
        language=stored.language,
    )


def sentiment_answer(sentiment: Sentiment | None) -> SentimentAnswer | None:
    """A score as the API shows it."""
    if sentiment is None:
        return None
    return SentimentAnswer(
        label=sentiment.label,
        polarity=sentiment.polarity,
        subjectivity=sentiment.subjectivity,
        confidence=sentiment.confidence,
        scorer=sentiment.scorer,
        analyzed_at=sentiment.analyzed_at,
    )
