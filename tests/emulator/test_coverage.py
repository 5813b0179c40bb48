import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

from alibabacloud_rds20140815 import client as typed  # type: ignore[import-untyped]

from rds_emulator import coverage
from rds_emulator.actions import ACTIONS
from rds_emulator.actions.registry import RDS, documented
from tests.emulator.wire import Client

COMMAND = [sys.executable, "-m", "rds_emulator", "actions"]
ONLY_IN_OLDER = frozenset[str]()
"""Actions that are modelled although the newest SDK has them no more."""


def test_documented_actions_are_those_of_the_typed_sdk() -> None:
    in_sdk = set(re.findall(r"action\s*=\s*'(\w+)'", inspect.getsource(typed)))

    assert sorted(in_sdk) == list(documented())


def test_every_modelled_action_is_a_documented_one() -> None:
    modelled = {action.name for action in ACTIONS.values() if action.product == RDS}

    assert ONLY_IN_OLDER == modelled - set(documented())


def test_each_action_is_counted_once() -> None:
    found = coverage.coverage()
    counted = coverage.counts(found)

    assert len(documented()) == counted["all"] == sum(map(counted.get, coverage.DEGREES), 0)  # type: ignore[arg-type]
    assert "missing" == found["AcceptRCInquiredSystemEvent"]
    assert "modelled" == found["ModifyDBInstanceDescription"]
    assert "partly" == found["ModifyDBInstanceSpec"]


def test_documented_action_that_is_missing_is_answered_with_its_name(client: Client) -> None:
    missing = [name for name, degree in coverage.coverage().items() if degree == "missing"]
    answers = {name: client.call(name) for name in missing}

    assert {(501, "EmulatorNotImplemented")} == {one.refusal for one in answers.values()}
    assert not [name for name, one in answers.items() if name not in one.body["Message"]]


def test_command_prints_the_table_and_the_same_as_json(tmp_path: Path) -> None:
    table, plain = (
        subprocess.run(
            [*COMMAND, *options], capture_output=True, text=True, check=True, cwd=tmp_path
        ).stdout
        for options in ([], ["--json"])
    )
    found = json.loads(plain)

    assert coverage.coverage() == found["actions"]
    assert coverage.counts(found["actions"]) == found["counts"]
    assert re.search(r"^ModifyDBInstanceDescription +modelled$", table, re.MULTILINE)
    assert re.search(
        rf"^\d+ modelled, \d+ partly, \d+ missing of {len(documented())} actions",
        table,
        re.MULTILINE,
    )
