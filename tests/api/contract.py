"""The contract of the HTTP API as a table, written by hand from its description and from nothing else.

Each call is made in the order of the table. ``{names}`` in an address or a body stand for what an earlier
answer gave; ``keep`` says what an answer gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.api.shapes import DATE, TIME, Maybe, OneOf, Shape, Some

LABEL = OneOf("positive", "negative", "neutral")
SENTIMENT = {
    "label": LABEL,
    "polarity": float,
    "subjectivity": float,
    "confidence": float,
    "scorer": str,
    "analyzed_at": TIME,
}
POST = {
    "id": str,
    "subreddit": str,
    "author": Maybe(str),
    "title": str,
    "content": str,
    "url": str,
    "permalink": str,
    "created_utc": TIME,
    "upvotes": int,
    "score": int,
    "comment_count": int,
    "collected_at": TIME,
    "sentiment": Maybe(SENTIMENT),
    "tools": [str],
}
COMMENT = {
    "id": str,
    "post_id": str,
    "parent_id": str,
    "author": Maybe(str),
    "content": str,
    "created_utc": TIME,
    "upvotes": int,
    "sentiment": Maybe(SENTIMENT),
    "tools": [str],
}
STATISTICS = {
    "total": int,
    "positive": int,
    "negative": int,
    "neutral": int,
    "avg_sentiment": float,
    "positive_percentage": float,
    "negative_percentage": float,
    "neutral_percentage": float,
    "avg_interval_95": Maybe([float]),
    "low_sample": bool,
}
CYCLE = {
    "id": str,
    "status": OneOf("running", "completed", "partial", "failed", "abandoned"),
    "start_time": TIME,
    "end_time": Maybe(TIME),
    "duration_seconds": Maybe(float),
    "subreddits_processed": [str],
    "posts_collected": int,
    "comments_collected": int,
    "items_new": int,
    "items_updated": int,
    "api_requests": int,
    "errors": [{"subreddit": Maybe(str), "kind": str, "message": str}],
}
HEALTH = {
    "status": OneOf("healthy", "degraded", "unhealthy"),
    "timestamp": TIME,
    "version": str,
    "process": {
        "uptime_seconds": float,
        "memory_mb": float,
        "cpu_percent": float,
        "pid": int,
        "event_loop_lag_ms": {"p50": float, "p99": float, "max": float},
    },
    "application": {
        "last_collection_at": Maybe(TIME),
        "collections_succeeded": int,
        "collections_failed": int,
        "data_freshness_minutes": Maybe(float),
        "collecting": bool,
        "next_collection_at": Maybe(TIME),
        "role": str,
    },
    "database": {"connected": bool, "latency_ms": Maybe(float)},
    "reddit": {
        "ok": Maybe(bool),
        "rate_limit_remaining": Maybe(float),
        "rate_limit_reset_seconds": Maybe(float),
    },
    "scoring": {"worker_alive": bool, "queue": int},
}
TREND_BUCKET = {
    "bucket_start": TIME,
    "total": int,
    "positive": int,
    "negative": int,
    "neutral": int,
    "avg_sentiment": float,
    "avg_interval_95": Maybe([float]),
    "low_sample": bool,
    "covered": bool,
    "scorers": [str],
}
TOPIC = {
    "id": str,
    "theme": str,
    "topic": str,
    "keywords": [str],
    "post_ids": Some(str, most=10),
    "posts": Some({"id": str, "title": str, "permalink": str, "engagement_velocity": float}),
    "engagement_velocity": float,
    "mentions": int,
    "sentiment_avg": float,
    "sentiment_distribution": {"positive": int, "negative": int, "neutral": int},
    "subreddits": Some(str),
    "peak_time": TIME,
    "created_at": TIME,
}
HOT_TOPICS = {
    "hot_topics": Some(
        {
            "tool_id": str,
            "tool_name": str,
            "tool_slug": str,
            "engagement_score": int,
            "total_mentions": int,
            "total_comments": int,
            "total_upvotes": int,
            "sentiment_distribution": {
                "positive_count": int,
                "negative_count": int,
                "neutral_count": int,
                "positive_percent": float,
                "negative_percent": float,
                "neutral_percent": float,
            },
        }
    ),
    "generated_at": TIME,
    "time_range": OneOf("30d"),
}
HOT_POSTS = {
    "posts": Some(
        {
            "post_id": str,
            "title": str,
            "excerpt": str,
            "author": Maybe(str),
            "subreddit": str,
            "created_utc": TIME,
            "reddit_url": str,
            "comment_count": int,
            "upvotes": int,
            "sentiment": Maybe(LABEL),
            "engagement_score": int,
        }
    ),
    "total": int,
    "has_more": bool,
    "offset": int,
    "limit": int,
}
TOOL = {
    "id": str,
    "name": str,
    "slug": str,
    "vendor": str,
    "category": str,
    "categories": Some(str, most=5),
    "aliases": [str],
    "status": OneOf("active", "archived", "pending", "rejected"),
    "description": str,
    "merged_into": Maybe(str),
    "metadata": dict,
    "detection_threshold": float,
    "created_at": TIME,
    "updated_at": TIME,
    "created_by": str,
    "updated_by": str,
}
TOOL_SENTIMENT = {
    "tool_id": str,
    "tool_name": str,
    "total_mentions": int,
    "positive_count": int,
    "negative_count": int,
    "neutral_count": int,
    "positive_percentage": float,
    "negative_percentage": float,
    "neutral_percentage": float,
    "avg_sentiment": float,
    "low_sample": bool,
    "time_period": {"start": TIME, "end": TIME},
}
DRIVER = {
    "phrase": str,
    "mentions": int,
    "avg_sentiment": float,
    "contribution": float,
    "examples": [{"id": str, "excerpt": str, "permalink": str}],
}
TOOL_CHANGED = {"tool": TOOL, "message": str}
PROGRESS = {
    "total_count": int,
    "processed_count": int,
    "percentage": float,
    "last_checkpoint_id": Maybe(str),
    "estimated_time_remaining": Maybe(float),
}
JOB_STATUS = OneOf("queued", "running", "completed", "failed", "cancelled")
JOB = {
    "id": str,
    "status": JOB_STATUS,
    "trigger_type": str,
    "triggered_by": str,
    "parameters": dict,
    "progress": PROGRESS,
    "statistics": {
        "tools_detected": int,
        "errors_count": int,
        "categorized_count": int,
        "uncategorized_count": int,
    },
    "error_log": [dict],
    "start_time": Maybe(TIME),
    "end_time": Maybe(TIME),
    "created_at": TIME,
}


def page_of(name: str, shape: Shape) -> dict[str, Shape]:
    """A page of records of a tool."""
    return {name: Some(shape), "total": int, "page": int, "limit": int, "has_more": bool}


@dataclass(frozen=True)
class Call:
    """One call of the contract.

    :param name: method and path, as the contract has them.
    :param shape: of the JSON; ``None`` for an answer that is no JSON.
    :param address: path and query, when they are not those of the name.
    :param keep: by placeholder, where in the answer its value is.
    """

    name: str
    shape: Shape
    address: str = ""
    status: int = 200
    also: tuple[int, ...] = ()
    """Further statuses that are right; the shape is that of the one above and of all below 400."""
    body: Any = None
    content_type: str = "application/json"
    keep: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)

    @property
    def statuses(self) -> tuple[int, ...]:
        """Those that are right."""
        return (self.status, *self.also)

    @property
    def method(self) -> str:
        """Of HTTP."""
        return self.name.partition(" ")[0]

    @property
    def path(self) -> str:
        """Path and query, with placeholders."""
        path = self.address or self.name.partition(" ")[2]
        roots = ("/livez", "/readyz", "/metrics", "/api/hot-topics")
        return path if path.startswith(roots) else f"/api/v1{path}"


NEW_TOOL = {"vendor": "Somebody", "categories": ["agent", "ide"]}

CALLS: tuple[Call, ...] = (
    # System
    Call("GET /health", HEALTH),
    Call("GET /livez", None, content_type="text/plain"),
    Call("GET /readyz", None, content_type="text/plain"),
    Call("GET /metrics", None, content_type="text/plain"),
    Call(
        "GET /subreddits",
        {
            "subreddits": Some(str),
            "count": int,
            "details": Some(
                {
                    "name": str,
                    "status": OneOf("ok", "private", "banned", "not_found", "error"),
                    "last_collected_at": Maybe(TIME),
                    "last_error": Maybe(str),
                }
            ),
        },
    ),
    Call("GET /cycles", {"cycles": Some(CYCLE), "next_cursor": Maybe(str)}, "/cycles?limit=5"),
    # Sentiment
    Call(
        "GET /sentiment/stats",
        {"subreddit": OneOf("all"), "time_window_hours": int, "statistics": STATISTICS, "timestamp": TIME},
        "/sentiment/stats?hours=2160",
    ),
    Call(
        "GET /sentiment/trends",
        {
            "subreddit": OneOf("Cursor"),
            "time_window_hours": int,
            "granularity": OneOf("daily"),
            "trend_data": Some(TREND_BUCKET),
            "statistics": STATISTICS,
            "timestamp": TIME,
        },
        "/sentiment/trends?subreddit=cursor&hours=720&granularity=auto",
    ),
    Call(
        "POST /sentiment/score",
        {
            "scores": Some(
                {
                    "polarity": float,
                    "subjectivity": float,
                    "label": LABEL,
                    "confidence": float,
                    "scorer": str,
                    "mentions": Some({"tool_id": str, "polarity": float, "label": LABEL, "excerpt": str}),
                }
            )
        },
        body={"texts": ["I love GitHub Copilot, it is great"]},
    ),
    # Posts
    Call("GET /posts/recent", Some(POST), "/posts/recent?hours=2160&limit=5", keep={"post": (0, "id")}),
    Call("GET /posts/{id}", POST, "/posts/{post}?subreddit=anything"),
    Call(
        "GET /posts/{id}/comments",
        {"comments": Some(COMMENT), "next_cursor": Maybe(str)},
        "/posts/{discussed}/comments?limit=1",
    ),
    Call("GET /posts/search", Some(POST), "/posts/search?q={word}&hours=2160&limit=3"),
    Call("GET /export", None, "/export?kind=posts&format=csv&hours=2160", content_type="text/csv"),
    Call("GET /export", None, "/export?kind=comments&format=csv", content_type="text/csv"),
    Call("GET /export", None, "/export?kind=trends&format=ndjson", content_type="application/x-ndjson"),
    # Trending and hot topics
    Call("GET /trending", Some(TOPIC), "/trending?limit=5"),
    Call("GET /hot-topics", HOT_TOPICS, "/hot-topics?time_range=30d&limit=5"),
    Call("GET /api/hot-topics", HOT_TOPICS, "/api/hot-topics?time_range=30d&limit=5"),
    Call(
        "GET /hot-topics/{tool_id}/posts",
        HOT_POSTS,
        "/hot-topics/cursor/posts?time_range=30d&offset=0&limit=5",
    ),
    Call(
        "GET /api/hot-topics/{tool_id}/posts",
        HOT_POSTS,
        "/api/hot-topics/cursor/posts?time_range=30d&offset=0&limit=5",
    ),
    # Tools
    Call("GET /tools", {"tools": Some(TOOL)}),
    Call("GET /tools/{id}/sentiment", TOOL_SENTIMENT, "/tools/cursor/sentiment?hours=720"),
    Call(
        "GET /tools/{id}/sentiment",
        TOOL_SENTIMENT,
        "/tools/cursor/sentiment?start_date={monday}&end_date={today}",
    ),
    Call(
        "GET /tools/compare",
        {
            "tools": Some(TOOL_SENTIMENT),
            "deltas": Some(
                {
                    "tool_a_id": str,
                    "tool_b_id": str,
                    "positive_delta": float,
                    "negative_delta": float,
                    "sentiment_delta": float,
                    "significant": bool,
                    "p_value": Maybe(float),
                }
            ),
        },
        "/tools/compare?tool_ids=cursor,github-copilot,windsurf&hours=720",
    ),
    Call(
        "GET /tools/{id}/timeseries",
        {
            "tool_id": str,
            "tool_name": str,
            "time_period": {"start": TIME, "end": TIME},
            "granularity": OneOf("daily"),
            "data_points": Some(
                {
                    "date": DATE,
                    "positive_count": int,
                    "negative_count": int,
                    "neutral_count": int,
                    "avg_sentiment": float,
                    "total_mentions": int,
                }
            ),
        },
        "/tools/cursor/timeseries?start_date={monday}&end_date={today}&granularity=daily",
    ),
    Call(
        "GET /tools/{id}/drivers",
        {
            "tool_id": str,
            "change": {"from": Maybe(float), "to": Maybe(float), "delta": Maybe(float)},
            "positive_themes": [DRIVER],
            "negative_themes": [DRIVER],
        },
        "/tools/cursor/drivers?hours=168",
    ),
    Call("GET /tools/last_updated", {"last_aggregation": TIME, "last_detection": TIME}),
    # Administration of tools
    Call(
        "GET /admin/tools",
        {
            "tools": Some(TOOL),
            "total": int,
            "page": int,
            "limit": int,
            "total_pages": int,
            "has_next": bool,
            "has_prev": bool,
            "filters_applied": dict,
            "pagination": {
                "page": int,
                "limit": int,
                "total_items": int,
                "total_pages": int,
                "has_next": bool,
                "has_prev": bool,
            },
        },
        "/admin/tools?page=1&limit=2&search=c&status=active&sort_by=name&sort_order=desc",
    ),
    Call(
        "POST /admin/tools",
        TOOL_CHANGED,
        status=201,
        body={
            "name": "Contractual",
            "description": "Made here",
            "aliases": ["contractually"],
            "metadata": {"kind": "test"},
            **NEW_TOOL,
        },
        keep={"tool": ("tool", "id")},
    ),
    Call(
        "POST /admin/tools",
        TOOL_CHANGED,
        status=201,
        body={"name": "Contractor", **NEW_TOOL},
        keep={"other": ("tool", "id")},
    ),
    Call("GET /admin/tools/{id}", {"tool": TOOL, "aliases": [dict]}, "/admin/tools/{tool}"),
    Call("PUT /admin/tools/{id}", TOOL_CHANGED, "/admin/tools/{tool}", body={"description": "Changed here"}),
    Call("POST /admin/tools/{id}/archive", TOOL_CHANGED, "/admin/tools/{tool}/archive"),
    Call("POST /admin/tools/{id}/unarchive", TOOL_CHANGED, "/admin/tools/{tool}/unarchive"),
    Call(
        "GET /admin/tools/pending",
        {
            "tools": [
                {**TOOL, "mention_count_7d": int, "first_detected": TIME, "sample_mentions": [dict]},
            ],
            "count": int,
        },
    ),
    Call("POST /admin/tools/{id}/reject", TOOL_CHANGED, "/admin/tools/{proposed}/reject"),
    Call("POST /admin/tools/{id}/approve", TOOL_CHANGED, "/admin/tools/{proposed}/approve"),
    Call(
        "PUT /admin/tools/{id}/alias",
        {"alias": dict, "message": str},
        "/admin/tools/{other}/alias",
        body={"primary_tool_id": "{tool}"},
    ),
    Call("DELETE /admin/tools/{id}/alias", {"message": str}, "/admin/tools/{other}/alias"),
    Call(
        "POST /admin/tools/merge",
        {
            "merge_record": dict,
            "target_tool": TOOL,
            "archived_tools": Some({**TOOL, "status": OneOf("archived"), "merged_into": str}),
            "warnings": [str],
            "message": str,
        },
        body={
            "target_tool_id": "{tool}",
            "source_tool_ids": ["{other}"],
            "final_categories": ["agent"],
            "final_vendor": "Somebody",
            "notes": "They are one",
        },
    ),
    Call(
        "GET /admin/tools/{id}/merge-history",
        page_of("merge_records", dict),
        "/admin/tools/{tool}/merge-history?page=1&limit=5",
    ),
    Call(
        "GET /admin/tools/{id}/audit-log",
        page_of("audit_records", dict),
        "/admin/tools/{tool}/audit-log?page=1&limit=5&action_type=created",
    ),
    Call(
        "DELETE /admin/tools/{id}",
        {"message": str, "tool_id": str, "tool_name": str, "sentiment_count": int},
        "/admin/tools/{tool}",
    ),
    # Reanalysis: one at a time, and those that changed tools started by themselves are over by now
    Call(
        "POST /admin/reanalysis/jobs",
        {"job_id": str, "status": JOB_STATUS, "estimated_docs": int, "message": str, "poll_url": str},
        status=202,
        body={"date_range": {"start": "{monday}"}, "tool_ids": ["cursor"], "batch_size": 100},
        keep={"job": ("job_id",)},
    ),
    Call(
        "GET /admin/reanalysis/jobs",
        {"jobs": Some(JOB), "total_count": int, "limit": int, "offset": int},
        "/admin/reanalysis/jobs?limit=5&offset=0",
    ),
    Call("GET /admin/reanalysis/jobs/{id}", {"job": JOB}, "/admin/reanalysis/jobs/{job}"),
    Call(
        "GET /admin/reanalysis/jobs/{id}/status",
        {"job_id": str, "status": JOB_STATUS, "progress": PROGRESS},
        "/admin/reanalysis/jobs/{job}/status",
    ),
    Call("DELETE /admin/reanalysis/jobs/{id}", dict, "/admin/reanalysis/jobs/{job}", also=(202, 409)),
    # Forgetting
    Call(
        "POST /admin/erase",
        {"author_hash": str, "items_erased": int, "receipts": Some(dict)},
        body={"author": "{author}"},
    ),
    Call(
        "GET /admin/deletions",
        {
            "deletions": Some({"id": str, "kind": str, "deleted_at": TIME, "reason": str}),
            "next_cursor": Maybe(str),
        },
        "/admin/deletions?limit=5",
    ),
    Call(
        "POST /admin/collect",
        {"status": OneOf("triggered"), "message": str, "timestamp": TIME, "cycle_id": str},
        status=202,
    ),
)
"""Every call but the questions, the alerts and the stream of events, which has a test of its own."""
