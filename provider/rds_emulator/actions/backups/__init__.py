"""
Actions about backup sets, log backups and what can be restored from them.
"""

from rds_emulator.actions.backups import (
    backup_jobs,
    backup_policies,
    backups,
    cross_region_backups,
    databases_in_backups,
    detached_backups,
    log_backups,
)

__all__ = [
    "backup_jobs",
    "backup_policies",
    "backups",
    "cross_region_backups",
    "databases_in_backups",
    "detached_backups",
    "log_backups",
]
