"""
One call for all who ask, remembered for as long as it may, and waited for not for long.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from pulumi_rdsclone.lifecycle.read_cache import (
    READ_TIMEOUT,
    PendingRead,
    ReadCache,
    ReadTimedOutError,
)
from tests.domain.samples import POLICY
from tests.lifecycle.fakes import PATIENCE, Fakes, Killed, api_error
from tests.support.rows import row

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
SHORT = timedelta(milliseconds=50)
LONG = timedelta(seconds=PATIENCE)


def empty_cache(fakes: Fakes, timeout: timedelta = READ_TIMEOUT) -> ReadCache:
    return ReadCache(fakes.rds, fakes.clock, timeout=timeout)


def start_read(cache: ReadCache, max_age: timedelta = MINUTE) -> PendingRead:
    return cache.start("tasks", "rm-source", max_age=max_age)


def has_come(read: PendingRead) -> None:
    """
    Wait until the call of *read* has come back.
    """
    read.future.exception(PATIENCE)


def test_method_is_called_and_its_answer_given(fakes: Fakes) -> None:
    fakes.rds.tasks_running = ("BackupDBInstance",)
    cache = empty_cache(fakes)

    assert ("BackupDBInstance",) == cache.result(start_read(cache))
    assert [("tasks", "rm-source")] == fakes.rds.asked


def test_fifty_threads_share_one_call(fakes: Fakes) -> None:
    fakes.rds.tasks_running = ("BackupDBInstance",)
    gate = fakes.rds.hold("tasks")
    cache = empty_cache(fakes)
    start, asked = threading.Barrier(50), threading.Barrier(51)

    def read_once(_: int) -> object:
        start.wait(PATIENCE)
        read = start_read(cache)
        asked.wait(PATIENCE)
        return cache.result(read)

    with ThreadPoolExecutor(50) as pool:
        answers = pool.map(read_once, range(50))
        asked.wait(PATIENCE)
        gate.set()

    assert [("BackupDBInstance",)] * 50 == list(answers)
    assert ["tasks"] == fakes.rds.calls


def test_other_methods_and_arguments_are_other_questions(fakes: Fakes) -> None:
    cache = empty_cache(fakes)
    reads = [
        cache.start("tasks", "rm-source", max_age=MINUTE),
        cache.start("tasks", "rm-other", max_age=MINUTE),
        cache.start("backup_policy", "rm-source", max_age=MINUTE),
    ]

    assert [(), (), POLICY] == [cache.result(read) for read in reads]
    assert len(fakes.rds.calls) == 3


def test_questions_are_asked_at_the_same_time(fakes: Fakes) -> None:
    meeting = threading.Barrier(2)
    for name in ("tasks", "backup_policy"):
        fakes.rds.inside[name] = lambda: meeting.wait(PATIENCE)
    cache = empty_cache(fakes)

    reads = [cache.start(name, "rm-source", max_age=MINUTE) for name in ("tasks", "backup_policy")]

    assert [(), POLICY] == [cache.result(read) for read in reads]


@pytest.mark.parametrize(
    ("age", "max_age", "calls"),
    [
        row("asked for at the same time", timedelta(), timedelta(), 1),
        row("just young enough", MINUTE, MINUTE, 1),
        row("a second too old", MINUTE + SECOND, MINUTE, 2),
        row("too old for somebody else", MINUTE, SECOND, 2),
        row("from the future", -SECOND, MINUTE, 2),
    ],
)
@pytest.mark.parametrize(
    "error", [row("an answer", None), row("a refusal", api_error(AccessDeniedError))]
)
def test_old_answers_are_asked_for_again(
    fakes: Fakes, age: timedelta, max_age: timedelta, calls: int, error: ApiError | None
) -> None:
    if error:
        fakes.rds.fail("tasks", error)
    cache = empty_cache(fakes)
    has_come(start_read(cache))
    fakes.clock.sleep(age.total_seconds())
    has_come(start_read(cache, max_age))

    assert calls == fakes.rds.count("tasks")


def test_age_counts_from_the_beginning(fakes: Fakes) -> None:
    """
    An answer is as old as its question: it may have been true then only.
    """
    fakes.rds.inside["tasks"] = lambda: fakes.clock.sleep(9)
    cache = empty_cache(fakes)
    cache.result(start_read(cache))
    cache.result(start_read(cache, max_age=5 * SECOND))

    assert fakes.rds.count("tasks") == 2


@pytest.mark.parametrize(
    "error",
    [
        row("no permission", api_error(AccessDeniedError)),
        row("the wrong state", api_error(ConflictError)),
        row("nobody there", api_error(NotFoundError)),
        row("an unknown code", api_error(ApiError)),
    ],
)
def test_refusals_are_remembered(fakes: Fakes, error: ApiError) -> None:
    fakes.rds.fail("tasks", error)
    cache = empty_cache(fakes)

    for _ in range(3):
        with pytest.raises(type(error)) as failure:
            cache.result(start_read(cache))
        assert error is failure.value
    assert ["tasks"] == fakes.rds.calls


@pytest.mark.parametrize(
    "error",
    [
        row("no answer", api_error(UnavailableError)),
        row("too many calls", api_error(ThrottledError)),
        row("no credentials", ConfigurationError("no keys")),
        row("a time-out of its own", TimeoutError("its own")),
        row("a bug", RuntimeError("a bug")),
        row("the end", Killed()),
        row("another end", SystemExit(1)),
    ],
)
def test_other_failures_are_raised_and_not_remembered(fakes: Fakes, error: BaseException) -> None:
    fakes.rds.fail("tasks", error)
    cache = empty_cache(fakes)

    with pytest.raises(type(error)) as failure:
        cache.result(start_read(cache))
    assert error is failure.value
    assert cache.result(start_read(cache)) == ()
    assert fakes.rds.count("tasks") == 2


def test_failure_reaches_all_who_wait(fakes: Fakes) -> None:
    error = api_error(UnavailableError)
    fakes.rds.fail("tasks", error)
    gate = fakes.rds.hold("tasks")
    cache = empty_cache(fakes)
    reads = [start_read(cache) for _ in range(5)]
    gate.set()

    for read in reads:
        with pytest.raises(UnavailableError):
            cache.result(read)
    assert ["tasks"] == fakes.rds.calls


def test_slow_answer_is_not_waited_for(fakes: Fakes) -> None:
    gate = fakes.rds.hold("tasks")
    cache = empty_cache(fakes, SHORT)
    began = time.monotonic()

    with pytest.raises(ReadTimedOutError, match=r"^no answer came within 0\.05s$"):
        cache.result(start_read(cache))

    assert SHORT.total_seconds() <= time.monotonic() - began < PATIENCE / 2
    gate.set()


def test_timeout_is_spent_once(fakes: Fakes) -> None:
    gate = fakes.rds.hold("tasks")
    cache = empty_cache(fakes, LONG)
    start_read(cache)
    fakes.clock.sleep(PATIENCE)
    began = time.monotonic()

    for _ in range(100):
        with pytest.raises(ReadTimedOutError):
            cache.result(start_read(cache))

    assert time.monotonic() - began < PATIENCE / 2
    assert fakes.rds.count("tasks") <= 1
    gate.set()


def test_late_answer_is_used(fakes: Fakes) -> None:
    fakes.rds.tasks_running = ("BackupDBInstance",)
    gate = fakes.rds.hold("tasks")
    cache = empty_cache(fakes, SHORT)
    read = start_read(cache)
    with pytest.raises(ReadTimedOutError):
        cache.result(read)

    gate.set()
    has_come(read)
    fakes.clock.sleep(30)

    assert ("BackupDBInstance",) == cache.result(start_read(cache))
    assert ["tasks"] == fakes.rds.calls


def test_answer_that_is_there_needs_no_timeout(fakes: Fakes) -> None:
    cache = empty_cache(fakes, SHORT)
    read = start_read(cache)
    has_come(read)
    fakes.clock.sleep(3600)

    assert cache.result(read) == ()


def test_hanging_call_does_not_keep_the_process_alive(fakes: Fakes) -> None:
    inside = threading.Event()
    gate = threading.Event()

    def hang() -> None:
        inside.set()
        gate.wait(PATIENCE)

    fakes.rds.inside["tasks"] = hang
    before = set(threading.enumerate())
    read = start_read(empty_cache(fakes))
    assert inside.wait(PATIENCE)

    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon
    gate.set()
    has_come(read)


def test_call_that_cannot_begin_is_not_under_way(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A machine out of threads says so, and nobody waits for what never began.
    """

    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    cache = empty_cache(fakes)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start"):
            start_read(cache)

    assert cache.result(start_read(cache)) == ()
