import json
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from pulumi_rdsclone.cloud.aspects import CODECS
from rds_emulator import Emulator
from tests.e2e.test_properties import STORIES, declare, seen
from tests.support.clones import clone_ids, orders
from tests.support.emulators import stop_clock
from tests.support.processes import of_session
from tests.support.stacks import Stack
from tests.support.waiting import wait_for

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
UP: Final = ("up", "--yes", "--skip-preview", "--parallel", "64")
READS: Final = sorted({d.read_action for d in CODECS.values() if d.read_action})
REMEDY: Final = (
    "and will not become usable — run pulumi refresh to remove {0} from the state, "
    "then pulumi up to create a new clone"
)


def write(stack: Stack, **declared: Any) -> None:
    stack.write(PROGRAM)
    (stack.folder / "clone.json").write_text(json.dumps(declared), "utf-8")


def refuse_reads(emulator: Emulator, code: str) -> None:
    """
    Refuse whatever only a call of its own tells, until that is forgotten.
    """
    for action in READS:
        emulator.faults.order("refused", action, code=code, probability=1.0)


def interrupted(stack: Stack, emulator: Emulator, clones: int) -> str:
    """
    Begin `pulumi up`, press Ctrl-C when all clones are being made, and return its text.
    """
    stop_clock(emulator)
    output = stack.folder / "interrupted.txt"
    with stack.begin(output, *UP) as run:
        wait_for(lambda: orders(emulator) == clones)
        wait_for(lambda: output.read_text("utf-8").count("Creating") >= clones)
        run.send_signal(signal.SIGINT)
        run.wait(timeout=60)
    assert run.returncode != 0
    return output.read_text("utf-8")


def test_run_after_ctrl_c_waits_on_whatever_is_declared(stack: Stack, emulator: Emulator) -> None:
    declare(stack, "first")
    text = interrupted(stack, emulator, len(STORIES))
    assert "Traceback" not in text
    kept = {name: clone["id"] for name, clone in stack.resources().items()}
    refuse_reads(emulator, "IncorrectDBInstanceState")

    refreshed = stack.must(stack.run("refresh", "--yes"))
    assert "unhealthy state" in refreshed.text
    previewed = stack.must(stack.preview())
    assert f"~ {len(STORIES)} to update" in previewed.text
    emulator.faults.forget()
    emulator.clock.set_speed(1)
    stack.must(stack.up("--parallel", "64"))

    assert kept == {name: clone["id"] for name, clone in stack.resources().items()}
    assert len(STORIES) == orders(emulator)
    assert {n: s.shows[0] for n, s in STORIES.items()} == seen(stack, emulator)
    stack.must(stack.preview("--expect-no-changes"))


@pytest.mark.parametrize(
    "code", ["IncorrectDBInstanceState", "Forbidden.RAM", "InvalidDBInstanceId.NotFound"]
)
def test_unreadable_property_keeps_its_value(stack: Stack, emulator: Emulator, code: str) -> None:
    declare(stack, "first")
    stack.must(stack.up("--parallel", "64"))
    refuse_reads(emulator, code)

    refreshed = stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    previewed = stack.must(stack.preview("--refresh", "--expect-no-changes"))
    emulator.faults.forget()

    for run in (refreshed, previewed):
        assert "could not be read, so the state keeps the last known values" in (run.text)
    stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    stack.must(stack.preview("--expect-no-changes"))


def recorded(stack: Stack) -> Any:
    """
    Return the outputs of the clone in the state, secrets in plain text.
    """
    told = stack.must(stack.run("stack", "export", "--show-secrets")).text
    resources = json.loads(told)["deployment"]["resources"]
    (outputs,) = [r["outputs"] for r in resources if r["type"] == stack.type]
    return outputs


LOCK: Final = {"lock_mode": "ManualLock"}
BUSY: Final[Mapping[str, Mapping[str, Any]]] = {
    "class change": {"status": "DBInstanceClassChanging", "instance_class": "mysql.n4.medium.2c"},
    "restart": {"status": "Rebooting"},
    "status of tomorrow": {"status": "Teleporting"},
    "locked": LOCK,
    "locked and busy": {**LOCK, "status": "Rebooting"},
}


@pytest.mark.parametrize("how", BUSY)
def test_busy_or_locked_clone_is_no_drift(stack: Stack, emulator: Emulator, how: str) -> None:
    accounts = {"ci": {"password": "Some-1234"}}
    write(stack, accounts=accounts, capacity={"storage_gb": 120})
    stack.must(stack.up())
    before = recorded(stack)
    emulator.change(stack.resources()["staging"]["id"], **BUSY[how])

    refreshed = stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    stack.must(stack.preview("--refresh", "--expect-no-changes"))
    stack.must(stack.preview("--expect-no-changes"))

    assert "so the state keeps the last known values" in refreshed.text
    assert before == recorded(stack)


