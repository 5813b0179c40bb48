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
from pulumi_rdsclone.lifecycle.creating import create
from pulumi_rdsclone.lifecycle.deleting import delete
from pulumi_rdsclone.lifecycle.diffing import diff
from pulumi_rdsclone.lifecycle.ordering import add_missing_tags
from pulumi_rdsclone.lifecycle.reading import read
from pulumi_rdsclone.lifecycle.updating import refuse_dead, update
from tests.domain.samples import SOURCE
from tests.lifecycle.fakes import SCHEDULE, Killed, World, api_error
from tests.lifecycle.test_creating import FIXED, INPUTS, NO_REPLY, make, window_until

ID = "rm-clone-1"
UNKNOWN = api_error(NotFoundError)
HIDDEN = api_error(NotVisibleError)


def hide(world: World, seconds: float) -> None:
    """
    Let no call know a new clone for *seconds*, as logs of the real cloud show it.
    """
    instance, ordered = world.rds.instance, [world.clock.now()]
    world.rds.tag_delay = seconds

    def note() -> None:
        ordered[0] = world.clock.now()

    def describe(instance_id: str) -> Any:
        age = (world.clock.now() - ordered[0]).total_seconds()
        if instance_id != SOURCE.id and age < seconds:
            world.rds.calls.append("instance")
            raise UNKNOWN
        return instance(instance_id)

    world.rds.inside["order_clone"] = note
    world.rds.instance = describe  # type: ignore[method-assign]


# A new clone


@pytest.mark.parametrize("seconds", [1, 20, 45, 300, 890])
def test_clone_that_shows_late(world: World, seconds: int) -> None:
    """
    An id that was answered to an order is waited for, not ordered again.
    """
    hide(world, seconds)

    outputs = make(world, FIXED)

    assert ID == outputs["instance_id"]
    assert 1 == world.rds.count("order_clone")
    assert "0 of 90 min, not visible" in world.progress.shown


def test_clone_that_never_shows(world: World) -> None:
    """
    It is kept, with the id and what to do; nothing more is ordered.
    """
    hide(world, 10_000)

    with pytest.raises(UnfinishedError, match=r"has not shown rm-clone-1 for 15m") as e:
        make(world, FIXED)

    assert ID == e.value.outputs["instance_id"]
    assert "run pulumi up --refresh" in str(e.value)
    assert 1 == world.rds.count("order_clone")


def test_clone_that_shows_in_the_next_run(world: World) -> None:
    """
    A new clone that a run leaves unseen stays in the state, and the next run waits.
    """
    hide(world, 120)
    with pytest.raises(UnfinishedError) as first:
        make(world, FIXED, timeout=timedelta(seconds=30))
    olds = first.value.outputs
    world.restart()

    with pytest.raises(UnfinishedError, match="is not visible yet"):
        read(ID, olds, FIXED, world.regions)
    refuse_dead(olds, world.regions)
    assert diff(olds, FIXED)
    outputs = update(ID, olds, FIXED, world.regions, world.progress)

    assert "Running" == outputs["status"]
    assert 1 == world.rds.count("order_clone")


def test_clone_that_is_destroyed_before_it_shows(world: World) -> None:
    """
    A destroy does not take a new clone that no call knows for released.
    """
    world.rds.script = ((0, "Creating"), (60, "Running"))
    hide(world, 120)
    with pytest.raises(UnfinishedError) as first:
        make(world, FIXED, timeout=timedelta(seconds=30))
    world.restart()

    delete(ID, first.value.outputs, world.regions, world.progress)

    assert ["release"] == [name for name in world.rds.writes if name == "release"]


def test_refresh_lets_go_of_what_never_showed(world: World) -> None:
    """
    After a quarter of an hour two looks decide, and a new clone may be ordered.
    """
    hide(world, 100_000)
    with pytest.raises(UnfinishedError) as first:
        make(world, FIXED)
    world.rds.remove(ID)

    assert read(ID, first.value.outputs, FIXED, world.regions) is None
    del world.rds.instance
    assert "rm-clone-2" == make(world, FIXED)["instance_id"]


# Orders have a bound


@pytest.mark.parametrize(
    ("error", "most"),
    [
        pytest.param(api_error(ApiError), 1, id="refused"),
        pytest.param(api_error(NotVisibleError), 1, id="unknown source"),
        pytest.param(NO_REPLY, 2, id="no answer"),
        pytest.param(api_error(ThrottledError), 61, id="throttled"),
        pytest.param(api_error(TokenUsedError), 100, id="token used"),
    ],
)
def test_orders_have_a_bound(world: World, error: ApiError, most: int) -> None:
    """
    Whatever is answered again and again, the orders end.
    """
    world.rds.fail("order_clone", error, times=10_000)

    with pytest.raises(CloneError):
        make(world, FIXED)
    assert most == world.rds.count("order_clone")


