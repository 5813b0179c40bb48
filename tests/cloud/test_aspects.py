"""
Each aspect of a clone: the calls that change it, and what the answers tell of it.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest

from pulumi_rdsclone.cloud.aspects import CODECS
from pulumi_rdsclone.cloud.aspects.accounts import read_accounts
from pulumi_rdsclone.cloud.aspects.backups import read_backup_policy
from pulumi_rdsclone.cloud.aspects.billing import read_renewal
from pulumi_rdsclone.cloud.aspects.codec import Request
from pulumi_rdsclone.cloud.aspects.encryption import read_encryption, read_ssl
from pulumi_rdsclone.cloud.aspects.endpoints import read_endpoints, read_private_address
from pulumi_rdsclone.cloud.aspects.engine_settings import read_hba, read_parameters
from pulumi_rdsclone.cloud.aspects.instance_settings import read_audit, read_monitoring
from pulumi_rdsclone.cloud.aspects.whitelist import read_whitelist
from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.reading import Answer
from pulumi_rdsclone.domain.accounts import CLOSED, DatabaseAccount
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange, fields_in
from pulumi_rdsclone.domain.errors import ApiError, ConflictError
from pulumi_rdsclone.domain.model import leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec
from rds_emulator import Emulator
from tests.cloud.stub import Connect, answer_of, stub, unsigned
from tests.domain.samples import SOURCE, alteration
from tests.support.rows import case, row

PUBLIC: Final = AspectReading(
    fields={
        "network.public_endpoint": True,
        "network.public_connection_prefix": "open",
        "network.public_port": 3306,
    },
    public_host="open.mysql.rds.aliyuncs.com",
)
MYSQL: Final = "rm-demo-mysql80"
POSTGRESQL: Final = "rm-demo-postgresql16"
SQL_SERVER: Final = "rm-demo-sqlserver2022"
MARIADB: Final = "rm-demo-mariadb106"
SUBSCRIPTION: Final = "rm-demo-subscription"
PASSWORD: Final = "Secret-1"  # noqa: S105 - no secret
OTHER_PASSWORD: Final = "Secret-2"  # noqa: S105 - no secret


PG_INSTANCE: Final = answer_of(
    Items={"DBInstanceAttribute": [{"DBInstanceId": "pgm-1", "Engine": "PostgreSQL"}]}
)
PG_ACCOUNTS: Final = answer_of(
    Accounts={
        "DBInstanceAccount": [
            {"AccountName": name, "DatabasePrivileges": {"DatabasePrivilege": []}}
            for name in ("app", "idle")
        ]
    }
)

LOCAL_LOGS: Final = {
    "LocalLogRetentionHours": "18",
    "LocalLogRetentionSpace": "30",
    "HighSpaceUsageProtection": "Enable",
}
BACKUPS: Final = AspectReading(
    fields={
        "backup_policy.days": ["Monday", "Thursday"],
        "backup_policy.time": "02:00Z-03:00Z",
        "backup_policy.retention_days": 10,
        "backup_policy.log_backup": True,
        "backup_policy.log_retention_days": 8,
    },
    local_logs=LOCAL_LOGS,
)
NO_LOGS: Final = replace(BACKUPS, fields={**BACKUPS.fields, "backup_policy.log_backup": False})
SERVERLESS: Final = {"capacity.serverless.min_rcu": 1, "capacity.serverless.max_rcu": 4}


def _whitelist(name: str, addresses: str, mode: str = "Cover") -> Request:
    return "ModifySecurityIps", {
        "DBInstanceIPArrayName": name,
        "SecurityIps": addresses,
        "ModifyMode": mode,
    }


def _endpoint(current: str, prefix: str, port: str) -> Request:
    return "ModifyDBInstanceConnectionString", {
        "CurrentConnectionString": f"{current}.mysql.rds.aliyuncs.com",
        "ConnectionStringPrefix": prefix,
        "Port": port,
    }


def _account(action: str, name: str = "ci", **parameters: str) -> Request:
    return action, {"AccountName": name, **parameters}


def _until_available(name: str = "ci") -> Request:
    return _account("DescribeAccounts", name)


def paths(prefix: str, **values: Any) -> dict[str, Any]:
    """
    Return *values* by their dotted paths below *prefix*.
    """
    return {f"{prefix}.{name}": value for name, value in values.items()}


def call(action: str, **parameters: str) -> Request:
    return action, parameters


def untag(key: str) -> Request:
    of_source = {"ResourceType": "INSTANCE", "ResourceId.1": "rm-source"}
    return "UntagResources", {**of_source, "TagKey.1": key}


def tag(tags: Mapping[str, str]) -> Request:
    parameters = {"ResourceType": "INSTANCE", "ResourceId.1": "rm-source"}
    for number, (key, value) in enumerate(tags.items(), 1):
        parameters |= {f"Tag.{number}.Key": key, f"Tag.{number}.Value": value}
    return "TagResources", parameters


def login(password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    return {"password": password, **more}


def change(case: str, aspect: Aspect | str) -> Callable[..., Any]:
    """
    Return what makes the row of a change: of the old values, the new ones and the requests.
    """
    return lambda old, new, *requests: row(case, aspect, old, new, list(requests))


def kept(case: str, instance: str, aspect: Aspect) -> Callable[..., Any]:
    """
    Return what makes the row of a change: of the new values, and of what is read where it differs.
    """
    return lambda new, told=None: row(case, instance, aspect, new, told or new)


def _accounts(**entries: Mapping[str, Any]) -> dict[str, Any]:
    return {"accounts": entries}


def _granted(database: str, privilege: str, name: str = "ci") -> Request:
    return _account("GrantAccountPrivilege", name, DBName=database, AccountPrivilege=privilege)


def _created(name: str = "ci", kind: str = "Normal", **more: str) -> Request:
    return _account("CreateAccount", name, AccountPassword=PASSWORD, AccountType=kind, **more)


def _reset(password: str) -> Request:
    return _account("ResetAccountPassword", AccountPassword=password)


def _revoked(database: str) -> Request:
    return _account("RevokeAccountPrivilege", DBName=database)


def _ssl(**parameters: str) -> Request:
    endpoint = {"ConnectionString": "rm-source.mysql.rds.aliyuncs.com"}
    return "ModifyDBInstanceSSL", {**endpoint, **parameters}


def _spec(**parameters: str) -> Request:
    return "ModifyDBInstanceSpec", {"PayType": "Postpaid", **parameters}


def _range(**limits: float) -> Request:
    return _spec(
        Category="HighAvailability",
        Direction="Serverless",
        ServerlessConfiguration=json.dumps(limits),
    )


def _data_backup(**changes: str) -> Request:
    return "ModifyBackupPolicy", {
        "BackupPolicyMode": "DataBackupPolicy",
        "PreferredBackupPeriod": "Monday,Thursday",
        "PreferredBackupTime": "02:00Z-03:00Z",
        "BackupRetentionPeriod": "10",
        **changes,
    }


def _log_backup(**changes: str) -> Request:
    return "ModifyBackupPolicy", {
        "BackupPolicyMode": "LogBackupPolicy",
        "BackupLog": "Enable",
        "EnableBackupLog": "1",
        "LogBackupRetentionPeriod": "8",
        **LOCAL_LOGS,
        **changes,
    }


def _hba(*items: Mapping[str, str]) -> Request:
    named = {
        f"HbaItem.{number}.{name}": value
        for number, item in enumerate(items, 1)
        for name, value in item.items()
    }
    return "ModifyPGHbaConfig", {"OpsType": "update", **named}


def _parameters(values: Mapping[str, str], restart: str = "false") -> Request:
    return "ModifyParameter", {"Parameters": json.dumps(values), "Forcerestart": restart}


_encryption = partial(call, "ModifyDBInstanceTDE")
_allocate = partial(call, "AllocateInstancePublicConnection")
_network = partial(call, "SwitchDBInstanceVpc")
_renewal = partial(call, "ModifyInstanceAutoRenewalAttribute")
_modes = partial(call, "ModifyDBInstanceHAConfig", DbInstanceId="rm-source")
read_modes: Final = CODECS[Aspect.HIGH_AVAILABILITY].read
read_probe: Final = CODECS[Aspect.TCP_CONNECTION].read

ROLE: Final = "acs:ram::1:role/rds"
SMALL: Final = paths("capacity", instance_class="small", storage_gb=100)
PRIVATE: Final = paths("network", connection_prefix="rm-source", port=3306)
NETWORK: Final = paths(
    "network", vpc_id="vpc-1", vswitch_ids=["vsw-1"], private_ip_address="10.0.0.7"
)
NOT_PUBLIC: Final = {"network.public_endpoint": False}
RENEWED: Final = paths("payment", auto_renew=True, auto_renew_months=3)
NOT_RENEWED: Final = {"payment.auto_renew": False}
GRANTS: Final = {"shop": "ReadWrite", "crm": "ReadOnly"}
CERTIFICATES: Final = paths(
    "ssl",
    enabled=True,
    ca_type="custom",
    server_cert="certificate",
    client_ca_cert="authority",
    client_cert_revocation_list="revoked",
    acl="prefer",
)
HBA_ITEM: Final = {
    "Type": "hostssl",
    "Database": "shop",
    "User": "ci",
    "Address": "10.1.0.0",
    "Mask": "255.255.0.0",
    "Method": "cert",
    "Option": "map=ci",
}
LINE: Final = {name.lower(): value for name, value in HBA_ITEM.items()}


def test_every_aspect_has_a_codec() -> None:
    assert set(Aspect) == set(CODECS)


@pytest.mark.parametrize(
    ("aspect", "old", "new", "requests"),
    [
        change("a group more, one less, which goes first for the limits", Aspect.WHITELIST)(
            {"security_ips": {"default": ["10.0.0.0/8"], "web": ["10.1.0.1"]}},
            {"security_ips": {"default": ["10.0.0.0/8"], "app": ["10.2.0.1", "::1"]}},
            _whitelist("web", "10.1.0.1", "Delete"),
            _whitelist("app", "10.2.0.1,::1"),
        ),
        change("the default group is emptied before another one comes", Aspect.WHITELIST)(
            {"security_ips": {"default": ["0.0.0.0/0"]}},
            {"security_ips": {"app": ["10.2.0.1"], "default": ["127.0.0.1"]}},
            _whitelist("default", "127.0.0.1"),
            _whitelist("app", "10.2.0.1"),
        ),
        change("no other accounts: one goes first, one last, one is closed", Aspect.ACCOUNTS)(
            AspectReading(
                all_accounts={
                    "owner": DatabaseAccount(type="Super"),
                    "shop": DatabaseAccount(type="Normal"),
                    "shut": DatabaseAccount(type="Normal", description=CLOSED),
                }
            ),
            {**_accounts(dba=login(type="Super")), "accounts_exclusive": True},
            _account("DeleteAccount", "owner"),
            _created("dba", "Super"),
            _until_available("dba"),
            _account("DeleteAccount", "shop"),
        ),
        change("a tag more, one less, one changed", Aspect.TAGS)(
            {"tags": {"a": "1", "b": "2", "c": "3"}},
            {"tags": {"a": "1", "b": "two", "d": "4"}},
            untag("c"),
            tag({"b": "two", "d": "4"}),
        ),
        change("the description", Aspect.DESCRIPTION)(
            {"description": "old"},
            {"description": "staging"},
            call("ModifyDBInstanceDescription", DBInstanceDescription="staging"),
        ),
        change("the protection", Aspect.DELETION_PROTECTION)(
            {"deletion_protection": True},
            {"deletion_protection": False},
            call("ModifyDBInstanceDeletionProtection", DeletionProtection="false"),
        ),
        change("the maintenance window", Aspect.MAINTENANCE_WINDOW)(
            {},
            {"maintenance_window": "18:00Z-22:00Z"},
            call("ModifyDBInstanceMaintainTime", MaintainTime="18:00Z-22:00Z"),
        ),
        change("a port alone: the prefix is sent as it is", Aspect.ENDPOINT)(
            PRIVATE, {"network.port": 3307}, _endpoint("rm-source", "rm-source", "3307")
        ),
        change("a prefix alone: the port is sent as it is", Aspect.ENDPOINT)(
            PRIVATE,
            {"network.connection_prefix": "staging"},
            _endpoint("rm-source", "staging", "3306"),
        ),
        change("a public endpoint, named after the private one", Aspect.PUBLIC_ENDPOINT)(
            NOT_PUBLIC,
            {"network.public_endpoint": True},
            _allocate(ConnectionStringPrefix="rm-source-public", Port="3306"),
        ),
        change("a public endpoint as declared", Aspect.PUBLIC_ENDPOINT)(
            NOT_PUBLIC,
            paths(
                "network", public_endpoint=True, public_connection_prefix="open", public_port=3307
            ),
            _allocate(ConnectionStringPrefix="open", Port="3307"),
        ),
        change("another public port", Aspect.PUBLIC_ENDPOINT)(
            PUBLIC,
            paths("network", public_endpoint=True, public_port=3307),
            _endpoint("open", "open", "3307"),
        ),
        change("no public endpoint any more", Aspect.PUBLIC_ENDPOINT)(
            PUBLIC,
            NOT_PUBLIC,
            call(
                "ReleaseInstancePublicConnection",
                CurrentConnectionString="open.mysql.rds.aliyuncs.com",
            ),
        ),
        change("a port of no public endpoint", Aspect.PUBLIC_ENDPOINT)(
            NOT_PUBLIC, paths("network", public_endpoint=False, public_port=3307)
        ),
        change("new accounts", Aspect.ACCOUNTS)(
            {},
            _accounts(ci=login(), app=login(type="Super", description="of shop")),
            _created("app", "Super", AccountDescription="of shop"),
            _until_available("app"),
            _created(),
            _until_available(),
        ),
        change("a new account with its privileges, described once", Aspect.ACCOUNTS)(
            {},
            _accounts(ci=login(description="pipeline", privileges=GRANTS)),
            _created(AccountDescription="pipeline"),
            _until_available(),
            _granted("crm", "ReadOnly"),
            _granted("shop", "ReadWrite"),
        ),
        change("an inherited account gets the password", Aspect.ACCOUNTS)(
            _accounts(ci={"type": "Normal", "description": ""}),
            _accounts(ci=login()),
            _reset(PASSWORD),
            _until_available(),
        ),
        change("the same password", Aspect.ACCOUNTS)(
            _accounts(ci=login(description="", privileges={})), _accounts(ci=login())
        ),
        change("another password of one account", Aspect.ACCOUNTS)(
            _accounts(ci=login(), app=login()),
            _accounts(ci=login(OTHER_PASSWORD), app=login()),
            _reset(OTHER_PASSWORD),
            _until_available(),
        ),
        change("another description", Aspect.ACCOUNTS)(
            _accounts(ci=login(description="old")),
            _accounts(ci=login(description="pipeline")),
            _account("ModifyAccountDescription", AccountDescription="pipeline"),
        ),
        change("the same description", Aspect.ACCOUNTS)(
            _accounts(ci=login(description="pipeline")), _accounts(ci=login(description="pipeline"))
        ),
        change("privileges: one kept, one replaced, one more, one less", Aspect.ACCOUNTS)(
            _accounts(ci=login(privileges={**GRANTS, "old": "ReadOnly"})),
            _accounts(ci=login(privileges={**GRANTS, "crm": "DBOwner", "new": "ReadOnly"})),
            _granted("crm", "DBOwner"),
            _granted("new", "ReadOnly"),
            _revoked("old"),
        ),
        change("no privileges any more", Aspect.ACCOUNTS)(
            _accounts(ci=login(privileges={"shop": "ReadWrite"})),
            _accounts(ci=login(privileges={})),
            _revoked("shop"),
        ),
        change("privileges of which nothing is said", Aspect.ACCOUNTS)(
            _accounts(ci=login(privileges={"shop": "ReadWrite"})),
            _accounts(ci=login(OTHER_PASSWORD)),
            _reset(OTHER_PASSWORD),
            _until_available(),
        ),
        change("SSL on", Aspect.SSL)(
            {"ssl.enabled": False}, {"ssl.enabled": True}, _ssl(SSLEnabled="1")
        ),
        change("SSL off: whatever else is said", Aspect.SSL)(
            paths("ssl", enabled=True, acl="cert", force_encryption=True),
            paths(
                "ssl",
                enabled=False,
                ca_type="custom",
                server_key="key",
                client_ca_cert="",
                force_encryption=False,
            ),
            _ssl(SSLEnabled="0"),
        ),
        change("SSL with all that PostgreSQL takes", Aspect.SSL)(
            paths("ssl", enabled=True, acl="cert"),
            {**CERTIFICATES, **paths("ssl", server_key="key", replication_acl="verify-full")},
            _ssl(
                SSLEnabled="1",
                CAType="custom",
                ServerCert="certificate",
                ServerKey="key",
                ClientCAEnabled="1",
                ClientCACert="authority",
                ClientCrlEnabled="1",
                ClientCertRevocationList="revoked",
                ACL="prefer",
                ReplicationACL="verify-full",
            ),
        ),
        change("certificate and key are sent again", Aspect.SSL)(
            paths("ssl", enabled=True, server_cert="certificate", server_key="key", acl="cert"),
            paths("ssl", enabled=True, server_cert="certificate", server_key="key", acl="prefer"),
            _ssl(SSLEnabled="1", ServerCert="certificate", ServerKey="key", ACL="prefer"),
        ),
        change("clients are not verified any more", Aspect.SSL)(
            paths("ssl", enabled=True, client_ca_cert="authority"),
            paths("ssl", enabled=True, client_ca_cert="", client_cert_revocation_list=""),
            _ssl(SSLEnabled="1", ClientCAEnabled="0", ClientCrlEnabled="0"),
        ),
        change("plain connections are let in again", Aspect.SSL)(
            paths("ssl", enabled=True, force_encryption=True),
            paths("ssl", enabled=True, force_encryption=False, tls_version="1.2"),
            _ssl(SSLEnabled="1", ForceEncryption="0", TlsVersion="1.2"),
        ),
        change("plain connections are refused", Aspect.SSL)(
            {"ssl.enabled": True},
            paths("ssl", enabled=True, force_encryption=True),
            _ssl(SSLEnabled="1", ForceEncryption="1"),
        ),
        change("encryption by the cloud's key", Aspect.ENCRYPTION)(
            {"encryption.enabled": False},
            {"encryption.enabled": True},
            _encryption(TDEStatus="Enabled"),
        ),
        change("encryption by one's own key", Aspect.ENCRYPTION)(
            {"encryption.enabled": False},
            paths("encryption", enabled=True, key="key-1", role_arn=ROLE),
            _encryption(TDEStatus="Enabled", EncryptionKey="key-1", RoleArn=ROLE),
        ),
        change("no encryption, whatever the key", Aspect.ENCRYPTION)(
            paths("encryption", enabled=True, key="key-1"),
            paths("encryption", enabled=False, key="key-1"),
            _encryption(TDEStatus="Disabled"),
        ),
        change("a class alone", Aspect.CAPACITY)(
            SMALL,
            paths("capacity", instance_class="large", storage_gb=100),
            _spec(DBInstanceClass="large"),
        ),
        change("a larger disk alone", Aspect.CAPACITY)(
            SMALL, {"capacity.storage_gb": 150}, _spec(DBInstanceStorage="150")
        ),
        change("a class and a larger disk, at once", Aspect.CAPACITY)(
            SMALL,
            paths("capacity", instance_class="large", storage_gb=150),
            _spec(DBInstanceClass="large", DBInstanceStorage="150"),
        ),
        change("a class beside a disk that has become larger by hand", Aspect.CAPACITY)(
            SMALL,
            paths("capacity", instance_class="large", storage_gb=95),
            _spec(DBInstanceClass="large"),
        ),
        change("a faster disk", Aspect.STORAGE_TYPE)(
            {"capacity.storage_type": "cloud_essd"},
            {"capacity.storage_type": "cloud_essd2"},
            _spec(DBInstanceStorageType="cloud_essd2"),
        ),
        change("a serverless range: all of it in one text", Aspect.SERVERLESS)(
            {**SERVERLESS, "capacity.serverless.auto_pause": False},
            paths("capacity.serverless", max_rcu=8, switch_force=True),
            _range(MinCapacity=1, MaxCapacity=8, AutoPause=False, SwitchForce=True),
        ),
        change("a serverless range without switches", Aspect.SERVERLESS)(
            SERVERLESS,
            paths("capacity.serverless", min_rcu=0.5, max_rcu=4),
            _range(MinCapacity=0.5, MaxCapacity=4),
        ),
        change("a subscription", Aspect.PAYMENT)(
            {"payment.type": "PayAsYouGo"},
            paths("payment", type="Subscription", period="Year", duration=2),
            call("TransformDBInstancePayType", PayType="Prepaid", Period="Year", UsedTime="2"),
        ),
        change("by the hour again, for no time", Aspect.PAYMENT)(
            {"payment.type": "Subscription"},
            paths("payment", type="PayAsYouGo", period="Year", duration=2),
            call("TransformDBInstancePayType", PayType="Postpaid"),
        ),
        change("renewed for three months each time", Aspect.AUTO_RENEWAL)(
            NOT_RENEWED, RENEWED, _renewal(AutoRenew="True", Duration="3")
        ),
        change("renewed by the month, where nothing is said", Aspect.AUTO_RENEWAL)(
            NOT_RENEWED, {"payment.auto_renew": True}, _renewal(AutoRenew="True", Duration="1")
        ),
        change("for longer each time", Aspect.AUTO_RENEWAL)(
            RENEWED, {"payment.auto_renew_months": 6}, _renewal(AutoRenew="True", Duration="6")
        ),
        change("not renewed, for no months", Aspect.AUTO_RENEWAL)(
            RENEWED,
            paths("payment", auto_renew=False, auto_renew_months=3),
            _renewal(AutoRenew="False"),
        ),
        change("another network", Aspect.NETWORK)(
            paths("network", vpc_id="vpc-1", vswitch_ids=["vsw-1"]),
            paths("network", vpc_id="vpc-2", vswitch_ids=["vsw-2"], private_ip_address="10.2.0.7"),
            _network(VPCId="vpc-2", VSwitchId="vsw-2", PrivateIpAddress="10.2.0.7"),
        ),
        change("another address in the same network", Aspect.NETWORK)(
            NETWORK,
            {"network.private_ip_address": "10.0.0.8"},
            _network(VPCId="vpc-1", VSwitchId="vsw-1", PrivateIpAddress="10.0.0.8"),
        ),
        change("another vSwitch: the old address is not of it", Aspect.NETWORK)(
            NETWORK, {"network.vswitch_ids": ["vsw-2"]}, _network(VPCId="vpc-1", VSwitchId="vsw-2")
        ),
        change("a resource group", Aspect.RESOURCE_GROUP)(
            {"resource_group_id": "rg-1"},
            {"resource_group_id": "rg-2"},
            call("ModifyResourceGroup", ResourceGroupId="rg-2"),
        ),
        change("how minor versions come", Aspect.MINOR_VERSION)(
            {"minor_version_upgrade": "Auto"},
            {"minor_version_upgrade": "Manual"},
            call("ModifyDBInstanceAutoUpgradeMinorVersion", AutoUpgradeMinorVersion="Manual"),
        ),
        change("a mode alone: the other one is sent as it is", Aspect.HIGH_AVAILABILITY)(
            paths("high_availability", mode="RPO", sync_mode="Sync"),
            {"high_availability.mode": "RTO"},
            _modes(HAMode="RTO", SyncMode="Sync"),
        ),
        change("a mode where the other one is not known", Aspect.HIGH_AVAILABILITY)(
            {}, {"high_availability.sync_mode": "Async"}, _modes(SyncMode="Async")
        ),
        change("how it is probed", Aspect.TCP_CONNECTION)(
            {"tcp_connection_type": "LONG"},
            {"tcp_connection_type": "SHORT"},
            call("ModifyHADiagnoseConfig", TcpConnectionType="SHORT"),
        ),
        change("data backups alone: all of them is sent", Aspect.BACKUP_POLICY)(
            BACKUPS,
            {"backup_policy.days": ["Tuesday", "Friday"]},
            _data_backup(PreferredBackupPeriod="Tuesday,Friday"),
        ),
        change("data backups alone, although all is declared", Aspect.BACKUP_POLICY)(
            BACKUPS,
            {**BACKUPS.fields, "backup_policy.time": "03:00Z-04:00Z"},
            _data_backup(PreferredBackupTime="03:00Z-04:00Z"),
        ),
        change("log backups alone: what stays on the instance is sent again", Aspect.BACKUP_POLICY)(
            BACKUPS,
            {"backup_policy.log_retention_days": 9},
            _log_backup(LogBackupRetentionPeriod="9"),
        ),
        change("no log backups any more", Aspect.BACKUP_POLICY)(
            BACKUPS,
            {"backup_policy.log_backup": False},
            _log_backup(BackupLog="Disabled", EnableBackupLog="0"),
        ),
        change("logs are not kept for longer than data", Aspect.BACKUP_POLICY)(
            NO_LOGS,
            paths("backup_policy", log_backup=True, log_retention_days=30),
            _log_backup(LogBackupRetentionPeriod="10"),
        ),
        change("kept for longer: the data first", Aspect.BACKUP_POLICY)(
            BACKUPS,
            paths("backup_policy", retention_days=20, log_retention_days=15),
            _data_backup(BackupRetentionPeriod="20"),
            _log_backup(LogBackupRetentionPeriod="15"),
        ),
        change("kept for less long: the logs first", Aspect.BACKUP_POLICY)(
            BACKUPS,
            paths("backup_policy", retention_days=7, log_retention_days=7),
            _log_backup(LogBackupRetentionPeriod="7"),
            _data_backup(BackupRetentionPeriod="7"),
        ),
        change("data kept for less long than logs: the logs first", Aspect.BACKUP_POLICY)(
            BACKUPS,
            {"backup_policy.retention_days": 7},
            _log_backup(LogBackupRetentionPeriod="7"),
            _data_backup(BackupRetentionPeriod="7"),
        ),
        change("data kept for less long, and still for longer than logs", Aspect.BACKUP_POLICY)(
            BACKUPS, {"backup_policy.retention_days": 9}, _data_backup(BackupRetentionPeriod="9")
        ),
        change("statements are recorded", Aspect.SQL_AUDIT)(
            {"sql_audit": False},
            {"sql_audit": True},
            call("ModifySQLCollectorPolicy", SQLCollectorStatus="Enable"),
        ),
        change("statements are not recorded", Aspect.SQL_AUDIT)(
            {"sql_audit": True},
            {"sql_audit": False},
            call("ModifySQLCollectorPolicy", SQLCollectorStatus="Disabled"),
        ),
        change("measured more often", Aspect.MONITORING)(
            {"monitoring_period": 300},
            {"monitoring_period": 5},
            call("ModifyDBInstanceMonitor", Period="5"),
        ),
        change("pg_hba: items count from one, priorities from nought", Aspect.PG_HBA)(
            {"pg_hba": []},
            {"pg_hba": [LINE, {"type": "host", "address": "0.0.0.0/0", "method": "reject"}]},
            _hba(
                {"PriorityId": "0", **HBA_ITEM},
                {"PriorityId": "1", "Type": "host", "Address": "0.0.0.0/0", "Method": "reject"},
            ),
        ),
        change("parameters that differ, by their names", Aspect.PARAMETERS)(
            {"parameters": {"a": "1", "b": "2"}},
            {"parameters": {"c": "3", "b": "two", "a": "1"}, "allow_restart": False},
            _parameters({"b": "two", "c": "3"}),
        ),
        change("parameters, with a restart where they take one", Aspect.PARAMETERS)(
            {},
            {"parameters": {"a": "1"}, "allow_restart": True},
            _parameters({"a": "1"}, restart="true"),
        ),
        change("a restart that nothing needs", Aspect.PARAMETERS)(
            {"parameters": {"a": "1", "b": "2"}}, {"parameters": {"a": "1"}, "allow_restart": True}
        ),
        change("a clone that expires", Aspect.EXPIRY)(
            {},
            {"ttl": "48h", "expires_at": "2026-11-22T12:00:00Z"},
            tag({"rdsclone:expires": "2026-11-22T12:00:00Z"}),
        ),
        change("a clone that does not expire any more", Aspect.EXPIRY)(
            {"expires_at": "2026-11-22T12:00:00Z"}, {}, untag("rdsclone:expires")
        ),
        change("switches of the disk, with its size", Aspect.DISK_IO)(
            {"capacity.bursting": False},
            paths("capacity", bursting=True, io_acceleration=True),
            _spec(DBInstanceStorage="100", BurstingEnabled="true", IoAccelerationEnabled="1"),
        ),
        change("one switch of the disk", Aspect.DISK_IO)(
            paths("capacity", bursting=True, io_acceleration=True),
            paths("capacity", bursting=True, io_acceleration=False),
            _spec(DBInstanceStorage="100", IoAccelerationEnabled="0"),
        ),
        change("data kept for exactly as long as logs", Aspect.BACKUP_POLICY)(
            BACKUPS, {"backup_policy.retention_days": 8}, _data_backup(BackupRetentionPeriod="8")
        ),
        change("backups of which nothing is told", Aspect.BACKUP_POLICY)(
            {},
            {"backup_policy.retention_days": 8},
            call(
                "ModifyBackupPolicy", BackupPolicyMode="DataBackupPolicy", BackupRetentionPeriod="8"
            ),
        ),
    ],
)
def test_change_becomes_the_calls_that_it_takes(
    aspect: Aspect,
    old: Mapping[str, Any] | AspectReading,
    new: Mapping[str, Any],
    requests: list[Request],
) -> None:
    assert requests == list(CODECS[aspect].change(alteration(aspect, new, old)))


@pytest.mark.parametrize(
    ("edition", "sent"),
    [
        row("as calls take it", "serverless_basic", {"Category": "serverless_basic"}),
        row("as it is answered", "Serverless_basic", {"Category": "serverless_basic"}),
        row("default", "", {}),
    ],
)
def test_serverless_range_is_changed_with_its_edition(edition: str, sent: dict[str, str]) -> None:
    new = {"capacity.serverless.min_rcu": 1.0, "capacity.serverless.max_rcu": 8.0}
    change = alteration(Aspect.SERVERLESS, new, payment="Serverless", edition=edition)

    assert [
        (
            "ModifyDBInstanceSpec",
            {
                "PayType": "Serverless",
                **sent,
                "Direction": "Serverless",
                "ServerlessConfiguration": '{"MinCapacity": 1.0, "MaxCapacity": 8.0}',
            },
        )
    ] == list(CODECS[Aspect.SERVERLESS].change(change))


@pytest.mark.parametrize(
    ("engine", "old", "new", "requests"),
    [
        change("MariaDB keeps logs for as long as data", "MariaDB")(
            BACKUPS,
            {"backup_policy.log_backup": False},
            call(
                "ModifyBackupPolicy",
                BackupPolicyMode="LogBackupPolicy",
                BackupLog="Disabled",
                EnableBackupLog="0",
                **LOCAL_LOGS,
            ),
        ),
        change("MariaDB for less long", "MariaDB")(
            BACKUPS, {"backup_policy.retention_days": 7}, _data_backup(BackupRetentionPeriod="7")
        ),
        change("SQL Server is told again to back up its logs", "SQLServer")(
            BACKUPS,
            {"backup_policy.days": ["Tuesday", "Friday"]},
            _data_backup(PreferredBackupPeriod="Tuesday,Friday", BackupLog="Enable"),
        ),
        change("SQL Server is told again how often", "SQLServer")(
            replace(NO_LOGS, log_backup_frequency="LogInterval"),
            paths("backup_policy", retention_days=7, log_backup=False),
            _data_backup(BackupRetentionPeriod="7", LogBackupFrequency="LogInterval"),
        ),
        change("SQL Server: its logs, with its data", "SQLServer")(
            NO_LOGS,
            {"backup_policy.log_backup": True},
            _data_backup(BackupLog="Enable"),
        ),
        change("SQL Server: no logs, which the cloud refuses", "SQLServer")(
            BACKUPS, {"backup_policy.log_backup": False}, _data_backup(BackupLog="Disabled")
        ),
    ],
)
def test_backup_policy_is_sent_as_each_engine_takes_it(
    engine: str, old: AspectReading, new: Mapping[str, Any], requests: list[Request]
) -> None:
    change = alteration(Aspect.BACKUP_POLICY, new, old, engine=engine)

    assert requests == list(CODECS[Aspect.BACKUP_POLICY].change(change))


def test_change_of_the_capacity_names_the_billing_method() -> None:
    change = alteration(Aspect.CAPACITY, {"capacity.storage_gb": 150}, payment="Subscription")

    assert [_spec(PayType="Prepaid", DBInstanceStorage="150")] == list(
        CODECS[Aspect.CAPACITY].change(change)
    )


def test_every_field_names_a_parameter_that_is_sent() -> None:
    (mark,) = test_change_becomes_the_calls_that_it_takes.pytestmark
    sent = [request for row in mark.args[1] for request in row.values[3]]
    named = {
        path: parameter for codec in CODECS.values() for path, parameter in codec.parameters.items()
    }

    assert {f.path for f in fields_in(set(Aspect))} == named.keys()
    assert [] == [path for path in named if not _is_sent(named[path], sent)]


@pytest.mark.parametrize("aspect", Aspect)
def test_every_aspect_names_the_actions_that_change_it(aspect: Aspect) -> None:
    (mark,) = test_change_becomes_the_calls_that_it_takes.pytestmark
    rows = [row.values for row in mark.args[1]]
    taken = {action for found, _, _, sent in rows if found is aspect for action, _ in sent}

    assert taken - {CODECS[aspect].read_action} == set(CODECS[aspect].change_actions)


def _is_sent(named: str, requests: list[Request]) -> bool:
    """
    Return whether one of *requests* carries the parameters of the actions in *named*.
    """
    return all(
        any(sent == action and _carries(told, path) for sent, told in requests)
        for action, _, path in (text.partition(" ")[0].partition(".") for text in named.split(", "))
    )


def _carries(parameters: Mapping[str, str], path: str) -> bool:
    """
    Return whether *parameters* hold *path*: an item of a list, or a name in a text.
    """
    names = {re.sub(r"\.\d+", ".N", name): value for name, value in parameters.items()}
    name, _, inside = path.partition(".")
    is_item = any(f"{parameter}.".startswith(f"{path}.") for parameter in names)
    return not path or is_item or (inside != "" and f'"{inside}"' in names.get(name, ""))


ACCOUNT: Final = {
    "AccountName": "ci",
    "AccountType": "Normal",
    "AccountDescription": "pipeline",
    "DatabasePrivileges": {
        "DatabasePrivilege": [
            {"DBName": "shop", "AccountPrivilege": "ReadWrite"},
            {"DBName": "crm", "AccountPrivilege": "ReadOnly"},
        ]
    },
}


def _listed(*accounts: Answer) -> Answer:
    return {"Accounts": {"DBInstanceAccount": list(accounts)}}


def _renewals(*items: Answer) -> Answer:
    return {"Items": {"Item": list(items)}}


def _rules(*items: Answer) -> Answer:
    return {"RunningHbaItems": {"HbaItem": list(items)}, "DefaultHbaItems": {}}


def _values(group: str, **values: str) -> Answer:
    records = [{"ParameterName": n, "ParameterValue": v} for n, v in values.items()]
    return {group: {"DBInstanceParameter": records}}


def _addresses(*infos: Answer) -> Answer:
    return {"DBInstanceNetInfos": {"DBInstanceNetInfo": list(infos)}}


@pytest.mark.parametrize(
    ("tell", "answer", "told"),
    [
        case("an account, without its password", read_accounts, _listed(ACCOUNT))(
            AspectReading(
                fields=_accounts(
                    ci={"type": "Normal", "description": "pipeline", "privileges": GRANTS}
                ),
                all_accounts={
                    "ci": DatabaseAccount(type="Normal", description="pipeline", privileges=GRANTS)
                },
            )
        ),
        case("an account of which little is told", read_accounts)(
            _listed({"AccountName": "ci", "DatabasePrivileges": None}),
            AspectReading(
                fields=_accounts(ci={"type": "", "description": "", "privileges": {}}),
                all_accounts={"ci": DatabaseAccount(type="")},
            ),
        ),
        row(
            "no accounts",
            read_accounts,
            {"Accounts": {}},
            AspectReading(fields={"accounts": {}}, all_accounts={}),
        ),
        *(
            row(f"SSL: {word}", read_ssl, {"SSLEnabled": word}, {"ssl.enabled": on})
            for on, words in ((True, ("Yes", "on", "1", "True")), (False, ("No", "off", "0")))
            for word in words
        ),
        row("nothing told of SSL", read_ssl, {}, {"ssl.enabled": False}),
        case("all of SSL but the key", read_ssl)(
            {
                "SSLEnabled": "on",
                "CAType": "custom",
                "ServerCert": "certificate",
                "ServerKey": "key",
                "ClientCACert": "authority",
                "ClientCertRevocationList": "revoked",
                "ACL": "prefer",
                "ReplicationACL": "",
                "ForceEncryption": "0",
            },
            {**CERTIFICATES, "ssl.force_encryption": False},
        ),
        case("SSL of SQL Server", read_ssl)(
            {"SSLEnabled": "Yes", "ForceEncryption": "1", "TlsVersion": "1.2"},
            paths("ssl", enabled=True, force_encryption=True, tls_version="1.2"),
        ),
        case("encrypted by a key", read_encryption)(
            {"TDEStatus": "Enabled", "EncryptionKey": "key-1"},
            paths("encryption", enabled=True, key="key-1"),
        ),
        case("encrypted by the cloud's key", read_encryption)(
            {"TDEStatus": "enabled", "EncryptionKey": ""}, paths("encryption", enabled=True, key="")
        ),
        case("not encrypted")(
            read_encryption, {"TDEStatus": "Disabled"}, {"encryption.enabled": False}
        ),
        case("renewed", read_renewal, _renewals({"AutoRenew": "True", "Duration": 3}))(RENEWED),
        case("renewed, all in texts", read_renewal)(
            _renewals({"AutoRenew": "true", "Duration": "3"}), RENEWED
        ),
        case("not renewed", read_renewal)(
            _renewals({"AutoRenew": "False", "Duration": 0}), NOT_RENEWED
        ),
        case("nothing told of the renewal")(
            read_renewal, _renewals({"DBInstanceId": "rm-source"}), NOT_RENEWED
        ),
        row("no subscription", read_renewal, _renewals(), NOT_RENEWED),
        case("the private address", read_private_address)(
            _addresses(
                {"IPType": "Public", "IPAddress": "47.1.2.3"},
                {"IPType": "Private", "IPAddress": ""},
                {"IPType": "Private", "IPAddress": "10.0.0.7"},
            ),
            {"network.private_ip_address": "10.0.0.7"},
        ),
        case("no private address")(
            read_private_address, _addresses({"IPType": "Public", "IPAddress": "47.1.2.3"}), {}
        ),
        case("both modes", read_modes)(
            {"HAMode": "RPO", "SyncMode": "Semi-sync"},
            paths("high_availability", mode="RPO", sync_mode="Semi-sync"),
        ),
        row("no modes", read_modes, {"HAMode": "", "SyncMode": None}, {}),
        case("how it is probed", read_probe)(
            {"TcpConnectionType": "SHORT"}, {"tcp_connection_type": "SHORT"}
        ),
        case("backups: days in order, numbers and texts", read_backup_policy)(
            {
                "PreferredBackupPeriod": "Thursday,Monday",
                "PreferredBackupTime": "02:00Z-03:00Z",
                "BackupRetentionPeriod": 10,
                "BackupLog": "Enable",
                "LogBackupRetentionPeriod": "8",
                "LocalLogRetentionHours": 18,
                "LocalLogRetentionSpace": "30",
                "HighSpaceUsageProtection": "Enable",
            },
            BACKUPS,
        ),
        case("backups: nought hours are told, nothing is not", read_backup_policy)(
            {
                "BackupLog": "Disabled",
                "LocalLogRetentionHours": 0,
                "LocalLogRetentionSpace": "",
                "LogBackupFrequency": "LogInterval",
            },
            AspectReading(
                fields={"backup_policy.log_backup": False},
                log_backup_frequency="LogInterval",
                local_logs={"LocalLogRetentionHours": "0"},
            ),
        ),
        case("nothing told of backups")(
            read_backup_policy, {}, {"backup_policy.log_backup": False}
        ),
        *(
            case(f"log backups: {word}", read_backup_policy)(
                {"BackupLog": word}, {"backup_policy.log_backup": True}
            )
            for word in ("enable", "Enabled", "1", 1, "True", True)
        ),
        *(
            row(f"audit: {word}", read_audit, {"SQLCollectorStatus": word}, {"sql_audit": on})
            for on, words in ((True, ("Enable", "Enabled")), (False, ("Disabled", "Disable", "")))
            for word in words
        ),
        row("a period in a text", read_monitoring, {"Period": "60"}, {"monitoring_period": 60}),
        row("a period", read_monitoring, {"Period": 5}, {"monitoring_period": 5}),
        row("no period", read_monitoring, {}, {}),
        case("pg_hba: by number, without what is empty", read_hba)(
            _rules(
                {"PriorityId": "10", "Type": "host", "Method": "reject", "Mask": None},
                {"PriorityId": 2, **HBA_ITEM},
            ),
            {"pg_hba": [LINE, {"type": "host", "method": "reject"}]},
        ),
        row("no line of pg_hba", read_hba, _rules(), {"pg_hba": []}),
        case("parameters: one waits for a restart", read_parameters)(
            {
                **_values("RunningParameters", a="1", b="2", c=""),
                **_values("ConfigParameters", b="two", a="1", d="4"),
            },
            AspectReading(
                fields={"parameters": {"a": "1", "b": "2", "c": ""}}, waiting_for_restart=("b",)
            ),
        ),
        case("no parameters", read_parameters)({"RunningParameters": None}, {"parameters": {}}),
    ],
)
def test_answer_is_read_in_each_spelling(
    tell: Callable[[Answer], AspectReading],
    answer: Answer,
    told: Mapping[str, Any] | AspectReading,
) -> None:
    expected = told if isinstance(told, AspectReading) else AspectReading(fields=told)

    assert expected == tell(answer)
    assert {field.path for field in leaves_of(CloneSpec)} >= expected.fields.keys()


def test_whitelist_is_read_without_the_groups_of_the_cloud() -> None:
    groups = [
        ("Default", "10.2.0.1, 10.1.0.1", ""),
        ("Web", "", None),
        ("hdm_security_ips", "11.0.0.0/8", "hidden"),
    ]
    answer = {
        "Items": {
            "DBInstanceIPArray": [
                {
                    "DBInstanceIPArrayName": name,
                    "SecurityIPList": addresses,
                    "DBInstanceIPArrayAttribute": attribute,
                }
                for name, addresses, attribute in groups
            ]
        }
    }

    assert read_whitelist(answer) == AspectReading(
        fields={"security_ips": {"default": ["10.1.0.1", "10.2.0.1"], "Web": []}}
    )


def test_public_endpoint_is_found_wherever_it_stands() -> None:
    private = {"IPType": "Private", "ConnectionString": "rm.mysql", "Port": "3306"}
    public = {"IPType": "Public", "ConnectionString": "open.mysql.rds.aliyuncs.com", "Port": "3306"}

    def told(*infos: dict[str, str]) -> AspectReading:
        return read_endpoints({"DBInstanceNetInfos": {"DBInstanceNetInfo": list(infos)}})

    assert told(public, private) == told(private, public) == PUBLIC
    assert told(private) == AspectReading(fields=NOT_PUBLIC)


@pytest.mark.parametrize(
    ("instance", "aspect", "new", "expected"),
    [
        kept("whitelist", MYSQL, Aspect.WHITELIST)(
            {"security_ips": {"default": ["10.0.0.0/8"], "app": ["10.1.2.3"]}}
        ),
        kept("accounts", MYSQL, Aspect.ACCOUNTS)(
            _accounts(
                ci=login(description="pipeline", privileges={"app": "ReadOnly"}),
                owner=login(),
                shop=login(privileges={"reporting": "ReadWrite"}),
            ),
            _accounts(
                ci={"type": "Normal", "description": "pipeline", "privileges": {"app": "ReadOnly"}},
                owner={"type": "Super", "description": "", "privileges": {}},
                shop={
                    "type": "Normal",
                    "description": "",
                    "privileges": {"reporting": "ReadWrite"},
                },
            ),
        ),
        kept("encryption", MYSQL, Aspect.ENCRYPTION)(
            paths("encryption", enabled=True, key="key-1", role_arn=ROLE),
            paths("encryption", enabled=True, key="key-1"),
        ),
        kept("SSL of MySQL", MYSQL, Aspect.SSL)({"ssl.enabled": True}),
        kept("SSL of PostgreSQL", POSTGRESQL, Aspect.SSL)(
            {**CERTIFICATES, **paths("ssl", server_key="key", replication_acl="cert")},
            {**CERTIFICATES, "ssl.replication_acl": "cert"},
        ),
        kept("SSL of SQL Server", SQL_SERVER, Aspect.SSL)(
            paths("ssl", enabled=True, force_encryption=True, tls_version="1.2")
        ),
        kept("auto-renewal", SUBSCRIPTION, Aspect.AUTO_RENEWAL)(RENEWED),
        kept("network", MYSQL, Aspect.NETWORK)(
            paths(
                "network",
                vpc_id="vpc-demo-other",
                vswitch_ids=["vsw-demo-other-h"],
                private_ip_address="172.16.0.77",
            ),
            {"network.private_ip_address": "172.16.0.77"},
        ),
        kept("public endpoint", MYSQL, Aspect.PUBLIC_ENDPOINT)(
            paths(
                "network",
                public_endpoint=True,
                public_connection_prefix="demo-open",
                public_port=3310,
            )
        ),
        kept("high availability", MYSQL, Aspect.HIGH_AVAILABILITY)(
            paths("high_availability", mode="RTO", sync_mode="Async")
        ),
        kept("TCP connection type", MYSQL, Aspect.TCP_CONNECTION)({"tcp_connection_type": "SHORT"}),
        *(
            kept(f"backup policy of {instance}", instance, Aspect.BACKUP_POLICY)(
                paths(
                    "backup_policy",
                    days=["Tuesday", "Friday"],
                    time="03:00Z-04:00Z",
                    retention_days=20,
                    log_backup=False,
                    log_retention_days=14,
                )
            )
            for instance in (MYSQL, POSTGRESQL)
        ),
        kept("backup policy of MariaDB", MARIADB, Aspect.BACKUP_POLICY)(
            {"backup_policy.log_backup": False}
        ),
        kept("backup policy of SQL Server", SQL_SERVER, Aspect.BACKUP_POLICY)(
            paths("backup_policy", retention_days=20, log_backup=True)
        ),
        kept("SQL audit", MYSQL, Aspect.SQL_AUDIT)({"sql_audit": True}),
        kept("monitoring", MYSQL, Aspect.MONITORING)({"monitoring_period": 60}),
        kept("pg_hba", POSTGRESQL, Aspect.PG_HBA)(
            {
                "pg_hba": [
                    {
                        "type": "host",
                        "database": "all",
                        "user": "ci",
                        "address": "10.1.0.0",
                        "mask": "255.255.0.0",
                        "method": "scram-sha-256",
                    },
                    {
                        "type": "host",
                        "database": "all",
                        "user": "all",
                        "address": "0.0.0.0/0",
                        "method": "reject",
                    },
                ]
            }
        ),
        kept("parameters", MYSQL, Aspect.PARAMETERS)(
            {"parameters": {"innodb_lock_wait_timeout": "60"}, "allow_restart": False},
            {"parameters": {"innodb_lock_wait_timeout": "60"}},
        ),
        kept("parameters that take a restart", MYSQL, Aspect.PARAMETERS)(
            {"parameters": {"innodb_open_files": "2000"}, "allow_restart": True},
            {"parameters": {"innodb_open_files": "2000"}},
        ),
    ],
)
def test_change_is_read_back(
    rds: RdsClient,
    emulator: Emulator,
    instance: str,
    aspect: Aspect,
    new: Mapping[str, Any],
    expected: Mapping[str, Any],
) -> None:
    old = rds.read_aspects(instance, [aspect])

    rds.apply(_of(rds, instance, aspect, new, old))
    emulator.clock.advance(3600)

    assert expected != _part_of(old, expected)
    now = rds.read_aspects(instance, [aspect])
    assert expected == _part_of(now, expected)
    assert {field.path for field in fields_in({aspect})} >= now.fields.keys()


def test_every_aspect_with_a_call_of_its_own_is_read_back() -> None:
    (mark,) = test_change_is_read_back.pytestmark

    assert {row.values[1] for row in mark.args[1]} == {
        aspect for aspect, codec in CODECS.items() if codec.read_action
    }


@pytest.mark.parametrize("aspect", [a for a in Aspect if CODECS[a].read_action])
def test_fields_of_a_reading_are_fields_of_its_aspect(rds: RdsClient, aspect: Aspect) -> None:
    """
    Each key of *fields* is the path of a declared field, of the aspect that was read.
    """
    declared = {field.path for field in fields_in({aspect})}
    readings = []
    for instance in (MYSQL, POSTGRESQL, SQL_SERVER, MARIADB, SUBSCRIPTION):
        with suppress(ApiError):
            readings.append(rds.read_aspects(instance, [aspect]))

    assert readings
    assert [set()] * len(readings) == [set(found.fields) - declared for found in readings]


def test_readings_are_joined() -> None:
    """
    Two readings are one: maps are joined, and what only one of them reports stays.
    """
    accounts = {name: DatabaseAccount(type="Normal") for name in ("ci", "dba")}
    joined = AspectReading(fields=_accounts(ci={}), all_accounts={"ci": accounts["ci"]})
    joined |= replace(BACKUPS, waiting_for_restart=("b",), log_backup_frequency="LogInterval")
    joined |= replace(PUBLIC, default_pg_hba=({"type": "host"},))
    joined |= AspectReading(fields=_accounts(dba={}), all_accounts={"dba": accounts["dba"]})

    assert joined == AspectReading(
        fields={**_accounts(ci={}, dba={}), **BACKUPS.fields, **PUBLIC.fields},
        all_accounts=accounts,
        public_host=PUBLIC.public_host,
        default_pg_hba=({"type": "host"},),
        waiting_for_restart=("b",),
        log_backup_frequency="LogInterval",
        local_logs=LOCAL_LOGS,
    )
    assert joined == AspectReading() | joined == joined | AspectReading()


def _of(
    rds: RdsClient, instance_id: str, aspect: Aspect, new: Mapping[str, Any], old: AspectReading
) -> AspectChange:
    wanted = alteration(aspect, new, old)
    return replace(wanted, instance=rds.instance(instance_id))


def _part_of(live: AspectReading, expected: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return of *live* what is expected of it; of parameters those that are.
    """
    found = {path: live.at(path) for path in expected}
    if "parameters" in expected:
        names = expected["parameters"]
        found["parameters"] = {name: live.at("parameters").get(name) for name in names}
    return found


