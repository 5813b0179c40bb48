"""
A cloud that knows a new instance late, or denies an old one, costs no clone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.backups import RecoveryWindow
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.errors import (
    ApiError,
    CloneError,
    ConflictError,
    DeadCloneError,
    NotFoundError,
    NotVisibleError,
    RefusedError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.identity import BIRTH_TAGS, EXPIRES_TAG
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.ordering import add_missing_tags
from tests.domain.samples import SOURCE
from tests.lifecycle.fakes import SCHEDULE, Fakes, Killed, api_error
from tests.lifecycle.runs import (
    FIXED,
    ID,
    INPUTS,
    change,
    made,
    make,
    refreshed,
    release,
    unfinished,
)
from tests.lifecycle.test_creating import NO_REPLY, window_until
from tests.support.rows import row
from tests.support.verbs import diff, read, refuse_dead

UNKNOWN = api_error(NotFoundError)
HIDDEN = api_error(NotVisibleError)


def hide(fakes: Fakes, seconds: float) -> None:
    """
    Let no call know a new clone for *seconds*, as logs of the real cloud show it.
    """
    instance, ordered = fakes.rds.instance, [fakes.clock.now()]
    fakes.rds.tag_delay = seconds

    def note() -> None:
        ordered[0] = fakes.clock.now()

    def describe(instance_id: str) -> Any:
        age = (fakes.clock.now() - ordered[0]).total_seconds()
        if instance_id != SOURCE.id and age < seconds:
            fakes.rds.calls.append("instance")
            raise UNKNOWN
        return instance(instance_id)

    fakes.rds.inside["order_clone"] = note
    fakes.rds.instance = describe  # type: ignore[method-assign]


# A new clone


@pytest.mark.parametrize("seconds", [1, 20, 45, 300, 890])
def test_clone_that_shows_late(fakes: Fakes, seconds: int) -> None:
    """
    An id that was answered to an order is waited for, not ordered again.
    """
    hide(fakes, seconds)

    outputs = make(fakes, FIXED)

    assert ID == outputs["instance_id"]
    assert 1 == fakes.rds.count("order_clone")
    assert "0 of 90 min, not visible" in fakes.progress.shown


def test_clone_that_never_shows(fakes: Fakes) -> None:
    """
    It is kept, with the id and what to do; nothing more is ordered.
    """
    hide(fakes, 10_000)

    failure = unfinished(lambda: make(fakes, FIXED), match="has not shown rm-clone-1 for 15m")

    assert ID == failure.outputs["instance_id"]
    assert "run pulumi up --refresh" in str(failure)
    assert 1 == fakes.rds.count("order_clone")


def test_clone_that_shows_in_the_next_run(fakes: Fakes) -> None:
    """
    A new clone that a run leaves unseen stays in the state, and the next run waits.
    """
    hide(fakes, 120)
    olds = unfinished(lambda: make(fakes, FIXED, timeout=timedelta(seconds=30))).outputs
    fakes.restart()

    with pytest.raises(UnfinishedError, match="is not visible yet"):
        read(ID, olds, FIXED, fakes.regions)
    refuse_dead(olds, fakes.regions)
    assert diff(olds, FIXED)
    outputs = change(fakes, olds, FIXED)

    assert "Running" == outputs["status"]
    assert 1 == fakes.rds.count("order_clone")


def test_clone_that_is_destroyed_before_it_shows(fakes: Fakes) -> None:
    """
    A destroy does not take a new clone that no call knows for released.
    """
    fakes.rds.script = ((0, "Creating"), (60, "Running"))
    hide(fakes, 120)
    olds = unfinished(lambda: make(fakes, FIXED, timeout=timedelta(seconds=30))).outputs
    fakes.restart()

    release(fakes, olds)

    assert ["release"] == [name for name in fakes.rds.writes if name == "release"]


def test_refresh_lets_go_of_what_never_showed(fakes: Fakes) -> None:
    """
    After a quarter of an hour two looks decide, and a new clone may be ordered.
    """
    hide(fakes, 100_000)
    olds = unfinished(lambda: make(fakes, FIXED)).outputs
    fakes.rds.remove(ID)

    assert read(ID, olds, FIXED, fakes.regions) is None
    del fakes.rds.instance
    assert "rm-clone-2" == make(fakes, FIXED)["instance_id"]


# Orders have a bound


@pytest.mark.parametrize(
    ("error", "most"),
    [
        row("refused", api_error(ApiError), 1),
        row("unknown source", api_error(NotVisibleError), 1),
        row("no answer", NO_REPLY, 2),
        row("throttled", api_error(ThrottledError), 61),
        row("token used", api_error(TokenUsedError), 100),
    ],
)
def test_orders_have_a_bound(fakes: Fakes, error: ApiError, most: int) -> None:
    fakes.rds.fail("order_clone", error, times=10_000)

    with pytest.raises(CloneError):
        make(fakes, FIXED)
    assert most == fakes.rds.count("order_clone")


def test_dead_answers_have_a_bound(fakes: Fakes) -> None:
    fakes.rds.script = ((0, "Deleting"),)

    with pytest.raises(CloneError, match="ordered and released 100 times today"):
        make(fakes, FIXED)
    assert 100 == fakes.rds.count("order_clone")


# An old clone


@pytest.mark.parametrize(
    "ask",
    [
        lambda fakes, olds: read(ID, olds, INPUTS, fakes.regions),
        lambda fakes, olds: refuse_dead(olds, fakes.regions),
        lambda fakes, olds: change(fakes, olds, {**INPUTS, "description": "x"}),
    ],
    ids=["read", "preview", "update"],
)
def test_one_answer_is_not_enough(
    fakes: Fakes, ask: Callable[[Fakes, dict[str, Any]], Any]
) -> None:
    """
    A Running clone that one backend does not know is not gone.
    """
    olds = made(fakes)
    fakes.rds.fail("instance", UNKNOWN)

    ask(fakes, olds)

    assert [SCHEDULE.retry_delay] == fakes.clock.slept[-1:]


def test_two_answers_tell_that_a_clone_is_gone(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail("instance", UNKNOWN, times=2)

    assert read(ID, olds, INPUTS, fakes.regions) is None


@pytest.mark.parametrize("call", ["tags", "read_aspects"])
def test_sub_read_says_nothing_of_existence(fakes: Fakes, call: str) -> None:
    """
    A refresh keeps a clone that another call than its description does not know.
    """
    inputs = {**INPUTS, "sql_audit": True}
    olds = made(fakes, inputs)
    fakes.rds.fail(call, HIDDEN, times=2)

    reading = refreshed(fakes, olds, inputs)

    assert olds == reading.outputs
    assert "could not be read" in reading.warnings[0]


@pytest.mark.parametrize("late", [{}, {"rdsclone:stage": "creating"}], ids=["none", "as they were"])
def test_refresh_waits_for_late_tags(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch, late: dict[str, str]
) -> None:
    inputs = {**INPUTS, "tags": {"team": "data"}}
    olds = made(fakes, inputs)
    until, tags = fakes.clock.now() + timedelta(seconds=12), fakes.rds.tags
    monkeypatch.setattr(
        fakes.rds,
        "tags",
        lambda instance_id: late if fakes.clock.now() < until else tags(instance_id),
    )

    reading = refreshed(fakes, olds, inputs)

    assert olds == reading.outputs


def test_update_waits_for_tags(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail("tags", HIDDEN, times=3)

    outputs = change(fakes, olds, {**INPUTS, "description": "x"})

    assert "x" == outputs["description"]


def test_release_is_not_believed_without_the_description(fakes: Fakes) -> None:
    """
    DeleteDBInstance that does not know a clone has not released it.
    """
    olds = made(fakes)
    fakes.rds.fail("release", HIDDEN, times=2)

    release(fakes, olds)

    assert 3 == fakes.rds.count("release")
    with pytest.raises(NotFoundError):
        fakes.rds.instance(ID)


def test_wait_outlives_one_answer(fakes: Fakes) -> None:
    """
    A clone that is being made is not dead because one look does not find it.
    """
    fakes.rds.script = ((0, "Creating"), (100, "Running"))
    fakes.rds.tag_delay = 10_000
    looks = iter(range(1000))

    def flap() -> None:
        if next(looks) == 4:
            fakes.rds.fail("instance", UNKNOWN)

    fakes.rds.inside["instance"] = flap

    assert "Running" == make(fakes, FIXED)["status"]


# Birth tags


def ignore_tags(fakes: Fakes) -> None:
    order_clone = fakes.rds.order_clone

    def order(order: CloneOrder) -> str:
        return order_clone(replace(order, tags={}))

    fakes.rds.order_clone = order  # type: ignore[method-assign]


def test_ignored_tags_are_set(fakes: Fakes) -> None:
    ignore_tags(fakes)

    outputs = make(fakes, {**FIXED, "tags": {"team": "data"}})

    tags = fakes.rds.tags_of(ID)
    assert BIRTH_TAGS - {EXPIRES_TAG} <= tags.keys()
    assert "data" == tags["team"]
    assert "rm-source" == outputs["restored_from"]["source_instance_id"]
    assert outputs["restored_from"]["time"]


def test_ignored_tags_and_a_kill(fakes: Fakes) -> None:
    """
    Until they are set the token alone finds the clone, on any machine.
    """
    ignore_tags(fakes)
    fakes.rds.inside["tags"] = lambda: (_ for _ in ()).throw(Killed())
    with pytest.raises(Killed):
        make(fakes, FIXED)
    fakes.rds.inside.clear()
    fakes.move()

    assert ID == make(fakes, FIXED)["instance_id"]
    assert 1 == len(fakes.rds.made)


def end_during_order(fakes: Fakes, error: BaseException, when: str) -> None:
    """
    Let a run end with *error* at its order; by the next run the newest second is later.
    """
    fakes.rds.fail("order_clone", error, when=when)
    with pytest.raises(type(error)):
        make(fakes, INPUTS)
    fakes.restart()
    window = fakes.rds.window
    assert isinstance(window, RecoveryWindow)
    fakes.rds.window = window_until(window.end + timedelta(minutes=1))


def orders_in(fakes: Fakes) -> list[CloneOrder]:
    return [order for name, order in fakes.rds.asked if name == "order_clone"]


def test_order_is_repeated_as_it_was(fakes: Fakes) -> None:
    """
    Another second is the latest by now, but the first order's clone is what is wanted.
    """
    ignore_tags(fakes)
    end_during_order(fakes, Killed(), when="after")

    outputs = make(fakes, INPUTS)

    first, again = orders_in(fakes)
    assert first == again
    assert 1 == len(fakes.rds.made)
    assert ID == outputs["instance_id"]
    assert first.restore_time
    told = outputs["restored_from"]["time"]
    assert format_instant(first.restore_time) == told


def test_order_without_effect_is_not_repeated_as_it_was(fakes: Fakes) -> None:
    end_during_order(fakes, api_error(ConflictError), when="before")

    make(fakes, INPUTS)

    first, again = orders_in(fakes)
    assert first.restore_time
    assert again.restore_time == first.restore_time + timedelta(minutes=1)


def test_stranger_is_released_as_told(fakes: Fakes) -> None:
    """
    Whoever releases the instance that may be the clone gets a new one at once.
    """
    ignore_tags(fakes)
    end_during_order(fakes, Killed(), when="after")
    end_during_order(fakes, Killed(), when="after")
    fakes.clock.sleep(SCHEDULE.visibility_timeout)
    with pytest.raises(RefusedError, match=f"{ID}, created today without the tag"):
        make(fakes, INPUTS)
    fakes.rds.release(ID)
    fakes.restart()
    fakes.clock.sleep(60)

    assert ID != make(fakes, INPUTS)["instance_id"]


def test_instances_of_all_unanswered_orders_are_told(fakes: Fakes) -> None:
    ignore_tags(fakes)
    for _ in range(2):
        end_during_order(fakes, Killed(), when="after")
        fakes.rds.forget_tokens()
        fakes.clock.sleep(60)
    fakes.clock.sleep(SCHEDULE.visibility_timeout)

    with pytest.raises(RefusedError, match="rm-clone-1, rm-clone-2, created today"):
        make(fakes, INPUTS)


def test_last_of_two_unanswered_orders_decides_how_long_nothing_is_ordered(fakes: Fakes) -> None:
    ignore_tags(fakes)
    end_during_order(fakes, Killed(), when="after")
    fakes.clock.sleep(SCHEDULE.visibility_timeout / 2)
    end_during_order(fakes, Killed(), when="after")
    fakes.clock.sleep(SCHEDULE.visibility_timeout / 2)

    with pytest.raises(RefusedError, match=r"may have been ordered at .* and .* nevertheless"):
        make(fakes, INPUTS)


def test_tags_that_are_refused_at_first(fakes: Fakes) -> None:
    """
    They are set as soon as the API takes them.
    """
    ignore_tags(fakes)
    fakes.rds.fail("set_tags", HIDDEN, times=3)
    seen: list[set[str]] = []
    fakes.rds.inside["list_instances"] = lambda: seen.append(
        set(fakes.rds.tags_of(ID)) if fakes.rds.made else set()
    )

    make(fakes, FIXED)

    assert set() in seen
    assert any(BIRTH_TAGS - {EXPIRES_TAG} <= tags for tags in seen)


@pytest.mark.parametrize(
    ("there", "calls"),
    [
        pytest.param(None, ["tags", "set_tags"], id="not read yet"),
        pytest.param({}, ["set_tags"], id="read before"),
        pytest.param({"team": "data"}, [], id="nothing missing"),
    ],
)
def test_missing_tags_are_set_at_once(
    fakes: Fakes, there: dict[str, str] | None, calls: list[str]
) -> None:
    pending = add_missing_tags(SOURCE.id, {"team": "data"}, region=fakes.region, there=there)

    assert {} == pending
    assert calls == fakes.rds.calls


# A subscription


def test_conversion_is_asked_for_once(fakes: Fakes) -> None:
    olds = {**made(fakes), "on_delete": "convertAndRelease"}
    fakes.rds.alter(ID, payment="Subscription")

    def accept(alteration: AspectChange) -> None:
        assert Aspect.PAYMENT is alteration.aspect
        assert 0 == fakes.rds.count("change payment")
        fakes.rds.calls.append("change payment")
        accepted = fakes.clock.now()
        instance = fakes.rds.instance

        def late(instance_id: str) -> Any:
            if fakes.clock.now() - accepted >= timedelta(minutes=12):
                fakes.rds.alter(ID, payment="PayAsYouGo")
            return instance(instance_id)

        fakes.rds.instance = late  # type: ignore[method-assign]

    fakes.rds.apply = accept  # type: ignore[method-assign]

    release(fakes, olds, timeout=timedelta(minutes=20))

    assert 1 == fakes.rds.count("change payment")
    assert 1 == fakes.rds.count("release")


def test_clone_that_was_seen_and_is_not_found_is_gone(fakes: Fakes) -> None:
    fakes.rds.script = ((0, "Creating"), (60, "gone"))

    with pytest.raises(UnfinishedError, match=str(DeadCloneError(ID, "gone"))):
        make(fakes, FIXED)


def test_passing_failure_does_not_make_an_instance_gone(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        read(ID, olds, INPUTS, fakes.regions)
