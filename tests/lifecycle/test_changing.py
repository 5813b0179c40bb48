from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AccessDeniedError,
    ApiError,
    ConfigurationError,
    ConflictError,
    DeadCloneError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnfinishedError,
    WaitCancelledError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import FINISHED, OWNED, STAGE_TAG
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.checking import check
from tests.domain.samples import NOW, PRICE, values
from tests.lifecycle import runs
from tests.lifecycle.fakes import GONE, OWN_CALLS, Fakes, FakeTiming, Script, api_error
from tests.lifecycle.runs import ID, change, make, refreshed, release, unfinished
from tests.support.rows import row
from tests.support.verbs import diff, read, refuse_dead

INPUTS = values(
    region="cn-hangzhou",
    description="staging",
    tags={"team": "data", "stage": "test"},
    clone_key="key-1",
)


SLOW: Script = ((0, "Creating"), (600, "Running"))
DECLARED: dict[str, Any] = {
    "security_ips": {"default": ["10.0.0.0/8"]},
    "accounts": {"ci": {"password": "One-1234"}},
    "ssl": {"enabled": True},
    "sql_audit": True,
    "tcp_connection_type": "SHORT",
    "monitoring_period": 60,
    "parameters": {"wait_timeout": "60"},
    "high_availability": {"mode": "RTO", "sync_mode": "Async"},
    "backup_policy": {"retention_days": 10},
    "encryption": {"key": "key-1", "role_arn": "acs:ram::1:role/rds"},
    "network": {
        "vpc_id": "vpc-1",
        "vswitch_ids": ["vsw-1"],
        "private_ip_address": "10.0.0.7",
        "public_endpoint": True,
    },
    "payment": {"type": "Subscription", "period": "Month", "duration": 1, "auto_renew": True},
}
"""Something of every aspect of MySQL that calls of its own tell."""


def all_declared(fakes: Fakes, aspect: Aspect) -> dict[str, Any]:
    """
    Return inputs that declare *aspect* among others, for a source that has it.
    """
    fakes.rds.show("rm-source", {"ssl.enabled": False, "sql_audit": False})
    if aspect is not Aspect.PG_HBA:
        return {**INPUTS, **DECLARED}
    fakes.rds.alter("rm-source", engine="PostgreSQL", engine_version="16.0")
    return {**INPUTS, "pg_hba": [{"address": "10.0.0.0/8"}], "sql_audit": True}


def made(fakes: Fakes, inputs: dict[str, Any] = INPUTS) -> dict[str, Any]:
    return runs.made(fakes, inputs)


def interrupted(fakes: Fakes, script: Script, inputs: dict[str, Any] = INPUTS) -> dict[str, Any]:
    """
    Return the outputs of a clone that was not ready in time.
    """
    fakes.rds.script = script
    failure = unfinished(lambda: make(fakes, inputs, timeout=timedelta(minutes=1)))
    fakes.forget()
    return dict(failure.outputs)


def checked(fakes: Fakes, program: dict[str, Any], olds: dict[str, Any]) -> Any:
    return check(program, olds, new_key="never-used", regions=fakes.regions).inputs


def unmarked(fakes: Fakes) -> dict[str, Any]:
    """
    Return the outputs of a clone that runs but could not be marked as owned.
    """
    denied = api_error(AccessDeniedError, "TagResources")
    fakes.rds.inside["order_clone"] = lambda: fakes.rds.fail("set_tags", denied)
    failure = unfinished(lambda: make(fakes, INPUTS))
    fakes.forget()
    return dict(failure.outputs)


def test_clone_that_is_not_marked_stays_unfinished(fakes: Fakes) -> None:
    outputs = unmarked(fakes)

    assert "Running" == outputs["status"]
    with pytest.raises(UnfinishedError, match=ID) as failure:
        read(ID, outputs, INPUTS, fakes.regions)
    assert ID == failure.value.outputs["instance_id"]


