import json
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Border, Stack

pytestmark = pytest.mark.engine

_CLONED = """
SOURCE = "rm-demo-mysql80"
window = rdsclone.get_restorable_window(source_instance_id=SOURCE)
sets = rdsclone.get_backups(source_instance_id=SOURCE, usable_only=True)
newest = rdsclone.get_latest_backup(source_instance_id=SOURCE)
point = {"backup_id": newest.backup_id}
found = rdsclone.check_clone(source_instance_id=SOURCE, restore_point=point)
price = rdsclone.get_clone_price(source_instance_id=SOURCE, restore_point=point)
clone = rdsclone.CloneInstance(
    "staging", source_instance_id=SOURCE, restore_point=point
)
again = rdsclone.check_clone_output(
    source_instance_id=clone.source_instance_id,
    restore_point={"backup_id": clone.restored_from.backup_id},
)
pulumi.export("window", window)
pulumi.export("ids", [one.backup_id for one in sets.backups])
pulumi.export("found", found)
pulumi.export("price", price)
pulumi.export("again", again.can_be_cloned)
pulumi.export("restored", clone.restored_from.backup_id)
"""

_OUTPUT = """
clone = rdsclone.CloneInstance(
    "staging", source_instance_id="rm-demo-mysql80", restore_point={"latest": "time"}
)
newest = rdsclone.get_latest_backup_output(
    source_instance_id=clone.instance_id, before="2020-01-01T00:00:00Z"
)
pulumi.export("newest", newest.backup_id)
"""


@pytest.fixture
def border() -> Border:
    """
    Return the border of these functions: those of the generated SDKs are Pulumi's own.
    """
    return "dynamic"


def errors(stack: Stack) -> list[str]:
    """
    Return what a preview that fails tells, without the engine's own words.
    """
    run = stack.preview()
    assert run.code != 0
    assert "Traceback" not in run.text
    return [line.removeprefix("error: ") for line in run.error_lines]


def call(name: str, **arguments: Any) -> str:
    return f"print(rdsclone.{name}(**{arguments!r}))\n"


@pytest.mark.parametrize("project", ["stack", "floor_stack"])
def test_answer_of_a_function_makes_a_clone_in_preview_and_up(
    project: str, emulator: Emulator, request: pytest.FixtureRequest
) -> None:
    stack: Stack = request.getfixturevalue(project)
    stack.write(_CLONED)

    stack.must(stack.preview())
    assert [] == emulator.journal.writes()
    stack.must(stack.up())

    outputs = stack.outputs()
    newest = outputs["ids"][0]
    assert outputs["restored"] == outputs["found"]["backup_id"] == newest
    assert outputs["found"]["can_be_cloned"] is outputs["again"] is True
    assert outputs["found"]["estimated_price"] == outputs["price"]
    assert outputs["window"]["spans"][0]["end"] == outputs["window"]["latest"]
    (clone,) = stack.clones()
    assert clone["outputs"]["restoredFrom"]["backupId"] == newest


@pytest.mark.parametrize(
    ("program", "text"),
    [
        pytest.param(
            call("get_backups", source_instance_id="rm-nowhere"),
            "source_instance_id: there is no instance rm-nowhere in cn-hangzhou — "
            "correct the id, the region or the credentials (source-exists)",
            id="no source",
        ),
        pytest.param(
            call("get_restorable_window", source_instance="rm-demo-mysql80"),
            "source_instance: no such property — did you mean source_instance_id? (input-form)",
            id="wrong name",
        ),
        pytest.param(
            call("get_latest_backup", source_instance_id="rm-demo-no-backup"),
            "source_instance_id: rm-demo-no-backup has no usable backup set — create a "
            "backup of the source first (backup-latest)",
            id="no set",
        ),
        pytest.param(
            call(
                "get_clone_price",
                source_instance_id="rm-demo-mysql80",
                restore_point={"latest": "backup"},
                payment={"type": "Serverless"},
            ),
            "payment.type: what a Serverless clone costs depends on its load — ask "
            "for PayAsYouGo or Subscription",
            id="no price",
        ),
        pytest.param(
            call("check_clone", source_instance_id="rm-demo-mysql80", region=[1]),
            "",
            id="told, not raised",
        ),
    ],
)
def test_function_without_answer_is_one_sentence(stack: Stack, program: str, text: str) -> None:
    stack.write(program)

    if text:
        assert text in errors(stack)
    else:
        assert "can_be_cloned=False" in stack.must(stack.preview()).text


def test_function_of_an_output_fails_clearly_and_keeps_the_clone(stack: Stack) -> None:
    stack.write(_OUTPUT)

    stack.must(stack.preview())
    run = stack.up()

    assert run.code != 0
    (clone,) = stack.clones()
    assert "Traceback" not in run.text
    assert f"{clone['id']} has no usable backup set that ended before 2020" in run.text


def test_missing_region_is_answered_with_the_ways_to_configure_one(stack: Stack) -> None:
    stack.set_config(region="")
    stack.env.pop("ALIBABA_CLOUD_REGION_ID", None)
    stack.write(call("get_backups", source_instance_id="rm-demo-mysql80"))

    assert (
        "no region is configured — set rdsclone:region in the stack's configuration, "
        "or ALIBABA_CLOUD_REGION_ID in the environment"
    ) in errors(stack)


def test_missing_permission_is_named(stack: Stack, emulator: Emulator) -> None:
    emulator.deny("rds:DescribeBackups")
    stack.write(call("get_backups", source_instance_id="rm-demo-mysql80"))

    (told,) = [text for text in errors(stack) if "DescribeBackups" in text]
    assert told.endswith("grant the caller the RAM permission rds:DescribeBackups")


def test_secrets_are_not_told(stack: Stack, emulator: Emulator) -> None:
    stack.write(_CLONED)
    fine = stack.must(stack.preview("--diff")).text
    stack.set_config(accessKeySecret="wrong-secret-of-mine")
    broken = stack.preview().text

    assert "the credentials were refused" in broken
    assert "Traceback" not in broken
    for secret in (emulator.access_key_secret, "wrong-secret-of-mine"):
        assert secret not in json.dumps([fine, broken])
