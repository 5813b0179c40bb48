"""
The page of all inputs: each in the API and in Terraform's provider.
"""

from collections.abc import Iterable

from pulumi_rdsclone.cloud.aspects import CODECS
from pulumi_rdsclone.cloud.aspects.codec import AspectCodec
from pulumi_rdsclone.cloud.wire.order import PARAMETERS, UNSENT
from pulumi_rdsclone.domain.changes import fields_in
from pulumi_rdsclone.domain.model import Change, Effect, Field, leaves_of
from pulumi_rdsclone.domain.ram import ram_action
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.presentation.spelling import spell, to_camel
from reference import default_of, kind_of

PEER_NAMES: dict[str, tuple[str, ...]] = {
    "source_instance_id": ("source_db_instance_id",),
    "restore_point.time": ("restore_time",),
    "restore_point.backup_id": ("backup_id",),
    "edition": ("category",),
    "zones": ("zone_id", "zone_id_slave_a", "zone_id_slave_b"),
    "capacity.instance_class": ("db_instance_class",),
    "capacity.storage_gb": ("db_instance_storage",),
    "capacity.storage_type": ("db_instance_storage_type",),
    "capacity.dedicated_host_group_id": ("dedicated_host_group_id",),
    "capacity.serverless.min_rcu": ("serverless_config.min_capacity",),
    "capacity.serverless.max_rcu": ("serverless_config.max_capacity",),
    "capacity.serverless.auto_pause": ("serverless_config.auto_pause",),
    "capacity.serverless.switch_force": ("serverless_config.switch_force",),
    "network.type": ("instance_network_type",),
    "network.vpc_id": ("vpc_id",),
    "network.vswitch_ids": ("vswitch_id",),
    "network.private_ip_address": ("private_ip_address",),
    "network.connection_prefix": ("connection_string_prefix",),
    "network.port": ("port",),
    "payment.type": ("payment_type",),
    "payment.period": ("period",),
    "payment.duration": ("used_time",),
    "databases": ("db_names", "restore_table", "table_meta"),
    "tables": ("restore_table", "table_meta"),
    "security_ips": ("security_ips",),
    "ssl.enabled": ("ssl_enabled",),
    "ssl.ca_type": ("ca_type",),
    "ssl.server_cert": ("server_cert",),
    "ssl.server_key": ("server_key",),
    "ssl.client_ca_cert": ("client_ca_cert", "client_ca_enabled"),
    "ssl.client_cert_revocation_list": (
        "client_cert_revocation_list",
        "client_crl_enabled",
    ),
    "ssl.acl": ("acl",),
    "ssl.replication_acl": ("replication_acl",),
    "encryption.enabled": ("tde_status",),
    "encryption.key": ("encryption_key",),
    "encryption.role_arn": ("role_arn",),
    "parameters": ("parameters",),
    "allow_restart": ("force_restart",),
    "pg_hba": ("pg_hba_conf",),
    "high_availability.mode": ("ha_mode",),
    "high_availability.sync_mode": ("sync_mode",),
    "tcp_connection_type": ("tcp_connection_type",),
    "minor_version_upgrade": ("auto_upgrade_minor_version",),
    "resource_group_id": ("resource_group_id",),
    "maintenance_window": ("maintain_time",),
    "description": ("db_instance_description",),
    "tags": ("tags",),
    "deletion_protection": ("deletion_protection",),
    "released_keep_policy": ("released_keep_policy",),
}
"""The arguments of alicloud_rds_clone_db_instance for each input, by dotted path."""

_HEAD = (
    "| Property | Type | Default | A later change | In the clone call "
    "| In later calls | Terraform |\n|---|---|---|---|---|---|---|"
)
_PERMISSIONS_HEAD = "| What is declared | Changed by | Read by |\n|---|---|---|"
_CHANGES = {
    Change.UPDATE: "in place",
    Change.REPLACE: "new clone",
    Change.CREATE_ONLY: "counts while being made",
}
_EFFECTS = {
    Effect.RESTART: " with an interruption",
    Effect.MOVE: " at another address",
}
_EXCEPTIONS = {**_CHANGES, Change.CREATE_ONLY: "not at all"}


def properties() -> str:
    """
    Return the table of docs/properties.md.
    """
    return "\n".join([_HEAD, *map(_row, leaves_of(CloneSpec))])


def permissions() -> str:
    """
    Return the table of the RAM actions that the declared properties need.
    """
    rows = [_PERMISSIONS_HEAD]
    for aspect, codec in CODECS.items():
        groups = dict.fromkeys(f.path.partition(".")[0] for f in fields_in({aspect}))
        cells = (
            f"{aspect} ({_code(', '.join(map(to_camel, groups)))})",
            _allowed(codec.change_actions),
            _reads(codec),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _reads(codec: AspectCodec) -> str:
    more = codec.supplement
    actions = _allowed([codec.read_action] if codec.read_action else [])
    if more is None:
        return actions
    return f"{actions}, on {more.engine} {_allowed([more.read_action])}"


def _allowed(actions: Iterable[str]) -> str:
    return _code(", ".join(ram_action(action) for action in actions))


def camel_path(path: str) -> str:
    """
    Return the dotted *path* of a field as Pulumi's users write it.
    """
    return ".".join(map(to_camel, path.split(".")))


def _row(field: Field) -> str:
    cells = (
        f"`{camel_path(field.path)}`",
        f"{kind_of(field, 'reference.md')}{', secret' if field.secret else ''}",
        "required" if field.required else default_of(field),
        policy_of(field),
        _code(PARAMETERS.get(field.path, "")) or spell(UNSENT.get(field.path, "")),
        _code(_later(field)),
        _code(", ".join(PEER_NAMES.get(field.path, ()))),
    )
    return f"| {' | '.join(cells)} |"


def policy_of(field: Field) -> str:
    """
    Return what a later change of *field* does, and the exceptions.
    """
    usual = _CHANGES[field.change] if field.change else ""
    if field.effect:
        usual += _EFFECTS[field.effect]
    if not field.except_when:
        return usual
    return (
        f"{usual}, or {_EXCEPTIONS[field.except_when.change]}: {field.except_when.why}"
    )


def _later(field: Field) -> str:
    return CODECS[field.aspect].parameters[field.path] if field.aspect else ""


def _code(names: str) -> str:
    """
    Return *names*, separated by commas, as code.
    """
    return ", ".join(f"`{name}`" for name in names.split(", ") if name)
