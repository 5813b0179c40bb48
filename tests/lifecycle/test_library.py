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
from pulumi_rdsclone.lifecycle.library import BUDGET, Library, Read, SlowError
from tests.domain.samples import POLICY
from tests.lifecycle.fakes import PATIENCE, Killed, World, api_error

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
SHORT = timedelta(milliseconds=50)
LONG = timedelta(seconds=PATIENCE)


def library(world: World, budget: timedelta = BUDGET) -> Library:
    """
    Give an empty library.
    """
    return Library(world.rds, world.clock, budget)


def ask(shelves: Library, max_age: timedelta = MINUTE) -> Read:
    """
    Ask for the tasks of the source.
    """
    return shelves.ask("tasks", "rm-source", max_age=max_age)


def has_come(read: Read) -> None:
    """
    Come back when the call of *read* has.
    """
    read.future.exception(PATIENCE)


def test_answer(world: World) -> None:
    """
    The method is called with the arguments, and what it gives is given.
    """
    world.rds.tasks_running = ("BackupDBInstance",)
    shelves = library(world)

    assert ("BackupDBInstance",) == shelves.take(ask(shelves))
    assert [("tasks", "rm-source")] == world.rds.asked


def test_fifty_threads_share_one_call(world: World) -> None:
    """
    All who ask while a call is under way get its answer.
    """
    world.rds.tasks_running = ("BackupDBInstance",)
    gate = world.rds.hold("tasks")
    shelves = library(world)
    start, asked = threading.Barrier(50), threading.Barrier(51)

    def learn(_: int) -> object:
        start.wait(PATIENCE)
        read = ask(shelves)
        asked.wait(PATIENCE)
        return shelves.take(read)

    with ThreadPoolExecutor(50) as pool:
        answers = pool.map(learn, range(50))
        asked.wait(PATIENCE)
        gate.set()

    assert [("BackupDBInstance",)] * 50 == list(answers)
    assert ["tasks"] == world.rds.calls


def test_questions_are_told_apart(world: World) -> None:
    """
    Another method is another question, and so are other arguments.
    """
    shelves = library(world)
    reads = [
        shelves.ask("tasks", "rm-source", max_age=MINUTE),
        shelves.ask("tasks", "rm-other", max_age=MINUTE),
        shelves.ask("backup_policy", "rm-source", max_age=MINUTE),
    ]

    assert [(), (), POLICY] == [shelves.take(read) for read in reads]
    assert len(world.rds.calls) == 3


def test_questions_are_asked_at_the_same_time(world: World) -> None:
    """
    Whoever asks does not wait: the calls meet.
    """
    meeting = threading.Barrier(2)
    for name in ("tasks", "backup_policy"):
        world.rds.inside[name] = lambda: meeting.wait(PATIENCE)
    shelves = library(world)

    reads = [
        shelves.ask(name, "rm-source", max_age=MINUTE)
        for name in ("tasks", "backup_policy")
    ]

    assert [(), POLICY] == [shelves.take(read) for read in reads]


@pytest.mark.parametrize(
    ("age", "max_age", "calls"),
    [
        pytest.param(timedelta(), timedelta(), 1, id="asked for at the same time"),
        pytest.param(MINUTE, MINUTE, 1, id="just young enough"),
        pytest.param(MINUTE + SECOND, MINUTE, 2, id="a second too old"),
        pytest.param(MINUTE, SECOND, 2, id="too old for somebody else"),
        pytest.param(-SECOND, MINUTE, 2, id="from the future"),
    ],
)
@pytest.mark.parametrize(
    "error",
    [
        pytest.param(None, id="an answer"),
        pytest.param(api_error(AccessDeniedError), id="a refusal"),
    ],
)
def test_age(
    world: World,
    age: timedelta,
    max_age: timedelta,
    calls: int,
    error: ApiError | None,
) -> None:
    """
    Answers and refusals are asked for again when they are older than allowed.
    """
    if error:
        world.rds.fail("tasks", error)
    shelves = library(world)
    has_come(ask(shelves))
    world.clock.sleep(age.total_seconds())
    has_come(ask(shelves, max_age))

    assert calls == world.rds.count("tasks")


