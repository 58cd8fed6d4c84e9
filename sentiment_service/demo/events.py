"""What happened in the generated world: the planted events, in one table.

Each event lifts how much is said about one tool, and shifts how it is said, for a stretch of time counted
back from the moment the history ends. What reads the collected data can be checked against this table.

| event | tool | from | to | mood | in |
|---|---|---|---|---|---|
| price rise | Cursor | 9 days ago | 6 hours ago | negative | Cursor, vibecoding, ChatGPTCoding |
| outage | Windsurf | 4 days ago | 2.5 days ago | negative | windsurf, vibecoding |
| release | Claude Code | 6 days ago | 1 day ago | positive | ClaudeAI, ChatGPTCoding, vibecoding |
| free tier doubled | Gemini | 14 days ago | 11 days ago | positive | Bard, artificial |
| tighter limits | GitHub Copilot | 20 days ago | 17 days ago | negative | GithubCopilot, programming |
| agent launch | Kiro | 2 days ago | now | positive | kiroIDE, aws |
"""

from dataclasses import dataclass

from sentiment_service.models import Label

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Event:
    """Something that many people wrote about."""

    name: str
    tool: str
    """Name of the tool as in :mod:`sentiment_service.demo.tools`."""
    begins_days: float
    """Days before the end of the history at which it begins."""
    ends_days: float
    """Days before the end of the history at which it is over; 0: it still goes on."""
    label: Label
    """How most people feel about it."""
    communities: tuple[str, ...]
    """Where it is talked about, the tool's home first."""
    share: float
    """Part of the posts written there meanwhile that are about it."""
    crowd: float
    """How many times as much as usual is written at its home when it begins."""
    headline: str
    """Title of the post in which everybody meets."""

    def holds(self, age_s: float) -> bool:
        """Whether it goes on at an age: seconds before the end of the history, negative later on."""
        ended = self.ends_days * DAY_S if self.ends_days else -DAY_S
        return ended <= age_s <= self.begins_days * DAY_S


EVENTS: tuple[Event, ...] = (
    Event(
        name="price rise",
        tool="Cursor",
        begins_days=9,
        ends_days=0.25,
        label=Label.NEGATIVE,
        communities=("Cursor", "vibecoding", "ChatGPTCoding"),
        share=0.7,
        crowd=2.2,
        headline="Megathread: the new Cursor pricing, what changes for Pro and what you think of it",
    ),
    Event(
        name="outage",
        tool="Windsurf",
        begins_days=4,
        ends_days=2.5,
        label=Label.NEGATIVE,
        communities=("windsurf", "vibecoding"),
        share=0.75,
        crowd=2.5,
        headline="Is Windsurf down for everyone? Outage thread",
    ),
    Event(
        name="release",
        tool="Claude Code",
        begins_days=6,
        ends_days=1,
        label=Label.POSITIVE,
        communities=("ClaudeAI", "ChatGPTCoding", "vibecoding"),
        share=0.55,
        crowd=1.8,
        headline="The new Claude Code release is out, share your first impressions",
    ),
    Event(
        name="free tier doubled",
        tool="Gemini",
        begins_days=14,
        ends_days=11,
        label=Label.POSITIVE,
        communities=("Bard", "artificial"),
        share=0.5,
        crowd=1.5,
        headline="Google doubled the free Gemini limits, discussion",
    ),
    Event(
        name="tighter limits",
        tool="GitHub Copilot",
        begins_days=20,
        ends_days=17,
        label=Label.NEGATIVE,
        communities=("GithubCopilot", "programming"),
        share=0.6,
        crowd=1.7,
        headline="Copilot premium requests are now limited, complaints go here",
    ),
    Event(
        name="agent launch",
        tool="Kiro",
        begins_days=2,
        ends_days=0,
        label=Label.POSITIVE,
        communities=("kiroIDE", "aws"),
        share=0.5,
        crowd=1.6,
        headline="Kiro agents are generally available, what have you built?",
    ),
)


def events_at(community: str, age_s: float) -> list[Event]:
    """The events talked about in a community at an age before the end of the history."""
    return [event for event in EVENTS if community in event.communities and event.holds(age_s)]
