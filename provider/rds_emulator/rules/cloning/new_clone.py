"""
The instance that comes out of an accepted order.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from rds_emulator.rules import accounts, addresses
from rds_emulator.rules.cloning import restore_rules
from rds_emulator.rules.cloning.clone_request import CloneRequest
from rds_emulator.rules.cloning.network_rules import primary_vswitch
from rds_emulator.state import consistency_lag, ids
from rds_emulator.state.model import (
    DatabaseAccount,
    Instance,
    RestoredFrom,
    billing,
)

_INHERITED: Final = (
    "region",
    "engine",
    "engine_version",
    "instance_type",
    "lock_mode",
    "lock_reason",
    "master_id",
    "sql_audit",
    "sql_audit_days",
    "ip_groups",
    "security_ip_mode",
    "backup_policy",
)
"""The fields that a clone has as its source has them now."""


def clone_of(request: CloneRequest) -> Instance:
    """
    Return the clone: what was ordered, and what it inherits from the source.

    Whitelist, accounts, SQL audit, backup and parameter settings are inherited;
    description, tags, protection, endpoints, encryption and all others are not.
    """
    order, source = request.order, request.source
    databases = _databases(request)
    clone_id = ids.instance_id(source.engine)
    inherited: dict[str, Any] = {name: getattr(source, name) for name in _INHERITED}
    return Instance(
        **inherited,
        id=clone_id,
        connection_string=ids.connection_string(clone_id, source.engine),
        port=ids.port(source.engine),
        category=request.category,
        instance_class=request.instance_class,
        storage_gb=request.storage_gb,
        storage_type=request.storage_type,
        zones=request.zones,
        network_type=request.network_type,
        vpc_id=request.vpc_id,
        vswitch_ids=request.vswitch_ids,
        private_ip=order.private_ip or _address(request),
        pay_type=order.pay_type,
        created=request.now,
        expires=billing.expiry(request.now, order.months),
        parameters={**source.parameters, **source.pending_parameters},
        serverless=order.serverless,
        deletion_protection=order.deletion_protection,
        bursting=bool(order.bursting),
        io_acceleration=bool(order.io_acceleration),
        description=order.description,
        tags={} if _is_untagged(request) else order.tags,
        databases=databases,
        accounts=accounts.inherited(_accounts(request), databases),
        restored_from=RestoredFrom(
            source_instance_id=source.id,
            backup_id=order.backup_id,
            time=order.restore_time,
            databases=order.databases,
            table_meta=order.table_meta,
        ),
    )


def _is_untagged(request: CloneRequest) -> bool:
    patterns = request.account.temper.untagged_regions
    return any(fnmatchcase(request.region.id, pattern) for pattern in patterns)


def _accounts(request: CloneRequest) -> tuple[DatabaseAccount, ...]:
    if request.account.temper.cloned_accounts == "now":
        return request.source.accounts
    point = request.order.restore_time or restore_rules.ordered_backup(request).ended
    return consistency_lag.accounts_at(request.source, point)


def _databases(request: CloneRequest) -> Mapping[str, tuple[str, ...]]:
    databases, order = request.source.databases, request.order
    if order.parts:
        return {
            part.new_name: tuple(table.new_name for table in part.parts)
            or databases[part.name]
            for part in order.parts
        }
    if order.databases:
        return {name: databases[name] for name in order.databases}
    return databases


def _address(request: CloneRequest) -> str:
    vswitch = primary_vswitch(request)
    return addresses.free(vswitch, request.neighbours) if vswitch else ""
