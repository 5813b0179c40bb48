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
from tests.lifecycle.fakes import GONE, OWN_CALLS, Fakes, FakeTiming, Script, api_error
from tests.support.rows import row
from tests.support.verbs import create, delete, diff, read, refuse_dead, update

ID = "rm-clone-1"
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
    """
    Return the outputs of a clone that was made without trouble.
    """
    outputs = create(inputs, fakes.regions, fakes.progress, stack="shop/dev")
    forget(fakes)
    return outputs


def unfinished(fakes: Fakes, script: Script) -> dict[str, Any]:
    """
    Return the outputs of a clone that was not ready in time.
    """
    fakes.rds.script = script
    with pytest.raises(UnfinishedError) as failure:
        create(
            INPUTS, fakes.regions, fakes.progress, stack="shop/dev", timeout=timedelta(minutes=1)
        )
    forget(fakes)
    return dict(failure.value.outputs)


def forget(fakes: Fakes) -> None:
    """
    Begin another run.
    """
    fakes.restart()
    fakes.rds.calls.clear()
    fakes.rds.asked.clear()
    fakes.clock.slept.clear()


def checked(fakes: Fakes, program: dict[str, Any], olds: dict[str, Any]) -> Any:
    """
    Return the inputs as check leaves them for a clone that exists.
    """
    return check(program, olds, "never-used", fakes.regions).inputs


def unmarked(fakes: Fakes) -> dict[str, Any]:
    """
    Return the outputs of a clone that runs but could not be marked as owned.
    """
    denied = api_error(AccessDeniedError, "TagResources")
    fakes.rds.inside["order_clone"] = lambda: fakes.rds.fail("set_tags", denied)
    with pytest.raises(UnfinishedError) as failure:
        create(INPUTS, fakes.regions, fakes.progress, stack="shop/dev")
    forget(fakes)
    return dict(failure.value.outputs)


def test_clone_that_is_not_marked_stays_unfinished(fakes: Fakes) -> None:
    """
    A clone that runs but is not owned is not finished, also for a refresh.
    """
    outputs = unmarked(fakes)

    assert "Running" == outputs["status"]
    with pytest.raises(UnfinishedError, match=ID) as failure:
        read(ID, outputs, INPUTS, fakes.regions)
    assert ID == failure.value.outputs["instance_id"]


def test_next_update_marks_the_clone(fakes: Fakes) -> None:
    """
    What was left to do for a finished clone is done by the next update.

    A clone that stayed marked as creating would be adopted by its own replacement.
    """
    outputs = unmarked(fakes)

    update(ID, outputs, INPUTS, fakes.regions, fakes.progress)

    assert OWNED == fakes.rds.tags_of(ID)[STAGE_TAG]
    assert read(ID, outputs, INPUTS, fakes.regions) is not None


def test_mark_that_is_not_seen_is_made_once_more(fakes: Fakes) -> None:
    """
    A clone that looks unmarked may be one whose mark as being made is late.
    """
    outputs = unmarked(fakes)
    late = fakes.rds.tags_of(ID).copy()
    fakes.rds.lose_tags(ID, late)

    update(ID, outputs, INPUTS, fakes.regions, fakes.progress)

    assert OWNED == fakes.rds.tags_of(ID)[STAGE_TAG]


# Diff


def test_created_clone_has_no_differences(fakes: Fakes) -> None:
    """
    A clone that was just made is as its inputs want it.
    """
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
    """
    A changed input differs from what is recorded, the source's share included.
    """
    assert differences == diff(made(fakes), {**INPUTS, **change})


def test_unfinished_clone_differs(fakes: Fakes) -> None:
    """
    A clone that was not ready is an update: it goes on being waited for.
    """
    olds = unfinished(fakes, ((0, "Creating"), (600, "Running")))

    assert Differences(updates=("status",)) == diff(olds, INPUTS)


