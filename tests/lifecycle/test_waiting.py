import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AccessDeniedError,
    AlterationError,
    ApiError,
    CloneError,
    DeadCloneError,
    ThrottledError,
    UnavailableError,
    WaitCancelledError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import CREATING, OWNED, STAGE_TAG
from pulumi_rdsclone.domain.instances import StatusKind, status_kind
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.waiting import (
    LookOptions,
    Patience,
    Watch,
    shown_within,
    wait_until_gone,
    wait_until_ready,
    wait_until_shown,
)
from tests.domain.samples import SOURCE
from tests.lifecycle.fakes import (
    GONE,
    PATIENCE,
    SCHEDULE,
    FakeClock,
    FakeProgress,
    FakeRds,
    Script,
    World,
)
from tests.lifecycle.fakes import api_error as error_of

HOUR = timedelta(hours=1)
BORN = {STAGE_TAG: CREATING}


DEAD: Final = (
    "will not become usable — run pulumi refresh to remove rm-clone from the state, "
    "then pulumi up to create a new clone"
)


class LockstepClock(FakeClock):
    """
    Time that passes when all of so many threads sleep.
    """

    def __init__(self, threads: int, step: float) -> None:
        super().__init__()
        self._barrier = threading.Barrier(
            threads, action=lambda: FakeClock.sleep(self, step)
        )

    def sleep(self, seconds: float, _until: Callable[[], bool] | None = None) -> None:
        """
        Wait for the others; the time moves once for all.
        """
        assert seconds > 0
        self._barrier.wait(timeout=20)


def clone(rds: FakeRds, script: Script, instance_id: str = "rm-clone") -> None:
    """
    Plant a clone that is being made.
    """
    rds.plant(replace(SOURCE, id=instance_id), BORN, script)


def wait(
    world: World,
    timeout: timedelta = HOUR,
    options: LookOptions | None = None,
    schedule: PollSchedule = SCHEDULE,
) -> None:
    """
    Wait for *rm-clone*.
    """
    watch = Watch(world.rds, world.clock, schedule, CREATING)
    wait_until_ready("rm-clone", watch, world.clock, world.progress, timeout, options)


def wait_gone(world: World, timeout: timedelta = HOUR) -> None:
    """
    Wait for *rm-clone* to be gone.
    """
    watch = Watch(world.rds, world.clock, SCHEDULE, OWNED)
    wait_until_gone("rm-clone", watch, world.clock, world.progress, timeout)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param("Running", StatusKind.READY, id="running"),
        pytest.param("Creating", StatusKind.BUSY, id="being made"),
        pytest.param("Rebooting", StatusKind.BUSY, id="restarting"),
        pytest.param("LEARNING_TO_FLY", StatusKind.BUSY, id="a word of tomorrow"),
        pytest.param("running", StatusKind.BUSY, id="another spelling is another word"),
        pytest.param("", StatusKind.BUSY, id="nothing told"),
        pytest.param("Deleting", StatusKind.FAILED, id="being released"),
        pytest.param("Released", StatusKind.FAILED, id="released"),
    ],
)
def test_status_kind(status: str, kind: StatusKind) -> None:
    """
    Known statuses are judged by the table, all others are busy.
    """
    assert kind is status_kind(status)


def test_many_clones_cost_one_call(world: World) -> None:
    """
    Whoever looks within an interval is served by one list call.
    """
    ids = [f"rm-{n}" for n in range(50)]
    for instance_id in ids:
        clone(world.rds, ((0, "Creating"), (10, "Running")), instance_id)
    watch = Watch(world.rds, world.clock, SCHEDULE, CREATING)

    first = {watch.status(instance_id, 10) for instance_id in ids}
    world.clock.sleep(9.5)
    second = {watch.status(instance_id, 10) for instance_id in ids}
    calls = list(world.rds.calls)
    world.clock.sleep(0.5)
    third = {watch.status(instance_id, 10) for instance_id in ids}

    assert [{"Creating"}, {"Creating"}, {"Running"}] == [first, second, third]
    assert calls == ["list_instances"]
    assert world.rds.calls == ["list_instances", "list_instances"]


