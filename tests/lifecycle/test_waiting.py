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
    ApiError,
    ChangeError,
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
    Timeouts,
    shown_within,
    wait_until_gone,
    wait_until_ready,
    wait_until_shown,
)
from pulumi_rdsclone.lifecycle.watching import Watch
from tests.domain.samples import SOURCE
from tests.lifecycle.fakes import (
    GONE,
    PATIENCE,
    SCHEDULE,
    FakeClock,
    FakeProgress,
    FakeRds,
    Fakes,
    Script,
)
from tests.lifecycle.fakes import api_error as error_of
from tests.support.rows import row

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
        self._barrier = threading.Barrier(threads, action=lambda: FakeClock.sleep(self, step))

    def sleep(self, seconds: float, _until: Callable[[], bool] | None = None) -> None:
        assert seconds > 0
        self._barrier.wait(timeout=20)


def clone(rds: FakeRds, script: Script, instance_id: str = "rm-clone") -> None:
    rds.plant(replace(SOURCE, id=instance_id), BORN, script)


def wait(
    fakes: Fakes,
    timeout: timedelta = HOUR,
    options: LookOptions | None = None,
    schedule: PollSchedule = SCHEDULE,
) -> None:
    watch = Watch(fakes.rds, fakes.clock, schedule=schedule, stage=CREATING)
    wait_until_ready(
        "rm-clone",
        watch,
        clock=fakes.clock,
        progress=fakes.progress,
        timeout=timeout,
        options=options,
    )


def wait_gone(fakes: Fakes, timeout: timedelta = HOUR) -> None:
    watch = Watch(fakes.rds, fakes.clock, schedule=SCHEDULE, stage=OWNED)
    wait_until_gone("rm-clone", watch, clock=fakes.clock, progress=fakes.progress, timeout=timeout)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        row("running", "Running", StatusKind.READY),
        row("being made", "Creating", StatusKind.BUSY),
        row("restarting", "Rebooting", StatusKind.BUSY),
        row("a word of tomorrow", "LEARNING_TO_FLY", StatusKind.BUSY),
        row("another spelling is another word", "running", StatusKind.BUSY),
        row("nothing told", "", StatusKind.BUSY),
        row("being released", "Deleting", StatusKind.FAILED),
        row("released", "Released", StatusKind.FAILED),
    ],
)
def test_unknown_status_is_busy(status: str, kind: StatusKind) -> None:
    assert kind is status_kind(status)


def test_many_clones_cost_one_call(fakes: Fakes) -> None:
    ids = [f"rm-{n}" for n in range(50)]
    for instance_id in ids:
        clone(fakes.rds, ((0, "Creating"), (10, "Running")), instance_id)
    watch = Watch(fakes.rds, fakes.clock, schedule=SCHEDULE, stage=CREATING)

    first = {watch.status(instance_id, 10) for instance_id in ids}
    fakes.clock.sleep(9.5)
    second = {watch.status(instance_id, 10) for instance_id in ids}
    calls = list(fakes.rds.calls)
    fakes.clock.sleep(0.5)
    third = {watch.status(instance_id, 10) for instance_id in ids}

    assert [{"Creating"}, {"Creating"}, {"Running"}] == [first, second, third]
    assert calls == ["list_instances"]
    assert fakes.rds.calls == ["list_instances", "list_instances"]


@pytest.mark.parametrize("seconds", [-0.5, -3600])
def test_look_from_the_future_is_repeated(fakes: Fakes, seconds: float) -> None:
    clone(fakes.rds, ((0, "Creating"),))
    watch = Watch(fakes.rds, fakes.clock, schedule=SCHEDULE, stage=CREATING)

    watch.status("rm-clone", 10)
    fakes.clock.sleep(seconds)
    watch.status("rm-clone", 10)

    assert 2 == fakes.rds.count("list_instances")


