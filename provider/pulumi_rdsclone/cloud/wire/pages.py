"""
Pages of list calls: records, totals, tokens of next pages.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_int,
    read_listed,
    read_text,
)

_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "DescribeDBInstances": ("Items", "DBInstance"),
    "DescribeBackups": ("Items", "Backup"),
    "DescribeLogBackupFiles": ("Items", "BinLogFile"),
    "DescribeMigrateTasks": ("Items", "MigrateTask"),
    "DescribeTasks": ("Items", "TaskProgressInfo"),
    "DescribeMetaList": ("Items", "Meta"),
    "DescribeVSwitches": ("VSwitches", "VSwitch"),
    "DescribeAccounts": ("Accounts", "DBInstanceAccount"),
    "DescribeDatabases": ("Databases", "Database"),
}
"""Where each list call puts its records."""


def is_list(action: str) -> bool:
    """
    Return whether *action* answers in pages.
    """
    return action in _LISTS


def records_in(action: str, answer: Answer) -> list[Answer]:
    """
    Return the records in one page of the list call *action*.
    """
    group, name = _LISTS[action]
    if group not in answer:
        return []
    return read_listed(answer, group, name=name)


_WITHOUT_TOTALS: Final = ("DescribeAccounts", "DescribeDatabases")
"""
The lists that may come without a total even where they are empty. Source: an answer of
the cloud, github.com/aliyun/terraform-provider-alicloud/issues/1887, and SDK 16.0.2.
"""


def may_end_with(action: str, found: Sequence[object], *, page_size: int) -> bool:
    """
    Return whether a page that holds *found* ends a list of *action* without a total.

    A short page does. An empty page proves nothing for most lists: only a total of 0
    does, as a clone that is overlooked would be ordered again.
    """
    is_short = len(found) < page_size
    return is_short and (bool(found) or action in _WITHOUT_TOTALS)


def to_total(answer: Answer) -> int:
    """
    Return how many records all pages of a list have together; -1 where it is left out.
    """
    name = "TotalCount" if "TotalCount" in answer else "TotalRecordCount"
    return read_int(answer, name, default=-1)


def to_next_token(answer: Answer) -> str:
    """
    Return the token of the next page of ListTagResources; empty on the last page.
    """
    return read_text(answer, "NextToken")
