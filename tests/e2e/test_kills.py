"""
A run that is killed costs nothing: not at any API call, neither before nor after it.

A case kills the provider's process, or the CLI with the engine in it, and then runs
the same command once more. By default a sample of the cases runs; with
RDSCLONE_KILLS=all in the environment all do.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from rds_emulator.server.call_hook import CallEvent, Phase
from rds_emulator.state.model import Instance
from tests.support.emulators import Emulator
from tests.support.processes import end_soon, kill, of_session, providers
from tests.support.sandboxes import environment
from tests.support.stacks import BORDERS, Border, Stack, copied_stack, make_stack

pytestmark = pytest.mark.engine

Job = Literal["create", "replace", "destroy", "furnish", "change"]
Victim = Literal["provider", "cli"]

AFTER: Final[dict[Job, Job]] = {"replace": "create", "destroy": "create", "change": "furnish"}
"""What was done before a job; before the others nothing was."""

NAMES: Final[dict[Job, tuple[str, ...]]] = {
    "create": ("blue", "green"),
    "replace": ("blue", "green"),
    "destroy": ("blue", "green"),
    "furnish": ("blue",),
    "change": ("blue",),
}
"""The clones of each job."""

ORDERS: Final[dict[Job, int]] = {"create": 2, "replace": 2, "destroy": 0, "furnish": 1, "change": 0}
"""How many clones each job orders."""

ONCE: Final = {
    "DescribeAvailableClasses": 1,
    "DescribeAvailableZones": 1,
    "DescribeBackupPolicy": 1,
    "DescribePrice": 1,
    "DescribeTasks": 1,
    "DescribeVSwitches": 1,
}
"""The reads that two clones of one source share."""

CALLS: Final[dict[Job, dict[str, int]]] = {
    "create": {
        **ONCE,
        "DescribeLocalAvailableRecoveryTime": 1,
        "DescribeDBInstanceAttribute": 7,
        "DescribeDBInstances": 9,
        "ListTagResources": 4,
        "CloneDBInstance": 2,
        "TagResources": 4,
    },
    "replace": {
        **ONCE,
        "DescribeBackups": 1,
        "DescribeDBInstanceAttribute": 11,
        "DescribeDBInstances": 11,
        "ListTagResources": 9,
        "CloneDBInstance": 2,
        "TagResources": 4,
        "DeleteDBInstance": 2,
    },
    "destroy": {"DescribeDBInstanceAttribute": 5, "DescribeDBInstances": 3, "DeleteDBInstance": 2},
    "furnish": {
        **ONCE,
        "DescribeLocalAvailableRecoveryTime": 1,
        "DescribeParameterTemplates": 1,
        "DescribeDBInstanceAttribute": 6,
        "DescribeDBInstances": 8,
        "DescribeAccounts": 6,
        "DescribeDBInstanceIPArrayList": 3,
        "DescribeParameters": 4,
        "DescribeSQLCollectorPolicy": 4,
        "ListTagResources": 5,
        "CloneDBInstance": 1,
        "ModifySecurityIps": 1,
        "ModifyDBInstanceConnectionString": 1,
        "CreateAccount": 1,
        "ModifySQLCollectorPolicy": 1,
        "ModifyParameter": 1,
        "TagResources": 2,
    },
    "change": {
        "DescribeDBInstanceAttribute": 4,
        "DescribeDBInstances": 3,
        "DescribeAccounts": 5,
        "DescribeDBInstanceIPArrayList": 3,
        "DescribeParameterTemplates": 1,
        "DescribeParameters": 4,
        "DescribeSQLCollectorPolicy": 3,
        "ListTagResources": 3,
        "ModifySecurityIps": 2,
        "TagResources": 1,
        "ModifyDBInstanceConnectionString": 1,
        "ResetAccountPassword": 1,
        "GrantAccountPrivilege": 1,
        "ModifySQLCollectorPolicy": 1,
        "ModifyParameter": 1,
    },
}
"""How often each action is called for all clones of a job."""

POLLS: Final = {"DescribeDBInstanceAttribute", "DescribeDBInstances"}
"""Called once more or less often, as it happens; in *CALLS* stands the most."""

LOOKS: Final[dict[Job, set[str]]] = {
    "furnish": {"DescribeAccounts", "DescribeSQLCollectorPolicy", "ListTagResources"}
}
"""
Called once less often where the first look at the changed endpoint comes late.

