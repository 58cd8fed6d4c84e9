"""The command line: what it prints and which code it ends with."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from sentiment_service.__main__ import main
from sentiment_service.config import keys
from sentiment_service.logs import set_up_logging
from sentiment_service.settings import LoggingSettings


@pytest.fixture(autouse=True)
def clean_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory without settings, and no log handlers left behind."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)


def test_config_prints_every_setting_masked_with_its_origin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTIMENT_ADMIN__TOKEN", "0123456789abcdef")
    assert main(["config"]) == 0
    out = capsys.readouterr().out
    assert [line.partition(" = ")[0] for line in out.splitlines()] == keys()
    assert "0123456789abcdef" not in out
    (line,) = [line for line in out.splitlines() if line.startswith("admin.token")]
    assert line.endswith("# SENTIMENT_ADMIN__TOKEN")


def test_wrong_settings_end_with_2_and_a_line_for_each_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text('[server]\nport = "x"\nhots = 1\n')
    assert main(["serve", "--demo"]) == 2
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 2
    assert err[0].startswith("server.port")


@pytest.mark.parametrize("command", ["serve", "collect"])
def test_without_credentials_it_explains_how_to_get_them_and_names_the_demo(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 2
    err = capsys.readouterr().err
    for part in ("--demo", "SENTIMENT_REDDIT__CLIENT_ID", "approval", "March 2027"):
        assert part in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), (["fly"], 2), (["serve", "--port", "x"], 2), (["--help"], 0), (["--version"], 0)],
)
def test_wrong_arguments_end_with_2_and_help_with_0(arguments: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == code


@pytest.mark.parametrize("command", ["serve", "collect", "demo-reddit", "config"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 4


def test_a_port_that_is_taken_is_one_line_and_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sentiment_service", "serve", "--demo", "--host", "192.0.2.1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "192.0.2.1" in done.stderr


def test_logs_are_lines_for_people_or_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("sentiment_service.test")
    set_up_logging(LoggingSettings())
    log.info("plain %s", "words")
    set_up_logging(LoggingSettings(format="json", level="debug"))
    try:
        int("broken")
    except ValueError:
        log.exception("it failed")
    plain, machine = capsys.readouterr().err.splitlines()
    assert plain.endswith("Z INFO    sentiment_service.test: plain words")
    record = json.loads(machine)
    assert (record["level"], record["logger"], record["message"]) == (
        "error",
        "sentiment_service.test",
        "it failed",
    )
    assert "ValueError: invalid literal" in record["traceback"]
