from datetime import datetime, timedelta

import pytest

from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from tests.support.clones import clone_ids
from tests.support.emulators import stop_clock
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

SOURCE = "rm-demo-mysql80"


def program(restore_point: object = None, **arguments: object) -> str:
    """
    Return a program with one clone, by default as of the newest second.
    """
    told = {
        "source_instance_id": SOURCE,
        "restore_point": restore_point or {"latest": "time"},
        **arguments,
    }
    return f"""
    clone = rdsclone.CloneInstance("staging", **{told!r})
    pulumi.export("id", clone.id)
    pulumi.export("endpoint", clone.connection_string)
    pulumi.export("port", clone.port)
    pulumi.export("capacity", clone.capacity)
    pulumi.export("restoredFrom", clone.restored_from)
    """


def set_end(emulator: Emulator, backup_id: str | None) -> datetime:
    """
    Return the instant at which one of the source's backup sets ended.
    """
    return next(b.ended for b in emulator.backups(SOURCE) if b.id == backup_id)


def ago(emulator: Emulator, **span: float) -> str:
    """
    Return an instant before the emulated present, as a user writes it.
    """
    return format_instant(emulator.clock.now() - timedelta(**span))


def test_preview_orders_nothing_and_up_one_clone(stack: Stack, emulator: Emulator) -> None:
    stack.write(program())

    preview = stack.must(stack.preview())

    assert "+ 2 to create" in preview.text
    assert [] == emulator.journal.writes()

    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)
    outputs = stack.outputs()

    assert 1 == emulator.journal.count("CloneDBInstance")
    assert clone_id == outputs["id"]
    assert f"{clone_id}.mysql.rds.aliyuncs.com" == outputs["endpoint"]
    assert 3306 == outputs["port"]
    assert 100 == outputs["capacity"]["storageGb"]


@pytest.mark.parametrize(
    ("point", "backup_id"),
    [
        pytest.param({"time": {"hours": 1}}, None, id="a second of the window"),
        pytest.param({"backup_id": "1000000107"}, "1000000107", id="a backup set"),
        pytest.param({"latest": "time"}, None, id="the newest second"),
        pytest.param({"latest": "backup"}, "1000000109", id="the newest usable set"),
        pytest.param(
            {"latest": "backup", "before": {"days": 4.5}},
            "1000000103",
            id="the newest usable set before an instant",
        ),
    ],
)
def test_every_restore_form_restores_what_it_says(
    stack: Stack, emulator: Emulator, point: dict[str, object], backup_id: str | None
) -> None:
    """
    The emulator restored what the output restoredFrom says.
    """
    told = {
        name: ago(emulator, **value) if isinstance(value, dict) else value
        for name, value in point.items()
    }
    stack.write(program(told))

    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)
    restored = emulator.instance(clone_id).restored_from
    output = stack.outputs()["restoredFrom"]

    assert restored is not None
    assert SOURCE == output["sourceInstanceId"] == restored.source_instance_id
    assert backup_id == output.get("backupId") == restored.backup_id
    assert output["time"] == format_instant(restored.time or set_end(emulator, restored.backup_id))
    assert "time" not in told or told["time"] == output["time"]


def test_nothing_changes_by_itself(stack: Stack, emulator: Emulator) -> None:
    """
    An unchanged program makes no call at all, though *latest* would differ by now.

    A refresh leaves inputs and outputs as they are, and never asks for the source.
    """
    payment = {"type": "PayAsYouGo"}
    stack.write(program({"latest": "time"}, tags={"env": "dev"}, payment=payment))
    stack.must(stack.up())
    before = stack.resources()["staging"]
    emulator.journal.clear()

    again = stack.must(stack.run("up", "--yes", "--expect-no-changes"))

    assert "2 unchanged" in again.text
    assert [] == emulator.journal.calls()

    emulator.remove(SOURCE)
    stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    after = stack.resources()["staging"]

    assert before["inputs"] == after["inputs"]
    assert before["outputs"] == after["outputs"]
    stack.must(stack.preview("--expect-no-changes"))