def test_next_update_marks_the_clone(fakes: Fakes) -> None:
    """
    A clone that stayed marked as creating would be adopted by its own replacement.
    """
    outputs = unmarked(fakes)

    change(fakes, outputs, INPUTS)

    assert OWNED == fakes.rds.tags_of(ID)[STAGE_TAG]
    assert read(ID, outputs, INPUTS, fakes.regions) is not None


def test_mark_that_is_not_seen_is_made_once_more(fakes: Fakes) -> None:
    """
    A clone that looks unmarked may be one whose mark as being made is late.
    """
    outputs = unmarked(fakes)
    late = fakes.rds.tags_of(ID).copy()
    fakes.rds.lose_tags(ID, late)

    change(fakes, outputs, INPUTS)

    assert OWNED == fakes.rds.tags_of(ID)[STAGE_TAG]


# Diff


def test_created_clone_has_no_differences(fakes: Fakes) -> None:
    assert Differences() == diff(made(fakes), INPUTS)


@pytest.mark.parametrize(
    ("change", "differences"),
    [
        row("in place", {"description": "testing"}, Differences(updates=("description",))),
        row(
            "another restore point",
            {"restore_point": {"latest": "backup"}},
            Differences(replaces=("restore_point.latest",)),
        ),
        row("what it already is", {"edition": "HighAvailability"}, Differences()),
        row("an edition", {"edition": "cluster"}, Differences(replaces=("edition",))),
        row("an unknown edition", {"edition": UNKNOWN}, Differences(undecided=("edition",))),
        row("the key is not the user's", {"clone_key": "key-2"}, Differences()),
    ],
)
def test_changed_input_differs_from_what_is_recorded(
    fakes: Fakes, change: dict[str, Any], differences: Differences
) -> None:
    assert differences == diff(made(fakes), {**INPUTS, **change})


def test_unfinished_clone_is_an_update(fakes: Fakes) -> None:
    olds = interrupted(fakes, SLOW)

    assert Differences(updates=("status",)) == diff(olds, INPUTS)


def test_unfinished_clone_is_replaced_when_a_change_needs_it(fakes: Fakes) -> None:
    olds = interrupted(fakes, SLOW)

    assert diff(olds, {**INPUTS, "edition": "cluster"}) == Differences(replaces=("edition",))


def test_diff_asks_nobody(fakes: Fakes) -> None:
    olds = made(fakes)

    diff(olds, {**INPUTS, "description": "testing"})

    assert [] == fakes.rds.calls


@pytest.mark.parametrize(
    ("outputs", "verdict"),
    [
        row("running", {"status": "Running"}, False),
        row("being made", {"status": "Creating"}, True),
        row("not known", {"status": "unknown"}, True),
        row("never told", {}, True),
    ],
)
def test_clone_that_was_not_running_is_unfinished(
    outputs: dict[str, Any],
    verdict: bool,  # noqa: FBT001
) -> None:
    assert verdict is CloneState(outputs).is_unfinished


# Read


def test_untouched_clone_reads_as_it_was(fakes: Fakes) -> None:
    olds = made(fakes)

    reading = refreshed(fakes, olds, INPUTS)

    assert olds == reading.outputs
    assert INPUTS == reading.inputs
    assert [] == fakes.rds.writes


UNREADABLE = [UnavailableError, AccessDeniedError, ConflictError, NotFoundError]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_tags_keep_their_recorded_values(fakes: Fakes, kind: type[ApiError]) -> None:
    inputs = {**INPUTS, "expires_at": "2099-01-01T00:00:00Z"}
    olds = made(fakes, inputs)
    fakes.rds.fail("tags", api_error(kind))

    reading = refreshed(fakes, olds, inputs)

    assert (olds, inputs) == (reading.outputs, reading.inputs)
    (warning,) = reading.warnings
    assert warning.startswith(f"tags of {ID} could not be read")
    assert "last known values: said the API" in warning


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("aspect", sorted(OWN_CALLS))
def test_unreadable_aspect_keeps_its_recorded_values(
    fakes: Fakes, aspect: Aspect, kind: type[ApiError]
) -> None:
    inputs = all_declared(fakes, aspect)
    olds = made(fakes, inputs)
    fakes.rds.unreadable[aspect] = api_error(kind)
    fakes.rds.alter(ID, description="by hand")

    reading = refreshed(fakes, olds, inputs)

    assert {**olds, "description": "by hand"} == reading.outputs
    assert {**inputs, "description": "by hand"} == reading.inputs
    (warning,) = reading.warnings
    assert warning.startswith(f"{aspect} of {ID} could not be read")
    assert "last known values: said the API" in warning


