"""Values that settings take, each with what is told when it is something else."""

import ipaddress
import re
from typing import Annotated

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field, SecretStr

from sentiment_service.models import utc_now
from sentiment_service.tool_seeds import ToolSeed, distinct


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
