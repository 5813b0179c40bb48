"""
What the reading actions answer.
"""

from datetime import timedelta

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_minutes, to_seconds
from tests.emulator.tables import cases
from tests.emulator.wire import Client


def ids(client: Client, **parameters: str) -> list[str]:
    """
    List the ids that DescribeDBInstances answers.
    """
    answer = client.call("DescribeDBInstances", **{"PageSize": "100", **parameters})
    return [one["DBInstanceId"] for one in answer.body["Items"]["DBInstance"]]


def test_regions_are_listed_with_their_zones(reader: Client) -> None:
    """
    DescribeRegions lists the zones of both regions.
    """
    entries = reader.call("DescribeRegions").body["Regions"]["RDSRegion"]

    assert {"cn-hangzhou", "cn-shanghai"} == {one["RegionId"] for one in entries}
    assert 7 == len(entries)


@cases(
    ("parameters", "expected"),
    {
        "empty region": ({"RegionId": "cn-shanghai"}, []),
        "unknown id": ({"DBInstanceId": "rm-none"}, []),
        "id": ({"DBInstanceId": "rm-demo-mysql80"}, ["rm-demo-mysql80"]),
        "status": ({"DBInstanceStatus": "TRANSING"}, ["rm-demo-migrating"]),
        "type": ({"DBInstanceType": "Guard"}, ["rm-demo-guard"]),
        "engine": ({"Engine": "MariaDB"}, ["rm-demo-mariadb106"]),
        "search": ({"SearchKey": "essd2"}, ["rm-demo-mysql80-essd2"]),
        "edition": ({"Category": "CLUSTER"}, ["rm-demo-edition-unsold"]),
        "tag": ({"Tags": '{"team": "demo"}'}, ["rm-demo-mysql80"]),
        "tag key alone": ({"Tags": '{"team": ""}'}, ["rm-demo-mysql80"]),
        "tag of another value": ({"Tags": '{"team": "other"}'}, []),
        "network": ({"VpcId": "vpc-none"}, []),
        "expired": ({"Expired": "True"}, ["rm-demo-expired", "rm-demo-locked-expired"]),
        "two filters": (
            {"PayType": "Prepaid", "Expired": "False"},
            ["rm-demo-expiring", "rm-demo-subscription"],
        ),
    },
)
def test_list_holds_what_every_filter_matches(
    reader: Client, parameters: dict[str, str], expected: list[str]
) -> None:
    """
    A list holds what every filter says yes to.
    """
    assert expected == ids(reader, **parameters)


def test_pages_by_number_and_by_token_agree(reader: Client) -> None:
    """
    Both ways of paging list every instance once and in one order.
    """
    everything = ids(reader)
    by_number = [
        one
        for number in range(1, 12)
        for one in ids(reader, PageSize="4", PageNumber=str(number))
    ]
    by_token, token = [], ""
    while True:
        answer = reader.call("DescribeDBInstances", MaxResults="4", NextToken=token)
        items = answer.body["Items"]["DBInstance"]
        by_token += [one["DBInstanceId"] for one in items]
        token = answer.body.get("NextToken", "")
        if not token:
            break

    assert everything == by_number
    assert everything == by_token
    assert len(everything) == answer.body["TotalRecordCount"]


def test_attribute_names_its_replicas(reader: Client) -> None:
    """
    A primary lists its read-only, guard and temporary instances.
    """
    answer = reader.call("DescribeDBInstanceAttribute", DBInstanceId="rm-demo-mysql80")
    (shown,) = answer.body["Items"]["DBInstanceAttribute"]
    replicas = shown["ReadOnlyDBInstanceIds"]["ReadOnlyDBInstanceId"]

    assert 4 == len(replicas)
    assert ("Running", "Unlock") == (shown["DBInstanceStatus"], shown["LockMode"])


def test_net_info_lists_one_internal_endpoint(reader: Client) -> None:
    """
    An instance has one internal endpoint, and none for read/write splitting.
    """
    name = "rm-demo-sqlserver2022"
    answer = reader.call("DescribeDBInstanceNetInfo", DBInstanceId=name).body
    (endpoint,) = answer["DBInstanceNetInfos"]["DBInstanceNetInfo"]
    split = reader.call(
        "DescribeDBInstanceNetInfo",
        DBInstanceId=name,
        DBInstanceNetRWSplitType="ReadWriteSplitting",
    ).body

    assert ("1433", f"{name}.sqlserver.rds.aliyuncs.com") == (
        endpoint["Port"],
        endpoint["ConnectionString"],
    )
    assert [] == split["DBInstanceNetInfos"]["DBInstanceNetInfo"]


