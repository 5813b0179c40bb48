"""
Work in progress on an instance: DescribeMigrateTasks and DescribeTasks.
"""

from typing import Final

from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_text,
)
from pulumi_rdsclone.cloud.wire.pages import records_in


def to_migrations(answer: Answer) -> tuple[str, ...]:
    """
    Return the databases whose import has not ended, from DescribeMigrateTasks.
    """
    return tuple(
        read_text(item, "DBName") or read_text(item, "MigrateTaskId") or "a database"
        for item in records_in("DescribeMigrateTasks", answer)
        if item.get("Status") in ("NoStart", "Running", "Waiting")
    )


_ENDED: Final = ("finish", "success", "fail", "cancel", "complete", "closed")


def to_tasks(answer: Answer) -> tuple[str, ...]:
    """
    Return the tasks that have not ended, from one page of DescribeTasks.

    The words of its Status are not documented: any that says "ended" counts.
    """
    return tuple(
        read_text(item, "TaskAction") or "a task"
        for item in records_in("DescribeTasks", answer)
        if not str(item.get("Status") or "finish").casefold().startswith(_ENDED)
    )
