"""
The rules of ModifyDBInstanceSpec, in the order in which they are asked.

The order is ours: the documentation does not say which of several faults the
real service names.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from rds_emulator.market import catalogue, prices
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.rules import serverless_range
from rds_emulator.rules.preconditions import check_steady, check_unlocked, unmodelled
from rds_emulator.rules.resizing.change import Change

Rule = Callable[[Change], None]

_DISKS: Final = (
    "local_ssd",
    "general_essd",
    "cloud_ssd",
    *(name for name in catalogue.PERFORMANCE_LEVELS),
)


def is_primary(change: Change) -> None:
    """
    Refuse other instances: their change is not modelled.
    """
    if change.instance.instance_type != "Primary":
        raise unmodelled(what=f"a {change.instance.instance_type} instance's change")


def is_steady(change: Change) -> None:
    """
    Refuse an instance that is stopped, restarting or being changed.
    """
    check_steady(change.instance, code="IncorrectDBInstanceState")


def is_unlocked(change: Change) -> None:
    """
    Refuse a locked instance, but for a full disk that gets more room.
    """
    if not change.relieves():
        check_unlocked(change.instance)


def payment_stays(change: Change) -> None:
    """
    Refuse another billing method than the instance's.
    """
    wanted, current = change.wanted.pay_type, change.instance.pay_type
    if wanted in (None, current):
        return
    if wanted == "Serverless":
        raise unmodelled(what="turning an instance into a serverless one")
    raise ApiError(code="DBInstancePayTypeNotSupport")


def range_is_sane(change: Change) -> None:
    """
    Demand a serverless instance, and a range that its engine can scale in.
    """
    if change.wanted.serverless is None:
        return
    config = change.serverless
    if config is None:
        raise ApiError(code="DBInstancePayTypeNotSupport")
    serverless_range.check_range(
        change.instance.engine, config, refusal="InvalidRCUValue"
    )


def disk_can_change(change: Change) -> None:
    """
    Refuse disks that do not exist, and ways from one to another that do not.
    """
    if not change.changes_disk:
        return
    before, after = change.instance.storage_type, change.storage_type
    if after not in _DISKS:
        raise ApiError(code="InvalidDBInstanceStorageType")
    if before == "local_ssd":
        raise unmodelled(what="the way from local disks to cloud disks")
    if after in ("local_ssd", "cloud_ssd") or before == "general_essd":
        raise ApiError(code="IncorrectStorageType")
    levels = catalogue.PERFORMANCE_LEVELS
    if levels.get(after, len(levels)) < levels.get(before, 0):
        raise ApiError(code="CannotDecreaseEssdPerfLevel")


def disk_changes_alone(change: Change) -> None:
    """
    Refuse another disk together with another class or more storage.
    """
    if change.changes_disk and (change.changes_class or change.grows):
        raise ApiError(code="InvalidTargetStorageType")


def disk_is_sold(change: Change) -> None:
    """
    Demand a new disk that the zone sells for the instance's edition.
    """
    if change.changes_disk and not change.offers:
        raise ApiError(code="InvalidStorageType.NotSupport")


def class_is_sold(change: Change) -> None:
    """
    Demand a new class that the zone sells for the instance as it is.
    """
    wanted, shape = change.instance_class, change.shape
    if wanted in change.offers or not (change.changes_class or change.changes_disk):
        return
    if wanted in change.account.retired_classes:
        raise ApiError(code="InvalidDBInstanceClass.Offline")
    if wanted not in catalogue.priced_classes(shape.engine, shape.engine_version):
        raise ApiError(code="InvalidDBInstanceClass.NotFound")
    if wanted in catalogue.classes(shape):
        raise ApiError(code="OperationDenied.ZoneResource")
    others = (replace(shape, storage_type=disk) for disk in _DISKS)
    if any(wanted in catalogue.classes(other) for other in others):
        raise ApiError(code="InvalidInstanceLevel.DiskType")
    raise ApiError(code="InvalidTargetCategory")


def storage_grows(change: Change) -> None:
    """
    Refuse less storage.
    """
    if change.storage_gb < change.instance.storage_gb:
        is_local = change.storage_type == "local_ssd"
        reduce = "NotSupport" if is_local else "Unsupported"
        raise ApiError(code=f"{reduce}ReduceDiskSize")


def storage_fits_the_class(change: Change) -> None:
    """
    Demand storage in whole steps and, for a class on sale, in its range.
    """
    offer = change.offers.get(change.instance_class)
    storage = change.storage_gb
    fits = offer is None or offer.least_gb <= storage <= offer.most_gb
    steps = change.wanted.storage_gb is None or storage % catalogue.STEP_GB == 0
    if not fits or not steps:
        is_essd = "essd" in change.storage_type
        raise ApiError(
            code="InvalidEssdStorageSize"
            if is_essd
            else "OperationDenied.InvalidStorageSize"
        )


def direction_fits(change: Change) -> None:
    """
    Refuse Down for more storage or another disk; a subscription's class must fit.
    """
    down = change.wanted.direction == "Down"
    if down and change.changes_disk:
        raise ApiError(code="InvalidStorageType.Direction")
    if down and change.grows:
        raise ApiError(code="InvalidStorageSize.Direction")
    if change.instance.pay_type != "Prepaid":
        return
    engine = change.instance.engine
    before = prices.class_hour(engine, change.instance.instance_class)
    after = prices.class_hour(engine, change.instance_class)
    if (after > before) if down else (after < before):
        raise ApiError(code="LX.ARGUMENT.ILLEGAL")


def general_essd_extras(change: Change) -> None:
    """
    Refuse I/O bursting and the buffer pool extension but on general_essd.
    """
    if change.storage_type == "general_essd":
        return
    if change.wanted.bursting:
        raise invalid(name="BurstingEnabled")
    if change.wanted.io_acceleration:
        raise invalid(name="IoAccelerationEnabled")


RULES: Final[tuple[Rule, ...]] = (
    is_primary,
    is_steady,
    is_unlocked,
    payment_stays,
    range_is_sane,
    disk_can_change,
    disk_changes_alone,
    disk_is_sold,
    class_is_sold,
    storage_grows,
    storage_fits_the_class,
    direction_fits,
    general_essd_extras,
)


def judge(change: Change) -> None:
    """
    Apply all rules; the first one that refuses decides.
    """
    for rule in RULES:
        rule(change)
