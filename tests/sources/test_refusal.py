from asyncprawcore.exceptions import InvalidInvocation

from sentiment_service.sources.refusal import source_error_of


def test_a_failure_of_the_client_itself_names_its_class_only() -> None:
    error = source_error_of(InvalidInvocation("with details"), "r/Cursor")
    assert (error.kind, error.detail) == (
        "bad_answer",
        "the Reddit client failed with InvalidInvocation for r/Cursor",
    )