@pytest.mark.parametrize("seconds", [-0.5, -3600])
def test_clock_that_was_set_back(world: World, seconds: float) -> None:
    """
    What seems to have been seen in the future is looked at again.
    """
    clone(world.rds, ((0, "Creating"),))
    watch = Watch(world.rds, world.clock, SCHEDULE, CREATING)

    watch.status("rm-clone", 10)
    world.clock.sleep(seconds)
    watch.status("rm-clone", 10)

    assert 2 == world.rds.count("list_instances")


def test_list_is_of_clones_being_made(world: World) -> None:
    """
    The list call asks for clones that are being made, not for the whole account.
    """
    clone(world.rds, ((0, "Creating"),))

    Watch(world.rds, world.clock, SCHEDULE, CREATING).status("rm-clone", 10)

    assert world.rds.asked == [("list_instances", {"rdsclone:stage": "creating"})]


def test_threads_share_the_calls() -> None:
    """
    Ten threads that wait for ten clones make one list call per interval in all.
    """
    clock = LockstepClock(threads=10, step=10)
    rds = FakeRds(clock)
    for number in range(10):
        clone(rds, ((0, "Creating"), (50, "Running")), f"rm-{number}")
    watch = Watch(rds, clock, SCHEDULE, CREATING)
    meeting = threading.Barrier(2)

    def let_others_in() -> None:
        # A second caller would meet the first one here; alone it goes on.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.1)

    rds.inside["list_instances"] = let_others_in

    def wait_for(number: int) -> None:
        wait_until_ready(f"rm-{number}", watch, clock, FakeProgress(), HOUR)

    with ThreadPoolExecutor(max_workers=10) as pool:
        list(pool.map(wait_for, range(10)))

    assert ["list_instances"] * 6 == rds.calls


def test_unlisted_clone_is_asked_for(world: World) -> None:
    """
    A clone that lists do not show, for its tags are on the way, is asked for alone.
    """
    world.rds.plant(
        replace(SOURCE, id="rm-clone"),
        {STAGE_TAG: OWNED},
        ((0, "Creating"), (20, "Running")),
    )

    wait(world)

    assert ["list_instances", "instance"] * 3 == world.rds.calls


def test_ready_at_once(world: World) -> None:
    """
    Who is ready is not waited for.
    """
    clone(world.rds, ((0, "Running"),))

    wait(world)

    assert world.clock.slept == []


def test_ready_later(world: World) -> None:
    """
    A clone is reported by the first look that sees it usable.
    """
    clone(
        world.rds,
        ((0, "Creating"), (95, "LEARNING_TO_FLY"), (200, "Running"), (205, "Moving")),
    )

    wait(world)

    assert [10] * 20 == world.clock.slept


@pytest.mark.parametrize(
    ("status", "told"),
    [
        pytest.param("Deleting", "Deleting", id="being released"),
        pytest.param("Released", "Released", id="released"),
        pytest.param(GONE, "gone", id="gone"),
    ],
)
def test_lost_clone_fails(world: World, status: str, told: str) -> None:
    """
    A clone that is going ends the wait; one that is gone, when two looks say so.
    """
    clone(world.rds, ((0, "Creating"), (60, status)))

    with pytest.raises(DeadCloneError) as failure:
        wait(world)

    assert failure.value.instance_id == "rm-clone"
    assert told == failure.value.status
    assert (70 if status == GONE else 60) == sum(world.clock.slept)
    assert f"rm-clone is {told} and {DEAD}" == str(failure.value)


def test_clone_that_was_gone_before_the_first_look(world: World) -> None:
    """
    A clone that no look has found, and that this run has not ordered, is gone.
    """
    with pytest.raises(DeadCloneError, match="rm-clone is gone and"):
        wait(world)
    assert [10] == world.clock.slept


def test_ordered_clone_that_was_seen_is_not_called_invisible(world: World) -> None:
    """
    An ordered clone that some look has found, and that is going, is told as it is.
    """
    clone(world.rds, ((0, "Creating"), (60, "Deleting")))

    with pytest.raises(DeadCloneError, match="rm-clone is Deleting and"):
        wait(world, options=LookOptions(ordered=world.clock.now()))


