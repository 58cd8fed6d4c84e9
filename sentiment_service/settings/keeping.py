"""Where what was collected is kept, and for how long."""

from pathlib import Path

from pydantic import Field, SecretStr

from sentiment_service.setting_values import MongoAddress
from sentiment_service.settings.section import Section


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
