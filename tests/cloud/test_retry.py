import pytest

from pulumi_rdsclone.cloud.retry import ATTEMPTS, THROTTLED_ATTEMPTS, call_with_retries
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConflictError,
    NotFoundError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
)
from tests.lifecycle.fakes import api_error


class Call:
    """
    Fails with each of *errors*, then returns "done".
    """

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.count = 0

    def __call__(self) -> str:
        """
        Fail, or be done.
        """
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def test_successful_call_is_made_once_without_a_pause() -> None:
    call, pauses = Call(), list[float]()

    assert call_with_retries(call, pauses.append) == "done"
    assert (1, []) == (call.count, pauses)


def test_passing_failure_is_retried_with_growing_pauses() -> None:
    call, pauses = Call(*[api_error(UnavailableError)] * 3), list[float]()

    assert call_with_retries(call, pauses.append) == "done"
    assert call.count == 4
    assert 3 == len(pauses)
    assert sorted(pauses) == pauses
    assert 0.5 <= pauses[0]
    assert sum(pauses) < 6


def test_throttled_call_leaves_pauses_to_the_limiter() -> None:
    call, pauses = Call(*[api_error(ThrottledError)] * 29), list[float]()

    assert call_with_retries(call, pauses.append) == "done"
    assert [0.0] * 29 == pauses


def test_throttling_for_minutes_is_reported() -> None:
    call = Call(*[api_error(ThrottledError)] * THROTTLED_ATTEMPTS)

    with pytest.raises(ThrottledError):
        call_with_retries(call, list[float]().append)
    assert THROTTLED_ATTEMPTS == call.count


def test_last_failure_is_raised_when_attempts_are_used_up() -> None:
    errors = [api_error(UnavailableError) for _ in range(ATTEMPTS)]
    call, pauses = Call(*errors), list[float]()

    with pytest.raises(UnavailableError) as failure:
        call_with_retries(call, pauses.append)

    assert errors[-1] is failure.value
    assert (ATTEMPTS, ATTEMPTS - 1) == (call.count, len(pauses))


@pytest.mark.parametrize(
    "error",
    [
        *map(
            api_error, (ApiError, NotFoundError, AccessDeniedError, ConflictError, TokenUsedError)
        ),
        RuntimeError("a bug"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_lasting_failure_is_not_repeated(error: Exception) -> None:
    call, pauses = Call(error), list[float]()

    with pytest.raises(type(error)) as failure:
        call_with_retries(call, pauses.append)

    assert error is failure.value
    assert (1, []) == (call.count, pauses)
