"""Who may be listed: names joined with ``+`` become communities, or a refusal.

Alone, a private subreddit is refused with 403, a banned one with 404, an unknown one with a redirect.
Among others all of them are silently left out, unless only one name is left: that is then treated as if
it had been asked for alone. These are the rules of Reddit's published source.
"""

from urllib.parse import quote

from aiohttp import web

from sentiment_service.demo.refusals import refusal, unknown_subreddit
from sentiment_service.demo.things import Community
from sentiment_service.demo.world import World

EVERYTHING = "all"


def admitted(world: World, names: str) -> list[Community] | web.Response:
    """The communities whose content a listing of these names shows, or Reddit's refusal."""
    if names.lower() == EVERYTHING:
        return [community for community in world.communities.values() if community.access == "open"]
    asked = list(dict.fromkeys(name for name in names.lower().split("+") if name))
    if len(asked) == 1:
        return alone(world, asked[0])
    known = [community for name in asked if (community := world.community(name)) is not None]
    alive = [community for community in known if community.access != "banned"]
    if not alive:
        return refusal(404)
    if len(alive) == 1:
        return alone(world, alive[0].name)
    return [community for community in alive if community.access == "open"]


def alone(world: World, name: str) -> list[Community] | web.Response:
    """One community that was asked for by itself, in a list, or Reddit's refusal."""
    community = world.community(name)
    if community is None:
        return unknown_subreddit(quote(name))
    if community.access == "banned":
        return refusal(404, reason="banned")
    if community.access in ("private", "quarantined"):
        return refusal(403, reason=community.access)
    return [community]


def readable(community: Community) -> bool:
    """Whether a thing of this community can be looked up."""
    return community.access == "open"
