"""
Settings.

SSL, encryption and other settings, which RDS would refuse only after the order.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.problems import Severity, named, quoted
from pulumi_rdsclone.domain.shape import Shape, cores_of, is_local, memory_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant

RULES = Rules()

_WINDOW: Final = re.compile(r"{0}-{0}".format(r"([01][0-9]|2[0-3]):[0-5][0-9]Z"))
_WINDOWS: Final = ("maintenance_window", "backup_policy.time")


@RULES.check(
    "ssl-complete", "ssl.ca_type", "ssl.server_cert", "ssl.server_key", "ssl.enabled"
)
def ssl_is_complete(spec: CloneSpec) -> Finding | None:
    """
    A custom certificate comes with its key, and with nothing but a custom authority.

    Source: ModifyDBInstanceSSL, CAType, ServerCert and ServerKey.
    """
    ssl = spec.ssl
    if ssl is None or not ssl.enabled:
        return None
    if ssl.ca_type == "custom" and not (ssl.server_cert and ssl.server_key):
        return Finding(
            "ssl.ca_type custom needs ssl.server_cert and ssl.server_key",
            "set both",
        )
    if ssl.ca_type != "custom" and (ssl.server_cert or ssl.server_key):
        return Finding(
            "ssl.server_cert and ssl.server_key are only used with ssl.ca_type custom",
            "set ssl.ca_type to custom, or remove ssl.server_cert and ssl.server_key",
        )
    return None


_VERIFYING: Final = (
    "ssl.acl",
    "ssl.replication_acl",
    "ssl.client_cert_revocation_list",
)


@RULES.check("ssl-clients", "ssl.client_ca_cert", *_VERIFYING, "ssl.enabled")
def clients_are_verified_by_an_authority(spec: CloneSpec) -> Finding | None:
    """
    Where client certificates are verified, there is a CA certificate to do it with.

    Source: ModifyDBInstanceSSL, ACL, ReplicationACL and ClientCACert.
    """
    ssl = spec.ssl
    if ssl is None or not ssl.enabled or ssl.client_ca_cert:
        return None
    if not any(value_at(spec, path) for path in _VERIFYING):
        return None
    return Finding(
        "client certificates would be verified, but no CA certificate is set",
        "set ssl.client_ca_cert",
    )


SETTINGS_OF_ENGINES: Final = {
    "ssl.ca_type": ("MySQL", "PostgreSQL"),
    "ssl.server_cert": ("MySQL", "PostgreSQL"),
    "ssl.client_ca_cert": ("PostgreSQL",),
    "ssl.acl": ("PostgreSQL",),
    "ssl.replication_acl": ("PostgreSQL",),
    "ssl.force_encryption": ("MySQL", "PostgreSQL", SQL_SERVER),
    "ssl.tls_version": (SQL_SERVER,),
    "encryption.enabled": ("MySQL", "PostgreSQL"),
    "pg_hba": ("PostgreSQL",),
    "high_availability.mode": ("MySQL",),
    "high_availability.sync_mode": ("MySQL",),
    "minor_version_upgrade": ("MySQL", "PostgreSQL"),
}
"""
The engines that know each setting.

Source: the texts of the calls that set them, in SDK 16.0.2, which are newer than the
pages: ServerCert is for MySQL, too, and ForceEncryption for PostgreSQL.
"""

UNDOCUMENTED: Final = {
    "ssl.enabled": ("MySQL", "PostgreSQL", SQL_SERVER),
    "sql_audit": ("MySQL", "PostgreSQL", SQL_SERVER),
}
"""
Settings that other engines have, too, by what was seen, not by what is documented.

Source: acceptance tests of Terraform's provider against the cloud, pull request 9724,
switch SSL of MariaDB 10.3 on and read its audit. They set and read the monitoring
period of PostgreSQL 12, so monitoring_period is not limited at all.
"""


@RULES.check("engine-settings", *SETTINGS_OF_ENGINES)
def engine_knows_the_settings(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    Nothing is declared that the source's engine does not have.

    Source: the pages of ModifyDBInstanceSSL, ModifyDBInstanceTDE, ModifyPGHbaConfig,
    ModifyDBInstanceHAConfig and ModifyDBInstanceAutoUpgradeMinorVersion.
    """
    foreign = list(_foreign(spec, source.engine, known=SETTINGS_OF_ENGINES))
    if not foreign:
        return None
    inputs = ", ".join(foreign)
    return Finding(
        f"{source.engine} does not support {inputs}",
        f"remove {inputs}, or clone an instance of another engine",
        foreign[0],
    )


