"""Who calls: the address of a client, and how often it may do what is limited."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from math import ceil

from aiohttp import hdrs, web

from sentiment_service.api.problems import Problem

MAX_CLIENTS = 10_000
"""Addresses remembered by one limit; beyond, the one that was heard of longest ago is forgotten."""
SITE_PREFIX = 64
"""Bits of an IPv6 address that belong to one site, which has all the others to itself."""
UNKNOWN = "unknown"
"""Stands for a client without an address, as one of a local socket is."""

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class Clients:
    """Tells which client a request comes from.

    :param trusted_proxies: networks whose ``X-Forwarded-For`` is believed; nobody else's is.
    """

    def __init__(self, trusted_proxies: Sequence[str] = ()) -> None:
        self._trusted = [ipaddress.ip_network(network) for network in trusted_proxies]

    def of(self, request: web.Request) -> str:
        """The client's address; of IPv6, its site.

        What trusted proxies wrote is read from the right, where the nearest one added: the first address
        that is not a trusted proxy's is the client's, and everything left of it may be invented.
        """
        ip = _ip(request.remote or "")
        if ip is None:
            return UNKNOWN
        if self._trusted and self._trusts(ip):
            ip = self._forwarded(request, ip)
        if isinstance(ip, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((int(ip), SITE_PREFIX), strict=False))
        return str(ip)

    def _forwarded(self, request: web.Request, nearest: Ip) -> Ip:
        hops = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ())).split(",")
        for hop in reversed(hops):
            ip = _ip(_without_port(hop.strip()))
            if ip is None:
                return nearest
            nearest = ip
            if not self._trusts(ip):
                break
        return nearest

    def _trusts(self, ip: Ip) -> bool:
        return any(ip in network for network in self._trusted)


def _ip(text: str) -> Ip | None:
    """An address without its zone; an IPv4 address in IPv6's clothes is IPv4."""
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


class RateLimit:
    """So many in a period for each client, any of them at once; then one for each share of the period.

    A leaky bucket that keeps one number for each client: when its bucket will be full again
    (the virtual scheduling algorithm of ITU-T I.371).

    :param times: in a period, at once at most.
    :param period_s: seconds of the period.
    :param clock: seconds, monotonic.
    :param max_clients: remembered at once.
    """

    def __init__(
        self,
        times: int,
        period_s: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        max_clients: int = MAX_CLIENTS,
    ) -> None:
        self._share_s = period_s / times
        self._period_s = period_s
        self._clock = clock
        self._max_clients = max_clients
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def wait_s(self, client: str) -> float:
        """Seconds until the client may go on; 0 when it may now."""
        now = self._clock()
        wait_s = self._full_at.get(client, now) + self._share_s - self._period_s - now
        return wait_s if wait_s > self._share_s * 1e-6 else 0.0  # rounding is no wait

    def count(self, client: str) -> None:
        """It did it once more."""
        now = self._clock()
        self._full_at[client] = max(now, self._full_at.get(client, now)) + self._share_s
        self._full_at.move_to_end(client)
        if len(self._full_at) > self._max_clients:
            self._full_at.popitem(last=False)

    def check(self, client: str, detail: str) -> None:
        """Let a client that did it too often wait.

        :param detail: the sentence it is told.
        :raises Problem: 429 with ``Retry-After``.
        """
        wait_s = self.wait_s(client)
        if wait_s > 0:
            raise Problem(429, detail, headers={"Retry-After": str(ceil(wait_s))})


class CallLimit:
    """How often one client may make a call.

    :param clients: knows who calls.
    :param per_minute: calls a minute; 0 for no limit.
    :param clock: seconds, monotonic.
    """

    def __init__(
        self, clients: Clients, per_minute: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clients = clients
        self._limit = RateLimit(per_minute, 60, clock=clock) if per_minute else None

    def admit(self, request: web.Request) -> None:
        """Count a call.

        :raises Problem: 429 with ``Retry-After`` when there were too many.
        """
        if self._limit is None:
            return
        client = self._clients.of(request)
        self._limit.check(client, "Too many of these calls come from this address.")
        self._limit.count(client)
