"""``/r/A+B/new``, ``/r/A+B/comments``, ``/r/X/about`` and ``/api/info``.

A page is at most 100 things, a listing at most about a thousand. An anchor that is not in the listing any
more, because it was deleted or is too old, gives an empty page, as on Reddit.
"""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sentiment_service.demo.access import admitted, alone, readable
from sentiment_service.demo.refusals import json_response
from sentiment_service.demo.render import community_data, thing_data
from sentiment_service.demo.things import Comment, ListingName, Post
from sentiment_service.demo.world import World

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
MAX_IDS = 100


class Listings:
    """Answers listings from a world.

    :param depth: things after which a listing ends.
    """

    def __init__(self, world: World, *, depth: int) -> None:
        self._world = world
        self._depth = depth

    def routes(self) -> list[web.RouteDef]:
        """What this answers."""
        return [
            web.get(r"/r/{names}/new{end:/?}", self.new),
            web.get(r"/r/{names}/comments{end:/?}", self.comments),
            web.get(r"/r/{name}/about{end:/?}", self.about),
            web.get(r"/api/info{end:/?}", self.info),
        ]

    async def new(self, request: web.Request) -> web.Response:
        """Posts, newest first."""
        return self._listing(request, "new")

    async def comments(self, request: web.Request) -> web.Response:
        """Comments, newest first."""
        return self._listing(request, "comments")

    async def about(self, request: web.Request) -> web.Response:
        """One subreddit."""
        found = alone(self._world, request.match_info["name"])
        return found if isinstance(found, web.Response) else json_response(community_data(found[0]))

    async def info(self, request: web.Request) -> web.Response:
        """Things by fullname; the ones that cannot be found are left out."""
        at = self._world.now
        asked = [name for name in request.query.get("id", "").split(",") if name][:MAX_IDS]
        things = [thing for name in asked if (thing := self._world.thing(name)) is not None]
        shown = [thing for thing in things if _can_be_looked_up(thing, at)]
        return json_response(listing([thing_data(self._world, thing, at) for thing in shown]))

    def _listing(self, request: web.Request, name: ListingName) -> web.Response:
        communities = admitted(self._world, request.match_info["names"])
        if isinstance(communities, web.Response):
            return communities
        things = self._world.newest(communities, name, self._depth) if communities else []
        limit = limit_of(request)
        page, older = _page(things, limit, request.query.get("after"), request.query.get("before"))
        at = self._world.now
        return json_response(
            listing(
                [thing_data(self._world, thing, at) for thing in page],
                after=page[-1].fullname if page and older else None,
                before=page[0].fullname if page and _count(request) else None,
            )
        )


def listing(
    children: Sequence[object], *, after: str | None = None, before: str | None = None
) -> dict[str, Any]:
    """Things in Reddit's envelope."""
    return {
        "kind": "Listing",
        "data": {
            "after": after,
            "before": before,
            "dist": len(children),
            "geo_filter": "",
            "modhash": None,
            "children": children,
        },
    }


def limit_of(request: web.Request) -> int:
    """The ``limit`` asked for, from 1 to 100; 25 when it is absent or no number."""
    wanted = request.query.get("limit", "")
    return min(MAX_LIMIT, max(1, int(wanted))) if wanted.isdecimal() else DEFAULT_LIMIT


def _page(
    things: Sequence[Post | Comment], limit: int, after: str | None, before: str | None
) -> tuple[Sequence[Post | Comment], bool]:
    """One page, and whether there are older things behind it."""
    anchor = after or before
    if not anchor:
        return things[:limit], len(things) > limit
    place = next((place for place, thing in enumerate(things) if thing.fullname == anchor), None)
    if place is None:
        return (), False
    start, end = (place + 1, place + 1 + limit) if after else (max(0, place - limit), place)
    return things[start:end], end < len(things)


def _count(request: web.Request) -> int:
    count = request.query.get("count", "")
    return int(count) if count.isdecimal() else 0


def _can_be_looked_up(thing: Post | Comment, at: float) -> bool:
    return readable(thing.community) and thing.created <= at and not thing.vanished(at)
