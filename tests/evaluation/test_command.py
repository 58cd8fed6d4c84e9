"""``evaluate`` from the command line to the tables, the JSON and the picture."""

import asyncio
import json
import logging
import sys
from pathlib import Path

import pytest

from sentiment_service.__main__ import main
from sentiment_service.evaluation import drawing
from sentiment_service.scoring.scorer import SCORERS
from tests.scoring.language_model import LanguageModel

TEXTS = """\
I love this, it is wonderful\tpositive
What a great tool\tpositive
This is terrible and I hate it\tnegative
The worst update so far\tnegative
It was released in May\tneutral
`only code`\tneutral
Great, it broke again\tnegative
"""


@pytest.fixture(autouse=True)
def clean_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory without settings, and no log handlers left behind."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    (tmp_path / "texts.tsv").write_text(TEXTS)


def test_tables_tell_of_the_file_each_scorer_and_each_label(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "texts.tsv", "--scorer", "textblob"]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0] == "texts.tsv: 7 texts (2 positive, 2 neutral, 3 negative)"
    assert lines[1] == "without anything to score, counted as a neutral guess: 1"
    assert lines[3].split() == ["scorer", "accuracy", "macro-F1", "calibration", "error", "items/s"]
    assert lines[4].split()[:3] == ["textblob@1", "0.857", "0.867"]
    assert lines[6].split()[:4] == ["textblob@1", "precision", "recall", "F1"]
    assert lines[7].split() == ["people", "said", "positive", "0.667", "1.000", "0.800", "2", "0", "0"]
    assert lines[9].split() == ["people", "said", "negative", "1.000", "0.667", "0.800", "1", "0", "2"]
    assert len({len(line) for line in lines[6:10]}) == 1


def test_every_scorer_is_measured_unless_some_are_named(tmp_path: Path) -> None:
    assert main(["evaluate", "texts.tsv", "--json", "all.json"]) == 0
    written = json.loads((tmp_path / "all.json").read_text())
    assert [each["scorer"].partition("@")[0] for each in written["scorers"]] == list(SCORERS)


def test_json_holds_the_same_figures(tmp_path: Path) -> None:
    arguments = ["evaluate", "texts.tsv", "--scorer", "textblob", "--limit", "4", "--json", "out.json"]
    assert main(arguments) == 0
    written = json.loads((tmp_path / "out.json").read_text())
    (scorer,) = written.pop("scorers")
    assert written == {
        "file": "texts.tsv",
        "texts": 4,
        "labels": {"positive": 2, "neutral": 0, "negative": 2},
        "left_out": 0,
    }
    assert (scorer["accuracy"], scorer["macro_f1"], scorer["no_text"]) == (1.0, 1.0, 0)
    assert scorer["confusion"]["negative"] == {"positive": 0, "neutral": 0, "negative": 2}
    assert sum(each["texts"] for each in scorer["bins"]) == 4
    assert scorer["items_per_second"] > 0


def test_plain_texts_all_have_something_to_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "texts.tsv", "--scorer", "textblob", "--plain"]) == 0
    assert "without anything to score" not in capsys.readouterr().out


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra bench")
    assert main(["evaluate", "texts.tsv", "--scorer", "textblob", "--png", "out.png"]) == 0
    picture = (tmp_path / "out.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    width, height = (int.from_bytes(picture[start : start + 4], "big") for start in (16, 20))
    assert width > 1000
    assert height > 400


def test_without_matplotlib_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drawing, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["evaluate", "texts.tsv", "--png", "out.png"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "sentiment_service[bench]" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.tsv"], "none.tsv: cannot be read"),
        (["texts.tsv", "--json", "nowhere/out.json"], "nowhere/out.json: cannot be written"),
        (["texts.tsv", "--png", "."], ".: cannot be written"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_line_and_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith(message)


def test_a_wrong_line_is_2_with_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts.tsv").write_text(TEXTS + "good\tmaybe\n")
    assert main(["evaluate", "texts.tsv"]) == 2
    assert capsys.readouterr().err.startswith("texts.tsv, line 8: expected positive, negative or neutral")


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "x"], ["--scorer", "oracle"]])
def test_wrong_options_are_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "texts.tsv", *arguments])
    assert ended.value.code == 2


def test_a_language_model_is_measured_only_where_one_is_enabled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "texts.tsv", "--scorer", "llm"]) == 2
    assert capsys.readouterr().err.startswith("llm.enabled = false: expected true")


def test_a_language_model_reads_no_plain_texts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTIMENT_LLM__ENABLED", "true")
    monkeypatch.setenv("SENTIMENT_LLM__MODEL", "tiny")
    assert main(["evaluate", "texts.tsv", "--scorer", "llm", "--plain"]) == 2
    assert capsys.readouterr().err.startswith("--plain: ")


async def test_a_language_model_is_asked_the_way_the_service_would(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = LanguageModel()
    await model.server.start_server()
    settings = {
        "ENABLED": "true",
        "MODEL": "tiny",
        "BASE_URL": model.url,
        "MODE": "all",
        "TEXTS_PER_DAY": "5",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"SENTIMENT_LLM__{name}", value)
    try:
        # In a thread, with a loop of its own: the model answers on this one.
        assert await asyncio.to_thread(main, ["evaluate", "texts.tsv", "--scorer", "llm"]) == 0
    finally:
        await model.server.close()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("counted as a neutral guess: 1")
    assert lines[4].split()[0] == "llm:tiny@1"
    assert len(model.texts) == 5
    assert lines[-1] == "kept the score they had before the language model: budget 1"
