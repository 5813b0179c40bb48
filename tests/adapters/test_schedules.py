"""
Kills and faults together: whatever happens, in the end there is what is declared.

Each schedule is a stack's life under a number of accidents that follow from its seed,
played by a small engine against the emulator, of the same process. RDSCLONE_CASES=10000
plays more; a failing one is repeated with RDSCLONE_SEED=number RDSCLONE_CASES=1.
"""

import os
import re
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any, NoReturn

import pytest

from pulumi_rdsclone.adapters import calls, rest, run
from pulumi_rdsclone.adapters.dynamic_handlers import DynamicHandlers
from pulumi_rdsclone.cloud import regions
from pulumi_rdsclone.cloud.clock import SystemClock
from pulumi_rdsclone.cloud.reading import Answer
from pulumi_rdsclone.cloud.transport import Transport
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from tests.support.direct import DirectEmulator
from tests.support.emulators import Emulator, demo_seed
from tests.support.engine import Engine, KilledError, Process, RunError

SOURCE = "rm-demo-mysql80"
CASES = int(os.environ.get("RDSCLONE_CASES", "500"))
SEED = int(os.environ.get("RDSCLONE_SEED", "0"))
CHUNK = 10

HURRY = 0.02
"""A second of waiting lasts so long."""

SCHEDULE = PollSchedule(
    first_interval=0.05,
    longest_interval=0.1,
    list_lag=10,
    retry_delay=2.5,
    used_token_timeout=10,
    visibility_timeout=2,
)
LAGS = ("attribute_lag_seconds", "sub_read_lag_seconds", "list_lag_seconds", "tag_lag_seconds")
ACTIONS = (
    "CloneDBInstance",
    "CloneDBInstance",
    "DeleteDBInstance",
    "TagResources",
    "ListTagResources",
    "DescribeDBInstances",
    "DescribeDBInstanceAttribute",
    "Describe*",
    "*",
)
KINDS = (
    {"kind": "throttled"},
    {"kind": "throttled", "retry_after": 1},
    {"kind": "refused", "code": "ServiceUnavailable", "status": 503},
    {"kind": "refused", "code": "InternalError", "status": 500},
    {"kind": "refused", "code": "OperationDenied.DBInstanceStatus", "status": 403},
    {"kind": "expired_token"},
    {"kind": "clock_skew"},
    {"kind": "failed"},
    {"kind": "dropped"},
    {"kind": "dropped", "phase": "before"},
    {"kind": "empty"},
    {"kind": "garbage"},
    {"kind": "truncated"},
    {"kind": "bare"},
)
STATUSES = ("Restoring", "INS_CLONING", "LEARNING_TO_FLY")
PERHAPS_THE_CLONE = re.compile(r"ordered today already, and (.+?), created today")
"""The ids that a run names when it asks the user to decide."""


def seed_with_one_source() -> dict[str, Any]:
    """
    Return the demo's seed with nothing but *SOURCE*: a call then costs less.
    """
    seed = demo_seed()
    sources = [entry for entry in seed["instances"] if entry["id"] == SOURCE]
    return {**seed, "instances": sources}


class HurriedClock(SystemClock):
    """
    The time as it passes, but for whoever sleeps.
    """

    def sleep(self, seconds: float, until: Any = None) -> None:
        super().sleep(seconds * HURRY, until)


