"""
What the source must be like.
"""

from rds_emulator import catalogue
from rds_emulator.cloning.case import Case
from rds_emulator.errors import ApiError

_UNFINISHED_MIGRATION = ("NoStart", "Running", "Waiting")


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


def is_not_expired(case: Case) -> None:
    """
    Refuse a subscription that is over, as if it were locked already.
    """
    expires = case.source.expires
    if expires is not None and expires <= case.now:
        raise ApiError(code="IncorrectDBInstanceLockMode")


def has_no_migration(case: Case) -> None:
    """
    Refuse a SQL Server that a backup file is being imported into.
    """
    if case.source.engine != "SQLServer":
        return
    if any(one.status in _UNFINISHED_MIGRATION for one in case.source.migrations):
        raise ApiError(code="IncorrectDBInstanceState")


def is_clonable_engine(case: Case) -> None:
    """
    Refuse an engine that can no longer be cloned, such as PPAS.
    """
    if case.source.engine not in catalogue.VERSIONS:
        raise ApiError(code="IncorrectDBInstanceEngine")


def is_clonable_version(case: Case) -> None:
    """
    Refuse an unknown version, and MySQL 5.7 Basic, which is excluded by name.
    """
    source = case.source
    if source.engine_version not in catalogue.VERSIONS[source.engine]:
        raise ApiError(code="IncorrectEngineVersion")
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