def test_unfinished_clone_is_replaced_for_a_reason_only(fakes: Fakes) -> None:
    """
    A change that needs a new clone is told for an unfinished one, too.
    """
    olds = unfinished(fakes, ((0, "Creating"), (600, "Running")))

    assert diff(olds, {**INPUTS, "edition": "cluster"}) == Differences(replaces=("edition",))


def test_diff_asks_nobody(fakes: Fakes) -> None:
    """
    A diff is made of what is at hand.
    """
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
    """
    What was not Running when last seen is not finished.
    """
    assert verdict is CloneState(outputs).is_unfinished


# Read


def test_read_finds_nothing_new(fakes: Fakes) -> None:
    """
    A clone that nobody touched reads as it was, outputs and inputs.
    """
    olds = made(fakes)

    reading = read(ID, olds, INPUTS, fakes.regions)

    assert reading is not None
    assert olds == reading.outputs
    assert INPUTS == reading.inputs
    assert [] == fakes.rds.writes


def test_clone_that_the_api_denies_is_gone(fakes: Fakes) -> None:
    """
    A clone that the API knows not to exist is gone.
    """
    olds = made(fakes)
    fakes.rds.remove(ID)

    assert read(ID, olds, INPUTS, fakes.regions) is None


UNREADABLE = [UnavailableError, AccessDeniedError, ConflictError, NotFoundError]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_tags_keep_their_recorded_values(fakes: Fakes, kind: type[ApiError]) -> None:
    """
    Tags that cannot be read now are told as they were last seen, with a warning.
    """
    inputs = {**INPUTS, "expires_at": "2099-01-01T00:00:00Z"}
    olds = made(fakes, inputs)
    fakes.rds.fail("tags", api_error(kind))

    reading = read(ID, olds, inputs, fakes.regions)

    assert reading is not None
    assert (olds, inputs) == (reading.outputs, reading.inputs)
    (warning,) = reading.warnings
    assert warning.startswith(f"tags of {ID} could not be read")
    assert "last known values: said the API" in warning


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("aspect", sorted(OWN_CALLS))
def test_unreadable_aspect_keeps_its_recorded_values(
    fakes: Fakes, aspect: Aspect, kind: type[ApiError]
) -> None:
    """
    An aspect that cannot be read now is told as last seen; the others are read.
    """
    inputs = all_declared(fakes, aspect)
    olds = made(fakes, inputs)
    fakes.rds.unreadable[aspect] = api_error(kind)
    fakes.rds.alter(ID, description="by hand")

    reading = read(ID, olds, inputs, fakes.regions)

    assert reading is not None
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
    fakes.rds.script = ((0, "Creating"), (600, "Running"))
    minute = timedelta(minutes=1)
    with pytest.raises(UnfinishedError) as failure:
        create(inputs, fakes.regions, fakes.progress, stack="shop/dev", timeout=minute)
    forget(fakes)
    olds = failure.value.outputs
    with pytest.raises(UnfinishedError):
        read(ID, olds, inputs, fakes.regions)

    outputs = update(ID, olds, inputs, fakes.regions, fakes.progress)

    assert "Creating" == olds["status"]
    assert not diff(outputs, inputs)
    assert [ID] == [order.id for order in fakes.rds.made]
    assert aspect in fakes.rds.read


