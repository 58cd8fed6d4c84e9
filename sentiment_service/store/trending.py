"""Trending topics: sets of topics, of which one is current."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict

from pymongo import ReturnDocument

from sentiment_service.models import TrendingPost, TrendingTopic
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, tally_document, tally_of, unwire, wire

COLLECTION = "trending"
POINTER = "trending"


class TrendingTopics:
    """The topics of the latest computation.

    A new set is written beside the old one and becomes current by one write to the state. The set before
    it stays until the next, for readers who already looked up which set is current.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, topics: Sequence[TrendingTopic]) -> None:
        """Make these the topics; readers see the old set or the new one, never a mixture."""
        generation = uuid.uuid4().hex
        ranked = sorted(topics, key=lambda topic: (-topic.engagement_velocity, topic.id))
        await bulk.upsert(
            self._database,
            COLLECTION,
            [
                bulk.Upsert(f"{generation}|{rank}", {"$set": _document(topic, generation, rank)})
                for rank, topic in enumerate(ranked)
            ],
        )
        former = await self._database.write(
            "publishing trending topics",
            lambda: self._database.collection("state", journaled=True).find_one_and_update(
                {"_id": POINTER},
                {"$set": {"generation": generation}},
                upsert=True,
                return_document=ReturnDocument.BEFORE,
            ),
        )
        kept = [generation, *([former["generation"]] if former else [])]
        await self._database.write(
            "removing old trending topics",
            lambda: self._database.collection(COLLECTION).delete_many({"generation": {"$nin": kept}}),
        )

    async def top(self, limit: int) -> list[TrendingTopic]:
        """Topics, highest velocity first."""
        pointer = await self._database.read(
            "reading trending topics", lambda: self._database.collection("state").find_one({"_id": POINTER})
        )
        if pointer is None:
            return []
        wanted = {"generation": pointer["generation"], "rank": {"$lt": limit}}
        documents = await self._database.read(
            "reading trending topics",
            lambda: self._database.collection(COLLECTION).find(wanted).sort("rank", 1).to_list(None),
        )
        return [_topic(document) for document in documents]


def _document(topic: TrendingTopic, generation: str, rank: int) -> Document:
    return {
        "generation": generation,
        "rank": rank,
        "topic_id": wire(topic.id),
        "theme": wire(topic.theme),
        "topic": wire(topic.topic),
        "keywords": [wire(keyword) for keyword in topic.keywords],
        "posts": [{**asdict(post), "title": wire(post.title)} for post in topic.posts],
        "engagement_velocity": topic.engagement_velocity,
        "mentions": topic.mentions,
        "sentiment": tally_document(topic.sentiment),
        "subreddits": list(topic.subreddits),
        "peak_time": topic.peak_time,
        "created_at": topic.created_at,
    }


def _topic(document: Document) -> TrendingTopic:
    return TrendingTopic(
        id=unwire(document["topic_id"]),
        theme=unwire(document["theme"]),
        topic=unwire(document["topic"]),
        keywords=tuple(unwire(keyword) for keyword in document["keywords"]),
        posts=tuple(TrendingPost(**{**post, "title": unwire(post["title"])}) for post in document["posts"]),
        engagement_velocity=document["engagement_velocity"],
        mentions=document["mentions"],
        sentiment=tally_of(document["sentiment"]),
        subreddits=tuple(document["subreddits"]),
        peak_time=document["peak_time"],
        created_at=document["created_at"],
    )