@pytest.mark.parametrize(
    ("timeout", "waited"),
    [
        pytest.param(timedelta(minutes=1), 60, id="a whole number of looks"),
        pytest.param(timedelta(seconds=55), 60, id="the look after the end"),
    ],
)
def test_time_out(world: World, timeout: timedelta, waited: int) -> None:
    """
    A clone that is still busy when the time is over ends the wait, not earlier.
    """
    clone(world.rds, ((0, "Creating"),))

    with pytest.raises(WaitTimedOutError) as failure:
        wait(world, timeout)

    assert timedelta(seconds=waited) == failure.value.waited
    assert str(failure.value) == "rm-clone is still Creating after 1m"


def test_ready_beats_the_time_out(world: World) -> None:
    """
    A clone that is usable when the time is over is usable.
    """
    clone(world.rds, ((0, "Creating"), (60, "Running")))

    wait(world, timedelta(minutes=1))

    assert [10] * 6 == world.clock.slept


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
@pytest.mark.parametrize("call", ["list_instances", "instance"])
def test_passing_failure_ends_nothing(
    world: World, kind: type[ApiError], call: str
) -> None:
    """
    A look that is throttled or gets no answer is a look that saw nothing.
    """
    clone(world.rds, ((0, "Creating"), (30, "Running")))
    if call == "instance":
        world.rds.set_tags("rm-clone", {STAGE_TAG: OWNED})
    world.rds.fail(call, error_of(kind), times=2)

    wait(world)

    assert [10] * 3 == world.clock.slept


def test_time_out_although_nothing_is_seen(world: World) -> None:
    """
    A wait ends in time even when no look ever succeeds.
    """
    clone(world.rds, ((0, "Running"),))
    world.rds.fail("list_instances", error_of(ThrottledError), times=100)

    with pytest.raises(WaitTimedOutError) as failure:
        wait(world, timedelta(minutes=2))

    assert timedelta(minutes=2) == failure.value.waited