@pytest.mark.parametrize("status", ["Rebooting", "DBInstanceClassChanging", "Unheard"])
def test_busy_clone_is_left_as_it_was_seen(fakes: Fakes, status: str) -> None:
    """
    A finished clone that is merely busy is no drift, whatever it shows meanwhile.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, status=status, instance_class="half.way", description="")

    reading = read(ID, olds, INPUTS, fakes.regions)

    assert reading is not None
    assert (olds, INPUTS) == (reading.outputs, reading.inputs)
    assert reading.warnings == (
        (
            f"{ID} is now {status}, so the state keeps the last known values — run "
            f"pulumi refresh again when {ID} is Running"
        ),
    )


def test_busy_clone_that_is_looked_up(fakes: Fakes) -> None:
    """
    A busy instance that a program looks up by its id is told as it is.
    """
    made(fakes)
    fakes.rds.alter(ID, status="Rebooting")

    reading = read(ID, {}, None, fakes.regions)

    assert reading is not None
    assert "Rebooting" == reading.outputs["status"]


@pytest.mark.parametrize("status", ["Deleting", "Released"])
def test_clone_that_is_going_is_gone(fakes: Fakes, status: str) -> None:
    """
    A refresh takes a clone that is being released out of the state.
    """
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
    """
    Whoever finds a dead clone first says so with one sentence, and the remedy.
    """
    made_so_far = made if is_finished else partial(unfinished, script=SLOW)
    olds = made_so_far(fakes)
    fakes.rds.alter(ID, status=end)
    sentence = str(DeadCloneError(ID, status))

    with pytest.raises(DeadCloneError) as previewed:
        refuse_dead(olds, fakes.regions)
    with pytest.raises(DeadCloneError) as updated:
        update(ID, olds, {**INPUTS, "description": "x"}, fakes.regions, fakes.progress)

    assert [sentence] * 2 == [str(previewed.value), str(updated.value)]
    assert f"run pulumi refresh to remove {ID} from the state" in sentence
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("kind", [UnavailableError, AccessDeniedError, ConflictError])
def test_preview_of_a_clone_that_cannot_be_asked_about(fakes: Fakes, kind: type[ApiError]) -> None:
    """
    A preview that cannot learn whether a clone lives says nothing of that.
    """
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(kind))

    refuse_dead(olds, fakes.regions)


@pytest.mark.parametrize("kind", [UnavailableError, AccessDeniedError])
def test_unreadable_is_not_gone(
    fakes: Fakes, kind: type[UnavailableError | AccessDeniedError]
) -> None:
    """
    A clone that could not be read says nothing about its existence.
    """
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(kind))

    with pytest.raises(kind):
        read(ID, olds, INPUTS, fakes.regions)


def test_drift_of_what_is_declared(fakes: Fakes) -> None:
    """
    A declared value that was changed by hand is told in outputs and inputs.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, description="by_hand")
    fakes.rds.set_tags(ID, {"team": "web"})

    reading = read(ID, olds, INPUTS, fakes.regions)

    assert reading is not None
    tags = {"team": "web", "stage": "test"}
    assert {**olds, "description": "by_hand", "tags": tags} == reading.outputs
    assert {**INPUTS, "description": "by_hand", "tags": tags} == reading.inputs


def test_drift_is_corrected(fakes: Fakes) -> None:
    """
    What was changed by hand differs from the program and is changed back.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, description="by_hand")
    reading = read(ID, olds, INPUTS, fakes.regions)
    assert reading is not None

    differences = diff(reading.outputs, checked(fakes, INPUTS, INPUTS))

    assert Differences(updates=("description",)) == differences


def test_drift_of_what_is_not_declared(fakes: Fakes) -> None:
    """
    A value that is not declared shows in the outputs and enters no inputs.
    """
    inputs = values(region="cn-hangzhou", clone_key="key-1")
    olds = made(fakes, inputs)
    fakes.rds.alter(ID, description="by_hand", status="Running")

    reading = read(ID, olds, inputs, fakes.regions)

    assert reading is not None
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
    """
    A new clone follows from a change of the program, never from one behind its back.
    """
    inputs = {**INPUTS, **declared}
    olds = made(fakes, inputs)
    fakes.rds.alter(ID, **change)

    reading = read(ID, olds, inputs, fakes.regions)

    assert reading is not None
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
    """
    What was declared and changed behind the program's back is seen and mended.
    """
    capacity = {"instance_class": "mysql.n2.medium.2c", "storage_type": "cloud_essd"}
    inputs = {**INPUTS, "capacity": capacity, "payment": {"type": "PayAsYouGo"}}
    olds = made(fakes, inputs)
    fakes.rds.alter(ID, **change)

    reading = read(ID, olds, inputs, fakes.regions)

    assert reading is not None
    assert diff(reading.outputs, inputs) == Differences(updates=(path,))
    assert update(ID, reading.outputs, inputs, fakes.regions, fakes.progress) == olds


def test_read_without_inputs(fakes: Fakes) -> None:
    """
    Without the recorded inputs the outputs are read and no inputs are made up.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, description="by_hand")

    reading = read(ID, olds, None, fakes.regions)

    assert reading is not None
    assert reading.inputs is None
    assert {**olds, "description": "by_hand"} == reading.outputs