def test_age_counts_from_the_beginning(world: World) -> None:
    """
    An answer is as old as its question: it may have been true then only.
    """
    world.rds.inside["tasks"] = lambda: world.clock.sleep(9)
    shelves = library(world)
    shelves.take(ask(shelves))
    shelves.take(ask(shelves, max_age=5 * SECOND))

    assert world.rds.count("tasks") == 2


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(api_error(AccessDeniedError), id="no permission"),
        pytest.param(api_error(ConflictError), id="the wrong state"),
        pytest.param(api_error(NotFoundError), id="nobody there"),
        pytest.param(api_error(ApiError), id="an unknown code"),
    ],
)
def test_refusals_are_remembered(world: World, error: ApiError) -> None:
    """
    What was refused is not asked for again, and everybody is told.
    """
    world.rds.fail("tasks", error)
    shelves = library(world)

    for _ in range(3):
        with pytest.raises(type(error)) as failure:
            shelves.take(ask(shelves))
        assert error is failure.value
    assert ["tasks"] == world.rds.calls


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(api_error(UnavailableError), id="no answer"),
        pytest.param(api_error(ThrottledError), id="too many calls"),
        pytest.param(ConfigurationError("no keys"), id="no credentials"),
        pytest.param(TimeoutError("its own"), id="a time-out of its own"),
        pytest.param(RuntimeError("a bug"), id="a bug"),
        pytest.param(Killed(), id="the end"),
        pytest.param(SystemExit(1), id="another end"),
    ],
)
def test_other_failures_pass(world: World, error: BaseException) -> None:
    """
    Whatever a call raises reaches who asked, and the next who asks tries again.
    """
    world.rds.fail("tasks", error)
    shelves = library(world)

    with pytest.raises(type(error)) as failure:
        shelves.take(ask(shelves))
    assert error is failure.value
    assert shelves.take(ask(shelves)) == ()
    assert world.rds.count("tasks") == 2


def test_failure_reaches_all_who_wait(world: World) -> None:
    """
    A call that fails fails for everybody who asked meanwhile, not only for the first.
    """
    error = api_error(UnavailableError)
    world.rds.fail("tasks", error)
    gate = world.rds.hold("tasks")
    shelves = library(world)
    reads = [ask(shelves) for _ in range(5)]
    gate.set()

    for read in reads:
        with pytest.raises(UnavailableError):
            shelves.take(read)
    assert ["tasks"] == world.rds.calls


def test_slow_answer_is_not_waited_for(world: World) -> None:
    """
    Who waits is let go when the budget is used up, with one sentence.
    """
    gate = world.rds.hold("tasks")
    shelves = library(world, SHORT)
    began = time.monotonic()

    with pytest.raises(SlowError, match=r"^no answer came within 0\.05s$"):
        shelves.take(ask(shelves))

    assert SHORT.total_seconds() <= time.monotonic() - began < PATIENCE / 2
    gate.set()


def test_budget_is_spent_once(world: World) -> None:
    """
    Who asks for what is late already does not wait, and does not ask a second time.
    """
    gate = world.rds.hold("tasks")
    shelves = library(world, LONG)
    ask(shelves)
    world.clock.sleep(PATIENCE)
    began = time.monotonic()

    for _ in range(100):
        with pytest.raises(SlowError):
            shelves.take(ask(shelves))

    assert time.monotonic() - began < PATIENCE / 2
    assert world.rds.count("tasks") <= 1
    gate.set()


def test_late_answer_is_used(world: World) -> None:
    """
    A call that comes back after all has not been for nothing.
    """
    world.rds.tasks_running = ("BackupDBInstance",)
    gate = world.rds.hold("tasks")
    shelves = library(world, SHORT)
    read = ask(shelves)
    with pytest.raises(SlowError):
        shelves.take(read)

    gate.set()
    has_come(read)
    world.clock.sleep(30)

    assert ("BackupDBInstance",) == shelves.take(ask(shelves))
    assert ["tasks"] == world.rds.calls


def test_answer_that_is_there_needs_no_budget(world: World) -> None:
    """
    An answer that came in time is given however late it is taken.
    """
    shelves = library(world, SHORT)
    read = ask(shelves)
    has_come(read)
    world.clock.sleep(3600)

    assert shelves.take(read) == ()


def test_hanging_call_does_not_keep_the_process_alive(world: World) -> None:
    """
    The process may end while calls are under way.
    """
    inside = threading.Event()
    gate = threading.Event()

    def hang() -> None:
        inside.set()
        gate.wait(PATIENCE)

    world.rds.inside["tasks"] = hang
    before = set(threading.enumerate())
    read = ask(library(world))
    assert inside.wait(PATIENCE)

    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon
    gate.set()
    has_come(read)


def test_call_that_cannot_begin_is_not_under_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A machine out of threads says so, and nobody waits for what never began.
    """

    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    shelves = library(world)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start"):
            ask(shelves)

    assert shelves.take(ask(shelves)) == ()