def test_lasting_failure_ends_the_wait(world: World) -> None:
    """
    A look that is refused for good ends the wait with that error.
    """
    clone(world.rds, ((0, "Creating"),))
    world.rds.fail("list_instances", error_of(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        wait(world)


def leave_after(world: World, call: str, count: int) -> None:
    """
    Have the user leave inside the *count*th call of that name.
    """

    def look() -> None:
        if world.rds.count(call) == count:
            world.progress.leave()

    world.rds.inside[call] = look


def test_abandoned_wait(world: World) -> None:
    """
    A wait for which nobody waits ends before the next look.
    """
    clone(world.rds, ((0, "Creating"), (60, "Running")))
    leave_after(world, "list_instances", 3)

    with pytest.raises(AbandonedError):
        wait(world)
    assert world.rds.calls == ["list_instances"] * 3


def test_cancelled_wait(world: World) -> None:
    """
    A run that is cancelled waits no longer; what is known travels with the error.
    """
    clone(world.rds, ((0, "Creating"), (60, "Running")))
    world.rds.inside["list_instances"] = lambda: setattr(
        world.progress, "is_cancelled", True
    )

    with pytest.raises(WaitCancelledError) as failure:
        wait(world)

    assert "rm-clone" == failure.value.instance_id
    assert "was still Creating when the wait was cancelled after 0s" in str(
        failure.value
    )
    assert [] == world.clock.slept


def test_ready_beats_the_cancellation(world: World) -> None:
    """
    A clone that is usable when the run is cancelled is usable.
    """
    clone(world.rds, ((0, "Running"),))
    world.progress.is_cancelled = True

    wait(world)


def test_abandoned_release(world: World) -> None:
    """
    A release for which nobody waits is not watched any longer.
    """
    clone(world.rds, ((0, "Deleting"), (60, GONE)))
    leave_after(world, "instance", 2)

    with pytest.raises(AbandonedError):
        wait_gone(world)
    assert world.rds.calls == ["list_instances", "instance"] * 2


def test_progress(world: World) -> None:
    """
    Every change is shown, and once a minute that the wait still goes on.
    """
    clone(world.rds, ((0, "Creating"), (150, "Restoring"), (200, "Running")))

    wait(world)

    assert world.progress.shown == [
        "0 of 60 min, Creating",
        "1 of 60 min, Creating",
        "2 of 60 min, Creating",
        "2 of 60 min, Restoring",
        "3 of 60 min, Running",
    ]
    assert world.progress.warned == []


def test_short_limit(world: World) -> None:
    """
    A limit below two minutes is told in seconds.
    """
    clone(world.rds, ((0, "Creating"), (10, "Running")))

    wait(world, timedelta(seconds=90))

    assert ["0 of 90 s, Creating", "10 of 90 s, Running"] == world.progress.shown


def test_silence(world: World) -> None:
    """
    That nothing answers is told after half a minute, and every minute; then it goes on.
    """
    clone(world.rds, ((0, "Creating"), (150, "Running")))
    world.rds.fail("list_instances", error_of(UnavailableError), times=10)

    wait(world)

    assert world.progress.shown == [
        "no answer for 30 s",
        "no answer for 1 min",
        "1 of 60 min, Creating",
        "2 of 60 min, Running",
    ]


def test_silence_of_less_than_half_a_minute_is_not_shown(world: World) -> None:
    """
    That nothing answers is told after 30 seconds, not a second earlier.
    """
    clone(world.rds, ((0, "Running"),))
    world.rds.fail("list_instances", error_of(UnavailableError), times=31)

    wait(world, schedule=replace(SCHEDULE, first_interval=1, longest_interval=1))

    assert ["no answer for 30 s", "0 of 60 min, Running"] == world.progress.shown


def test_cancelled_while_nothing_answers(world: World) -> None:
    """
    A run that was cancelled does not wait for an answer that does not come.
    """
    clone(world.rds, RUNNING)
    gate = world.rds.hold("list_instances")
    world.progress.is_cancelled = True

    with pytest.raises(WaitCancelledError):
        wait(world)
    gate.set()


def test_gone(world: World) -> None:
    """
    A release is waited for until the API knows the instance no more.
    """
    script = ((0, "Running"), (15, "Deleting"), (45, GONE))
    world.rds.plant(replace(SOURCE, id="rm-clone"), {STAGE_TAG: OWNED}, script)

    wait_gone(world)

    assert [10] * 5 == world.clock.slept
    assert [*["list_instances"] * 6, "instance"] == world.rds.calls


def test_gone_is_not_unreadable(world: World) -> None:
    """
    An instance that could not be read is not taken for gone.
    """
    clone(world.rds, ((0, "Deleting"), (30, GONE)))
    world.rds.fail("instance", error_of(UnavailableError), times=2)

    wait_gone(world)

    assert [10] * 3 == world.clock.slept


def test_not_gone_in_time(world: World) -> None:
    """
    An instance that is still there when the time is over is told with its status.
    """
    clone(world.rds, ((0, "Deleting"),))

    with pytest.raises(
        WaitTimedOutError, match=r"rm-clone is still Deleting after 5m — run the same"
    ):
        wait_gone(world, timedelta(minutes=5))


def test_one_look_is_news_for_all(world: World) -> None:
    """
    Who waits hears at once of what another's look has shown.
    """
    clone(world.rds, ((0, "Creating"), (12, "Running")))
    watch = Watch(world.rds, world.clock, SCHEDULE, CREATING)
    slept = world.clock.sleep

    def another_looks(seconds: float, until: Callable[[], bool] | None = None) -> None:
        slept(12)
        watch.status("rm-clone", 0)
        slept(seconds, until)

    world.clock.sleep = another_looks  # type: ignore[method-assign]

    wait_until_ready("rm-clone", watch, world.clock, world.progress, HOUR)

    assert [12] == world.clock.slept
    assert ["list_instances", "list_instances"] == world.rds.calls


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        pytest.param(timedelta(), 10, id="at first"),
        pytest.param(timedelta(minutes=3), 10, id="soon"),
        pytest.param(timedelta(minutes=5), 15, id="a twentieth"),
        pytest.param(timedelta(hours=3), 30, id="for long"),
    ],
)
def test_interval(waited: timedelta, expected: float) -> None:
    """
    The longer it takes, the more rarely is asked; never exactly at the same time.
    """
    steady = PollSchedule(
        first_interval=10, longest_interval=30, list_lag=30, retry_delay=5
    )
    wavering = replace(steady, jitter=0.1)

    assert expected == steady.interval(waited)
    for _ in range(20):
        assert expected * 0.9 <= wavering.interval(waited) <= expected * 1.1
    assert len({wavering.interval(waited) for _ in range(20)}) > 1