def test_read_keeps_what_was_restored(fakes: Fakes) -> None:
    """
    What was restored is recorded once, whatever happens to the tags.
    """
    olds = made(fakes)
    fakes.rds.lose_tags(ID, ["rdsclone:restored"])

    reading = read(ID, olds, INPUTS, fakes.regions)

    assert reading is not None
    assert olds["restored_from"] == reading.outputs["restored_from"]


def test_price_is_kept(fakes: Fakes) -> None:
    """
    What the clone was to cost is recorded once, whatever it costs later.
    """
    olds = made(fakes)
    fakes.rds.cost = replace(PRICE, amount=99.0)

    reading = read(ID, olds, INPUTS, fakes.regions)
    outputs = update(ID, olds, {**INPUTS, "tags": {}}, fakes.regions, fakes.progress)

    assert reading is not None
    assert PRICE.tree() == olds["estimated_price"]
    assert PRICE.tree() == reading.outputs["estimated_price"]
    assert PRICE.tree() == outputs["estimated_price"]
    assert fakes.rds.count("price") == 0


def test_price_that_was_never_told_stays_absent(fakes: Fakes) -> None:
    """
    A clone whose price nobody told gets none by being read or changed.
    """
    fakes.rds.fail("price", api_error(AccessDeniedError))
    olds = made(fakes)

    reading = read(ID, olds, INPUTS, fakes.regions)
    outputs = update(ID, olds, {**INPUTS, "tags": {}}, fakes.regions, fakes.progress)

    assert reading is not None
    for told in (olds, reading.outputs, outputs):
        assert "estimated_price" not in told


def test_price_of_an_unfinished_clone_is_kept(fakes: Fakes) -> None:
    """
    A clone that was not ready in time is told with its price, then and later.
    """
    olds = unfinished(fakes, ((0, "Creating"), (120, "Running")))

    with pytest.raises(UnfinishedError) as failure:
        read(ID, olds, INPUTS, fakes.regions)
    outputs = update(ID, olds, INPUTS, fakes.regions, fakes.progress)

    assert PRICE.tree() == olds["estimated_price"]
    assert PRICE.tree() == failure.value.outputs["estimated_price"]
    assert PRICE.tree() == outputs["estimated_price"]


def test_read_of_unfinished_clone(fakes: Fakes) -> None:
    """
    A refresh keeps a clone unfinished for as long as it is not ready.
    """
    olds = unfinished(fakes, ((0, "Creating"), (600, "Running")))

    with pytest.raises(UnfinishedError, match=f"{ID} is Creating") as failure:
        read(ID, olds, INPUTS, fakes.regions)

    assert failure.value.outputs["instance_id"] == ID
    assert failure.value.outputs["status"] == "Creating"
    assert failure.value.outputs["clone_key"] == "key-1"


def test_look_up_by_id(fakes: Fakes) -> None:
    """
    A clone that a program looks up by its id is read where the provider works.
    """
    olds = made(fakes)

    reading = read(ID, {}, None, fakes.regions)

    assert reading is not None
    told = {"instance_id", "status", "edition", "capacity", "network", "description"}
    assert {name: olds[name] for name in told} == {name: reading.outputs[name] for name in told}
    assert reading.outputs["restored_from"]["time"] == olds["restored_from"]["time"]
    assert fakes.regions.asked[0] == "cn-hangzhou"


