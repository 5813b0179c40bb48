"""
Select the values of an instance that a clone like it has to declare.

It has the others from its source or by default, or no other instance can have them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.checks.backup_policy import KEEPING_LOGS
from pulumi_rdsclone.domain.checks.naming import is_description
from pulumi_rdsclone.domain.checks.settings import SETTINGS_OF_ENGINES, UNDOCUMENTED
from pulumi_rdsclone.domain.clone_set import OF_ONE
from pulumi_rdsclone.domain.instances import PORTS, SQL_SERVER, Instance
from pulumi_rdsclone.domain.model import leaves_of
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.shape import Shape, disk_of, shape_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_duration
from pulumi_rdsclone.domain.values import FieldValues, Properties, PropertyValue

_OF_THIS_INSTANCE: Final = frozenset(f"network.{name}" for name in OF_ONE)

_INCOMPLETE: Final = frozenset({"ssl.ca_type", "ssl.server_cert", "encryption.key"})
"""Fields that need a private key or a role, which no call reports."""

_DEFAULTS: Final[FieldValues] = {
    "capacity.bursting": False,
    "capacity.io_acceleration": False,
    "capacity.serverless.auto_pause": False,
    "capacity.serverless.switch_force": False,
    "network.public_endpoint": False,
    "payment.type": "PayAsYouGo",
    "payment.auto_renew": False,
    "ssl.enabled": False,
    "ssl.force_encryption": False,
    "encryption.enabled": False,
    "high_availability.mode": "RPO",
    "high_availability.sync_mode": "Semi-sync",
    "tcp_connection_type": "LONG",
    "monitoring_period": 300,
    "minor_version_upgrade": "Auto",
    "maintenance_window": "18:00Z-22:00Z",
    "deletion_protection": False,
}
"""
The values of a clone that declares nothing, whatever its source is.

Source: the user guides on maintenance windows, and what the spec says. How a new
instance replicates, is probed, measured and upgraded is inferred: one that the cloud
made otherwise has it in its code.
"""

_INHERITED: Final = (
    "network.type",
    "security_ips",
    "sql_audit",
    "backup_policy.days",
    "backup_policy.time",
    "backup_policy.retention_days",
    "backup_policy.log_backup",
    "backup_policy.log_retention_days",
    "resource_group_id",
)
"""
What a clone has from its source as that is now, besides its shape.

Source: the documentation of cloning. Inferred: an instance in the group of its source
is in the account's own, in which a clone is made.
"""

_MEANT_WITH: Final = {
    "ssl.client_ca_cert": "ssl.enabled",
    "ssl.client_cert_revocation_list": "ssl.client_ca_cert",
    "ssl.acl": "ssl.client_ca_cert",
    "ssl.replication_acl": "ssl.client_ca_cert",
    "ssl.force_encryption": "ssl.enabled",
    "ssl.tls_version": "ssl.enabled",
    "payment.auto_renew_months": "payment.auto_renew",
    "backup_policy.log_retention_days": "backup_policy.log_backup",
}
"""Fields that have no meaning, or are refused, where another one is not set."""

_ENGINES: Final = {
    **SETTINGS_OF_ENGINES,
    **UNDOCUMENTED,
    "backup_policy.log_retention_days": KEEPING_LOGS,
}
"""The engines that take each setting, where it is not all of them."""


def needed(
    inputs: Properties, instance: Instance, *, inherited: FieldValues
) -> Iterator[str]:
    """
    Yield the paths of the values that a second clone has to declare.

    Args:
        inputs: The inputs that declare *instance* in full, a tree in snake_case.
        instance: The instance that they declare.
        inherited: What a clone has without them, by dotted path, see *inherited_by*.
    """
    without = {
        **_DEFAULTS,
        **inherited,
        "network.port": PORTS.get(instance.engine),
        "network.public_port": instance.port,
    }
    for leaf in leaves_of(CloneSpec):
        value = get_value(inputs, leaf.path)
        if value in (None, "", [], {}) or value == without.get(leaf.path):
            continue
        if _is_of_use(leaf.path, value, inputs=inputs, instance=instance):
            yield leaf.path


def _is_of_use(
    path: str, value: PropertyValue, *, inputs: Properties, instance: Instance
) -> bool:
    """
    Return whether another instance like *instance* can have *value*.
    """
    engine = instance.engine
    if path == "description":
        return value != instance.id and is_description(value)
    return not (
        path in _OF_THIS_INSTANCE
        or path in _INCOMPLETE
        or (path in _MEANT_WITH and not get_value(inputs, _MEANT_WITH[path]))
        or engine not in _ENGINES.get(path, (engine,))
        or (path, engine, value) == ("backup_policy.log_backup", SQL_SERVER, False)
    )


def inherited_by(
    inputs: Properties, source: Instance, *, of_source: Properties
) -> FieldValues:
    """
    Return the values that a clone of *source* has undeclared, by dotted path.

    Args:
        inputs: The inputs that declare the clone in full; edition and billing
            method decide what it has of its source's shape.
        source: As it is now.
        of_source: The inputs that declare *source*, as far as they are known.
    """
    bare = _shape(inputs, source, "payment")
    edition = inputs.get("edition") or ""
    is_alike = bare.edition.casefold() == edition.casefold()
    shape = bare if is_alike else _shape(inputs, source, "payment", "edition")
    capacity = inputs.get("capacity") or {}
    disk = capacity.get("storage_type") or ""
    is_disk = disk_of(shape.storage_type) == disk_of(disk)
    return {
        **{path: get_value(of_source, path) for path in _INHERITED},
        "edition": edition if is_alike else bare.edition,
        "zones": list(shape.zones),
        "capacity.instance_class": shape.instance_class,
        "capacity.storage_gb": shape.storage_gb,
        "capacity.storage_type": disk if is_disk else shape.storage_type,
        "network.vpc_id": shape.vpc_id,
        "network.vswitch_ids": list(shape.vswitch_ids),
    }


def _shape(inputs: Properties, source: Instance, *names: str) -> Shape:
    """
    Return the shape of a clone of *source* that declares only *names* of *inputs*.
    """
    declared = {name: inputs[name] for name in names if inputs.get(name)}
    about = {"source_instance_id": source.id, "restore_point": {}}
    return shape_of(parse({**about, **declared}).spec, source)


def chosen_zones(instance: Instance, source: Instance | None) -> list[str]:
    """
    Return the zones of *instance* that somebody may have chosen; empty for none.

    Whoever names a standby's zone names its vSwitch, too, unless all zones are the
    same. So the cloud chose the zones that have none, and with the primary in the
    source's zone it chose that as well. Source: CloneDBInstance, VSwitchId.
    """
    zones = list(instance.zones)
    if len(instance.vswitch_ids) >= len(set(zones)):
        return zones
    is_at_home = source is not None and zones[:1] == list(source.zones[:1])
    return [] if is_at_home else zones[:1]


def lifetime(end: datetime, created: datetime | None) -> str | None:
    """
    Return the duration after which an instance expires; None unless it is whole hours.

    An instant that was declared is hardly ever whole hours after the creation.
    """
    duration = end - created if created else timedelta(0)
    is_declared = duration > timedelta(0) and not duration % timedelta(hours=1)
    return format_duration(duration) if is_declared else None
