"""Settings: from defaults, ``config.toml`` and the environment, checked as a whole and frozen.

The environment overrides the file: ``SENTIMENT_<SECTION>__<KEY>``, for example
``SENTIMENT_SERVER__PORT=9000`` or ``SENTIMENT_REDDIT__SUBREDDITS=Cursor,ClaudeAI``.
Nothing else in the package reads the environment. A mistake is reported with the key, the value
and what was expected; all mistakes are reported at once.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from sentiment_service.errors import ConfigError
from sentiment_service.settings import MIN_TOKEN_LENGTH, SECRETS, Section, Settings

ENVIRONMENT_PREFIX = "SENTIMENT_"
DEFAULT_FILE = Path("config.toml")
MASK = "********"


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
