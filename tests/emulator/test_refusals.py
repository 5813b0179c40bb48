"""
Every request that the emulator refuses: one row each, with status and code.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from rds_emulator import Emulator
from rds_emulator.seeds import seed
from tests.emulator.wire import Client

MIGRATING = ("TransingToOthers", "Importing", "ImportingFromOthers", "EngineVersionUpgrading")
UNFINISHED = ("NoStart", "Waiting")

# Requests that are in order.
DEMO = {"DBInstanceId": "rm-demo-mysql80"}
MINE = {"DBInstanceId": "rm-mine"}
SQL_SERVER_DEMO = {"DBInstanceId": "rm-demo-sqlserver2022"}
NOVEMBER = {"StartTime": "2026-11-10T00:00Z", "EndTime": "2026-11-10T12:00Z"}
NAMED = {"ResourceType": "INSTANCE", "ResourceId__1": "rm-demo-mysql80"}

# Fields of an instance.
LOCAL_DISK = {"storage_type": "local_ssd", "instance_class": "rds.mysql.s2.large"}
LISTED = {**LOCAL_DISK, "backups": [{"id": "1", "started": "now-2d"}]}
LOCKED = {"lock_mode": "ManualLock"}
STOPPED = {"status": "Stopped"}
MARIADB = {"engine": "MariaDB"}
POSTGRESQL = {"engine": "PostgreSQL"}
PPAS = {"engine": "PPAS"}
SQL_SERVER = {"engine": "SQLServer"}
SERVERLESS = {
    "category": "serverless_standard",
    "pay_type": "Serverless",
    "serverless": {"min_capacity": 1, "max_capacity": 4, "auto_pause": True},
}
SUBSCRIPTION = {"pay_type": "Prepaid", "expires": "now+30d"}
WITH_SSL = {**POSTGRESQL, "ssl": {"connection_string": "rm-mine.pg.rds.aliyuncs.com"}}


@dataclass(frozen=True)
class Row:
    """
    What differs from a request in order, and how it is refused.

    With *fields* the request is about an instance of its own that has them.
    """

    name: str
    refusal: str
    fields: Mapping[str, object] | None
    parameters: Mapping[str, str]


def row(
    name: str, refusal: str, fields: Mapping[str, object] | None = None, /, **parameters: str
) -> Row:
    """
    Return a row; "__" in a parameter's name is a dot.
    """
    return Row(name, refusal, fields, parameters)


def refused(action: str, request: Mapping[str, str], *rows: Row) -> list[object]:
    """
    Return the cases of *action*: *request* is in order, each row is not.
    """
    return [
        pytest.param(action, {**request, **case.parameters}, case, id=f"{action}: {case.name}")
        for case in rows
    ]


def encrypted(instance_id: str, kind: str) -> dict[str, str]:
    host = f"{instance_id}.{kind}.rds.aliyuncs.com"
    return {"DBInstanceId": instance_id, "ConnectionString": host, "SSLEnabled": "1"}


def hba_item(number: int) -> dict[str, str]:
    item = {
        "Type": "hostssl",
        "Database": "app,reporting",
        "PriorityId": "5",
        "Address": "10.0.0.1",
        "Mask": "32",
        "User": "ldapuser",
        "Method": "ldap",
        "Option": "ldapserver=10.0.0.2",
    }
    return {f"HbaItem__{number}__{name}": value for name, value in item.items()}


def meta(*databases: tuple[str, str, dict[str, str]]) -> str:
    """
    Return a TableMeta: of each database its name, new name, and tables with theirs.
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


def rcu(least: float, most: float) -> dict[str, str]:
    config = {"MinCapacity": least, "MaxCapacity": most}
    return {"PayType": "Serverless", "ServerlessConfig": json.dumps(config)}


def tags(count: int) -> dict[str, str]:
    return {
        f"Tag__{n}__{part}": f"{part}{n}" for n in range(1, count + 1) for part in ("Key", "Value")
    }


NESTED = meta(("app", "a", {"orders": "o"})).replace("}]}", ', "tables": [{}]}]}')
REFUSALS: list[object] = []

