"""How fast a post gathers attention."""

from datetime import datetime, timedelta

from sentiment_service.models import Sighting, StoredPost

YOUNGEST_HOURS = 1.0
"""A post is taken to be at least this old, so that the first vote of a minute-old post is not 60 an hour."""

FRESH_HOURS = 3.0
"""A growth seen longer ago than this says nothing of the present."""

_HOUR = timedelta(hours=1)


def engagement_velocity(stored: StoredPost, now: datetime, *, half_life_hours: float) -> float:
    """Upvotes and comments an hour, times a boost for being recent; never negative.

    The rate is the growth between the two latest sightings where there are two and the later is fresh;
    counts lost meanwhile (votes taken back, comments deleted) are no growth. Otherwise it is what there was
    at the latest sighting, over the age of the post then, or over its age now when that was long ago. The
    boost is ``1 + 2 ** (-age / half_life)``: 2 for a post just written, 1.5 after one half life, nearing 1.

    :param half_life_hours: hours after which the part of the boost above 1 halves.
    """
    age_hours = max(0.0, (now - stored.post.created_at) / _HOUR)
    return float(_rate(stored, now) * (1.0 + 2.0 ** (-age_hours / half_life_hours)))


def _rate(stored: StoredPost, now: datetime) -> float:
    """Upvotes and comments an hour."""
    latest, before = stored.seen, stored.previous
    fresh = (now - latest.at) / _HOUR <= FRESH_HOURS
    if fresh and before is not None and latest.at > before.at:
        return max(0.0, (_engagement(latest) - _engagement(before)) / ((latest.at - before.at) / _HOUR))
    age_hours = max(YOUNGEST_HOURS, ((latest.at if fresh else now) - stored.post.created_at) / _HOUR)
    return _engagement(latest) / age_hours


def _engagement(sighting: Sighting) -> int:
    return max(0, sighting.upvotes) + max(0, sighting.comment_count)
