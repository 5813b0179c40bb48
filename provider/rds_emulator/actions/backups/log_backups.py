"""
The log backups of SQL Server.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from rds_emulator.actions import list_ranges
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import recovery
from rds_emulator.state.model import Instance

_FILE_BYTES: Final = 1_048_576
_LINK_LASTS: Final = timedelta(hours=1)


@action(
    "DescribeLogBackupFiles",
    models=(
        "Files that follow one another at the log schedule, five minutes at best, from"
        " the log retention to the newest complete one, but for the seeded gaps. Every"
        " file that holds a part of the range is listed, the oldest first; pages of 30"
        " to 100. The links lead nowhere, all files have one size."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, whose text allows pages of up to"
        " 1000. Inferred: the order, that the range takes files that it touches, and"
        " that other engines are refused (IncorrectDBInstanceEngine)."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_log_backup_files(invocation: Invocation) -> Answer:
    """
    List the log backups of one instance.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    begin, end = list_ranges.required_minutes(parameters)
    number, size = list_ranges.page(parameters)
    if instance.engine != "SQLServer":
        raise ApiError(code="IncorrectDBInstanceEngine")
    now = invocation.cloud.clock.now()
    found = list(_files(instance, begin, end=end, now=now))
    page = paging.numbered(found, number=number, size=size)
    return {
        "Items": {
            "BinLogFile": [
                _file(stretch, instance, now=now) for stretch in page.entries
            ]
        },
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
        "TotalFileSize": len(found) * _FILE_BYTES,
    }


def _files(
    instance: Instance, begin: datetime, *, end: datetime, now: datetime
) -> Iterator[int]:
    interval = recovery.log_interval(instance)
    for stretch in recovery.log_stretches(instance, now):
        first, last = int(stretch.begin.timestamp()), int(stretch.end.timestamp())
        for file in range(first, last, interval):
            if file <= end.timestamp() and file + interval >= begin.timestamp():
                yield file


def _file(begin: int, instance: Instance, *, now: datetime) -> Answer:
    first = datetime.fromtimestamp(begin, UTC)
    last = first + timedelta(seconds=recovery.log_interval(instance))
    link = f"http://log-backups.invalid/{instance.id}/{begin}.log"
    return {
        "LogBeginTime": timestamps.to_seconds(first),
        "LogEndTime": timestamps.to_seconds(last),
        "FileSize": _FILE_BYTES,
        "DownloadLink": link,
        "IntranetDownloadLink": link,
        "LinkExpiredTime": timestamps.to_seconds(now + _LINK_LASTS),
    }
