"""Things as Reddit's API sends them.

The fields are those of real answers; the ones nobody reads are constants.
"""

import re
from collections.abc import Mapping
from html import escape
from math import exp
from typing import Any

from sentiment_service.demo.dice import Dice
from sentiment_service.demo.things import Comment, Community, Ending, Post, Words
from sentiment_service.demo.world import World

SCORE_HOURS = 6.0
"""Hours after which a thing has 63 % of its final score: score = 1 + (final - 1) · (1 - e^(-age / 6 h))."""

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")

SITE = "https://www.reddit.com"

_BLANKS = {
    Ending.DELETED: "[deleted]",
    Ending.REMOVED: "[removed]",
    Ending.REMOVED_BY_REDDIT: "[ Removed by Reddit ]",
}

_SHARED: dict[str, Any] = {
    "all_awardings": [],
    "approved_at_utc": None,
    "approved_by": None,
    "archived": False,
    "author_flair_css_class": None,
    "author_flair_text": None,
    "author_is_blocked": False,
    "author_premium": False,
    "awarders": [],
    "banned_at_utc": None,
    "banned_by": None,
    "can_gild": False,
    "can_mod_post": False,
    "distinguished": None,
    "downs": 0,
    "gilded": 0,
    "likes": None,
    "locked": False,
    "mod_note": None,
    "mod_reason_by": None,
    "mod_reports": [],
    "num_reports": None,
    "removal_reason": None,
    "saved": False,
    "send_replies": True,
    "stickied": False,
    "total_awards_received": 0,
    "treatment_tags": [],
    "user_reports": [],
}

_POST: dict[str, Any] = {
    **_SHARED,
    "category": None,
    "clicked": False,
    "contest_mode": False,
    "discussion_type": None,
    "hidden": False,
    "hide_score": False,
    "is_crosspostable": True,
    "is_meta": False,
    "is_original_content": False,
    "is_reddit_media_domain": False,
    "is_robot_indexable": True,
    "is_video": False,
    "media": None,
    "media_embed": {},
    "num_crossposts": 0,
    "over_18": False,
    "pinned": False,
    "quarantine": False,
    "removed_by_category": None,
    "spoiler": False,
    "subreddit_type": "public",
    "suggested_sort": None,
    "thumbnail": "self",
    "view_count": None,
    "visited": False,
}

_COMMENT: dict[str, Any] = {
    **_SHARED,
    "associated_award": None,
    "collapsed": False,
    "collapsed_reason": None,
    "controversiality": 0,
    "score_hidden": False,
    "subreddit_type": "public",
}


def thing_data(world: World, thing: Post | Comment, at: float) -> dict[str, Any]:
    """A thing with its kind: ``{"kind": "t3", "data": {…}}``."""
    if isinstance(thing, Post):
        return {"kind": "t3", "data": post_data(world, thing, at)}
    return {"kind": "t1", "data": comment_data(world, thing, at)}


def post_data(world: World, post: Post, at: float) -> dict[str, Any]:
    """The data of a post as it is at a moment (Unix seconds)."""
    if post.raw is not None:
        return _recorded(post, post.raw, at)
    words = world.words(post)
    permalink = permalink_of(world, post)
    score = score_at(words.score, at - post.created)
    ending = post.ending(at)
    text = _BLANKS.get(ending, "") if ending in _BLANKS else world.text(post, at)
    title = _BLANKS[ending] if ending is Ending.REMOVED_BY_REDDIT else words.title
    return {
        **_POST,
        **_place(post.community),
        **_person(words, ending),
        "created": post.created,
        "created_utc": post.created,
        "domain": f"self.{post.community.name}" if words.link is None else words.link.split("/")[2],
        "edited": _edited(post, at),
        "id": post.id,
        "is_self": words.link is None,
        "link_flair_text": words.flair,
        "name": post.fullname,
        "num_comments": post.comment_count(at),
        "permalink": permalink,
        "removed_by_category": {Ending.REMOVED: "moderator", Ending.DELETED: "deleted"}.get(ending)
        if ending
        else None,
        "score": score,
        "selftext": text,
        "selftext_html": html_of(text) if text else None,
        "subreddit_subscribers": post.community.subscribers,
        "title": title,
        "ups": score,
        "upvote_ratio": round(0.55 + 0.44 * Dice(post.key, 7).unit(), 2),
        "url": words.link or f"{SITE}{permalink}",
    }


