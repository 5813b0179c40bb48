"""
What a change needs of an instance and of a request before anything else.
"""

from collections.abc import Iterable

from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state.model import Instance


def check_ready(instance: Instance) -> None:
    """
    Refuse an instance that is not Running, or locked: a small change needs both.
    """
    if instance.status != "Running":
        raise ApiError(code="IncorrectDBInstanceState")
    check_unlocked(instance, code="IncorrectDBInstanceLockMode")


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
    if instance.is_locked:
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
    Refuse parameters that the real API has and the emulator has not.
    """
    for name in names:
        if name in parameters:
            raise unmodelled(what=f"the parameter {name}")


def unmodelled(*, what: str) -> ApiError:
    """
    Return the refusal of something that only the real API has.
    """
    return ApiError(code="EmulatorNotImplemented", what=what)
