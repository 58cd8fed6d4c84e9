"""Everything that can be set: sections, keys, their defaults, and what values they take."""

from sentiment_service.settings.analysing import (
    DEFAULT_THEMES,
    LlmSettings,
    ReanalysisSettings,
    ScoringSettings,
    ToolsSettings,
    TrendingSettings,
)
from sentiment_service.settings.collecting import DEFAULT_SUBREDDITS, RedditSettings, ScheduleSettings
from sentiment_service.settings.keeping import MongoSettings, StorageSettings
from sentiment_service.settings.section import Section
from sentiment_service.settings.serving import (
    MIN_TOKEN_LENGTH,
    AdminSettings,
    LoggingSettings,
    ServerSettings,
)

__all__ = [
    "DEFAULT_SUBREDDITS",
    "DEFAULT_THEMES",
    "MIN_TOKEN_LENGTH",
    "SECRETS",
    "AdminSettings",
    "LlmSettings",
    "LoggingSettings",
    "MongoSettings",
    "ReanalysisSettings",
    "RedditSettings",
    "ScheduleSettings",
    "ScoringSettings",
    "Section",
    "ServerSettings",
    "Settings",
    "StorageSettings",
    "ToolsSettings",
    "TrendingSettings",
]


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
