"""Settings: from defaults, ``config.toml`` and the environment, checked as a whole and frozen.

The environment overrides the file: ``SENTIMENT_<SECTION>__<KEY>``, for example
``SENTIMENT_SERVER__PORT=9000`` or ``SENTIMENT_REDDIT__SUBREDDITS=Cursor,ClaudeAI``.
Nothing else in the package reads the environment. A mistake is reported with the key, the value
and what was expected; all mistakes are reported at once.
"""

import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_origin

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from sentiment_service.errors import ConfigError
from sentiment_service.mention_defaults import (
    DEFAULT_ALONE,
    DEFAULT_CONTEXT_WORDS,
    DEFAULT_MISLEADING,
    DEFAULT_RELATED_SUBREDDITS,
    Evidence,
)
from sentiment_service.models import utc_now
from sentiment_service.tool_seeds import DEFAULT_SEEDS, ToolSeed, distinct
from sentiment_service.tools import LabelOf

ENVIRONMENT_PREFIX = "SENTIMENT_"
DEFAULT_FILE = Path("config.toml")
MASK = "********"
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


def _subreddit(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]{1,20}|u_[A-Za-z0-9_-]{3,20}|reddit\.com", name):
        raise ValueError("a subreddit's name: 2 to 21 letters, digits or underscores, not beginning with one")
    return name


def _cron(expression: str) -> str:
    expected = "a cron expression of five fields, such as '*/30 * * * *'"
    if len(expression.split()) != 5:
        raise ValueError(expected)
    try:
        CronSim(expression, utc_now())
    except CronSimError as error:
        raise ValueError(expected) from error
    return expression


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise ValueError("an http or https address without a name and a password in it")
    return value.rstrip("/")


def _rising(ages_hours: tuple[float, ...]) -> tuple[float, ...]:
    if any(age <= 0 for age in ages_hours) or list(ages_hours) != sorted(set(ages_hours)):
        raise ValueError("hours above 0, each more than the one before")
    return ages_hours


def _mongo_address(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("an address that begins with mongodb:// or mongodb+srv://")
    return value


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise ValueError("an address or a network, such as 10.0.0.0/8 or ::1") from None


def _origin(value: str) -> str:
    if not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?", value.lower()):
        raise ValueError("an origin, such as https://example.org, without a path; never *")
    return value.lower()


Subreddit = Annotated[str, AfterValidator(_subreddit)]
Network = Annotated[str, AfterValidator(_network)]
Origin = Annotated[str, AfterValidator(_origin)]
Cron = Annotated[str, AfterValidator(_cron)]
Address = Annotated[str, AfterValidator(_address)]
Share = Annotated[float, Field(ge=0, le=1)]
Seeds = Annotated[tuple[ToolSeed, ...], AfterValidator(distinct)]
RisingHours = Annotated[tuple[float, ...], AfterValidator(_rising)]
MongoAddress = Annotated[SecretStr, AfterValidator(_mongo_address)]


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


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings with where each value came from."""

    settings: Settings
    origins: Mapping[str, str]
    """By key (``server.port``): ``default``, the file's path, or the environment variable's name."""


def load_settings(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> LoadedSettings:
    """Read, merge and check the settings.

    :param path: the settings file; without it ``config.toml`` of the working directory, when there is one.
    :param environment: variables to read instead of the process's own.
    :param overrides: values by key (``server.port``) that win over everything, for command-line options.
    :raises ConfigError: with one line for each mistake.
    """
    raw: dict[str, dict[str, object]] = {}
    origins: dict[str, str] = {}
    problems: list[str] = []
    _merge_file(raw, origins, problems, path)
    _merge_environment(raw, origins, problems, os.environ if environment is None else environment)
    for key, value in (overrides or {}).items():
        _put(raw, origins, key, value, "command line")
    settings = _check(raw, origins, problems)
    return LoadedSettings(settings, {key: origins.get(key, "default") for key in keys()})


def keys() -> list[str]:
    """Every key there is, as ``section.name``."""
    return [f"{section}.{name}" for section, model in _sections().items() for name in model.model_fields]


def describe(loaded: LoadedSettings) -> list[tuple[str, str, str]]:
    """Every setting as ``(key, value in TOML's spelling, origin)``, secrets masked."""
    return [(key, _shown(key, _value(loaded.settings, key)), loaded.origins[key]) for key in keys()]


def _sections() -> dict[str, type[Section]]:
    return {name: cast("type[Section]", field.annotation) for name, field in Settings.model_fields.items()}


def _value(settings: Settings, key: str) -> object:
    section, name = key.split(".")
    return getattr(getattr(settings, section), name)


def _shown(key: str, value: object) -> str:
    if isinstance(value, SecretStr):
        return f'"{MASK}"' if value.get_secret_value() else '""'
    return f'"{MASK}"' if key in SECRETS else _toml(value)


def _toml(value: object) -> str:
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml_key(name)} = {_toml(each)}" for name, each in value.items()) + " }"
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return _plain(value)


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _plain(name)


def _put(
    raw: dict[str, dict[str, object]], origins: dict[str, str], key: str, value: object, origin: str
) -> None:
    section, name = key.split(".", 1)
    raw.setdefault(section, {})[name] = value
    origins[key] = origin


