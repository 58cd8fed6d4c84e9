"""How texts are scored, searched for tools, and grouped into topics."""

from typing import Literal

from pydantic import Field, SecretStr

from sentiment_service.mention_defaults import (
    DEFAULT_ALONE,
    DEFAULT_CONTEXT_WORDS,
    DEFAULT_MISLEADING,
    DEFAULT_RELATED_SUBREDDITS,
    Evidence,
)
from sentiment_service.setting_values import Address, Seeds, Share
from sentiment_service.settings.section import Section
from sentiment_service.tool_seeds import DEFAULT_SEEDS
from sentiment_service.tools import LabelOf

DEFAULT_THEMES: dict[str, tuple[str, ...]] = {
    "pricing": ("price", "pricing", "subscription", "refund", "billing", "expensive", "cost", "credits"),
    "limits": ("rate limit", "usage limit", "limits", "quota", "throttled"),
    "outages": ("down", "outage", "not working", "broken", "error", "unavailable"),
    "releases": ("release", "released", "launch", "update", "new version", "changelog", "announced"),
    "quality": ("worse", "better", "dumb", "lazy", "hallucinating", "hallucination", "quality"),
    "agents": ("agent", "agents", "agentic", "mcp", "workflow", "autonomous"),
    "security": ("security", "vulnerability", "leak", "privacy", "injection"),
    "careers": ("job", "jobs", "interview", "hiring", "layoff", "layoffs", "career"),
}


class ScoringSettings(Section):
    """From text to numbers."""

    scorer: Literal["reddit", "textblob"] = Field("reddit", description="which scorer: reddit, textblob")
    positive_from: float = Field(0.1, gt=0, le=1, description="polarity from which a text is positive")
    negative_from: float = Field(
        -0.1, ge=-1, lt=0, description="polarity from which, downwards, a text is negative"
    )
    batch_size: int = Field(200, ge=1, le=1000, description="texts handed to the worker at once")
    worker_timeout_seconds: float = Field(
        30.0, gt=0, le=600, description="seconds a batch may take before the worker is restarted"
    )
    niceness: int = Field(10, ge=0, le=19, description="how much the worker yields to the API; 0 not at all")

    @property
    def label_of(self) -> LabelOf:
        """The label of a polarity."""
        return LabelOf(self.positive_from, self.negative_from)


class LlmSettings(Section):
    """A language model that scores where the scorer is unsure; off unless enabled, for texts leave for it."""

    enabled: bool = Field(False, description="whether a language model is asked; it is sent the texts")
    base_url: Address = Field(
        "http://127.0.0.1:8080/v1",
        description="address of an OpenAI-compatible API, without /chat/completions",
    )
    model: str = Field("", pattern=r"^[A-Za-z0-9._:/@+-]{0,100}$", description="name of the model")
    api_key: SecretStr = Field(SecretStr(""), description="key of that API; secret; empty sends none")
    mode: Literal["low_confidence", "all"] = Field(
        "low_confidence", description="low_confidence asks only where the scorer is unsure, all always"
    )
    confidence_below: float = Field(
        0.5, gt=0, le=1, description="confidence of the scorer below which it counts as unsure"
    )
    texts_per_day: int = Field(
        2000, ge=0, le=10_000_000, description="texts sent in a UTC day at most, counted in each process"
    )
    timeout_seconds: float = Field(
        30.0, gt=0, le=600, description="seconds that texts scored together wait for the model at most"
    )
    batch_size: int = Field(10, ge=1, le=50, description="texts in one request")
    max_characters: int = Field(2000, ge=100, le=4000, description="characters of a text that are sent")
    max_concurrent_requests: int = Field(2, ge=1, le=20, description="requests under way at once")


class TrendingSettings(Section):
    """What counts as trending."""

    window_hours: int = Field(24, ge=1, le=168, description="hours in which a post can trend")
    baseline_days: int = Field(
        7, ge=1, le=30, description="days before the window that phrases are compared with"
    )
    half_life_hours: float = Field(
        6.0, gt=0, le=168, description="hours after which the recency boost halves"
    )
    min_posts: int = Field(3, ge=1, le=100, description="posts a topic needs at least")
    max_topics: int = Field(100, ge=1, le=500, description="topics kept at most")
    themes: dict[str, tuple[str, ...]] = Field(
        default_factory=lambda: dict(DEFAULT_THEMES),
        description="words that make a theme, by the theme's name",
    )


class ToolsSettings(Section):
    """Which tools are tracked from the start, and how texts are searched for them."""

    seeds: Seeds = Field(DEFAULT_SEEDS, description="tools that a new database begins with")
    context_words: tuple[str, ...] = Field(
        DEFAULT_CONTEXT_WORDS, description="words near an ambiguous name that say that a tool is meant"
    )
    context_distance: int = Field(12, ge=1, le=100, description="words on either side that count as near")
    evidence: Evidence = Field(
        Evidence(), description="how much each sign says that an ambiguous name means the tool"
    )
    alone: dict[str, Share] = Field(
        default_factory=lambda: dict(DEFAULT_ALONE),
        description="what an ambiguous name says by itself, by that name, instead of evidence.alone",
    )
    related_subreddits: tuple[str, ...] = Field(
        DEFAULT_RELATED_SUBREDDITS, description="subreddits in which tools are talked about"
    )
    misleading: dict[str, tuple[str, ...]] = Field(
        default_factory=lambda: dict(DEFAULT_MISLEADING),
        description="words near a name, or phrases around it, that say that something else is meant",
    )
    pending_min_mentions: int = Field(
        50, ge=1, le=100_000, description="posts and comments from which an untracked name is proposed"
    )
    pending_days: int = Field(7, ge=1, le=90, description="days in which they are counted")


class ReanalysisSettings(Section):
    """How stored items are analysed again."""

    automatic: bool = Field(
        True, description="search stored texts when a tool is new, active again or gets other names"
    )
    batch_size: int = Field(200, ge=1, le=1000, description="items between two checkpoints")
    rest: float = Field(
        1.0, ge=0, le=20, description="rest after each batch, as a multiple of the time it took"
    )