# A row is a line or two.
# fmt: off
COMMODITIES = (
    row("odd commodity", "400 InvalidCommodityCode.Malformed", CommodityCode="apples"),
    row("other site", "400 InvalidCommodityCode.Malformed", CommodityCode="bards_intl"),
    row("read-only", "501 EmulatorNotImplemented", CommodityCode="rords"),
)
NOBODY = (
    row("no account", "400 MissingParameter", AccountName=""),
    row("unknown account", "404 InvalidAccountName.NotFound", AccountName="nobody"),
)
PASSWORDS = (
    row("no password", "400 MissingParameter", AccountPassword=""),
    row("password of seven", "400 InvalidAccountPassword.Format", AccountPassword="Short-1"),
    row("password of 33", "400 InvalidAccountPassword.Format", AccountPassword="A-1" + "x" * 30),
    row("password of two kinds", "400 InvalidAccountPassword.Format", AccountPassword="only-lower"),
    row("password with a space", "400 InvalidAccountPassword.Format",
        AccountPassword="Space 2026-"),
)
RANGES = (
    row("no start", "400 MissingParameter", StartTime=""),
    row("no end", "400 MissingParameter", EndTime=""),
    row("start with seconds", "400 InvalidStartTime.Format", StartTime="2026-11-10T10:02:00Z"),
    row("end before start", "400 InvalidParameterCombination", EndTime="2026-11-01T00:00Z"),
    row("large page", "403 InvalidMaxRecordsPerPage.Malformed", PageSize="101"),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
)
UNAVAILABLE = (
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
    row("restarting", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-rebooting"),
    row("locked", "403 IncorrectDBInstanceLockMode", DBInstanceId="rm-demo-locked-manual"),
)

REFUSALS += refused("CloneDBInstance",
    DEMO | {"PayType": "Postpaid", "BackupId": "1000000109"},
    row("no source", "400 MissingParameter", DBInstanceId=""),
    row("no pay type", "400 MissingParameter", PayType=""),
    row("unknown source", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("source in another region", "404 InvalidDBInstanceId.NotFound", RegionId="cn-shanghai"),
    row("unknown region", "404 InvalidRegionId.NotFound", RegionId="eu-nowhere"),
    row("odd pay type", "400 InvalidPayType.ValueNotSupported", PayType="Free"),
    # The source.
    row("read-only", "403 IncorrectCharacterType", DBInstanceId="rm-demo-readonly"),
    row("guard", "403 IncorrectCharacterType", DBInstanceId="rm-demo-guard"),
    row("temporary", "403 IncorrectCharacterType", DBInstanceId="rm-demo-temporary"),
    row("stopped", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-stopped"),
    row("restarting", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-rebooting"),
    row("migrating", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-migrating"),
    *(row(f"locked: {kind}", "403 IncorrectDBInstanceLockMode",
          DBInstanceId=f"rm-demo-locked-{kind}")
      for kind in ("manual", "expired", "restoration", "diskquota")),
    row("MySQL 5.7 Basic", "403 IncorrectEngineVersion", DBInstanceId="rm-demo-mysql57-basic"),
    row("PPAS", "403 IncorrectDBInstanceEngine", DBInstanceId="rm-demo-ppas"),
    row("MySQL 5.1", "403 IncorrectEngineVersion", DBInstanceId="rm-demo-version-unknown"),
    row("SQL Server 2008 R2", "403 IncorrectEngineVersion", DBInstanceId="rm-demo-version-unsold"),
    row("expired", "403 IncorrectDBInstanceLockMode", DBInstanceId="rm-demo-expired"),
    row("migration", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-sqlserver-migration"),
    *(row(f"status: {status}", "403 IncorrectDBInstanceState", DBInstanceId=f"rm-{status}")
      for status in (*UNFINISHED, *MIGRATING)),
    # The restore point.
    row("no restore point", "400 RequiredParam.NotFound", BackupId=""),
    row("two restore points", "400 InvalidParameterCombination",
        RestoreTime="2026-11-01T00:00:00Z"),
    row("unknown set", "404 InvalidBackupSetID.NotFound", BackupId="7"),
    row("set of another source", "404 InvalidBackupSetID.NotFound", BackupId="1000000201"),
    row("failed set", "403 IncorrectBackupSetState", BackupId="1000000105"),
    row("logical set", "403 IncorrectBackupSetMethod", BackupId="1000000108"),
    row("odd set type", "400 InvalidBackupType.Format", BackupType="Half"),
    row("set of another type", "400 InvalidBackupType.Format", BackupType="IncrementalBackup"),
    row("time without zone", "400 InvalidRestoreTime.Format", BackupId="",
        RestoreTime="2026-11-01 00:00:00"),
    row("time before the window", "400 InvalidRestoreTime.Malformed", BackupId="",
        RestoreTime="2020-01-01T00:00:00Z"),
    row("time after now", "400 InvalidRestoreTime.Malformed", BackupId="",
        RestoreTime="2099-01-01T00:00:00Z"),
    row("log backup off", "403 InvalidBackupLogStatus", DBInstanceId="rm-demo-no-log-backup",
        BackupId="", RestoreTime="2026-11-01T00:00:00Z"),
    row("no usable set", "404 InvalidBackup.NotFound", DBInstanceId="rm-demo-no-backup",
        BackupId="", RestoreTime="2026-11-01T00:00:00Z"),
    row("PostgreSQL Basic by time", "403 InvalidBackupLogStatus",
        DBInstanceId="rm-demo-postgresql-basic", BackupId="", RestoreTime="2026-11-01T00:00:00Z"),
    row("unknown database", "400 InvalidBackupSet", DbNames="app,nowhere"),
    row("tables: unknown database", "400 InvalidBackupSet", RestoreTable="1",
        TableMeta=meta(("no", "n", {}))),
    row("tables: unknown table", "400 InvalidBackupSet", RestoreTable="1",
        TableMeta=meta(("app", "a", {"no": "n"}))),
    *(row(f"tables: new name {new[:9]}", "400 InvalidTableMeta.Malformed", RestoreTable="1",
          TableMeta=meta(("app", "a", {"orders": new})))
      for new in ("1st", "a b", "a.b", "x" * 65, "_a")),
    row("tables: two databases of one name", "400 InvalidDBName.Duplicate", RestoreTable="1",
        TableMeta=meta(("app", "one", {}), ("reporting", "one", {}))),
    row("tables: two tables of one name", "400 InvalidDBName.Duplicate", RestoreTable="1",
        TableMeta=meta(("app", "a", {"orders": "one", "customers": "one"}))),
    row("tables: a new name that another keeps", "400 InvalidDBName.Duplicate", RestoreTable="1",
        TableMeta=meta(("app", "reporting", {}), ("reporting", "", {}))),
    row("tables: PostgreSQL has databases only", "400 InvalidTableMeta.Malformed",
        DBInstanceId="rm-demo-postgresql16", BackupId="1000000203", RestoreTable="1",
        TableMeta=meta(("app", "a", {"orders": "o"}))),
    row("tables: MariaDB", "403 IncorrectDBInstanceEngine", DBInstanceId="rm-demo-mariadb106",
        BackupId="1000000501", RestoreTable="1", TableMeta=meta(("app", "a", {}))),
    row("tables: no list", "400 InvalidTableMeta.Malformed", RestoreTable="1",
        TableMeta='{"type": "db"}'),
    row("tables: tables in tables", "400 InvalidTableMeta.Malformed", RestoreTable="1",
        TableMeta=NESTED),
    row("tables without list", "400 RequiredParam.NotFound", RestoreTable="1"),
    row("list without tables", "400 InvalidParameterCombination", TableMeta="[]"),
    row("broken table list", "400 InvalidTableMeta.Malformed", RestoreTable="true",
        TableMeta='[{"type": "db"}]'),
    row("tables out of a set that does not list them", "403 IncorrectBackupSetState",
        DBInstanceId="rm-large", BackupId="9001", RestoreTable="1",
        TableMeta='[{"type": "db", "name": "app"}]'),
    # Class and storage.
    row("class of another engine", "400 InvalidDBInstanceClass.Malformed",
        DBInstanceClass="pg.n2.medium.2c"),
    row("retired class", "400 InvalidDBInstanceClass.Offline", DBInstanceClass="mysql.n1.micro.1"),
    row("class of local disks", "400 InvalidInstanceLevel.DiskType",
        DBInstanceClass="rds.mysql.s2.large"),
    row("storage no number", "400 InvalidStorage.Format", DBInstanceStorage="big"),
    row("storage off step", "400 InvalidStorage.Format", DBInstanceStorage="101"),
    row("storage below the source", "400 InvalidRecoveryDbInstance.StorageSize",
        DBInstanceStorage="95"),
    row("storage beyond a disk", "400 InvalidEssdStorageSize", DBInstanceStorage="70000"),
    row("odd storage type", "400 InvalidParameter.NotSupportDBInstanceStorageType",
        DBInstanceStorageType="tape"),
    row("cloud to local", "400 InvalidRecoveryDbInstance.StorageType",
        DBInstanceStorageType="local_ssd"),
    row("local to cloud", "400 InvalidRecoveryDbInstance.StorageType",
        DBInstanceId="rm-demo-mysql57-local", BackupId="1000000601",
        DBInstanceStorageType="cloud_essd"),
    row("lower performance level", "400 CannotDecreaseEssdPerfLevel",
        DBInstanceId="rm-demo-mysql80-essd2", BackupId="1000000651",
        DBInstanceStorageType="cloud_essd"),
    row("high level, little storage", "400 CannotDecreaseEssdPerfLevel",
        DBInstanceStorageType="cloud_essd3", DBInstanceStorage="500"),
    row("bursting on ESSD", "400 InvalidParameter", BurstingEnabled="true"),
    row("acceleration on ESSD", "400 InvalidParameter", IoAccelerationEnabled="1"),
    # What is on sale.
    row("class that is not sold", "400 InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.n3.medium.2c"),
    row("class of another edition", "400 InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.n2.medium.xc"),
    row("class that the zone does not sell", "400 InvalidDBInstanceClass.Offline",
        DBInstanceClass="mysql.x8.8xlarge.2c", ZoneId="cn-hangzhou-k", VSwitchId="vsw-demo-k"),
    row("own class is retired", "400 InvalidDBInstanceClass.Offline",
        DBInstanceId="rm-demo-class-retired", BackupId="1000002201"),
    row("edition that the version does not have", "400 IncorrectTargetCategory",
        DBInstanceId="rm-demo-edition-unsold", BackupId="1000002101"),
    row("disk that the engine does not have",
        "400 InvalidParameter.NotSupportDBInstanceStorageType", DBInstanceId="rm-demo-mariadb106",
        BackupId="1000000501", DBInstanceStorageType="general_essd"),
    row("disk that the zone does not have", "400 InvalidAvZone.NotSupport",
        DBInstanceStorageType="cloud_essd3", DBInstanceStorage="1500", ZoneId="cn-hangzhou-k",
        VSwitchId="vsw-demo-k"),
    row("disk that the second zone does not have", "400 InvalidAvZone.NotSupport",
        DBInstanceStorageType="cloud_essd3", DBInstanceStorage="1500", ZoneIdSlave1="cn-hangzhou-k",
        VSwitchId="vsw-demo-h,vsw-demo-k"),
    row("sold-out second zone", "403 OperationDenied.ZoneResource", ZoneIdSlave1="cn-hangzhou-b"),
    row("own zone is sold out", "403 OperationDenied.ZoneResource",
        DBInstanceId="rm-demo-zone-sold-out", BackupId="1000002301"),
    row("storage beyond the class", "400 InvalidStorage.Format",
        DBInstanceId="rm-demo-mysql57-local", BackupId="1000000601", DBInstanceStorage="3005"),
    # Edition and zones.
    row("odd edition", "400 InvalidParameter", Category="Deluxe"),
    row("edition of another engine", "400 IncorrectTargetCategory", Category="AlwaysOn"),
    row("odd zone", "400 InvalidAvZone.Format", ZoneId="the moon"),
    row("multi-zone area", "400 InvalidAvZone.NotSupport", ZoneId="cn-hangzhou-MAZ1(a,b)"),
    row("two zones for Basic", "400 ZoneId.NotMatchWithCategory", Category="Basic",
        ZoneId="cn-hangzhou-h", ZoneIdSlave1="cn-hangzhou-i"),
    row("third zone without second", "400 ZoneId.NotMatchWithCategory",
        ZoneIdSlave2="cn-hangzhou-i"),
    row("sold-out zone", "403 OperationDenied.ZoneResource", ZoneId="cn-hangzhou-b"),
    row("dedicated hosts", "400 CDDC.AvailableHostsNotEnoughInZone", DedicatedHostGroupId="dhg-1"),
    # The network.
    row("odd network", "400 InvalidInstanceNetworkType.ValueNotSupported",
        InstanceNetworkType="Mesh"),
    row("classic network", "400 InvalidParam.InstanceNetworkType", InstanceNetworkType="Classic"),
    row("unknown VPC", "400 InvalidVPCId.NotFound", VPCId="vpc-none"),
    row("classic source", "400 InvalidParam.InstanceNetworkType", DBInstanceId="rm-demo-classic",
        BackupId="1000002401"),
    row("classic source without vSwitch", "400 InvalidVSwitchId.NotFound",
        DBInstanceId="rm-demo-classic", BackupId="1000002401", InstanceNetworkType="VPC",
        VPCId="vpc-demo"),
    row("another VPC with the source's vSwitch", "400 InvalidVSwitchId.NotFound",
        VPCId="vpc-demo-other"),
    row("odd vSwitch", "400 InvalidVSwitchId.Format", VSwitchId="switch"),
    row("vSwitch of another VPC", "400 InvalidVSwitchId.NotFound", VSwitchId="vsw-demo-other-h"),
    row("vSwitch of another zone", "400 InvalidVSwitchId.Mismatch", VSwitchId="vsw-demo-j"),
    row("other zone without vSwitch", "400 InvalidVSwitchId.Mismatch", ZoneId="cn-hangzhou-j"),
    row("one vSwitch for two zones", "400 InvalidVSwitchId.Mismatch", ZoneId="cn-hangzhou-h",
        ZoneIdSlave1="cn-hangzhou-i", VSwitchId="vsw-demo-h"),
    row("full vSwitch", "400 VswitchIpExhausted", VSwitchId="vsw-demo-full"),
    row("odd address", "400 InvalidPrivateIpAddress.Format", PrivateIpAddress="10.0.0"),
    row("address elsewhere", "400 InvalidPrivateIpAddress.Mismatch", PrivateIpAddress="10.0.1.5"),
    row("address taken", "400 InvalidIPAddress.Conflict", PrivateIpAddress="10.0.0.11"),
    *(row(f"reserved address {address}", "400 InvalidPrivateIpAddress.AlreadyUsed",
          PrivateIpAddress=address)
      for address in ("10.0.0.0", "10.0.0.253", "10.0.0.254", "10.0.0.255")),
    row("vSwitch whose addresses are taken", "400 VswitchIpExhausted", DBInstanceId="rm-crowded",
        BackupId="9201", RegionId="cn-narrow"),
    # Payment.
    row("subscription, no period", "400 RequiredParam.NotFound", PayType="Prepaid"),
    row("odd period", "400 Order.PeriodInvalid", PayType="Prepaid", Period="Week", UsedTime="1"),
    row("ten months", "400 InvalidUsedTime", PayType="Prepaid", Period="Month", UsedTime="10"),
    row("protected subscription", "400 InvalidDeletionProtection.ValueNotSupported",
        PayType="Prepaid", Period="Month", UsedTime="1", DeletionProtection="true"),
    row("protection maybe", "400 InvalidParameter", DeletionProtection="maybe"),
    row("serverless, no range", "400 RequiredParam.NotFound", PayType="Serverless"),
    row("range without serverless", "400 InvalidParameterCombination", ServerlessConfig="{}"),
    row("range upside down", "400 InvalidServerlessConfig.Malformed", **rcu(8, 1)),
    *(row(f"range of MySQL: {least} to {most}", "400 InvalidServerlessConfig.Malformed",
          **rcu(least, most))
      for least, most in ((0.25, 8), (0.5, 0.5), (0.75, 8), (0.5, 7.5), (0.5, 33))),
    row("range of PostgreSQL: 0.5 to 15", "400 InvalidServerlessConfig.Malformed",
        DBInstanceId="rm-demo-postgresql16", BackupId="1000000203", **rcu(0.5, 15)),
    row("range of SQL Server: 2.5 to 8", "400 InvalidServerlessConfig.Malformed",
        DBInstanceId="rm-demo-sqlserver2019", BackupId="1000000401", **rcu(2.5, 8)),
    row("range of SQL Server: 2 to 17", "400 InvalidServerlessConfig.Malformed",
        DBInstanceId="rm-demo-sqlserver2019", BackupId="1000000401", **rcu(2, 17)),
    row("range of SQL Server that pauses", "400 InvalidServerlessConfig.Malformed",
        DBInstanceId="rm-demo-sqlserver2019", PayType="Serverless", BackupId="1000000401",
        ServerlessConfig='{"MinCapacity": 2, "MaxCapacity": 8, "AutoPause": false}'),
    row("range no JSON", "400 InvalidServerlessConfig.Malformed", PayType="Serverless",
        ServerlessConfig="a lot"),
    row("serverless MariaDB", "400 InvalidPayType.ValueNotSupported",
        DBInstanceId="rm-demo-mariadb106", BackupId="1000000501", **rcu(0.5, 8)),
    row("serverless in an ordinary edition", "400 IncorrectTargetCategory", Category="Basic",
        **rcu(0.5, 8)),
    row("serverless with an ordinary class", "400 IncorrectTargetClasscode",
        DBInstanceClass="mysql.n2.medium.2c", **rcu(0.5, 8)),
    row("serverless on PL2", "400 InvalidParameter.NotSupportDBInstanceStorageType",
        DBInstanceStorageType="cloud_essd2", **rcu(0.5, 8)),
    # Names.
    row("description with a digit first", "400 InvalidDBInstanceDescription.Format",
        DBInstanceDescription="1st"),
    row("description of one letter", "400 InvalidDBInstanceDescription.Format",
        DBInstanceDescription="a"),
    row("description too long", "400 InvalidDBInstanceDescription.Format",
        DBInstanceDescription="a" * 256),
    row("21 tags", "400 NumberExceed.Tags", **tags(21)),
    row("the same key twice", "400 Duplicate.TagKey", **{**tags(2), "Tag__2__Key": "Key1"}),
    row("tag without key", "400 InvalidTagKey.Malformed", Tag__1__Value="v"),
    row("tag without value", "400 InvalidTagValue.Malformed", Tag__1__Key="k"),
    row("system tag", "400 NoPermission.SystemTag", Tag__1__Key="acs:x", Tag__1__Value="v"),
    row("long tag key", "400 InvalidParameter.TagKey", Tag__1__Key="k" * 65, Tag__1__Value="v"),
    row("long tag value", "400 InvalidParameter.TagValue", Tag__1__Key="k",
        Tag__1__Value="v" * 129),
    row("long token", "400 InvalidClientToken.Malformed", ClientToken="t" * 65),
    row("token not ASCII", "400 InvalidClientToken.Malformed", ClientToken="tök"),
    row("region full", "403 QuotaExceeded.CreateInstance", DBInstanceId="rm-alone", BackupId="9101",
        RegionId="cn-tiny"),
)
REFUSALS += refused("ModifyDBInstanceSpec", MINE,
    row("no change", "400 RequiredParam.NotFound", BurstingEnabled="true"),
    row("rebooting", "403 IncorrectDBInstanceState", {"status": "Rebooting"},
        DBInstanceClass="mysql.n4.large.2c"),
    row("locked", "403 OperationDenied.LockMode", LOCKED, DBInstanceStorage="200"),
    row("another billing method", "400 DBInstancePayTypeNotSupport",
        DBInstanceClass="mysql.n4.large.2c", PayType="Prepaid"),
    row("unknown class", "400 InvalidDBInstanceClass.NotFound", DBInstanceClass="mysql.n9.huge.2c"),
    row("class of another engine", "400 InvalidDBInstanceClass.NotFound",
        DBInstanceClass="pg.n2.large.2c"),
    row("class of another edition", "400 InvalidTargetCategory",
        DBInstanceClass="mysql.n4.large.1"),
    row("class of another disk", "400 InvalidInstanceLevel.DiskType",
        DBInstanceClass="rds.mysql.s2.large"),
    row("retired class", "400 InvalidDBInstanceClass.Offline", DBInstanceClass="mysql.n1.micro.1"),
    row("sold-out zone", "403 OperationDenied.ZoneResource", {"zones": ["cn-hangzhou-b"]},
        DBInstanceClass="mysql.n4.large.2c"),
    row("less storage", "400 UnsupportedReduceDiskSize", DBInstanceStorage="95"),
    row("less local storage", "400 NotSupportReduceDiskSize", LOCAL_DISK, DBInstanceStorage="95"),
    row("storage off step", "400 InvalidEssdStorageSize", DBInstanceStorage="102"),
    row("beyond the range", "400 InvalidEssdStorageSize", DBInstanceStorage="64005"),
    row("beyond the range of an SSD", "400 OperationDenied.InvalidStorageSize",
        {"storage_type": "cloud_ssd"}, DBInstanceStorage="64005"),
    row("no number", "400 InvalidParameter", DBInstanceStorage="many"),
    row("a slower disk", "400 CannotDecreaseEssdPerfLevel",
        {"storage_type": "cloud_essd2", "storage_gb": 500}, DBInstanceStorageType="cloud_essd"),
    row("too little for the disk", "400 InvalidEssdStorageSize",
        DBInstanceStorageType="cloud_essd2"),
    row("unknown disk", "400 InvalidDBInstanceStorageType", DBInstanceStorageType="cloud_essd9"),
    row("cloud to local", "400 IncorrectStorageType", DBInstanceStorageType="local_ssd"),
    row("away from general_essd", "400 IncorrectStorageType", {"storage_type": "general_essd"},
        DBInstanceStorageType="cloud_essd"),
    row("a disk that is not sold", "400 InvalidStorageType.NotSupport", MARIADB,
        DBInstanceStorageType="general_essd"),
    row("disk and storage", "400 InvalidTargetStorageType", DBInstanceStorageType="general_essd",
        DBInstanceStorage="200"),
    row("down to more storage", "400 InvalidStorageSize.Direction", DBInstanceStorage="200",
        Direction="Down"),
    row("down to another disk", "400 InvalidStorageType.Direction",
        DBInstanceStorageType="general_essd", Direction="Down"),
    row("up to a smaller subscription", "400 LX.ARGUMENT.ILLEGAL", SUBSCRIPTION,
        DBInstanceClass="mysql.n2.small.2c"),
    row("down to a larger subscription", "400 LX.ARGUMENT.ILLEGAL", SUBSCRIPTION,
        DBInstanceClass="mysql.n4.large.2c", Direction="Down"),
    row("bursting on an ESSD", "400 InvalidParameter", DBInstanceStorage="200",
        BurstingEnabled="true"),
    row("acceleration on an ESSD", "400 InvalidParameter", DBInstanceStorage="200",
        IoAccelerationEnabled="1"),
    row("range of an ordinary instance", "400 DBInstancePayTypeNotSupport", Direction="Serverless",
        ServerlessConfiguration="{}"),
    row("range without direction", "400 InvalidParameterCombination", SERVERLESS,
        ServerlessConfiguration='{"MaxCapacity": 8}'),
    row("range and storage", "400 InvalidParameterCombination", SERVERLESS, Direction="Serverless",
        ServerlessConfiguration="{}", DBInstanceStorage="200"),
    row("least above most", "400 InvalidRCUValue", SERVERLESS, Direction="Serverless",
        ServerlessConfiguration='{"MinCapacity": 5}'),
    row("above what is sold", "400 InvalidRCUValue", SERVERLESS, Direction="Serverless",
        ServerlessConfiguration='{"MaxCapacity": 33}'),
    row("malformed range []", "400 InvalidParameters.Malformed", SERVERLESS, Direction="Serverless",
        ServerlessConfiguration="[]"),
    row("malformed range x", "400 InvalidParameters.Malformed", SERVERLESS, Direction="Serverless",
        ServerlessConfiguration="x"),
    row('malformed range {"Most": 1}', "400 InvalidParameters.Malformed", SERVERLESS,
        Direction="Serverless", ServerlessConfiguration='{"Most": 1}'),
    row('malformed range {"MaxCapacity": "8"}', "400 InvalidParameters.Malformed", SERVERLESS,
        Direction="Serverless", ServerlessConfiguration='{"MaxCapacity": "8"}'),
    *(row(f"not modelled: {name} {value}", "501 EmulatorNotImplemented", DBInstanceStorage="200",
          **{name: value})
      for name, value in (
          ("EffectiveTime", "MaintainTime"), ("SwitchTime", "2030-01-01T00:00:00Z"),
          ("Direction", "TempUpgrade"), ("AllowMajorVersionUpgrade", "true"),
          ("EngineVersion", "5.7"), ("ZoneId", "cn-hangzhou-k"),
          ("Category", "cluster"), ("PayType", "Serverless"),
          ("ColdDataEnabled", "true"),
      )),
    row("local to cloud", "501 EmulatorNotImplemented", LOCAL_DISK,
        DBInstanceStorageType="cloud_essd"),
    row("read-only instance", "501 EmulatorNotImplemented", {"instance_type": "Readonly"},
        DBInstanceStorage="200"),
)
REFUSALS += refused("TransformDBInstancePayType",
    MINE | {"PayType": "Prepaid", "Period": "Month", "UsedTime": "1"},
    row("no method", "400 MissingParameter", PayType="", Period="", UsedTime=""),
    row("unknown method", "400 InvalidPayType.Format", PayType="Serverless", Period="",
        UsedTime=""),
    row("no period", "400 InvalidPeriodOrUsedTime.Format", Period=""),
    row("no count", "400 InvalidPeriodOrUsedTime.Format", UsedTime=""),
    row("a week", "400 InvalidPeriod.Format", Period="Week"),
    row("twelve months", "400 InvalidUsedTime.Format", UsedTime="12"),
    row("the method it has", "400 InvalidOrderCharge.NotSupport", PayType="Postpaid", Period="",
        UsedTime=""),
    row("serverless", "400 InvalidOrderCharge.NotSupport", SERVERLESS),
    row("guard", "400 InvalidInstanceUseType.NotSupport", {"instance_type": "Guard"}),
    row("classic network", "400 InvalidParam.PREPAY", {"network_type": "Classic"}),
    row("classic network, back", "400 InvalidParam.POSTPAY",
        {**SUBSCRIPTION, "network_type": "Classic"}, PayType="Postpaid", Period="", UsedTime=""),
    row("stopped", "403 OperationDenied.DBInstanceStatus", STOPPED),
    row("locked", "403 OperationDenied.LockMode", {"lock_mode": "LockByExpiration"}),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-no"),
)
REFUSALS += refused("ModifyInstanceAutoRenewalAttribute",
    {"DBInstanceId": "rm-demo-subscription"},
    row("no switch", "400 MissingParameter"),
    row("no months", "400 MissingParameter", AutoRenew="True"),
    row("thirteen months", "400 InvalidParameter", AutoRenew="True", Duration="13"),
    row("pay-as-you-go", "403 OperationDenied.PayType", DBInstanceId="rm-demo-mysql80",
        AutoRenew="False"),
    row("no region", "400 MissingParameter", AutoRenew="False", RegionId=""),
)
REFUSALS += refused("ModifyParameter",
    MINE | {"Parameters": '{"connect_timeout": "30"}'},
    row("unknown name", "400 ParamNotSupportedForCurrentVersion",
        Parameters='{"no_such_name": "1"}'),
    row("not modifiable", "400 ParamNotSupportedForCurrentVersion",
        Parameters='{"innodb_page_size": "8192"}'),
    row("out of range", "400 Parameters.Invalid", Parameters='{"connect_timeout": "3601"}'),
    row("one of two", "400 Parameters.Invalid",
        Parameters='{"connect_timeout": "30", "innodb_strict_mode": "yes"}'),
    row("no text", "400 InvalidParameter", Parameters='{"connect_timeout": 30}'),
    row("empty object", "400 InvalidParameter", Parameters="{}"),
    row("no object", "400 InvalidParameter", Parameters="[]"),
    row("no JSON", "400 InvalidParameter", Parameters="x"),
    row("nothing", "400 MissingParameter", Parameters=""),
    row("stopped", "403 OperationDenied.DBInstanceStatus", STOPPED),
    row("locked", "403 OperationDenied.LockMode", LOCKED),
    row("ParameterGroupId rpg-1", "501 EmulatorNotImplemented", ParameterGroupId="rpg-1"),
    row("SwitchTimeMode MaintainTime", "501 EmulatorNotImplemented", SwitchTimeMode="MaintainTime"),
    row("SwitchTime 2030-01-01T00:00:00Z", "501 EmulatorNotImplemented",
        SwitchTime="2030-01-01T00:00:00Z"),
)
REFUSALS += refused("RestartDBInstance", MINE,
    row("stopped", "403 IncorrectDBInstanceState", STOPPED),
    row("locked", "400 IncorrectDBInstanceLockMode.ValueNotSupported", LOCKED),
    row("one node", "501 EmulatorNotImplemented", NodeId="1"),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
)
REFUSALS += refused("DescribeParameterTemplates",
    {"Engine": "mysql", "EngineVersion": "8.0"},
    row("no engine", "400 MissingParameter", Engine=""),
    row("no version", "400 MissingParameter", EngineVersion=""),
    row("unknown engine", "400 InvalidParameter", Engine="oracle"),
    row("unknown version", "400 InvalidEngineVersion.Malformed", EngineVersion="9.9"),
)
REFUSALS += refused("ModifyBackupPolicy",
    MINE | {"PreferredBackupPeriod": "Tuesday,Saturday",
        "PreferredBackupTime": "02:00Z-03:00Z", "BackupRetentionPeriod": "30"},
    row("PreferredBackupPeriod", "400 MissingParameter", PreferredBackupPeriod=""),
    row("PreferredBackupTime", "400 MissingParameter", PreferredBackupTime=""),
    row("BackupRetentionPeriod", "400 MissingParameter", BackupRetentionPeriod=""),
    row("PreferredBackupPeriod Monday", "400 InvalidParameter", PreferredBackupPeriod="Monday"),
    row("PreferredBackupPeriod Monday,Monday", "400 InvalidParameter",
        PreferredBackupPeriod="Monday,Monday"),
    row("PreferredBackupPeriod Mon,Tue", "400 InvalidParameter", PreferredBackupPeriod="Mon,Tue"),
    row("PreferredBackupTime 02:00-03:00", "400 InvalidParameter",
        PreferredBackupTime="02:00-03:00"),
    row("BackupPolicyMode Logs", "400 InvalidParameter", BackupPolicyMode="Logs"),
    row("CompressType 4", "400 InvalidParameter", CompressType="4"),
    row("CompressType 3", "400 InvalidParameter", CompressType="3"),
    row("BackupLog Disable", "400 InvalidParameter", BackupLog="Disable"),
    row("BackupRetentionPeriod 6, logs 7", "400 InvalidBackupRetentionPeriod.Malformed",
        {"backup_policy": {"log_retention_days": 7}}, BackupRetentionPeriod="6"),
    row("BackupRetentionPeriod 731, logs 7", "400 InvalidBackupRetentionPeriod.Malformed",
        {"backup_policy": {"log_retention_days": 7}}, BackupRetentionPeriod="731"),
    row("LogBackupRetentionPeriod 31, logs 7", "400 InvalidBackupRetentionPeriod.Malformed",
        {"backup_policy": {"log_retention_days": 7}}, LogBackupRetentionPeriod="31"),
    row("BackupRetentionPeriod 10, logs 20", "400 InvalidBackupRetentionPeriod.Malformed",
        {"backup_policy": {"log_retention_days": 20}}, BackupRetentionPeriod="10"),
    row("log retention of another engine", "403 IncorrectDBInstanceEngine", MARIADB,
        LogBackupRetentionPeriod="10"),
    row("flash on a local disk", "403 IncorrectCategory", LOCAL_DISK, Category="Flash"),
    row("kept sets of another engine", "400 InvalidReleasedKeepPolicy.Format", POSTGRESQL,
        ReleasedKeepPolicy="All"),
    row("SQL Server's logs off", "403 OperationDenied.ModifyBackupSwitchOff", SQL_SERVER,
        BackupLog="Disabled"),
    row("LogBackupFrequency Hourly", "400 InvalidLogBackupFrequency.Malformed", SQL_SERVER,
        LogBackupFrequency="Hourly"),
    row("LogBackupFrequency LogInterval, BackupLog Enable",
        "400 InvalidLogBackupFrequency.Malformed", SQL_SERVER, LogBackupFrequency="LogInterval",
        BackupLog="Enable"),
    row("BackupInterval 30", "501 EmulatorNotImplemented", BackupInterval="30"),
    row("BackupMethod Snapshot", "501 EmulatorNotImplemented", BackupMethod="Snapshot"),
    row("EnableIncrementDataBackup True", "501 EmulatorNotImplemented",
        EnableIncrementDataBackup="True"),
    row("ArchiveBackupRetentionPeriod 30", "501 EmulatorNotImplemented",
        ArchiveBackupRetentionPeriod="30"),
    row("AdvancedDataPolicies__1__BakType F", "501 EmulatorNotImplemented",
        AdvancedDataPolicies__1__BakType="F"),
)
REFUSALS += refused("ModifyBackupPolicy",
    MINE | {"BackupPolicyMode": "LogBackupPolicy", "LocalLogRetentionHours": "0",
        "LocalLogRetentionSpace": "50", "HighSpaceUsageProtection": "Disable"},
    row("LocalLogRetentionHours", "400 MissingParameter", LocalLogRetentionHours=""),
    row("LocalLogRetentionSpace", "400 MissingParameter", LocalLogRetentionSpace=""),
    row("HighSpaceUsageProtection", "400 MissingParameter", HighSpaceUsageProtection=""),
    row("LocalLogRetentionHours 169", "400 InvalidParameter", LocalLogRetentionHours="169"),
    row("LocalLogRetentionSpace 51", "400 InvalidParameter", LocalLogRetentionSpace="51"),
    row("HighSpaceUsageProtection Disabled", "400 InvalidParameter",
        HighSpaceUsageProtection="Disabled"),
    row("LogBackupLocalRetentionNumber 5", "400 InvalidParameter",
        LogBackupLocalRetentionNumber="5"),
    row("EnableBackupLog on", "400 InvalidParameter", EnableBackupLog="on"),
    row("SQL Server's log policy", "403 OperationDenied.ApiForbidden", SQL_SERVER),
    row("logs of PostgreSQL Basic", "403 OperationDenied.ApiForbidden",
        {**POSTGRESQL, "category": "Basic"}, EnableBackupLog="1"),
)
REFUSALS += refused("ModifyDBInstanceHAConfig",
    {"DbInstanceId": "rm-mine", "SyncMode": "Async", "HAMode": "RTO"},
    row("no sync mode", "400 MissingParameter", SyncMode=""),
    row("no HA mode", "400 MissingParameter", HAMode=""),
    row("spelling", "400 InvalidParameter", HAMode="rpo"),
    row("group replication", "501 EmulatorNotImplemented", SyncMode="Mgr"),
    row("no instance", "400 MissingParameter", DbInstanceId=""),
    row("another engine", "403 IncorrectDBInstanceEngine", POSTGRESQL),
    row("Basic", "400 IncorrectDBInstanceType", {"category": "Basic"}),
    row("Finance", "400 IncorrectDBInstanceType", {"category": "Finance"}),
    row("serverless_basic", "400 IncorrectDBInstanceType", {"category": "serverless_basic"}),
)
REFUSALS += refused("ModifyHADiagnoseConfig", DEMO | {"TcpConnectionType": "SHORT"},
    row("no type", "400 MissingParameter", TcpConnectionType=""),
    row("spelling", "400 InvalidParameter", TcpConnectionType="short"),
    row("no region", "400 MissingParameter", RegionId=""),
)
REFUSALS += refused("ModifySQLCollectorPolicy", MINE,
    row("no switch", "400 MissingParameter"),
    row("spelling", "400 InvalidParameter", SQLCollectorStatus="Disable"),
    row("PPAS", "403 IncorrectDBInstanceEngine", PPAS, SQLCollectorStatus="Enable"),
)
REFUSALS += refused("DescribeSQLCollectorPolicy", MINE,
    row("PPAS", "403 IncorrectDBInstanceEngine", PPAS),
)
REFUSALS += refused("ModifyDBInstanceMonitor", MINE,
    row("no period", "400 MissingParameter"),
    row("every 30 seconds", "400 InvalidParameter", Period="30"),
    row("no period of PPAS", "403 IncorrectDBInstanceEngine", PPAS, Period="60"),
)
REFUSALS += refused("DescribeDBInstanceMonitor", MINE,
    row("no period of PPAS", "403 IncorrectDBInstanceEngine", PPAS),
)
REFUSALS += refused("ModifyDBInstanceMaintainTime", DEMO,
    row("no window", "400 MissingParameter"),
    row("22:00-02:00", "400 InvalidParameter", MaintainTime="22:00-02:00"),
    row("24:00Z-02:00Z", "400 InvalidParameter", MaintainTime="24:00Z-02:00Z"),
    row("22:00Z", "400 InvalidParameter", MaintainTime="22:00Z"),
    row("2:00Z-3:00Z", "400 InvalidParameter", MaintainTime="2:00Z-3:00Z"),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none",
        MaintainTime="22:00Z-23:00Z"),
)
REFUSALS += refused("ModifyDBInstanceAutoUpgradeMinorVersion", DEMO,
    row("no way to upgrade", "400 MissingParameter"),
    row("spelling", "400 InvalidParameter", AutoUpgradeMinorVersion="auto"),
    row("another engine", "403 IncorrectDBInstanceEngine", DBInstanceId="rm-demo-sqlserver2022",
        AutoUpgradeMinorVersion="Auto"),
)
REFUSALS += refused("ModifyDBInstanceDescription", DEMO,
    row("65 characters", "400 InvalidDBInstanceDescription.Format", DBInstanceDescription="a" * 65),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none",
        DBInstanceDescription="abc"),
)
REFUSALS += refused("ModifyDBInstanceDeletionProtection", DEMO,
    row("no switch", "400 MissingParameter"),
    row("subscription", "400 InvalidDeletionProtection.ValueNotSupported",
        DBInstanceId="rm-demo-subscription", DeletionProtection="true"),
)
REFUSALS += refused("DeleteDBInstance", MINE,
    row("being made", "403 OperationDenied.DBInstanceStatus", {**POSTGRESQL, "status": "Creating"}),
    row("being released", "403 OperationDenied.DBInstanceStatus",
        {**POSTGRESQL, "status": "Deleting"}),
    row("locked", "403 OperationDenied.LockMode", {**POSTGRESQL, "lock_mode": "LockByDiskQuota"}),
    row("protected", "403 OperationDenied.DeletionProtection",
        {**POSTGRESQL, "deletion_protection": True}),
    row("primary with replicas", "403 DependencyViolation", DBInstanceId="rm-demo-mysql80"),
    row("misspelt keep policy", "400 InvalidReleasedKeepPolicy.Format",
        ReleasedKeepPolicy="Latest"),
    row("kept sets: cloud disk", "400 InvalidReleasedKeepPolicy.Format", ReleasedKeepPolicy="All"),
    row("kept sets: engine", "400 InvalidReleasedKeepPolicy.Format",
        {**LOCAL_DISK, "engine": "PostgreSQL"}, ReleasedKeepPolicy="All"),
)
REFUSALS += refused("ModifyResourceGroup", DEMO | {"ResourceGroupId": "rg-acfmexample"},
    row("no group", "400 MissingParameter", ResourceGroupId=""),
    row("malformed group", "400 InvalidResourceGroupId.Malformed", ResourceGroupId="group"),
    row("another resource type", "400 InvalidParameter", ResourceType="DISK"),
    row("long token", "400 InvalidClientToken.Malformed", ClientToken="t" * 65),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
)
REFUSALS += refused("TagResources", NAMED,
    row("resource type", "400 InvalidParameter", ResourceType="DISK"),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", ResourceId__1="rm-none",
        Tag__1__Key="k"),
    row("no tag", "400 MissingParameter"),
    row("twenty more", "400 NumberExceed.Tags",
        **{f"Tag__{n}__Key": f"k{n}" for n in range(1, 21)}),
    row("long key", "400 InvalidParameter.TagKey", Tag__1__Key="k" * 65, Tag__1__Value="v"),
    row("URL as key", "400 InvalidParameter.TagKey", Tag__1__Key="HTTP://x", Tag__1__Value="v"),
    row("system key", "400 NoPermission.SystemTag", Tag__1__Key="Aliyun-x", Tag__1__Value="v"),
    row("long value", "400 InvalidParameter.TagValue", Tag__1__Key="k", Tag__1__Value="v" * 129),
    row("URL as value", "400 InvalidParameter.TagValue", Tag__1__Key="k",
        Tag__1__Value="https://x"),
    row("system value", "400 InvalidParameter.TagValue", Tag__1__Key="k", Tag__1__Value="Aliyun"),
    row("acs value", "400 InvalidParameter.TagValue", Tag__1__Key="k", Tag__1__Value="acs:x"),
)
REFUSALS += refused("UntagResources", NAMED, row("no key", "400 MissingParameter"))
REFUSALS += refused("ListTagResources", NAMED,
    row("nothing to list", "400 MissingParameter", ResourceId__1=""),
)
REFUSALS += refused("DescribeTags", NAMED,
    row("tags that are no JSON", "400 InvalidParameter", Tags="x"),
)
REFUSALS += refused("ModifyDBInstanceConnectionString",
    DEMO | {"CurrentConnectionString": "rm-demo-mysql80.mysql.rds.aliyuncs.com",
        "ConnectionStringPrefix": "shop-internal", "Port": "3307"},
    row("no port", "400 MissingParameter", Port=""),
    row("no prefix", "400 MissingParameter", ConnectionStringPrefix=""),
    row("no endpoint", "400 MissingParameter", CurrentConnectionString=""),
    row("not an endpoint of it", "400 InvalidConnectionString.NotFound",
        CurrentConnectionString="shop-public.mysql.rds.aliyuncs.com"),
    row("4 characters", "400 InvalidConnectionString.Malformed", ConnectionStringPrefix="shop"),
    row("41 characters", "400 InvalidConnectionString.Malformed", ConnectionStringPrefix="s" * 41),
    row("a digit first", "400 InvalidConnectionString.Malformed", ConnectionStringPrefix="1shop"),
    row("underscore", "400 InvalidConnectionString.Malformed",
        ConnectionStringPrefix="shop_internal"),
    row("taken", "404 InvalidConnectionString.Duplicate",
        ConnectionStringPrefix="RM-demo-postgresql16"),
    row("port 999", "400 InvalidPort.Format", Port="999"),
    row("port 65535", "400 InvalidPort.Format", Port="65535"),
    row("no number", "400 InvalidPort.Format", Port="x"),
    row("swap", "501 EmulatorNotImplemented", RetainVip="true"),
    row("locked", "403 OperationDenied.LockMode", DBInstanceId="rm-demo-locked-manual",
        CurrentConnectionString="rm-demo-locked-manual.mysql.rds.aliyuncs.com"),
)
REFUSALS += refused("AllocateInstancePublicConnection",
    DEMO | {"ConnectionStringPrefix": "shop-public", "Port": "3306"},
    row("no port", "400 MissingParameter", Port=""),
    row("4 characters", "400 InvalidConnectionString.Format", ConnectionStringPrefix="shop"),
    row("taken", "404 InvalidConnectionString.Duplicate",
        ConnectionStringPrefix="RM-demo-postgresql16"),
    row("PostgreSQL's ports", "400 InvalidPort.Malformed", DBInstanceId="rm-demo-postgresql16",
        Port="6000"),
    row("Babelfish", "501 EmulatorNotImplemented", BabelfishPort="1"),
    row("locked", "403 OperationDenied.LockMode", DBInstanceId="rm-demo-locked-manual"),
    row("restarting", "403 OperationDenied.DBInstanceStatus", DBInstanceId="rm-demo-rebooting"),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
)
REFUSALS += refused("ReleaseInstancePublicConnection", DEMO,
    row("no name", "400 MissingParameter"),
    row("the internal one", "400 InvalidCurrentConnectionString.NotFound",
        CurrentConnectionString="rm-demo-mysql80.mysql.rds.aliyuncs.com"),
    row("there is none", "400 InvalidCurrentConnectionString.NotFound",
        CurrentConnectionString="shop-public.mysql.rds.aliyuncs.com"),
)
REFUSALS += refused("SwitchDBInstanceVpc",
    DEMO | {"VPCId": "vpc-demo-other", "VSwitchId": "vsw-demo-other-h"},
    row("no VPC", "400 MissingParameter", VPCId=""),
    row("no vSwitch", "400 MissingParameter", VSwitchId=""),
    row("unknown VPC", "400 InvalidVPCId.NotFound", VPCId="vpc-demo-shanghai"),
    row("vSwitch of another VPC", "400 InvalidVSwitchId.NotFound", VSwitchId="vsw-demo-h"),
    row("vSwitch of another zone", "400 InvalidVSwitchId.Mismatch", VPCId="vpc-demo",
        VSwitchId="vsw-demo-i"),
    row("full vSwitch", "400 VswitchIpExhausted", VPCId="vpc-demo", VSwitchId="vsw-demo-full"),
    row("no address", "400 InvalidPrivateIpAddress.Format", PrivateIpAddress="here"),
    row("address outside", "400 InvalidPrivateIpAddress.Mismatch", PrivateIpAddress="10.0.0.77"),
    row("reserved address", "400 InvalidPrivateIpAddress.AlreadyUsed",
        PrivateIpAddress="172.16.0.254"),
    row("classic network", "400 InvalidInstanceNetworkType.ValueNotSupported",
        DBInstanceId="rm-demo-classic"),
    row("temporary instance", "400 IncorrectDBInstanceType", DBInstanceId="rm-demo-temporary"),
    row("locked", "403 OperationDenied.LockMode", DBInstanceId="rm-demo-locked-manual"),
)
REFUSALS += refused("ModifySecurityIps", DEMO | {"SecurityIps": "10.0.0.1"},
    row("no addresses", "400 MissingParameter", SecurityIps=""),
    row("an octet of 256", "400 SecurityIPList.Format", SecurityIps="10.0.0.256"),
    row("a space", "400 SecurityIPList.Format", SecurityIps="10.0.0.1, 10.0.0.2"),
    row("a prefix of 33", "400 SecurityIPList.Format", SecurityIps="10.0.0.0/33"),
    row("a dotted mask", "400 SecurityIPList.Format", SecurityIps="10.0.0.0/255.0.0.0"),
    row("IPv6", "400 SecurityIPList.Format", SecurityIps="::1"),
    row("one address twice", "400 InvalidSecurityIPList.Duplicate",
        SecurityIps="10.0.0.1,10.0.0.1"),
    row("the last one of the default group", "400 SecurityIPList.Format", SecurityIps="127.0.0.1",
        ModifyMode="Delete"),
    row("1001 addresses", "400 InvalidSecurityIPListLength.Malformed",
        SecurityIps=",".join(f"10.0.{n // 256}.{n % 256}" for n in range(1001))),
    row("another mode", "400 InvalidParameter", ModifyMode="Replace"),
    row("another address type", "400 InvalidParameter", SecurityIPType="IPv6"),
    row("name: one letter", "400 InvalidParameter", DBInstanceIPArrayName="a"),
    row("name: 121 letters", "400 InvalidParameter", DBInstanceIPArrayName="a" * 121),
    row("name: a capital letter", "400 InvalidParameter", DBInstanceIPArrayName="Office"),
    row("name: a hyphen", "400 InvalidParameter", DBInstanceIPArrayName="my-office"),
    row("name: a digit first", "400 InvalidParameter", DBInstanceIPArrayName="1st"),
    row("name: an underscore last", "400 InvalidParameter", DBInstanceIPArrayName="office_"),
    row("another attribute", "400 InvalidIPArrayAttribute.Format",
        DBInstanceIPArrayAttribute="shown"),
    row("another network type", "400 InvalidWhitelistNetType.Malformed",
        WhitelistNetworkType="vpc"),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
    row("migrating", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-migrating"),
    row("locked", "403 IncorrectDBInstanceLockMode", DBInstanceId="rm-demo-locked-expired"),
    row("unknown read-only instance", "404 Readins.NotFound", DBInstanceId="rm-demo-postgresql16",
        FreshWhiteListReadins="rm-none"),
)
REFUSALS += refused("DescribeDBInstanceIPArrayList", DEMO,
    row("another network type", "400 InvalidWhitelistNetType.Malformed", WhitelistNetworkType="x"),
)
REFUSALS += refused("ModifyDBInstanceSSL", encrypted("rm-demo-mysql80", "mysql"),
    row("no endpoint", "400 MissingParameter", ConnectionString=""),
    row("another instance's endpoint", "404 Endpoint.NotFound",
        ConnectionString="rm-demo-postgresql16.pg.rds.aliyuncs.com"),
    row("switch 2", "400 InvalidSSLStatus", SSLEnabled="2"),
    row("off already", "400 IncorrectDBSslStatus", SSLEnabled="0"),
    row("another CA", "400 InvalidCAType.NotFound", CAType="own"),
    row("no server key", "400 RequiredParam.NotFound", CAType="custom", ServerCert="c"),
    row("no server cert", "400 RequiredParam.NotFound", CAType="custom", ServerKey="k"),
    row("own certificate of aliyun", "400 InvalidParameter", ServerCert="c"),
    row("force spelt out", "400 InvalidParameter", ForceEncryption="yes"),
    row("PostgreSQL's", "400 InvalidParameter", ACL="cert"),
    row("SQL Server's", "400 InvalidParameter", TlsVersion="1.2"),
)
REFUSALS += refused("ModifyDBInstanceSSL",
    encrypted("rm-demo-sqlserver2022", "sqlserver"),
    row("not SQL Server's", "400 InvalidParameter", CAType="aliyun"),
    row("TLS 1.3", "400 InvalidParameter", TlsVersion="1.3"),
    row("no password", "400 RequiredParam.NotFound", Certificate="c"),
    row("no certificate", "400 RequiredParam.NotFound", PassWord="p"),  # noqa: S106
)
REFUSALS += refused("ModifyDBInstanceSSL", encrypted("rm-demo-mariadb106", "mariadb"),
    row("not MariaDB's", "400 InvalidParameter", CAType="aliyun"),
    row("not forced", "400 InvalidParameter", ForceEncryption="1"),
)
REFUSALS += refused("ModifyDBInstanceSSL", encrypted("rm-demo-postgresql16", "pg"),
    row("ACL without CA", "403 InvalidACL.Permission", ACL="cert"),
    row("ACL with the CA off", "403 InvalidACL.Permission", ReplicationACL="cert",
        ClientCAEnabled="0"),
    row("another ACL", "400 InvalidACL.NotFound", ClientCAEnabled="1", ClientCACert="ca",
        ACL="trust"),
    row("revocations without CA", "403 InvalidClientCrl.Permission", ClientCrlEnabled="1",
        ClientCertRevocationList="crl"),
    row("no client CA", "400 RequiredParam.NotFound", ClientCAEnabled="1"),
    row("no revocations", "400 RequiredParam.NotFound", ClientCAEnabled="1", ClientCACert="ca",
        ClientCrlEnabled="1"),
    row("no switch", "400 InvalidParameter", ClientCACert="ca"),
)
REFUSALS += refused("ModifyDBInstanceSSL", encrypted("rm-mine", "mysql"),
    row("engine without SSL", "400 InstanceEngineType.NotSupport", PPAS,
        ConnectionString="rm-mine.pg.rds.aliyuncs.com"),
    row("old PostgreSQL", "400 InvalidACL.NotFound", {**POSTGRESQL, "engine_version": "11.0"},
        ConnectionString="rm-mine.pg.rds.aliyuncs.com", ClientCAEnabled="1", ClientCACert="ca",
        ACL="verify-full"),
    row("locked", "403 OperationDenied.LockMode", LOCKED),
    row("stopped", "403 OperationDenied.DBInstanceStatus", STOPPED),
)
REFUSALS += refused("DescribeDBInstanceSSL", MINE,
    row("engine without SSL", "400 InstanceEngineType.NotSupport", DBInstanceId="rm-demo-ppas"),
)
REFUSALS += refused("ModifyDBInstanceTDE", DEMO | {"TDEStatus": "Enabled"},
    row("no status", "400 MissingParameter", TDEStatus=""),
    row("another status", "400 InvalidParameter", TDEStatus="On"),
    row("MySQL: off already", "403 OperationDenied.TDEStatus", TDEStatus="Disabled"),
    row("no role", "400 RequiredParam.NotFound", EncryptionKey="key-1"),
    row("PostgreSQL's", "400 InvalidParameter", IsRotate="true"),
    row("SQL Server's", "400 InvalidParameter", DBName="app"),
)
REFUSALS += refused("ModifyDBInstanceTDE", SQL_SERVER_DEMO | {"TDEStatus": "Enabled"},
    row("not SQL Server's", "400 InvalidParameter", EncryptionKey="key-1",
        RoleArn="acs:ram::1:role/rds"),
    row("no database", "400 MissingParameter"),
    row("unknown database", "404 InvalidDBName.NotFound", DBName="app,none"),
    row("51 databases", "400 InvalidParameter", DBName="app," * 50 + "app"),
    row("certificate alone", "400 RequiredParam.NotFound", DBName="app", Certificate="c.cer"),
    row("database is off", "403 OperationDenied.TDEStatus", TDEStatus="Disabled", DBName="app"),
)
REFUSALS += refused("ModifyDBInstanceTDE", MINE | {"TDEStatus": "Enabled"},
    row("engine without TDE", "400 InstanceEngineType.NotSupport", MARIADB),
    row("Basic", "400 IncorrectDBInstanceType", {"category": "Basic"}),
    row("serverless_basic", "400 IncorrectDBInstanceType", {"category": "serverless_basic"}),
    row("Finance", "400 IncorrectDBInstanceType", {"category": "Finance"}),
    row("5.5", "403 IncorrectEngineVersion", {"engine_version": "5.5"}),
    row("read-only", "400 IncorrectDBInstanceType", {"instance_type": "Readonly"}),
    row("local disks", "400 IncorrectDBInstanceType", {**LOCAL_DISK, "engine": "PostgreSQL"}),
    row("2017_std_ha", "403 IncorrectEngineVersion",
        {**SQL_SERVER, "engine_version": "2017_std_ha"}, DBName="app"),
    row("2019_web", "403 IncorrectEngineVersion", {**SQL_SERVER, "engine_version": "2019_web"},
        DBName="app"),
    row("locked", "403 OperationDenied.LockMode", LOCKED),
    row("stopped", "403 OperationDenied.DBInstanceStatus", STOPPED),
)
REFUSALS += refused("DescribeDBInstanceTDE", MINE,
    row("engine without TDE", "400 InstanceEngineType.NotSupport",
        DBInstanceId="rm-demo-mariadb106"),
)
REFUSALS += refused("ModifyPGHbaConfig",
    {"DBInstanceId": "rm-hba", "OpsType": "add", **hba_item(1)},
    row("unknown operation", "400 HbaItemOpsType.Invalid", OpsType="Add"),
    row("no operation", "400 MissingParameter", OpsType=""),
    row("no record", "400 MissingParameter", **dict.fromkeys(hba_item(1), "")),
    row("no user", "400 MissingParameter", HbaItem__1__User=""),
    row("no priority", "400 MissingParameter", HbaItem__1__PriorityId=""),
    row("unknown type", "400 HbaItem.InvalidType", HbaItem__1__Type="local"),
    row("unknown method", "400 HbaItem.InvalidMethod", HbaItem__1__Method="peer"),
    row("priority 10001", "400 HbaItem.InvalidPriority", HbaItem__1__PriorityId="10001"),
    row("priority -1", "400 HbaItem.InvalidPriority", HbaItem__1__PriorityId="-1"),
    row("priority high", "400 HbaItem.InvalidPriority", HbaItem__1__PriorityId="high"),
    row("one priority twice", "400 HbaItem.InvalidPriority", **hba_item(2)),
    row("address 10.0.0.1 mask 33", "400 HbaItem.InvalidIPMask", HbaItem__1__Mask="33"),
    row("address 10.0.0.0/8 mask 8", "400 HbaItem.InvalidIPMask", HbaItem__1__Address="10.0.0.0/8",
        HbaItem__1__Mask="8"),
    row("address everywhere", "400 HbaItem.InvalidIPMask", HbaItem__1__Address="everywhere",
        HbaItem__1__Mask=""),
    row("add what is there", "403 HbaItemPriorityIdAlreadyExist", HbaItem__1__PriorityId="0"),
    row("modify none", "404 HbaItemPriorityIdNotFound", OpsType="modify"),
    row("delete none", "404 HbaItemPriorityIdNotFound", OpsType="delete"),
    row("rebooting", "403 IncorrectDBInstanceState", {**WITH_SSL, "status": "Rebooting"},
        OpsType="update"),
    row("locked", "403 IncorrectDBInstanceLockMode", {**WITH_SSL, **LOCKED}, OpsType="update"),
    row("local disk", "400 IncorrectDBInstanceType", {**WITH_SSL, "storage_type": "local_ssd"},
        OpsType="update"),
    row("another engine", "400 IncorrectDBInstanceType", {**WITH_SSL, "engine": "MySQL"},
        OpsType="update"),
    row("without SSL", "400 HbaItem.InvalidType", {**POSTGRESQL, "ssl": None}, OpsType="update"),
)
REFUSALS += refused("DescribePGHbaConfig", DEMO,
    row("another engine", "400 IncorrectDBInstanceType"),
)
REFUSALS += refused("CreateAccount",
    DEMO | {"AccountName": "report", "AccountPassword": "Staging-2026"},
    *UNAVAILABLE,
    row("description of a new account", "400 InvalidAccountDescription.Format",
        AccountDescription="2nd"),
    row("no name", "400 MissingParameter", AccountName=""),
    row("not 33 characters", "400 InvalidAccountName.Malformed", AccountName="a" * 33),
    row("not one character", "400 InvalidAccountName.Malformed", AccountName="a"),
    row("not a hyphen", "400 InvalidAccountName.Malformed", AccountName="re-port"),
    row("not a digit first", "400 InvalidAccountName.Malformed", AccountName="1report"),
    row("not an underscore last", "400 InvalidAccountName.Malformed", AccountName="report_"),
    row("not long on MySQL 5.6", "400 InvalidAccountName.Malformed", {"engine_version": "5.6"},
        AccountName="a" * 17),
    row("not upper case on MariaDB", "400 InvalidAccountName.Malformed", MARIADB,
        AccountName="Report"),
    row("not long on PostgreSQL's local disks", "400 InvalidAccountName.Malformed",
        {**LOCAL_DISK, "engine": "PostgreSQL"}, AccountName="a" * 17),
    row("reserved: root", "400 InvalidAccountName.Forbid", AccountName="root"),
    row("reserved: Eagleye", "400 InvalidAccountName.Forbid", AccountName="Eagleye"),
    row("reserved: xtrabak", "400 InvalidAccountName.Forbid", MARIADB, AccountName="xtrabak"),
    row("reserved: postgres", "400 InvalidAccountName.Forbid", POSTGRESQL, AccountName="postgres"),
    row("reserved: dbo", "400 InvalidAccountName.Forbid", SQL_SERVER, AccountName="dbo"),
    row("taken in any case", "400 InvalidAccountName.Duplicate", AccountName="SHOP"),
    *PASSWORDS,
)
REFUSALS += refused("DescribeAccounts", DEMO,
    *UNAVAILABLE,
    row("small page", "400 InvalidParameter", PageSize="29"),
    row("large page", "400 InvalidParameter", PageSize="201"),
)
REFUSALS += refused("ResetAccountPassword",
    DEMO | {"AccountName": "shop", "AccountPassword": "Staging-2026"},
    *UNAVAILABLE,
    *NOBODY,
    *PASSWORDS,
)
REFUSALS += refused("ResetAccount",
    DEMO | {"AccountName": "owner", "AccountPassword": "Staging-2026"},
    *UNAVAILABLE,
    *NOBODY,
    row("reset of a Normal account", "403 IncorrectAccountType", AccountName="shop"),
    *PASSWORDS,
)
REFUSALS += refused("ModifyAccountDescription",
    DEMO | {"AccountName": "shop", "AccountDescription": "other"},
    *UNAVAILABLE,
    *NOBODY,
    row("short description", "400 InvalidAccountDescription.Format", AccountDescription="x"),
)
REFUSALS += refused("DeleteAccount", DEMO | {"AccountName": "shop"}, *UNAVAILABLE, *NOBODY)
REFUSALS += refused("GrantAccountPrivilege",
    DEMO | {"AccountName": "shop", "DBName": "reporting",
        "AccountPrivilege": "ReadOnly"},
    *UNAVAILABLE,
    *NOBODY,
    row("no database", "400 MissingParameter", DBName=""),
    row("no privilege", "400 MissingParameter", AccountPrivilege=""),
    row("to the Super account", "403 IncorrectAccountType", AccountName="owner"),
    row("unknown database", "404 InvalidDBName.NotFound", DBName="reporting,none"),
    row("one privilege for two", "400 InvalidAccountPrivilege.Malformed", DBName="app,reporting"),
    row("privilege of another engine", "400 InvalidAccountPrivilege.Malformed",
        AccountPrivilege="DBOwner"),
)
REFUSALS += refused("RevokeAccountPrivilege",
    DEMO | {"AccountName": "shop", "DBName": "app"},
    *UNAVAILABLE,
    *NOBODY,
    row("unknown database", "404 InvalidDBName.NotFound", DBName="none"),
)
REFUSALS += refused("DescribeDatabases", DEMO,
    row("no instance", "400 MissingParameter", DBInstanceId=""),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("stopped", "403 OperationDenied.DBInstanceStatus", DBInstanceId="rm-demo-stopped"),
    row("odd page size", "400 InvalidParameter", PageSize="20"),
    row("unknown status", "400 InvalidParameter", DBStatus="on"),
)
REFUSALS += refused("DescribeDBInstances", {},
    row("no region", "400 MissingParameter", RegionId=""),
    row("page size", "400 InvalidParameter", PageSize="101"),
    row("page number", "400 InvalidParameter", PageNumber="0"),
    row("too many results", "400 InvalidParameter", MaxResults="101"),
    row("unknown token", "400 Invalid.NextToken", NextToken="?"),
    row("unknown type", "400 InvalidDBInstanceType.ValueNotSupport", DBInstanceType="Spare"),
    row("expired neither True nor False", "400 InvalidExpired.Format", Expired="no"),
    row("tags no object", "400 InvalidParameter", Tags="[1]"),
    row("six tags", "400 InvalidParameter",
        Tags='{"0": "", "1": "", "2": "", "3": "", "4": "", "5": ""}'),
    row("filter that is not modelled", "501 EmulatorNotImplemented", DedicatedHostId="i-1"),
)
REFUSALS += refused("CreateBackup", DEMO,
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("stopped", "403 OperationDenied.DBInstanceStatus", STOPPED),
    row("locked", "403 OperationDenied.LockMode", LOCKED),
    row("unknown method", "400 InvalidBackupMethod.ValueNotSupport", BackupMethod="Magic"),
    row("logical set of cloud disks", "400 InvalidBackupMethod.ValueNotSupport",
        BackupMethod="Logical"),
    row("snapshot of local disks", "400 InvalidBackupMethod.ValueNotSupport", LOCAL_DISK,
        BackupMethod="Snapshot"),
    row("snapshot of one database", "400 InvalidBackupMethod.ValueNotSupport",
        BackupMethod="Snapshot", DBName="app"),
    row("unknown type", "400 BackupType.NotSupport", BackupType="IncrementalBackup"),
    row("unknown strategy", "400 InvalidParameter", BackupStrategy="table"),
    row("unknown database", "404 InvalidDBName.NotFound", LOCAL_DISK, BackupMethod="Logical",
        BackupStrategy="db", DBName="app,none"),
    row("no database named", "400 MissingParameter", LOCAL_DISK, BackupMethod="Logical",
        BackupStrategy="db"),
    row("no database at all", "403 OperationDenied.NoDatabase", {**LOCAL_DISK, "databases": {}},
        BackupMethod="Logical"),
    row("kept too short", "400 InvalidBackupRetentionPeriod.Malformed", BackupRetentionPeriod="6"),
    row("kept too long", "400 InvalidBackupRetentionPeriod.Malformed", BackupRetentionPeriod="731"),
    row("kept x days", "400 InvalidBackupRetentionPeriod.Malformed", BackupRetentionPeriod="x"),
)
REFUSALS += refused("DescribeBackupTasks", DEMO,
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("job that is no number", "400 InvalidParameter", BackupJobId="x"),
    row("unknown mode", "400 InvalidParameter", BackupMode="x"),
    row("unknown status", "400 InvalidParameter", BackupJobStatus="Finished"),
)
REFUSALS += refused("DeleteBackup", {**DEMO, "BackupId": "1000000101"},
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("no set", "400 MissingParameter", BackupId=""),
    row("unknown set", "404 InvalidBackupSetID.NotFound", BackupId="7"),
    row("id of Terraform's state", "404 InvalidBackupSetID.NotFound",
        BackupId="rm-demo-mysql80:1000000101"),
    row("too many", "400 InvalidParameter", BackupId=",".join(map(str, range(101)))),
    row("set that the logs need", "403 IncorrectBackupSetState"),
    row("young set", "403 IncorrectBackupSetState",
        {"backups": [{"id": "1", "started": "now-8d"}, {"id": "2", "started": "now-6d"}],
         "backup_policy": {"log_enabled": False}}, BackupId="1,2"),
    row("last set", "403 IncorrectBackupSetState",
        {"backups": [{"id": "1", "started": "now-8d"}], "backup_policy": {"log_enabled": False}},
        BackupId="1"),
    row("SQL Server", "403 IncorrectDBInstanceEngine", SQL_SERVER),
    row("cluster", "400 IncorrectDBInstanceType", {"category": "cluster"}),
    row("stopped", "403 IncorrectDBInstanceState", STOPPED),
)
REFUSALS += refused("DescribeDetachedBackups", {"Region": "cn-hangzhou"},
    row("unknown region", "404 InvalidRegionId.NotFound", Region="cn-none"),
    row("no region", "400 MissingParameter", Region="", RegionId=""),
    row("odd page size", "403 InvalidMaxRecordsPerPage.Malformed", PageSize="10"),
    row("page that is no number", "400 InvalidPageNumbers.Malformed", PageNumber="x"),
    row("end before start", "400 InvalidParameterCombination", StartTime="2026-11-02T00:00Z",
        EndTime="2026-11-01T00:00Z"),
)
REFUSALS += refused("DescribeBackups", DEMO,
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
    row("odd page size", "403 InvalidMaxRecordsPerPage.Malformed", PageSize="10"),
    row("page that is no number", "400 InvalidPageNumbers.Malformed", PageNumber="x"),
    row("start with seconds", "400 InvalidStartTime.Format", StartTime="2026-11-01T00:00:00Z"),
    row("end that is no time", "400 InvalidEndTime.Format", EndTime="x"),
    row("end before start", "400 InvalidParameterCombination", StartTime="2026-11-02T00:00Z",
        EndTime="2026-11-01T00:00Z"),
)
REFUSALS += refused("DescribeLocalAvailableRecoveryTime", DEMO,
    row("unknown instance", "404 InvalidDBInstance.NotFound", DBInstanceId="rm-none"),
    row("SQL Server", "403 IncorrectDBInstanceEngine", DBInstanceId="rm-demo-sqlserver2022"),
    row("replica", "403 IncorrectDBInstanceCharacterType", DBInstanceId="rm-demo-readonly"),
    row("stopped", "403 IncorrectDBInstanceState", DBInstanceId="rm-demo-stopped"),
    row("locked", "403 IncorrectDBInstanceLockMode", DBInstanceId="rm-demo-locked-manual"),
    row("no logs", "400 LogBackupNotEnabled", DBInstanceId="rm-demo-no-log-backup"),
    row("no set", "404 InvalidBackup.NotFound", DBInstanceId="rm-demo-no-backup"),
    row("PostgreSQL Basic", "400 LogBackupNotEnabled", DBInstanceId="rm-demo-postgresql-basic"),
    row("another region", "404 InvalidDBInstance.NotFound", Region="cn-shanghai"),
)
REFUSALS += refused("DescribeLogBackupFiles", SQL_SERVER_DEMO | NOVEMBER,
    *RANGES,
    row("another engine", "403 IncorrectDBInstanceEngine", DBInstanceId="rm-demo-mysql80"),
)
REFUSALS += refused("DescribeMigrateTasks", SQL_SERVER_DEMO | NOVEMBER, *RANGES)
REFUSALS += refused("DescribeMetaList", MINE | {"BackupSetID": "1"},
    row("another engine", "403 IncorrectDBInstanceEngine",
        {**POSTGRESQL, "backups": [{"id": "1", "started": "now-2d"}]}),
    row("old version", "403 IncorrectEngineVersion", {**LISTED, "engine_version": "5.5"}),
    row("cloud disk", "400 IncorrectDBInstanceType",
        {"backups": [{"id": "1", "started": "now-2d"}]}),
    row("another edition", "400 IncorrectDBInstanceType", {**LISTED, "category": "Finance"}),
    row("no set", "400 MissingParameter", LISTED, BackupSetID=""),
    row("unknown set", "404 InvalidBackupSetID.NotFound", LISTED, BackupSetID="7"),
    row("set without list", "403 IncorrectBackupSetState",
        {**LISTED, "backups": [{"id": "1", "started": "now-1d", "meta_status": ""}]}),
    row("unknown restore type", "400 InvalidRestoreType.Format", LISTED, RestoreType="Set"),
    row("no time", "400 MissingParameter", LISTED, RestoreType="RestoreTime"),
    row("odd time", "400 InvalidRestoreTime.Format", LISTED, RestoreType="RestoreTime",
        RestoreTime="2026-11-10"),
    row("early time", "400 InvalidRestoreTime.Malformed", LISTED, RestoreType="RestoreTime",
        RestoreTime="2020-01-01T00:00:00Z"),
    row("no logs", "400 LogBackupNotEnabled", {**LISTED, "backup_policy": {"log_enabled": False}},
        RestoreType="RestoreTime", RestoreTime="2026-11-10T10:00:00Z"),
)
REFUSALS += refused("DescribeAvailableZones", {"Engine": "MySQL"}, *COMMODITIES)
REFUSALS += refused("DescribeAvailableClasses",
    {"ZoneId": "cn-hangzhou-h", "Engine": "MySQL", "EngineVersion": "8.0",
        "DBInstanceStorageType": "cloud_essd", "Category": "HighAvailability"},
    *COMMODITIES,
    row("contradiction", "400 InvalidCommodityCode.Malformed", CommodityCode="bards",
        InstanceChargeType="Prepaid"),
    row("no type", "400 InvalidParameter", InstanceChargeType="Barter"),
    *(row(f"no {name}", "400 MissingParameter", **{name: ""})
      for name in ("RegionId", "ZoneId", "Engine", "EngineVersion",
                   "DBInstanceStorageType", "Category")),
)
REFUSALS += refused("DescribePrice",
    {"Engine": "MySQL", "EngineVersion": "8.0",
        "DBInstanceClass": "mysql.n2.medium.2c", "DBInstanceStorage": "100",
        "DBInstanceStorageType": "cloud_essd", "Quantity": "1",
        "CommodityCode": "bards"},
    *COMMODITIES,
    *(row(f"no {name}", "400 MissingParameter", **{name: ""})
      for name in ("Engine", "EngineVersion", "DBInstanceClass",
                   "DBInstanceStorage", "Quantity")),
    row("no unit of the term", "400 MissingParameter", CommodityCode=""),
    row("default commodity is a subscription", "400 InvalidCommodityCode.Malformed",
        CommodityCode="", PayType="Postpaid"),
    row("pay-as-you-go commodity for a subscription", "400 InvalidCommodityCode.Malformed",
        PayType="Prepaid"),
    row("unknown class", "400 Price.PricingPlanResultNotFound",
        DBInstanceClass="mysql.n3.medium.2c"),
    row("retired class", "400 Price.PricingPlanResultNotFound", DBInstanceClass="mysql.n1.micro.1"),
    row("a week", "400 InvalidParameter", CommodityCode="rds", PayType="Prepaid", TimeType="Week"),
    row("31 instances", "400 InvalidParameter", Quantity="31"),
    row("serverless without range", "400 RequiredParam.NotFound",
        DBInstanceClass="mysql.n2.serverless.2c", CommodityCode="rds_serverless_public_cn",
        PayType="Serverless"),
    row("renewal", "501 EmulatorNotImplemented", OrderType="RENEW"),
    row("unknown region", "404 InvalidRegionId.NotFound", RegionId="eu-nowhere"),
    row("serverless class", "400 InvalidSaleComponentFault",
        DBInstanceClass="mysql.n2.serverless.2c"),
    row("serverless payment", "400 InvalidSaleComponentFault",
        CommodityCode="rds_serverless_public_cn", PayType="Serverless",
        ServerlessConfig='{"MinCapacity": 0.5, "MaxCapacity": 8}'),
)
REFUSALS += refused("DescribeVSwitches", {"Version": "2016-04-28"},
    row("neither region nor VPC", "400 MissingParameter", RegionId=""),
    row("unknown region", "404 InvalidRegionId.NotFound", RegionId="cn-x"),
    row("large page", "400 InvalidParameter", RegionId="", VpcId="v", PageSize="51"),
    row("action of that name in RDS", "501 EmulatorNotImplemented", RegionId="cn-hangzhou",
        Version="2014-08-15"),
)
REFUSALS += refused("CreateNatGateway", {"Version": "2016-04-28"},
    row("action that is not modelled", "501 EmulatorNotImplemented", RegionId=""),
)
REFUSALS += refused("ModifySecurityGroupConfiguration", {**DEMO, "SecurityGroupId": "sg-1"},
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("MariaDB", "403 IncorrectDBInstanceEngine", MARIADB),
    row("stopped", "403 IncorrectDBInstanceState", STOPPED),
    row("locked", "403 IncorrectDBInstanceLockMode", LOCKED),
    row("odd id", "400 InvalidParameter", SecurityGroupId="group-1"),
    row("eleven", "400 InvalidParameter",
        SecurityGroupId=",".join(f"sg-{n}" for n in range(11))),
)
REFUSALS += refused("ModifySecurityGroupConfiguration", DEMO,
    row("no group", "400 MissingParameter"),
)
REFUSALS += refused("MigrateSecurityIPMode", DEMO,
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    row("stopped", "403 IncorrectDBInstanceState", STOPPED),
    row("locked", "403 IncorrectDBInstanceLockMode", LOCKED),
)
REFUSALS += refused("ModifySQLCollectorRetention", {**DEMO, "ConfigValue": "30"},
    row("no days", "400 MissingParameter", ConfigValue=""),
    row("a week", "400 InvalidParameter", ConfigValue="7"),
    row("a year of PostgreSQL", "400 InvalidParameter", POSTGRESQL, ConfigValue="365"),
    row("MariaDB", "403 IncorrectDBInstanceEngine", MARIADB),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
)
REFUSALS += refused("ModifyDasInstanceConfig",
    {**DEMO, "StorageAutoScale": "Enable", "StorageThreshold": "10",
        "StorageUpperBound": "200"},
    *(row(f"no {name}", "400 MissingParameter", **{name: ""})
      for name in ("StorageAutoScale", "StorageThreshold", "StorageUpperBound")),
    row("odd switch", "400 InvalidParameter", StorageAutoScale="On"),
    row("odd threshold", "400 InvalidParameter", StorageThreshold="15"),
    row("less than there is", "400 InvalidParameter", StorageUpperBound="50"),
    row("more than there may be", "400 InvalidParameter", StorageUpperBound="32001"),
    row("stopped", "403 OperationDenied.DBInstanceStatus", STOPPED),
    row("locked", "403 OperationDenied.LockMode", LOCKED),
    row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
)
for named in ("DescribeSecurityGroupConfiguration", "DescribeSQLCollectorRetention",
              "DescribeDBInstanceEncryptionKey"):
    REFUSALS += refused(named, DEMO,
        row("no instance", "400 MissingParameter", DBInstanceId=""),
        row("unknown instance", "404 InvalidDBInstanceId.NotFound", DBInstanceId="rm-none"),
    )
REFUSALS += refused("DescribeDBInstanceEncryptionKey", DEMO,
    row("MariaDB", "400 InstanceEngineType.NotSupport", MARIADB),
)
REFUSALS += refused("DescribeInstanceLinkedWhitelistTemplate", {"InsName": "rm-none"},
    row("unknown instance", "404 InvalidDBInstanceName.NotFound"),
    row("no instance", "400 MissingParameter", InsName=""),
)
REFUSALS += refused("DescribeSlots", DEMO,
    row("MySQL", "403 IncorrectDBInstanceEngine"),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
)
REFUSALS += refused("DescribeCrossRegionBackups", DEMO,
    row("no region", "400 MissingParameter", RegionId=""),
    row("odd id", "400 InvalidParameter", CrossBackupId="x"),
    row("start in minutes", "400 InvalidStartTime.Format", StartTime="2026-11-10T10:02Z"),
    row("end in minutes", "400 InvalidEndTime.Format", EndTime="2026-11-10T10:02Z"),
    row("end before start", "400 InvalidParameterCombination",
        StartTime="2026-11-10T10:02:00Z", EndTime="2026-11-10T10:00:00Z"),
    row("odd page", "400 InvalidParameter", PageSize="31"),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", DBInstanceId="rm-none"),
)
REFUSALS += refused("DescribeAvailableCrossRegion", {},
    row("no region", "400 MissingParameter", RegionId=""),
)
REFUSALS += refused("DescribeParameterGroups", {},
    row("no region", "400 MissingParameter", RegionId=""),
    row("odd detail", "400 InvalidParameter", EnableDetail="perhaps"),
)
REFUSALS += refused("DescribeParameterGroup", {"ParameterGroupId": "rpg-1"},
    row("no region", "400 MissingParameter", RegionId=""),
    row("no template", "400 MissingParameter", ParameterGroupId=""),
    row("unknown template", "404 ParamGroupsNotExistError"),
)
REFUSALS += refused("ListClasses", {"CommodityCode": "bards", "OrderType": "BUY"},
    *COMMODITIES,
    row("no commodity", "400 MissingParameter", CommodityCode=""),
    row("no order", "400 MissingParameter", OrderType=""),
    row("odd order", "400 InvalidParameter", OrderType="STEAL"),
    row("odd engine", "400 InvalidParameter", Engine="Oracle"),
)
REFUSALS += refused("DescribeClassDetails",
    {"ClassCode": "mysql.n2.medium.2c", "CommodityCode": "bards", "Engine": "MySQL",
        "EngineVersion": "8.0"},
    *COMMODITIES,
    *(row(f"no {name}", "400 MissingParameter", **{name: ""})
      for name in ("RegionId", "ClassCode", "CommodityCode", "Engine", "EngineVersion")),
    row("unknown class", "400 InvalidDBInstanceClass.NotFound", ClassCode="mysql.n9.large.2c"),
)
REFUSALS += refused("DescribeDBInstancesByExpireTime", {},
    row("half a year and a day", "400 InvalidParameter", ExpirePeriod="181"),
    row("odd expiry", "400 InvalidExpired.Format", Expired="perhaps"),
    row("large page", "400 InvalidParameter", PageSize="101"),
    row("unknown region", "404 InvalidRegionId.NotFound", RegionId="cn-x"),
)
REFUSALS += refused("DescribeDBInstancesForClone", {},
    row("no region", "400 MissingParameter", RegionId=""),
    row("unknown instance", "404 InvalidDBInstanceName.NotFound", CurrentInstanceId="rm-none"),
    row("odd node", "400 InvalidParameter", NodeType="Third"),
    row("large page", "400 InvalidParameter", PageSize="101"),
)
REFUSALS += refused("DescribeEndpoints",
    {"Version": "2015-06-12", "Id": "cn-hangzhou", "ServiceCode": "rds"},
    row("no region", "400 MissingParameter", Id=""),
    row("no product", "400 MissingParameter", ServiceCode=""),
    row("odd type", "400 InvalidParameter", Type="outerAPI"),
    row("unknown product", "400 Illegal Parameter", ServiceCode="ecs"),
    row("unknown region", "404 InvalidRegionId", Id="cn-x"),
)
LONG = "x" * 129
REFUSALS += refused("CreateVpc", {"Version": "2016-04-28", "CidrBlock": "10.0.0.0/16"},
    row("no region", "400 MissingParameter", RegionId=""),
    row("unknown region", "404 InvalidRegionId.NotFound", RegionId="cn-x"),
    row("no range", "400 InvalidParameter", CidrBlock="ten"),
    row("bits of hosts", "400 InvalidParameter", CidrBlock="10.0.0.1/16"),
    row("small range", "400 InvalidParameter", CidrBlock="10.0.0.0/29"),
    row("reserved range", "400 InvalidParameter", CidrBlock="100.64.0.0/16"),
    row("long name", "400 InvalidVpcName.Malformed", VpcName=LONG),
    row("URL as name", "400 InvalidVpcName.Malformed", VpcName="http://vpc"),
    row("URL as description", "400 InvalidVpcDiscription.Malformed", Description="https://v"),
    row("four user ranges", "400 InvalidParameter", UserCidr=",".join(["192.0.2.0/24"] * 4)),
    row("system tag", "400 IllegalParam.TagKey", Tag__1__Key="acs:x", Tag__1__Value="y"),
    row("long tag", "400 IllegalParam.TagValue", Tag__1__Key="x", Tag__1__Value=LONG),
    row("IPv6", "501 EmulatorNotImplemented", EnableIpv6="true"),
    row("dry run", "400 DryRunOperation", DryRun="true"),
)
REFUSALS += refused("ModifyVpcAttribute", {"Version": "2016-04-28", "VpcId": "vpc-demo"},
    row("no VPC", "400 MissingParameter", VpcId=""),
    row("unknown VPC", "404 InvalidVpcId.NotFound", VpcId="vpc-none"),
    row("another region's", "404 InvalidVpcId.NotFound", RegionId="cn-shanghai"),
    row("long name", "400 InvalidVpcName.Malformed", VpcName=LONG),
    row("range without its vSwitches", "400 InvalidParameter", CidrBlock="10.200.0.0/16"),
    row("IPv6", "501 EmulatorNotImplemented", EnableIPv6="true"),
)
REFUSALS += refused("DeleteVpc", {"Version": "2016-04-28", "VpcId": "vpc-demo"},
    row("no VPC", "400 MissingParameter", VpcId=""),
    row("unknown VPC", "404 InvalidVpcId.NotFound", VpcId="vpc-none"),
    row("vSwitches", "400 DependencyViolation.VSwitch"),
    row("odd force", "400 InvalidParameter", ForceDelete="perhaps"),
)
REFUSALS += refused("DescribeVpcs", {"Version": "2016-04-28"},
    row("no region", "400 MissingParameter", RegionId=""),
    row("large page", "400 InvalidParameter", PageSize="51"),
    row("DHCP options", "501 EmulatorNotImplemented", DhcpOptionsSetId="dopt-1"),
)
REFUSALS += refused("DescribeVpcAttribute", {"Version": "2016-04-28"},
    row("no VPC", "400 MissingParameter"),
    row("unknown VPC", "404 InvalidVpcId.NotFound", VpcId="vpc-none"),
)
REFUSALS += refused("DescribeRouteTableList", {"Version": "2016-04-28"},
    row("no region", "400 MissingParameter", RegionId=""),
    row("odd router", "400 InvalidParameter", RouterType="Bus"),
)
REFUSALS += refused("CreateVSwitch",
    {"Version": "2016-04-28", "VpcId": "vpc-demo", "ZoneId": "cn-hangzhou-h",
        "CidrBlock": "10.0.20.0/24"},
    *(row(f"no {name}", "400 MissingParameter", **{name: ""})
      for name in ("VpcId", "ZoneId", "CidrBlock")),
    row("unknown VPC", "404 InvalidVpcId.NotFound", VpcId="vpc-none"),
    row("unknown zone", "404 InvalidZoneId.NotFound", ZoneId="cn-hangzhou-z"),
    row("outside", "400 InvalidParameter", CidrBlock="192.168.0.0/24"),
    row("large range", "400 InvalidParameter", CidrBlock="10.0.0.0/8"),
    row("small range", "400 InvalidParameter", CidrBlock="10.0.20.0/30"),
    row("overlap", "400 InvalidCidrBlock.Overlapped", CidrBlock="10.0.0.128/25"),
    row("long name", "400 InvalidVSwitchName.Malformed", VSwitchName=LONG),
    row("URL as description", "400 InvalidVSwitchDiscription.Malformed", Description="http://v"),
    row("IPv6", "501 EmulatorNotImplemented", Ipv6CidrBlock="8"),
)
REFUSALS += refused("ModifyVSwitchAttribute",
    {"Version": "2016-04-28", "VSwitchId": "vsw-demo-h"},
    row("no vSwitch", "400 MissingParameter", VSwitchId=""),
    row("unknown vSwitch", "404 InvalidVSwitchId.NotFound", VSwitchId="vsw-none"),
    row("long name", "400 InvalidVSwitchName.Malformed", VSwitchName=LONG),
)
REFUSALS += refused("DeleteVSwitch", {"Version": "2016-04-28", "VSwitchId": "vsw-demo-h"},
    row("no vSwitch", "400 MissingParameter", VSwitchId=""),
    row("unknown vSwitch", "404 InvalidVSwitchId.NotFound", VSwitchId="vsw-none"),
    row("instances in it", "400 DependencyViolation"),
    row("dry run of an empty one", "400 DryRunOperation", VSwitchId="vsw-demo-j", DryRun="true"),
)
REFUSALS += refused("DescribeVSwitchAttributes", {"Version": "2016-04-28"},
    row("no vSwitch", "400 MissingParameter"),
    row("unknown vSwitch", "404 InvalidVswitchID.NotFound", VSwitchId="vsw-none"),
)
NETWORK = {"Version": "2016-04-28", "ResourceType": "VPC", "ResourceId__1": "vpc-demo"}
REFUSALS += refused("TagResources",
    {**NETWORK, "Tag__1__Key": "team", "Tag__1__Value": "a"},
    row("network: no key", "400 IllegalParam.TagKey", Tag__1__Key=""),
    row("network: odd type", "400 InvalidParameter", ResourceType="EIP"),
    row("network: unknown VPC", "404 InvalidVpcId.NotFound", ResourceId__1="vpc-none"),
    row("network: no resource", "400 MissingParameter", ResourceId__1=""),
    row("network: system tag", "400 IllegalParam.TagKey", Tag__1__Key="aliyun-x"),
)
REFUSALS += refused("UnTagResources", NETWORK,
    row("network: no key", "400 MissingParameter"),
)
REFUSALS += refused("ListTagResources", {"Version": "2016-04-28", "ResourceType": "VPC"},
    row("network: neither resource nor tag", "400 MissingParameter"),
)
REFUSALS += refused("CloneDBInstance", {"Version": "2016-04-28"},
    row("action of RDS", "501 EmulatorNotImplemented", RegionId=""),
)
# fmt: on


@pytest.fixture(scope="module")
def world() -> Iterator[Emulator]:
    """
    Return a demo emulator with what only a refusal needs; no row changes it.
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
        running.add("rm-mine")
        running.add("rm-hba", **WITH_SSL)
        for status in MIGRATING:
            running.add(f"rm-{status}", status=status)
        for status in UNFINISHED:
            task = {"task_id": "1", "created": "now-1h", "status": status}
            running.add(f"rm-{status}", engine="SQLServer", migrations=[task])
        for name in ("rm-crowded", "rm-narrow-2", "rm-narrow-3", "rm-narrow-4"):
            running.add(name, region="cn-narrow", backups=[{"id": "9201", "started": "now-1d"}])
        large = {"id": "9001", "started": "now-1d", "meta_status": "LARGE"}
        running.add("rm-large", backups=[large])
        running.add("rm-alone", region="cn-tiny", backups=[{"id": "9101", "started": "now-1d"}])
        yield running


@pytest.fixture
def client(world: Emulator, case: Row) -> Iterator[Client]:
    """
    Return a client of that world, or of one with an instance of the case's fields.
    """
    if case.fields is None:
        yield Client(world)
        return
    with Emulator(speed=0) as running:
        running.add("rm-mine", **case.fields)
        yield Client(running)


@pytest.mark.parametrize(("action", "given", "case"), REFUSALS)
def test_faulty_request_is_refused_and_changes_nothing(
    client: Client, action: str, given: dict[str, str], case: Row
) -> None:
    if case.fields is not None:
        name = "DbInstanceId" if "DbInstanceId" in given else "DBInstanceId"
        given = {**given, name: "rm-mine"}
    before = client.emulator.instances()

    status, code = client.call(action, **given).refusal

    assert case.refusal == f"{status} {code}"
    assert before == client.emulator.instances()
