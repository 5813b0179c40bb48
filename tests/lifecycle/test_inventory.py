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
from pulumi_rdsclone.domain.identity import CREATING, FINISHED, KEY_TAG, OWNED, CloneMarks
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.spec import Payment
from pulumi_rdsclone.lifecycle.inventory import clones_in, find, steps_to_adopt
from tests.domain.samples import NOW, SOURCE
from tests.lifecycle.fakes import Fakes, api_error
from tests.support.rows import row

MARKS = CloneMarks(
    key="key-1",
    spec_hash="spec-1",
    stack="shop/dev",
    restored="rm-src/backup/102/2026-11-19T00:00:00Z",
)
A_DAY = Price(amount=30, currency="CNY", per="day")


def plant(
    fakes: Fakes,
    name: str,
    *,
    age: timedelta | None = timedelta(hours=1),
    stage: str = OWNED,
    stack: str = "shop/dev",
    **changes: Any,
) -> None:
    created = NOW - age if age else None
    fakes.rds.plant(
        replace(SOURCE, id=name, created=created, **changes),
        replace(MARKS, stack=stack).tags(stage),
    )


def ids(fakes: Fakes, stack: str | None = None) -> list[str]:
    return [clone.id for clone in clones_in(fakes.region, stack)]


def test_clones_are_listed_oldest_first_and_of_unknown_age_last(fakes: Fakes) -> None:
    plant(fakes, "rm-b", age=timedelta(days=1))
    plant(fakes, "rm-d", age=None)
    plant(fakes, "rm-c")
    plant(fakes, "rm-a", age=timedelta(days=1))

    assert ["rm-a", "rm-b", "rm-c", "rm-d"] == ids(fakes)


def test_clones_of_other_stacks_are_not_described(fakes: Fakes) -> None:
    plant(fakes, "rm-a")
    plant(fakes, "rm-b", stack="shop/prod")

    assert ["rm-b"] == ids(fakes, "shop/prod")
    assert [] == ids(fakes, "shop")
    assert ["rm-b"] == [what for name, what in fakes.rds.asked if name == "instance"]


def test_each_clone_and_each_shape_takes_one_call(fakes: Fakes) -> None:
    for number in range(25):
        plant(fakes, f"rm-{number}", storage_gb=100 + 5 * (number % 2))

    assert 25 == len(ids(fakes))
    assert (1, 25, 2) == tuple(
        fakes.rds.count(name) for name in ("tags_by_key", "instance", "price")
    )
    assert 28 == len(fakes.rds.calls)


def test_clone_that_goes_meanwhile_is_not_listed(fakes: Fakes) -> None:
    plant(fakes, "rm-a")
    plant(fakes, "rm-b")
    fakes.rds.inside["instance"] = lambda: fakes.rds.remove("rm-a")

    assert ["rm-b"] == ids(fakes)


@pytest.mark.parametrize("call", ["tags_by_key", "instance"])
def test_clone_that_cannot_be_described_fails_the_list(fakes: Fakes, call: str) -> None:
    plant(fakes, "rm-a")
    plant(fakes, "rm-b")
    fakes.rds.fail(call, api_error(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        ids(fakes)


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        row("by the hour", {}, A_DAY),
        row("in a zone not told", {"zones": ()}, A_DAY),
        row("paid in advance", {"payment": "Subscription"}, None),
        row("by the load", {"payment": "Serverless"}, None),
    ],
)
def test_price_is_told_where_the_shape_has_one_for_the_hour(
    fakes: Fakes, changes: dict[str, Any], price: Price | None
) -> None:
    plant(fakes, "rm-a", **changes)

    (clone,) = clones_in(fakes.region)

    assert price == clone.price
    asked = [what for name, what in fakes.rds.asked if name == "price"]
    assert bool(price) == bool(asked)
    assert all(("mysql.n2.medium.2c", 100, Payment()) == what[1:] for what in asked)


@pytest.mark.parametrize("error", [AccessDeniedError, UnavailableError, ApiError])
def test_price_that_is_not_told_is_left_out(fakes: Fakes, error: type[ApiError]) -> None:
    plant(fakes, "rm-a")
    fakes.rds.fail("price", api_error(error))

    (clone,) = clones_in(fakes.region)

    assert clone.price is None


def test_clone_is_told_as_plain_values(fakes: Fakes) -> None:
    plant(fakes, "rm-a", description="staging")

    (clone,) = clones_in(fakes.region)

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


def test_what_tags_and_cloud_do_not_tell_is_not_guessed(fakes: Fakes) -> None:
    bare = replace(SOURCE, id="rm-a", created=None, description="")
    fakes.rds.plant(bare, {KEY_TAG: "key-1"})

    clone = find("rm-a", fakes.region)

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
        row("none", "rm-nobody", r"there is no instance .* cn-hangzhou — "),
        row("a source", SOURCE.id, r"does not carry the tag rdsclone:key"),
    ],
)
def test_instance_that_no_stack_ordered_is_no_clone(fakes: Fakes, name: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        find(name, fakes.region)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        row(
            "a finished one",
            OWNED,
            'in the program of shop/dev, give its CloneInstance adopt="always", and '
            "keep the inputs with which rm-a was ordered",
        ),
        row("one of an interrupted run", CREATING, "keep the inputs with which rm-a was ordered"),
        row(
            "one that was about to be recorded",
            FINISHED,
            "keep the inputs with which rm-a was ordered",
        ),
    ],
)
def test_steps_to_adopt(fakes: Fakes, stage: str, step: str) -> None:
    """
    A finished clone is taken over only by a program that says so.
    """
    plant(fakes, "rm-a", stage=stage)

    first, _, run, plugin = steps_to_adopt(find("rm-a", fakes.region))

    assert step == first
    assert "pulumi preview for shop/dev" in run
    assert plugin.endswith("rdsclone:index:CloneInstance NAME cn-hangzhou/rm-a")
    assert [] == fakes.rds.writes


def test_clone_that_is_being_released_has_no_steps_to_adopt(fakes: Fakes) -> None:
    plant(fakes, "rm-a", status="Deleting")

    with pytest.raises(RefusedError, match="rm-a is Deleting, so no stack"):
        steps_to_adopt(find("rm-a", fakes.region))
