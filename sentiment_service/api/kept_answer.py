"""An answer that is kept, the forms it is sent in, and how to make it anew."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sentiment_service.api.responses import COMPRESS_OVER_BYTES, Encoding, Form, form_of

Period = Literal["version", "hour", "minute"]
"""How long an answer stands: while its data do, and at most until the running hour or minute ends."""

OVERHEAD_BYTES = 3072
"""What an answer costs beside its bytes."""


class Answer:
    """One answer, and the forms it is sent in: each made once."""

    __slots__ = (
        *("_body", "_compressing", "_encoding", "_forms", "_link"),
        *("addresses", "asked_s", "key", "recipe", "size", "until"),
    )

    def __init__(
        self, key: Hashable, body: bytes, link: str, encoding: Encoding, until: datetime | None
    ) -> None:
        self.key = key
        self.until = until
        """When it ends to stand even though the data do not change."""
        self.size = len(body) * (2 if len(body) > COMPRESS_OVER_BYTES else 1) + OVERHEAD_BYTES
        """Bytes of memory, all forms included, at most."""
        self.addresses: list[tuple[str, str]] = []
        self.asked_s = 0.0
        """When somebody asked for it last, on a monotonic clock."""
        self.recipe: Recipe | None = None
        """How to make it anew; ``None`` unless it is kept."""
        self._body = body
        self._link = link
        self._encoding = encoding
        self._forms: dict[bool, Form] = {}
        self._compressing = asyncio.Lock()

    async def form(self, *, accepts_gzip: bool) -> Form:
        """The answer for a client that takes gzip or not."""
        if accepts_gzip not in self._forms:
            async with self._compressing:
                if accepts_gzip not in self._forms:
                    form = await form_of(self._body, self._link, self._encoding, accepts_gzip=accepts_gzip)
                    self._forms[accepts_gzip] = form
        return self._forms[accepts_gzip]


Make = Callable[[datetime | None], Awaitable[Answer]]
"""Makes an answer; told until when it stands."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an answer is made."""

    period: Period
    make: Make
    ahead: bool
    """Whether it may be made before anybody asks."""


def end_of(period: Period, now: datetime) -> datetime | None:
    """When an answer made now ends to stand by itself; ``None`` for never."""
    if period == "version":
        return None
    if period == "hour":
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
