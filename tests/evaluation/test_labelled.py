"""Files of labelled texts: both formats, and what is wrong with a file."""

import gzip
from pathlib import Path

import pytest

from sentiment_service.errors import EvaluationError
from sentiment_service.evaluation.labelled import (
    EMOTIONS,
    NEGATIVE,
    POSITIVE,
    LabelledText,
    label_of_emotions,
    read_labelled,
)
from sentiment_service.models import Label
from tests.data import FOLDER, needs_data


def written(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "labelled.tsv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_words_are_read_in_any_case(tmp_path: Path) -> None:
    file = written(tmp_path, "I love it\tpositive\nI hate it\tNEGATIVE\r\nIt is\t Neutral \n")
    assert read_labelled(file).texts == (
        LabelledText("I love it", Label.POSITIVE),
        LabelledText("I hate it", Label.NEGATIVE),
        LabelledText("It is", Label.NEUTRAL),
    )


def test_a_header_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    file = written(tmp_path, "\ufeffText\tLabel\nfine\tpositive\n")
    assert read_labelled(file).texts == (LabelledText("fine", Label.POSITIVE),)


def test_other_line_ends_and_quotes_are_part_of_a_text(tmp_path: Path) -> None:
    text = '"so\u2028called\x0b"great"\x85'
    assert read_labelled(written(tmp_path, f"{text}\tnegative\n")).texts[0].text == text


def test_emotions_are_grouped_and_contradictions_left_out_and_counted(tmp_path: Path) -> None:
    file = written(tmp_path, "a\t27\tid1\nb\t0,27\tid2\nc\t2,7\tid3\nd\t0,2\tid4\ne\t26\tid5")
    found = read_labelled(file)
    assert [each.label for each in found.texts] == [
        Label.NEUTRAL,
        Label.POSITIVE,
        Label.NEGATIVE,
        Label.NEUTRAL,
    ]
    assert found.left_out == 1


def test_every_emotion_has_a_group() -> None:
    assert (len(EMOTIONS), len(POSITIVE), len(NEGATIVE)) == (28, 12, 11)
    assert set(EMOTIONS) >= POSITIVE | NEGATIVE
    neutral = [each for n, each in enumerate(EMOTIONS) if label_of_emotions(str(n)) is Label.NEUTRAL]
    assert neutral == ["confusion", "curiosity", "realization", "surprise", "neutral"]


def test_a_gzipped_file_is_told_by_its_content(tmp_path: Path) -> None:
    file = written(tmp_path, gzip.compress(b"fine\tpositive\n", mtime=0))
    assert read_labelled(file).texts == (LabelledText("fine", Label.POSITIVE),)


def test_only_so_many_texts_are_read_and_later_mistakes_not_seen(tmp_path: Path) -> None:
    file = written(tmp_path, "a\tpositive\nb\tnegative\nc\n")
    assert [each.text for each in read_labelled(file, limit=2).texts] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\tpositive\nb\tgreat\n", "line 2: expected positive, negative or neutral, found 'great'"),
        ("a\tpositive\n\n", "line 2: expected text<TAB>label, found 1 columns"),
        ("a\tpositive\nb\tx\tnegative\n", "line 2: expected text<TAB>label, found 3 columns"),
        ("a\t1\tid\nb\tpositive\n", "line 2: expected text<TAB>labels<TAB>id, found 2 columns"),
        ("a\t28\tid\n", "line 1: expected numbers from 0 to 27 with commas between them, found '28'"),
        ("a\t1,\tid\n", "line 1: expected numbers from 0 to 27 with commas between them, found '1,'"),
        ("a\t-1\tid\n", "line 1: expected numbers from 0 to 27 with commas between them, found '-1'"),
        (b"a\tpositive\n\xff\tpositive\n", "line 2: not UTF-8: invalid start byte"),
        (b"x" * 1_000_002, "line 1: longer than 1,000,000 bytes"),
        ("", "holds no labelled text"),
        ("text\tlabel\n", "holds no labelled text"),
        (gzip.compress(b"fine\tpositive\n" * 100, mtime=0)[:-12], "cannot be read: Compressed file ended"),
        (b"\x1f\x8bnot gzip at all", "cannot be read: "),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(EvaluationError) as failed:
        read_labelled(written(tmp_path, content))
    assert message in str(failed.value)
    assert "labelled.tsv" in str(failed.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.tsv: cannot be read: No such file or directory"):
        read_labelled(tmp_path / "none.tsv")


@needs_data
def test_real_labels_of_people_are_read() -> None:
    found = read_labelled(FOLDER / "goemotions_dev.tsv.gz")
    assert len(found.texts) + found.left_out == 5426
    assert {each.label for each in found.texts} == set(Label)