def test_ssl_and_public_endpoint_are_switched_off_again(rds: RdsClient, emulator: Emulator) -> None:
    for aspect, path in (
        (Aspect.SSL, "ssl.enabled"),
        (Aspect.PUBLIC_ENDPOINT, "network.public_endpoint"),
    ):
        for on in (True, False):
            old = rds.read_aspects(MYSQL, [aspect])
            rds.apply(_of(rds, MYSQL, aspect, {path: on}, old))
            emulator.clock.advance(3600)

            assert on is rds.read_aspects(MYSQL, [aspect]).at(path)


def test_log_backups_of_sql_server_outlive_a_change(rds: RdsClient, emulator: Emulator) -> None:
    lag = emulator.instance(SQL_SERVER).backup_policy.log_lag_seconds
    old = rds.read_aspects(SQL_SERVER, [Aspect.BACKUP_POLICY])

    new = {"backup_policy.days": ["Monday", "Thursday"]}
    rds.apply(_of(rds, SQL_SERVER, Aspect.BACKUP_POLICY, new, old))

    after = emulator.instance(SQL_SERVER).backup_policy
    assert ("Monday", "Thursday") == after.preferred_days
    assert lag == after.log_lag_seconds


def test_passwords_are_set_and_never_read(rds: RdsClient, emulator: Emulator) -> None:
    new = _accounts(ci={"password": PASSWORD}, owner={"password": OTHER_PASSWORD})

    rds.apply(_of(rds, MYSQL, Aspect.ACCOUNTS, new, rds.read_aspects(MYSQL, [Aspect.ACCOUNTS])))

    found = {account.name: account.password for account in emulator.instance(MYSQL).accounts}
    assert (PASSWORD, OTHER_PASSWORD) == (found["ci"], found["owner"])
    assert "Secret" not in str(rds.read_aspects(MYSQL, [Aspect.ACCOUNTS]))


