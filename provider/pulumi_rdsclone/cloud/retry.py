"""
Repeating one call that failed for a passing reason. Waiting is another thing.
"""

from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    wait_exponential,
    wait_random,
)

from pulumi_rdsclone.domain.errors import ApiError, ThrottledError

T = TypeVar("T")

ATTEMPTS = 4
"""One call and three repeats: five seconds at most, then the user should hear of it."""

THROTTLED_ATTEMPTS = 30
"""Throttled calls had no effect and are spaced, up to five seconds: two minutes."""


def repeated(
    call: Callable[[], T],
    sleep: Callable[[float], None],
    *,
    may_be_lost: bool = True,
) -> T:
    """
    Call *call*, again while it fails for a passing reason; its last error passes.

    Who is throttled is not made to wait here: the brake of the action does that, for
    all its callers.

    Args:
        call: What to do.
        sleep: How to pass the seconds in between.
        may_be_lost: Whether it is repeated, too, when its reply was lost: only for
            calls whose effect may happen twice. Else who calls looks what there is.
    """
    is_passing = _is_passing if may_be_lost else _is_without_effect
    retrying = Retrying(
        retry=retry_if_exception(is_passing),
        stop=_is_enough,
        wait=_pause,
        sleep=sleep,
        reraise=True,
    )
    return retrying(call)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.retryable


def _is_without_effect(error: BaseException) -> bool:
    return isinstance(error, ThrottledError)


def _is_enough(state: RetryCallState) -> bool:
    most = THROTTLED_ATTEMPTS if _is_throttled(state) else ATTEMPTS
    return state.attempt_number >= most


_growing = wait_exponential(multiplier=0.5, max=10) + wait_random(0, 0.5)


def _pause(state: RetryCallState) -> float:
    return 0.0 if _is_throttled(state) else _growing(state)


def _is_throttled(state: RetryCallState) -> bool:
    error = state.outcome and state.outcome.exception()
    return isinstance(error, ThrottledError)