def test_dead_answers_have_a_bound(world: World) -> None:
    """
    An API that answers each token with an instance that is going ends the orders, too.
    """
    world.rds.script = ((0, "Deleting"),)

    with pytest.raises(CloneError, match="ordered and released 100 times today"):
        make(world, FIXED)
    assert 100 == world.rds.count("order_clone")


# An old clone


def ready(world: World, inputs: dict[str, Any] = INPUTS) -> dict[str, Any]:
    """
    Make a clone, and forget the calls.
    """
    outputs = create(inputs, world.regions, world.progress, stack="shop/dev")
    world.restart()
    world.rds.calls.clear()
    return outputs


@pytest.mark.parametrize(
    "ask",
    [
        lambda world, olds: read(ID, olds, INPUTS, world.regions),
        lambda world, olds: refuse_dead(olds, world.regions),
        lambda world, olds: update(
            ID, olds, {**INPUTS, "description": "x"}, world.regions, world.progress
        ),
    ],
    ids=["read", "preview", "update"],
)
def test_one_answer_is_not_enough(
    world: World, ask: Callable[[World, dict[str, Any]], Any]
) -> None:
    """
    A Running clone that one backend does not know is not gone.
    """
    olds = ready(world)
    world.rds.fail("instance", UNKNOWN)

    ask(world, olds)

    assert [SCHEDULE.retry_delay] == world.clock.slept[-1:]


def test_two_answers_are(world: World) -> None:
    """
    Some seconds later the same answer tells that it is gone.
    """
    olds = ready(world)
    world.rds.fail("instance", UNKNOWN, times=2)

    assert read(ID, olds, INPUTS, world.regions) is None


@pytest.mark.parametrize("call", ["tags", "read_aspects"])
def test_sub_read_says_nothing_of_existence(world: World, call: str) -> None:
    """
    A refresh keeps a clone that another call than its description does not know.
    """
    inputs = {**INPUTS, "sql_audit": True}
    olds = ready(world, inputs)
    world.rds.fail(call, HIDDEN, times=2)

    reading = read(ID, olds, inputs, world.regions)

    assert reading
    assert olds == reading.outputs
    assert "could not be read" in reading.warnings[0]


@pytest.mark.parametrize(
    "late", [{}, {"rdsclone:stage": "creating"}], ids=["none", "as they were"]
)
def test_refresh_waits_for_late_tags(
    world: World, monkeypatch: pytest.MonkeyPatch, late: dict[str, str]
) -> None:
    """
    A refresh right after a create takes no late tags for drift, or for unfinished.
    """
    inputs = {**INPUTS, "tags": {"team": "data"}}
    olds = ready(world, inputs)
    until, tags = world.clock.now() + timedelta(seconds=12), world.rds.tags
    monkeypatch.setattr(
        world.rds, "tags", lambda one: late if world.clock.now() < until else tags(one)
    )

    reading = read(ID, olds, inputs, world.regions)

    assert reading
    assert olds == reading.outputs


def test_update_waits_for_tags(world: World) -> None:
    """
    An update asks again where the tags of a clone are not known for a moment.
    """
    olds = ready(world)
    world.rds.fail("tags", HIDDEN, times=3)

    outputs = update(
        ID, olds, {**INPUTS, "description": "x"}, world.regions, world.progress
    )

    assert "x" == outputs["description"]


def test_release_is_not_believed_without_the_description(world: World) -> None:
    """
    DeleteDBInstance that does not know a clone has not released it.
    """
    olds = ready(world)
    world.rds.fail("release", HIDDEN, times=2)

    delete(ID, olds, world.regions, world.progress)

    assert 3 == world.rds.count("release")
    with pytest.raises(NotFoundError):
        world.rds.instance(ID)


def test_wait_outlives_one_answer(world: World) -> None:
    """
    A clone that is being made is not dead because one look does not find it.
    """
    world.rds.script = ((0, "Creating"), (100, "Running"))
    world.rds.tag_delay = 10_000
    looks = iter(range(1000))

    def flap() -> None:
        if next(looks) == 4:
            world.rds.fail("instance", UNKNOWN)

    world.rds.inside["instance"] = flap

    assert "Running" == make(world, FIXED)["status"]


# Birth tags


def ignore_tags(world: World) -> None:
    """
    Let orders ignore their tags.
    """
    order_clone = world.rds.order_clone

    def order(order: CloneOrder) -> str:
        return order_clone(replace(order, tags={}))

    world.rds.order_clone = order  # type: ignore[method-assign]


def test_ignored_tags_are_set(world: World) -> None:
    """
    The birth tags are read back after the order, and set where they are missing.
    """
    ignore_tags(world)

    outputs = make(world, {**FIXED, "tags": {"team": "data"}})

    tags = world.rds.tags_of(ID)
    assert BIRTH_TAGS - {EXPIRES_TAG} <= tags.keys()
    assert "data" == tags["team"]
    assert "rm-source" == outputs["restored_from"]["source_instance_id"]
    assert outputs["restored_from"]["time"]


