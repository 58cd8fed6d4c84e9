"""Settings: every mistake is named, every source of a value is told, no secret is shown."""

import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from sentiment_service.config import MASK, describe, keys, load_settings
from sentiment_service.errors import ConfigError
from sentiment_service.settings import DEFAULT_SUBREDDITS, SECRETS, Settings

ROOT = Path(__file__).parents[1]


def problems_of(tmp_path: Path, toml: str = "", **environment: str) -> tuple[str, ...]:
    """The mistakes reported for a file and an environment."""
    file = tmp_path / "config.toml"
    file.write_text(toml)
    with pytest.raises(ConfigError) as caught:
        load_settings(file, environment=environment)
    return caught.value.problems


def test_the_shipped_file_says_exactly_the_defaults() -> None:
    shipped = load_settings(ROOT / "config.toml", environment={})
    assert shipped.settings == Settings()


def test_the_shipped_file_names_every_setting_that_is_not_secret_with_a_comment_above() -> None:
    text = (ROOT / "config.toml").read_text()
    content = tomllib.loads(text)
    named = {f"{section}.{name}" for section, values in content.items() for name in values}
    assert named == set(keys()) - SECRETS
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if (
            " = " in line
            and not line.startswith(("#", " "))
            and "trending.themes" not in "".join(lines[:index])
        ):
            assert lines[index - 1].startswith("# "), f"{line} has no comment"


def test_defaults_apply_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load_settings(environment={})
    assert loaded.settings.reddit.subreddits == DEFAULT_SUBREDDITS
    assert loaded.origins["server.port"] == "default"


