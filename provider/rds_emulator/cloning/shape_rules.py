"""
What the clone may be: edition, class, storage, payment.
"""

import re
from collections.abc import Mapping

from rds_emulator import catalogue, scaling
from rds_emulator.cloning.case import MOST_ZONES, Case
from rds_emulator.errors import ApiError, invalid

_ENGINES_OF_EDITION: Mapping[str, tuple[str, ...]] = {
    "cluster": ("MySQL", "PostgreSQL"),
    "AlwaysOn": ("SQLServer",),
    "Finance": ("MySQL",),
    "serverless_basic": ("MySQL", "PostgreSQL"),
    "serverless_standard": ("MySQL", "PostgreSQL"),
    "serverless_ha": ("SQLServer",),
}
_CLASS_OF_ENGINE: Mapping[str, re.Pattern[str]] = {
    "MySQL": re.compile(r"(rds\.)?mysql\.[a-z0-9.-]+"),
    "SQLServer": re.compile(r"(rds\.)?mssql\.[a-z0-9.-]+"),
    "PostgreSQL": re.compile(r"(rds\.)?pg\.[a-z0-9.-]+"),
    "MariaDB": re.compile(r"(rds\.)?mariadb\.[a-z0-9.-]+"),
}
_STORAGE_TYPES = (
    "local_ssd",
    "general_essd",
    "cloud_ssd",
    "cloud_essd",
    "cloud_essd2",
    "cloud_essd3",
)
_LEAST_STORAGE: Mapping[str, int] = {"cloud_essd2": 500, "cloud_essd3": 1500}
_SERVERLESS_STORAGE = ("cloud_essd", "general_essd")


def edition_exists(case: Case) -> None:
    """
    Demand an edition that the engine and the payment have.
    """
    category = case.category
    if category not in MOST_ZONES:
        raise invalid(name="Category")
    if case.source.engine not in _ENGINES_OF_EDITION.get(
        category, (case.source.engine,)
    ):
        raise ApiError(code="IncorrectTargetCategory")
    if category.startswith("serverless_") != case.is_serverless:
        raise ApiError(code="IncorrectTargetCategory")


def serverless_engine_exists(case: Case) -> None:
    """
    Refuse serverless MariaDB: it is not sold.
    """
    if case.is_serverless and case.source.engine == "MariaDB":
        raise ApiError(code="InvalidPayType.ValueNotSupported")


def serverless_range_is_sane(case: Case) -> None:
    """
    Demand a range that the engine can scale in.
    """
    if case.order.serverless is not None:
        scaling.check_range(
            case.source.engine,
            case.order.serverless,
            refusal="InvalidServerlessConfig.Malformed",
        )


def class_is_of_the_engine(case: Case) -> None:
    """
    Demand a class that is spelled like one of the source's engine.
    """
    pattern = _CLASS_OF_ENGINE.get(case.source.engine)
    if pattern and not pattern.fullmatch(case.instance_class):
        raise ApiError(code="InvalidDBInstanceClass.Malformed")


def class_is_on_sale(case: Case) -> None:
    """
    Refuse a class that is no longer sold.
    """
    if case.instance_class in case.account.retired_classes:
        raise ApiError(code="InvalidDBInstanceClass.Offline")


def class_fits_the_payment(case: Case) -> None:
    """
    Demand a serverless class for a serverless clone, and for no other.
    """
    if (".serverless." in case.instance_class) != case.is_serverless:
        raise ApiError(code="IncorrectTargetClasscode")


def storage_type_exists(case: Case) -> None:
    """
    Demand a storage type on sale, for a serverless clone an ESSD.
    """
    refusal = ApiError(code="InvalidParameter.NotSupportDBInstanceStorageType")
    inherited = case.storage_type == case.source.storage_type
    if case.storage_type not in _STORAGE_TYPES and not inherited:
        raise refusal
    if case.is_serverless and case.storage_type not in _SERVERLESS_STORAGE:
        raise refusal


def storage_type_can_change(case: Case) -> None:
    """
    Refuse to move from local disks to cloud disks, or back.
    """
    before, after = case.source.storage_type, case.storage_type
    if (before == "local_ssd") != (after == "local_ssd"):
        raise ApiError(code="InvalidRecoveryDbInstance.StorageType")


def performance_level_stays(case: Case) -> None:
    """
    Refuse a lower performance level, and a high one for little storage.
    """
    before = catalogue.PERFORMANCE_LEVELS.get(case.source.storage_type)
    after = catalogue.PERFORMANCE_LEVELS.get(case.storage_type)
    if before is not None and after is not None and after < before:
        raise ApiError(code="CannotDecreaseEssdPerfLevel")
    if case.storage_gb < _LEAST_STORAGE.get(case.storage_type, 0):
        raise ApiError(code="CannotDecreaseEssdPerfLevel")


def storage_is_enough(case: Case) -> None:
    """
    Demand storage that holds the source's data.
    """
    if case.storage_gb < case.source.storage_gb:
        raise ApiError(code="InvalidRecoveryDbInstance.StorageSize")


def class_takes_the_disk(case: Case) -> None:
    """
    Demand that class and disk go together, as far as the class's name tells.
    """
    is_local = _is_local_class(case.instance_class)
    if is_local is not None and is_local != (case.storage_type == "local_ssd"):
        raise ApiError(code="InvalidInstanceLevel.DiskType")


def general_essd_extras(case: Case) -> None:
    """
    Refuse I/O bursting and the buffer pool extension but on general_essd.
    """
    if case.storage_type == "general_essd":
        return
    if case.order.bursting:
        raise invalid(name="BurstingEnabled")
    if case.order.io_acceleration:
        raise invalid(name="IoAccelerationEnabled")


def _is_local_class(name: str) -> bool | None:
    if name.startswith("rds.") or (name.startswith("mysql.x") and name.endswith(".2")):
        return True
    return False if name.endswith(("c", ".1")) else None