One that comes at once is refused where the accounts are asked for, because the clone is
busy, and leaves the rest unread.
"""

SAMPLE: Final = frozenset(
    {
        "dynamic-create-provider-before-CloneDBInstance-2",
        "dynamic-create-provider-after-CloneDBInstance-2",
        "dynamic-create-cli-after-CloneDBInstance-2",
        "dynamic-create-cli-after-DescribeDBInstances-5",
        "dynamic-create-provider-after-TagResources-4",
        "dynamic-replace-provider-after-CloneDBInstance-2",
        "dynamic-replace-cli-after-DeleteDBInstance-2",
        "dynamic-destroy-provider-after-DeleteDBInstance-2",
        "plugin-create-provider-after-CloneDBInstance-2",
        "plugin-replace-provider-after-DeleteDBInstance-2",
        "dynamic-furnish-provider-before-CreateAccount-1",
        "dynamic-furnish-cli-after-ModifyDBInstanceConnectionString-1",
        "plugin-furnish-provider-after-CreateAccount-1",
        "dynamic-change-provider-after-ModifyDBInstanceConnectionString-1",
        "dynamic-change-provider-before-GrantAccountPrivilege-1",
        "plugin-change-provider-after-ResetAccountPassword-1",
    }
)
"""The cases that always run."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    A run that is killed.

    Attributes:
        border: By which the clones are reached.
        job: What it does.
        victim: What is killed.
        action: At a call of which action.
        nth: At which of them, counted from 1.
        phase: Before or after its effect. A call before which the provider is killed
            has none.
    """

    border: Border
    job: Job
    victim: Victim
    action: str
    nth: int
    phase: Phase

    def __str__(self) -> str:
        where = f"{self.phase}-{self.action}-{self.nth}"
        return f"{self.border}-{self.job}-{self.victim}-{where}"

    @property
    def is_sampled(self) -> bool:
        """
        Whether it always runs: one case for each thing that a kill could spoil.

        An order is lost or made and not heard of; clones are waited for; the last mark
        is made; the old ones of a replacement, or all, are being released; of the steps
        after an order, or of a change, some are made, while the clone is busy with one
        or one is made by half. What is behind both borders is the same, so the plugin
        is killed once in each job but destroy.
        """
        return str(self) in SAMPLE


def all_cases() -> Iterator[Case]:
    victims: tuple[Victim, ...] = ("provider", "cli")
    phases: tuple[Phase, ...] = ("before", "after")
    for border, (job, calls) in product(BORDERS, CALLS.items()):
        for action, count in calls.items():
            for nth, victim, phase in product(range(1, count + 1), victims, phases):
                yield Case(
                    border=border, job=job, victim=victim, action=action, nth=nth, phase=phase
                )


CASES: Final = [
    case for case in all_cases() if case.is_sampled or os.environ.get("RDSCLONE_KILLS") == "all"
]


def test_the_sample_is_of_the_matrix() -> None:
    assert {str(case) for case in all_cases() if case.is_sampled} == SAMPLE


DECLARED: Final[dict[Job, Mapping[str, Any]]] = {
    "furnish": {
        "security_ips": {"default": ["10.2.0.1"]},
        "accounts": {"ci": {"password": "First-1234", "privileges": {}}},
        "network": {"connection_prefix": "orders-a"},
        "sql_audit": True,
        "parameters": {"innodb_lock_wait_timeout": "60"},
        "tags": {"team": "data"},
    },
    "change": {
        "security_ips": {"default": ["10.2.0.2"], "office": ["10.9.9.9"]},
        "accounts": {"ci": {"password": "Later-1234", "privileges": {"app": "DDLOnly"}}},
        "network": {"connection_prefix": "orders-b"},
        "sql_audit": False,
        "parameters": {"innodb_lock_wait_timeout": "70"},
        "tags": {"team": "web", "cost": "low"},
    },
}
"""What is declared of the one clone of a job whose steps follow the order."""


def shown(instance: Instance) -> Mapping[str, Any]:
    """
    Return what an instance shows of the properties in *DECLARED*, in the same words.
    """
    return {
        "security_ips": {group.name: list(group.ips) for group in instance.ip_groups},
        "accounts": {
            one.name: {"password": one.password, "privileges": dict(one.privileges)}
            for one in instance.accounts
            if one.name not in INHERITED
        },
        "network": {"connection_prefix": instance.connection_string.partition(".")[0]},
        "sql_audit": instance.sql_audit,
        "parameters": dict(instance.parameters),
        "tags": {
            key: value for key, value in instance.tags.items() if not key.startswith("rdsclone:")
        },
    }


INHERITED: Final = {"owner", "shop"}
"""The accounts that a clone has from its source."""


def program(job: Job) -> str:
    """
    Return the program of a job; the restore point of a replacement is another one.
    """
    point = "backup" if job == "replace" else "time"
    declared = DECLARED.get(job, {})
    return f"""
    for name in {NAMES[job]}:
        rdsclone.CloneInstance(
            name,
            source_instance_id="rm-demo-mysql80",
            restore_point={{"latest": "{point}"}},
            **{declared},
        )
    """


def command(job: Job) -> tuple[str, ...]:
    verb = "destroy" if job == "destroy" else "up"
    return verb, "--yes", "--skip-preview"


@dataclass(frozen=True)
class Start:
    """
    What a job begins with.

    Attributes:
        folder: The project, its state, and the emulator's.
        cli: The folder of the Pulumi CLI.
        sdk: The folder of the generated SDK, for clones of the plugin.
    """

    folder: Path
    cli: Path
    sdk: Path | None


@pytest.fixture(scope="module")
def starts(
    tmp_path_factory: pytest.TempPathFactory, cli: Path, python_sdk: Path
) -> Callable[[Border, Job], Start]:
    """
    Return what each job finds: an empty stack, or one with what another job has made.
    """

    @cache
    def empty(border: Border) -> Start:
        folder = tmp_path_factory.mktemp("empty")
        sdk = python_sdk if border == "plugin" else None
        with Emulator(
            db=folder / "db", clone_seconds=0.5, delete_seconds=0.1, change_seconds=0.3
        ) as emulator:
            make_stack(folder / "project", environment(folder, cli), emulator, sdk)
        return Start(folder, cli, sdk)

    @cache
    def made(border: Border, job: Job) -> Start:
        copy = tmp_path_factory.mktemp("made") / "copy"
        begun = empty(border)
        with opened(begun, copy) as (stack, _):
            stack.write(program(job))
            stack.must(stack.up())
        return replace(begun, folder=copy)

    def start(border: Border, job: Job) -> Start:
        return made(border, AFTER[job]) if job in AFTER else empty(border)

    return start


@contextmanager
def opened(start: Start, folder: Path) -> Iterator[tuple[Stack, Emulator]]:
    """
    Copy a starting point to *folder* and continue there, with an empty journal.
    """
    shutil.copytree(start.folder, folder, ignore=shutil.ignore_patterns("home"))
    with Emulator(db=folder / "db") as emulator:
        emulator.journal.clear()
        env = environment(folder, start.cli)
        yield copied_stack(folder / "project", env, emulator, start.sdk), emulator


class Killer:
    """
    Kills a run at its boundary, once.

    Args:
        case: Where.
        emulator: Whose calls are counted.
        session: The run, by its CLI's process.
    """

    def __init__(self, case: Case, emulator: Emulator, session: int) -> None:
        self._case = case
        self._emulator = emulator
        self._session = session
        self._calls = 0

    def __call__(self, event: CallEvent) -> None:
        """
        Count the calls like the one that is looked for, and strike at it.
        """
        if (event.action, event.phase) == (self._case.action, self._case.phase):
            self._calls += 1
            if self._calls == self._case.nth:
                self._strike()

    @property
    def has_struck(self) -> bool:
        return self._calls >= self._case.nth

    def _strike(self) -> None:
        if self._case.victim == "cli":
            kill([self._session])
            return
        kill(providers(self._session))
        if self._case.phase == "before":
            self._emulator.faults.order("dropped", self._case.action, phase="before")


def run_and_kill(case: Case, stack: Stack, emulator: Emulator) -> bool:
    """
    Run a case's job and kill it; return whether it came to the boundary.

    No provider may outlive it.
    """
    output = stack.folder.parent / "killed.txt"
    with stack.begin(output, *command(case.job)) as run:
        try:
            killer = Killer(case, emulator, run.pid)
            emulator.on_call(killer)
            run.wait(timeout=60)
            assert end_soon(run.pid), "the provider has outlived its engine"
        finally:
            emulator.on_call(None)
            kill(of_session(run.pid))
    if case.victim == "cli" and killer.has_struck:
        mend(stack)
        stack.must(stack.run("cancel", "--yes"))
    return killer.has_struck


def mend(stack: Stack) -> None:
    """
    Remove what makes Pulumi refuse a state: "failed to load checkpoint: EOF".

    It writes a side file in place for each file of the state, and an engine that is
    killed there leaves it empty. The state itself is whole.
    """
    for side_file in stack.state.rglob("*.attrs"):
        if not side_file.stat().st_size:
            side_file.unlink()


def clones(emulator: Emulator) -> dict[str, str]:
    return {i.id: i.tags["rdsclone:stage"] for i in emulator.instances() if i.restored_from}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_killed_run_is_made_good_by_the_next(
    case: Case,
    starts: Callable[[Border, Job], Start],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """
    There are exactly the declared clones, each was ordered once, the state holds them.

    A run that ended before it came to the boundary must satisfy that, too.
    """
    start = starts(case.border, case.job)
    with opened(start, tmp_path / "case") as (stack, emulator):
        stack.write(program(case.job))
        record_property("struck", run_and_kill(case, stack, emulator))

        stack.must(stack.run(*command(case.job)))
        ordered = [c for c in emulator.journal.writes() if c.action == "CloneDBInstance"]
        there = clones(emulator)
        recorded = stack.clones()
        record_property("stages", sorted(there.values()))

        assert ORDERS[case.job] == len(ordered)
        assert (0 if case.job == "destroy" else len(NAMES[case.job])) == len(there)
        assert "creating" not in there.values()
        assert sorted(there) == sorted(one["id"] for one in recorded)
        assert not [one for one in recorded if one.get("delete")]
        if case.job in DECLARED:
            assert [DECLARED[case.job]] == [shown(emulator.instance(i)) for i in there]
        if there:
            stack.must(stack.preview("--expect-no-changes"))


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("job", CALLS)
def test_all_calls_are_in_the_matrix(
    border: Border, job: Job, starts: Callable[[Border, Job], Start], tmp_path: Path
) -> None:
    with opened(starts(border, job), tmp_path / "case") as (stack, emulator):
        emulator.set_temper("ideal")  # what lags adds calls
        stack.write(program(job))
        stack.must(stack.run(*command(job)))
        made = Counter(call.action for call in emulator.journal.calls())

        assert CALLS[job].keys() == made.keys()
        for action in made.keys() - POLLS - LOOKS.get(job, set()):
            assert CALLS[job][action] == made[action], action