def test_changed_restore_time_is_one_replacement(stack: Stack, emulator: Emulator) -> None:
    """
    The same instant in another time zone is no change.
    """
    instant = emulator.clock.now() - timedelta(hours=2)
    stack.write(program({"time": format_instant(instant)}))
    stack.must(stack.up())
    (old,) = clone_ids(emulator)
    emulator.journal.clear()
    local = f"{instant + timedelta(hours=8):%Y-%m-%dT%H:%M:%S}+08:00"
    stack.write(program({"time": local}))

    stack.must(stack.preview("--expect-no-changes"))

    stack.write(program({"time": ago(emulator, hours=1)}))
    preview = stack.must(stack.preview())

    assert "+-1 to replace" in preview.text
    assert [] == emulator.journal.writes()

    stack.must(stack.up())
    (new,) = clone_ids(emulator)

    assert old != new
    assert 1 == emulator.journal.count("CloneDBInstance")
    assert 1 == emulator.journal.count("DeleteDBInstance")


def test_removed_restore_point_is_no_change(stack: Stack, emulator: Emulator) -> None:
    stack.write(program({"backup_id": "1000000107"}))
    stack.must(stack.up())
    # The generated SDK wants an object where the schema requires one.
    dropped = ", restore_point={}" if stack.border == "plugin" else ""
    stack.write(
        f'rdsclone.CloneInstance("staging", source_instance_id="{SOURCE}", '
        f"region='cn-hangzhou'{dropped})"
    )

    preview = stack.must(stack.preview())

    assert "1 to replace" not in preview.text
    assert 1 == len(clone_ids(emulator))


def test_change_in_place_makes_exactly_the_calls_needed(stack: Stack, emulator: Emulator) -> None:
    stack.write(program(description="first", tags={"env": "dev", "old": "1"}))
    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)
    emulator.journal.clear()
    stack.write(
        program(description="second", tags={"env": "qa", "team": "db"}, deletion_protection=True)
    )

    up = stack.must(stack.up())
    clone = emulator.instance(clone_id)
    user_tags = {k: v for k, v in clone.tags.items() if not k.startswith("rdsclone:")}

    assert "~ 1 updated" in up.text
    assert ("second", True) == (clone.description, clone.deletion_protection)
    assert {"env": "qa", "team": "db"} == user_tags
    assert {
        "ModifyDBInstanceDescription",
        "ModifyDBInstanceDeletionProtection",
        "TagResources",
        "UntagResources",
    } == {call.action for call in emulator.journal.writes()}


def test_protected_clone_is_not_destroyed(stack: Stack, emulator: Emulator) -> None:
    """
    The message says the way out, and following it works.
    """
    stack.write(program(deletion_protection=True))
    stack.must(stack.up())

    destroy = stack.run("destroy", "--yes", "--skip-preview")

    assert destroy.code != 0
    assert (
        "is protected against release — set deletionProtection to false and run pulumi up first"
    ) in destroy.text
    assert "Traceback" not in destroy.text

    stack.write(program())
    stack.must(stack.up())
    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == clone_ids(emulator)


def test_refresh_shows_drift_and_up_repairs_it(stack: Stack, emulator: Emulator) -> None:
    stack.write(program(description="declared", tags={"env": "dev"}))
    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)
    before = stack.resources()["staging"]["inputs"]
    emulator.change(
        clone_id, description="by-hand", tags={**emulator.instance(clone_id).tags, "env": "prod"}
    )

    drift = stack.run("refresh", "--preview-only", "--diff", "--expect-no-changes")

    assert drift.code != 0
    assert '"declared" => "by-hand"' in drift.text
    assert '"dev" => "prod"' in drift.text

    stack.must(stack.run("refresh", "--yes"))
    after = stack.resources()["staging"]["inputs"]

    assert before.keys() == after.keys()
    assert {**before, "description": "by-hand", "tags": {"env": "prod"}} == after

    stack.must(stack.up())

    assert "declared" == emulator.instance(clone_id).description
    assert "dev" == emulator.instance(clone_id).tags["env"]


def test_vanished_clone_is_made_again_after_a_refresh(stack: Stack, emulator: Emulator) -> None:
    stack.write(program())
    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)
    emulator.remove(clone_id)

    stack.must(stack.run("refresh", "--yes"))

    assert {} == stack.resources()
    assert "+ 1 to create" in stack.must(stack.preview()).text


