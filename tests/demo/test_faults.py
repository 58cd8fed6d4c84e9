"""How faults are written, and when they strike."""

import pytest

from sentiment_service.demo.faults import MEANINGS, Fault, FaultKind, Faults, parse_fault


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("503", Fault(FaultKind.UNAVAILABLE)),
        ("429:next=3", Fault(FaultKind.THROTTLED_WITH_RETRY_AFTER, next=3)),
        ("hang:next=1,seconds=2.5", Fault(FaultKind.HANG, next=1, seconds=2.5)),
        ("big_text:every=4,path=/comments", Fault(FaultKind.BIG_TEXT, every=4, path="/comments")),
    ],
)
def test_a_fault_reads_as_it_is_written(written: str, fault: Fault) -> None:
    assert parse_fault(written) == fault
    assert str(fault) == written
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "unknown fault ''"),
        ("700", "unknown fault '700'"),
        ("503:next=0", "next='0'"),
        ("503:next=x", "next='x' is no number"),
        ("503:every=-1", "every='-1'"),
        ("503:often=1", "often='1'"),
        ("503:path=", "path=''"),
        ("hang:seconds=0", "seconds='0'"),
        ("hang:seconds=1e9", "seconds='1e9'"),
    ],
)
def test_a_badly_written_fault_is_named(written: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r"unknown fault|is no number|is not one of") as refused:
        parse_fault(written)
    assert complaint in str(refused.value)


def test_every_kind_is_explained() -> None:
    assert set(MEANINGS) == set(FaultKind)


def test_next_strikes_so_many_times_and_is_over() -> None:
    faults = Faults()
    faults.add("503:next=2")
    assert [faults.strike("/x") is not None for _ in range(4)] == [True, True, False, False]
    assert faults.active == []


def test_every_strikes_each_so_many_th_matching_request() -> None:
    faults = Faults()
    faults.add("503:every=3,path=/new")
    struck = [faults.strike(path) is not None for path in ["/new", "/comments"] * 6]
    assert struck == [False, False, False, False, True, False, False, False, False, False, True, False]


def test_the_first_fault_that_matches_strikes() -> None:
    faults = Faults()
    faults.add("403:path=/new")
    faults.add("500")
    assert [str(faults.strike(path)) for path in ("/new", "/about")] == ["403:path=/new", "500"]
    faults.clear()
    assert faults.strike("/new") is None


def test_answers_take_the_latency_and_a_part_of_the_jitter() -> None:
    faults = Faults(latency_ms=100, jitter_ms=50)
    delays = [faults.delay_s() for _ in range(200)]
    assert 0.1 <= min(delays) < 0.11
    assert 0.14 < max(delays) <= 0.15
    assert Faults().delay_s() == 0
