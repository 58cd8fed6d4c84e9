import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.scoring.frames import read_frame, write_frame


@given(st.lists(st.text(st.characters(), max_size=50)))
def test_what_is_written_is_read_broken_surrogates_too(texts: list[str]) -> None:
    stream = io.BytesIO()
    write_frame(stream, texts)
    write_frame(stream, [None, (0.1, 0.2, "neutral", 0.3)])
    stream.seek(0)
    assert read_frame(stream) == texts
    assert read_frame(stream) == [None, (0.1, 0.2, "neutral", 0.3)]


def test_a_frame_cut_off_anywhere_is_an_end() -> None:
    whole = io.BytesIO()
    write_frame(whole, "textblob@1")
    for length in range(len(whole.getvalue())):
        with pytest.raises(EOFError):
            read_frame(io.BytesIO(whole.getvalue()[:length]))
