"""
When backup sets are made by themselves, and how long sets are kept.

Everything here follows from a backup policy, the past of an instance and an instant:
`Cloud.backups` writes the sets down when somebody looks.
"""

import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from rds_emulator.state.model import Backup, BackupPolicy, Instance, StatusChange

FOR_EVER: Final = -1
"""The retention, in days, of a set that is kept for the long term."""

_DAY: Final = timedelta(days=1)
_LASTS: Final = timedelta(minutes=25)
_LONGEST_PAUSE: Final = timedelta(days=8)
_SHORTEST: Final = 7
_FIRST_ID: Final = 2_000_000_000
_IDS: Final = 1_000_000_000


def due(
    instance: Instance,
    sets: Sequence[Backup],
    *,
    history: Sequence[StatusChange],
    since: datetime,
    now: datetime,
) -> list[Backup]:
    """
    Return the scheduled sets whose windows begin after *since*, up to *now*.

    A set begins with the window, or as soon as the instance is Running and no other
    backup of it runs (ours); when the window has passed by then, there is none. What
    would have expired long before *now* is left out.

    Args:
        instance: A primary; others are not backed up.
        sets: The sets that there are, the newest first.
        history: The statuses of the instance, the first one first.
        since: What has been looked at already.
        now: The emulated time.
    """
    policy, running = instance.backup_policy, _running(history, now)
    if instance.instance_type != "Primary" or not running:
        return []
    last = running[-1][1]
    kept = now - policy.data_retention_days * _DAY
    first = max(since, min(kept, last) - _LONGEST_PAUSE)
    busy = [(backup.started, backup.ended) for backup in sets if backup.ended > first]
    made = []
    for begin, end in windows(policy, after=first, until=last):
        start = _first_free(begin, end, running=running, busy=busy)
        if start is not None and start <= now:
            size = sets[0].size_bytes if sets else Backup.size_bytes
            made.append(_scheduled(instance, start, size=size))
    return made


def windows(
    policy: BackupPolicy, *, after: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """
    Yield the backup windows that begin after *after*, up to *until*.
    """
    begin, end = (
        timedelta(hours=int(text[:2]), minutes=int(text[3:5]))
        for text in policy.preferred_time.split("-")
    )
    if end <= begin:
        end += _DAY
    day = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while policy.preferred_days and day + begin <= until:
        if day + begin > after and f"{day:%A}" in policy.preferred_days:
            yield day + begin, day + end
        day += _DAY


def expires(backup: Backup, policy: BackupPolicy) -> datetime | None:
    """
    Return when a set is to be deleted; None for one that is kept for ever.

    Ours: without a retention of its own a set has that of the policy of now.
    """
    days = backup.retention_days or policy.data_retention_days
    return None if days == FOR_EVER else backup.ended + days * _DAY


def expired(
    sets: Sequence[Backup], policy: BackupPolicy, *, now: datetime
) -> list[Backup]:
    """
    Return the sets whose retention is over; the last usable full set stays (ours).

    Ours: nothing expires before the schedule has made its first set, which stands for
    the sets of a seed that a real instance would have replaced.
    """
    finished = [backup for backup in sets if backup.ended <= now]
    if not any(backup.is_scheduled for backup in finished):
        return []
    ends = {backup.id: expires(backup, policy) for backup in finished}
    over = [
        backup
        for backup in finished
        if (end := ends[backup.id]) is not None and end <= now
    ]
    usable = [b for b in finished if b.usable and b.type == "FullBackup"]
    newest = max(usable, key=lambda backup: backup.ended, default=None)
    return [backup for backup in over if backup != newest]


def kept_after_release(
    instance: Instance, sets: Sequence[Backup], *, wanted: str | None
) -> list[Backup]:
    """
    Return the finished sets that outlive the release of *instance*.

    Source: "Backup retention policy for released instances": MySQL alone; on cloud
    disks the last one by default, on local disks none.

    Args:
        instance: What is released.
        sets: Its finished sets, the newest first.
        wanted: The policy that the release asked for, if any.
    """
    if instance.engine != "MySQL":
        return []
    policy = wanted or keep_policy(instance)
    complete = [backup for backup in sets if backup.status == "Success"]
    return {"All": complete, "None": []}.get(policy, complete[:1])


def is_deletable(backup: Backup, instance: Instance, *, now: datetime) -> bool:
    """
    Whether DeleteBackup may delete a set.

    Source: the page of DeleteBackup: MySQL and PostgreSQL HighAvailability; without log
    backup what is older than seven days, else what is older than the retention of the
    logs, if that of the data is longer.
    """
    has_action = instance.engine in ("MySQL", "PostgreSQL")
    if not has_action or instance.category != "HighAvailability":
        return False
    policy = instance.backup_policy
    days = policy.log_retention_days if policy.log_enabled else _SHORTEST
    is_long_enough = not policy.log_enabled or days < policy.data_retention_days
    return is_long_enough and backup.ended + days * _DAY < now


def keep_policy(instance: Instance) -> str:
    """
    Return what of an instance of MySQL is kept when it is released.
    """
    by_disk = (
        "None"
        if instance.storage_type == "local_ssd"
        else "Lastest"  # codespell:ignore lastest
    )
    return instance.backup_policy.released_keep_policy or by_disk


def method(instance: Instance) -> str:
    """
    Return how an instance is backed up when nothing else is asked for.

    Source: the engines of BackupMethod (SDK 16.0.2), and Terraform's acceptance tests:
    Snapshot on cloud disks, Physical on local disks and for SQL Server.
    """
    is_snapshot = instance.engine == "MariaDB" or (
        instance.engine in ("MySQL", "PostgreSQL")
        and instance.storage_type != "local_ssd"
    )
    return "Snapshot" if is_snapshot else "Physical"


def meta_status(instance: Instance, wanted: str) -> str:
    """
    Return whether the tables of a new set can be restored one by one.

    Source: the acceptance test of Terraform's alicloud_rds_backups: empty for the
    snapshot of an instance.
    """
    return "" if "Snapshot" in (wanted, method(instance)) else "OK"


def new_id(*parts: str) -> str:
    """
    Return the id of a set or a job, which follows from *parts*.
    """
    return str(_FIRST_ID + zlib.crc32("/".join(parts).encode()) % _IDS)


def _scheduled(instance: Instance, start: datetime, *, size: int) -> Backup:
    name = (instance.id, start.isoformat())
    return Backup(
        id=new_id(*name),
        job_id=new_id(*name, "job"),
        instance_id=instance.id,
        started=start,
        ended=start + _LASTS,
        method=method(instance),
        meta_status=meta_status(instance, method(instance)),
        size_bytes=size,
    )


def _running(
    history: Sequence[StatusChange], now: datetime
) -> list[tuple[datetime, datetime]]:
    """
    Return the stretches in which an instance was Running, up to *now*.
    """
    ends = [*(change.at for change in history[1:]), now]
    return [
        (change.at, end)
        for change, end in zip(history, ends, strict=False)
        if change.status == "Running" and change.at <= now
    ]


def _first_free(
    begin: datetime,
    end: datetime,
    *,
    running: Sequence[tuple[datetime, datetime]],
    busy: Sequence[tuple[datetime, datetime]],
) -> datetime | None:
    start = begin
    for other_start, other_end in sorted(busy):
        if other_start <= start < other_end:
            start = other_end
    for first, last in running:
        if last >= start:
            start = max(start, first)
            return start if start < end else None
    return None
