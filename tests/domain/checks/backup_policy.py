from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.backups import BackupPolicy
from tests.domain.checks.rows import Rows, clone, fails, knowing, passes, source
from tests.domain.samples import SOURCE

POSTGRES: Final = replace(SOURCE, engine="PostgreSQL", engine_version="16.0")
UNTOLD: Final = knowing(backup_policy=BackupPolicy(data=True, log=True))


def policy(**fields: Any) -> dict[str, Any]:
    """
    Ask for a backup policy.
    """
    return clone(backup_policy=fields)


ROWS: Final[Rows] = (
    passes("backup-days", "none"),
    passes("backup-days", "two", policy(days=["Monday", "Friday"])),
    fails(
        "backup-days",
        "one",
        policy(days=["Monday"]),
        what="only Monday is set",
        remedy="set at least 2 different days",
    ),
    fails(
        "backup-days",
        "one twice",
        policy(days=["Monday", "monday"]),
        what="only Monday is set",
        remedy="set at least 2 different days",
    ),
    fails(
        "backup-days",
        "an empty list",
        policy(days=[]),
        what="no day is set",
        remedy="set at least 2 different days",
    ),
    passes("backup-retention", "none"),
    passes("backup-retention", "the least", policy(retention_days=7)),
    passes("backup-retention", "the most", policy(log_retention_days=730)),
    *(
        fails(
            "backup-retention",
            f"{field}: {days}",
            policy(**{field: days}),
            what=f"{days} days are not between 7 and 730 days",
            remedy="use 7 to 730",
            path=f"backup_policy.{field}",
        )
        for field in ("retention_days", "log_retention_days")
        for days in (6, 731)
    ),
    passes("log-retention", "none"),
    passes("log-retention", "as long as the source's", policy(log_retention_days=7)),
    passes(
        "log-retention",
        "as long as declared",
        policy(log_retention_days=30, retention_days=30),
    ),
    passes("log-retention", "untold", policy(log_retention_days=30), UNTOLD),
    fails(
        "log-retention",
        "longer than the source's",
        policy(log_retention_days=8),
        what="log backups would be kept for 8 days, but data backups for only "
        "7 days (the current policy)",
        remedy="set backup_policy.retention_days to at least 8, or "
        "backup_policy.log_retention_days to at most 7",
    ),
    fails(
        "log-retention",
        "longer than declared",
        policy(log_retention_days=31, retention_days=30),
        what="log backups would be kept for 31 days, but data backups for only 30 days",
        remedy="set backup_policy.retention_days to at least 31, or "
        "backup_policy.log_retention_days to at most 30",
    ),
    passes("log-retention-engine", "none"),
    passes("log-retention-engine", "MySQL's", policy(log_retention_days=7)),
    *(
        fails(
            "log-retention-engine",
            engine,
            policy(log_retention_days=7),
            source(engine=engine),
            what=f"{engine} does not support a retention of log backups",
            remedy="remove backup_policy.log_retention_days",
        )
        for engine in ("SQLServer", "MariaDB")
    ),
    fails(
        "log-retention-engine",
        "switched off",
        policy(log_retention_days=7, log_backup=False),
        what="log backups are disabled, so they have no retention",
        remedy="remove backup_policy.log_retention_days, or set "
        "backup_policy.log_backup to true",
    ),
    passes("log-backup-switch", "none"),
    passes("log-backup-switch", "off", policy(log_backup=False)),
    passes(
        "log-backup-switch",
        "SQL Server's on",
        policy(log_backup=True),
        source(engine="SQLServer"),
    ),
    passes(
        "log-backup-switch",
        "PostgreSQL's on",
        policy(log_backup=True),
        knowing(source=POSTGRES),
    ),
    fails(
        "log-backup-switch",
        "SQL Server's off",
        policy(log_backup=False),
        source(engine="SQLServer"),
        what="log backups of SQL Server cannot be disabled",
        remedy="remove backup_policy.log_backup",
    ),
    fails(
        "log-backup-switch",
        "PostgreSQL Basic's on",
        policy(log_backup=True),
        knowing(source=replace(POSTGRES, edition="Basic")),
        what="PostgreSQL of edition Basic does not support log backups",
        remedy="remove backup_policy.log_backup",
    ),
)
