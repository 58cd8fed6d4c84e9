"""A moderate number of random inputs in every test run; ``python -m tests.fuzz`` goes on for longer.

So does this with a number in ``FUZZ_EXAMPLES``.
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import LIMIT_CHARACTERS, PIECES, TARGETS

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "500"))


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.binary(max_size=600))
def test_no_bytes_break_it(target: Callable[[bytes], None], data: bytes) -> None:
    target(data)


@pytest.mark.parametrize("piece", range(len(PIECES)))
def test_one_piece_as_often_as_a_text_can_hold_it_is_read(piece: int) -> None:
    TARGETS["markdown"](bytes([piece]) * (LIMIT_CHARACTERS // len(PIECES[piece])))
