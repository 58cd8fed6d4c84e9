from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.errors import SourceError
from sentiment_service.sources.listing import lay_flat, listing_of, more_of, thread_of


def comment(name: str, *replies: object) -> dict[str, Any]:
    below = {"kind": "Listing", "data": {"children": list(replies), "after": None}} if replies else ""
    return {"kind": "t1", "data": {"id": name, "replies": below}}


def stub(*children: object, parent: str = "t1_a") -> dict[str, Any]:
    return {"kind": "more", "data": {"children": list(children), "parent_id": parent}}


def names(things: list[object]) -> list[str]:
    return [thing["data"]["id"] for thing in things if isinstance(thing, dict)]


def test_a_listing_gives_its_things_and_its_cursor() -> None:
    assert listing_of({"kind": "Listing", "data": {"children": [1, 2], "after": "t3_x"}}) == ([1, 2], "t3_x")
    assert listing_of({"data": {"children": [], "after": ""}}) == ([], None)


@pytest.mark.parametrize(
    "payload",
    [None, [], "", {}, {"data": []}, {"data": {"children": {}}}, {"data": {"children": [], "after": 7}}],
)
def test_what_is_no_listing_is_a_bad_answer(payload: object) -> None:
    with pytest.raises(SourceError) as raised:
        listing_of(payload)
    assert raised.value.kind == "bad_answer"


@pytest.mark.parametrize("payload", [None, {}, [], [{"data": {"children": []}}]])
def test_what_is_no_thread_is_a_bad_answer(payload: object) -> None:
    with pytest.raises(SourceError) as raised:
        thread_of(payload)
    assert raised.value.kind == "bad_answer"


def test_more_comments_are_found_in_their_envelope() -> None:
    assert more_of({"json": {"errors": [], "data": {"things": [1]}}}) == [1]
    with pytest.raises(SourceError) as raised:
        more_of({"json": {"errors": [["BAD", "no", "x"]]}})
    assert raised.value.kind == "bad_answer"


def test_a_tree_is_laid_flat_in_reading_order() -> None:
    flat = lay_flat([comment("a", comment("b", comment("c")), stub("x", "y")), comment("d"), stub("z")])
    assert names(flat.things) == ["a", "b", "c", "d"]
    assert flat.missing == ["x", "y", "z"]
    assert flat.continued == []


def test_a_thread_that_goes_on_elsewhere_is_noted_by_its_comment() -> None:
    flat = lay_flat([comment("a", stub(parent="t1_a")), stub(parent="t3_post"), stub(7, parent="t1_b")])
    assert flat.continued == ["a", "b"]


def test_depth_has_no_limit() -> None:
    tree = comment("leaf")
    for number in range(5000):
        tree = comment(str(number), tree)
    assert len(lay_flat([tree]).things) == 5001


def test_a_broken_part_of_a_tree_stays_to_be_set_aside() -> None:
    broken = {"kind": "t1", "data": {"id": "a", "replies": {"data": 5}}}
    flat = lay_flat([broken, 17, {"kind": "more", "data": None}, comment("b")])
    assert len(flat.things) == 4


@given(
    st.lists(
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.fixed_dictionaries(
                    {},
                    optional={
                        name: inner | st.sampled_from(["t1", "more", "t1_a"])
                        for name in ("kind", "data", "children", "replies", "parent_id")
                    },
                )
            ),
            max_leaves=20,
        )
    )
)
def test_no_tree_makes_laying_flat_fail(comments: list[object]) -> None:
    flat = lay_flat(comments)
    assert all(isinstance(name, str) for name in [*flat.missing, *flat.continued])
