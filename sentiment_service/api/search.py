"""Posts by the words in them."""

from pydantic import Field, field_validator

from sentiment_service.api.context import Context
from sentiment_service.api.paging import cursor_after, start_of_page
from sentiment_service.api.posts import PostAnswer, post_answer
from sentiment_service.api.problems import Problem
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import MAX_HOURS, Hours, Input, OptionalText, Reply
from sentiment_service.api.scopes import subreddit_named, tool_named
from sentiment_service.models import Label
from sentiment_service.store.words import SoughtWords

MAX_UNDER_WAY = 8
"""Searches at once above which requests are turned away, so that other reads get their share."""

routes = Routes(tag="Posts")


class SearchQuery(Input):
    q: str = Field(min_length=1, max_length=200, examples=["rate limit"])
    """Words, all of which a post's title and text must contain, in any order and in any case."""
    subreddit: OptionalText = None
    """One subreddit, in any case; all of them when not given."""
    tool_id: OptionalText = None
    """One tool, by id or slug."""
    sentiment: Label | None = None
    """Only posts with this label."""
    hours: Hours = MAX_HOURS
    """How far back."""
    limit: int = Field(100, ge=1, le=500)
    cursor: OptionalText = None
    """Where to go on: from the ``Link`` header of the page before."""

    @field_validator("q")
    @classmethod
    def _has_a_word(cls, value: str) -> str:
        if not SoughtWords(value).words:
            raise ValueError("should contain a word")
        return value


@routes.get(
    "/posts/search", summary="Posts that contain words", errors=(429, 503), kept="minute", ahead=False
)
async def search_posts(context: Context, query: SearchQuery) -> Reply[tuple[PostAnswer, ...]]:
    """Posts whose title or text contains all the words, newest first; the ``Link`` header has the next page.

    Words match as a whole, without regard to case. A page can hold fewer posts than ``limit``, and even
    none, while a ``Link`` says that there is more to look through: one call looks at 20,000 posts at most.
    """
    sought = SoughtWords(query.q)
    tool = await tool_named(context, query.tool_id)
    subreddit = await subreddit_named(context, query.subreddit)
    filters: dict[str, object] = {
        "q": " ".join(sorted(sought.words)),
        "subreddit": subreddit,
        "tool": None if tool is None else tool.id,
        "sentiment": query.sentiment,
        "hours": query.hours,
    }
    since, before = start_of_page(
        "search_posts", filters, now=context.now(), hours=query.hours, cursor=query.cursor
    )
    search = context.store.search
    if search.under_way >= MAX_UNDER_WAY:
        raise Problem(429, "Too many searches are under way.", headers={"Retry-After": "2"})
    found = await search.posts(
        sought,
        since=since,
        limit=query.limit,
        before=before,
        subreddit=subreddit,
        label=query.sentiment,
        tool=None if tool is None else tool.id,
    )
    cursor = None
    if found.goes_on_after is not None:
        cursor = cursor_after("search_posts", filters, since, found.goes_on_after)
    return Reply(tuple(post_answer(post) for post in found.posts), next_cursor=cursor)