# A change that shows


Lacks = tuple[tuple[float, tuple[str, ...]], ...]
"""What is missing, each with the seconds after which it is."""


class Change:
    """
    A change of *rm-clone* that shows when it will.
    """

    def __init__(self, world: World, lacks: Lacks) -> None:
        self.looks: list[float] = []
        self._world = world
        self._began = world.clock.now()
        self._lacks = lacks

    def missing(self) -> tuple[str, ...]:
        """
        Tell what is missing now.
        """
        age = (self._world.clock.now() - self._began).total_seconds()
        self.looks.append(age)
        return [names for after, names in self._lacks if after <= age][-1]

    def wait(self) -> None:
        """
        Wait until nothing is missing.
        """
        world = self._world
        watch = Watch(world.rds, world.clock, SCHEDULE, CREATING)
        wait_until_shown(
            "rm-clone", watch, world.clock, world.progress, self.missing, Patience()
        )


@pytest.mark.parametrize(
    ("aspects", "minutes"),
    [
        pytest.param({Aspect.SSL, Aspect.PAYMENT}, 6, id="another payment"),
        pytest.param({Aspect.SSL}, 3, id="anything else"),
    ],
)
def test_time_to_show(aspects: set[Aspect], minutes: int) -> None:
    """
    Another payment has longer to show than all other changes.
    """
    assert timedelta(minutes=minutes) == shown_within(aspects)


RUNNING: Script = ((0, "Running"),)
NOTHING: Lacks = ((0, ()),)


@pytest.mark.parametrize(
    ("script", "lacks", "looks", "seconds"),
    [
        pytest.param(RUNNING, NOTHING, [0], 0, id="at once"),
        pytest.param(
            RUNNING, ((0, ("ssl",)), (25, ())), [0, 10, 20, 30], 30, id="soon"
        ),
        pytest.param(
            RUNNING, ((0, ("ssl",)), (180, ())), [*range(0, 190, 10)], 180, id="late"
        ),
        pytest.param(
            ((0, "Rebooting"), (35, "Running")),
            NOTHING,
            [40],
            40,
            id="after it was busy",
        ),
        pytest.param(
            ((0, "Running"), (15, "Rebooting"), (300, "Running")),
            ((0, ("ssl",)), (300, ())),
            [0, 10, 300],
            300,
            id="busy late",
        ),
        pytest.param(
            ((0, "Running"), (15, "Rebooting"), (300, "Running")),
            ((0, ("ssl",)), (450, ())),
            [0, 10, *range(300, 460, 10)],
            450,
            id="busy late, and shown late",
        ),
        pytest.param(
            ((0, "Modifying"), (1800, "Running")),
            NOTHING,
            [1800],
            1800,
            id="at the end",
        ),
        pytest.param(
            ((0, "LEARNING_TO_FLY"), (20, "Running")),
            NOTHING,
            [20],
            20,
            id="a new word",
        ),
        pytest.param(
            ((0, "Running"), (100, "Rebooting"), (110, "Running")),
            ((0, ("ssl",)), (200, ())),
            [*range(0, 100, 10), *range(110, 210, 10)],
            200,
            id="busy for a moment",
        ),
    ],
)
def test_shown(
    world: World, script: Script, lacks: Lacks, looks: list[float], seconds: float
) -> None:
    """
    A change has been made when a usable instance shows it; a busy one is not asked.
    """
    clone(world.rds, script)
    change = Change(world, lacks)

    change.wait()

    assert looks == change.looks
    assert seconds == sum(world.clock.slept)


