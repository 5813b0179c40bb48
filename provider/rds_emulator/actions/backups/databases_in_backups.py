"""
Which databases and tables can be restored.
"""

from collections.abc import Mapping
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import recovery
from rds_emulator.state.model import Instance

_VERSIONS: Final = ("5.6", "5.7", "8.0")
_TABLE_KB: Final = 64


@action(
    "DescribeMetaList",
    models=(
        "The seeded databases of MySQL 5.6, 5.7 and 8.0 HighAvailability on local_ssd:"
        " their names, filtered by Pattern; with GetDbName one entry for each table of"
        " that database. The set or the instant must be restorable, but every one knows"
        " the same databases. All tables have one size."
    ),
    evidence=(
        "Parameters, instances and response tree of the official page and of SDK"
        " 16.0.2; no error table was found. Inferred: that Meta has an entry for each"
        " table, that without PageSize and PageIndex everything is on one page, and the"
        " codes, which are those of RestoreTable and of the window call."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_meta_list(invocation: Invocation) -> Answer:
    """
    List the databases, or the tables of one, that a restore point has.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    _check_instance(instance)
    _check_restore_point(invocation, instance)
    found = _entries(
        instance.databases,
        name=parameters.text("GetDbName"),
        pattern=parameters.text("Pattern"),
    )
    number, size = 1, max(len(found), 1)
    if "PageSize" in parameters and "PageIndex" in parameters:
        number = parameters.integer("PageIndex", default=1)
        size = parameters.integer("PageSize", default=1)
    page = paging.numbered(found, number=number, size=size)
    return {
        "DBInstanceName": instance.id,
        "Items": {"Meta": list(page.entries)},
        "TotalPageCount": -(-len(found) // size),
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
    }


def _check_instance(instance: Instance) -> None:
    if instance.engine != "MySQL":
        raise ApiError(code="IncorrectDBInstanceEngine")
    if instance.engine_version not in _VERSIONS:
        raise ApiError(code="IncorrectEngineVersion")
    if (instance.category, instance.storage_type) != ("HighAvailability", "local_ssd"):
        raise ApiError(code="IncorrectDBInstanceType")


def _check_restore_point(invocation: Invocation, instance: Instance) -> None:
    parameters = invocation.parameters
    backups = recovery.finished_backups(invocation.cloud, instance)
    kind = parameters.choice(
        "RestoreType",
        ("BackupSetID", "RestoreTime"),
        refusal="InvalidRestoreType.Format",
    )
    wanted = parameters.required(kind or "BackupSetID")
    if kind == "RestoreTime":
        _check_time(invocation, instance, text=wanted)
        return
    backup = next((backup for backup in backups if backup.id == wanted), None)
    if backup is None:
        raise ApiError(code="InvalidBackupSetID.NotFound")
    if not backup.usable or backup.meta_status != "OK":
        raise ApiError(code="IncorrectBackupSetState")


def _check_time(invocation: Invocation, instance: Instance, *, text: str) -> None:
    time = timestamps.from_seconds(text)
    if time is None:
        raise ApiError(code="InvalidRestoreTime.Format")
    if not recovery.backs_up_logs(instance):
        raise ApiError(code="LogBackupNotEnabled")
    backups = recovery.finished_backups(invocation.cloud, instance)
    now = invocation.cloud.clock.now()
    if not any(
        span.contains(time) for span in recovery.spans(instance, backups, now=now)
    ):
        raise ApiError(code="InvalidRestoreTime.Malformed")


def _entries(
    databases: Mapping[str, tuple[str, ...]], *, name: str | None, pattern: str | None
) -> list[Answer]:
    if name is not None:
        return [
            {"Database": name, "Tables": table, "Size": str(_TABLE_KB)}
            for table in databases.get(name, ())
        ]
    return [
        {"Database": one, "Tables": "", "Size": str(_TABLE_KB * len(tables))}
        for one, tables in sorted(databases.items())
        if (pattern or "") in one
    ]
