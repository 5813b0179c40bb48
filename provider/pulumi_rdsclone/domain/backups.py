"""
Backup policy, backup sets and restorable window of an instance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

_GRAIN: Final = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class BackupPolicy:
    """
    The backup policy of an instance.

    Attributes:
        data: Whether data backups are scheduled.
        log: Whether logs are backed up, as far as the policy shows.
        retention_days: How long data backups are kept; None if not reported.
    """

    data: bool
    log: bool
    retention_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class BackupSet:
    """
    One data backup of an instance.

    Attributes:
        succeeded: Whether the backup ended well.
        available: Whether it can be restored at present.
        method: How it was made: Physical, Snapshot or Logical.
        full: A full backup, to which logs can be added.
        listed: Whether the API can list its databases and tables.
        ended: Its consistent point, the instant that a clone of it holds.
        started: When it began; None if not reported.
        size_bytes: None if not reported.
    """

    id: str
    succeeded: bool
    available: bool
    method: str
    ended: datetime
    full: bool = True
    listed: bool = True
    started: datetime | None = None
    size_bytes: int | None = None

    @property
    def logical(self) -> bool:
        """
        Whether it is a dump: a clone needs a physical or snapshot backup.
        """
        return self.method == "Logical"

    @property
    def usable(self) -> bool:
        """
        Whether a clone can be made of it.
        """
        return not self.why_not

    @property
    def why_not(self) -> str:
        """
        Why no clone can be made of it, a clause; empty when one can.

        Source: DescribeBackups (BackupStatus, IsAvail, BackupMethod) and the user
        guide of restoring MySQL instances.
        """
        if not self.succeeded:
            return "failed"
        if self.logical:
            return "is a logical backup"
        return "" if self.available else "is not available"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """
    The databases and tables that a backup contains, as far as they were read.

    Attributes:
        databases: Names of all databases.
        tables: Names of tables, each as database.table.
    """

    databases: frozenset[str]
    tables: frozenset[str]


@dataclass(frozen=True, order=True)
class Span:
    """
    A stretch of time without a gap, both ends included, in UTC.
    """

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class RecoveryWindow:
    """
    The seconds that can be restored: at least one span, the oldest first.
    """

    spans: tuple[Span, ...]

    @property
    def begin(self) -> datetime:
        """
        The oldest restorable second.
        """
        return self.spans[0].begin

    @property
    def end(self) -> datetime:
        """
        The newest restorable second.
        """
        return self.spans[-1].end

    def holds(self, time: datetime) -> bool:
        """
        Return whether *time* can be restored.
        """
        return any(span.begin <= time <= span.end for span in self.spans)

    def neighbours(self, time: datetime) -> tuple[datetime | None, datetime | None]:
        """
        Return the last restorable second before *time* and the first one after it.
        """
        before = [span.end for span in self.spans if span.end < time]
        after = [span.begin for span in self.spans if span.begin > time]
        return max(before, default=None), min(after, default=None)


class NoWindow(Enum):
    """
    Why an instance has no recovery window.
    """

    LOG_BACKUP_OFF = "log backups are disabled"
    NO_BACKUP = "there is no backup to start from"
    NOT_TOLD = "the API returns no restorable window for this engine"
    NOT_NOW = "the current status of the source does not allow this query"


def logs_around(
    time: datetime, backup_sets: Iterable[BackupSet], *, until: datetime
) -> Span | None:
    """
    Return the span whose logs decide about *time*; None if no set is before it.

    It goes from the full set before *time* to the next one, or *until*.
    """
    ends = sorted(b.ended for b in backup_sets if b.usable and b.full)
    before = [end for end in ends if end <= time]
    after = [end for end in ends if end > time]
    if not before:
        return None
    return Span(before[-1], after[0] if after else until)


def window_from_logs(
    backup_sets: Iterable[BackupSet], logs: Iterable[Span]
) -> RecoveryWindow | NoWindow:
    """
    Return the restorable window, computed from backup sets and log backups.

    The end of each usable full set can be restored, and what follows it as long as
    the logs have no gap. Inferred: for SQL Server no call returns the window.

    Args:
        backup_sets: The instance's data backups.
        logs: The stretches that its log backups cover, as far as they were asked for.
    """
    joined = _joined(logs)
    spans = [
        Span(backup.ended, _last_second_after(backup.ended, joined))
        for backup in backup_sets
        if backup.usable and backup.full
    ]
    return RecoveryWindow(_joined(spans)) if spans else NoWindow.NO_BACKUP


def _last_second_after(instant: datetime, logs: Iterable[Span]) -> datetime:
    return next((log.end for log in logs if log.begin <= instant <= log.end), instant)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """
    Join the spans without a second between them; the API's times are whole seconds.
    """
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.begin <= joined[-1].end + _GRAIN:
            joined[-1] = Span(joined[-1].begin, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