def test_list_is_of_clones_being_made(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"),))

    Watch(fakes.rds, fakes.clock, schedule=SCHEDULE, stage=CREATING).status("rm-clone", 10)

    assert fakes.rds.asked == [("list_instances", {"rdsclone:stage": "creating"})]


def test_threads_share_the_calls() -> None:
    clock = LockstepClock(threads=10, step=10)
    rds = FakeRds(clock)
    for number in range(10):
        clone(rds, ((0, "Creating"), (50, "Running")), f"rm-{number}")
    watch = Watch(rds, clock, schedule=SCHEDULE, stage=CREATING)
    meeting = threading.Barrier(2)

    def let_others_in() -> None:
        # A second caller would meet the first one here; alone it goes on.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.1)

    rds.inside["list_instances"] = let_others_in

    def wait_for(number: int) -> None:
        wait_until_ready(f"rm-{number}", watch, clock=clock, progress=FakeProgress(), timeout=HOUR)

    with ThreadPoolExecutor(max_workers=10) as pool:
        list(pool.map(wait_for, range(10)))

    assert ["list_instances"] * 6 == rds.calls


def test_clone_that_lists_do_not_show_is_asked_for_alone(fakes: Fakes) -> None:
    fakes.rds.plant(
        replace(SOURCE, id="rm-clone"), {STAGE_TAG: OWNED}, ((0, "Creating"), (20, "Running"))
    )

    wait(fakes)

    assert ["list_instances", "instance"] * 3 == fakes.rds.calls


def test_clone_that_is_ready_is_not_waited_for(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Running"),))

    wait(fakes)

    assert fakes.clock.slept == []


def test_first_look_at_a_usable_clone_ends_the_wait(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (95, "LEARNING_TO_FLY"), (200, "Running"), (205, "Moving")))

    wait(fakes)

    assert [10] * 20 == fakes.clock.slept


@pytest.mark.parametrize(
    ("status", "told"),
    [
        row("being released", "Deleting", "Deleting"),
        row("released", "Released", "Released"),
        row("gone", GONE, "gone"),
    ],
)
def test_clone_that_is_going_or_gone_ends_the_wait(fakes: Fakes, status: str, told: str) -> None:
    clone(fakes.rds, ((0, "Creating"), (60, status)))

    with pytest.raises(DeadCloneError) as failure:
        wait(fakes)

    assert failure.value.instance_id == "rm-clone"
    assert told == failure.value.status
    assert (70 if status == GONE else 60) == sum(fakes.clock.slept)
    assert f"rm-clone is {told} and {DEAD}" == str(failure.value)


def test_clone_that_no_look_has_found_and_nobody_ordered_is_gone(fakes: Fakes) -> None:
    with pytest.raises(DeadCloneError, match="rm-clone is gone and"):
        wait(fakes)
    assert [10] == fakes.clock.slept


def test_ordered_clone_that_was_seen_is_not_called_invisible(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (60, "Deleting")))

    with pytest.raises(DeadCloneError, match="rm-clone is Deleting and"):
        wait(fakes, options=LookOptions(ordered=fakes.clock.now()))


@pytest.mark.parametrize(
    ("timeout", "waited"),
    [
        row("a whole number of looks", timedelta(minutes=1), 60),
        row("the look after the end", timedelta(seconds=55), 60),
    ],
)
def test_busy_clone_ends_the_wait_at_its_limit(
    fakes: Fakes, timeout: timedelta, waited: int
) -> None:
    clone(fakes.rds, ((0, "Creating"),))

    with pytest.raises(WaitTimedOutError) as failure:
        wait(fakes, timeout)

    assert timedelta(seconds=waited) == failure.value.waited
    assert str(failure.value) == "rm-clone is still Creating after 1m"


def test_ready_beats_the_time_out(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (60, "Running")))

    wait(fakes, timedelta(minutes=1))

    assert [10] * 6 == fakes.clock.slept


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
@pytest.mark.parametrize("call", ["list_instances", "instance"])
def test_passing_failure_ends_nothing(fakes: Fakes, kind: type[ApiError], call: str) -> None:
    clone(fakes.rds, ((0, "Creating"), (30, "Running")))
    if call == "instance":
        fakes.rds.set_tags("rm-clone", {STAGE_TAG: OWNED})
    fakes.rds.fail(call, error_of(kind), times=2)

    wait(fakes)

    assert [10] * 3 == fakes.clock.slept


