"""What asyncprawcore raises, as our own errors."""

from asyncprawcore.exceptions import (
    AsyncPrawcoreException,
    InvalidToken,
    OAuthException,
    Redirect,
    ResponseException,
)

from sentiment_service.errors import SourceError
from sentiment_service.sources.answer import Answer

_CHECK_APP = "check reddit.client_id and reddit.client_secret, and that Reddit approved the app"


def source_error_of(error: AsyncPrawcoreException, subject: str) -> SourceError:
    """The error to raise instead of asyncprawcore's.

    :param subject: what was asked for, as a person would say it: ``r/Cursor``.
    """
    if isinstance(error, OAuthException):
        return SourceError("unauthorized", f"Reddit gave no token ({error.error}): {_CHECK_APP}")
    if isinstance(error, InvalidToken):
        return SourceError("unauthorized", f"Reddit refused its own fresh token for {subject}: {_CHECK_APP}")
    if isinstance(error, Redirect):
        return SourceError("not_found", f"{subject} does not exist: Reddit points elsewhere")
    answer: object = error.response if isinstance(error, ResponseException) else None
    if not isinstance(answer, Answer):
        return SourceError(
            "bad_answer", f"the Reddit client failed with {type(error).__name__} for {subject}"
        )
    if answer.for_token:
        return SourceError("unauthorized", f"Reddit refused the app ({answer.status}): {_CHECK_APP}")
    return _refusal(answer, subject)


def _refusal(answer: Answer, subject: str) -> SourceError:
    reason = answer.reason
    if reason in ("private", "gold_only"):
        return SourceError("private", f"{subject} is private ({reason})")
    if reason == "quarantined":
        return SourceError(
            "quarantined", f"{subject} is quarantined: Reddit shows it only to accounts that opted in"
        )
    if reason == "banned":
        return SourceError("banned", f"{subject} is banned")
    if answer.status == 404:
        return SourceError("not_found", f"{subject} does not exist")
    if answer.status == 451:
        return SourceError("banned", f"{subject} is withheld for legal reasons")
    if answer.status == 403:
        return SourceError("forbidden", f"Reddit refused {subject} without a reason (403): {_CHECK_APP}")
    return SourceError("bad_answer", f"Reddit answered {answer.status} for {subject}")
