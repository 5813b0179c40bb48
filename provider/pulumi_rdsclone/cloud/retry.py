"""
Repeating one call that failed for a passing reason. Waiting is another thing.
"""

from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from pulumi_rdsclone.domain.errors import ApiError

T = TypeVar("T")

ATTEMPTS = 4
"""One call and three repeats: five seconds at most, then the user should hear of it."""


def repeated(
    call: Callable[[], T], sleep: Callable[[float], None], attempts: int = ATTEMPTS
) -> T:
    """
    Call *call*, again while it fails for a passing reason; its last error passes.

    Only for calls whose effect may happen twice.

    Args:
        call: What to do.
        sleep: How to pass the seconds in between.
        attempts: How often at most.
    """
    retrying = Retrying(
        retry=retry_if_exception(_is_passing),
        stop=stop_after_attempt(attempts),
        wait=wait_exponential(multiplier=0.5, max=10) + wait_random(0, 0.5),
        sleep=sleep,
        reraise=True,
    )
    return retrying(call)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.retryable