@RULES.check("engine-undocumented", *UNDOCUMENTED, severity=Severity.WARNING)
def engine_is_documented_to_have_the_settings(
    spec: CloneSpec, source: Instance
) -> Finding | None:
    """
    What is declared is documented for the source's engine; else RDS may yet refuse it.

    Source: the pages of ModifyDBInstanceSSL and ModifySQLCollectorPolicy, which leave
    MariaDB out, although the cloud was seen to answer such calls.
    """
    foreign = list(_foreign(spec, source.engine, known=UNDOCUMENTED))
    if not foreign:
        return None
    inputs = ", ".join(foreign)
    return Finding(
        f"the documentation of RDS does not say that {source.engine} supports {inputs}",
        f"remove {inputs} if RDS refuses it, or add engine-undocumented to checks.skip",
        foreign[0],
    )


def _foreign(
    spec: CloneSpec, engine: str, *, known: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    for path, engines in known.items():
        if value_at(spec, path) is not None and engine not in engines:
            yield path


_MODES: Final = ("high_availability.mode", "high_availability.sync_mode")
_OF_EDITIONS: Final = ("encryption.enabled", *_MODES)
"""Settings that MySQL does not support in every edition."""

_LACKING: Final = ("basic", "serverless_basic", "finance")
"""
The editions without it. Sources: the user guides of TDE and of data replication modes;
serverless Basic is a Basic edition, by the overview of serverless instances.
"""


@RULES.check("edition-settings", *_OF_EDITIONS, "edition", "payment.type")
def edition_has_the_settings(spec: CloneSpec, shape: Shape) -> Finding | None:
    """
    Nothing is declared that the clone's edition does not have.

    Sources: the user guides of TDE and of data replication modes.
    """
    if shape.engine != "MySQL" or shape.edition.casefold() not in _LACKING:
        return None
    for path in _OF_EDITIONS:
        if value_at(spec, path) not in (None, False):
            return Finding(
                f"{shape.engine} {named(shape.edition)} does not support {path}",
                f"remove {path}, or choose another edition",
                path,
            )
    return None


_PERIODS: Final = {"MySQL": (5, 60, 300), SQL_SERVER: (10, 60, 300)}
_SECONDS: Final = (5, 10)
"""The periods that not every instance has."""

_LEAST_MEMORY: Final = 8
_MOST_FEW_CORES: Final = 2


@RULES.check(
    "monitoring-period",
    "monitoring_period",
    "capacity.instance_class",
    "edition",
    "payment.type",
)
def monitoring_period_is_offered(spec: CloneSpec, shape: Shape) -> Finding | None:
    """
    The clone is measured in periods that its engine, edition and class have.

    MySQL has 5, 60 and 300 seconds: Basic 300 only, and 5 no cluster, nor a class with
    less than 8 GB. SQL Server has 10, 60 and 300: 10 no class with two cores. Source:
    the guides of monitoring frequencies; memory and cores are what the name of the
    class tells.
    """
    period = spec.monitoring_period
    offered = _periods_of(shape)
    if period is None or not offered or period in offered:
        return None
    *others, last = map(str, offered)
    return Finding(
        f"{shape.engine} {named(shape.edition)} on {named(shape.instance_class)} does "
        f"not support a monitoring period of {period} seconds",
        f"use {', '.join(others)} or {last}" if others else f"use {last}",
    )


def _periods_of(shape: Shape) -> tuple[int, ...]:
    """
    Return the periods in which a clone can be measured; none where that is not known.
    """
    periods = _PERIODS.get(shape.engine, ())
    edition = shape.edition.casefold().removeprefix("serverless_")
    if shape.engine == "MySQL" and edition == "basic":
        return periods[-1:]
    memory, cores = memory_of(shape.instance_class), cores_of(shape.instance_class)
    is_small = {
        "MySQL": edition == "cluster" or (memory or _LEAST_MEMORY) < _LEAST_MEMORY,
        SQL_SERVER: cores is not None and cores <= _MOST_FEW_CORES,
    }.get(shape.engine, False)
    return tuple(p for p in periods if not (is_small and p in _SECONDS))


@RULES.check("kept-backups", "released_keep_policy", "capacity.storage_type")
def backups_can_be_kept(spec: CloneSpec, shape: Shape) -> Finding | None:
    """
    Only MySQL on local disks keeps backup sets of an instance that is released.

    Source: DeleteDBInstance, ReleasedKeepPolicy; the release would be refused.
    """
    keeps = shape.engine == "MySQL" and is_local(shape.storage_type)
    if keeps or spec.released_keep_policy in (None, "None"):
        return None
    return Finding(
        f"backup sets of a released clone cannot be kept for {shape.engine} on "
        f"{named(shape.storage_type)}",
        "remove released_keep_policy; the backup sets of the source are not affected",
    )


_WITHOUT_ENCRYPTION: Final = ("5.5",)


@RULES.check("encryption-version", "encryption.enabled")
def version_has_encryption(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    MySQL encrypts its files from 5.6 on.

    Source: the user guide of TDE.
    """
    is_wanted = value_at(spec, "encryption.enabled") not in (None, False)
    version = source.engine_version
    if not is_wanted or source.engine != "MySQL" or version not in _WITHOUT_ENCRYPTION:
        return None
    return Finding(
        f"MySQL {version} does not support encryption.enabled",
        "remove encryption, or clone an instance of a newer version",
    )


@RULES.check("encryption-key", "encryption.key", "encryption.role_arn")
def key_comes_with_a_role(spec: CloneSpec) -> Finding | None:
    """
    A KMS key comes with the role by which RDS may use it, and the role with a key.

    Source: ModifyDBInstanceTDE, EncryptionKey and RoleArn.
    """
    encryption = spec.encryption
    if encryption is None or bool(encryption.key) == bool(encryption.role_arn):
        return None
    if encryption.key:
        return Finding(
            "encryption.key is set without encryption.role_arn",
            "set encryption.role_arn to the RAM role that lets RDS use the key",
        )
    return Finding(
        "encryption.role_arn is set without encryption.key",
        "set encryption.key, or remove encryption.role_arn",
        "encryption.role_arn",
    )


_RESOURCE_GROUP: Final = re.compile(r"rg-[a-z0-9-]{1,61}", re.ASCII)


@RULES.check("resource-group-form", "resource_group_id")
def resource_group_is_well_formed(spec: CloneSpec) -> Finding | None:
    """
    The id of a resource group is written like rg-acfmxazb4ph6aiy.

    Source: ModifyResourceGroup, ResourceGroupId; whether there is such a group is told
    by no call of RDS.
    """
    group = spec.resource_group_id
    if group is None or _RESOURCE_GROUP.fullmatch(group):
        return None
    return Finding(
        f"{quoted(group)} is not an id of a resource group",
        "write an id like rg-acfmxazb4ph6aiy",
    )


@RULES.check("window-form", *_WINDOWS)
def windows_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    Windows of the day are written HH:mmZ-HH:mmZ, in UTC.

    Source: ModifyDBInstanceMaintainTime and ModifyBackupPolicy.
    """
    for path in _WINDOWS:
        window = value_at(spec, path)
        if window is not None and not _WINDOW.fullmatch(window):
            return Finding(
                f"{quoted(window)} is not a time window",
                "write a window like 18:00Z-22:00Z",
                path,
            )
    return None


@RULES.check("one-expiry", "ttl", "expires_at")
def expiry_is_given_once(spec: CloneSpec) -> Finding | None:
    """
    A clone expires after a duration or at a time, not both.
    """
    if spec.ttl is None or spec.expires_at is None:
        return None
    return Finding("ttl and expires_at are both set", "remove one of them")


_FARTHEST: Final = timedelta(days=36525)


@RULES.check("expiry-ahead", "expires_at")
def expiry_lies_ahead(spec: CloneSpec, now: datetime) -> Finding | None:
    """
    A clone expires in the future, within a hundred years: another time is a slip.

    A clone that exists and does not change may have expired.
    """
    end = spec.expires_at
    if end is None or now < end <= now + _FARTHEST:
        return None
    if end <= now:
        what = f"{format_instant(end)} is in the past"
    else:
        what = f"{format_instant(end)} is more than a hundred years in the future"
    return Finding(what, "set a time in the future, or remove expires_at")
