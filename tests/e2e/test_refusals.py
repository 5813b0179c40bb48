"""
Bad input on the real engine: one clear line in preview, nothing created.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from tests.support.stacks import Run, Stack

pytestmark = pytest.mark.engine

_TYPE = "pulumi-python:dynamic/rds:CloneInstance"
_NEWEST = "the newest usable set is 1000000109 of "


@dataclass(frozen=True)
class Bad:
    """
    Arguments or configuration that must be refused.

    Attributes:
        line: How the line begins that the user reads.
        arguments: Change the arguments of a good clone; None removes one.
        config: Change the provider's configuration.
        check: Whether a check refuses it, which names the resource first.
    """

    line: str
    arguments: dict[str, object] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)
    check: bool = True


def later(**span: float) -> str:
    """
    Give a marker that the test replaces by an instant relative to now.
    """
    return f"now{timedelta(**span).total_seconds():+.0f}"


CASES = {
    "unknown source": Bad(
        "sourceInstanceId: there is no instance rm-nowhere in cn-hangzhou — correct "
        "the id, the region or the account's credentials (source-exists)",
        {"source_instance_id": "rm-nowhere"},
    ),
    "region without that instance": Bad(
        "sourceInstanceId: there is no instance rm-demo-mysql80 in cn-shanghai — ",
        {"region": "cn-shanghai"},
    ),
    "locked source": Bad(
        "sourceInstanceId: rm-demo-locked-diskquota is locked because its disk is full "
        "— extend its storage (source-unlocked)",
        {"source_instance_id": "rm-demo-locked-diskquota"},
    ),
    "stopped source": Bad(
        "sourceInstanceId: rm-demo-stopped is Stopped — wait until it is Running "
        "(source-running)",
        {"source_instance_id": "rm-demo-stopped"},
    ),
    "read-only source": Bad(
        "sourceInstanceId: rm-demo-readonly is a Readonly instance — name the primary "
        "instance it belongs to (source-primary)",
        {"source_instance_id": "rm-demo-readonly"},
    ),
    "foreign backup set": Bad(
        "restorePoint.backupId: rm-demo-mysql80 has no backup set 1000000201 — "
        + _NEWEST,
        {"restore_point": {"backup_id": "1000000201"}},
    ),
    "failed backup set": Bad(
        "restorePoint.backupId: backup set 1000000105 failed — " + _NEWEST,
        {"restore_point": {"backup_id": "1000000105"}},
    ),
    "logical backup set": Bad(
        "restorePoint.backupId: backup set 1000000108 is a logical backup — " + _NEWEST,
        {"restore_point": {"backup_id": "1000000108"}},
    ),
    "time in the future": Bad(
        "restorePoint.time: {time} is after the newest restorable second — choose a "
        "time from ",
        {"restore_point": {"time": later(hours=1)}},
    ),
    "time before the window": Bad(
        "restorePoint.time: {time} is before the oldest restorable second — choose a "
        "time from ",
        {"restore_point": {"time": later(days=-30)}},
    ),
    "not a time": Bad(
        "restorePoint.time: 'yesterday' is not a time — write it like "
        "2026-11-20T04:00:00Z (input-form)",
        {"restore_point": {"time": "yesterday"}},
    ),
    "time without a zone": Bad(
        "restorePoint.time: '2026-11-20T04:00:00' has no time zone — add Z for UTC or "
        "an offset such as +08:00 (input-form)",
        {"restore_point": {"time": "2026-11-20T04:00:00"}},
    ),
    "two restore forms": Bad(
        "restorePoint: backupId and latest are given together — give exactly one of "
        "time, backupId and latest (restore-point-form)",
        {"restore_point": {"backup_id": "1000000107", "latest": "time"}},
    ),
    "no restore form": Bad(
        "restorePoint: says nothing to restore — give exactly one of time, backupId "
        "and latest (restore-point-form)",
        {"restore_point": {}},
    ),
    "no restore point": Bad(
        "restorePoint: missing — give it a value (input-form)",
        {"restore_point": None},
    ),
    "misspelt property": Bad(
        "sourceInstanceID: no such property — did you mean sourceInstanceId? "
        "(input-form)",
        {"sourceInstanceID": "rm-demo-mysql80"},
    ),
    "misspelt property of a group": Bad(
        "capacity.storage_bg: no such property — did you mean storageGb? (input-form)",
        {"capacity": {"storage_bg": 200}},
    ),
    "no log backup": Bad(
        "restorePoint: rm-demo-no-log-backup has no restorable time: log backup is off "
        "— switch log backup on",
        {"source_instance_id": "rm-demo-no-log-backup"},
    ),
    "no usable backup set": Bad(
        "restorePoint.latest: rm-demo-no-backup has no usable backup set — ",
        {
            "source_instance_id": "rm-demo-no-backup",
            "restore_point": {"latest": "backup"},
        },
    ),
    "subscription without a term": Bad(
        "payment: a subscription needs both period and duration — add them, such as "
        "period: Month and duration: 1 (subscription-term)",
        {"payment": {"type": "Subscription"}},
    ),
    "unknown access key": Bad(
        "the credentials were refused (DescribeDBInstanceAttribute: "
        "InvalidAccessKeyId.NotFound) — check rdsclone:accessKeyId",
        config={"accessKeyId": "LTAI-nobody"},
        check=False,
    ),
    "wrong secret": Bad(
        "the credentials were refused (DescribeDBInstanceAttribute: "
        "InvalidAccessKeySecret) — check rdsclone:accessKeyId",
        config={"accessKeySecret": "not-the-secret"},
        check=False,
    ),
    "no credentials": Bad(
        "no credentials were found — set ALIBABA_CLOUD_ACCESS_KEY_ID and ",
        config={"accessKeyId": "", "accessKeySecret": ""},
        check=False,
    ),
    "unreachable endpoint": Bad(
        "connection refused (DescribeDBInstanceAttribute: SDK.HttpError) — check the "
        "network and, if it is set, rdsclone:endpoint, then run again",
        config={"endpoint": "http://127.0.0.1:1"},
        check=False,
    ),
    "no region": Bad(
        "region: no region is configured — set it here, as rdsclone:region",
        config={"region": ""},
    ),
}


def expect_one_line(run: Run, line: str) -> None:
    """
    Assert that *run* failed with exactly one error that begins with *line*.
    """
    assert run.code != 0, run.text
    assert "Traceback" not in run.text
    assert "not-the-secret" not in run.text
    assert 1 == len(run.error_lines), run.text
    assert run.error_lines[0].startswith(f"error: {line}"), run.text


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_preview_refuses_in_one_line(
    stack: Stack, emulator: Emulator, bad: Bad
) -> None:
    """
    Preview fails with one line that holds the remedy; nothing was written.
    """
    arguments: dict[str, object] = {
        "source_instance_id": "rm-demo-mysql80",
        "restore_point": {"latest": "time"},
        **bad.arguments,
    }
    line = bad.line
    match arguments["restore_point"]:
        case {"time": str(marker)} if marker.startswith("now"):
            span = timedelta(seconds=float(marker[3:]))
            time = format_instant(emulator.clock.now() + span)
            arguments["restore_point"] = {"time": time}
            line = line.format(time=time)
    stack.set_config(**bad.config)
    stack.write(f'rdsclone.CloneInstance("staging", **{arguments!r})')
    named = f"{_TYPE} resource 'staging' has a problem: " if bad.check else ""

    expect_one_line(stack.preview(), named + line)

    assert [] == emulator.journal.writes()


def test_all_problems_are_told_at_once(stack: Stack, emulator: Emulator) -> None:
    """
    One preview tells everything that is wrong with a clone, in the inputs' order.
    """
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
    checks = [line.rpartition("(")[2] for line in preview.error_lines]

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
    """
    Up without a preview stops at the same line and orders nothing.
    """
    stack.write(
        'rdsclone.CloneInstance("staging", source_instance_id="rm-demo-stopped", '
        'restore_point={"latest": "backup"})'
    )

    up = stack.run("up", "--yes", "--skip-preview")

    assert up.code != 0
    assert "rm-demo-stopped is Stopped — wait until it is Running" in up.text
    assert [] == emulator.journal.writes()


def test_refusal_by_the_api_is_one_line(stack: Stack, emulator: Emulator) -> None:
    """
    What only the API knows is told in its words, with its code; nothing is created.
    """
    stack.write(
        'rdsclone.CloneInstance("staging", source_instance_id="rm-demo-mysql80", '
        'restore_point={"latest": "backup"}, capacity={"storage_gb": 50})'
    )

    up = stack.up()
    (line,) = [text for text in up.error_lines if "update failed" not in text]

    assert up.code != 0
    assert "Traceback" not in up.text
    assert "(CloneDBInstance: InvalidRecoveryDbInstance.StorageSize, " in line
    assert [] == emulator.journal.writes()
    assert {} == stack.resources()
