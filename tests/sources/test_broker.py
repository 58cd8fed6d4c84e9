import asyncio
from typing import Any

import pytest

from sentiment_service.errors import SourceError
from sentiment_service.sources import wire
from sentiment_service.sources.answer import Answer
from sentiment_service.sources.broker import Broker
from sentiment_service.sources.usage import Usage
from tests.sources.conftest import Clock, Handler, MakeBroker, ScriptedReddit, breaks_off, resets, says

OK = says(body={"fine": True})


async def get(broker: Broker, path: str = "/r/x/new") -> Answer:
    async with broker.request("GET", broker.oauth_url + path, timeout=16.0) as response:
        assert isinstance(response, Answer)
        return response


async def ask_for_token(broker: Broker) -> Any:
    url = f"{broker.reddit_url}/api/v1/access_token"
    async with broker.request("POST", url, data=[("grant_type", "client_credentials")]) as response:
        return await response.json()


def usage_of(broker: Broker) -> Usage:
    return broker._meter.snapshot(remaining=None, reset_s=None)


async def test_a_good_answer_comes_whole_and_is_counted(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.append(says(body={"fine": True}, x_ratelimit_remaining="5"))
    broker = make_broker()
    answer = await get(broker)
    assert (answer.status, await answer.json(), "x-ratelimit-remaining" in answer.headers) == (
        200,
        {"fine": True},
        False,
    )
    usage = usage_of(broker)
    assert (usage.requests, usage.retries, usage.throttled, usage.last_error) == (1, 0, 0, None)
    assert usage.last_ok_at is not None


@pytest.mark.parametrize("status", [408, 500, 501, 502, 503, 504, 520, 522, 525])
async def test_a_failing_server_is_asked_again(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock, status: int
) -> None:
    scripted.script.extend([says(status), says(status), OK])
    broker = make_broker()
    assert (await get(broker)).status == 200
    assert clock.slept == [0.5, 1.0]
    assert (usage_of(broker).requests, usage_of(broker).retries) == (3, 2)
    assert usage_of(broker).last_error == f"Reddit answered {status}"


@pytest.mark.parametrize(
    "broken",
    [
        resets,
        breaks_off,
        says(body=b'{"kind": "Listing", "da'),
        says(body=b"<html>sorry</html>"),
        says(body=b""),
        says(body=b"null"),
    ],
    ids=["reset", "cut", "truncated", "html", "empty", "null"],
)
async def test_a_broken_answer_is_asked_for_again(
    scripted: ScriptedReddit, make_broker: MakeBroker, broken: Handler
) -> None:
    scripted.script.extend([broken, OK])
    assert (await get(make_broker())).status == 200
    assert len(scripted.paths) == 2


async def test_a_server_that_hangs_is_asked_again_after_the_time_of_one_attempt(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.extend([scripted.hangs, OK])
    broker = make_broker(timeout_s=0.05)
    assert (await get(broker)).status == 200
    assert usage_of(broker).last_error == "Reddit did not answer within 0.05 s"


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (says(503), "unavailable"),
        (resets, "unavailable"),
        (says(body=b"<html>"), "bad_answer"),
        (says(429), "rate_limited"),
    ],
    ids=["503", "reset", "html", "429"],
)
async def test_trying_ends_at_the_deadline(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock, handler: Handler, kind: str
) -> None:
    scripted.script.append(handler)
    with pytest.raises(SourceError) as raised:
        await get(make_broker(deadline_s=20.0))
    assert raised.value.kind == kind
    assert 10.0 < sum(clock.slept) < 20.0