def test_ignored_tags_and_a_kill(world: World) -> None:
    """
    Until they are set the token alone finds the clone, on any machine.
    """
    ignore_tags(world)
    world.rds.inside["tags"] = lambda: (_ for _ in ()).throw(Killed())
    with pytest.raises(Killed):
        make(world, FIXED)
    world.rds.inside.clear()
    world.move()

    assert ID == make(world, FIXED)["instance_id"]
    assert 1 == len(world.rds.made)


def end_during_order(world: World, error: BaseException, when: str) -> None:
    """
    Let a run end with *error* at its order; by the next run the newest second is later.
    """
    world.rds.fail("order_clone", error, when=when)
    with pytest.raises(type(error)):
        make(world, INPUTS)
    world.restart()
    window = world.rds.window
    assert isinstance(window, RecoveryWindow)
    world.rds.window = window_until(window.end + timedelta(minutes=1))


def orders_in(world: World) -> list[CloneOrder]:
    """
    Return the orders that were sent.
    """
    return [order for name, order in world.rds.asked if name == "order_clone"]


def test_order_is_repeated_as_it_was(world: World) -> None:
    """
    Another second is the latest by now, but the first order's clone is what is wanted.
    """
    ignore_tags(world)
    end_during_order(world, Killed(), when="after")

    outputs = make(world, INPUTS)

    first, again = orders_in(world)
    assert first == again
    assert 1 == len(world.rds.made)
    assert ID == outputs["instance_id"]
    assert first.restore_time
    told = outputs["restored_from"]["time"]
    assert format_instant(first.restore_time) == told


def test_order_without_effect_is_not_repeated_as_it_was(world: World) -> None:
    """
    Where an order was refused, the latest second is that of the next run.
    """
    end_during_order(world, api_error(ConflictError), when="before")

    make(world, INPUTS)

    first, again = orders_in(world)
    assert first.restore_time
    assert again.restore_time == first.restore_time + timedelta(minutes=1)


def test_stranger_is_released_as_told(world: World) -> None:
    """
    Whoever releases the instance that may be the clone gets a new one at once.
    """
    ignore_tags(world)
    end_during_order(world, Killed(), when="after")
    end_during_order(world, Killed(), when="after")
    world.clock.sleep(SCHEDULE.visibility_timeout)
    with pytest.raises(RefusedError, match=f"{ID}, created today without the tag"):
        make(world, INPUTS)
    world.rds.release(ID)
    world.restart()
    world.clock.sleep(60)

    assert ID != make(world, INPUTS)["instance_id"]


def test_tags_that_are_refused_at_first(world: World) -> None:
    """
    They are set as soon as the API takes them.
    """
    ignore_tags(world)
    world.rds.fail("set_tags", HIDDEN, times=3)
    seen: list[set[str]] = []
    world.rds.inside["list_instances"] = lambda: seen.append(
        set(world.rds.tags_of(ID)) if world.rds.made else set()
    )

    make(world, FIXED)

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
    world: World, there: dict[str, str] | None, calls: list[str]
) -> None:
    """
    Tags are read only where they are not known, and only missing ones are set.
    """
    pending = add_missing_tags(SOURCE.id, {"team": "data"}, world.region, there)

    assert {} == pending
    assert calls == world.rds.calls


# A subscription


def test_conversion_is_asked_for_once(world: World) -> None:
    """
    After an accepted conversion the release only looks, until PayType shows it.
    """
    olds = {**ready(world), "on_delete": "convertAndRelease"}
    world.rds.alter(ID, payment="Subscription")

    def accept(alteration: AspectChange) -> None:
        assert Aspect.PAYMENT is alteration.aspect
        assert 0 == world.rds.count("change payment")
        world.rds.calls.append("change payment")
        accepted = world.clock.now()
        instance = world.rds.instance

        def late(instance_id: str) -> Any:
            if world.clock.now() - accepted >= timedelta(minutes=12):
                world.rds.alter(ID, payment="PayAsYouGo")
            return instance(instance_id)

        world.rds.instance = late  # type: ignore[method-assign]

    world.rds.apply = accept  # type: ignore[method-assign]

    delete(ID, olds, world.regions, world.progress, timeout=timedelta(minutes=20))

    assert 1 == world.rds.count("change payment")
    assert 1 == world.rds.count("release")


def test_dead_clone_is_told_when_it_was_seen(world: World) -> None:
    """
    A clone that was seen and is not found any more is gone, also while it is made.
    """
    world.rds.script = ((0, "Creating"), (60, "gone"))

    with pytest.raises(UnfinishedError, match=str(DeadCloneError(ID, "gone"))):
        make(world, FIXED)


def test_unavailable_is_no_answer(world: World) -> None:
    """
    A look that fails for a passing reason does not make an instance gone.
    """
    olds = ready(world)
    world.rds.fail("instance", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        read(ID, olds, INPUTS, world.regions)
