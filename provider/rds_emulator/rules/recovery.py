"""
Which seconds of an instance's past can be restored.

There is one concept for all engines: spans. Logs that follow one another
without a gap make a stretch, and in a stretch everything from a usable full set
on can be restored. SQL Server's logs come in files, so its stretches begin and
end where files do, and the end of a set alone is restorable, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Backup, Instance

SQL_SERVER_PROMPT_LAG: Final = 300
"""Seconds; SQL Server backs up its logs no more often, and calls that "on"."""


@dataclass(frozen=True)
class Span:
    """
    A stretch of time from its first to its last instant, both included.
    """

    begin: datetime
    end: datetime

    def contains(self, instant: datetime) -> bool:
        """
        Whether *instant* is in the stretch.
        """
        return self.begin <= instant <= self.end


def finished_backups(cloud: Cloud, instance: Instance) -> list[Backup]:
    """
    Return the backup sets that exist by now, the newest first.
    """
    now = cloud.clock.now()
    return [backup for backup in cloud.backups(instance) if backup.ended <= now]


def spans(
    instance: Instance, backups: Sequence[Backup], *, now: datetime
) -> list[Span]:
    """
    Return what can be restored to a point in time, the oldest stretch first.

    SQL Server has one for each unbroken run of log files. The other engines have
    one, the newest, as that is all that their window call can tell.

    Raises:
        ApiError: When there is no usable full set, or no log.
    """
    ends = sorted(
        backup.ended
        for backup in backups
        if backup.usable and backup.type == "FullBackup"
    )
    if not ends:
        raise ApiError(code="InvalidBackup.NotFound")
    stretches = log_stretches(instance, now)
    if instance.engine == "SQLServer":
        found = _spans_of_files(stretches, ends)
    else:
        is_strict = any(backup.is_scheduled for backup in backups)
        begin = None if is_strict else logs_begin(instance, now)
        found = _spans_of_stream(stretches, ends, logs_begin=begin)[-1:]
    if not found:
        raise ApiError(code="InvalidBinlog.NotFound")
    return found


def window(instance: Instance, backups: Sequence[Backup], *, now: datetime) -> Span:
    """
    Return the newest stretch that can be restored without a gap.
    """
    return spans(instance, backups, now=now)[-1]


def log_stretches(instance: Instance, now: datetime) -> list[Span]:
    """
    Return the stretches for which there are logs, without a gap in any of them.
    """
    if not backs_up_logs(instance):
        return []
    lag = timedelta(seconds=instance.backup_policy.log_lag_seconds)
    is_sql_server = instance.engine == "SQLServer"
    begin, newest = logs_begin(instance, now), now if is_sql_server else now - lag
    stretches = []
    for gap in sorted(instance.log_gaps, key=lambda gap: gap.begin):
        stretches.append(Span(begin, min(gap.begin, newest)))
        begin = max(begin, gap.end)
    stretches.append(Span(begin, newest))
    if is_sql_server:
        interval = log_interval(instance)
        stretches = [_whole_files(stretch, interval) for stretch in stretches]
    return [stretch for stretch in stretches if stretch.begin < stretch.end]


def log_interval(instance: Instance) -> int:
    """
    Return how many seconds a log file of SQL Server covers.
    """
    return max(instance.backup_policy.log_lag_seconds, SQL_SERVER_PROMPT_LAG)


def backs_up_logs(instance: Instance) -> bool:
    """
    Whether there are log backups at all, whatever the policy calls it.

    MySQL's PITR protection is one; PostgreSQL Basic has none.
    """
    policy = instance.backup_policy
    if (instance.engine, instance.category) == ("PostgreSQL", "Basic"):
        return False
    return policy.log_enabled or (policy.pitr_protection and instance.engine == "MySQL")


def reports_log_backup(instance: Instance) -> bool:
    """
    Whether DescribeBackupPolicy calls the log backup on.

    SQL Server with a slow log schedule says off although logs are backed up;
    MySQL with PITR protection alone has another field for it.
    """
    if not instance.backup_policy.log_enabled:
        return False
    if instance.engine == "SQLServer":
        return log_interval(instance) <= SQL_SERVER_PROMPT_LAG
    return backs_up_logs(instance)


def _spans_of_stream(
    stretches: Sequence[Span], ends: Sequence[datetime], *, logs_begin: datetime | None
) -> list[Span]:
    found = []
    for stretch in stretches:
        # Before the schedule has made a set, an old one of the seed stands for
        # those that a real instance would have made in the meantime.
        is_first = stretch.begin == logs_begin
        anchors = [end for end in ends if is_first or end >= stretch.begin]
        begin = _next_whole_second(
            max(stretch.begin, min(anchors, default=stretch.end))
        )
        last = stretch.end.replace(microsecond=0)
        if anchors and begin <= last:
            found.append(Span(begin, last))
    return found


def _spans_of_files(stretches: Sequence[Span], ends: Sequence[datetime]) -> list[Span]:
    found: list[Span] = []
    for end in (end.replace(microsecond=0) for end in ends):
        if found and found[-1].contains(end):
            continue
        covering = next(
            (stretch for stretch in stretches if stretch.contains(end)), None
        )
        found.append(Span(end, covering.end if covering else end))
    return found


def _whole_files(stretch: Span, interval: int) -> Span:
    begin = -(-stretch.begin.timestamp() // interval) * interval
    end = stretch.end.timestamp() // interval * interval
    return Span(datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))


def logs_begin(instance: Instance, now: datetime) -> datetime:
    """
    Return from when on logs are kept.
    """
    policy = instance.backup_policy
    days = policy.log_retention_days
    if policy.pitr_protection and instance.engine == "MySQL":
        days = max(days if policy.log_enabled else 0, policy.pitr_retention_days)
    kept = now - timedelta(days=days)
    return max(kept, policy.log_since) if policy.log_since else kept


def _next_whole_second(instant: datetime) -> datetime:
    whole = instant.replace(microsecond=0)
    return whole if whole == instant else whole + timedelta(seconds=1)
