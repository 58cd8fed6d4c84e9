"""Everything that can be set: sections, keys, their defaults, and what values they take."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from sentiment_service.mention_defaults import (
    DEFAULT_ALONE,
    DEFAULT_CONTEXT_WORDS,
    DEFAULT_MISLEADING,
    DEFAULT_RELATED_SUBREDDITS,
    Evidence,
)
from sentiment_service.setting_values import (
    Address,
    Cron,
    MongoAddress,
    Network,
    Origin,
    RisingHours,
    Seeds,
    Share,
    Subreddit,
)
from sentiment_service.tool_seeds import DEFAULT_SEEDS
from sentiment_service.tools import LabelOf

MIN_TOKEN_LENGTH = 16

DEFAULT_SUBREDDITS = (
    "Cursor",
    "Bard",
    "GithubCopilot",
    "ClaudeAI",
    "windsurf",
    "ChatGPTCoding",
    "vibecoding",
    "aws",
    "programming",
    "MachineLearning",
    "artificial",
    "OpenAI",
    "kiroIDE",
    "JulesAgent",
)

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


class Section(BaseModel):
    """What all sections share: frozen, no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class RedditSettings(Section):
    """Where content comes from, and how gently it is asked for."""

    subreddits: tuple[Subreddit, ...] = Field(DEFAULT_SUBREDDITS, description="watched subreddits")
    client_id: SecretStr = Field(SecretStr(""), description="id of the Reddit app; secret")
    client_secret: SecretStr = Field(SecretStr(""), description="secret of the Reddit app; secret")
    username: str = Field(
        "unknown", pattern=r"^[A-Za-z0-9_-]{3,20}$", description="Reddit account named in the user agent"
    )
    oauth_url: Address = Field("https://oauth.reddit.com", description="address of the API")
    reddit_url: Address = Field("https://www.reddit.com", description="address that gives out tokens")
    first_run_items: int = Field(1000, ge=1, le=1000, description="items of each listing on the first run")
    overlap_minutes: int = Field(2, ge=0, le=1440, description="minutes read again before a watermark")
    group_size: int = Field(
        25, ge=1, le=50, description="subreddits read together in one listing; 1 reads each alone"
    )
    probes_per_cycle: int = Field(
        10, ge=0, le=100, description="silent members of a group that a collection reads alone at most"
    )
    thread_requests_per_cycle: int = Field(
        40, ge=0, le=1000, description="requests a cycle may spend on threads with missing comments"
    )
    thread_max_age_hours: int = Field(
        48, ge=1, le=2160, description="hours after which a thread is not opened any more"
    )
    refresh_ages_hours: RisingHours = Field(
        (1, 6, 24), description="ages in hours at which a stored item is read again"
    )
    refresh_every_hours: float = Field(
        48, gt=0, le=720, description="hours after which a stored item is read again at the latest, for good"
    )
    refresh_requests_per_run: int = Field(
        60, ge=1, le=1000, description="requests one refresh may spend; each reads 100 items again"
    )
    max_concurrent_requests: int = Field(4, ge=1, le=20, description="requests under way at once")
    request_timeout_seconds: float = Field(20.0, gt=0, le=300, description="seconds one attempt may take")
    request_deadline_seconds: float = Field(
        120.0, gt=0, le=3600, description="seconds a request may take with all its retries and waits"
    )
    reserve_requests: int = Field(
        50,
        ge=0,
        le=1000,
        description="requests left in the rate window below which calls are spread over its rest",
    )


class ScheduleSettings(Section):
    """When jobs run; cron expressions are in UTC."""

    collect: Cron = Field("*/30 * * * *", description="when to collect")
    collect_on_start_seconds: float = Field(
        5.0, ge=0, le=86400, description="seconds from start to the first collection"
    )
    collect_deadline_minutes: float = Field(25.0, gt=0, le=1440, description="minutes a collection may take")
    refresh: Cron = Field("*/15 * * * *", description="when to read stored items again that are due for it")
    lease_seconds: float = Field(
        45.0, ge=3, le=600, description="seconds after which another process takes over from one that died"
    )
    trending: Cron = Field(
        "5 * * * *", description="when to recompute trending topics, besides after each collection"
    )
    proposals: Cron = Field("20 * * * *", description="when to look for names that nobody tracks yet")
    retention: Cron = Field(
        "30 3 * * *", description="when to delete what is older than storage.retention_days"
    )


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