@dataclass
class Life:
    """
    A stack, its cloud, and what happens to them.

    Attributes:
        emulator: The cloud.
        luck: What happens follows from it.
        monkeypatch: Puts the provider's calls under its control.
        engine: Has the state.
        told: How each run ended.
        released: What no run could know as its clone, so that the user released it.
    """

    emulator: Emulator
    luck: Random
    monkeypatch: pytest.MonkeyPatch
    engine: Engine = field(default_factory=Engine)
    told: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)

    def reach(self, program: dict[str, Any]) -> None:
        """
        Run until the stack is what *program* declares, at last without accidents.
        """
        for accidents in (True, True, True, False, False, False):
            if accidents:
                self._order_faults()
            else:
                self.emulator.faults.forget()
            dies_at = self.luck.randrange(1, 90) if accidents else 0
            if self._run(program, Process(dies_at)):
                return
            self._do_as_told(self.told[-1])
        pytest.fail("it never gets there:\n" + "\n".join(self.told))

    def _do_as_told(self, message: str) -> None:
        """
        Do what a user does whom a run has asked for help.
        """
        if "run pulumi up again in" in message:
            time.sleep(SCHEDULE.visibility_timeout)
        told = PERHAPS_THE_CLONE.findall(message)
        for instance_id in {name for ids in told for name in ids.split(", ")}:
            self.emulator.remove(instance_id)
            self.released.append(instance_id)

    def _run(self, program: dict[str, Any], process: Process) -> bool:
        try:
            self.engine.run(program, self._border(process), process)
        except KilledError:
            self.told.append(f"killed at step {process.steps}")
        except RunError as error:
            self.told.append(str(error))
        else:
            run.note_cancel()
            run.CANCELLED.clear()  # one process plays many
            return True
        return False

    def _border(self, process: Process) -> DynamicHandlers:
        """
        Start a provider whose calls to the cloud are steps of *process*.
        """

        class Steps(Transport):
            def call(self, *arguments: Any, **options: Any) -> Answer:
                process.step()
                answer = super().call(*arguments, **options)
                process.step()
                return answer

        self.monkeypatch.setattr(regions, "Transport", Steps)
        border = DynamicHandlers()
        border.configure(
            {
                "rdsclone:region": self.emulator.region,
                "rdsclone:endpoint": self.emulator.url,
                "rdsclone:accessKeyId": self.emulator.access_key_id,
                "rdsclone:accessKeySecret": self.emulator.access_key_secret,
            }.get
        )
        return border

    def _order_faults(self) -> None:
        luck, faults = self.luck, self.emulator.faults
        faults.forget()
        for _ in range(luck.randrange(4)):
            kind = luck.choice(KINDS)
            faults.order(
                **kind,
                action=luck.choice(ACTIONS),
                after=luck.randrange(8),
                times=luck.randrange(1, 4),
            )
        if luck.random() < 0.3:
            faults.order_course((luck.choice(STATUSES), 0.05), "Running")
        traits: dict[str, Any] = {name: luck.choice((0, 0, 0.02, 0.1)) for name in LAGS}
        traits["untagged_regions"] = luck.choice(([], [], ["*"]))
        self.emulator.set_temper(**traits)

    def orders(self) -> int:
        """
        Count the clone calls that took effect, but for what the user released.
        """
        writes = self.emulator.journal.writes()
        ordered = sum(call.action == "CloneDBInstance" for call in writes)
        return ordered - len(self.released)

    def clones(self) -> dict[str, str]:
        """
        Return the clones that exist, with the stage their tags tell.
        """
        return {
            instance.id: instance.tags.get("rdsclone:stage", "")
            for instance in self.emulator.instances()
            if instance.restored_from
        }


def program(restore_point: dict[str, str], count: int = 2) -> dict[str, Any]:
    return {
        f"clone-{number}": {"sourceInstanceId": SOURCE, "restorePoint": restore_point}
        for number in range(count)
    }


def end_process() -> NoReturn:
    """
    End the one process that is played, not that of the test.
    """
    raise KilledError


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "end_process", end_process)
    monkeypatch.setattr(regions, "EMULATOR_SCHEDULE", SCHEDULE)
    monkeypatch.setattr(regions, "SystemClock", HurriedClock)
    monkeypatch.setattr(run, "_RECORDED_SECONDS", 0.01)
    monkeypatch.setattr(run, "_AT_GOODBYE", [])  # else no provider is ever freed
    monkeypatch.setattr(rest, "_REST_SECONDS", 0.01)
    monkeypatch.setattr(rest, "_LOOK_SECONDS", 0.002)


def live(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Create two clones, replace them, destroy them, under the accidents of *seed*.
    """
    with DirectEmulator(
        seed=seed_with_one_source(), clone_seconds=0.05, delete_seconds=0.02
    ) as emulator:
        life = Life(emulator, Random(seed), monkeypatch)  # noqa: S311 - no secrets
        stages: tuple[tuple[dict[str, Any], int], ...] = (
            (program({"latest": "time"}), 2),
            (program({"latest": "backup"}), 4),
            ({}, 4),
        )
        for declared, orders in stages:
            life.reach(declared)
            story = f"seed {seed}:\n" + "\n".join(life.told)
            known = {entry.id for entry in life.engine.state.values()}
            assert known == set(life.clones()), story
            assert len(declared) == len(known), story
            assert orders == life.orders(), story
            assert "creating" not in life.clones().values(), story
            assert [] == life.engine.leaving, story


@pytest.mark.parametrize("first", range(SEED, SEED + CASES, CHUNK))
def test_each_declared_clone_is_ordered_once(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    After kills and faults there are exactly the declared clones, each ordered once.

    Where an order's tags are ignored and its reply is lost twice, a run asks the user.
    """
    for seed in range(first, min(first + CHUNK, SEED + CASES)):
        live(seed, monkeypatch)
