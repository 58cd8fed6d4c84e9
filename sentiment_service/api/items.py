"""What is behind a figure: the posts and comments that were counted in a stretch of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from sentiment_service.api.context import Context
from sentiment_service.api.cursors import decode_cursor, encode_cursor, item_position
from sentiment_service.api.posts import CommentAnswer, PostAnswer, comment_answer, post_answer
from sentiment_service.api.problems import invalid
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import MAX_HOURS, Answer, Input, OptionalText, Reply
from sentiment_service.api.scopes import subreddit_named
from sentiment_service.models import Label, StoredComment, StoredPost, position_of

routes = Routes(tag="Posts")


class ItemsQuery(Input):
    start: AwareDatetime = Field(examples=["2026-11-01T00:00:00Z"])
    """When the stretch begins: a time with its zone."""
    end: AwareDatetime = Field(examples=["2026-11-02T00:00:00Z"])
    """When it ends; not part of it. At most 90 days after ``start``."""
    subreddit: OptionalText = None
    """One subreddit, in any case; all of them when not given."""
    tool_id: OptionalText = None
    """One tool, by id or slug."""
    sentiment: Label | None = None
    """Only what has this label as a whole."""
    limit: int = Field(50, ge=1, le=200)
    cursor: OptionalText = None
    """Where to go on: ``next_cursor`` of the page before."""

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not timedelta() < self.end - self.start <= timedelta(hours=MAX_HOURS):
            raise ValueError("end must be after start, and at most 90 days after it")
        return self


@dataclass(frozen=True, slots=True)
class ItemAnswer(Answer):
    """A post or a comment; the other is null."""

    kind: Literal["post", "comment"]
    post: PostAnswer | None
    comment: CommentAnswer | None


@dataclass(frozen=True, slots=True)
class ItemsAnswer(Answer):
    """One page of posts and comments, newest first."""

    items: tuple[ItemAnswer, ...]
    next_cursor: str | None
    """Null on the last page."""


@routes.get("/items", summary="The posts and comments behind a figure", errors=(503,), kept="version")
async def items(context: Context, query: ItemsQuery) -> Reply[ItemsAnswer]:
    """Posts and comments together that were written in a stretch of time, newest first."""
    tool = await _tool(context, query.tool_id)
    subreddit = await subreddit_named(context, query.subreddit)
    filters: dict[str, object] = {
        "start": query.start,
        "end": query.end,
        "subreddit": subreddit,
        "tool": tool,
        "sentiment": query.sentiment,
    }
    before = _position(query.end)
    if query.cursor is not None:
        before = decode_cursor("items", filters, query.cursor, item_position)
    found = await _newest(context, query, before=before, subreddit=subreddit, tool=tool)
    page = found[: query.limit]
    cursor = None
    if len(found) > query.limit:
        cursor = encode_cursor("items", filters, page[-1][0])
    return Reply(ItemsAnswer(tuple(_answer(item) for _, item in page), cursor), next_cursor=cursor)


async def _newest(
    context: Context, query: ItemsQuery, *, before: str, subreddit: str | None, tool: str | None
) -> list[tuple[str, StoredPost | StoredComment]]:
    """With their positions, one more of them than fits on a page where there are more."""
    read, limit = context.store.items, query.limit + 1
    comments = await read.recent_comments(
        since=query.start, limit=limit, before=before, subreddit=subreddit, label=query.sentiment, tool=tool
    )
    # There are several times as many comments: where they fill the page, older posts are not on it.
    since = query.start if len(comments) < limit else comments[-1].comment.created_at
    posts = await read.recent_posts(
        since=since, limit=limit, before=before, subreddit=subreddit, label=query.sentiment, tool=tool
    )
    placed: list[tuple[str, StoredPost | StoredComment]] = [
        *((position_of(each.post.created_at, each.post.fullname), each) for each in posts),
        *((position_of(each.comment.created_at, each.comment.fullname), each) for each in comments),
    ]
    return sorted(placed, key=lambda pair: pair[0], reverse=True)[:limit]


async def _tool(context: Context, id_or_slug: str | None) -> str | None:
    if id_or_slug is None:
        return None
    tool = await context.store.tools.find(id_or_slug)
    if tool is None:
        raise invalid("tool_id", "is not a tracked tool")
    return tool.id


def _position(moment: datetime) -> str:
    """The position that nothing of this second or later is below."""
    return position_of(moment, "").removesuffix("|")


def _answer(item: StoredPost | StoredComment) -> ItemAnswer:
    if isinstance(item, StoredPost):
        return ItemAnswer("post", post_answer(item), None)
    return ItemAnswer("comment", None, comment_answer(item))
