"""Posts with their comments: ``/comments/ID`` and ``/api/morechildren``.

As on Reddit, a thread shows its best comments up to a limit and ten levels deep. The rest hides behind
``more`` stubs: with ids when there is no room, without ids ("continue this thread") when it is too deep.
A deleted comment shows as a placeholder while somebody's visible answer hangs below it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

from aiohttp import web

from sentiment_service.demo.access import readable
from sentiment_service.demo.listings import listing
from sentiment_service.demo.refusals import json_response, refusal
from sentiment_service.demo.render import comment_data, post_data, score_at
from sentiment_service.demo.things import Comment, Post
from sentiment_service.demo.world import World

MAX_DEPTH = 10
MAX_MORE = 100
MORECHILDREN_S = 0.02
"""Seconds a call for more comments takes at least; a second one within that time is refused."""


class Threads:
    """Answers threads from a world.

    :param limit: comments shown at once at most, whatever is asked for.
    """

    def __init__(self, world: World, *, limit: int) -> None:
        self._world = world
        self._limit = limit
        self._more_running = False

    def routes(self) -> list[web.RouteDef]:
        """What this answers."""
        routes = [
            web.get(f"{start}/comments/{{id:[a-z0-9]+}}{end}", self.thread)
            for start in ("", "/r/{name}")
            for end in ("{end:/?}", "/{slug}{end:/?}", "/{slug}/{comment:[a-z0-9]+}{end:/?}")
        ]
        return [
            *routes,
            web.get(r"/api/morechildren{end:/?}", self.more_children),
            web.post(r"/api/morechildren{end:/?}", self.more_children),
        ]

    async def thread(self, request: web.Request) -> web.Response:
        """A post and the tree of its comments, or of one comment and what is below it."""
        at = self._world.now
        post = self._world.post(request.match_info["id"])
        if post is None or post.vanished(at):
            return refusal(404)
        if not readable(post.community):
            return refusal(403, reason=post.community.access)
        tree = Tree(self._world, post, at)
        root = request.match_info.get("comment") or request.query.get("comment") or None
        roots = tree.below(None) if root is None else tree.named([root])
        wanted = request.query.get("limit", "")
        limit = min(self._limit, max(1, int(wanted))) if wanted.isdecimal() else self._limit
        comments = tree.listing(roots, tree.best(roots, limit), None)
        return json_response([listing([{"kind": "t3", "data": post_data(self._world, post, at)}]), comments])

    async def more_children(self, request: web.Request) -> web.Response:
        """Comments that a ``more`` stub stands for, as a flat list; refused while another such call runs."""
        if self._more_running:
            return refusal(429)
        self._more_running = True
        try:
            await asyncio.sleep(MORECHILDREN_S)
            asked = {**request.query, **(await request.post())} if request.method == "POST" else request.query
            return self._children(str(asked.get("link_id", "")), str(asked.get("children", "")))
        finally:
            self._more_running = False

    def _children(self, link_id: str, children: str) -> web.Response:
        at = self._world.now
        post = self._world.post(link_id.removeprefix("t3_"))
        if post is None or not readable(post.community):
            return refusal(403)
        tree = Tree(self._world, post, at)
        roots = tree.named([name for name in children.split(",") if name])
        return json_response({"json": {"errors": [], "data": {"things": tree.flat(roots, MAX_MORE)}}})


class Tree:
    """The visible comments of one post at one moment."""

    def __init__(self, world: World, post: Post, at: float) -> None:
        self._world = world
        self._post = post
        self._at = at
        self._below: dict[str | None, list[Comment]] = defaultdict(list)
        self._sizes: dict[str, int] = {}
        for comment in reversed(
            post.comments
        ):  # answers come after what they answer: sizes add up bottom to top
            if comment.created <= at and (comment.listed(at) or self._sizes.get(comment.id)):
                self._take(comment)
        self._named = {comment.id: comment for siblings in self._below.values() for comment in siblings}

    def below(self, parent: Comment | None) -> list[Comment]:
        """Direct answers to a comment, or to the post, best first."""
        return sorted(self._below[parent.id if parent else None], key=self._rank)

    def named(self, ids: Sequence[str]) -> list[Comment]:
        """Comments by id; unknown ones are left out."""
        return [self._named[name] for name in ids if name in self._named]

    def best(self, roots: Sequence[Comment], limit: int) -> set[str]:
        """Ids of the comments with the highest scores whose parents are shown too."""
        heap = [(self._rank(comment), comment) for comment in roots]
        heap.sort(key=lambda entry: entry[0])
        shown: set[str] = set()
        while heap and len(shown) < limit:
            _, comment = heappop(heap)
            shown.add(comment.id)
            for answer in self._below[comment.id]:
                heappush(heap, (self._rank(answer), answer))
        return shown

    def listing(
        self, siblings: Sequence[Comment], shown: set[str], parent: Comment | None, depth: int = 0
    ) -> dict[str, Any]:
        """Siblings with everything shown below them; the others behind one stub."""
        children: list[dict[str, Any]] = [
            {"kind": "t1", "data": self._data(comment, self._replies(comment, shown, depth + 1))}
            for comment in siblings
            if comment.id in shown
        ]
        hidden = [comment for comment in siblings if comment.id not in shown]
        if hidden:
            children.append(self._more(hidden, depth))
        return listing(children)

    def flat(self, roots: Sequence[Comment], limit: int) -> list[dict[str, Any]]:
        """Comments and their answers, parents first, without nesting; what is over the limit behind stubs."""
        shown = self.best(roots, limit)
        things: list[dict[str, Any]] = []
        waiting: list[tuple[Sequence[Comment], int]] = [(roots, 0)]
        while waiting:
            siblings, depth = waiting.pop(0)
            visible = [comment for comment in siblings if comment.id in shown]
            hidden = [comment for comment in siblings if comment.id not in shown]
            things += [{"kind": "t1", "data": self._data(comment, "")} for comment in visible]
            by_parent: dict[str, list[Comment]] = defaultdict(list)
            for comment in hidden:
                by_parent[comment.parent_id].append(comment)
            things += [self._more(comments, depth) for comments in by_parent.values()]
            waiting += [(self.below(comment), depth + 1) for comment in visible if self._below[comment.id]]
        return things

    def _replies(self, comment: Comment, shown: set[str], depth: int) -> object:
        answers = self.below(comment)
        if not answers:
            return ""
        if depth >= MAX_DEPTH:
            return listing([_continued(comment, depth)])
        return self.listing(answers, shown, comment, depth)

    def _more(self, hidden: Sequence[Comment], depth: int) -> dict[str, Any]:
        first = hidden[0]
        return {
            "kind": "more",
            "data": {
                "count": sum(1 + self._sizes.get(comment.id, 0) for comment in hidden),
                "name": first.fullname,
                "id": first.id,
                "parent_id": first.parent_id,
                "depth": depth,
                "children": [comment.id for comment in hidden],
            },
        }

    def _data(self, comment: Comment, replies: object) -> dict[str, Any]:
        return comment_data(self._world, comment, self._at, replies=replies)

    def _take(self, comment: Comment) -> None:
        parent = comment.parent.id if comment.parent is not None else None
        self._below[parent].append(comment)
        if parent is not None:
            self._sizes[parent] = self._sizes.get(parent, 0) + 1 + self._sizes.get(comment.id, 0)

    def _rank(self, comment: Comment) -> tuple[int, float, str]:
        return (
            -score_at(self._world.words(comment).score, self._at - comment.created),
            comment.created,
            comment.id,
        )


def _continued(comment: Comment, depth: int) -> dict[str, Any]:
    return {
        "kind": "more",
        "data": {
            "count": 0,
            "name": "t1__",
            "id": "_",
            "parent_id": comment.fullname,
            "depth": depth,
            "children": [],
        },
    }
