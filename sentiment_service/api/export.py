"""Everything that was asked for, as one file."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.csv_rows import CsvRows
from sentiment_service.api.downloads import DESK, download
from sentiment_service.api.events import Stream
from sentiment_service.api.posts import CommentAnswer, PostAnswer, comment_answer, post_answer
from sentiment_service.api.problems import FieldError, invalid_all
from sentiment_service.api.responses import encode_json
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Hours, Input, OptionalText
from sentiment_service.api.scopes import subreddit_named, tool_named
from sentiment_service.api.sentiment import TrendBucket, TrendsQuery, sentiment_trends
from sentiment_service.api.windows import Granularity
from sentiment_service.models import Label

Kind = Literal["posts", "comments", "trends"]
Format = Literal["csv", "ndjson"]

ROWS_AT_ONCE = 50
"""Rows made before others get their turn on the event loop."""
HOURS: dict[Kind, int] = {"posts": 24, "comments": 24, "trends": 168}
"""How far back, when it is not said: as for the call that reads the same."""
ANSWERS: dict[Kind, type[Any]] = {"posts": PostAnswer, "comments": CommentAnswer, "trends": TrendBucket}
CONTENT_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson; charset=utf-8",
}

routes = Routes(tag="Posts")


class ExportQuery(Input):
    kind: Kind = Field(examples=["posts"])
    """What to export."""
    format: Format = Field("csv", examples=["csv"])
    """``csv`` has a line of column names; ``ndjson`` has a JSON object in each line, as the reads give it."""
    subreddit: OptionalText = Field(None, examples=["ClaudeAI"])
    """One subreddit, in any case; all of them when not given."""
    tool_id: OptionalText = None
    """One tool, by id or slug."""
    sentiment: Label | None = None
    """Only posts or comments with this label; not for trends."""
    hours: Hours | None = Field(None, examples=[168])
    """How far back; when not given 24 for posts and comments, 168 for trends."""
    granularity: Literal["auto", Granularity] | None = None
    """Length of a bucket; only for trends."""


@routes.get(
    "/export",
    summary="Posts, comments or trends as a file",
    media_type="text/csv",
    also=("application/x-ndjson",),
    errors=(503,),
    raw=True,
    per_minute=lambda server: server.exports_per_minute,
)
async def export(context: Context, request: web.Request, query: ExportQuery) -> Stream:
    """A download of any size, newest first (trends oldest first), with the filters of the reads.

    It is sent while it is read. When something fails in the middle the connection is cut without the end of
    the body, which every HTTP client reports as an error: a file that arrived without one is whole. Texts in
    CSV that begin like a formula have an apostrophe in front.
    """
    _check_combination(query)
    tool = await tool_named(context, query.tool_id)
    subreddit = await subreddit_named(context, query.subreddit)
    made_at = context.now()
    with request.app[DESK].place(request):
        async with (
            aclosing(
                _answers(context, query, subreddit, None if tool is None else tool.id, made_at)
            ) as answers,
            aclosing(_encoded(query, answers)) as pages,
        ):
            return await download(
                request,
                pages,
                content_type=CONTENT_TYPES[query.format],
                filename=_filename(query, subreddit, made_at),
            )


def _check_combination(query: ExportQuery) -> None:
    wrong = []
    if query.kind == "trends" and query.sentiment is not None:
        wrong.append(FieldError("sentiment", "is for posts and comments only"))
    if query.kind != "trends" and query.granularity is not None:
        wrong.append(FieldError("granularity", "is for trends only"))
    if wrong:
        raise invalid_all(wrong)


async def _answers(
    context: Context, query: ExportQuery, subreddit: str | None, tool: str | None, now: datetime
) -> AsyncGenerator[Sequence[Any], None]:
    """What the reads would answer, page by page."""
    hours = query.hours or HOURS[query.kind]
    if query.kind == "trends":
        asked = TrendsQuery(
            subreddit=subreddit, tool_id=tool, hours=hours, granularity=query.granularity or "auto"
        )
        yield (await sentiment_trends(context, asked)).trend_data
        return
    since = (now - timedelta(hours=hours)).replace(second=0, microsecond=0)
    exports = context.store.exports
    if query.kind == "posts":
        posts = exports.posts(since=since, subreddit=subreddit, label=query.sentiment, tool=tool)
        async with aclosing(posts):
            async for page in posts:
                yield [post_answer(stored) for stored in page]
        return
    comments = exports.comments(since=since, subreddit=subreddit, label=query.sentiment, tool=tool)
    async with aclosing(comments):
        async for found in comments:
            yield [comment_answer(stored) for stored in found]


async def _encoded(
    query: ExportQuery, pages: AsyncGenerator[Sequence[Any], None]
) -> AsyncGenerator[bytes, None]:
    """The pages as they are sent, the first with the line of column names; other requests get their turn."""
    rows = CsvRows(ANSWERS[query.kind]) if query.format == "csv" else None
    done = [] if rows is None else [rows.head()]
    async for page in pages:
        for start in range(0, len(page), ROWS_AT_ONCE):
            some = page[start : start + ROWS_AT_ONCE]
            done.append(_json_lines(some) if rows is None else rows.lines(some))
            await asyncio.sleep(0)
        yield b"".join(done)
        done = []
    if done:
        yield b"".join(done)


def _json_lines(answers: Sequence[Any]) -> bytes:
    return b"".join(encode_json(answer) + b"\n" for answer in answers)


def _filename(query: ExportQuery, subreddit: str | None, at: datetime) -> str:
    parts = (query.kind, subreddit, f"{at:%Y%m%dT%H%M%SZ}")
    return f"{'-'.join(part for part in parts if part)}.{query.format}"
