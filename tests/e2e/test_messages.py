import re
import signal
import sys
from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.support.clones import clone_ids, orders
from tests.support.emulators import stop_clock
from tests.support.processes import end_soon, kill, of_session, providers
from tests.support.sandboxes import environment
from tests.support.stacks import Stack, make_stack
from tests.support.waiting import wait_for

pytestmark = pytest.mark.engine

UP = ("up", "--yes", "--skip-preview")

WAITING = """
import asyncio

async def later():
    await asyncio.sleep(60)

pulumi.export("later", pulumi.Output.from_input(later()))
"""

PROGRAM = """
rdsclone.CloneInstance(
    "staging",
    source_instance_id="rm-demo-mysql80",
    restore_point={"latest": "time"},
    description="declared",
    create_timeout="1s",
)
"""


@pytest.fixture(params=["newest", "oldest", "plugin"])
def stack(request: pytest.FixtureRequest, tmp_path: Path, cli: Path, emulator: Emulator) -> Stack:
    """
    Return a project of the newest, then of the oldest Pulumi SDK, then of the plugin.
    """
    is_oldest = request.param == "oldest"
    python = request.getfixturevalue("sdk_floor") if is_oldest else sys.executable
    env = environment(tmp_path, cli, python)
    is_plugin = request.param == "plugin"
    sdk = request.getfixturevalue("python_sdk") if is_plugin else None
    return make_stack(tmp_path / "project", env, emulator, sdk)


