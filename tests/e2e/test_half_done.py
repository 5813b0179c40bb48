"""
A change that is refused half-way: the state tells what is left, and no secret.
"""

import json
from typing import Any, Final

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

PROGRAM: Final = """
import json
from pathlib import Path

declared = json.loads(Path("clone.json").read_text("utf-8"))
rdsclone.CloneInstance(
    "staging",
    source_instance_id="rm-demo-mysql80",
    restore_point={"latest": "time"},
    **declared,
)
"""
FIRST: Final = {
    "description": "staging",
    "accounts": {
        "owner": {"password": "Hidden-owner-1"},
        "ci": {"password": "Hidden-ci-1"},
        "gone": {"password": "Hidden-gone-1"},
    },
    "sql_audit": True,
}
SECOND: Final = {
    "description": "testing",
    "accounts": {
        "owner": {"password": "Hidden-owner-2"},
        "ci": {"password": "Hidden-ci-1", "privileges": {"app": "ReadOnly"}},
        "new": {"password": "Hidden-new-1"},
    },
    "sql_audit": False,
    "parameters": {"innodb_lock_wait_timeout": "60"},
}


def declare(stack: Stack, arguments: dict[str, Any]) -> None:
    stack.write(PROGRAM)
    (stack.folder / "clone.json").write_text(json.dumps(arguments), "utf-8")


def refuse(emulator: Emulator, action: str) -> None:
    emulator.faults.order("refused", action, code="Forbidden.RAM")


def changes(emulator: Emulator) -> list[str]:
    """
    Return the changes that were accepted since the journal was cleared, without tags.
    """
    names = [call.action for call in emulator.journal.writes()]
    emulator.journal.clear()
    return [name for name in names if "Tag" not in name]


def passwords(stack: Stack, emulator: Emulator) -> dict[str, str]:
    clone = emulator.instance(stack.resources()["staging"]["id"])
    return {one.name: one.password for one in clone.accounts if one.name != "shop"}


def assert_hidden(stack: Stack) -> None:
    """
    Assert that the state tells no secret.
    """
    assert "Hidden" not in json.dumps(stack.deployment())


@pytest.mark.parametrize(
    ("action", "before", "after", "refreshed"),
    [
        pytest.param(
            "ResetAccountPassword",
            ["ModifyDBInstanceDescription", "CreateAccount", "GrantAccountPrivilege"],
            [
                "ResetAccountPassword",
                "ResetAccountPassword",
                "ModifySQLCollectorPolicy",
                "ModifyParameter",
            ],
            False,
            id="the accounts",
        ),
        pytest.param(
            "ModifySQLCollectorPolicy",
            [
                "ModifyDBInstanceDescription",
                "GrantAccountPrivilege",
                "CreateAccount",
                "ResetAccountPassword",
            ],
            ["ModifySQLCollectorPolicy", "ModifyParameter"],
            True,
            id="the audit, with a refresh in between",
        ),
    ],
)
def test_update_refused_half_way_leaves_the_rest_to_update_and_tells_no_secret(
    stack: Stack,
    emulator: Emulator,
    action: str,
    before: list[str],
    after: list[str],
    refreshed: bool,  # noqa: FBT001
) -> None:
    declare(stack, FIRST)
    stack.must(stack.up())
    changes(emulator)
    declare(stack, SECOND)
    refuse(emulator, action)

    up = stack.up()

    assert up.code != 0
    assert "could not be changed" in up.text
    assert "already changed: description" in up.text
    assert "Traceback" not in up.text
    assert sorted(before) == sorted(changes(emulator))
    assert_hidden(stack)

    if refreshed:
        stack.must(stack.run("refresh", "--yes"))
        assert_hidden(stack)
    again = stack.must(stack.up())

    assert "~ 1 updated" in again.text
    assert sorted(after) == sorted(changes(emulator))
    assert passwords(stack, emulator) == {
        "owner": "Hidden-owner-2",
        "ci": "Hidden-ci-1",
        "new": "Hidden-new-1",
        "gone": "Hidden-gone-1",
    }
    stack.must(stack.preview("--expect-no-changes"))
    assert_hidden(stack)


def test_next_run_completes_a_clone_refused_half_way(stack: Stack, emulator: Emulator) -> None:
    declare(stack, FIRST)
    refuse(emulator, "ModifySQLCollectorPolicy")

    up = stack.up()

    assert up.code != 0
    (clone,) = stack.clones()
    assert f"the SQL audit of {clone['id']} could not be changed" in up.text
    assert "already changed: accounts" in up.text
    assert_hidden(stack)
    changes(emulator)

    stack.must(stack.up())

    assert [clone["id"]] == [one["id"] for one in stack.clones()]
    assert [*["ResetAccountPassword"] * 3, "ModifySQLCollectorPolicy"] == (changes(emulator))
    stack.must(stack.preview("--expect-no-changes"))


def test_update_refused_at_first_leaves_the_state(stack: Stack, emulator: Emulator) -> None:
    declare(stack, FIRST)
    stack.must(stack.up())
    recorded = stack.resources()["staging"]["outputs"]["description"]
    changes(emulator)
    declare(stack, SECOND)
    refuse(emulator, "ModifyDBInstanceDescription")

    up = stack.up()

    assert up.code != 0
    assert "the description of " in up.text
    assert [] == changes(emulator)
    assert recorded == stack.resources()["staging"]["outputs"]["description"]
    stack.must(stack.up())
    assert "Hidden-owner-2" == passwords(stack, emulator)["owner"]
