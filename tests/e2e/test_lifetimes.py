import json
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.support.clones import clone_ids
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

SOURCE = "rm-demo-mysql80"


def program(**arguments: Any) -> str:
    told = {"source_instance_id": SOURCE, "restore_point": {"latest": "time"}, **arguments}
    return f"""
    clone = rdsclone.CloneInstance("staging", **{told!r})
    pulumi.export("id", clone.id)
    pulumi.export("endpoint", clone.connection_string)
    """


def test_new_trigger_makes_a_clone_with_the_old_names(stack: Stack, emulator: Emulator) -> None:
    network = {
        "connection_prefix": "staging-orders",
        "public_endpoint": True,
        "public_connection_prefix": "staging-open",
    }
    stack.write(program(refresh_trigger="monday", network=network))
    stack.must(stack.up())
    (old,) = clone_ids(emulator)
    stack.write(program(refresh_trigger="tuesday", network=network))

    preview = stack.must(stack.preview())
    stack.must(stack.up())

    assert "needs a new clone: refreshTrigger" in preview.text
    (new,) = clone_ids(emulator)
    assert old != new
    assert new == stack.outputs()["id"]
    assert stack.outputs()["endpoint"].startswith("staging-orders.")
    public = emulator.instance(new).public_endpoint
    assert public is not None
    assert public.connection_string.startswith("staging-open.")
    assert 2 == emulator.journal.count("CloneDBInstance")
    stack.must(stack.run("up", "--yes", "--expect-no-changes"))


def test_retained_clone_is_left_and_the_next_is_another(stack: Stack, emulator: Emulator) -> None:
    stack.write(program(on_delete="retain"))
    stack.must(stack.up())
    (kept,) = clone_ids(emulator)

    destroyed = stack.must(stack.run("destroy", "--yes"))
    stack.must(stack.up())

    assert f"{kept} was not released because onDelete is retain" in destroyed.text
    assert kept in clone_ids(emulator)
    assert 2 == len(clone_ids(emulator))
    assert kept != stack.outputs()["id"]


def test_subscription_is_converted_and_released(stack: Stack, emulator: Emulator) -> None:
    """
    A subscription refuses its release, until the program says that it may be ended.
    """
    payment = {"type": "Subscription", "period": "Month", "duration": 1}
    stack.write(program(payment=payment))
    stack.must(stack.up())
    refused = stack.run("destroy", "--yes")
    stack.write(program(payment=payment, on_delete="convertAndRelease"))
    stack.must(stack.up())

    stack.must(stack.run("destroy", "--yes"))

    assert "cannot be released — set onDelete to convertAndRelease" in refused.text
    assert [] == clone_ids(emulator)
    calls = [call.action for call in emulator.journal.writes()]
    assert ["TransformDBInstancePayType", "DeleteDBInstance"] == calls[-2:]


def test_backups_outlive_a_clone(stack: Stack, emulator: Emulator) -> None:
    source = "rm-demo-mysql57-local"
    stack.write(program(source_instance_id=source, released_keep_policy="Latest"))
    stack.must(stack.up())
    (clone_id,) = clone_ids(emulator)

    stack.must(stack.run("destroy", "--yes"))

    assert {clone_id: "Lastest"} == emulator.released()  # codespell:ignore lastest


def test_preview_warns_only_of_a_clone_near_its_end(stack: Stack, emulator: Emulator) -> None:
    stack.write(program(ttl="1h"))
    made = stack.must(stack.up())
    stack.write(program(ttl="1h", description="staging"))
    soon = stack.must(stack.preview())
    stack.write(program(ttl="96h"))
    stack.must(stack.up())
    stack.write(program(ttl="96h", description="staging"))
    later = stack.must(stack.preview())

    assert "the clone expires at" in soon.text
    assert "the clone expires at" not in made.text + later.text
    assert 1 == emulator.journal.count("CloneDBInstance")
    tags = json.dumps(dict(emulator.instance(clone_ids(emulator)[0]).tags))
    assert "rdsclone:expires" in tags
