"""
The instance that comes out of an accepted order.
"""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from rds_emulator import accounts, addresses, identity, terms, visibility
from rds_emulator.belongings import DEFAULT_RESOURCE_GROUP, DatabaseAccount
from rds_emulator.cloning import restore_rules
from rds_emulator.cloning.case import Case
from rds_emulator.cloning.network_rules import primary_vswitch
from rds_emulator.model import Instance, RestoredFrom
from rds_emulator.upkeep import AutoRenewal, Hba, HighAvailability


def clone_of(case: Case) -> Instance:
    """
    Make the clone: what was ordered, and the rest from the source as it is now.

    Whitelist, accounts, SQL audit, backup and parameter settings are inherited;
    description, tags, protection, endpoints, encryption and all others are not.
    """
    order, source = case.order, case.source
    databases = _databases(case)
    clone_id = identity.instance_id(source.engine)
    return replace(
        source,
        id=clone_id,
        connection_string=identity.connection_string(clone_id, source.engine),
        port=identity.port(source.engine),
        category=case.category,
        instance_class=case.instance_class,
        storage_gb=case.storage_gb,
        storage_type=case.storage_type,
        zones=case.zones,
        network_type=case.network_type,
        vpc_id=case.vpc_id,
        vswitch_ids=case.vswitch_ids,
        resource_group_id=DEFAULT_RESOURCE_GROUP,
        public_endpoint=None,
        ssl=None,
        tde=None,
        private_ip=order.private_ip or _address(case),
        pay_type=order.pay_type,
        created=case.now,
        expires=terms.expiry(case.now, order.months),
        auto_renewal=AutoRenewal(),
        converted=None,
        auto_upgrade_minor_version=Instance.auto_upgrade_minor_version,
        high_availability=HighAvailability(),
        parameters={**source.parameters, **source.pending_parameters},
        pending_parameters={},
        hba=Hba(),
        monitor_period=Instance.monitor_period,
        maintain_time=Instance.maintain_time,
        serverless=order.serverless,
        deletion_protection=order.deletion_protection,
        bursting=bool(order.bursting),
        io_acceleration=bool(order.io_acceleration),
        description=order.description,
        tags={} if _is_untagged(case) else order.tags,
        past_tags=(),
        past_accounts=(),
        coming={},
        databases=databases,
        accounts=accounts.inherited(_accounts(case), databases),
        log_gaps=(),
        migrations=(),
        tasks=(),
        restored_from=RestoredFrom(
            source_instance_id=source.id,
            backup_id=order.backup_id,
            time=order.restore_time,
            databases=order.databases,
            table_meta=order.table_meta,
        ),
        what="",
    )


def _is_untagged(case: Case) -> bool:
    patterns = case.account.temper.untagged_regions
    return any(fnmatchcase(case.region.id, one) for one in patterns)


def _accounts(case: Case) -> tuple[DatabaseAccount, ...]:
    if case.account.temper.cloned_accounts == "now":
        return case.source.accounts
    point = case.order.restore_time or restore_rules.ordered_backup(case).ended
    return visibility.accounts_at(case.source, point)


def _databases(case: Case) -> Mapping[str, tuple[str, ...]]:
    databases, order = case.source.databases, case.order
    if order.parts:
        return {
            part.new_name: tuple(one.new_name for one in part.parts)
            or databases[part.name]
            for part in order.parts
        }
    if order.databases:
        return {name: databases[name] for name in order.databases}
    return databases


def _address(case: Case) -> str:
    vswitch = primary_vswitch(case)
    return addresses.free(vswitch, case.neighbours) if vswitch else ""
