"""The command line of the look-alike."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sentiment_service.demo.arguments import add_arguments, options_from
from sentiment_service.demo.faults import parse_fault
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.settings import DEFAULT_SUBREDDITS


def parsed(*arguments: str) -> LookalikeOptions:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return options_from(parser.parse_args(arguments))


def test_without_arguments_everything_is_as_usual() -> None:
    assert parsed() == LookalikeOptions()


def test_every_argument_reaches_the_options(tmp_path: Path) -> None:
    corpus = tmp_path / "things.ndjson"
    corpus.touch()
    options = parsed(
        *("--seed", "7", "--posts", "20", "--comments", "30", "--new-per-minute", "1.5"),
        *("--epoch", "2026-11-01T00:00:00", "--corpus", str(corpus), "--keep-times", "--depth", "5000"),
        *("--subreddit", "Zed", "--subreddit", "cursor", "--private", "Secret", "--banned", "Evil"),
        *("--quarantined", "Dubious", "--rate-limit", "100", "--rate-window", "60", "--rate-retry-after"),
        *("--client-id", "me", "--client-secret", "s", "--token-lifetime", "60"),
        *("--latency-ms", "20", "--jitter-ms", "2.5", "--fault", "503:next=2", "--fault", "reset"),
    )
    assert options == LookalikeOptions(
        seed=7,
        subreddits=(*DEFAULT_SUBREDDITS, "Zed"),
        posts=20,
        comments=30,
        new_per_minute=1.5,
        epoch=datetime(2026, 11, 1, tzinfo=UTC),
        corpus=(corpus,),
        keep_times=True,
        depth=5000,
        private=("Secret",),
        banned=("Evil",),
        quarantined=("Dubious",),
        rate_limit=100,
        rate_window_s=60,
        rate_retry_after=True,
        client_id="me",
        client_secret="s",
        token_lifetime_s=60,
        latency_ms=20.0,
        jitter_ms=2.5,
        faults=(parse_fault("503:next=2"), parse_fault("reset")),
    )


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--port", "70000", "'70000' is not a whole number from 0 to 65535"),
        ("--posts", "-1", "'-1' is not a whole number"),
        ("--posts", "many", "'many' is not a whole number"),
        ("--new-per-minute", "1e9", "'1e9' is not a number from 0 to 60000"),
        ("--latency-ms", "-5", "'-5' is not a number"),
        ("--corpus", "/nowhere/at/all", "there is no file '/nowhere/at/all'"),
        ("--private", "not a name", "'not a name' is not a subreddit's name"),
        ("--epoch", "yesterday", "'yesterday' is not a time"),
        ("--fault", "777", "unknown fault '777'"),
        ("--seed", "x", "invalid int value: 'x'"),
    ],
)
def test_a_bad_value_is_named_and_ends_with_2(
    option: str, value: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(f"{option}={value}")
    assert ended.value.code == 2
    assert f"argument {option}: {complaint}" in capsys.readouterr().err


def test_help_explains_faults_and_control_calls(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("--help")
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "status 429 without Retry-After" in shown
    assert '{"fault": "429:next=5", "latency_ms": 300}' in shown