def test_look_up_of_nobody(fakes: Fakes) -> None:
    """
    An id that a program looks up and nobody has is an error, not an absence.
    """
    with pytest.raises(NotFoundError):
        read("rm-nobody", {"region": "cn-hangzhou"}, None, fakes.regions)


def test_look_up_without_a_region(fakes: Fakes) -> None:
    """
    A look-up says when no region is known.
    """
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
def test_only_changes_are_called(
    fakes: Fakes, change: dict[str, Any], calls: list[tuple[str, Any]]
) -> None:
    """
    An update calls what has changed and nothing else, and tells the clone as it is.
    """
    olds = made(fakes)

    outputs = update(ID, olds, {**INPUTS, **change}, fakes.regions, fakes.progress)

    assert calls == [(name, given) for name, given in fakes.rds.asked if name in fakes.rds.writes]
    assert {**olds, **change} == outputs


def test_birth_tags_outlive_an_update(fakes: Fakes) -> None:
    """
    Taking all of the user's tags away leaves the marks of birth.
    """
    olds = made(fakes)
    before = fakes.rds.tags_of(ID)

    update(ID, olds, {**INPUTS, "tags": {}}, fakes.regions, fakes.progress)

    assert before == {"team": "data", "stage": "test", **fakes.rds.tags_of(ID)}


def test_unfinished_clone_is_waited_for_first(fakes: Fakes) -> None:
    """
    An update of an unfinished clone waits, owns it, and then changes it.
    """
    olds = unfinished(fakes, ((0, "Creating"), (120, "Running")))

    outputs = update(ID, olds, {**INPUTS, "description": "testing"}, fakes.regions, fakes.progress)

    assert outputs["status"] == "Running"
    assert outputs["description"] == "testing"
    assert outputs["restored_from"] == olds["restored_from"]
    assert fakes.rds.tags_of(ID)["rdsclone:stage"] == "owned"
    assert fakes.rds.writes == ["change description", "set_tags", "set_tags"]
    assert [ID] == [order.id for order in fakes.rds.made]


def test_a_clone_that_was_hardly_recorded_is_owned_by_an_update(fakes: Fakes) -> None:
    """
    What a kill right after the create has left undone, an update makes good.
    """
    olds = made(fakes)
    fakes.rds.set_tags(ID, {STAGE_TAG: FINISHED})

    update(ID, olds, {**INPUTS, "description": "testing"}, fakes.regions, fakes.progress)

    assert OWNED == fakes.rds.tags_of(ID)[STAGE_TAG]


def test_clone_of_which_only_the_id_is_known(fakes: Fakes) -> None:
    """
    A clone whose outputs could not be told is finished by its id alone.
    """
    fakes.rds.script = ((0, "Creating"), (120, "Running"))
    made_outputs = made(fakes)
    price = made_outputs["estimated_price"]
    olds = {**INPUTS, "estimated_price": price, "instance_id": ID, "status": "unknown"}

    outputs = update(ID, olds, INPUTS, fakes.regions, fakes.progress)

    assert made_outputs == outputs


@pytest.mark.parametrize(
    ("declared", "timeout", "seconds"),
    [
        row("the declared time", "2m", None, 120),
        row("the engine's time", "2m", timedelta(minutes=1), 60),
    ],
)
def test_clone_that_is_still_not_ready(
    fakes: Fakes, declared: str, timeout: timedelta | None, seconds: int
) -> None:
    """
    An unfinished clone that stays busy is kept unfinished, and changed in nothing.
    """
    olds = unfinished(fakes, ((0, "Creating"),))
    inputs = {**INPUTS, "create_timeout": declared, "description": "testing"}

    with pytest.raises(UnfinishedError, match=f"{ID} is still") as failure:
        update(ID, olds, inputs, fakes.regions, fakes.progress, timeout=timeout)

    assert failure.value.outputs["instance_id"] == ID
    assert seconds == sum(fakes.clock.slept)
    assert [] == fakes.rds.writes


