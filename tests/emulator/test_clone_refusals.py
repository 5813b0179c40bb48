"""
Every refusal of CloneDBInstance, one row each.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from rds_emulator import Emulator
from rds_emulator.seeds import seed
from tests.emulator.wire import Client

SET = {"BackupId": "1000000109"}
SERVERLESS = {
    "PayType": "Serverless",
    "ServerlessConfig": '{"MinCapacity": 0.5, "MaxCapacity": 8}',
}


MIGRATING = (
    "TransingToOthers",
    "Importing",
    "ImportingFromOthers",
    "EngineVersionUpgrading",
)
POSTGRESQL = {"source": "rm-demo-postgresql16", "BackupId": "1000000203"}
MARIADB = {"source": "rm-demo-mariadb106", "BackupId": "1000000501"}


def meta(*databases: tuple[str, str, dict[str, str]]) -> str:
    """
    Write a TableMeta: for each database its name, new name, and tables with theirs.
    """
    return json.dumps(
        [
            {
                "type": "db",
                "name": name,
                "newname": new,
                "tables": [
                    {"type": "table", "name": table, "newname": renamed}
                    for table, renamed in tables.items()
                ],
            }
            for name, new, tables in databases
        ]
    )


PARTS: tuple[tuple[str, int, str, str, dict[str, str]], ...] = (
    ("unknown database", 400, "InvalidBackupSet", meta(("no", "n", {})), {}),
    ("unknown table", 400, "InvalidBackupSet", meta(("app", "a", {"no": "n"})), {}),
    *(
        (
            f"new name {new[:9]!r}",
            400,
            "InvalidTableMeta.Malformed",
            meta(("app", "a", {"orders": new})),
            {},
        )
        for new in ("1st", "a b", "a.b", "x" * 65, "_a")
    ),
    (
        "two databases of one name",
        400,
        "InvalidDBName.Duplicate",
        meta(("app", "one", {}), ("reporting", "one", {})),
        {},
    ),
    (
        "two tables of one name",
        400,
        "InvalidDBName.Duplicate",
        meta(("app", "a", {"orders": "one", "customers": "one"})),
        {},
    ),
    (
        "a new name that another keeps",
        400,
        "InvalidDBName.Duplicate",
        meta(("app", "reporting", {}), ("reporting", "", {})),
        {},
    ),
    (
        "PostgreSQL has databases only",
        400,
        "InvalidTableMeta.Malformed",
        meta(("app", "a", {"orders": "o"})),
        POSTGRESQL,
    ),
    ("MariaDB", 403, "IncorrectDBInstanceEngine", meta(("app", "a", {})), MARIADB),
    ("no list", 400, "InvalidTableMeta.Malformed", '{"type": "db"}', {}),
    (
        "tables in tables",
        400,
        "InvalidTableMeta.Malformed",
        meta(("app", "a", {"orders": "o"})).replace(
            '"newname": "o"', '"newname": "o", "tables": [{}]'
        ),
        {},
    ),
)


@dataclass(frozen=True)
class Row:
    """
    An order that differs from a good one in *order*, and its refusal.
    """

    status: int
    code: str
    order: dict[str, str]
    source: str = "rm-demo-mysql80"


def row(
    name: str, status: int, code: str, source: str = "rm-demo-mysql80", **order: str
) -> object:
    """
    Make a row; "__" in a parameter's name is a dot.
    """
    return pytest.param(Row(status, code, order, source), id=name)


def tags(count: int) -> dict[str, str]:
    """
    Make so many tags.
    """
    return {
        f"Tag__{n}__{part}": f"{part}{n}"
        for n in range(1, count + 1)
        for part in ("Key", "Value")
    }


ROWS = [
    row("no source", 400, "MissingParameter", DBInstanceId=""),
    row("no pay type", 400, "MissingParameter", PayType=""),
    row("unknown source", 404, "InvalidDBInstanceId.NotFound", source="rm-none"),
    row(
        "source in another region",
        404,
        "InvalidDBInstanceId.NotFound",
        RegionId="cn-shanghai",
    ),
    row("unknown region", 404, "InvalidRegionId.NotFound", RegionId="eu-nowhere"),
    row("odd pay type", 400, "InvalidPayType.ValueNotSupported", PayType="Free"),
    # The source.
    row("read-only", 403, "IncorrectCharacterType", source="rm-demo-readonly"),
    row("guard", 403, "IncorrectCharacterType", source="rm-demo-guard"),
    row("temporary", 403, "IncorrectCharacterType", source="rm-demo-temporary"),
    row("stopped", 403, "IncorrectDBInstanceState", source="rm-demo-stopped"),
    row("restarting", 403, "IncorrectDBInstanceState", source="rm-demo-rebooting"),
    row("migrating", 403, "IncorrectDBInstanceState", source="rm-demo-migrating"),
    *(
        row(
            f"locked: {kind}",
            403,
            "IncorrectDBInstanceLockMode",
            source=f"rm-demo-locked-{kind}",
        )
        for kind in ("manual", "expired", "restoration", "diskquota")
    ),
    row(
        "MySQL 5.7 Basic", 403, "IncorrectEngineVersion", source="rm-demo-mysql57-basic"
    ),
    row("PPAS", 403, "IncorrectDBInstanceEngine", source="rm-demo-ppas"),
    row("MySQL 5.1", 403, "IncorrectEngineVersion", source="rm-demo-version-unknown"),
    row(
        "SQL Server 2008 R2",
        403,
        "IncorrectEngineVersion",
        source="rm-demo-version-unsold",
    ),
    row("expired", 403, "IncorrectDBInstanceLockMode", source="rm-demo-expired"),
    row(
        "migration",
        403,
        "IncorrectDBInstanceState",
        source="rm-demo-sqlserver-migration",
    ),
    *(
        row(
            f"migration: {status}",
            403,
            "IncorrectDBInstanceState",
            source=f"rm-{status}",
        )
        for status in ("NoStart", "Waiting")
    ),
    *(
        row(f"status: {status}", 403, "IncorrectDBInstanceState", source=f"rm-{status}")
        for status in MIGRATING
    ),
    # The restore point.
    row("no restore point", 400, "RequiredParam.NotFound", BackupId=""),
    row(
        "two restore points",
        400,
        "InvalidParameterCombination",
        RestoreTime="2026-11-01T00:00:00Z",
    ),
    row("unknown set", 404, "InvalidBackupSetID.NotFound", BackupId="7"),
    row(
        "set of another source",
        404,
        "InvalidBackupSetID.NotFound",
        BackupId="1000000201",
    ),
    row("failed set", 403, "IncorrectBackupSetState", BackupId="1000000105"),
    row("logical set", 403, "IncorrectBackupSetMethod", BackupId="1000000108"),
    row("odd set type", 400, "InvalidBackupType.Format", BackupType="Half"),
    row(
        "set of another type",
        400,
        "InvalidBackupType.Format",
        BackupType="IncrementalBackup",
    ),
    row(
        "time without zone",
        400,
        "InvalidRestoreTime.Format",
        BackupId="",
        RestoreTime="2026-11-01 00:00:00",
    ),
    row(
        "time before the window",
        400,
        "InvalidRestoreTime.Malformed",
        BackupId="",
        RestoreTime="2020-01-01T00:00:00Z",
    ),
    row(
        "time after now",
        400,
        "InvalidRestoreTime.Malformed",
        BackupId="",
        RestoreTime="2099-01-01T00:00:00Z",
    ),
    row(
        "log backup off",
        403,
        "InvalidBackupLogStatus",
        source="rm-demo-no-log-backup",
        BackupId="",
        RestoreTime="2026-11-01T00:00:00Z",
    ),
    row(
        "no usable set",
        404,
        "InvalidBackup.NotFound",
        source="rm-demo-no-backup",
        BackupId="",
        RestoreTime="2026-11-01T00:00:00Z",
    ),
    row(
        "PostgreSQL Basic by time",
        403,
        "InvalidBackupLogStatus",
        source="rm-demo-postgresql-basic",
        BackupId="",
        RestoreTime="2026-11-01T00:00:00Z",
    ),
    row("unknown database", 400, "InvalidBackupSet", DbNames="app,nowhere"),
    *(
        row(f"tables: {name}", status, code, RestoreTable="1", TableMeta=meta, **order)
        for name, status, code, meta, order in PARTS
    ),
    row("tables without list", 400, "RequiredParam.NotFound", RestoreTable="1"),
    row("list without tables", 400, "InvalidParameterCombination", TableMeta="[]"),
    row(
        "broken table list",
        400,
        "InvalidTableMeta.Malformed",
        RestoreTable="true",
        TableMeta='[{"type": "db"}]',
    ),
    row(
        "tables out of a set that does not list them",
        403,
        "IncorrectBackupSetState",
        source="rm-large",
        BackupId="9001",
        RestoreTable="1",
        TableMeta='[{"type": "db", "name": "app"}]',
    ),
    # Class and storage.
    row(
        "class of another engine",
        400,
        "InvalidDBInstanceClass.Malformed",
        DBInstanceClass="pg.n2.medium.2c",
    ),
    row(
        "retired class",
        400,
        "InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.n1.micro.1",
    ),
    row(
        "class of local disks",
        400,
        "InvalidInstanceLevel.DiskType",
        DBInstanceClass="rds.mysql.s2.large",
    ),
    row("storage no number", 400, "InvalidStorage.Format", DBInstanceStorage="big"),
    row("storage off step", 400, "InvalidStorage.Format", DBInstanceStorage="101"),
    row(
        "storage below the source",
        400,
        "InvalidRecoveryDbInstance.StorageSize",
        DBInstanceStorage="95",
    ),
    row(
        "storage beyond a disk",
        400,
        "InvalidEssdStorageSize",
        DBInstanceStorage="70000",
    ),
    row(
        "odd storage type",
        400,
        "InvalidParameter.NotSupportDBInstanceStorageType",
        DBInstanceStorageType="tape",
    ),
    row(
        "cloud to local",
        400,
        "InvalidRecoveryDbInstance.StorageType",
        DBInstanceStorageType="local_ssd",
    ),
    row(
        "local to cloud",
        400,
        "InvalidRecoveryDbInstance.StorageType",
        source="rm-demo-mysql57-local",
        BackupId="1000000601",
        DBInstanceStorageType="cloud_essd",
    ),
    row(
        "lower performance level",
        400,
        "CannotDecreaseEssdPerfLevel",
        source="rm-demo-mysql80-essd2",
        BackupId="1000000651",
        DBInstanceStorageType="cloud_essd",
    ),
    row(
        "high level, little storage",
        400,
        "CannotDecreaseEssdPerfLevel",
        DBInstanceStorageType="cloud_essd3",
        DBInstanceStorage="500",
    ),
    row("bursting on ESSD", 400, "InvalidParameter", BurstingEnabled="true"),
    row("acceleration on ESSD", 400, "InvalidParameter", IoAccelerationEnabled="1"),
    # What is on sale.
    row(
        "class that is not sold",
        400,
        "InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.n3.medium.2c",
    ),
    row(
        "class of another edition",
        400,
        "InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.n2.medium.xc",
    ),
    row(
        "class that the zone does not sell",
        400,
        "InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.x8.8xlarge.2c",
        ZoneId="cn-hangzhou-k",
        VSwitchId="vsw-demo-k",
    ),
    row(
        "own class is retired",
        400,
        "InvalidDBInstanceClass.Offline",
        source="rm-demo-class-retired",
        BackupId="1000002201",
    ),
    row(
        "edition that the version does not have",
        400,
        "IncorrectTargetCategory",
        source="rm-demo-edition-unsold",
        BackupId="1000002101",
    ),
    row(
        "disk that the engine does not have",
        400,
        "InvalidParameter.NotSupportDBInstanceStorageType",
        source="rm-demo-mariadb106",
        BackupId="1000000501",
        DBInstanceStorageType="general_essd",
    ),
    row(
        "disk that the zone does not have",
        400,
        "InvalidAvZone.NotSupport",
        DBInstanceStorageType="cloud_essd3",
        DBInstanceStorage="1500",
        ZoneId="cn-hangzhou-k",
        VSwitchId="vsw-demo-k",
    ),
    row(
        "disk that the second zone does not have",
        400,
        "InvalidAvZone.NotSupport",
        DBInstanceStorageType="cloud_essd3",
        DBInstanceStorage="1500",
        ZoneIdSlave1="cn-hangzhou-k",
        VSwitchId="vsw-demo-h,vsw-demo-k",
    ),
    row(
        "sold-out second zone",
        403,
        "OperationDenied.ZoneResource",
        ZoneIdSlave1="cn-hangzhou-b",
    ),
    row(
        "own zone is sold out",
        403,
        "OperationDenied.ZoneResource",
        source="rm-demo-zone-sold-out",
        BackupId="1000002301",
    ),
    row(
        "storage beyond the class",
        400,
        "InvalidStorage.Format",
        source="rm-demo-mysql57-local",
        BackupId="1000000601",
        DBInstanceStorage="3005",
    ),
    # Edition and zones.
    row("odd edition", 400, "InvalidParameter", Category="Deluxe"),
    row(
        "edition of another engine", 400, "IncorrectTargetCategory", Category="AlwaysOn"
    ),
    row("odd zone", 400, "InvalidAvZone.Format", ZoneId="the moon"),
    row(
        "multi-zone area",
        400,
        "InvalidAvZone.NotSupport",
        ZoneId="cn-hangzhou-MAZ1(a,b)",
    ),
    row(
        "two zones for Basic",
        400,
        "ZoneId.NotMatchWithCategory",
        Category="Basic",
        ZoneId="cn-hangzhou-h",
        ZoneIdSlave1="cn-hangzhou-i",
    ),
    row(
        "third zone without second",
        400,
        "ZoneId.NotMatchWithCategory",
        ZoneIdSlave2="cn-hangzhou-i",
    ),
    row("sold-out zone", 403, "OperationDenied.ZoneResource", ZoneId="cn-hangzhou-b"),
    row(
        "dedicated hosts",
        400,
        "CDDC.AvailableHostsNotEnoughInZone",
        DedicatedHostGroupId="dhg-1",
    ),
    # The network.
    row(
        "odd network",
        400,
        "InvalidInstanceNetworkType.ValueNotSupported",
        InstanceNetworkType="Mesh",
    ),
    row(
        "classic network",
        400,
        "InvalidParam.InstanceNetworkType",
        InstanceNetworkType="Classic",
    ),
    row("unknown VPC", 400, "InvalidVPCId.NotFound", VPCId="vpc-none"),
    row(
        "classic source",
        400,
        "InvalidParam.InstanceNetworkType",
        source="rm-demo-classic",
        BackupId="1000002401",
    ),
    row(
        "classic source without vSwitch",
        400,
        "InvalidVSwitchId.NotFound",
        source="rm-demo-classic",
        BackupId="1000002401",
        InstanceNetworkType="VPC",
        VPCId="vpc-demo",
    ),
    row(
        "another VPC with the source's vSwitch",
        400,
        "InvalidVSwitchId.NotFound",
        VPCId="vpc-demo-other",
    ),
    row("odd vSwitch", 400, "InvalidVSwitchId.Format", VSwitchId="switch"),
    row(
        "vSwitch of another VPC",
        400,
        "InvalidVSwitchId.NotFound",
        VSwitchId="vsw-demo-other-h",
    ),
    row(
        "vSwitch of another zone",
        400,
        "InvalidVSwitchId.Mismatch",
        VSwitchId="vsw-demo-j",
    ),
    row(
        "other zone without vSwitch",
        400,
        "InvalidVSwitchId.Mismatch",
        ZoneId="cn-hangzhou-j",
    ),
    row(
        "one vSwitch for two zones",
        400,
        "InvalidVSwitchId.Mismatch",
        ZoneId="cn-hangzhou-h",
        ZoneIdSlave1="cn-hangzhou-i",
        VSwitchId="vsw-demo-h",
    ),
    row("full vSwitch", 400, "VswitchIpExhausted", VSwitchId="vsw-demo-full"),
    row(
        "odd address", 400, "InvalidPrivateIpAddress.Format", PrivateIpAddress="10.0.0"
    ),
    row(
        "address elsewhere",
        400,
        "InvalidPrivateIpAddress.Mismatch",
        PrivateIpAddress="10.0.1.5",
    ),
    row(
        "address taken", 400, "InvalidIPAddress.Conflict", PrivateIpAddress="10.0.0.11"
    ),
    *(
        row(
            f"reserved address {address}",
            400,
            "InvalidPrivateIpAddress.AlreadyUsed",
            PrivateIpAddress=address,
        )
        for address in ("10.0.0.0", "10.0.0.253", "10.0.0.254", "10.0.0.255")
    ),
    row(
        "vSwitch whose addresses are taken",
        400,
        "VswitchIpExhausted",
        source="rm-crowded",
        BackupId="9201",
        RegionId="cn-narrow",
    ),
    # Payment.
    row("subscription, no period", 400, "RequiredParam.NotFound", PayType="Prepaid"),
    row(
        "odd period",
        400,
        "Order.PeriodInvalid",
        PayType="Prepaid",
        Period="Week",
        UsedTime="1",
    ),
    row(
        "ten months",
        400,
        "InvalidUsedTime",
        PayType="Prepaid",
        Period="Month",
        UsedTime="10",
    ),
    row(
        "protected subscription",
        400,
        "InvalidDeletionProtection.ValueNotSupported",
        PayType="Prepaid",
        Period="Month",
        UsedTime="1",
        DeletionProtection="true",
    ),
    row("protection maybe", 400, "InvalidParameter", DeletionProtection="maybe"),
    row("serverless, no range", 400, "RequiredParam.NotFound", PayType="Serverless"),
    row(
        "range without serverless",
        400,
        "InvalidParameterCombination",
        ServerlessConfig="{}",
    ),
    row(
        "range upside down",
        400,
        "InvalidServerlessConfig.Malformed",
        PayType="Serverless",
        ServerlessConfig='{"MinCapacity": 8, "MaxCapacity": 1}',
    ),
    *(
        row(
            f"range of {engine}: {range_}",
            400,
            "InvalidServerlessConfig.Malformed",
            source=f"rm-demo-{source}",
            **{**SERVERLESS, "BackupId": backup, "ServerlessConfig": range_},
        )
        for engine, source, backup, ranges in (
            (
                "MySQL",
                "mysql80",
                "1000000109",
                (
                    '{"MinCapacity": 0.25, "MaxCapacity": 8}',
                    '{"MinCapacity": 0.5, "MaxCapacity": 0.5}',
                    '{"MinCapacity": 0.75, "MaxCapacity": 8}',
                    '{"MinCapacity": 0.5, "MaxCapacity": 7.5}',
                    '{"MinCapacity": 0.5, "MaxCapacity": 33}',
                ),
            ),
            (
                "PostgreSQL",
                "postgresql16",
                "1000000203",
                ('{"MinCapacity": 0.5, "MaxCapacity": 15}',),
            ),
            (
                "SQL Server",
                "sqlserver2019",
                "1000000401",
                (
                    '{"MinCapacity": 2.5, "MaxCapacity": 8}',
                    '{"MinCapacity": 2, "MaxCapacity": 17}',
                    '{"MinCapacity": 2, "MaxCapacity": 8, "AutoPause": false}',
                ),
            ),
        )
        for range_ in ranges
    ),
    row(
        "range no JSON",
        400,
        "InvalidServerlessConfig.Malformed",
        PayType="Serverless",
        ServerlessConfig="a lot",
    ),
    row(
        "serverless MariaDB",
        400,
        "InvalidPayType.ValueNotSupported",
        source="rm-demo-mariadb106",
        **{**SERVERLESS, "BackupId": "1000000501"},
    ),
    row(
        "serverless in an ordinary edition",
        400,
        "IncorrectTargetCategory",
        **SERVERLESS,
        Category="Basic",
    ),
    row(
        "serverless with an ordinary class",
        400,
        "IncorrectTargetClasscode",
        **SERVERLESS,
        DBInstanceClass="mysql.n2.medium.2c",
    ),
    row(
        "serverless on PL2",
        400,
        "InvalidParameter.NotSupportDBInstanceStorageType",
        **SERVERLESS,
        DBInstanceStorageType="cloud_essd2",
    ),
    # Names.
    row(
        "description with a digit first",
        400,
        "InvalidDBInstanceDescription.Format",
        DBInstanceDescription="1st",
    ),
    row(
        "description of one letter",
        400,
        "InvalidDBInstanceDescription.Format",
        DBInstanceDescription="a",
    ),
    row(
        "description too long",
        400,
        "InvalidDBInstanceDescription.Format",
        DBInstanceDescription="a" * 256,
    ),
    row("21 tags", 400, "NumberExceed.Tags", **tags(21)),
    row(
        "the same key twice",
        400,
        "Duplicate.TagKey",
        **{**tags(2), "Tag__2__Key": "Key1"},
    ),
    row("tag without key", 400, "InvalidTagKey.Malformed", Tag__1__Value="v"),
    row("tag without value", 400, "InvalidTagValue.Malformed", Tag__1__Key="k"),
    row(
        "system tag",
        400,
        "NoPermission.SystemTag",
        Tag__1__Key="acs:x",
        Tag__1__Value="v",
    ),
    row(
        "long tag key",
        400,
        "InvalidParameter.TagKey",
        Tag__1__Key="k" * 65,
        Tag__1__Value="v",
    ),
    row(
        "long tag value",
        400,
        "InvalidParameter.TagValue",
        Tag__1__Key="k",
        Tag__1__Value="v" * 129,
    ),
    row("long token", 400, "InvalidClientToken.Malformed", ClientToken="t" * 65),
    row("token not ASCII", 400, "InvalidClientToken.Malformed", ClientToken="tök"),
    row(
        "region full",
        403,
        "QuotaExceeded.CreateInstance",
        source="rm-alone",
        RegionId="cn-tiny",
        BackupId="9101",
    ),
]


@pytest.fixture(scope="module")
def world() -> Iterator[Emulator]:
    """
    Run the demo with a full region and a set that does not list its tables.
    """
    entries = seed.demo()
    regions = json.loads(json.dumps(entries["regions"]))
    tiny = {"id": "cn-tiny", "zones": ["cn-tiny-a", "cn-tiny-b"], "instance_quota": 1}
    vswitch = {"id": "vsw-narrow", "zone": "cn-narrow-a", "cidr": "10.9.0.0/29"}
    narrow = {
        "id": "cn-narrow",
        "zones": ["cn-narrow-a", "cn-narrow-b"],
        "vpcs": [{"id": "vpc-narrow", "vswitches": [vswitch]}],
    }
    regions += [tiny, narrow]
    with Emulator(seed={**entries, "regions": regions}, speed=0) as running:
        for status in MIGRATING:
            running.add(f"rm-{status}", status=status)
        for status in ("NoStart", "Waiting"):
            task = {"task_id": "1", "created": "now-1h", "status": status}
            running.add(f"rm-{status}", engine="SQLServer", migrations=[task])
        for name in ("rm-crowded", "rm-narrow-2", "rm-narrow-3", "rm-narrow-4"):
            running.add(
                name, region="cn-narrow", backups=[{"id": "9201", "started": "now-1d"}]
            )
        large = {"id": "9001", "started": "now-1d", "meta_status": "LARGE"}
        running.add("rm-large", backups=[large])
        running.add(
            "rm-alone", region="cn-tiny", backups=[{"id": "9101", "started": "now-1d"}]
        )
        yield running


@pytest.mark.parametrize("case", ROWS)
def test_refuses(world: Emulator, case: Row) -> None:
    """
    A faulty order is refused with its code, and nothing is made.
    """
    before = world.instances()
    order = {"DBInstanceId": case.source, "PayType": "Postpaid", **SET, **case.order}

    answer = Client(world).call("CloneDBInstance", **order)

    assert (case.status, case.code) == answer.refusal
    assert before == world.instances()