def test_wait_ends_in_time_although_no_look_succeeds(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Running"),))
    fakes.rds.fail("list_instances", error_of(ThrottledError), times=100)

    with pytest.raises(WaitTimedOutError) as failure:
        wait(fakes, timedelta(minutes=2))

    assert timedelta(minutes=2) == failure.value.waited


def test_lasting_failure_ends_the_wait(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"),))
    fakes.rds.fail("list_instances", error_of(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        wait(fakes)


def leave_after(fakes: Fakes, call: str, count: int) -> None:
    """
    Have the user leave inside the *count*th call of that name.
    """

    def look() -> None:
        if fakes.rds.count(call) == count:
            fakes.progress.leave()

    fakes.rds.inside[call] = look


def test_abandoned_wait_ends_before_the_next_look(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (60, "Running")))
    leave_after(fakes, "list_instances", 3)

    with pytest.raises(AbandonedError):
        wait(fakes)
    assert fakes.rds.calls == ["list_instances"] * 3


def test_cancelled_wait_ends_with_what_is_known(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (60, "Running")))
    fakes.rds.inside["list_instances"] = fakes.progress.cancel

    with pytest.raises(WaitCancelledError) as failure:
        wait(fakes)

    assert "rm-clone" == failure.value.instance_id
    assert "was still Creating when the wait was cancelled after 0s" in str(failure.value)
    assert [] == fakes.clock.slept


def test_ready_beats_the_cancellation(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Running"),))
    fakes.progress.is_cancelled = True

    wait(fakes)


def test_abandoned_release_is_not_watched(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Deleting"), (60, GONE)))
    leave_after(fakes, "instance", 2)

    with pytest.raises(AbandonedError):
        wait_gone(fakes)
    assert fakes.rds.calls == ["list_instances", "instance"] * 2


def test_progress_shows_every_change_and_each_minute(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (150, "Restoring"), (200, "Running")))

    wait(fakes)

    assert fakes.progress.shown == [
        "0 of 60 min, Creating",
        "1 of 60 min, Creating",
        "2 of 60 min, Creating",
        "2 of 60 min, Restoring",
        "3 of 60 min, Running",
    ]
    assert fakes.progress.warned == []


def test_limit_below_two_minutes_is_in_seconds(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (10, "Running")))

    wait(fakes, timedelta(seconds=90))

    assert ["0 of 90 s, Creating", "10 of 90 s, Running"] == fakes.progress.shown


def test_silence_is_told_after_half_a_minute(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (150, "Running")))
    fakes.rds.fail("list_instances", error_of(UnavailableError), times=10)

    wait(fakes)

    assert fakes.progress.shown == [
        "no answer for 30 s",
        "no answer for 1 min",
        "1 of 60 min, Creating",
        "2 of 60 min, Running",
    ]


def test_silence_of_less_than_half_a_minute_is_not_shown(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Running"),))
    fakes.rds.fail("list_instances", error_of(UnavailableError), times=31)

    wait(fakes, schedule=replace(SCHEDULE, first_interval=1, longest_interval=1))

    assert ["no answer for 30 s", "0 of 60 min, Running"] == fakes.progress.shown


def test_cancelled_run_does_not_wait_for_an_answer(fakes: Fakes) -> None:
    clone(fakes.rds, RUNNING)
    gate = fakes.rds.hold("list_instances")
    fakes.progress.is_cancelled = True

    with pytest.raises(WaitCancelledError):
        wait(fakes)
    gate.set()


def test_release_is_waited_for_until_gone(fakes: Fakes) -> None:
    script = ((0, "Running"), (15, "Deleting"), (45, GONE))
    fakes.rds.plant(replace(SOURCE, id="rm-clone"), {STAGE_TAG: OWNED}, script)

    wait_gone(fakes)

    assert [10] * 5 == fakes.clock.slept
    assert [*["list_instances"] * 6, "instance"] == fakes.rds.calls


def test_unreadable_instance_is_not_taken_for_gone(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Deleting"), (30, GONE)))
    fakes.rds.fail("instance", error_of(UnavailableError), times=2)

    wait_gone(fakes)

    assert [10] * 3 == fakes.clock.slept


def test_release_that_is_late_is_told_with_the_status(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Deleting"),))

    text = "rm-clone is still Deleting after 5m — run the same"
    with pytest.raises(WaitTimedOutError, match=text):
        wait_gone(fakes, timedelta(minutes=5))


def test_one_look_is_news_for_all(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Creating"), (12, "Running")))
    watch = Watch(fakes.rds, fakes.clock, schedule=SCHEDULE, stage=CREATING)
    slept = fakes.clock.sleep

    def another_looks(seconds: float, until: Callable[[], bool] | None = None) -> None:
        slept(12)
        watch.status("rm-clone", 0)
        slept(seconds, until)

    fakes.clock.sleep = another_looks  # type: ignore[method-assign]

    wait_until_ready("rm-clone", watch, clock=fakes.clock, progress=fakes.progress, timeout=HOUR)

    assert [12] == fakes.clock.slept
    assert ["list_instances", "list_instances"] == fakes.rds.calls


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        row("at first", timedelta(), 10),
        row("soon", timedelta(minutes=3), 10),
        row("a twentieth", timedelta(minutes=5), 15),
        row("for long", timedelta(hours=3), 30),
    ],
)
def test_interval_grows_and_is_never_exact(waited: timedelta, expected: float) -> None:
    steady = PollSchedule(first_interval=10, longest_interval=30, list_lag=30, retry_delay=5)
    wavering = replace(steady, jitter=0.1)

    assert expected == steady.interval(waited)
    for _ in range(20):
        assert expected * 0.9 <= wavering.interval(waited) <= expected * 1.1
    assert len({wavering.interval(waited) for _ in range(20)}) > 1


# A change that shows


Lacks = tuple[tuple[float, tuple[str, ...]], ...]
"""What is missing, each with the seconds after which it is."""


class LateChange:
    """
    A change of *rm-clone* that shows when it will.
    """

    def __init__(self, fakes: Fakes, lacks: Lacks) -> None:
        self.looks: list[float] = []
        self._fakes = fakes
        self._began = fakes.clock.now()
        self._lacks = lacks

    def missing(self) -> tuple[str, ...]:
        age = (self._fakes.clock.now() - self._began).total_seconds()
        self.looks.append(age)
        return [names for after, names in self._lacks if after <= age][-1]

    def wait(self) -> None:
        fakes = self._fakes
        watch = Watch(fakes.rds, fakes.clock, schedule=SCHEDULE, stage=CREATING)
        wait_until_shown(
            "rm-clone",
            watch,
            clock=fakes.clock,
            progress=fakes.progress,
            missing=self.missing,
            timeouts=Timeouts(),
        )


@pytest.mark.parametrize(
    ("aspects", "minutes"),
    [
        row("another payment", {Aspect.SSL, Aspect.PAYMENT}, 6),
        row("anything else", {Aspect.SSL}, 3),
    ],
)
def test_another_payment_has_longer_to_show(aspects: set[Aspect], minutes: int) -> None:
    assert timedelta(minutes=minutes) == shown_within(aspects)


RUNNING: Script = ((0, "Running"),)
BUSY_LATE: Script = ((0, "Running"), (95, "Rebooting"), (200, "Running"))
NOTHING: Lacks = ((0, ()),)
NO_SSL: Lacks = ((0, ("ssl",)),)
UNSHOWN: Final = "rm-clone still does not show these values, although the change was accepted: "
STILL_BUSY: Final = "rm-clone is still Rebooting after 30m"


@pytest.mark.parametrize(
    ("script", "lacks", "looks", "seconds"),
    [
        row("at once", RUNNING, NOTHING, [0], 0),
        row("soon", RUNNING, ((0, ("ssl",)), (25, ())), [0, 10, 20, 30], 30),
        row("late", RUNNING, ((0, ("ssl",)), (180, ())), [*range(0, 190, 10)], 180),
        row("after it was busy", ((0, "Rebooting"), (35, "Running")), NOTHING, [40], 40),
        row(
            "busy late",
            ((0, "Running"), (15, "Rebooting"), (300, "Running")),
            ((0, ("ssl",)), (300, ())),
            [0, 10, 300],
            300,
        ),
        row(
            "busy late, and shown late",
            ((0, "Running"), (15, "Rebooting"), (300, "Running")),
            ((0, ("ssl",)), (450, ())),
            [0, 10, *range(300, 460, 10)],
            450,
        ),
        row("at the end", ((0, "Modifying"), (1800, "Running")), NOTHING, [1800], 1800),
        row("a new word", ((0, "LEARNING_TO_FLY"), (20, "Running")), NOTHING, [20], 20),
        row(
            "busy for a moment",
            ((0, "Running"), (100, "Rebooting"), (110, "Running")),
            ((0, ("ssl",)), (200, ())),
            [*range(0, 100, 10), *range(110, 210, 10)],
            200,
        ),
    ],
)
def test_change_is_made_when_a_usable_instance_shows_it(
    fakes: Fakes, script: Script, lacks: Lacks, looks: list[float], seconds: float
) -> None:
    clone(fakes.rds, script)
    change = LateChange(fakes, lacks)

    change.wait()

    assert looks == change.looks
    assert seconds == sum(fakes.clock.slept)


@pytest.mark.parametrize(
    ("script", "lacks", "error", "text", "seconds"),
    [
        row("never shown", RUNNING, ((0, ("ssl.acl",)),), ChangeError, UNSHOWN + "ssl.acl", 180),
        row(
            "shown in part",
            RUNNING,
            ((0, ("a", "b", "c")), (100, ("b", "c"))),
            ChangeError,
            UNSHOWN + "b, c",
            180,
        ),
        row("not shown after it was busy", BUSY_LATE, NO_SSL, ChangeError, UNSHOWN + "ssl", 380),
        row("busy for too long", ((0, "Rebooting"),), NOTHING, WaitTimedOutError, STILL_BUSY, 1800),
        row("busy for too long, late", BUSY_LATE[:2], NO_SSL, WaitTimedOutError, STILL_BUSY, 1800),
        row(
            "being released",
            ((0, "Rebooting"), (30, "Deleting")),
            NOTHING,
            DeadCloneError,
            f"rm-clone is Deleting and {DEAD}",
            30,
        ),
        row(
            "gone",
            ((0, "Running"), (30, GONE)),
            NO_SSL,
            DeadCloneError,
            f"rm-clone is gone and {DEAD}",
            40,
        ),
    ],
)
def test_change_that_does_not_show_is_told(
    fakes: Fakes, script: Script, lacks: Lacks, error: type[CloneError], text: str, seconds: float
) -> None:
    clone(fakes.rds, script)

    with pytest.raises(error) as failure:
        LateChange(fakes, lacks).wait()

    assert text == str(failure.value)
    assert seconds == sum(fakes.clock.slept)


def test_look_at_a_change_that_fails_ends_the_wait(fakes: Fakes) -> None:
    clone(fakes.rds, RUNNING)
    change = LateChange(fakes, NOTHING)

    def refuse() -> tuple[str, ...]:
        raise error_of(AccessDeniedError)

    change.missing = refuse  # type: ignore[method-assign]

    with pytest.raises(AccessDeniedError):
        change.wait()
    assert [] == fakes.clock.slept


def test_cancelled_change_is_not_waited_for(fakes: Fakes) -> None:
    clone(fakes.rds, RUNNING)
    fakes.progress.is_cancelled = True

    text = "was still Running when the wait was cancelled after 0s"
    with pytest.raises(WaitCancelledError, match=text):
        LateChange(fakes, NO_SSL).wait()
    LateChange(fakes, NOTHING).wait()


def test_abandoned_change_is_not_looked_at(fakes: Fakes) -> None:
    clone(fakes.rds, RUNNING)
    leave_after(fakes, "list_instances", 2)
    change = LateChange(fakes, NO_SSL)

    with pytest.raises(AbandonedError):
        change.wait()
    assert [0, 10] == change.looks


def test_look_that_is_throttled_during_a_change_says_nothing(fakes: Fakes) -> None:
    clone(fakes.rds, ((0, "Rebooting"), (10, "Running")))
    fakes.rds.fail("list_instances", error_of(ThrottledError))
    change = LateChange(fakes, NOTHING)

    change.wait()

    assert [10] == change.looks
    assert ["0 of 30 min, Running"] == fakes.progress.shown


@pytest.mark.parametrize(
    ("end", "error"),
    [
        row("cancelled", FakeProgress.cancel, WaitCancelledError),
        row("abandoned", FakeProgress.leave, AbandonedError),
    ],
)
def test_run_that_ends_does_not_wait_for_the_look_at_a_change(
    fakes: Fakes, end: Callable[[FakeProgress], None], error: type[CloneError]
) -> None:
    clone(fakes.rds, RUNNING)
    change, gate = LateChange(fakes, NOTHING), threading.Event()

    def missing() -> tuple[str, ...]:
        end(fakes.progress)
        gate.wait(PATIENCE)
        return ()

    change.missing = missing  # type: ignore[method-assign]

    with pytest.raises(error):
        change.wait()
    gate.set()
