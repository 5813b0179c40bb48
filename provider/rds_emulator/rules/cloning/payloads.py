"""
The two parameters of CloneDBInstance that are JSON inside a text.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state.model import Serverless

_MALFORMED: Final = "InvalidTableMeta.Malformed"
_SERVERLESS_FIELDS: Final = {"MinCapacity", "MaxCapacity", "AutoPause", "SwitchForce"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """
    A database or a table to be restored, and its name in the clone.

    A database without *parts* is restored as a whole.
    """

    name: str
    new_name: str
    parts: "tuple[Part, ...]" = ()


def serverless(parameters: Parameters, pay_type: str) -> Serverless | None:
    """
    Read ServerlessConfig: mandatory for a serverless clone, refused for others.
    """
    text = parameters.text("ServerlessConfig")
    if pay_type != "Serverless":
        if text is not None:
            names = "ServerlessConfig and PayType"
            raise ApiError(code="InvalidParameterCombination", names=names)
        return None
    if text is None:
        raise ApiError(code="RequiredParam.NotFound", name="ServerlessConfig")
    config = _parse(text, "InvalidServerlessConfig.Malformed")
    if not isinstance(config, dict) or config.keys() - _SERVERLESS_FIELDS:
        raise ApiError(code="InvalidServerlessConfig.Malformed")
    return Serverless(
        min_capacity=_number(config.get("MinCapacity")),
        max_capacity=_number(config.get("MaxCapacity")),
        auto_pause=_switch(config.get("AutoPause")),
        switch_force=_switch(config.get("SwitchForce")),
    )


def table_meta(parameters: Parameters) -> str | None:
    """
    Read TableMeta, which goes with RestoreTable and is nothing without it.
    """
    wanted = parameters.choice(
        "RestoreTable", ("0", "1", "false", "true", "False", "True")
    )
    text = parameters.text("TableMeta")
    if (wanted or "0").lower() in ("0", "false"):
        if text is not None:
            names = "TableMeta and RestoreTable"
            raise ApiError(code="InvalidParameterCombination", names=names)
        return None
    if text is None:
        raise ApiError(code="RequiredParam.NotFound", name="TableMeta")
    return text


def parts(text: str | None) -> tuple[Part, ...]:
    """
    Return the databases of a TableMeta; empty without one.
    """
    if text is None:
        return ()
    databases = _parse(text, _MALFORMED)
    if not isinstance(databases, list) or not databases:
        raise ApiError(code=_MALFORMED)
    return tuple(_part(database, "db", kind_inside="table") for database in databases)


def _parse(text: str, refusal: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ApiError(code=refusal) from None


def _part(entry: object, kind: str, *, kind_inside: str = "") -> Part:
    if not isinstance(entry, dict) or entry.get("type") != kind:
        raise ApiError(code=_MALFORMED)
    inside = entry.get("tables", [])
    if not isinstance(inside, list) or (inside and not kind_inside):
        raise ApiError(code=_MALFORMED)
    name = _name(entry.get("name"))
    return Part(
        name=name,
        new_name=_name(entry.get("newname") or name),
        parts=tuple(_part(inner, kind_inside) for inner in inside),
    )


def _name(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ApiError(code=_MALFORMED)
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ApiError(code="InvalidServerlessConfig.Malformed")
    return float(value)


def _switch(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ApiError(code="InvalidServerlessConfig.Malformed")
    return value