async def test_a_server_that_keeps_hanging_is_a_timeout(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.append(scripted.hangs)
    with pytest.raises(SourceError) as raised:
        await get(make_broker(timeout_s=0.05, deadline_s=0.2))
    assert raised.value.kind == "timeout"


@pytest.mark.parametrize(
    ("first", "kind", "reason"),
    [
        (breaks_off, "unavailable", "the connection to Reddit failed: ClientPayloadError"),
        (says(503), "unavailable", "Reddit answered 503"),
        (says(body=b"<html>"), "bad_answer", "Reddit answered 200 with something that is not JSON"),
    ],
    ids=["breaks off", "503", "html"],
)
async def test_an_attempt_that_the_deadline_cuts_short_tells_what_the_one_before_it_met(
    scripted: ScriptedReddit, make_broker: MakeBroker, first: Handler, kind: str, reason: str
) -> None:
    scripted.script.extend([first, scripted.hangs])
    broker = make_broker(timeout_s=5.0, deadline_s=0.6)  # the wait of .5 s leaves .1
    with pytest.raises(SourceError) as raised:
        await get(broker)
    assert (raised.value.kind, raised.value.detail, len(scripted.paths)) == (kind, reason, 2)
    assert usage_of(broker).last_error == reason


async def test_an_attempt_that_had_its_whole_time_tells_that_it_took_too_long(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.extend([says(503), scripted.hangs])
    with pytest.raises(SourceError) as raised:
        await get(make_broker(timeout_s=0.05, deadline_s=0.6))
    assert (raised.value.kind, len(scripted.paths)) == ("timeout", 2)


async def test_a_server_that_is_not_there_is_unavailable(
    make_broker: MakeBroker, unused_tcp_port: int
) -> None:
    broker = make_broker(deadline_s=3.0)
    broker.oauth_url = f"http://127.0.0.1:{unused_tcp_port}"
    with pytest.raises(SourceError) as raised:
        await get(broker)
    assert raised.value.kind == "unavailable"


async def test_a_429_waits_as_long_as_it_says_and_holds_everything_back(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.extend([says(429, retry_after="17"), OK])
    broker = make_broker()
    await get(broker)
    assert clock.slept == [17.0]
    assert usage_of(broker).throttled == 1
    broker._rate.hold(clock(), 5.0)
    await get(broker)
    assert clock.slept == [17.0, 5.0]


async def test_a_429_without_a_time_backs_off(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.extend([says(429), says(429), OK])
    await get(make_broker())
    assert clock.slept == [0.5, 1.0]


async def test_a_429_that_asks_for_more_than_the_deadline_is_raised_at_once(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.append(says(429, retry_after="600"))
    broker = make_broker(deadline_s=120.0)
    with pytest.raises(SourceError) as raised:
        await get(broker)
    assert (raised.value.kind, raised.value.retry_after_s, clock.slept) == ("rate_limited", 600.0, [])
    with pytest.raises(SourceError) as raised:
        await get(broker)
    assert (raised.value.kind, len(scripted.paths)) == ("rate_limited", 1)


async def test_a_503_that_names_a_time_is_obeyed(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.extend([says(503, retry_after="9"), OK])
    await get(make_broker())
    assert clock.slept == [9.0]


async def test_gathered_requests_are_spread_out_when_little_is_left(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.append(says(x_ratelimit_remaining="6", x_ratelimit_used="94", x_ratelimit_reset="60"))
    broker = make_broker(reserve=10)
    await get(broker)
    scripted.script[0] = OK
    started = clock()
    await asyncio.gather(*(get(broker) for _ in range(5)))
    assert len(clock.slept) == 4
    assert 45.0 <= clock() - started <= 60.0
    assert usage_of(broker).throttled == 4


async def test_gathered_requests_go_at_once_while_much_is_left(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.append(says(x_ratelimit_remaining="90", x_ratelimit_used="10", x_ratelimit_reset="60"))
    broker = make_broker()
    await asyncio.gather(*(get(broker) for _ in range(20)))
    assert clock.slept == []


async def test_nothing_left_waits_for_the_reset(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.extend(
        [says(x_ratelimit_remaining="0.0", x_ratelimit_used="100", x_ratelimit_reset="33"), OK]
    )
    broker = make_broker()
    await get(broker)
    await get(broker)
    assert clock.slept == [33.0]


async def test_waiting_for_others_ends_at_the_deadline_too(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    broker = make_broker(concurrent=1, deadline_s=0.05)
    async with broker._slots:
        with pytest.raises(SourceError) as raised:
            await get(broker)
    assert (raised.value.kind, scripted.paths) == ("timeout", [])


async def test_waiting_behind_others_for_the_rate_limit_ends_at_the_deadline_too(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.append(OK)
    broker = make_broker(deadline_s=0.05)
    async with broker._turn_lock:
        with pytest.raises(SourceError) as raised:
            await get(broker)
    assert raised.value.kind == "rate_limited"


async def test_no_more_requests_are_under_way_than_allowed(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.append(scripted.hangs)
    broker = make_broker(concurrent=3)
    asking = asyncio.gather(*(get(broker) for _ in range(9)))
    await scripted.arrived(3)
    scripted.released.set()
    await asking
    assert (scripted.most_under_way, len(scripted.paths)) == (3, 9)


async def test_a_cancelled_request_gives_its_place_back(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.script.extend([scripted.hangs, OK])
    broker = make_broker(concurrent=1)
    asking = asyncio.create_task(get(broker))
    await scripted.arrived(1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await get(broker)).status == 200


@pytest.mark.parametrize("status", [400, 409, 410, 413, 415])
async def test_what_asyncpraw_would_trip_over_is_raised_before_it_sees_it(
    scripted: ScriptedReddit, make_broker: MakeBroker, status: int
) -> None:
    scripted.script.append(says(status))
    with pytest.raises(SourceError) as raised:
        await get(make_broker())
    assert (raised.value.kind, raised.value.detail) == ("bad_answer", f"Reddit answered {status}")
    assert len(scripted.paths) == 1


@pytest.mark.parametrize("status", [301, 302, 401, 403, 404, 451])
async def test_refusals_are_left_to_asyncprawcore(
    scripted: ScriptedReddit, make_broker: MakeBroker, status: int
) -> None:
    scripted.script.append(says(status, location="/subreddits/search"))
    assert (await get(make_broker())).status == status
    assert len(scripted.paths) == 1


async def test_an_answer_without_end_is_refused(
    scripted: ScriptedReddit, make_broker: MakeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MAX_BODY_BYTES", 10_000)
    scripted.script.append(says(body=["x" * 20_000]))
    with pytest.raises(SourceError) as raised:
        await get(make_broker())
    assert raised.value.kind == "bad_answer"


async def test_gathered_token_requests_become_one(scripted: ScriptedReddit, make_broker: MakeBroker) -> None:
    broker = make_broker()
    tokens = await asyncio.gather(*(ask_for_token(broker) for _ in range(5)))
    assert [token["access_token"] for token in tokens] == ["tok"] * 5
    assert len(scripted.token_requests) == 1
    await ask_for_token(broker)
    assert len(scripted.token_requests) == 2


async def test_whoever_waits_for_a_token_that_fails_shares_the_failure(
    scripted: ScriptedReddit, make_broker: MakeBroker
) -> None:
    scripted.token = says(503)
    broker = make_broker(deadline_s=1.0)
    outcomes = await asyncio.gather(*(ask_for_token(broker) for _ in range(3)), return_exceptions=True)
    assert [isinstance(outcome, SourceError) and outcome.kind for outcome in outcomes] == ["unavailable"] * 3
    assert len(scripted.token_requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"access_token": 1, "scope": "*", "expires_in": 1},
        {"access_token": "a", "scope": "*", "expires_in": True},
    ],
)
async def test_a_token_that_is_none_is_asked_for_again(
    scripted: ScriptedReddit, make_broker: MakeBroker, body: object
) -> None:
    scripted.token = says(body=body)
    with pytest.raises(SourceError) as raised:
        await ask_for_token(make_broker(deadline_s=1.0))
    assert raised.value.kind == "bad_answer"
    assert len(scripted.token_requests) == 2


async def test_tokens_are_not_held_back_by_the_rate_limit(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    broker = make_broker()
    broker._rate.hold(clock(), 60.0)
    assert (await ask_for_token(broker))["access_token"] == "tok"
    assert clock.slept == []


async def test_a_throttled_token_request_waits_as_told(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    good, scripted.token = scripted.token, says(429, retry_after="3")

    async def sleep(seconds: float) -> None:
        scripted.token = good
        await Clock.sleep(clock, seconds)

    broker = make_broker()
    broker._sleep = sleep
    assert (await ask_for_token(broker))["access_token"] == "tok"
    assert clock.slept == [3.0]


async def test_nothing_is_tried_again_after_closing(
    scripted: ScriptedReddit, make_broker: MakeBroker, clock: Clock
) -> None:
    scripted.script.append(scripted.hangs)
    broker = make_broker()
    asking = asyncio.create_task(get(broker))
    await scripted.arrived(1)
    await broker.close()
    with pytest.raises(SourceError) as raised:
        await asking
    assert (raised.value.kind, clock.slept) == ("unavailable", [])
