"""
The rules of CloneDBInstance, in the order in which they are asked.

The order is ours: the documentation does not say which of several faults the
real service names. From the source over the restore point to the clone.
"""

from collections.abc import Callable
from typing import Final

from rds_emulator.rules.cloning import (
    content_rules,
    network_rules,
    restore_rules,
    sale_rules,
    shape_rules,
    source_rules,
)
from rds_emulator.rules.cloning.clone_request import CloneRequest

Rule = Callable[[CloneRequest], None]

RULES: Final[tuple[Rule, ...]] = (
    source_rules.is_primary,
    source_rules.is_running,
    source_rules.is_unlocked,
    source_rules.is_not_expired,
    source_rules.has_no_migration,
    source_rules.is_clonable_engine,
    source_rules.is_clonable_version,
    sale_rules.version_is_sold,
    restore_rules.backup_is_known,
    restore_rules.backup_is_physical,
    restore_rules.backup_is_usable,
    restore_rules.backup_has_the_type,
    restore_rules.backup_lists_its_tables,
    restore_rules.logs_are_backed_up,
    restore_rules.time_is_restorable,
    content_rules.databases_exist,
    content_rules.engine_restores_parts,
    content_rules.parts_exist,
    content_rules.new_names_are_well_formed,
    content_rules.new_names_differ,
    shape_rules.serverless_engine_exists,
    shape_rules.edition_exists,
    shape_rules.serverless_range_is_sane,
    shape_rules.class_is_of_the_engine,
    shape_rules.class_is_on_sale,
    shape_rules.class_fits_the_payment,
    shape_rules.storage_type_exists,
    shape_rules.storage_type_can_change,
    shape_rules.storage_is_enough,
    shape_rules.performance_level_stays,
    shape_rules.class_takes_the_disk,
    shape_rules.general_essd_extras,
    network_rules.no_dedicated_hosts,
    network_rules.zones_exist,
    network_rules.zones_fit_the_edition,
    network_rules.zones_have_stock,
    sale_rules.edition_is_sold,
    sale_rules.storage_type_is_sold,
    sale_rules.zones_sell_it,
    sale_rules.class_is_sold,
    sale_rules.storage_fits_the_class,
    network_rules.network_type_is_vpc,
    network_rules.vpc_exists,
    network_rules.vswitch_is_given,
    network_rules.vswitches_exist,
    network_rules.vswitches_fit_the_zones,
    network_rules.vswitches_have_room,
    network_rules.address_is_free,
    source_rules.region_has_quota,
)


def judge(request: CloneRequest) -> None:
    """
    Apply all rules; the first one that refuses decides.
    """
    for rule in RULES:
        rule(request)
