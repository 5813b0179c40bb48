"""
What ModifyDBInstanceSpec was asked for, read from its parameters.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import refuse_unmodelled, unmodelled
from rds_emulator.state import document
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import PAY_TYPES, Serverless

_DIRECTIONS: Final = ("Up", "Down", "TempUpgrade", "Serverless")
_EFFECTIVE_TIMES: Final = ("Immediate", "MaintainTime", "ScheduleTime")
_NOT_MODELLED: Final = (
    "ColdDataEnabled",
    "CompressionMode",
    "DedicatedHostGroupId",
    "OptimizedWrites",
    "ReadOnlyDBInstanceClass",
    "SwitchTime",
    "TargetMinorVersion",
    "UsedTime",
)
_SHAPE: Final = ("DBInstanceClass", "DBInstanceStorage", "DBInstanceStorageType")
_CHANGES: Final = (*_SHAPE, "ServerlessConfiguration")
_RANGE: Final[Mapping[str, str]] = {
    "MinCapacity": "min_capacity",
    "MaxCapacity": "max_capacity",
    "AutoPause": "auto_pause",
    "SwitchForce": "switch_force",
}
_MALFORMED: Final = "InvalidParameters.Malformed"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """
    A change as it was asked for; None means "as it is".
    """

    instance_class: str | None
    storage_gb: int | None
    storage_type: str | None
    direction: str
    pay_type: str | None
    serverless: Mapping[str, object] | None
    bursting: bool | None
    io_acceleration: bool | None

    @classmethod
    def read(cls, parameters: Parameters) -> Self:
        """
        Read a change, or refuse it for what can be seen from it alone.
        """
        _check_modelled(parameters)
        direction = _direction(parameters)
        if not any(name in parameters for name in _CHANGES):
            raise ApiError(code="RequiredParam.NotFound", name=" or ".join(_CHANGES))
        if (direction == "Serverless") != ("ServerlessConfiguration" in parameters):
            names = "ServerlessConfiguration and Direction"
            raise ApiError(code="InvalidParameterCombination", names=names)
        if direction == "Serverless" and any(name in parameters for name in _SHAPE):
            names = f"ServerlessConfiguration and {', '.join(_SHAPE)}"
            raise ApiError(code="InvalidParameterCombination", names=names)
        return cls(
            instance_class=parameters.text("DBInstanceClass"),
            storage_gb=parameters.integer("DBInstanceStorage", default=0) or None,
            storage_type=parameters.text("DBInstanceStorageType"),
            direction=direction,
            pay_type=parameters.choice("PayType", PAY_TYPES),
            serverless=_serverless(parameters.text("ServerlessConfiguration")),
            bursting=parameters.boolean("BurstingEnabled"),
            io_acceleration=_io_acceleration(parameters),
        )


def completed(given: Mapping[str, object], current: Serverless) -> Serverless:
    """
    Return the given range, completed by what the instance has already.
    """
    try:
        return document.read(Serverless, {**vars(current), **given})
    except DocumentError:
        raise ApiError(code=_MALFORMED) from None


def _check_modelled(parameters: Parameters) -> None:
    refuse_unmodelled(parameters, _NOT_MODELLED)
    if parameters.boolean("AllowMajorVersionUpgrade"):
        raise unmodelled(what="an upgrade of the major version")
    when = parameters.choice("EffectiveTime", _EFFECTIVE_TIMES)
    if when not in (None, "Immediate"):
        raise unmodelled(what=f"EffectiveTime={when}")


def _direction(parameters: Parameters) -> str:
    direction = parameters.choice("Direction", _DIRECTIONS) or "Up"
    if direction == "TempUpgrade":
        raise unmodelled(what="Direction=TempUpgrade")
    return direction


def _serverless(text: str | None) -> Mapping[str, object] | None:
    if text is None:
        return None
    try:
        config = json.loads(text)
    except ValueError:
        raise ApiError(code=_MALFORMED) from None
    if not isinstance(config, dict) or config.keys() - _RANGE.keys():
        raise ApiError(code=_MALFORMED)
    return {_RANGE[name]: value for name, value in config.items()}


def _io_acceleration(parameters: Parameters) -> bool | None:
    value = parameters.choice("IoAccelerationEnabled", ("0", "1"))
    return None if value is None else value == "1"
