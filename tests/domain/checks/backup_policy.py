from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.backups import BackupPolicy
from tests.domain.checks.rows import Row, clone, fails, knowing, passes, rule, source
from tests.domain.samples import SOURCE

POSTGRES: Final = replace(SOURCE, engine="PostgreSQL", engine_version="16.0")
UNTOLD: Final = knowing(backup_policy=BackupPolicy(data=True, log=True))


def policy(**fields: Any) -> dict[str, Any]:
    return clone(backup_policy=fields)


ROWS: list[Row] = []

ROWS += rule(
    "backup-days",
    passes("none"),
    passes("two", policy(days=["Monday", "Friday"])),
    fails("one", policy(days=["Monday"])).says(
        "only Monday is set", "set at least 2 different days"
    ),
    fails("one twice", policy(days=["Monday", "monday"])).says(
        "only Monday is set", "set at least 2 different days"
    ),
    fails("an empty list", policy(days=[])).says("no day is set", "set at least 2 different days"),
)
ROWS += rule(
    "backup-retention",
    passes("none"),
    passes("the least", policy(retention_days=7)),
    passes("the most", policy(log_retention_days=730)),
    *(
        fails(f"{field}: {days}", policy(**{field: days})).says(
            f"{days} days are not between 7 and 730 days",
            "use 7 to 730",
            path=f"backup_policy.{field}",
        )
        for field in ("retention_days", "log_retention_days")
        for days in (6, 731)
    ),
)
ROWS += rule(
    "log-retention",
    passes("none"),
    passes("as long as the source's", policy(log_retention_days=7)),
    passes("as long as declared", policy(log_retention_days=30, retention_days=30)),
    passes("untold", policy(log_retention_days=30), UNTOLD),
    fails("longer than the source's", policy(log_retention_days=8)).says(
        "log backups would be kept for 8 days, but data backups for only "
        "7 days (the current policy)",
        "set backup_policy.retention_days to at least 8, or "
        "backup_policy.log_retention_days to at most 7",
    ),
    fails("longer than declared", policy(log_retention_days=31, retention_days=30)).says(
        "log backups would be kept for 31 days, but data backups for only 30 days",
        "set backup_policy.retention_days to at least 31, or "
        "backup_policy.log_retention_days to at most 30",
    ),
)
ROWS += rule(
    "log-retention-engine",
    passes("none"),
    passes("MySQL's", policy(log_retention_days=7)),
    *(
        fails(engine, policy(log_retention_days=7), source(engine=engine)).says(
            f"{engine} does not support a retention of log backups",
            "remove backup_policy.log_retention_days",
        )
        for engine in ("SQLServer", "MariaDB")
    ),
    fails("switched off", policy(log_retention_days=7, log_backup=False)).says(
        "log backups are disabled, so they have no retention",
        "remove backup_policy.log_retention_days, or set backup_policy.log_backup to true",
    ),
)
ROWS += rule(
    "log-backup-switch",
    passes("none"),
    passes("off", policy(log_backup=False)),
    passes("SQL Server's on", policy(log_backup=True), source(engine="SQLServer")),
    passes("PostgreSQL's on", policy(log_backup=True), knowing(source=POSTGRES)),
    fails("SQL Server's off", policy(log_backup=False), source(engine="SQLServer")).says(
        "log backups of SQL Server cannot be disabled", "remove backup_policy.log_backup"
    ),
    fails(
        "PostgreSQL Basic's on",
        policy(log_backup=True),
        knowing(source=replace(POSTGRES, edition="Basic")),
    ).says(
        "PostgreSQL of edition Basic does not support log backups",
        "remove backup_policy.log_backup",
    ),
)
