"""
Callers of one action go slower together when one of them was throttled.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud.throttling import RateLimiter, RateLimiters
from pulumi_rdsclone.domain.errors import ThrottledError
from tests.lifecycle.fakes import FakeClock, api_error


def throttled(retry_after: float = 0) -> Callable[[], str]:
    """
    Return a call that is throttled, with what the API asks to wait in seconds.
    """

    def call() -> str:
        error = api_error(ThrottledError)
        assert isinstance(error, ThrottledError)
        error.retry_after = timedelta(seconds=retry_after)
        raise error

    return call


def done() -> str:
    """
    Be called.
    """
    return "done"


def press(limiter: RateLimiter, times: int = 1, retry_after: float = 0) -> None:
    """
    Have so many calls throttled, one after the other.
    """
    for _ in range(times):
        with pytest.raises(ThrottledError):
            limiter.run(throttled(retry_after))


def test_nobody_waits_while_nothing_is_throttled() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)

    assert [limiter.run(done) for _ in range(100)] == ["done"] * 100
    assert [] == clock.slept


def test_gap_after_throttled_calls_doubles_up_to_a_limit() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)

    press(limiter, times=8)

    assert [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0] == clock.slept


def test_retry_after_holds_for_every_caller() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)

    press(limiter, retry_after=7)
    limiter.run(done)

    assert [7.0] == clock.slept


def test_gap_shrinks_with_each_call_that_is_not_throttled() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)
    press(limiter, times=3)

    for _ in range(20):
        limiter.run(done)
    before = len(clock.slept)
    for _ in range(20):
        limiter.run(done)

    assert before == len(clock.slept)


def test_concurrent_throttled_calls_double_the_gap_once() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)
    together = threading.Barrier(10)

    def call() -> str:
        together.wait(timeout=20)
        raise api_error(ThrottledError)

    def caller() -> None:
        with pytest.raises(ThrottledError):
            limiter.run(call)

    threads = [threading.Thread(target=caller) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    limiter.run(done)

    assert [0.1] == clock.slept


def test_each_action_is_limited_by_itself() -> None:
    limiters = RateLimiters(FakeClock())

    assert limiters.of("DescribePrice") is limiters.of("DescribePrice")
    assert limiters.of("DescribePrice") is not limiters.of("CloneDBInstance")
