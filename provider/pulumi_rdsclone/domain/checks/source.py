"""
Source.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.messages import NO_REGION, REGION_SOURCES
from pulumi_rdsclone.domain.problems import Severity, listed, named, quoted
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant

RULES = Rules()


@RULES.check("region-known", "region", required=True)
def a_region_is_configured(spec: CloneSpec) -> Finding | None:
    """
    Source and clone are in one region, which is declared or configured.
    """
    if spec.region:
        return None
    return Finding(NO_REGION, f"set region, {REGION_SOURCES}")


@RULES.check("source-exists", "source_instance_id", "region", required=True)
def source_exists(spec: CloneSpec, *, exists: bool) -> Finding | None:
    """
    The source is an instance of this region and account.

    Source: DescribeDBInstanceAttribute, InvalidDBInstanceId.NotFound. A clone in
    another region is made by another API action (CreateDdrInstance).
    """
    if exists:
        return None
    return Finding(
        f"there is no instance {named(spec.source_instance_id)} in "
        f"{named(str(spec.region))}",
        "correct the id, the region or the credentials",
    )


@RULES.check("source-primary", "source_instance_id")
def source_is_a_primary(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    Only a primary instance can be cloned.

    Source: product documentation ("primary instance"); CloneDBInstance answers
    IncorrectCharacterType.
    """
    if source.role == "Primary":
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is a {source.role} instance",
        "choose the primary instance of that instance",
    )


_MIGRATIONS: Final = {
    "TRANSING": "is being migrated",
    "TransingToOthers": "is migrating its data to another instance",
    "Importing": "is importing data",
    "ImportingFromOthers": "is importing data from another instance",
    "EngineVersionUpgrading": "is being upgraded to another engine version",
}
"""Source: the table of instance states in the product documentation."""


_CLONING: Final = "INS_CLONING"
"""Source: the table of instance states ("the instance is being cloned")."""


@RULES.check("source-running", "source_instance_id")
def source_is_running(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The source is Running.

    Source: the prerequisites of cloning in the product documentation.
    """
    if source.status in ("Running", _CLONING, *_MIGRATIONS):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is {source.status}",
        "wait until the source is Running",
    )


@RULES.check("source-cloning", "source_instance_id", severity=Severity.WARNING)
def source_is_not_being_cloned(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    No other clone is being made of the source: it may hold this one up.

    Source: the table of instance states knows INS_CLONING. Whether a source shows it
    while a clone is made of it, and whether another one is refused then, is documented
    nowhere: refusing it might refuse every second clone.
    """
    if source.status != _CLONING:
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is {source.status}: another clone of "
        f"{named(spec.source_instance_id)} may be in progress",
        "run again when the source is Running, if the order is refused",
    )


@RULES.check("source-settled", "source_instance_id")
def source_is_not_migrating(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The source has no migration task.

    Source: the prerequisites of cloning in the product documentation. Migrations by
    DTS do not show in this API.
    """
    if source.status not in _MIGRATIONS:
        return None
    return Finding(
        f"{named(spec.source_instance_id)} {_MIGRATIONS[source.status]} "
        f"({source.status})",
        "wait until the source is Running again",
    )


@RULES.check("source-imported", "source_instance_id")
def nothing_is_imported(spec: CloneSpec, migrations: tuple[str, ...]) -> Finding | None:
    """
    No backup file is being imported into a SQL Server source.

    Source: the prerequisites of cloning ("no migration task"); DescribeMigrateTasks,
    which knows SQL Server only.
    """
    if not migrations:
        return None
    return Finding(
        f"a backup file is being imported into {_listed(migrations, quoted)} of "
        f"{named(spec.source_instance_id)}",
        "wait until the import has ended",
    )


@RULES.check("source-idle", "source_instance_id", severity=Severity.WARNING)
def no_task_runs(spec: CloneSpec, tasks: tuple[str, ...]) -> Finding | None:
    """
    No task runs on the source: it may hold the clone up, or have it refused.

    Source: DescribeTasks; which tasks forbid a clone is not documented.
    """
    if not tasks:
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is running the task {_listed(tasks)}",
        "wait until the task has ended, or accept that the clone takes longer",
    )


_LOCKS: Final = {
    "ManualLock": ("manually locked", "unlock the source in the console"),
    "LockByExpiration": ("locked because it expired", "renew the source"),
    "LockByRestoration": ("locked by a rollback", "wait for the rollback to end"),
    "LockByDiskQuota": (
        "locked because its disk is full",
        "increase the storage of the source",
    ),
    "LockReadInstanceByDiskQuota": (
        "locked because its disk is full",
        "increase the storage of the source",
    ),
}
"""Source: DescribeDBInstanceAttribute, LockMode."""


@RULES.check("source-unlocked", "source_instance_id")
def source_is_unlocked(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The source is not locked.

    Source: the prerequisites of cloning in the product documentation.
    """
    if _is_free(source):
        return None
    what, remedy = _LOCKS.get(
        source.lock_mode, (f"locked ({source.lock_mode})", "unlock the source")
    )
    return Finding(f"{named(spec.source_instance_id)} is {what}", remedy)


@RULES.check("source-paid", "source_instance_id")
def source_has_not_expired(
    spec: CloneSpec, source: Instance, now: datetime
) -> Finding | None:
    """
    The source's subscription has not expired.

    Inferred: an expired instance is locked, if not yet then any moment now.
    """
    if source.expires is None or source.expires > now or not _is_free(source):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} expired at {format_instant(source.expires)}",
        "renew the source",
    )


