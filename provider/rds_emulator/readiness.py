"""
Whether an instance is in a state in which it can be changed.
"""

from rds_emulator.errors import ApiError
from rds_emulator.model import Instance


def check_ready(instance: Instance) -> None:
    """
    Refuse an instance that is not Running, or locked: a small change needs both.
    """
    if instance.status != "Running":
        raise ApiError(code="IncorrectDBInstanceState")
    if instance.lock_mode not in ("", "Unlock"):
        raise ApiError(code="IncorrectDBInstanceLockMode")


def check_unlocked(instance: Instance) -> None:
    """
    Refuse a locked instance; a slow change judges the status by itself.
    """
    if instance.lock_mode not in ("", "Unlock"):
        raise ApiError(code="OperationDenied.LockMode")