def test_finished_clone_is_not_waited_for(fakes: Fakes) -> None:
    """
    A clone that was finished is changed whatever it is busy with.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, status="Rebooting")

    update(ID, olds, {**INPUTS, "description": "testing"}, fakes.regions, fakes.progress)

    assert fakes.rds.writes == ["change description"]
    assert fakes.clock.slept == []


# Delete


def test_release_is_waited_for(fakes: Fakes) -> None:
    """
    A release ends when the clone is gone.
    """
    olds = made(fakes)

    delete(ID, olds, fakes.regions, fakes.progress)

    assert fakes.rds.writes == ["release"]
    assert [10] * 3 == fakes.clock.slept
    with pytest.raises(NotFoundError):
        fakes.rds.instance(ID)


def test_clone_that_is_gone_is_released(fakes: Fakes) -> None:
    """
    A clone that is already gone is what was wanted.
    """
    olds = made(fakes)
    fakes.rds.remove(ID)

    delete(ID, olds, fakes.regions, fakes.progress)

    assert fakes.rds.writes == []


def test_clone_that_goes_meanwhile_is_released(fakes: Fakes) -> None:
    """
    A clone that goes between being looked at and being released is gone, too.
    """
    olds = made(fakes)
    fakes.rds.inside["release"] = lambda: fakes.rds.remove(ID)

    delete(ID, olds, fakes.regions, fakes.progress)

    assert ["release"] * 2 == fakes.rds.writes


def test_clone_that_is_being_released_is_waited_for(fakes: Fakes) -> None:
    """
    A release that somebody else began is waited for.
    """
    olds = made(fakes)
    fakes.rds.plant(
        replace(fakes.rds.instance(ID), status="Deleting"), {}, ((0, "Deleting"), (35, GONE))
    )

    delete(ID, olds, fakes.regions, fakes.progress)

    assert [10] * 4 == fakes.clock.slept


def test_unreadable_clone_is_not_gone(fakes: Fakes) -> None:
    """
    A clone that cannot be read is not taken for released.
    """
    olds = made(fakes)
    fakes.rds.fail("instance", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        delete(ID, olds, fakes.regions, fakes.progress)


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
    """
    A clone that must not be released is kept, and the way out is told.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, **change)

    with pytest.raises(RefusedError, match=reason):
        delete(ID, olds, fakes.regions, fakes.progress)
    assert [] == fakes.rds.writes


def test_busy_clone_is_waited_for(fakes: Fakes) -> None:
    """
    A clone that is busy is released as soon as it is not.
    """
    olds = made(fakes)
    busy = replace(fakes.rds.instance(ID), status="Rebooting")
    fakes.rds.plant(busy, {}, ((0, "Rebooting"), (60, "Running")))

    delete(ID, olds, fakes.regions, fakes.progress)

    assert ["release"] * 8 == fakes.rds.writes
    assert "0 of 20 min, Rebooting" in fakes.progress.shown
    with pytest.raises(NotFoundError):
        fakes.rds.instance(ID)


def test_clone_that_stays_busy(fakes: Fakes) -> None:
    """
    A clone that stays busy is told as refused when the time is over.
    """
    olds = made(fakes)
    fakes.rds.alter(ID, status="Rebooting")

    with pytest.raises(ConflictError):
        delete(ID, olds, fakes.regions, fakes.progress, timeout=timedelta(minutes=2))
    assert sum(fakes.clock.slept) == 120


def test_ready_clone_that_refuses(fakes: Fakes) -> None:
    """
    A Running clone that refuses its release may be a race, but not for ever.
    """
    olds = made(fakes)
    fakes.rds.fail("release", api_error(ConflictError), times=100)

    with pytest.raises(ConflictError):
        delete(ID, olds, fakes.regions, fakes.progress)
    assert fakes.rds.count("release") == 4


