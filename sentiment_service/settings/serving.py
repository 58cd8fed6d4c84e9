"""Who is served, who may administer, and what is logged."""

from typing import Literal

from pydantic import Field, SecretStr

from sentiment_service.setting_values import Network, Origin
from sentiment_service.settings.section import Section

MIN_TOKEN_LENGTH = 16


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