def test_account_that_is_gone_already_counts_as_removed(rds: RdsClient, emulator: Emulator) -> None:
    emulator.change(MYSQL, accounts=[{"name": "shop", "password": PASSWORD}])
    old = rds.read_aspects(MYSQL, [Aspect.ACCOUNTS])
    emulator.change(MYSQL, accounts=[])
    new = {"accounts": {}, "accounts_exclusive": True}

    rds.apply(_of(rds, MYSQL, Aspect.ACCOUNTS, new, old))

    (call,) = emulator.journal.calls("DeleteAccount")
    assert "InvalidAccountName.NotFound" == call.error


def test_accounts_of_postgresql_whose_privileges_another_call_tells(connect: Connect) -> None:
    """
    Where PostgreSQL tells of no privileges of an account, DescribeDatabases does.

    Source: an answer of the cloud, DescribeAccounts of pgm-* with an empty
    DatabasePrivilege, github.com/aliyun/terraform-provider-alicloud/issues/1887;
    service_alicloud_rds.go ("postgresql response has a bug").
    """
    databases = [
        {
            "DBName": "shop",
            "Accounts": {
                "AccountPrivilegeInfo": [
                    {"Account": "app", "AccountPrivilege": "ALL"},
                    {"Account": "gone", "AccountPrivilege": "ALL"},
                ]
            },
        },
        {"DBName": "crm", "Accounts": {"AccountPrivilegeInfo": []}},
    ]
    answers = (PG_INSTANCE, PG_ACCOUNTS, answer_of(Databases={"Database": databases}))
    with stub(*answers) as server:
        rds = connect(unsigned(server.url))
        rds.instance("pgm-1")
        told = rds.read_aspects("pgm-1", {Aspect.ACCOUNTS})

        asked = [(sent["Action"], sent["DBInstanceId"]) for sent in server.asked]

    assert [
        ("DescribeDBInstanceAttribute", "pgm-1"),
        ("DescribeAccounts", "pgm-1"),
        ("DescribeDatabases", "pgm-1"),
    ] == asked
    assert {"shop": "DBOwner"} == told.at("accounts")["app"]["privileges"]
    assert {} == told.at("accounts")["idle"]["privileges"]
    assert told.all_accounts
    assert {"shop": "DBOwner"} == told.all_accounts["app"].privileges