_SOON: Final = timedelta(days=3)


@RULES.check("source-expiry", "source_instance_id", severity=Severity.WARNING)
def source_does_not_expire_soon(
    spec: CloneSpec, source: Instance, now: datetime
) -> Finding | None:
    """
    The source is paid for another three days: an expired one is locked.

    Source: LockMode LockByExpiration; the three days are our choice.
    """
    if source.expires is None or not now < source.expires <= now + _SOON:
        return None
    return Finding(
        f"{named(spec.source_instance_id)} expires at "
        f"{format_instant(source.expires)} and cannot be cloned after that",
        "renew the source",
    )


_VERSIONS: Final = {
    "MySQL": ("5.5", "5.6", "5.7", "8.0"),
    "PostgreSQL": ("9.4", *(f"{major}.0" for major in range(10, 19))),
    "MariaDB": ("10.3", "10.6"),
    SQL_SERVER: (
        *("08r2_ent_ha", "2008r2", "2012", "2012_ent_ha", "2012_std_ha", "2012_web"),
        *("2014_ent_ha", "2014_std_ha", "2016_ent_ha", "2016_std_ha", "2016_std_sl"),
        *("2016_web", "2017_ent", "2017_std_ha", "2017_std_sl", "2017_web"),
        *("2019_ent", "2019_std_ha", "2019_std_sl", "2019_web", "2022_ent"),
        *("2022_std_ha", "2022_web", "2025_ent", "2025_std"),
    ),
}
"""
Engines and versions known to be cloned. Source: CreateDBInstance, EngineVersion;
CloneDBInstance names the four engines and no limit of versions.
"""


@RULES.check("engine-known", "source_instance_id")
def engine_can_be_cloned(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    Engine and version are among those that are documented, or younger.

    Source: CreateDBInstance, EngineVersion.
    """
    known = source.engine_version in _VERSIONS.get(source.engine, ())
    if known or _is_younger(source):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} runs {source.engine} "
        f"{source.engine_version}, which is not among the documented engine versions "
        "that can be cloned",
        "choose another source, or add engine-known to checks.skip",
    )


@RULES.check("engine-newer", "source_instance_id", severity=Severity.WARNING)
def engine_is_not_newer(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The version is not younger than those that this package knows.

    Source: CreateDBInstance, EngineVersion, as of SDK 16.0.2. RDS gets new versions
    more often than this package, so that refuses no clone.
    """
    if not _is_younger(source):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} runs {source.engine} "
        f"{source.engine_version}, which is newer than the engine versions that "
        "rdsclone knows",
        "upgrade pulumi-rdsclone, or add engine-newer to checks.skip",
    )


_NUMBERS: Final = re.compile(r"\d+")


def _is_younger(source: Instance) -> bool:
    """
    Return whether the version is not in the table, and as new as its newest at least.
    """
    known = _VERSIONS.get(source.engine, ())
    if not known or source.engine_version in known:
        return False
    version = _number_of(source.engine_version)
    return bool(version) and version >= max(map(_number_of, known))


def _number_of(version: str) -> tuple[int, ...]:
    """
    Return the numbers of a version; of SQL Server's, such as 2022_ent, the year alone.
    """
    head = version.partition("_")[0]
    return tuple(map(int, _NUMBERS.findall(head)))


@RULES.check("mysql-57-basic", "source_instance_id")
def mysql_57_basic_is_not_cloned(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    MySQL 5.7 on RDS Basic Edition cannot be cloned.

    Source: "Clone RDS instances" of the product documentation, which excludes it by
    name.
    """
    edition = (source.engine, source.engine_version, source.edition.casefold())
    if edition != ("MySQL", "5.7", "basic"):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is MySQL 5.7 of edition Basic, which cannot "
        "be cloned",
        "upgrade the source to edition HighAvailability or to MySQL 8.0",
    )


def _is_free(source: Instance) -> bool:
    return source.lock_mode in ("Unlock", "")


def _listed(names: tuple[str, ...], show: Callable[[str], str] = named) -> str:
    return listed(sorted(set(names)), show)
