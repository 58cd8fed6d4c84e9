"""The registry of endpoints: what a handler takes and gives is read from its own types.

A handler is an async function such as
``async def stats(context: Context, query: StatsQuery) -> StatsAnswer``. It may take ``context``, ``request``,
and validated ``query``, ``path`` and ``body`` models. What it returns is encoded as JSON; a
:class:`~sentiment_service.api.schema.Reply` adds a status or the cursor of the next page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from sentiment_service.api.kept_answer import Period
from sentiment_service.api.schema import Input, Reply
from sentiment_service.settings import ServerSettings

PREFIX = "/api/v1"
JSON = "application/json"
DEFAULT_BODY_LIMIT = 64 * 1024

PerMinute = Callable[[ServerSettings], int]
"""Reads from the settings how often one client may make a call in a minute; 0 for no limit."""

Function = TypeVar("Function", bound=Callable[..., Awaitable[Any]])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API."""

    method: str
    path: str
    function: Callable[..., Awaitable[Any]]
    summary: str
    tag: str
    query: type[Input] | None
    path_model: type[Input] | None
    body: type[Input] | None
    answer: Any
    """The type of the body that is sent."""
    status: int
    other_statuses: dict[int, str]
    """Further statuses with the same body, and what each means."""
    errors: tuple[int, ...]
    """Statuses of problem answers, those that follow from the inputs included."""
    admin: bool
    media_type: str
    body_limit: int
    kept: Period | None
    """How long its answers may be given out again; ``None`` for not at all."""
    ahead: bool
    """Whether its kept answers may be made anew before somebody asks again."""
    raw: bool
    """Whether the handler makes the response itself, which then has no ``ETag``."""
    per_minute: PerMinute | None
    """How often one client may make it; ``None`` for as often as it likes."""
    also: tuple[str, ...] = ()
    """Further media types that the answer can have."""
    if_match: bool = False
    """Whether it honours ``If-Match``."""

    @property
    def name(self) -> str:
        """The handler's name, unique in the API."""
        return self.function.__name__


class Routes:
    """The endpoints of one area."""

    def __init__(self, *, tag: str, prefix: str = PREFIX) -> None:
        self.endpoints: list[Endpoint] = []
        self._tag = tag
        self._prefix = prefix

    def get(
        self,
        path: str,
        *,
        summary: str,
        errors: tuple[int, ...] = (),
        other_statuses: dict[int, str] | None = None,
        admin: bool = False,
        media_type: str = JSON,
        kept: Period | None = None,
        ahead: bool = True,
        raw: bool = False,
        per_minute: PerMinute | None = None,
        also: tuple[str, ...] = (),
    ) -> Callable[[Function], Function]:
        """Register a handler of GET, and so of HEAD.

        :param kept: how long an answer may be given out again, if it depends on nothing but the path, the
            query, stored data whose change raises the data version, and the time.
        :param ahead: whether such answers may be made anew before somebody asks again; not for what takes
            long.
        :param raw: the handler makes the response itself.
        :param per_minute: how often one client may make it; not for what is kept.
        :param also: media types besides ``media_type`` that the answer can have.
        """
        return self._register(
            "GET",
            path,
            summary,
            200,
            errors,
            also=also,
            other_statuses=other_statuses,
            admin=admin,
            media_type=media_type,
            kept=kept,
            ahead=ahead,
            raw=raw,
            per_minute=per_minute,
        )

    def post(
        self,
        path: str,
        *,
        summary: str,
        status: int = 200,
        errors: tuple[int, ...] = (),
        admin: bool = False,
        body_limit: int = DEFAULT_BODY_LIMIT,
        per_minute: PerMinute | None = None,
    ) -> Callable[[Function], Function]:
        """Register a handler of POST."""
        return self._register(
            "POST",
            path,
            summary,
            status,
            errors,
            admin=admin,
            body_limit=body_limit,
            per_minute=per_minute,
        )

    def put(
        self,
        path: str,
        *,
        summary: str,
        errors: tuple[int, ...] = (),
        admin: bool = False,
        if_match: bool = False,
    ) -> Callable[[Function], Function]:
        """Register a handler of PUT.

        :param if_match: the handler honours ``If-Match``.
        """
        return self._register("PUT", path, summary, 200, errors, admin=admin, if_match=if_match)

    def delete(
        self,
        path: str,
        *,
        summary: str,
        errors: tuple[int, ...] = (),
        admin: bool = False,
        if_match: bool = False,
    ) -> Callable[[Function], Function]:
        """Register a handler of DELETE.

        :param if_match: the handler honours ``If-Match``.
        """
        return self._register("DELETE", path, summary, 200, errors, admin=admin, if_match=if_match)

    def _register(
        self,
        method: str,
        path: str,
        summary: str,
        status: int,
        errors: tuple[int, ...],
        *,
        other_statuses: dict[int, str] | None = None,
        admin: bool = False,
        media_type: str = JSON,
        body_limit: int = DEFAULT_BODY_LIMIT,
        kept: Period | None = None,
        ahead: bool = True,
        raw: bool = False,
        per_minute: PerMinute | None = None,
        also: tuple[str, ...] = (),
        if_match: bool = False,
    ) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            hints = get_type_hints(function, include_extras=True)
            models = {name: hints.get(name) for name in ("query", "path", "body")}
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=self._prefix + path,
                    function=function,
                    summary=summary,
                    tag=self._tag,
                    query=models["query"],
                    path_model=models["path"],
                    body=models["body"],
                    answer=_body_of(hints["return"]),
                    status=status,
                    other_statuses=other_statuses or {},
                    errors=_all_errors(
                        (*errors, 412) if if_match else errors,
                        models,
                        admin=admin,
                        limited=per_minute is not None,
                    ),
                    admin=admin,
                    media_type=media_type,
                    body_limit=body_limit,
                    kept=kept,
                    ahead=ahead,
                    raw=raw,
                    per_minute=per_minute,
                    also=also,
                    if_match=if_match,
                )
            )
            return function

        return register


def _body_of(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Reply else hint


def _all_errors(
    errors: tuple[int, ...], models: dict[str, Any], *, admin: bool, limited: bool
) -> tuple[int, ...]:
    implied = {422}  # every call refuses parameters it does not know
    if models["path"] is not None:
        implied.add(404)
    if models["body"] is not None:
        implied |= {400, 408, 413}
    if admin:
        implied |= {401, 403, 429}
    if limited:
        implied.add(429)
    return tuple(sorted(implied.union(errors)))