@pytest.mark.parametrize("code", ["Forbidden.RAM", "InvalidAction.NotFound"])
def test_privileges_of_postgresql_that_may_not_be_read(connect: Connect, code: str) -> None:
    """
    The accounts are read nevertheless, without their privileges.
    """
    refused = (403, json.dumps({"RequestId": "R-2", "Code": code, "Message": "No."}))
    with stub(PG_INSTANCE, PG_ACCOUNTS, refused) as server:
        rds = connect(unsigned(server.url))
        rds.instance("pgm-1")
        told = rds.read_aspects("pgm-1", {Aspect.ACCOUNTS})

    assert {"app", "idle"} == set(told.at("accounts"))
    assert not any("privileges" in account for account in told.at("accounts").values())


def test_privileges_of_another_engine_need_one_call(rds: RdsClient, emulator: Emulator) -> None:
    emulator.change(MYSQL, accounts=[{"name": "idle", "password": PASSWORD}])

    rds.read_aspects(MYSQL, [Aspect.ACCOUNTS])

    assert 0 == emulator.journal.count("DescribeDatabases")


@pytest.mark.parametrize("word", ["DBOwner", "DbOwner", "ALL"])
def test_owner_of_a_database(word: str) -> None:
    """
    The owner of a database is told by three names.

    Source: SQL Server says DbOwner (Terraform's provider, commit 9a8159c10), PostgreSQL
    ALL (resource_alicloud_db_account_privilege.go).
    """
    granted = {"DatabasePrivilege": [{"DBName": "shop", "AccountPrivilege": word}]}
    account = {"AccountName": "app", "DatabasePrivileges": granted}

    told = read_accounts({"Accounts": {"DBInstanceAccount": [account]}})

    assert {"shop": "DBOwner"} == told.at("accounts")["app"]["privileges"]