class MongoSettings(Section):
    """The database; without an address, the embedded one is started."""

    uri: MongoAddress = Field(
        SecretStr(""),
        description="address of MongoDB or Cosmos DB; secret; empty starts the embedded database",
    )
    database: str = Field(
        "sentiment_service", pattern=r"^[A-Za-z0-9_-]{1,38}$", description="name of the database"
    )
    timeout_seconds: float = Field(10.0, gt=0, le=120, description="seconds one operation may take")
    retry_deadline_seconds: float = Field(
        30.0, ge=0, le=600, description="seconds a write may take with all its retries and waits"
    )
    max_connections: int = Field(20, ge=1, le=500, description="connections to the database at most")


class StorageSettings(Section):
    """What is kept, where and how long."""

    data_dir: Path = Field(Path(".data"), strict=False, description="folder of the embedded database")
    retention_days: int = Field(90, ge=1, le=3650, description="days after which an item is deleted")
    retention_batch: int = Field(500, ge=1, le=5000, description="items deleted at once")
    raw_text_hours: int = Field(
        0,
        ge=0,
        le=87600,
        description="age in hours from which the retention job drops titles and texts; 0 keeps them",
    )
    embedded_niceness: int = Field(
        10, ge=0, le=19, description="how much the embedded database yields to the API; 0 not at all"
    )
    embedded_cache_mb: int = Field(
        64, ge=16, le=4096, description="memory for the embedded database's cache, in MB"
    )


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


class ServerSettings(Section):
    """Where the API listens."""

    role: Literal["all", "api", "collector"] = Field(
        "all", description="all collects and serves, api serves only, collector serves no data"
    )
    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    shutdown_seconds: float = Field(
        8.0, gt=0, le=300, description="seconds a shutdown may take to finish its work"
    )
    max_connections: int = Field(
        500, ge=1, le=100_000, description="connections at once; further ones get a 503 and are closed"
    )
    keep_alive_seconds: float = Field(
        75.0, gt=0, le=3600, description="seconds a connection may be without a complete request"
    )
    max_header_bytes: int = Field(
        8190, ge=1024, le=65536, description="bytes of an address with its query, and of each header"
    )
    score_per_minute: int = Field(
        60,
        ge=0,
        le=100_000,
        description="calls of /sentiment/score a minute from one address; 0 for no limit",
    )
    exports_per_minute: int = Field(
        6, ge=0, le=100_000, description="calls of /export a minute from one address; 0 for no limit"
    )
    max_exports: int = Field(
        4, ge=1, le=1000, description="exports at once, half of them from one address; others get a 429"
    )
    trusted_proxies: tuple[Network, ...] = Field(
        (), description="networks of proxies whose X-Forwarded-For tells a client's address"
    )
    cors_origins: tuple[Origin, ...] = Field(
        (), description="origins whose web pages may call the API from a browser"
    )


class AdminSettings(Section):
    """Who may change things."""

    token: SecretStr = Field(
        SecretStr(""), description="value of X-Admin-Token; secret; empty switches admin calls off"
    )
    max_failed_tries: int = Field(
        10, ge=1, le=1000, description="wrong tokens in five minutes from one address before it has to wait"
    )


class LoggingSettings(Section):
    """What is logged."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level that is logged"
    )
    format: Literal["text", "json"] = Field("text", description="text for people, json for machines")


class Settings(Section):
    """Everything that can be set."""

    reddit: RedditSettings = RedditSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    scoring: ScoringSettings = ScoringSettings()
    llm: LlmSettings = LlmSettings()
    trending: TrendingSettings = TrendingSettings()
    reanalysis: ReanalysisSettings = ReanalysisSettings()
    tools: ToolsSettings = ToolsSettings()
    mongodb: MongoSettings = MongoSettings()
    storage: StorageSettings = StorageSettings()
    server: ServerSettings = ServerSettings()
    admin: AdminSettings = AdminSettings()
    logging: LoggingSettings = LoggingSettings()


SECRETS = frozenset({"reddit.client_id", "reddit.client_secret", "mongodb.uri", "admin.token", "llm.api_key"})
