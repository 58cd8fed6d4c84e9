"""Who calls, and how often."""

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from sentiment_service.api.clients import CallLimit, Clients, RateLimit
from sentiment_service.api.problems import Problem

PROXIES = ("10.0.0.0/8", "fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # not a proxy: it invents
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # what is left of it may be invented
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.2.2.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.3.3.3, 10.2.2.2"], "10.3.3.3"),
        ("10.0.0.1", ["198.51.100.1, nonsense, 10.2.2.2"], "10.2.2.2"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8:1:2:3::4]:4711"], "2001:db8:1:2::/64"),
        ("10.0.0.1", ["2001:db8:1:2:ffff::1"], "2001:db8:1:2::/64"),
        ("fd00::1", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("fe80::1%eth0", ["198.51.100.1"], "fe80::/64"),
        ("", ["198.51.100.1"], "unknown"),
    ],
)
def test_a_client_is_its_peer_or_what_a_trusted_proxy_says(
    peer: str, forwarded: list[str], client: str
) -> None:
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    assert Clients(PROXIES).of(request) == client


def test_nobody_is_believed_by_default() -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": "198.51.100.1"})
    assert Clients().of(request.clone(remote="10.0.0.1")) == "10.0.0.1"


class Clock:
    """Stands where the test puts it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_one_for_each_share_of_the_period() -> None:
    clock = Clock()
    limit = RateLimit(10, 300, clock=clock)
    for _ in range(10):
        limit.check("a", "too many")
        limit.count("a")
    assert limit.wait_s("a") == pytest.approx(30)
    with pytest.raises(Problem) as caught:
        limit.check("a", "too many")
    assert (caught.value.status, caught.value.headers) == (429, {"Retry-After": "30"})
    assert limit.wait_s("b") == 0
    clock.now += 30
    assert limit.wait_s("a") == 0
    limit.count("a")
    assert limit.wait_s("a") > 0
    clock.now += 300
    for _ in range(10):
        assert limit.wait_s("a") == 0
        limit.count("a")
    assert limit.wait_s("a") > 0


def test_only_so_many_clients_are_remembered() -> None:
    limit = RateLimit(1, 60, clock=Clock(), max_clients=3)
    for client in "abcde":
        limit.count(client)
    assert len(limit) == 3
    assert [limit.wait_s(client) > 0 for client in "abcde"] == [False, False, True, True, True]


def test_a_call_without_a_limit_is_never_refused() -> None:
    limit, admitted = CallLimit(Clients(), 0, clock=Clock()), 0
    for _ in range(1000):
        limit.admit(make_mocked_request("POST", "/"))
        admitted += 1
    assert admitted == 1000