def _merge_file(
    raw: dict[str, dict[str, object]], origins: dict[str, str], problems: list[str], path: Path | None
) -> None:
    found = path or DEFAULT_FILE
    if path is None and not found.exists():
        return
    try:
        content = tomllib.loads(found.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{found}: cannot be read: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{found}: not TOML: {error}"]) from error
    for section, values in content.items():
        if section not in _sections():
            problems.append(f"{section}: unknown section; expected one of {', '.join(_sections())}")
        elif not isinstance(values, dict):
            problems.append(f"{section} = {_plain(values)}: expected a section [{section}]")
        else:
            for name, value in values.items():
                _put(raw, origins, f"{section}.{name}", value, str(found))


def _merge_environment(
    raw: dict[str, dict[str, object]],
    origins: dict[str, str],
    problems: list[str],
    environment: Mapping[str, str],
) -> None:
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        section, _, name = variable.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        model = _sections().get(section)
        if model is None or name not in model.model_fields:
            problems.append(f"{variable}: unknown setting; expected {ENVIRONMENT_PREFIX}<SECTION>__<KEY>")
            continue
        _put(
            raw, origins, f"{section}.{name}", _from_text(text, model.model_fields[name].annotation), variable
        )


def _from_text(text: str, annotation: object) -> object:
    """A variable's text as the setting's type: TOML's spelling, or bare words for texts and lists."""
    if annotation in (SecretStr, str, Path) or get_origin(annotation) is Literal:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return (
            [part.strip() for part in text.split(",") if part.strip()]
            if get_origin(annotation) is tuple
            else text
        )


def _check(raw: dict[str, dict[str, object]], origins: dict[str, str], problems: list[str]) -> Settings:
    sections: dict[str, Any] = {}
    for name, model in _sections().items():
        try:
            sections[name] = model.model_validate(_tuples(raw.get(name, {})))
        except ValidationError as error:
            problems.extend(_line(name, each, origins) for each in error.errors())
    # Sections with mistakes stand at their defaults here; what is said of combinations with them is left out.
    settings = Settings(**sections)
    problems.extend(line for names, line in _impossible(settings) if names <= sections.keys())
    if problems:
        raise ConfigError(problems)
    return settings


def _impossible(settings: Settings) -> list[tuple[set[str], str]]:
    """One line for each combination of values that cannot work, though each value alone could.

    With each line the sections it speaks of.
    """
    reddit, trending, days = settings.reddit, settings.trending, settings.storage.retention_days
    names = [name.lower() for name in reddit.subreddits]
    twice = sorted({name for name in names if names.count(name) > 1})
    rules = [
        (not names, "reddit.subreddits = []: expected at least one name"),
        (
            bool(twice),
            f"reddit.subreddits: expected each name once; {', '.join(twice)} is there more than once",
        ),
        (
            reddit.request_deadline_seconds < reddit.request_timeout_seconds,
            f"reddit.request_deadline_seconds = {reddit.request_deadline_seconds}: expected at least "
            f"reddit.request_timeout_seconds ({reddit.request_timeout_seconds})",
        ),
        (
            bool(reddit.client_id.get_secret_value()) != bool(reddit.client_secret.get_secret_value()),
            "reddit.client_id, reddit.client_secret: expected both or neither",
        ),
        (
            trending.window_hours + trending.baseline_days * 24 > days * 24,
            f"trending.baseline_days = {trending.baseline_days}: expected trending.window_hours and "
            f"trending.baseline_days to fit into storage.retention_days ({days})",
        ),
        (
            settings.llm.enabled and not settings.llm.model,
            'llm.model = "": expected the name of a model while llm.enabled is true',
        ),
        (
            0 < len(settings.admin.token.get_secret_value()) < MIN_TOKEN_LENGTH,
            f"admin.token = {MASK}: expected at least {MIN_TOKEN_LENGTH} characters, or none at all",
        ),
    ]
    return [
        (set(re.findall(r"\b(\w+)\.\w+", text)) & set(_sections()), text) for wrong, text in rules if wrong
    ]


def _tuples(value: object) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(each) for each in value)
    if isinstance(value, dict):
        return {name: _tuples(each) for name, each in value.items()}
    return value


def _line(section: str, error: ErrorDetails, origins: Mapping[str, str]) -> str:
    """One mistake as ``key = value: expected …``, with where the value came from."""
    where = [str(part) for part in error["loc"]]
    if not where:
        return _message(error)
    key = f"{section}.{where[0]}"
    origin = f" ({origins[key]})" if key in origins else ""
    if error["type"] == "extra_forbidden" and len(where) == 1:
        known = ", ".join(_sections()[section].model_fields)
        return f"{key}: unknown key{origin}; [{section}] knows {known}"
    item = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in where[1:])
    if error["type"] in ("extra_forbidden", "missing"):
        return f"{key}{item}: {'missing' if error['type'] == 'missing' else 'unknown key'}{origin}"
    shown = MASK if key in SECRETS else _cut(_plain(error["input"]))
    return f"{key}{item} = {shown}: expected {_message(error)}{origin}"


def _message(error: ErrorDetails) -> str:
    text = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return text[0].lower() + text[1:]


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def _plain(value: object) -> str:
    # Whoever put a name and a password into an address did not mean them to be printed.
    return re.sub(r"(//)[^\s/]+@", rf"\1{MASK}@", json.dumps(value, default=str, ensure_ascii=False))