def comment_data(world: World, comment: Comment, at: float, *, replies: object = "") -> dict[str, Any]:
    """The data of a comment as it is at a moment; ``replies`` is a listing, or ``""`` when there are none."""
    if comment.raw is not None:
        return {**_recorded(comment, comment.raw, at), "replies": replies}
    words = world.words(comment)
    score = score_at(words.score, at - comment.created)
    ending = comment.ending(at)
    text = _BLANKS[ending] if ending in _BLANKS else world.text(comment, at)
    return {
        **_COMMENT,
        **_place(comment.community),
        **_person(words, ending),
        **_context(world, comment, at),
        "body": text,
        "body_html": html_of(text),
        "created": comment.created,
        "created_utc": comment.created,
        "depth": comment.depth,
        "edited": _edited(comment, at),
        "id": comment.id,
        "is_submitter": comment.post is not None and words.author == world.words(comment.post).author,
        "name": comment.fullname,
        "parent_id": comment.parent_id,
        "replies": replies,
        "score": score,
        "ups": score,
    }


def community_data(community: Community) -> dict[str, Any]:
    """What ``/r/NAME/about`` says of a subreddit."""
    return {
        "kind": "t5",
        "data": {
            "active_user_count": community.subscribers // 500,
            "created_utc": 1577836800.0,
            "description": f"All about {community.name}.",
            "display_name": community.name,
            "display_name_prefixed": f"r/{community.name}",
            "id": _community_id(community),
            "name": f"t5_{_community_id(community)}",
            "over18": False,
            "public_description": f"All about {community.name}.",
            "quarantine": community.access == "quarantined",
            "subreddit_type": "private" if community.access == "private" else "public",
            "subscribers": community.subscribers,
            "title": community.name,
            "url": f"/r/{community.name}/",
        },
    }


def permalink_of(world: World, post: Post) -> str:
    """The path of a post on the site."""
    slug = _NOT_IN_SLUG.sub("_", world.words(post).title.lower())[:50].strip("_") or "_"
    return f"/r/{post.community.name}/comments/{post.id}/{slug}/"


def score_at(final: int, age_s: float) -> int:
    """The score of a thing at an age; it starts at 1 and settles at its final score."""
    return round(1 + (final - 1) * (1 - exp(-max(0.0, age_s) / (SCORE_HOURS * 3600))))


def html_of(text: str) -> str:
    """A text as the HTML that goes with it: escaped, in paragraphs."""
    paragraphs = "</p>\n\n<p>".join(escape(text).split("\n\n"))
    return f'<!-- SC_OFF --><div class="md"><p>{paragraphs}</p>\n</div><!-- SC_ON -->'


def _recorded(thing: Post | Comment, raw: Mapping[str, Any], at: float) -> dict[str, Any]:
    data = dict(raw)
    field = "selftext" if isinstance(thing, Post) else "body"
    if thing.edit is not None and thing.edit.at <= at:
        data |= {field: thing.edit.text, "edited": thing.edit.at}
    ending = thing.ending(at)
    if ending is not None:
        data["author"] = "[deleted]"
        if ending in _BLANKS:
            data[field] = _BLANKS[ending]
    return data


def _place(community: Community) -> dict[str, Any]:
    return {
        "subreddit": community.name,
        "subreddit_id": f"t5_{_community_id(community)}",
        "subreddit_name_prefixed": f"r/{community.name}",
    }


def _community_id(community: Community) -> str:
    return f"2{sum(map(ord, community.name.lower())):04d}"


def _person(words: Words, ending: Ending | None) -> dict[str, Any]:
    if words.author is None or ending is not None:
        return {"author": "[deleted]"}
    return {"author": words.author, "author_fullname": f"t2_{words.author.lower()}"}


def _context(world: World, comment: Comment, at: float) -> dict[str, Any]:
    post = comment.post
    if post is None:
        return {"permalink": f"/r/{comment.community.name}/comments/0/_/{comment.id}/"}
    above = permalink_of(world, post)
    words = world.words(post)
    return {
        "link_author": words.author or "[deleted]",
        "link_id": post.fullname,
        "link_permalink": f"{SITE}{above}",
        "link_title": words.title,
        "link_url": words.link or f"{SITE}{above}",
        "num_comments": post.comment_count(at),
        "permalink": f"{above}{comment.id}/",
    }


def _edited(thing: Post | Comment, at: float) -> float | bool:
    return thing.edit.at if thing.edit is not None and thing.edit.at <= at else False