@pytest.mark.parametrize(
    ("script", "lacks", "error", "text", "seconds"),
    [
        pytest.param(
            RUNNING,
            ((0, ("ssl.acl",)),),
            AlterationError,
            "rm-clone still does not show these values, although the change was "
            "accepted: ssl.acl",
            180,
            id="never shown",
        ),
        pytest.param(
            RUNNING,
            ((0, ("a", "b", "c")), (100, ("b", "c"))),
            AlterationError,
            "rm-clone still does not show these values, although the change was "
            "accepted: b, c",
            180,
            id="shown in part",
        ),
        pytest.param(
            ((0, "Running"), (95, "Rebooting"), (200, "Running")),
            ((0, ("ssl",)),),
            AlterationError,
            "rm-clone still does not show these values, although the change was "
            "accepted: ssl",
            380,
            id="not shown after it was busy",
        ),
        pytest.param(
            ((0, "Rebooting"),),
            NOTHING,
            WaitTimedOutError,
            "rm-clone is still Rebooting after 30m",
            1800,
            id="busy for too long",
        ),
        pytest.param(
            ((0, "Running"), (95, "Rebooting")),
            ((0, ("ssl",)),),
            WaitTimedOutError,
            "rm-clone is still Rebooting after 30m",
            1800,
            id="busy for too long, late",
        ),
        pytest.param(
            ((0, "Rebooting"), (30, "Deleting")),
            NOTHING,
            DeadCloneError,
            f"rm-clone is Deleting and {DEAD}",
            30,
            id="being released",
        ),
        pytest.param(
            ((0, "Running"), (30, GONE)),
            ((0, ("ssl",)),),
            DeadCloneError,
            f"rm-clone is gone and {DEAD}",
            40,
            id="gone",
        ),
    ],
)
def test_not_shown(
    world: World,
    script: Script,
    lacks: Lacks,
    error: type[CloneError],
    text: str,
    seconds: float,
) -> None:
    """
    A change that does not show in time, or cannot, is told with what is missing.
    """
    clone(world.rds, script)

    with pytest.raises(error) as failure:
        Change(world, lacks).wait()

    assert text == str(failure.value)
    assert seconds == sum(world.clock.slept)


def test_look_at_a_change_that_fails(world: World) -> None:
    """
    What a look objects to ends the wait at once.
    """
    clone(world.rds, RUNNING)
    change = Change(world, NOTHING)

    def refuse() -> tuple[str, ...]:
        raise error_of(AccessDeniedError)

    change.missing = refuse  # type: ignore[method-assign]

    with pytest.raises(AccessDeniedError):
        change.wait()
    assert [] == world.clock.slept


def test_cancelled_change(world: World) -> None:
    """
    A run that is cancelled waits for no change that does not show yet.
    """
    clone(world.rds, RUNNING)
    world.progress.is_cancelled = True

    with pytest.raises(
        WaitCancelledError,
        match="was still Running when the wait was cancelled after 0s",
    ):
        Change(world, ((0, ("ssl",)),)).wait()
    Change(world, NOTHING).wait()


def test_abandoned_change(world: World) -> None:
    """
    A change for which nobody waits is not looked at any more.
    """
    clone(world.rds, RUNNING)
    leave_after(world, "list_instances", 2)
    change = Change(world, ((0, ("ssl",)),))

    with pytest.raises(AbandonedError):
        change.wait()
    assert [0, 10] == change.looks


def test_status_that_cannot_be_seen_during_a_change(world: World) -> None:
    """
    A look that is throttled or not answered says that nothing is known, and no more.
    """
    clone(world.rds, ((0, "Rebooting"), (10, "Running")))
    world.rds.fail("list_instances", error_of(ThrottledError))
    change = Change(world, NOTHING)

    change.wait()

    assert [10] == change.looks
    assert ["0 of 30 min, Running"] == world.progress.shown


@pytest.mark.parametrize(
    ("end", "error"),
    [
        pytest.param(
            lambda progress: setattr(progress, "is_cancelled", True),
            WaitCancelledError,
            id="cancelled",
        ),
        pytest.param(lambda progress: progress.leave(), AbandonedError, id="abandoned"),
    ],
)
def test_run_ends_while_a_change_is_looked_at(
    world: World, end: Callable[[FakeProgress], None], error: type[CloneError]
) -> None:
    """
    A run that ends does not wait for the look at a change that gets no answer.
    """
    clone(world.rds, RUNNING)
    change, gate = Change(world, NOTHING), threading.Event()

    def missing() -> tuple[str, ...]:
        end(world.progress)
        gate.wait(PATIENCE)
        return ()

    change.missing = missing  # type: ignore[method-assign]

    with pytest.raises(error):
        change.wait()
    gate.set()