def test_destroy_waits_and_can_be_repeated(stack: Stack, emulator: Emulator) -> None:
    stack.write(program({"backup_id": "1000000107"}))
    stack.must(stack.up())
    (first,) = clone_ids(emulator)

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == clone_ids(emulator)

    stack.must(stack.up())
    (second,) = clone_ids(emulator)

    assert first != second


def test_destroy_of_a_vanished_clone_succeeds(stack: Stack, emulator: Emulator) -> None:
    stack.write(program())
    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)
    emulator.remove(clone_id)

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert {} == stack.resources()


def test_clone_of_a_clone_to_come_is_previewed(stack: Stack, emulator: Emulator) -> None:
    stack.write(
        program()
        + """
    rdsclone.CloneInstance(
        "second",
        source_instance_id=clone.id,
        restore_point={"backup_id": clone.status.apply(lambda _: "1")},
    )
    """
    )

    preview = stack.must(stack.preview())

    assert "+ 3 to create" in preview.text
    assert [] == emulator.journal.writes()

    up = stack.up()

    assert up.code != 0
    assert "has no backup set 1" in up.text
    assert 1 == len(clone_ids(emulator))


def test_next_up_waits_for_a_timed_out_clone(stack: Stack, emulator: Emulator) -> None:
    stack.write(program(create_timeout="1s", tags={"env": "dev"}))
    stop_clock(emulator)

    timed_out = stack.up()
    (clone_id,) = clone_ids(emulator)

    assert timed_out.code != 0
    assert "Traceback" not in timed_out.text
    assert f"{clone_id} is still Creating after 1s — {clone_id} is kept" in (timed_out.text)
    assert clone_id == stack.resources()["staging"]["id"]

    refresh = stack.must(stack.run("refresh", "--yes"))

    assert f"{clone_id} is Creating — run pulumi up, which continues to wait" in refresh.text

    preview = stack.must(stack.preview())

    assert "~ 1 to update" in preview.text
    assert f"{clone_id} was Creating when last seen" in preview.text

    emulator.clock.set_speed(1)
    stack.must(stack.up())

    assert [clone_id] == clone_ids(emulator)
    assert "Running" == stack.resources()["staging"]["outputs"]["status"]
    assert f"{clone_id}.mysql.rds.aliyuncs.com" == stack.outputs()["endpoint"]
    stack.must(stack.preview("--expect-no-changes"))


def test_custom_timeout_is_honoured(stack: Stack, emulator: Emulator) -> None:
    stack.write(
        f"""
    rdsclone.CloneInstance(
        "staging",
        source_instance_id="{SOURCE}",
        restore_point=rdsclone.RestorePointArgs(latest="backup"),
        opts=pulumi.ResourceOptions(
            custom_timeouts=pulumi.CustomTimeouts(create="1s")
        ),
    )
    """
    )
    stop_clock(emulator)

    timed_out = stack.up()

    assert timed_out.code != 0
    assert "Creating after 1s" in timed_out.text


def test_an_instance_is_looked_up_by_its_id(stack: Stack, emulator: Emulator) -> None:
    look_up = """
    found = rdsclone.CloneInstance.get("found", "{id}")
    pulumi.export("engine", found.engine)
    """
    stack.write(look_up.format(id="rm-demo-postgresql16"))

    stack.must(stack.up())

    assert {"engine": "PostgreSQL"} == stack.outputs()

    stack.write(look_up.format(id="rm-nowhere"))
    missing = stack.up()

    assert missing.code != 0
    assert "InvalidDBInstanceId.NotFound" in missing.text
    assert "Traceback" not in missing.text
    assert [] == emulator.journal.writes()


@pytest.mark.parametrize("border", ["dynamic"], indirect=True)
def test_option_id_finds_an_instance_whatever_its_inputs(stack: Stack, emulator: Emulator) -> None:
    stack.write(
        """
    found = rdsclone.CloneInstance(
        "found",
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "time"},
        opts=pulumi.ResourceOptions(id="rm-demo-postgresql16"),
    )
    pulumi.export("engine", found.engine)
    """
    )

    stack.must(stack.up())

    assert {"engine": "PostgreSQL"} == stack.outputs()
    assert [] == emulator.journal.writes()
