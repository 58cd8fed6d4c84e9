"""Who may call the admin part: whoever knows the configured token."""

import hmac
import time
from collections.abc import Callable

from aiohttp import web

from sentiment_service.api.clients import Clients, RateLimit
from sentiment_service.api.problems import Problem
from sentiment_service.settings import AdminSettings

HEADER = "X-Admin-Token"
FINGERPRINT_CHARACTERS = 16
TRIES_PERIOD_S = 300.0
"""Seconds in which ``admin.max_failed_tries`` wrong tokens are borne with."""


class AdminGate:
    """Lets administrators pass.

    A client that guesses has to wait, even with the right token, so that guessing on tells it nothing. Who
    sends no token guesses nothing.

    :param clients: knows who calls.
    :param clock: seconds, monotonic.
    """

    def __init__(
        self, settings: AdminSettings, clients: Clients, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._expected = settings.token.get_secret_value().encode()
        self._clients = clients
        self._failures = RateLimit(settings.max_failed_tries, TRIES_PERIOD_S, clock=clock)

    def fingerprint(self, request: web.Request) -> str:
        """A hash of a client's address that tells nobody the address who does not know the token."""
        client = self._clients.of(request).encode()
        return hmac.digest(self._expected, client, "sha256").hex()[:FINGERPRINT_CHARACTERS]

    def admit(self, request: web.Request) -> None:
        """Let nobody pass without the token.

        :raises Problem: 403 when no token is configured, 429 when the client tried too often, 401 when the
            token is missing or wrong.
        """
        if not self._expected:
            raise Problem(403, "Admin calls are switched off: no admin token is configured.")
        client = self._clients.of(request)
        self._failures.check(client, "Too many wrong tokens came from this address.")
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if hmac.compare_digest(given, self._expected):
            return
        if given:
            self._failures.count(client)
        detail = f"The {HEADER} header is {'wrong' if given else 'missing'}."
        raise Problem(401, detail, headers={"WWW-Authenticate": f'Token realm="admin", header="{HEADER}"'})


GATE: web.AppKey[AdminGate] = web.AppKey("api_admin_gate", AdminGate)