def test_backups_answer_strings(reader: Client) -> None:
    """
    The envelope of DescribeBackups counts in strings, the newest set is first.
    """
    body = reader.call("DescribeBackups", DBInstanceId="rm-demo-mysql80").body

    assert ("1", "9", "9") == (
        body["PageNumber"],
        body["PageRecordCount"],
        body["TotalRecordCount"],
    )
    assert "1000000109" == body["Items"]["Backup"][0]["BackupId"]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        pytest.param({"BackupId": "1000000101"}, 1, id="id"),
        pytest.param({"BackupStatus": "Failed"}, 1, id="status"),
        pytest.param({"BackupMode": "Manual"}, 2, id="mode"),
        pytest.param({"BackupType": "IncrementalBackup"}, 0, id="type"),
        pytest.param({"PageNumber": "2"}, 0, id="second page"),
    ],
)
def test_filters_narrow_the_list_of_backups(
    reader: Client, parameters: dict[str, str], count: int
) -> None:
    """
    The filters of DescribeBackups narrow the list.
    """
    answer = reader.call(
        "DescribeBackups", DBInstanceId="rm-demo-mysql80", **parameters
    )

    assert count == len(answer.body["Items"]["Backup"])


def test_backups_of_a_range(world: Emulator, reader: Client) -> None:
    """
    StartTime and EndTime, in minutes, keep the sets that began between them.
    """
    now = world.clock.now()
    answer = reader.call(
        "DescribeBackups",
        DBInstanceId="rm-demo-mysql80",
        StartTime=to_minutes(now - timedelta(hours=31)),
        EndTime=to_minutes(now),
    )

    assert "2" == answer.body["TotalRecordCount"]


@cases(
    ("name", "expected"),
    {
        "MySQL": ("rm-demo-mysql80", ("1", "Enable", False)),
        "off": ("rm-demo-no-log-backup", ("0", "Disabled", False)),
        "5 minutes": ("rm-demo-sqlserver2022", ("1", "Enable", False)),
        "30 minutes": ("rm-demo-sqlserver2019", ("0", "Disabled", False)),
        "PostgreSQL Basic": ("rm-demo-postgresql-basic", ("0", "Disabled", False)),
        "PITR protection": ("rm-demo-pitr-protection", ("0", "Disabled", True)),
        "words": ("rm-demo-policy-words", ("True", "Enabled", False)),
    },
)
def test_backup_policy_says_on_or_off_in_words_of_its_kind(
    reader: Client, name: str, expected: tuple[str, str, bool]
) -> None:
    """
    The policy says on or off in the fields and words of its kind.
    """
    body = reader.call("DescribeBackupPolicy", DBInstanceId=name).body

    assert expected == (
        body["EnableBackupLog"],
        body["BackupLog"],
        body["EnablePitrProtection"],
    )


@pytest.mark.parametrize(
    ("on", "off"),
    [("1", "0"), ("True", "False"), ("true", "false"), ("Enable", "Disabled")],
)
def test_words_for_off_follow_those_for_on(on: str, off: str) -> None:
    """
    A seed chooses a word for on, and with it the one for off.
    """
    policy = {"enable_backup_log_on": on, "backup_log_on": on, "log_enabled": False}
    seed = {"instances": [{"id": "rm-x", "backup_policy": policy}]}
    with Emulator(seed=seed, speed=0) as emulator:
        body = Client(emulator).call("DescribeBackupPolicy", DBInstanceId="rm-x").body

    assert (off, off) == (body["EnableBackupLog"], body["BackupLog"])


def test_no_data_backup_has_no_next_one(reader: Client) -> None:
    """
    A data backup that is off has neither days nor a next time.
    """
    name = "rm-demo-no-data-backup"
    body = reader.call("DescribeBackupPolicy", DBInstanceId=name).body

    assert ("", "") == (body["PreferredBackupPeriod"], body["PreferredNextBackupTime"])


def test_pitr_protection_opens_a_window(reader: Client) -> None:
    """
    MySQL with PITR protection alone can be restored to a point in time.
    """
    name = "rm-demo-pitr-protection"
    policy = reader.call("DescribeBackupPolicy", DBInstanceId=name).body
    window = reader.call("DescribeLocalAvailableRecoveryTime", DBInstanceId=name)

    assert (7, 200) == (policy["PitrRetentionPeriod"], window.status)


def test_window_follows_the_clock(emulator: Emulator, client: Client) -> None:
    """
    The newest restorable second stays a few seconds behind now.
    """

    def end() -> str:
        answer = client.call(
            "DescribeLocalAvailableRecoveryTime", DBInstanceId="rm-demo-mysql80"
        )
        return str(answer.body["RecoveryEndTime"])

    lag = timedelta(seconds=5)
    expected = [to_seconds(emulator.clock.now() - lag)]
    seen = [end()]
    emulator.clock.advance(3600)
    expected.append(to_seconds(emulator.clock.now() - lag))
    seen.append(end())

    assert expected == seen