@pytest.mark.parametrize("aspect", sorted(OWN_CALLS))
def test_interrupted_clone_is_waited_for_whatever_is_declared(fakes: Fakes, aspect: Aspect) -> None:
    """
    While a clone is made nothing of it but attributes and tags is asked for.
    """
    inputs = all_declared(fakes, aspect)
    fakes.rds.readable_when = "Running"
    olds = interrupted(fakes, SLOW, inputs)
    with pytest.raises(UnfinishedError):
        read(ID, olds, inputs, fakes.regions)

    outputs = change(fakes, olds, inputs)

    assert "Creating" == olds["status"]
    assert not diff(outputs, inputs)
    assert [ID] == [order.id for order in fakes.rds.made]
    assert aspect in fakes.rds.read


@pytest.mark.parametrize("status", ["Rebooting", "DBInstanceClassChanging", "Unheard"])
def test_busy_finished_clone_is_no_drift(fakes: Fakes, status: str) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, status=status, instance_class="half.way", description="")

    reading = refreshed(fakes, olds, INPUTS)

    assert (olds, INPUTS) == (reading.outputs, reading.inputs)
    assert reading.warnings == (
        (
            f"{ID} is now {status}, so the state keeps the last known values — run "
            f"pulumi refresh again when {ID} is Running"
        ),
    )


def test_busy_clone_that_is_looked_up_is_told_as_it_is(fakes: Fakes) -> None:
    made(fakes)
    fakes.rds.alter(ID, status="Rebooting")

    reading = refreshed(fakes, {}, None)

    assert "Rebooting" == reading.outputs["status"]


@pytest.mark.parametrize("status", ["Deleting", "Released", GONE])
def test_clone_that_is_released_or_being_released_reads_as_gone(fakes: Fakes, status: str) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, status=status)

    assert read(ID, olds, INPUTS, fakes.regions) is None


@pytest.mark.parametrize(
    ("end", "status"), [("Deleting", "Deleting"), ("Released", "Released"), (GONE, "gone")]
)
@pytest.mark.parametrize("is_finished", [True, False])
def test_dead_clone_is_told_by_preview_and_update_alike(
    fakes: Fakes,
    end: str,
    status: str,
    is_finished: bool,  # noqa: FBT001
) -> None:
    made_so_far = made if is_finished else partial(interrupted, script=SLOW)
    olds = made_so_far(fakes)
    fakes.rds.alter(ID, status=end)
    sentence = str(DeadCloneError(ID, status))

    with pytest.raises(DeadCloneError) as previewed:
        refuse_dead(olds, fakes.regions)
    with pytest.raises(DeadCloneError) as updated:
        change(fakes, olds, {**INPUTS, "description": "x"})

    assert [sentence] * 2 == [str(previewed.value), str(updated.value)]
    assert f"run pulumi refresh to remove {ID} from the state" in sentence
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("kind", [UnavailableError, AccessDeniedError, ConflictError])
def test_preview_says_nothing_of_an_unreadable_clone(fakes: Fakes, kind: type[ApiError]) -> None:
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(kind))

    refuse_dead(olds, fakes.regions)


@pytest.mark.parametrize("kind", [UnavailableError, AccessDeniedError])
def test_clone_that_cannot_be_read_is_not_gone(
    fakes: Fakes, kind: type[UnavailableError | AccessDeniedError]
) -> None:
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(kind))

    with pytest.raises(kind):
        read(ID, olds, INPUTS, fakes.regions)


