"""
Settings of the instance: description, protection, maintenance, audit, monitoring.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    is_on,
    read_int,
    read_text,
)
from pulumi_rdsclone.cloud.wire.values import to_text
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import (
    AspectChange,
)


def _change_description(change: AspectChange) -> Iterator[Request]:
    description = change.new["description"]
    yield "ModifyDBInstanceDescription", {"DBInstanceDescription": description}


def _change_protection(change: AspectChange) -> Iterator[Request]:
    on = to_text(change.new["deletion_protection"])
    yield "ModifyDBInstanceDeletionProtection", {"DeletionProtection": on}


def _change_window(change: AspectChange) -> Iterator[Request]:
    window = change.new["maintenance_window"]
    yield "ModifyDBInstanceMaintainTime", {"MaintainTime": window}


def _sender(
    action: str, **parameters: str
) -> Callable[[AspectChange], Iterator[Request]]:
    """
    Return a change that is one call, with the desired values under *parameters*.

    Args:
        action: The call.
        parameters: Paths of fields by the names of the parameters that carry them.
    """

    def send(change: AspectChange) -> Iterator[Request]:
        new = {name: change.new[path] for name, path in parameters.items()}
        yield action, to_parameters(**new)

    return send


def _text_reader(**fields: str) -> Callable[[Answer], AspectReading]:
    """
    Return a reader of the texts in an answer, by the paths of their fields.
    """

    def read(answer: Answer) -> AspectReading:
        texts = {path: read_text(answer, name) for name, path in fields.items()}
        return AspectReading(
            fields={path: text for path, text in texts.items() if text}
        )

    return read


def _simple(action: str, reads: str = "", **parameters: str) -> AspectCodec:
    """
    Return the codec of texts that one call changes and another one reports.
    """
    return AspectCodec(
        change=_sender(action, **parameters),
        parameters={path: f"{action}.{name}" for name, path in parameters.items()},
        read_action=reads,
        read=_text_reader(**parameters),
    )


def _change_availability(change: AspectChange) -> Iterator[Request]:
    """
    Change the modes; both are sent, and the action spells the id its own way.
    """
    yield (
        "ModifyDBInstanceHAConfig",
        to_parameters(
            DbInstanceId=change.instance.id,
            HAMode=change.desired("high_availability.mode"),
            SyncMode=change.desired("high_availability.sync_mode"),
        ),
    )


def read_audit(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeSQLCollectorPolicy.
    """
    status = read_text(answer, "SQLCollectorStatus")
    return AspectReading(fields={"sql_audit": is_on(status)})


def _change_audit(change: AspectChange) -> Iterator[Request]:
    status = "Enable" if change.new["sql_audit"] else "Disabled"
    yield "ModifySQLCollectorPolicy", {"SQLCollectorStatus": status}


def read_monitoring(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeDBInstanceMonitor.
    """
    period = read_int(answer, "Period")
    return AspectReading(fields={"monitoring_period": period} if period else {})


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
