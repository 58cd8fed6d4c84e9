"""Ranges of positions: creation time and fullname in one string that sorts like the pair."""

from datetime import datetime

from sentiment_service.models import position_of


def lower_bound(moment: datetime) -> str:
    """The position that nothing of this second or later is below."""
    return position_of(moment, "").removesuffix("|")


def moment_of(position: str) -> datetime:
    """The second a position is in."""
    return datetime.fromisoformat(position.partition("|")[0])
