from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    RefusedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import (
    CREATING,
    FINISHED,
    KEY_TAG,
    OWNED,
    CloneMarks,
)
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.spec import Payment
from pulumi_rdsclone.lifecycle.inventory import clones_in, find, steps_to_adopt
from tests.domain.samples import NOW, SOURCE
from tests.lifecycle.fakes import World, api_error

MARKS = CloneMarks(
    key="key-1",
    spec_hash="spec-1",
    stack="shop/dev",
    restored="rm-src/backup/102/2026-11-19T00:00:00Z",
)
A_DAY = Price(amount=30, currency="CNY", per="day")


def plant(
    world: World,
    name: str,
    *,
    age: timedelta | None = timedelta(hours=1),
    stage: str = OWNED,
    stack: str = "shop/dev",
    **changes: Any,
) -> None:
    """
    Have a clone.
    """
    created = NOW - age if age else None
    world.rds.plant(
        replace(SOURCE, id=name, created=created, **changes),
        replace(MARKS, stack=stack).tags(stage),
    )


def ids(world: World, stack: str | None = None) -> list[str]:
    """
    Name the clones in the order in which they are listed.
    """
    return [one.id for one in clones_in(world.region, stack)]


def test_oldest_first(world: World) -> None:
    """
    Clones are listed by age, and those of unknown age last; sources are none.
    """
    plant(world, "rm-b", age=timedelta(days=1))
    plant(world, "rm-d", age=None)
    plant(world, "rm-c")
    plant(world, "rm-a", age=timedelta(days=1))

    assert ["rm-a", "rm-b", "rm-c", "rm-d"] == ids(world)


def test_clones_of_one_stack(world: World) -> None:
    """
    Clones of other stacks are not even described.
    """
    plant(world, "rm-a")
    plant(world, "rm-b", stack="shop/prod")

    assert ["rm-b"] == ids(world, "shop/prod")
    assert [] == ids(world, "shop")
    assert ["rm-b"] == [what for name, what in world.rds.asked if name == "instance"]


def test_few_calls(world: World) -> None:
    """
    There is one call for each clone, and one for the price of each shape.
    """
    for number in range(25):
        plant(world, f"rm-{number}", storage_gb=100 + 5 * (number % 2))

    assert 25 == len(ids(world))
    assert (1, 25, 2) == tuple(
        world.rds.count(name) for name in ("tags_by_key", "instance", "price")
    )
    assert 28 == len(world.rds.calls)


def test_clone_that_goes_meanwhile(world: World) -> None:
    """
    A clone that is gone when it is to be described is not there.
    """
    plant(world, "rm-a")
    plant(world, "rm-b")
    world.rds.inside["instance"] = lambda: world.rds.remove("rm-a")

    assert ["rm-b"] == ids(world)


@pytest.mark.parametrize("call", ["tags_by_key", "instance"])
def test_unreadable_clones(world: World, call: str) -> None:
    """
    A list that would lack a clone is no list.
    """
    plant(world, "rm-a")
    plant(world, "rm-b")
    world.rds.fail(call, api_error(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        ids(world)


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        pytest.param({}, A_DAY, id="by the hour"),
        pytest.param({"zones": ()}, A_DAY, id="in a zone not told"),
        pytest.param({"payment": "Subscription"}, None, id="paid in advance"),
        pytest.param({"payment": "Serverless"}, None, id="by the load"),
    ],
)
def test_price(world: World, changes: dict[str, Any], price: Price | None) -> None:
    """
    A price is told where a new instance of that shape has one for the hour.
    """
    plant(world, "rm-a", **changes)

    (clone,) = clones_in(world.region)

    assert price == clone.price
    asked = [what for name, what in world.rds.asked if name == "price"]
    assert bool(price) == bool(asked)
    assert all(("mysql.n2.medium.2c", 100, Payment()) == what[1:] for what in asked)


@pytest.mark.parametrize("error", [AccessDeniedError, UnavailableError, ApiError])
def test_price_that_is_not_told(world: World, error: type[ApiError]) -> None:
    """
    A price that cannot be had is not worth a word.
    """
    plant(world, "rm-a")
    world.rds.fail("price", api_error(error))

    (clone,) = clones_in(world.region)

    assert clone.price is None


def test_tree(world: World) -> None:
    """
    A clone is told as plain values.
    """
    plant(world, "rm-a", description="staging")

    (clone,) = clones_in(world.region)

    assert clone.tree() == {
        "instance_id": "rm-a",
        "region": "cn-hangzhou",
        "stack": "shop/dev",
        "stage": "owned",
        "clone_key": "key-1",
        "description": "staging",
        "status": "Running",
        "created_time": "2026-11-20T11:00:00Z",
        "expires": None,
        "age_seconds": 3600,
        "restored_from": {
            "source_instance_id": "rm-src",
            "backup_id": "102",
            "time": "2026-11-19T00:00:00Z",
        },
        "price": {"amount": 30, "currency": "CNY", "per": "day"},
    }
    assert "urn:pulumi:dev::shop::" == clone.urn_prefix


def test_clone_of_which_little_is_known(world: World) -> None:
    """
    What tags and cloud do not tell is not guessed.
    """
    bare = replace(SOURCE, id="rm-a", created=None, description="")
    world.rds.plant(bare, {KEY_TAG: "key-1"})

    clone = find("rm-a", world.region)

    assert {
        "stack": None,
        "stage": None,
        "description": None,
        "created_time": None,
        "age_seconds": None,
        "restored_from": {"source_instance_id": None, "backup_id": None, "time": None},
        "price": None,
    }.items() <= clone.tree().items()
    assert clone.urn_prefix is None
    assert "in the program of its stack, give" in steps_to_adopt(clone)[0]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("rm-nobody", r"there is no instance .* cn-hangzhou — ", id="none"),
        pytest.param(SOURCE.id, r"does not carry the tag rdsclone:key", id="a source"),
    ],
)
def test_what_is_no_clone(world: World, name: str, reason: str) -> None:
    """
    An instance that no stack ordered is nobody's clone.
    """
    with pytest.raises(RefusedError, match=reason):
        find(name, world.region)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        pytest.param(
            OWNED,
            'in the program of shop/dev, give its CloneInstance adopt="always", and '
            "keep the inputs with which rm-a was ordered",
            id="a finished one",
        ),
        pytest.param(
            CREATING,
            "keep the inputs with which rm-a was ordered",
            id="one of an interrupted run",
        ),
        pytest.param(
            FINISHED,
            "keep the inputs with which rm-a was ordered",
            id="one that was about to be recorded",
        ),
    ],
)
def test_steps_to_adopt(world: World, stage: str, step: str) -> None:
    """
    A finished clone is taken over only by a program that says so.
    """
    plant(world, "rm-a", stage=stage)

    first, _, run, plugin = steps_to_adopt(find("rm-a", world.region))

    assert step == first
    assert "pulumi preview for shop/dev" in run
    assert plugin.endswith("rdsclone:index:CloneInstance NAME cn-hangzhou/rm-a")
    assert [] == world.rds.writes


def test_no_steps_to_adopt_what_goes(world: World) -> None:
    """
    A clone that is being released cannot be taken over.
    """
    plant(world, "rm-a", status="Deleting")

    with pytest.raises(RefusedError, match="rm-a is Deleting, so no stack"):
        steps_to_adopt(find("rm-a", world.region))
