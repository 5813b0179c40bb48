"""
What the source must be like.
"""

from rds_emulator.cloning.case import Case
from rds_emulator.errors import ApiError


def is_primary(case: Case) -> None:
    """
    Refuse read-only, guard and temporary instances.
    """
    if case.source.instance_type != "Primary":
        raise ApiError(code="IncorrectCharacterType")


def is_running(case: Case) -> None:
    """
    Refuse a source that is stopped, restarting or migrating.
    """
    if case.source.status != "Running":
        raise ApiError(code="IncorrectDBInstanceState")


def is_unlocked(case: Case) -> None:
    """
    Refuse a source that is locked, for whatever reason.
    """
    if case.source.lock_mode not in ("", "Unlock"):
        raise ApiError(code="IncorrectDBInstanceLockMode")


def is_clonable_version(case: Case) -> None:
    """
    Refuse MySQL 5.7 Basic, which the documentation excludes by name.
    """
    source = case.source
    edition = (source.engine, source.engine_version, source.category)
    if edition == ("MySQL", "5.7", "Basic"):
        raise ApiError(code="IncorrectEngineVersion")


def region_has_quota(case: Case) -> None:
    """
    Refuse an instance more than the region's quota.
    """
    quota = case.region.instance_quota
    if quota is not None and len(case.neighbours) >= quota:
        raise ApiError(code="QuotaExceeded.CreateInstance")
