"""
Settings of the instance: description, protection, maintenance, audit, monitoring.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.cloud.aspects.codec import (
    Answer,
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.reading import (
    is_on,
    read_int,
    read_text,
)
from pulumi_rdsclone.cloud.wire.values import to_text
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import (
    AspectChange,
)


def _change_description(alteration: AspectChange) -> Iterator[Request]:
    description = alteration.new["description"]
    yield "ModifyDBInstanceDescription", {"DBInstanceDescription": description}


def _change_protection(alteration: AspectChange) -> Iterator[Request]:
    on = to_text(alteration.new["deletion_protection"])
    yield "ModifyDBInstanceDeletionProtection", {"DeletionProtection": on}


def _change_window(alteration: AspectChange) -> Iterator[Request]:
    window = alteration.new["maintenance_window"]
    yield "ModifyDBInstanceMaintainTime", {"MaintainTime": window}


def _sends(
    action: str, **parameters: str
) -> Callable[[AspectChange], Iterator[Request]]:
    """
    Make a change that is one call, with the values asked for under *parameters*.

    Args:
        action: The call.
        parameters: Paths of fields by the names of the parameters that carry them.
    """

    def change(alteration: AspectChange) -> Iterator[Request]:
        new = {name: alteration.new[path] for name, path in parameters.items()}
        yield action, to_parameters(**new)

    return change


def _tells(**fields: str) -> Callable[[Answer], dict[str, Any]]:
    """
    Make a reader of the texts in an answer, by the paths of their fields.
    """

    def tell(answer: Answer) -> dict[str, Any]:
        texts = {path: read_text(answer, name) for name, path in fields.items()}
        return {path: text for path, text in texts.items() if text}

    return tell


def _simple(action: str, reads: str = "", **parameters: str) -> AspectCodec:
    """
    Give the codec of texts that one call changes and another one tells.
    """
    return AspectCodec(
        change=_sends(action, **parameters),
        parameters={path: f"{action}.{name}" for name, path in parameters.items()},
        read_action=reads,
        read=_tells(**parameters),
    )


def _change_availability(alteration: AspectChange) -> Iterator[Request]:
    """
    Both modes are sent, and this action alone spells the instance's id like this.
    """
    yield (
        "ModifyDBInstanceHAConfig",
        to_parameters(
            DbInstanceId=alteration.instance.id,
            HAMode=alteration.desired("high_availability.mode"),
            SyncMode=alteration.desired("high_availability.sync_mode"),
        ),
    )


def read_audit(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeSQLCollectorPolicy.
    """
    status = read_text(answer, "SQLCollectorStatus")
    return {"sql_audit": is_on(status)}


def _change_audit(alteration: AspectChange) -> Iterator[Request]:
    status = "Enable" if alteration.new["sql_audit"] else "Disabled"
    yield "ModifySQLCollectorPolicy", {"SQLCollectorStatus": status}


def read_monitoring(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceMonitor.
    """
    period = read_int(answer, "Period")
    return {"monitoring_period": period} if period else {}


INSTANCE_SETTINGS: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.DESCRIPTION: AspectCodec(
        change=_change_description,
        parameters={"description": "ModifyDBInstanceDescription.DBInstanceDescription"},
    ),
    Aspect.DELETION_PROTECTION: AspectCodec(
        change=_change_protection,
        parameters={
            "deletion_protection": (
                "ModifyDBInstanceDeletionProtection.DeletionProtection"
            )
        },
    ),
    Aspect.MAINTENANCE_WINDOW: AspectCodec(
        change=_change_window,
        parameters={"maintenance_window": "ModifyDBInstanceMaintainTime.MaintainTime"},
    ),
    Aspect.RESOURCE_GROUP: _simple(
        "ModifyResourceGroup", ResourceGroupId="resource_group_id"
    ),
    Aspect.MINOR_VERSION: _simple(
        "ModifyDBInstanceAutoUpgradeMinorVersion",
        AutoUpgradeMinorVersion="minor_version_upgrade",
    ),
    Aspect.HIGH_AVAILABILITY: replace(
        _simple(
            "ModifyDBInstanceHAConfig",
            "DescribeDBInstanceHAConfig",
            HAMode="high_availability.mode",
            SyncMode="high_availability.sync_mode",
        ),
        change=_change_availability,
    ),
    Aspect.TCP_CONNECTION: _simple(
        "ModifyHADiagnoseConfig",
        "DescribeHADiagnoseConfig",
        TcpConnectionType="tcp_connection_type",
    ),
    Aspect.SQL_AUDIT: AspectCodec(
        change=_change_audit,
        parameters={"sql_audit": "ModifySQLCollectorPolicy.SQLCollectorStatus"},
        read_action="DescribeSQLCollectorPolicy",
        read=read_audit,
    ),
    Aspect.MONITORING: replace(
        _simple(
            "ModifyDBInstanceMonitor",
            "DescribeDBInstanceMonitor",
            Period="monitoring_period",
        ),
        read=read_monitoring,
    ),
}