def test_privileged_account_of_sql_server_comes_first() -> None:
    """
    The first account that is made of SQL Server is a privileged one, not `appuser`.

    Source: CreateAccount, AccountType; a Normal one is refused before there is another.
    """
    for kind in ("Super", "Sysadmin"):
        new = _accounts(appuser={"password": PASSWORD}, root={"password": PASSWORD, "type": kind})
        wanted = alteration(Aspect.ACCOUNTS, new, engine="SQLServer")
        sent = list(CODECS[Aspect.ACCOUNTS].change(wanted))

        made = [told["AccountName"] for action, told in sent if action[:6] == "Create"]
        assert ["root", "appuser"] == made


@pytest.mark.parametrize("status", ["Unavailable", "Creating"])
def test_account_that_is_not_available_yet(connect: Connect, status: str) -> None:
    """
    A new account gets its privileges when it is available; until then it is a conflict.

    Source: Terraform's provider waits until AccountStatus is Available; a grant was
    refused for a minute, github.com/aliyun/aliyun-openapi-php-sdk/issues/8.
    """
    new = _accounts(ci={"password": PASSWORD, "privileges": {"shop": "ReadOnly"}})
    wanted = alteration(Aspect.ACCOUNTS, new)
    made, busy = answer_of(), _status_of("ci", status)

    with stub(made, busy, _status_of("ci", "Available"), made) as server:
        rds = connect(unsigned(server.url))
        with pytest.raises(ConflictError, match=f"the account ci is {status} \\(Desc"):
            rds.apply(wanted)
        there = _accounts(ci={"type": "Normal", "privileges": {}})
        rds.apply(replace(wanted, old=AspectReading(fields=there)))

        actions = [sent["Action"] for sent in server.asked]

    assert ["CreateAccount", "DescribeAccounts"] == actions[:2]
    assert ["DescribeAccounts", "GrantAccountPrivilege"] == actions[2:]


