"""
The calls of Terraform's resources about backups, in their order, with the types that they assert.

Sources: resource_alicloud_rds_backup.go, data_source_alicloud_rds_backups.go,
resource_alicloud_db_backup_policy.go, service_alicloud_rds.go.
"""

from datetime import timedelta
from typing import Any

import pytest
from alibabacloud_rds20140815 import models  # type: ignore[import-untyped]
from alibabacloud_rds20140815.client import Client as Sdk  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped]

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

LOCAL = {"storage_type": "local_ssd", "instance_class": "rds.mysql.s2.large"}
LAST = "Lastest"  # codespell:ignore lastest


@pytest.fixture
def sdk(emulator: Emulator) -> Sdk:
    return Sdk(
        Config(
            access_key_id=emulator.access_key_id,
            access_key_secret=emulator.access_key_secret,
            endpoint=emulator.endpoint,
            protocol="http",
        )
    )


def jobs(sdk: Sdk, **parameters: Any) -> list[Any]:
    request = models.DescribeBackupTasksRequest(dbinstance_id="rm-mine", **parameters)
    found: list[Any] = sdk.describe_backup_tasks(request).body.items.backup_job
    return found


def sets(sdk: Sdk, **parameters: Any) -> list[Any]:
    request = models.DescribeBackupsRequest(dbinstance_id="rm-mine", **parameters)
    found: list[Any] = sdk.describe_backups(request).body.items.backup
    return found


@pytest.mark.parametrize(
    ("fields", "asked", "method", "meta"),
    [
        row("MySQL on cloud disks", {}, {}, "Snapshot", ""),
        row("MySQL on local disks", LOCAL, {"backup_method": "Physical"}, "Physical", "OK"),
        row("PostgreSQL", {"engine": "PostgreSQL"}, {"backup_method": "Snapshot"}, "Snapshot", ""),
        row("SQL Server", {"engine": "SQLServer"}, {"backup_method": "Physical"}, "Physical", "OK"),
        row("one database", {"engine": "SQLServer"},
            {"backup_method": "Physical", "backup_strategy": "db", "backup_type": "FullBackup",
             "dbname": "app", "backup_retention_period": 7}, "Physical", "OK"),
        row("MariaDB", {"engine": "MariaDB"}, {"backup_method": "Physical"}, "Snapshot", ""),
    ],
)  # fmt: skip
def test_backup_is_created_waited_for_and_read(
    emulator: Emulator,
    sdk: Sdk,
    fields: dict[str, object],
    asked: dict[str, Any],
    method: str,
    meta: str,
) -> None:
    """
    Create, DescribeBackupTasks until Finished, a minute, DescribeBackups by the set's id.
    """
    emulator.add("rm-mine", backups=[], **fields)
    job_id = sdk.create_backup(
        models.CreateBackupRequest(dbinstance_id="rm-mine", **asked)
    ).body.backup_job_id
    (running,) = jobs(sdk, backup_job_id=job_id)
    hidden = sets(sdk)
    emulator.clock.advance(60)
    (finished,) = jobs(sdk, backup_job_id=job_id)
    (told,) = sets(sdk, backup_id=finished.backup_id)

    assert isinstance(job_id, str)
    assert ("Preparing", "0", None) == (running.backup_status, running.process, running.backup_id)
    assert [] == hidden
    assert (job_id, "Finished", "100", "Manual", "TempBackupTask") == (
        finished.backup_job_id,
        finished.backup_status,
        finished.process,
        finished.job_mode,
        finished.task_action,
    )
    assert (method, "FullBackup", "rm-mine", meta, "Disabled") == (
        told.backup_method,
        told.backup_type,
        told.dbinstance_id,
        told.meta_status,
        told.store_status,
    )
    assert [] == jobs(sdk)


def test_data_source_reads_the_set_as_the_acceptance_test_does(
    emulator: Emulator, sdk: Sdk
) -> None:
    emulator.add("rm-mine", backups=[])
    sdk.create_backup(models.CreateBackupRequest(dbinstance_id="rm-mine"))
    emulator.clock.advance(60)
    (told,) = sets(sdk, backup_mode="Manual", backup_status="Success", page_size=50)

    assert ("", "", "User", None, "{}", "Success", "0") == (
        told.backup_download_url,
        told.backup_intranet_download_url,
        told.backup_initiator,
        told.copy_only_backup,
        told.encryption,
        told.backup_status,
        told.storage_class,
    )
    assert [(1, int), (0, int), (2_147_483_648, int)] == [
        (value, type(value)) for value in (told.is_avail, told.consistent_time, told.backup_size)
    ]
    assert told.host_instance_id
    assert [] == sets(sdk, backup_mode="Automated")


