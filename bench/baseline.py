"""The earlier pattern, as a program: ``python -m bench.baseline REDDIT MONGODB_URI DATABASE POSTS``.

A synchronous Reddit client in a ``ThreadPoolExecutor(max_workers=1)`` beside the event loop. For each
subreddit it lists the newest posts, opens every post for its comments with a request of its own, scores
each text in that same thread, and upserts each item alone. The server reads the same database. Nothing is
slowed down on purpose: the client may go as fast as answers come, indexes exist, the loop is uvloop, and
the aggregation of a read waits in a thread of its own instead of blocking the loop.
"""

import argparse
import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import praw
import pymongo
import uvloop
from aiohttp import web
from pymongo.collection import Collection
from textblob import TextBlob  # type: ignore[import-untyped]

from bench.instrumented import instrument, serve
from sentiment_service.settings import DEFAULT_SUBREDDITS


class Earlier:
    """Collects and answers the way the earlier service did.

    :param posts: newest posts read of each subreddit.
    """

    def __init__(self, reddit_url: str, uri: str, database: str, posts: int) -> None:
        self._reddit = praw.Reddit(
            client_id="bench",
            client_secret="bench",
            user_agent="python:bench:1 (by /u/bench)",
            oauth_url=reddit_url,
            reddit_url=reddit_url,
            check_for_updates=False,
        )
        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(uri, tz_aware=True)
        self._items: Collection[dict[str, Any]] = client[database]["items"]
        self._items.create_index([("created_at", -1)])
        self._posts = posts
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._running: asyncio.Future[None] | None = None
        self._succeeded = self._failed = 0

    # --- in the thread ---------------------------------------------------------------------------

    def collect(self) -> None:
        """Everything, one thing after the other."""
        for name in DEFAULT_SUBREDDITS:
            for post in self._reddit.subreddit(name).new(limit=self._posts):
                self._keep(post, f"{post.title}\n\n{post.selftext}", title=post.title)
                post.comments.replace_more(limit=0)
                for comment in post.comments.list():
                    self._keep(comment, comment.body, post_id=comment.link_id)

    def _keep(self, thing: Any, text: str, **more: object) -> None:
        polarity, subjectivity = TextBlob(text).sentiment
        document = {
            "subreddit": str(thing.subreddit),
            "author": str(thing.author) if thing.author else None,
            "text": text,
            "permalink": thing.permalink,
            "created_at": datetime.fromtimestamp(thing.created_utc, UTC),
            "upvotes": thing.ups,
            "score": thing.score,
            "sentiment": {
                "label": "positive" if polarity > 0.1 else "negative" if polarity < -0.1 else "neutral",
                "polarity": polarity,
                "subjectivity": subjectivity,
            },
            **more,
        }
        self._items.update_one({"_id": thing.fullname}, {"$set": document}, upsert=True)

    def _statistics(self, hours: int) -> dict[str, Any]:
        since = datetime.now(UTC) - timedelta(hours=hours)
        found = self._items.aggregate(
            [
                {"$match": {"created_at": {"$gte": since}}},
                {
                    "$group": {
                        "_id": "$sentiment.label",
                        "count": {"$sum": 1},
                        "polarity": {"$sum": "$sentiment.polarity"},
                    }
                },
            ]
        )
        groups = {group["_id"]: group for group in found}
        total = sum(group["count"] for group in groups.values())
        counts = {label: groups.get(label, {"count": 0})["count"] for label in _LABELS}
        mean = sum(group["polarity"] for group in groups.values()) / total if total else 0.0
        return {"total": total, **counts, "avg_sentiment": mean}

    # --- on the loop -----------------------------------------------------------------------------

    async def health(self, _: web.Request) -> web.Response:
        """How it is."""
        return web.json_response(
            {
                "status": "healthy",
                "application": {
                    "collecting": self._running is not None,
                    "collections_succeeded": self._succeeded,
                    "collections_failed": self._failed,
                },
            }
        )

    async def stats(self, request: web.Request) -> web.Response:
        """Figures of a window."""
        hours = int(request.query.get("hours", "24"))
        loop = asyncio.get_running_loop()
        return web.json_response(
            {"statistics": await loop.run_in_executor(None, self._statistics, hours), "hours": hours}
        )

    async def trigger(self, _: web.Request) -> web.Response:
        """Collect in the background."""
        if self._running is None:
            self._running = asyncio.get_running_loop().run_in_executor(self._thread, self.collect)
            self._running.add_done_callback(self._ended)
        return web.json_response({"status": "triggered"}, status=202)

    def _ended(self, done: "asyncio.Future[None]") -> None:
        self._running = None
        if done.exception() is None:
            self._succeeded += 1
        else:
            self._failed += 1

    def application(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/v1/health", self.health),
                web.get("/api/v1/sentiment/stats", self.stats),
                web.post("/api/v1/admin/collect", self.trigger),
            ]
        )
        return app


_LABELS = ("positive", "negative", "neutral")


async def _serve(earlier: Earlier) -> None:
    app = earlier.application()
    instrument(app)
    await serve(app)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.baseline", description="The earlier pattern.")
    parser.add_argument("reddit")
    parser.add_argument("uri")
    parser.add_argument("database")
    parser.add_argument("posts", type=int)
    given = parser.parse_args()
    uvloop.run(_serve(Earlier(given.reddit, given.uri, given.database, given.posts)))


if __name__ == "__main__":
    main()