def test_the_environment_overrides_the_file_and_the_command_line_both(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[server]\nport = 1\nhost = "::1"\n[reddit]\nusername = "fromfile"\n')
    loaded = load_settings(
        file,
        environment={"SENTIMENT_SERVER__PORT": "2", "SENTIMENT_SERVER__HOST": "127.0.0.2", "HOME": "/"},
        overrides={"server.port": 3},
    )
    assert (loaded.settings.server.port, loaded.origins["server.port"]) == (3, "command line")
    assert (loaded.settings.server.host, loaded.origins["server.host"]) == (
        "127.0.0.2",
        "SENTIMENT_SERVER__HOST",
    )
    assert (loaded.settings.reddit.username, loaded.origins["reddit.username"]) == ("fromfile", str(file))


@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("SENTIMENT_REDDIT__SUBREDDITS", "Cursor, ClaudeAI", "subreddits", ("Cursor", "ClaudeAI")),
        ("SENTIMENT_REDDIT__SUBREDDITS", '["Cursor"]', "subreddits", ("Cursor",)),
        ("SENTIMENT_REDDIT__REQUEST_TIMEOUT_SECONDS", "2", "request_timeout_seconds", 2.0),
        ("SENTIMENT_REDDIT__OAUTH_URL", "http://127.0.0.1:1/", "oauth_url", "http://127.0.0.1:1"),
    ],
)
def test_variables_are_read_in_tomls_spelling_or_as_bare_words(
    variable: str, text: str, key: str, value: object
) -> None:
    loaded = load_settings(ROOT / "config.toml", environment={variable: text})
    assert getattr(loaded.settings.reddit, key) == value


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("[server]\nprot = 1", "server.prot: unknown key"),
        ("[sever]\nport = 1", "sever: unknown section; expected one of reddit,"),
        ("server = 1", "server = 1: expected a section [server]"),
        ('[server]\nport = "80"', 'server.port = "80": expected a valid integer'),
        ("[server]\nport = 70000", "server.port = 70000: expected less than or equal to 65535"),
        ("[server]\nport = true", "server.port = true: expected a valid integer"),
        ('[schedule]\ncollect = "every day"', 'schedule.collect = "every day": expected a cron expression'),
        ('[schedule]\ncollect = "61 * * * *"', 'schedule.collect = "61 * * * *": expected a cron expression'),
        ('[reddit]\nsubreddits = ["r/x"]', 'reddit.subreddits[0] = "r/x": expected a subreddit\'s name'),
        ("[reddit]\nsubreddits = []", "reddit.subreddits = []: expected"),
        ('[reddit]\nsubreddits = ["aws", "AWS"]', "reddit.subreddits: expected each name once; aws"),
        (
            "[reddit]\nrequest_deadline_seconds = 1",
            "reddit.request_deadline_seconds = 1.0: expected at least",
        ),
        ('[reddit]\nclient_id = "abc"', "reddit.client_id, reddit.client_secret: expected both or neither"),
        (
            '[reddit]\noauth_url = "ftp://x"',
            'reddit.oauth_url = "ftp://x": expected an http or https address',
        ),
        (
            '[llm]\nbase_url = "https://name:word@example.org/v1"',
            f'llm.base_url = "https://{MASK}@example.org/v1": expected an http or https address without a',
        ),
        ('[admin]\ntoken = "short"', f"admin.token = {MASK}: expected at least 16 characters"),
        (
            '[mongodb]\nuri = "http://user:pass@x"',
            f"mongodb.uri = {MASK}: expected an address that begins with",
        ),
        ("[storage]\nretention_days = 3", "trending.baseline_days = 7: expected"),
        (
            '[[tools.seeds]]\nname = "X"\nvendor = "Y"',
            "tools.seeds[0].categories: missing",
        ),
        (
            '[[tools.seeds]]\nname = "X"\nvendor = 3\ncategories = ["editor"]',
            "tools.seeds[0].vendor = 3: expected a valid string",
        ),
        (
            '[[tools.seeds]]\nname = "X"\nvendor = ""\ncategories = ["editor"]\nalias = ["Y"]',
            "tools.seeds[0].alias: unknown key",
        ),
        (
            '[[tools.seeds]]\nname = "X"\nvendor = ""\ncategories = ["editor"]\naliases = ["a", " "]',
            'tools.seeds[0].aliases[1] = " ": expected a name with a letter or digit in it',
        ),
        ("[tools.evidence]\nhome = 1", "tools.evidence.home: unknown key"),
        (
            "[tools.evidence]\ncapital = 2",
            "tools.evidence.capital = 2: expected less than or equal to 1",
        ),
        (
            '[tools.misleading]\ncursor = ["mouse", 5]',
            "tools.misleading.cursor[1] = 5: expected a valid string",
        ),
        ('[scoring]\nscorer = "magic"', "scoring.scorer = \"magic\": expected 'reddit' or 'textblob'"),
    ],
)
def test_a_mistake_names_the_key_the_value_and_what_was_expected(
    tmp_path: Path, toml: str, expected: str
) -> None:
    (problem,) = problems_of(tmp_path, toml)
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aliases": ("cursor",)}, "each name once; cursor is one of Cursor and of New"),
        ({"ambiguous": ("Old",)}, "ambiguous names among name and aliases; New is not called Old"),
        ({"name": "cursor!"}, "names with different slugs; cursor is there more than once"),
        ({"name": "日本"}, "names with a Latin letter or digit; 日本 has none"),
    ],
)
def test_seeds_that_do_not_fit_together_are_refused(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    cursor = {"name": "Cursor", "vendor": "Anysphere", "categories": ("editor",)}
    seeds = (cursor, {"name": "New", "vendor": "", "categories": ("editor",), **changes})
    with pytest.raises(ConfigError) as caught:
        load_settings(ROOT / "config.toml", environment={}, overrides={"tools.seeds": seeds})
    (problem,) = caught.value.problems
    assert problem.endswith(f"expected {expected} (command line)")


def test_seeds_can_come_from_the_environment_in_tomls_spelling() -> None:
    seeds = '[{name = "Warp", vendor = "Warp", categories = ["terminal"], home_subreddits = ["warpdotdev"]}]'
    loaded = load_settings(ROOT / "config.toml", environment={"SENTIMENT_TOOLS__SEEDS": seeds})
    assert [each.name for each in loaded.settings.tools.seeds] == ["Warp"]
    rows = {key: value for key, value, _ in describe(loaded)}
    assert tomllib.loads(f"x = {rows['tools.seeds']}")["x"][0]["home_subreddits"] == ["warpdotdev"]


def test_every_setting_is_shown_in_tomls_spelling() -> None:
    for key, value, _ in describe(load_settings(ROOT / "config.toml", environment={})):
        assert tomllib.loads(f"x = {value}"), key


def test_every_mistake_is_reported_at_once_and_the_variable_is_named(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, "[server]\nport = -1", SENTIMENT_SERVER__PROT="1", SENTIMENT_LOGGING__LEVEL="loud"
    )
    assert len(found) == 3
    assert any(line.startswith("SENTIMENT_SERVER__PROT: unknown setting") for line in found)
    assert any(line.endswith("(SENTIMENT_LOGGING__LEVEL)") for line in found)


def test_impossible_combinations_are_told_beside_other_mistakes(tmp_path: Path) -> None:
    found = problems_of(tmp_path, '[server]\nport = -1\n[reddit]\nsubreddits = ["aws", "AWS"]\n')
    assert [line.partition(" ")[0].rstrip(":") for line in found] == ["server.port", "reddit.subreddits"]
    (only,) = problems_of(tmp_path, "[storage]\nretention_days = 3\ndata_dir = 5\n")
    assert only.startswith("storage.data_dir")


def test_a_file_that_cannot_be_read_or_parsed_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path / "absent.toml", environment={})
    (tmp_path / "broken.toml").write_text("[server\n")
    with pytest.raises(ConfigError, match="not TOML"):
        load_settings(tmp_path / "broken.toml", environment={})


def test_secrets_are_masked_wherever_settings_are_shown() -> None:
    secret = "a-very-long-secret-token"
    loaded = load_settings(
        ROOT / "config.toml",
        environment={"SENTIMENT_ADMIN__TOKEN": secret, "SENTIMENT_MONGODB__URI": f"mongodb://u:{secret}@db"},
    )
    rows = {key: value for key, value, _ in describe(loaded)}
    assert rows["admin.token"] == f'"{MASK}"'
    assert rows["reddit.client_id"] == '""'
    assert secret not in repr(loaded) + str(loaded.settings) + "".join(rows.values())
    assert loaded.settings.admin.token == SecretStr(secret)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().server.port = 1  # type: ignore[misc]
