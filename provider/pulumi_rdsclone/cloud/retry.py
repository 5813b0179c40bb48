"""
Retries one call after a transient error. Polling an instance is in lifecycle/waiting.
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
"""One call and three retries, at most five seconds."""

THROTTLED_ATTEMPTS = 30
"""Throttled calls had no effect and are spaced by up to five seconds: two minutes."""


def call_with_retries(
    call: Callable[[], T],
    sleep: Callable[[float], None],
    *,
    may_be_lost: bool = True,
) -> T:
    """
    Return the result of *call*, which is retried after transient errors.

    After a throttled call there is no pause here: the rate limiter of the action
    spaces all its callers.

    Args:
        call: The call.
        sleep: Waits for a number of seconds.
        may_be_lost: Whether to retry, too, where the reply was lost: only for calls
            that may take effect twice. Otherwise the caller finds out what happened.

    Raises:
        ApiError: The last error of *call*, where retries do not help.
    """
    is_passing = _is_transient if may_be_lost else _is_without_effect
    retrying = Retrying(
        retry=retry_if_exception(is_passing),
        stop=_is_enough,
        wait=_pause,
        sleep=sleep,
        reraise=True,
    )
    return retrying(call)


def _is_transient(error: BaseException) -> bool:
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
