"""What is repeated, after what pause, and what is not."""

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidOperation,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
)

from sentiment_service.errors import DatabaseUnavailableError, StoreError
from sentiment_service.store.retries import Retries, Verdict, describe, judge, pause_s

COSMOS = "Error=16500, RetryAfterMs=34, Details='Response status code: TooManyRequests (429)'"


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (OperationFailure(COSMOS, 16500), Verdict("throttled", 0.034)),
        (OperationFailure("Request rate is large. RetryAfterMs: 7", 50), Verdict("throttled", 0.007)),
        (OperationFailure("busy", 16500), Verdict("throttled")),
        (OperationFailure("busy", 429), Verdict("throttled")),
        (OperationFailure("internal server error", 1), Verdict("away")),
        (OperationFailure("who are you", 18), Verdict("denied")),
        (OperationFailure("not allowed", 13), Verdict("denied")),
        (OperationFailure("interrupted", 11600), Verdict("transient")),
        (OperationFailure("bad value", 2), Verdict("refused")),
        (OperationFailure("no code"), Verdict("refused")),
        (ExecutionTimeout("too slow", 50), Verdict("transient")),
        (WriteConcernError("waiting for replication timed out", 64), Verdict("transient")),
        (DuplicateKeyError("there already", 11000), Verdict("refused")),
        (ServerSelectionTimeoutError("none"), Verdict("away")),
        (AutoReconnect("closed"), Verdict("transient")),
        (NotPrimaryError("stepped down"), Verdict("transient")),
        (NetworkTimeout("slow"), Verdict("transient")),
        (WaitQueueTimeoutError("no connection free"), Verdict("transient")),
        (InvalidOperation("Cannot use MongoClient after close"), Verdict("transient")),
        (TimeoutError(), Verdict("transient")),
        (ConfigurationError("The DNS query name does not exist"), Verdict("denied")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_errors_are_classified(error: Exception, verdict: Verdict) -> None:
    assert judge(error) == verdict


@pytest.mark.parametrize(
    ("failures", "verdict"),
    [
        ([{"code": 16500, "errmsg": COSMOS}, {"code": 11600, "errmsg": "x"}], Verdict("throttled", 0.034)),
        ([{"code": 16500, "errmsg": COSMOS}, {"code": 2, "errmsg": "bad"}], Verdict("refused")),
        ([], Verdict("refused")),
    ],
)
def test_a_bulk_is_repeatable_when_all_its_failures_are(
    failures: list[dict[str, object]], verdict: Verdict
) -> None:
    assert judge(BulkWriteError({"writeErrors": failures})) == verdict


def test_a_pause_is_what_the_server_asked_for_or_grows_up_to_a_limit() -> None:
    def most(_: float, high: float) -> float:
        return high

    assert pause_s(9, 0.04, uniform=most) == pytest.approx(0.051)
    assert [pause_s(attempt, None, uniform=most) for attempt in (0, 1, 2, 5, 6, 99)] == [
        pytest.approx(seconds) for seconds in (0.1, 0.2, 0.4, 3.2, 5.0, 5.0)
    ]


@pytest.mark.parametrize(
    "error",
    [
        ServerSelectionTimeoutError("mongodb://user:hunter2@host: refused"),
        AutoReconnect("user:hunter2@host closed"),
        ConfigurationError("cannot resolve user:hunter2@host"),
        BulkWriteError({"writeErrors": [{"errmsg": "hunter2", "op": {"text": "hunter2"}}]}),
    ],
)
def test_descriptions_quote_no_address_and_no_content(error: Exception) -> None:
    assert "hunter2" not in describe(error)


class Scripted:
    """An operation that fails in the given ways and then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def retries(deadline_s: float = 30.0) -> Retries:
    return Retries(timeout_s=5.0, deadline_s=deadline_s)


async def test_a_write_is_repeated_until_it_succeeds() -> None:
    tries = retries()
    operation = Scripted(OperationFailure("RetryAfterMs=1", 16500), AutoReconnect("x"), NotPrimaryError("y"))
    assert await tries.write("writing", operation) == "done"
    assert (tries.count, tries.throttled, operation.calls) == (3, 1, 4)


async def test_a_write_gives_up_at_the_deadline_with_the_cause() -> None:
    cause = OperationFailure(COSMOS, 16500)
    with pytest.raises(DatabaseUnavailableError, match="writing") as caught:
        await retries(deadline_s=0.0).write("writing", Scripted(cause))
    assert caught.value.__cause__ is cause
    assert caught.value.retry_after_s >= 0.034


async def test_a_refused_write_is_not_repeated() -> None:
    operation = Scripted(OperationFailure("bad value", 2))
    with pytest.raises(StoreError, match="bad value") as caught:
        await retries().write("writing", operation)
    assert not isinstance(caught.value, DatabaseUnavailableError)
    assert operation.calls == 1


async def test_a_read_is_repeated_once() -> None:
    tries, operation = retries(), Scripted(AutoReconnect("x"))
    assert await tries.read("reading", operation) == "done"
    assert tries.count == 1
    with pytest.raises(DatabaseUnavailableError):
        await tries.read("reading", Scripted(AutoReconnect("x"), AutoReconnect("x")))


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("RetryAfterMs=5000", 16500),
        OperationFailure("panic", 1),
        OperationFailure("who are you", 18),
        TimeoutError(),
    ],
)
async def test_a_read_that_a_quick_repetition_would_not_help_fails_at_once(error: Exception) -> None:
    operation = Scripted(error)
    with pytest.raises(DatabaseUnavailableError):
        await retries().read("reading", operation)
    assert operation.calls == 1


async def test_reads_fail_at_once_while_no_server_answers() -> None:
    tries, operation = retries(), Scripted(ServerSelectionTimeoutError("none"))
    with pytest.raises(DatabaseUnavailableError):
        await tries.read("reading", operation)
    with pytest.raises(DatabaseUnavailableError):
        await tries.read("reading", operation)
    assert operation.calls == 1
    tries.reopen()
    assert await tries.read("reading", operation) == "done"


async def test_a_server_that_answers_a_write_is_there_for_reads_too() -> None:
    tries = retries()
    assert await tries.write("writing", Scripted(ServerSelectionTimeoutError("the old address"))) == "done"
    assert await tries.read("reading", Scripted()) == "done"


async def test_errors_of_our_own_code_pass_through() -> None:
    with pytest.raises(KeyError):
        await retries().write("writing", Scripted(KeyError("title")))
