"""
What is going on in an instance: tasks and migrations.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime

from rds_emulator.actions import list_ranges
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Instance, Migration, Task


@action(
    "DescribeTasks",
    models=(
        "The tasks of the seed, which never go on by themselves, and of a release,"
        " DeleteDBInstance, while the instance is Deleting; the filters StartTime,"
        " EndTime (when a task began) and TaskAction; Status has no effect. Steps,"
        " expected end and errors are empty. A running task keeps nobody from cloning."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found. That a"
        " release is a task, and its Processing, is what Terraform's provider waits"
        " for (resource_alicloud_db_instance.go), which also knows Pending, NoStart,"
        " Failed and Default. Ours: Running, which a task of the seed is by default."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_tasks(invocation: Invocation) -> Answer:
    """
    List the tasks of one instance.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    begin, end = list_ranges.minutes(parameters)
    number, size = list_ranges.page(parameters)
    wanted = parameters.text("TaskAction")
    found = [
        _task(task)
        for task in (*instance.tasks, *_release(invocation.cloud, instance))
        if wanted in (None, task.action)
        and (begin is None or begin <= task.began)
        and (end is None or task.began <= end)
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "Items": {"TaskProgressInfo": list(page.entries)},
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
    }


@action(
    "DescribeMigrateTasks",
    models=(
        "The migrations of the seed, which never go on by themselves, by when they were"
        " created; pages of 30 to 100. Engines but SQL Server have none."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found. That"
        " other engines get an empty list is inferred."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_migrations(invocation: Invocation) -> Answer:
    """
    List the imports of backup files into one instance.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    begin, end = list_ranges.required_minutes(parameters)
    number, size = list_ranges.page(parameters)
    migrations = instance.migrations if instance.engine == "SQLServer" else ()
    found = [
        _migration(migration)
        for migration in migrations
        if begin <= migration.created <= end
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "DBInstanceId": instance.id,
        "Items": {"MigrateTask": list(page.entries)},
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
    }


def _release(cloud: Cloud, instance: Instance) -> Iterator[Task]:
    """
    Yield the task of a release that is under way.
    """
    if instance.status == "Deleting":
        yield Task(
            task_id=str(zlib.crc32(f"{instance.id}/Deleting".encode())),
            began=cloud.history(instance.id)[-1].at,
            action="DeleteDBInstance",
            status="Processing",
        )


def _task(task: Task) -> Answer:
    return {
        "TaskId": task.task_id,
        "TaskAction": task.action,
        "Status": task.status,
        "Progress": task.progress,
        "ProgressInfo": "",
        "BeginTime": timestamps.to_seconds(task.began),
        "FinishTime": "",
        "DBName": "",
        "TaskErrorCode": "",
        "TaskErrorMessage": "",
    }


def _migration(migration: Migration) -> Answer:
    return {
        "MigrateTaskId": migration.task_id,
        "DBName": migration.db_name,
        "Status": migration.status,
        "BackupMode": migration.backup_mode,
        "IsDBReplaced": "False",
        "CreateTime": timestamps.to_seconds(migration.created),
        "EndTime": _instant(migration.ended),
        "Description": migration.description,
    }


def _instant(moment: datetime | None) -> str:
    return timestamps.to_seconds(moment) if moment else ""