def test_drift_of_what_is_declared_shows_in_outputs_and_inputs(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, description="by_hand")
    fakes.rds.set_tags(ID, {"team": "web"})

    reading = refreshed(fakes, olds, INPUTS)

    tags = {"team": "web", "stage": "test"}
    assert {**olds, "description": "by_hand", "tags": tags} == reading.outputs
    assert {**INPUTS, "description": "by_hand", "tags": tags} == reading.inputs


def test_drift_is_corrected(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, description="by_hand")
    reading = refreshed(fakes, olds, INPUTS)

    differences = diff(reading.outputs, checked(fakes, INPUTS, INPUTS))

    assert Differences(updates=("description",)) == differences


def test_drift_of_what_is_not_declared_shows_in_outputs_alone(fakes: Fakes) -> None:
    inputs = values(region="cn-hangzhou", clone_key="key-1")
    olds = made(fakes, inputs)
    fakes.rds.alter(ID, description="by_hand", status="Running")

    reading = refreshed(fakes, olds, inputs)

    assert reading.outputs["description"] == "by_hand"
    assert inputs == reading.inputs


@pytest.mark.parametrize(
    "change",
    [
        row("its disk grew", {"storage_gb": 500}),
        row("its edition was changed", {"edition": "cluster"}),
        row("it was moved", {"zones": ("cn-hangzhou-k",)}),
        row("its network was changed", {"vswitch_ids": ("vsw-9",)}),
    ],
)
@pytest.mark.parametrize(
    "declared",
    [
        row("nothing declared", {}),
        row(
            "all declared",
            {
                "edition": "HighAvailability",
                "zones": ["cn-hangzhou-h", "cn-hangzhou-i"],
                "capacity": {"instance_class": "mysql.n2.medium.2c", "storage_gb": 100},
                "network": {"vswitch_ids": ["vsw-1", "vsw-2"]},
                "payment": {"type": "PayAsYouGo"},
            },
        ),
    ],
)
def test_change_by_hand_replaces_nothing(
    fakes: Fakes, change: dict[str, Any], declared: dict[str, Any]
) -> None:
    inputs = {**INPUTS, **declared}
    olds = made(fakes, inputs)
    fakes.rds.alter(ID, **change)

    reading = refreshed(fakes, olds, inputs)

    assert not diff(reading.outputs, inputs)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        row("the payment was converted", {"payment": "Subscription"}, "payment.type"),
        row("it was scaled", {"instance_class": "mysql.n4.large.2c"}, "capacity.instance_class"),
        row("a faster disk", {"storage_type": "cloud_essd3"}, "capacity.storage_type"),
    ],
)
def test_change_by_hand_is_undone_in_place(fakes: Fakes, change: dict[str, Any], path: str) -> None:
    capacity = {"instance_class": "mysql.n2.medium.2c", "storage_type": "cloud_essd"}
    inputs = {**INPUTS, "capacity": capacity, "payment": {"type": "PayAsYouGo"}}
    olds = made(fakes, inputs)
    fakes.rds.alter(ID, **change)

    reading = refreshed(fakes, olds, inputs)

    assert diff(reading.outputs, inputs) == Differences(updates=(path,))
    assert runs.change(fakes, reading.outputs, inputs) == olds


def test_read_without_inputs_makes_none_up(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, description="by_hand")

    reading = refreshed(fakes, olds, None)

    assert reading.inputs is None
    assert {**olds, "description": "by_hand"} == reading.outputs