def test_set_is_cloned_and_the_next_job_has_to_wait(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", backups=[])
    first = client.call("CreateBackup", DBInstanceId="rm-mine")
    second = client.call("CreateBackup", DBInstanceId="rm-mine")
    emulator.clock.advance(60)

    assert (200, "") == first.refusal
    assert (400, "BackupJobExists") == second.refusal
    assert client.clone("rm-mine")


def test_twenty_a_day(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", backups=[])
    refusals = []
    for _ in range(21):
        refusals.append(client.call("CreateBackup", DBInstanceId="rm-mine").refusal)
        emulator.clock.advance(60)

    assert [(200, "")] * 20 + [(400, "BackupTimesExceeded")] == refusals


def test_set_that_may_be_deleted_is_enabled_and_can_be(emulator: Emulator, sdk: Sdk) -> None:
    old = [{"id": "1", "started": "now-9d"}, {"id": "2", "started": "now-1d"}]
    emulator.add("rm-mine", backups=old, backup_policy={"data_retention_days": 30})
    before = [(told.backup_id, told.store_status) for told in sets(sdk)]
    sdk.delete_backup(models.DeleteBackupRequest(dbinstance_id="rm-mine", backup_id="1"))

    assert [("2", "Disabled"), ("1", "Enabled")] == before
    assert ["2"] == [told.backup_id for told in sets(sdk)]


@pytest.mark.parametrize(
    ("fields", "asked", "kept"),
    [
        row("cloud disks", {}, {}, ["2"]),
        row("all", LOCAL, {"released_keep_policy": "All"}, ["2", "1"]),
        row("last", LOCAL, {"released_keep_policy": LAST}, ["2"]),
        row("local disks", LOCAL, {}, []),
        row("none", {}, {"released_keep_policy": "None"}, []),
        row("by the policy", {"backup_policy": {"released_keep_policy": "All"}}, {}, ["2", "1"]),
        row("PostgreSQL", {"engine": "PostgreSQL"}, {}, []),
    ],
)
def test_released_instance_keeps_what_the_policy_says(
    emulator: Emulator,
    sdk: Sdk,
    fields: dict[str, object],
    asked: dict[str, str],
    kept: list[str],
) -> None:
    two = [{"id": "1", "started": "now-2d"}, {"id": "2", "started": "now-1d"}]
    emulator.add("rm-mine", backups=two, description="mine", **fields)
    sdk.delete_dbinstance(models.DeleteDBInstanceRequest(dbinstance_id="rm-mine", **asked))
    emulator.clock.advance(timedelta(minutes=1))
    request = models.DescribeDetachedBackupsRequest(region="cn-hangzhou", dbinstance_id="rm-mine")
    body = sdk.describe_detached_backups(request).body
    found = body.items.backup

    assert kept == [told.backup_id for told in found]
    assert str(len(kept)) == body.total_record_count
    assert {"mine"} >= {told.dbinstance_comment for told in found}


@pytest.mark.parametrize(
    "fields",
    [row("local disks", LOCAL), row("cloud disks", {}), row("pg", {"engine": "PostgreSQL"})],
)
def test_backup_policy_has_the_types_that_terraform_asserts(
    emulator: Emulator, client: Client, fields: dict[str, object]
) -> None:
    emulator.add("rm-mine", **fields)
    changed = client.call(
        "ModifyBackupPolicy",
        DBInstanceId="rm-mine",
        PreferredBackupPeriod="Tuesday,Thursday,Saturday",
        PreferredBackupTime="02:00Z-03:00Z",
        BackupRetentionPeriod="7",
        EnableBackupLog="1",
        LogBackupRetentionPeriod="7",
    )
    policy = client.call("DescribeBackupPolicy", DBInstanceId="rm-mine").body

    assert (200, "") == changed.refusal
    assert "Tuesday,Thursday,Saturday" == policy["PreferredBackupPeriod"]
    assert "1" == policy["EnableBackupLog"]
    assert (False, False) == (policy["EnableIncrementDataBackup"], policy["EnablePitrProtection"])
    for name in ("BackupRetentionPeriod", "LogBackupRetentionPeriod", "LocalLogRetentionHours"):
        assert int(policy[name]) >= 7
