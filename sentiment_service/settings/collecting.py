"""What is collected, from where, and when."""

from pydantic import Field, SecretStr

from sentiment_service.setting_values import Address, Cron, RisingHours, Subreddit
from sentiment_service.settings.section import Section

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
    give_way_seconds: float = Field(
        120.0,
        ge=0,
        le=3600,
        description="seconds from its start in which a collection or refresh rests while requests come in",
    )
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