def test_read_keeps_what_was_restored(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.lose_tags(ID, ["rdsclone:restored"])

    reading = refreshed(fakes, olds, INPUTS)

    assert olds["restored_from"] == reading.outputs["restored_from"]


def test_recorded_price_is_kept(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.cost = replace(PRICE, amount=99.0)

    reading = read(ID, olds, INPUTS, fakes.regions)
    outputs = change(fakes, olds, {**INPUTS, "tags": {}})

    assert reading is not None
    assert PRICE.tree() == olds["estimated_price"]
    assert PRICE.tree() == reading.outputs["estimated_price"]
    assert PRICE.tree() == outputs["estimated_price"]
    assert fakes.rds.count("price") == 0


def test_price_that_was_never_told_stays_absent(fakes: Fakes) -> None:
    fakes.rds.fail("price", api_error(AccessDeniedError))
    olds = made(fakes)

    reading = read(ID, olds, INPUTS, fakes.regions)
    outputs = change(fakes, olds, {**INPUTS, "tags": {}})

    assert reading is not None
    for told in (olds, reading.outputs, outputs):
        assert "estimated_price" not in told


def test_price_of_an_unfinished_clone_is_kept(fakes: Fakes) -> None:
    olds = interrupted(fakes, ((0, "Creating"), (120, "Running")))

    with pytest.raises(UnfinishedError) as failure:
        read(ID, olds, INPUTS, fakes.regions)
    outputs = change(fakes, olds, INPUTS)

    assert PRICE.tree() == olds["estimated_price"]
    assert PRICE.tree() == failure.value.outputs["estimated_price"]
    assert PRICE.tree() == outputs["estimated_price"]


def test_read_keeps_a_clone_unfinished_while_it_is_not_ready(fakes: Fakes) -> None:
    olds = interrupted(fakes, SLOW)

    with pytest.raises(UnfinishedError, match=f"{ID} is Creating") as failure:
        read(ID, olds, INPUTS, fakes.regions)

    assert failure.value.outputs["instance_id"] == ID
    assert failure.value.outputs["status"] == "Creating"
    assert failure.value.outputs["clone_key"] == "key-1"


def test_look_up_by_id_reads_where_the_provider_works(fakes: Fakes) -> None:
    olds = made(fakes)

    reading = refreshed(fakes, {}, None)

    told = {"instance_id", "status", "edition", "capacity", "network", "description"}
    assert {name: olds[name] for name in told} == {name: reading.outputs[name] for name in told}
    assert reading.outputs["restored_from"]["time"] == olds["restored_from"]["time"]
    assert fakes.regions.asked[0] == "cn-hangzhou"


def test_look_up_of_an_unknown_id_is_an_error(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        read("rm-nobody", {"region": "cn-hangzhou"}, None, fakes.regions)


def test_look_up_without_a_region_is_refused(fakes: Fakes) -> None:
    fakes.regions.default_region = None

    with pytest.raises(ConfigurationError, match="no region is configured — set "):
        read(ID, {}, None, fakes.regions)
    assert [] == fakes.rds.calls


# Update


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        row("nothing", {}, []),
        row(
            "the description",
            {"description": "testing"},
            [("change description", {"description": "testing"})],
        ),
        row(
            "the protection",
            {"deletion_protection": True},
            [("change deletion protection", {"deletion_protection": True})],
        ),
        row(
            "the tags",
            {"tags": {"team": "web", "cost": "low"}},
            [("change tags", {"tags": {"team": "web", "cost": "low"}})],
        ),
        row(
            "two aspects, in their order",
            {"description": "testing", "deletion_protection": True},
            [
                ("change description", {"description": "testing"}),
                ("change deletion protection", {"deletion_protection": True}),
            ],
        ),
        row("what counts at birth only", {"create_timeout": "5h"}, []),
    ],
)
def test_update_calls_what_has_changed_and_nothing_else(
    fakes: Fakes, change: dict[str, Any], calls: list[tuple[str, Any]]
) -> None:
    olds = made(fakes)

    outputs = runs.change(fakes, olds, {**INPUTS, **change})

    assert calls == [(name, given) for name, given in fakes.rds.asked if name in fakes.rds.writes]
    assert {**olds, **change} == outputs


def test_birth_tags_outlive_an_update(fakes: Fakes) -> None:
    olds = made(fakes)
    before = fakes.rds.tags_of(ID)

    change(fakes, olds, {**INPUTS, "tags": {}})

    assert before == {"team": "data", "stage": "test", **fakes.rds.tags_of(ID)}


def test_unfinished_clone_is_waited_for_before_it_is_changed(fakes: Fakes) -> None:
    olds = interrupted(fakes, ((0, "Creating"), (120, "Running")))

    outputs = change(fakes, olds, {**INPUTS, "description": "testing"})

    assert outputs["status"] == "Running"
    assert outputs["description"] == "testing"
    assert outputs["restored_from"] == olds["restored_from"]
    assert fakes.rds.tags_of(ID)["rdsclone:stage"] == "owned"
    assert fakes.rds.writes == ["change description", "set_tags", "set_tags"]
    assert [ID] == [order.id for order in fakes.rds.made]


def test_update_owns_a_clone_whose_create_was_killed_at_its_end(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.set_tags(ID, {STAGE_TAG: FINISHED})

    change(fakes, olds, {**INPUTS, "description": "testing"})

    assert OWNED == fakes.rds.tags_of(ID)[STAGE_TAG]


def test_clone_of_which_only_the_id_is_known_is_finished(fakes: Fakes) -> None:
    fakes.rds.script = ((0, "Creating"), (120, "Running"))
    made_outputs = made(fakes)
    price = made_outputs["estimated_price"]
    olds = {**INPUTS, "estimated_price": price, "instance_id": ID, "status": "unknown"}

    outputs = change(fakes, olds, INPUTS)

    assert made_outputs == outputs


@pytest.mark.parametrize(
    ("declared", "timeout", "seconds"),
    [
        row("the declared time", "2m", None, 120),
        row("the engine's time", "2m", timedelta(minutes=1), 60),
    ],
)
def test_clone_that_stays_busy_is_kept_unfinished_and_unchanged(
    fakes: Fakes, declared: str, timeout: timedelta | None, seconds: int
) -> None:
    olds = interrupted(fakes, ((0, "Creating"),))
    inputs = {**INPUTS, "create_timeout": declared, "description": "testing"}

    with pytest.raises(UnfinishedError, match=f"{ID} is still") as failure:
        change(fakes, olds, inputs, timeout=timeout)

    assert failure.value.outputs["instance_id"] == ID
    assert seconds == sum(fakes.clock.slept)
    assert [] == fakes.rds.writes


def test_finished_clone_is_changed_while_it_is_busy(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, status="Rebooting")

    change(fakes, olds, {**INPUTS, "description": "testing"})

    assert fakes.rds.writes == ["change description"]
    assert fakes.clock.slept == []


# Delete


def test_release_is_waited_for(fakes: Fakes) -> None:
    olds = made(fakes)

    release(fakes, olds)

    assert fakes.rds.writes == ["release"]
    assert [10] * 3 == fakes.clock.slept
    with pytest.raises(NotFoundError):
        fakes.rds.instance(ID)


def test_release_of_a_clone_that_is_gone_succeeds(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.remove(ID)

    release(fakes, olds)

    assert fakes.rds.writes == []


def test_release_of_a_clone_that_goes_meanwhile_succeeds(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside["release"] = lambda: fakes.rds.remove(ID)

    release(fakes, olds)

    assert ["release"] * 2 == fakes.rds.writes


def test_clone_that_is_being_released_is_waited_for(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.plant(
        replace(fakes.rds.instance(ID), status="Deleting"), {}, ((0, "Deleting"), (35, GONE))
    )

    release(fakes, olds)

    assert [10] * 4 == fakes.clock.slept


def test_unreadable_clone_is_not_taken_for_released(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        release(fakes, olds)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        row(
            "a protected one",
            {"deletion_protection": True},
            r"rm-clone-1 is protected .* set deletion_protection to false and run",
        ),
        row(
            "a subscription",
            {"payment": "Subscription", "expires": NOW + timedelta(days=30)},
            r"rm-clone-1 is a subscription, paid until 2026-12-20T12:00:00Z,.* convert",
        ),
        row(
            "a subscription of unknown end",
            {"payment": "Subscription"},
            r"rm-clone-1 is a subscription, paid, .* set on_delete to convert",
        ),
    ],
)
def test_clone_that_must_not_be_released_is_kept(
    fakes: Fakes, change: dict[str, Any], reason: str
) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, **change)

    with pytest.raises(RefusedError, match=reason):
        release(fakes, olds)
    assert [] == fakes.rds.writes


def test_busy_clone_is_released_when_it_is_ready(fakes: Fakes) -> None:
    olds = made(fakes)
    busy = replace(fakes.rds.instance(ID), status="Rebooting")
    fakes.rds.plant(busy, {}, ((0, "Rebooting"), (60, "Running")))

    release(fakes, olds)

    assert ["release"] * 8 == fakes.rds.writes
    assert "0 of 20 min, Rebooting" in fakes.progress.shown
    with pytest.raises(NotFoundError):
        fakes.rds.instance(ID)


def test_release_of_a_clone_that_stays_busy_fails_at_its_timeout(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.alter(ID, status="Rebooting")

    with pytest.raises(ConflictError):
        release(fakes, olds, timeout=timedelta(minutes=2))
    assert sum(fakes.clock.slept) == 120


def test_release_that_a_running_clone_refuses_is_tried_four_times(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail("release", api_error(ConflictError), times=100)

    with pytest.raises(ConflictError):
        release(fakes, olds)
    assert fakes.rds.count("release") == 4


def test_release_that_is_refused_three_times_succeeds(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail("release", api_error(ConflictError), times=3)

    release(fakes, olds)

    assert fakes.rds.count("release") == 4


def test_release_that_takes_too_long_tells_the_status(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.plant(replace(fakes.rds.instance(ID), status="Deleting"))

    with pytest.raises(WaitTimedOutError, match=f"{ID} .*Deleting after 5m"):
        release(fakes, olds, timeout=timedelta(minutes=5))


def test_cancelled_wait_for_a_release_tells_how_to_go_on(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside["release"] = fakes.progress.cancel

    with pytest.raises(WaitCancelledError, match="run the same command again"):
        release(fakes, olds)


def test_cancelled_run_does_not_release_a_busy_clone(fakes: Fakes) -> None:
    olds = made(fakes)
    busy = replace(fakes.rds.instance(ID), status="Rebooting")
    fakes.rds.plant(busy, {}, ((0, "Rebooting"), (60, "Running")))
    fakes.rds.inside["release"] = fakes.progress.cancel

    with pytest.raises(RefusedError, match=f"cancelled before {ID} was released"):
        release(fakes, olds)

    assert 1 == fakes.rds.count("release")
    assert [] == fakes.clock.slept


def test_abandoned_run_releases_nothing(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.progress.has_listener = False

    with pytest.raises(AbandonedError):
        release(fakes, olds)

    assert [] == fakes.rds.writes


CONVERTED: Final = {"on_delete": "convertAndRelease"}


def subscribed(fakes: Fakes) -> dict[str, Any]:
    """
    Make a subscription that is to be converted when it is released.
    """
    olds = {**made(fakes), **CONVERTED}
    fakes.rds.alter(ID, payment="Subscription")
    return olds


def test_conversion_is_asked_for_once(fakes: Fakes) -> None:
    olds = subscribed(fakes)
    fakes.rds.timings[Aspect.PAYMENT] = FakeTiming(lag=200)

    release(fakes, olds)

    assert ["change payment", "release"] == fakes.rds.writes


@pytest.mark.parametrize(("when", "asked"), [("before", 2), ("after", 1)])
def test_conversion_is_repeated_if_it_had_no_effect(fakes: Fakes, when: str, asked: int) -> None:
    olds = subscribed(fakes)
    fakes.rds.fail("change payment", api_error(UnavailableError), when=when)

    release(fakes, olds)

    assert [*["change payment"] * asked, "release"] == fakes.rds.writes


def test_a_cancelled_run_converts_nothing(fakes: Fakes) -> None:
    olds = subscribed(fakes)
    fakes.progress.is_cancelled = True

    with pytest.raises(RefusedError, match="cancelled before"):
        release(fakes, olds)

    assert [] == fakes.rds.writes


def test_subscription_whose_conversion_never_shows_is_kept(fakes: Fakes) -> None:
    olds = subscribed(fakes)
    fakes.rds.timings[Aspect.PAYMENT] = FakeTiming(shows=False)

    with pytest.raises(WaitTimedOutError, match="a subscription after 20m"):
        release(fakes, olds)

    assert "release" not in fakes.rds.writes
