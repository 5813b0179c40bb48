"""
What CloneDBInstance was asked for, read from its parameters.

Everything that can be judged without looking at the cloud is judged here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from rds_emulator.protocol import timestamps
from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import naming
from rds_emulator.rules.cloning import payloads
from rds_emulator.state.model import PAY_TYPES, Serverless

_MAX_DESCRIPTION: Final = 255
_MAX_TOKEN: Final = 64
_STORAGE_STEP: Final = 5
_MOST_PERIODS: Final = {"Year": 3, "Month": 9}


@dataclass(frozen=True, kw_only=True)
class Order:
    """
    A clone as ordered; None and empty mean "as the source".
    """

    source_id: str
    pay_type: str
    backup_id: str | None
    backup_type: str | None
    restore_time: datetime | None
    category: str | None
    instance_class: str | None
    storage_gb: int | None
    storage_type: str | None
    zone: str | None
    standby_zones: tuple[str, ...]
    network_type: str | None
    vpc_id: str | None
    vswitch_ids: tuple[str, ...]
    private_ip: str | None
    months: int
    serverless: Serverless | None
    deletion_protection: bool
    bursting: bool | None
    io_acceleration: bool | None
    dedicated_group: str | None
    databases: tuple[str, ...]
    table_meta: str | None
    parts: tuple[payloads.Part, ...]
    description: str
    tags: dict[str, str]

    @classmethod
    def read(cls, parameters: Parameters) -> Self:
        """
        Read an order, or refuse it for what can be seen from it alone.
        """
        source_id = parameters.required("DBInstanceId")
        pay_type = _pay_type(parameters)
        restore_time = _restore_point(parameters)
        table_meta = payloads.table_meta(parameters)
        return cls(
            source_id=source_id,
            pay_type=pay_type,
            backup_id=parameters.text("BackupId"),
            backup_type=parameters.choice(
                "BackupType",
                ("FullBackup", "IncrementalBackup"),
                refusal="InvalidBackupType.Format",
            ),
            restore_time=restore_time,
            category=parameters.text("Category"),
            instance_class=parameters.text("DBInstanceClass"),
            storage_gb=_storage(parameters),
            storage_type=parameters.text("DBInstanceStorageType"),
            zone=parameters.text("ZoneId"),
            standby_zones=_standby_zones(parameters),
            network_type=parameters.choice(
                "InstanceNetworkType",
                ("VPC", "Classic"),
                refusal="InvalidInstanceNetworkType.ValueNotSupported",
            ),
            vpc_id=parameters.text("VPCId"),
            vswitch_ids=tuple((parameters.text("VSwitchId") or "").split(","))
            if "VSwitchId" in parameters
            else (),
            private_ip=parameters.text("PrivateIpAddress"),
            months=_months(parameters, pay_type),
            serverless=payloads.serverless(parameters, pay_type),
            deletion_protection=_deletion_protection(parameters, pay_type),
            bursting=parameters.boolean("BurstingEnabled"),
            io_acceleration=_io_acceleration(parameters),
            dedicated_group=parameters.text("DedicatedHostGroupId"),
            databases=_databases(parameters),
            table_meta=table_meta,
            parts=payloads.parts(table_meta),
            description=_description(parameters),
            tags=naming.tags_from(parameters.pairs("Tag"), empty_values=False),
        )


def client_token(parameters: Parameters) -> str | None:
    """
    Return the ClientToken: at most 64 ASCII characters.
    """
    token = parameters.text("ClientToken")
    if token is not None and (len(token) > _MAX_TOKEN or not token.isascii()):
        raise ApiError(code="InvalidClientToken.Malformed")
    return token


def _pay_type(parameters: Parameters) -> str:
    parameters.required("PayType")
    parameters.choice("PayType", PAY_TYPES, refusal="InvalidPayType.ValueNotSupported")
    return parameters.required("PayType")


def _restore_point(parameters: Parameters) -> datetime | None:
    if "BackupId" in parameters and "RestoreTime" in parameters:
        raise ApiError(
            code="InvalidParameterCombination", names="BackupId and RestoreTime"
        )
    if "BackupId" in parameters:
        return None
    text = parameters.text("RestoreTime")
    if text is None:
        raise ApiError(code="RequiredParam.NotFound", name="BackupId or RestoreTime")
    time = timestamps.from_seconds(text)
    if time is None:
        raise ApiError(code="InvalidRestoreTime.Format")
    return time


def _storage(parameters: Parameters) -> int | None:
    if "DBInstanceStorage" not in parameters:
        return None
    refusal = "InvalidStorage.Format"
    storage = parameters.integer("DBInstanceStorage", default=0, refusal=refusal)
    if storage % _STORAGE_STEP:
        raise ApiError(code=refusal)
    return storage


def _standby_zones(parameters: Parameters) -> tuple[str, ...]:
    first, second = parameters.text("ZoneIdSlave1"), parameters.text("ZoneIdSlave2")
    if second and not first:
        raise ApiError(code="ZoneId.NotMatchWithCategory")
    return tuple(zone for zone in (first, second) if zone)


def _months(parameters: Parameters, pay_type: str) -> int:
    if pay_type != "Prepaid":
        return 0
    for name in ("Period", "UsedTime"):
        if name not in parameters:
            raise ApiError(code="RequiredParam.NotFound", name=name)
    period = parameters.required("Period")
    if period not in _MOST_PERIODS:
        raise ApiError(code="Order.PeriodInvalid")
    count = parameters.integer(
        "UsedTime", default=1, most=_MOST_PERIODS[period], refusal="InvalidUsedTime"
    )
    return count * 12 if period == "Year" else count


def _deletion_protection(parameters: Parameters, pay_type: str) -> bool:
    wanted = bool(parameters.boolean("DeletionProtection"))
    if wanted and pay_type != "Postpaid":
        raise ApiError(code="InvalidDeletionProtection.ValueNotSupported")
    return wanted


def _io_acceleration(parameters: Parameters) -> bool | None:
    value = parameters.choice("IoAccelerationEnabled", ("0", "1"))
    return None if value is None else value == "1"


def _databases(parameters: Parameters) -> tuple[str, ...]:
    names = (parameters.text("DbNames") or "").split(",")
    return tuple(name.strip() for name in names if name.strip())


def _description(parameters: Parameters) -> str:
    description = parameters.text("DBInstanceDescription")
    if description is None:
        return ""
    naming.check_description(description, most=_MAX_DESCRIPTION)
    return description