def test_database_of_a_privilege_is_gone(connect: Connect) -> None:
    """
    There is nothing to be revoked in a database that does not exist.

    Source: Terraform's provider takes InvalidDB.NotFound of a revoke for done.
    """
    gone = {"RequestId": "R-1", "Code": "InvalidDB.NotFound", "Message": "No."}
    known = {"password": PASSWORD, "privileges": {"old": "ReadOnly"}}
    wanted = alteration(
        Aspect.ACCOUNTS, _accounts(ci={"password": PASSWORD, "privileges": {}}), _accounts(ci=known)
    )
    with stub((404, json.dumps(gone))) as server:
        connect(unsigned(server.url)).apply(wanted)

        assert ["RevokeAccountPrivilege"] == [sent["Action"] for sent in server.asked]


def _status_of(name: str, status: str) -> tuple[int, str]:
    account = {"AccountName": name, "AccountStatus": status}
    return answer_of(Accounts={"DBInstanceAccount": [account]})


def test_pages_of_accounts_are_joined(rds: RdsClient, emulator: Emulator) -> None:
    names = [f"ci_{number:03}" for number in range(250)]
    emulator.change(MYSQL, accounts=[{"name": name, "password": PASSWORD} for name in names])

    told = rds.read_aspects(MYSQL, [Aspect.ACCOUNTS])

    assert names == sorted(told.at("accounts"))
    assert 3 == emulator.journal.count("DescribeAccounts")


def test_aspects_of_one_action_are_read_with_one_call(rds: RdsClient, emulator: Emulator) -> None:
    before = len(emulator.journal.calls())

    rds.read_aspects(MYSQL, [Aspect.DESCRIPTION, Aspect.TAGS])
    rds.read_aspects(MYSQL, [Aspect.WHITELIST, Aspect.ENDPOINT])

    assert SOURCE.id != MYSQL
    assert 1 == len(emulator.journal.calls()) - before