def test_nobody_asks_for_the_plugin(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    """
    A program with dynamic clones needs no plugin, although the package brings one.

    Pulumi takes every package called pulumi-… for the SDK of a plugin, and warns of one
    that it finds on the PATH, unless the package says otherwise.
    """
    stack = make_stack(tmp_path / "project", environment(tmp_path, cli), emulator)
    scripts = Path(sys.executable).parent
    stack.env["PATH"] += f":{scripts}"
    stack.set_config(skipChecks="inherited-access")
    stack.write(PROGRAM)

    preview = stack.must(stack.preview())

    assert (scripts / "pulumi-resource-rdsclone").exists()
    assert "warning" not in preview.text


def test_check_failure_is_one_line(stack: Stack) -> None:
    stack.write(PROGRAM.replace("rm-demo-mysql80", "rm-nowhere"))

    preview = stack.preview()
    line = (
        "sourceInstanceId: there is no instance rm-nowhere in cn-hangzhou — "
        "correct the id, the region or the credentials (source-exists)"
    )

    assert [line] == preview.problems


def test_error_outside_the_checks_is_one_line_without_traceback(stack: Stack) -> None:
    stack.set_config(accessKeyId="LTAI-nobody")
    stack.write(PROGRAM)

    preview = stack.preview()
    line = (
        "the credentials were refused (DescribeDBInstanceAttribute: "
        "InvalidAccessKeyId.NotFound, request id …) — check rdsclone:accessKeyId and "
        "rdsclone:accessKeySecret in the stack's configuration, or the credentials in "
        "the environment"
    )

    told = [re.sub(r"(request id )[\w-]+", r"\1…", one) for one in preview.problems]
    assert [line] == told


def test_next_up_continues_a_wait_that_timed_out(stack: Stack, emulator: Emulator) -> None:
    stack.write(PROGRAM)
    stop_clock(emulator)

    timed_out = stack.up()
    kept = stack.resources()["staging"]

    assert timed_out.code != 0
    assert "Traceback" not in timed_out.text
    assert (
        f"* {kept['id']} is still Creating after 1s — {kept['id']} is kept in the "
        "state, and the next pulumi up continues to wait"
    ) in timed_out.error_lines
    assert [kept["id"]] == clone_ids(emulator)

    emulator.clock.set_speed(1)
    stack.must(stack.up())

    assert "Running" == stack.resources()["staging"]["outputs"]["status"]
    assert 1 == emulator.journal.count("CloneDBInstance")


def test_refresh_shows_drift_in_the_inputs_and_loses_none(stack: Stack, emulator: Emulator) -> None:
    stack.write(PROGRAM.replace("1s", "1m"))
    stack.must(stack.up())
    before = stack.resources()["staging"]
    emulator.change(before["id"], description="by-hand")

    stack.must(stack.run("refresh", "--yes"))
    after = stack.resources()["staging"]["inputs"]

    assert {**before["inputs"], "description": "by-hand"} == after


def test_no_secret_is_kept_or_shown(stack: Stack, emulator: Emulator) -> None:
    """
    A secret that is configured as one stands in no state, log or message.

    The engine itself copies the stack's configuration into the state of the provider
    resource, encrypted only where it is set as a secret.
    """
    stack.write(PROGRAM.replace("1s", "1m"))
    stack.set_config(accessKeySecret="")
    secret = ("rdsclone:accessKeySecret", emulator.access_key_secret)
    stack.must(stack.run("config", "set", "--secret", *secret))

    up = stack.must(stack.up("--logtostderr", "-v=3"))
    state = stack.must(stack.run("stack", "export")).text

    assert emulator.access_key_secret not in state
    assert emulator.access_key_id not in str(stack.resources())
    assert emulator.access_key_secret not in up.text


def test_run_killed_while_it_waits_costs_no_second_clone(stack: Stack, emulator: Emulator) -> None:
    stack.write(PROGRAM.replace("1s", "1m"))
    stop_clock(emulator)
    with stack.begin(stack.folder / "killed.txt", *UP) as run:
        wait_for(lambda: emulator.journal.count("CloneDBInstance"))
        run.kill()
    ended = end_soon(run.pid)
    kill(of_session(run.pid))
    emulator.clock.set_speed(1)
    stack.must(stack.run("cancel", "--yes"))

    again = stack.must(stack.up())
    (clone,) = clone_ids(emulator)

    assert ended
    assert 1 == emulator.journal.count("CloneDBInstance")
    assert clone == stack.resources()["staging"]["id"]
    assert f"adopted {clone}, which an interrupted run ordered" in again.text


def test_first_ctrl_c_keeps_what_was_ordered(stack: Stack, emulator: Emulator) -> None:
    stack.write(PROGRAM.replace("1s", "1h"))
    stop_clock(emulator)
    output = stack.folder / "cancelled.txt"
    with stack.begin(output, *UP) as run:
        wait_for(lambda: "Creating" in output.read_text("utf-8"))
        run.send_signal(signal.SIGINT)
        run.wait(timeout=60)
    text = output.read_text("utf-8")
    kept = stack.resources()["staging"]
    emulator.clock.set_speed(1)
    stack.must(stack.up())

    assert "was still Creating when the wait was cancelled after" in text
    assert "the next pulumi up continues to wait" in text
    assert [kept["id"]] == clone_ids(emulator)
    assert kept["id"] == stack.resources()["staging"]["id"]
    assert 1 == emulator.journal.count("CloneDBInstance")


def test_idle_provider_ends_soon_after_its_engine_is_killed(stack: Stack) -> None:
    stack.write(PROGRAM + WAITING)
    output = stack.folder / "killed.txt"
    with stack.begin(output, "preview") as run:
        wait_for(lambda: f"{stack.type} staging create" in output.read_text("utf-8"))
        assert providers(run.pid)
        run.kill()
    ended = end_soon(run.pid)
    kill(of_session(run.pid))

    assert ended


def test_a_dozen_clones_are_made_at_once(stack: Stack, emulator: Emulator) -> None:
    """
    Pulumi's server of dynamic providers would make four at a time.
    """
    stack.write(
        """
    for number in range(12):
        rdsclone.CloneInstance(
            f"clone-{number}",
            source_instance_id="rm-demo-mysql80",
            restore_point={"latest": "time"},
        )
    """
    )
    stop_clock(emulator)
    output = stack.folder / "made.txt"

    with stack.begin(output, *UP, "--parallel", "12") as run:
        wait_for(lambda: 12 == orders(emulator))
        emulator.clock.set_speed(1)
        run.wait(timeout=60)

    assert 0 == run.returncode
    assert "+ 13 created" in output.read_text("utf-8")
    assert 12 == orders(emulator)