def die(emulator: Emulator, clone: str, end: str) -> None:
    if end == "gone":
        emulator.remove(clone)
    else:
        stop_clock(emulator)
        emulator.change(clone, status=end)


@pytest.mark.parametrize("end", ["Deleting", "gone"])
@pytest.mark.parametrize("finished", [True, False])
def test_preview_and_up_report_a_dead_clone_alike_and_the_remedy_helps(
    stack: Stack,
    emulator: Emulator,
    end: str,
    finished: bool,  # noqa: FBT001
) -> None:
    write(stack)
    if finished:
        stack.must(stack.up())
    else:
        interrupted(stack, emulator, 1)
    dead = stack.resources()["staging"]["id"]
    die(emulator, dead, end)
    write(stack, description="changed")

    found = [stack.preview(), stack.up(), stack.preview(), stack.up()]

    for run in found:
        assert run.code != 0
        assert f"{dead} is {end} {REMEDY.format(dead)}" in run.text
    stack.must(stack.run("refresh", "--yes"))
    emulator.clock.set_speed(1)
    stack.must(stack.up())
    assert stack.resources()["staging"]["id"] != dead
    # The first token is answered with the dead clone: that repetition makes nothing.
    made = [w for w in emulator.journal.writes() if w.action == "CloneDBInstance"]
    assert 2 == len(made)
    stack.must(stack.preview("--expect-no-changes"))


@dataclass(frozen=True, kw_only=True)
class Wait:
    """
    A wait that is ended by a signal.

    Attributes:
        made: The clone is made before.
        declared: What the program declares then.
        command: The command that waits.
        status: What the clone is busy with, if it is made.
        shown: What tells that the run waits.
        kept: What the run says of the clone.
    """

    made: bool = True
    declared: Mapping[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = UP
    status: str = "Running"
    shown: str
    kept: str


WAITS: Final[Mapping[str, Wait]] = {
    "create": Wait(
        made=False,
        shown="0 of 90 min, Creating",
        kept="was still Creating when the wait was cancelled after",
    ),
    "class change": Wait(
        declared={"capacity": {"instance_class": "mysql.n4.medium.2c"}},
        shown="0 of 30 min, DBInstanceClassChanging",
        kept="was still DBInstanceClassChanging when the wait was cancelled",
    ),
    "change of a busy clone": Wait(
        declared={"accounts": {"ci": {"password": "Some-1234"}}},
        status="Rebooting",
        shown="0 of 30 min, Rebooting",
        kept="was still Rebooting when the wait was cancelled",
    ),
    "release of a busy clone": Wait(
        command=("destroy", "--yes", "--skip-preview"),
        status="Rebooting",
        shown="0 of 20 min, Rebooting",
        kept="the run was cancelled before",
    ),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("wait", WAITS.values(), ids=list(WAITS))
def test_signal_ends_every_wait_and_the_clone_is_kept(
    stack: Stack, emulator: Emulator, wait: Wait, number: signal.Signals
) -> None:
    if wait.made:
        write(stack)
        stack.must(stack.up())
        (clone,) = clone_ids(emulator)
        stop_clock(emulator)
        emulator.change(clone, status=wait.status)
    stop_clock(emulator)
    write(stack, **wait.declared)
    output = stack.folder / "ended.txt"
    with stack.begin(output, *wait.command) as run:
        wait_for(lambda: wait.shown in output.read_text("utf-8"))
        run.send_signal(number)
        run.wait(timeout=60)
    text = output.read_text("utf-8")
    kept = stack.resources()["staging"]["id"]
    if wait.status != "Running":
        emulator.change(kept, status="Running")
    emulator.clock.set_speed(1)
    there = clone_ids(emulator)
    stack.must(stack.run(*UP))

    assert run.returncode != 0
    assert wait.kept in text
    assert "Traceback" not in text
    assert [kept] == there
    assert kept == stack.resources()["staging"]["id"]
    assert 1 == emulator.journal.count("CloneDBInstance")
    stack.must(stack.preview("--expect-no-changes"))


def test_sigterm_to_every_process(stack: Stack, emulator: Emulator) -> None:
    """
    A service manager that ends all processes of a run costs no second clone.

    The plugin still answers which clone it waited for. A dynamic provider cannot: the
    next run finds the clone that no state knows.
    """
    write(stack)
    stop_clock(emulator)
    output = stack.folder / "ended.txt"
    with stack.begin(output, *UP) as run:
        wait_for(lambda: "0 of 90 min, Creating" in output.read_text("utf-8"))
        for pid in of_session(run.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        run.wait(timeout=60)
    (ordered,) = clone_ids(emulator)
    known = [clone["id"] for clone in stack.resources().values()]
    emulator.clock.set_speed(1)
    stack.must(stack.up())

    assert run.returncode != 0
    assert known == ([ordered] if stack.border == "plugin" else [])
    assert ordered == stack.resources()["staging"]["id"]
    assert 1 == emulator.journal.count("CloneDBInstance")
