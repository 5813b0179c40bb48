"""
What a change needs of an instance and of a request before anything is looked at.
"""

from collections.abc import Iterable

from rds_emulator.errors import ApiError
from rds_emulator.model import Instance
from rds_emulator.parameters import Parameters


def check_steady(
    instance: Instance, *, code: str = "OperationDenied.DBInstanceStatus"
) -> None:
    """
    Refuse an instance that is not Running, or whose slow change has begun.
    """
    if instance.status != "Running" or instance.coming:
        raise ApiError(code=code)


def check_unlocked(
    instance: Instance, *, code: str = "OperationDenied.LockMode"
) -> None:
    """
    Refuse a locked instance.
    """
    if instance.lock_mode not in ("", "Unlock"):
        raise ApiError(code=code)


def check_engine(instance: Instance, engines: Iterable[str]) -> None:
    """
    Refuse an instance of any other engine.
    """
    if instance.engine not in engines:
        raise ApiError(code="IncorrectDBInstanceEngine")


def has_postgresql_on_local_disks(instance: Instance) -> bool:
    """
    Whether *instance* is PostgreSQL on local disks, for which the API does less.
    """
    return instance.engine == "PostgreSQL" and instance.storage_type == "local_ssd"


def refuse_unmodelled(parameters: Parameters, names: Iterable[str]) -> None:
    """
    Refuse loudly what the real API would do and the emulator does not.
    """
    for name in names:
        if name in parameters:
            raise unmodelled(what=f"the parameter {name}")


def unmodelled(*, what: str) -> ApiError:
    """
    Say that the emulator does not have something the real API has.
    """
    return ApiError(code="EmulatorNotImplemented", what=what)
