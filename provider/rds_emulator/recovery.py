"""
Which seconds of an instance's past can be restored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rds_emulator.errors import ApiError
from rds_emulator.model import Backup, Instance
from rds_emulator.world import World

SQL_SERVER_PROMPT_LAG = 300
"""Seconds; SQL Server calls its log backup on only when it runs this often."""


@dataclass(frozen=True)
class Window:
    """
    The first and the newest restorable second, both included.
    """

    begin: datetime
    end: datetime

    def contains(self, instant: datetime) -> bool:
        """
        Whether *instant* can be restored.
        """
        return self.begin <= instant <= self.end


def finished_backups(world: World, instance: Instance) -> list[Backup]:
    """
    List the backup sets that exist by now, the newest first.
    """
    now = world.clock.now()
    return [one for one in world.store.backups(instance.id) if one.ended <= now]


def window(instance: Instance, backups: Sequence[Backup], now: datetime) -> Window:
    """
    Work out the restorable window of an instance whose logs are backed up.

    It begins where the first usable full set ends, or where the logs begin,
    and its end follows *now* at the instance's lag.
    """
    usable = [one for one in backups if one.usable and one.type == "FullBackup"]
    if not usable:
        raise ApiError(code="InvalidBackup.NotFound")
    policy = instance.backup_policy
    candidates = [
        min(one.ended for one in usable),
        now - timedelta(days=policy.log_retention_days),
    ]
    if policy.log_since is not None:
        candidates.append(policy.log_since)
    end = (now - timedelta(seconds=policy.log_lag_seconds)).replace(microsecond=0)
    begin = _next_whole_second(max(candidates))
    if begin > end:
        raise ApiError(code="InvalidBinlog.NotFound")
    return Window(begin, end)


def reports_log_backup(instance: Instance) -> bool:
    """
    Whether DescribeBackupPolicy calls the log backup on.

    SQL Server with a slow log schedule says off although logs are backed up.
    """
    policy = instance.backup_policy
    if instance.engine == "SQLServer":
        return policy.log_enabled and policy.log_lag_seconds <= SQL_SERVER_PROMPT_LAG
    return policy.log_enabled


def _next_whole_second(instant: datetime) -> datetime:
    whole = instant.replace(microsecond=0)
    return whole if whole == instant else whole + timedelta(seconds=1)
