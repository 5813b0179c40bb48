"""
What the clone may be: edition, class, storage, payment.
"""

import re
from collections.abc import Mapping
from typing import Final

from rds_emulator.market import catalogue
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.rules import serverless_range
from rds_emulator.rules.cloning.clone_request import MOST_ZONES, CloneRequest

_ENGINES_OF_EDITION: Final[Mapping[str, tuple[str, ...]]] = {
    "cluster": ("MySQL", "PostgreSQL"),
    "AlwaysOn": ("SQLServer",),
    "Finance": ("MySQL",),
    "serverless_basic": ("MySQL", "PostgreSQL"),
    "serverless_standard": ("MySQL", "PostgreSQL"),
    "serverless_ha": ("SQLServer",),
}
_CLASS_OF_ENGINE: Final[Mapping[str, re.Pattern[str]]] = {
    "MySQL": re.compile(r"(rds\.)?mysql\.[a-z0-9.-]+"),
    "SQLServer": re.compile(r"(rds\.)?mssql\.[a-z0-9.-]+"),
    "PostgreSQL": re.compile(r"(rds\.)?pg\.[a-z0-9.-]+"),
    "MariaDB": re.compile(r"(rds\.)?mariadb\.[a-z0-9.-]+"),
}
_STORAGE_TYPES: Final = (
    "local_ssd",
    "general_essd",
    "cloud_ssd",
    "cloud_essd",
    "cloud_essd2",
    "cloud_essd3",
)
_LEAST_STORAGE: Final[Mapping[str, int]] = {"cloud_essd2": 500, "cloud_essd3": 1500}
_SERVERLESS_STORAGE: Final = ("cloud_essd", "general_essd")


def edition_exists(request: CloneRequest) -> None:
    """
    Demand an edition that the engine and the payment have.
    """
    category = request.category
    if category not in MOST_ZONES:
        raise invalid(name="Category")
    if request.source.engine not in _ENGINES_OF_EDITION.get(
        category, (request.source.engine,)
    ):
        raise ApiError(code="IncorrectTargetCategory")
    if category.startswith("serverless_") != request.is_serverless:
        raise ApiError(code="IncorrectTargetCategory")


def serverless_engine_exists(request: CloneRequest) -> None:
    """
    Refuse serverless MariaDB: it is not sold.
    """
    if request.is_serverless and request.source.engine == "MariaDB":
        raise ApiError(code="InvalidPayType.ValueNotSupported")


def serverless_range_is_sane(request: CloneRequest) -> None:
    """
    Demand a range that the engine can scale in.
    """
    if request.order.serverless is not None:
        serverless_range.check_range(
            request.source.engine,
            request.order.serverless,
            refusal="InvalidServerlessConfig.Malformed",
        )


def class_is_of_the_engine(request: CloneRequest) -> None:
    """
    Demand a class that is spelled like one of the source's engine.
    """
    pattern = _CLASS_OF_ENGINE.get(request.source.engine)
    if pattern and not pattern.fullmatch(request.instance_class):
        raise ApiError(code="InvalidDBInstanceClass.Malformed")


def class_is_on_sale(request: CloneRequest) -> None:
    """
    Refuse a class that is no longer sold.
    """
    if request.instance_class in request.account.retired_classes:
        raise ApiError(code="InvalidDBInstanceClass.Offline")


def class_fits_the_payment(request: CloneRequest) -> None:
    """
    Demand a serverless class for a serverless clone, and for no other.
    """
    if (".serverless." in request.instance_class) != request.is_serverless:
        raise ApiError(code="IncorrectTargetClasscode")


def storage_type_exists(request: CloneRequest) -> None:
    """
    Demand a storage type on sale, for a serverless clone an ESSD.
    """
    refusal = ApiError(code="InvalidParameter.NotSupportDBInstanceStorageType")
    inherited = request.storage_type == request.source.storage_type
    if request.storage_type not in _STORAGE_TYPES and not inherited:
        raise refusal
    if request.is_serverless and request.storage_type not in _SERVERLESS_STORAGE:
        raise refusal


def storage_type_can_change(request: CloneRequest) -> None:
    """
    Refuse to move from local disks to cloud disks, or back.
    """
    before, after = request.source.storage_type, request.storage_type
    if (before == "local_ssd") != (after == "local_ssd"):
        raise ApiError(code="InvalidRecoveryDbInstance.StorageType")


def performance_level_stays(request: CloneRequest) -> None:
    """
    Refuse a lower performance level, and a high one for little storage.
    """
    before = catalogue.PERFORMANCE_LEVELS.get(request.source.storage_type)
    after = catalogue.PERFORMANCE_LEVELS.get(request.storage_type)
    if before is not None and after is not None and after < before:
        raise ApiError(code="CannotDecreaseEssdPerfLevel")
    if request.storage_gb < _LEAST_STORAGE.get(request.storage_type, 0):
        raise ApiError(code="CannotDecreaseEssdPerfLevel")


def storage_is_enough(request: CloneRequest) -> None:
    """
    Demand storage that holds the source's data.
    """
    if request.storage_gb < request.source.storage_gb:
        raise ApiError(code="InvalidRecoveryDbInstance.StorageSize")


def class_takes_the_disk(request: CloneRequest) -> None:
    """
    Demand that class and disk go together, as far as the class's name tells.
    """
    is_local = _is_local_class(request.instance_class)
    if is_local is not None and is_local != (request.storage_type == "local_ssd"):
        raise ApiError(code="InvalidInstanceLevel.DiskType")


def general_essd_extras(request: CloneRequest) -> None:
    """
    Refuse I/O bursting and the buffer pool extension but on general_essd.
    """
    if request.storage_type == "general_essd":
        return
    if request.order.bursting:
        raise invalid(name="BurstingEnabled")
    if request.order.io_acceleration:
        raise invalid(name="IoAccelerationEnabled")


def _is_local_class(name: str) -> bool | None:
    if name.startswith("rds.") or (name.startswith("mysql.x") and name.endswith(".2")):
        return True
    return False if name.endswith(("c", ".1")) else None
