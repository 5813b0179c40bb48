from dataclasses import dataclass, field

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Run, Stack

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Bad:
    """
    Configuration that must be refused.

    Attributes:
        line: How the line begins that the user reads.
        config: Change the provider's configuration.
    """

    line: str
    config: dict[str, str] = field(default_factory=dict)


CASES = {
    "unknown access key": Bad(
        "the credentials were refused (DescribeDBInstanceAttribute: "
        "InvalidAccessKeyId.NotFound, request id ",
        config={"accessKeyId": "LTAI-nobody"},
    ),
    "wrong secret": Bad(
        "the credentials were refused (DescribeDBInstanceAttribute: "
        "InvalidAccessKeySecret, request id ",
        config={"accessKeySecret": "not-the-secret"},
    ),
    "no credentials": Bad(
        "no credentials were found — set ALIBABA_CLOUD_ACCESS_KEY_ID and ",
        config={"accessKeyId": "", "accessKeySecret": ""},
    ),
    "unreachable endpoint": Bad(
        "connection refused by 127.0.0.1:1 (DescribeDBInstanceAttribute: "
        "SDK.HttpError) — check the network and the endpoint, if one is set, then run "
        "again",
        config={"endpoint": "http://127.0.0.1:1"},
    ),
    "no region": Bad(
        "region: no region is configured — set region, rdsclone:region", config={"region": ""}
    ),
    "check that does not exist": Bad(
        "rdsclone:skipChecks: there is no check 'engine-knwon' — did you mean "
        "engine-known? (skip-known)",
        config={"skipChecks": "class-sold,engine-knwon"},
    ),
    "time-out that is none": Bad(
        "rdsclone:checkTimeout 'soon' is not a duration — write it like 90m, 36h or 2d",
        config={"checkTimeout": "soon"},
    ),
}


def expect_one_line(run: Run, line: str) -> None:
    assert run.code != 0, run.text
    assert "Traceback" not in run.text
    assert "not-the-secret" not in run.text
    (problem,) = run.problems
    assert problem.startswith(line), run.text


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_preview_refuses_in_one_line(stack: Stack, emulator: Emulator, bad: Bad) -> None:
    stack.set_config(**bad.config)
    stack.write(
        'rdsclone.CloneInstance("staging", source_instance_id="rm-demo-mysql80", '
        'restore_point={"latest": "time"})'
    )

    expect_one_line(stack.preview(), bad.line)

    assert [] == emulator.journal.writes()


def test_all_problems_are_told_in_the_order_of_inputs(stack: Stack, emulator: Emulator) -> None:
    stack.write(
        """
    rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-demo-locked-manual",
        restore_point=rdsclone.RestorePointArgs(time="yesterday", backup_id="7"),
        capacity=rdsclone.CapacityArgs(storage_gb=101),
        payment={"type": "Subscription", "period": "Month"},
        tags={"acs:x": "y"},
    )
    """
    )

    preview = stack.preview()
    checks = [line.rpartition("(")[2] for line in preview.problems]

    assert [
        "source-unlocked)",
        "input-form)",
        "restore-point-form)",
        "backup-exists)",
        "input-form)",
        "subscription-term)",
        "tags-reserved)",
    ] == checks
    assert [] == emulator.journal.writes()


def test_up_refuses_like_preview(stack: Stack, emulator: Emulator) -> None:
    stack.write(
        'rdsclone.CloneInstance("staging", source_instance_id="rm-demo-stopped", '
        'restore_point={"latest": "backup"})'
    )

    up = stack.run("up", "--yes", "--skip-preview")

    assert up.code != 0
    assert "rm-demo-stopped is Stopped — wait until the source is Running" in up.text
    assert [] == emulator.journal.writes()


def test_refusal_by_the_api_is_one_line_with_its_code(stack: Stack, emulator: Emulator) -> None:
    taken = emulator.instance("rm-demo-mysql80").private_ip
    stack.write(
        'rdsclone.CloneInstance("staging", source_instance_id="rm-demo-mysql80", '
        f'restore_point={{"latest": "backup"}}, network={{"private_ip_address": '
        f'"{taken}"}})'
    )

    up = stack.up()
    (line,) = up.problems

    assert up.code != 0
    assert "Traceback" not in up.text
    assert "(CloneDBInstance: InvalidIPAddress.Conflict, " in line
    assert [] == emulator.journal.writes()
    assert {} == stack.resources()