def test_race_is_overcome(fakes: Fakes) -> None:
    """
    A Running clone that refuses its release three times is released by the fourth.
    """
    olds = made(fakes)
    fakes.rds.fail("release", api_error(ConflictError), times=3)

    delete(ID, olds, fakes.regions, fakes.progress)

    assert fakes.rds.count("release") == 4


def test_release_that_takes_too_long(fakes: Fakes) -> None:
    """
    A clone that is not gone in time is told with its status.
    """
    olds = made(fakes)
    fakes.rds.plant(replace(fakes.rds.instance(ID), status="Deleting"))

    with pytest.raises(WaitTimedOutError, match=f"{ID} .*Deleting after 5m"):
        delete(ID, olds, fakes.regions, fakes.progress, timeout=timedelta(minutes=5))


def test_cancelled_wait_for_a_release(fakes: Fakes) -> None:
    """
    Whoever stops the run while the clone is being released reads how to go on.
    """
    olds = made(fakes)
    fakes.rds.inside["release"] = lambda: setattr(fakes.progress, "is_cancelled", True)

    with pytest.raises(WaitCancelledError, match="run the same command again"):
        delete(ID, olds, fakes.regions, fakes.progress)


def test_a_cancelled_run_releases_nothing(fakes: Fakes) -> None:
    """
    A clone that cannot be released yet is kept by whoever stops the run meanwhile.
    """
    olds = made(fakes)
    busy = replace(fakes.rds.instance(ID), status="Rebooting")
    fakes.rds.plant(busy, {}, ((0, "Rebooting"), (60, "Running")))
    fakes.rds.inside["release"] = lambda: setattr(fakes.progress, "is_cancelled", True)

    with pytest.raises(RefusedError, match=f"cancelled before {ID} was released"):
        delete(ID, olds, fakes.regions, fakes.progress)

    assert 1 == fakes.rds.count("release")
    assert [] == fakes.clock.slept


def test_nobody_waits_for_a_release(fakes: Fakes) -> None:
    """
    Nothing is released behind the back of the next run.
    """
    olds = made(fakes)
    fakes.progress.has_listener = False

    with pytest.raises(AbandonedError):
        delete(ID, olds, fakes.regions, fakes.progress)

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
    """
    A conversion that was accepted and shows late is not asked for again.
    """
    olds = subscribed(fakes)
    fakes.rds.timings[Aspect.PAYMENT] = FakeTiming(lag=200)

    delete(ID, olds, fakes.regions, fakes.progress)

    assert ["change payment", "release"] == fakes.rds.writes


@pytest.mark.parametrize(("when", "asked"), [("before", 2), ("after", 1)])
def test_lost_reply_to_a_conversion(fakes: Fakes, when: str, asked: int) -> None:
    """
    A conversion without a reply is asked for again only if it had no effect.
    """
    olds = subscribed(fakes)
    fakes.rds.fail("change payment", api_error(UnavailableError), when=when)

    delete(ID, olds, fakes.regions, fakes.progress)

    assert [*["change payment"] * asked, "release"] == fakes.rds.writes


def test_a_cancelled_run_converts_nothing(fakes: Fakes) -> None:
    """
    A subscription stays one where the run was stopped before its turn came.
    """
    olds = subscribed(fakes)
    fakes.progress.is_cancelled = True

    with pytest.raises(RefusedError, match="cancelled before"):
        delete(ID, olds, fakes.regions, fakes.progress)

    assert [] == fakes.rds.writes


def test_conversion_that_never_shows(fakes: Fakes) -> None:
    """
    A subscription that stays one is kept, and told as such.
    """
    olds = subscribed(fakes)
    fakes.rds.timings[Aspect.PAYMENT] = FakeTiming(shows=False)

    with pytest.raises(WaitTimedOutError, match="a subscription after 20m"):
        delete(ID, olds, fakes.regions, fakes.progress)

    assert "release" not in fakes.rds.writes
