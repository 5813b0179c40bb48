"""
What the source must be like.
"""

from typing import Final

from rds_emulator.market import catalogue
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules.cloning.clone_request import CloneRequest

_UNFINISHED_MIGRATION: Final = ("NoStart", "Running", "Waiting")


def is_primary(request: CloneRequest) -> None:
    """
    Refuse read-only, guard and temporary instances.
    """
    if request.source.instance_type != "Primary":
        raise ApiError(code="IncorrectCharacterType")


def is_running(request: CloneRequest) -> None:
    """
    Refuse a source that is stopped, restarting or migrating.
    """
    if request.source.status != "Running":
        raise ApiError(code="IncorrectDBInstanceState")


def is_unlocked(request: CloneRequest) -> None:
    """
    Refuse a source that is locked, for whatever reason.
    """
    if request.source.is_locked:
        raise ApiError(code="IncorrectDBInstanceLockMode")


def is_not_expired(request: CloneRequest) -> None:
    """
    Refuse a subscription that is over, as if it were locked already.
    """
    expires = request.source.expires
    if expires is not None and expires <= request.now:
        raise ApiError(code="IncorrectDBInstanceLockMode")


def has_no_migration(request: CloneRequest) -> None:
    """
    Refuse a SQL Server that a backup file is being imported into.
    """
    if request.source.engine != "SQLServer":
        return
    if any(
        migration.status in _UNFINISHED_MIGRATION
        for migration in request.source.migrations
    ):
        raise ApiError(code="IncorrectDBInstanceState")


def is_clonable_engine(request: CloneRequest) -> None:
    """
    Refuse an engine that can no longer be cloned, such as PPAS.
    """
    if request.source.engine not in catalogue.VERSIONS:
        raise ApiError(code="IncorrectDBInstanceEngine")


def is_clonable_version(request: CloneRequest) -> None:
    """
    Refuse an unknown version, and MySQL 5.7 Basic, which is excluded by name.
    """
    source = request.source
    if source.engine_version not in catalogue.VERSIONS[source.engine]:
        raise ApiError(code="IncorrectEngineVersion")
    edition = (source.engine, source.engine_version, source.category)
    if edition == ("MySQL", "5.7", "Basic"):
        raise ApiError(code="IncorrectEngineVersion")


def region_has_quota(request: CloneRequest) -> None:
    """
    Refuse an instance more than the region's quota.
    """
    quota = request.region.instance_quota
    if quota is not None and len(request.neighbours) >= quota:
        raise ApiError(code="QuotaExceeded.CreateInstance")
