"""Tallies packed into rows and back."""

from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.models import Tally
from sentiment_service.store.tally_rows import ROW, packed, rows_of, sum_of_rows, unpacked

COUNTS = st.integers(0, 10**6)
SUMS = st.integers(-(10**9), 10**9)
TALLIES = st.builds(
    Tally,
    posts=COUNTS,
    comments=COUNTS,
    positive=COUNTS,
    negative=COUNTS,
    neutral=COUNTS,
    unscored=COUNTS,
    polarity_sum=SUMS.map(lambda value: value / 4),
    polarity_square_sum=COUNTS.map(lambda value: value / 4),
    scorers=st.frozensets(st.sampled_from(["textblob@1", "vader@2", "ours@3"])),
    comment_sum=SUMS,
    upvote_sum=SUMS,
)
ROWS = st.dictionaries(st.integers(0, 23), TALLIES, max_size=6)


@given(ROWS)
def test_what_is_packed_comes_back_in_its_order(tallies: dict[int, Tally]) -> None:
    document = packed(tallies)
    assert list(unpacked(document).items()) == list(tallies.items())
    assert len(document["rows"]) == ROW.size * len(tallies)
    assert packed(dict(tallies)) == document


@given(ROWS.filter(bool))
def test_the_sum_of_rows_is_that_of_their_tallies(tallies: dict[int, Tally]) -> None:
    rows = list(rows_of(packed(tallies)))
    found = sum_of_rows([row for _, _, row in rows], [names for _, names, _ in rows])
    assert found == sum(tallies.values(), Tally())


def test_a_sum_that_a_server_made_a_double_of_is_kept() -> None:
    tally = Tally(posts=2, positive=2, scorers=frozenset({"ours@3"}), upvote_sum=1.8e19)  # type: ignore[arg-type]
    assert unpacked(packed({0: tally}))[0].upvote_sum == int(1.8e19)
