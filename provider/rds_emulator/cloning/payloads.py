"""
The two parameters of CloneDBInstance that are JSON inside a text.
"""

import json
from typing import Any

from rds_emulator.errors import ApiError
from rds_emulator.model import Serverless
from rds_emulator.parameters import Parameters

_SERVERLESS_FIELDS = {"MinCapacity", "MaxCapacity", "AutoPause", "SwitchForce"}


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
    databases = _parse(text, "InvalidTableMeta.Malformed")
    if not isinstance(databases, list) or not databases:
        raise ApiError(code="InvalidTableMeta.Malformed")
    for database in databases:
        _check_entry(database, "db")
        for table in database.get("tables", []):
            _check_entry(table, "table")
    return text


def _parse(text: str, refusal: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ApiError(code=refusal) from None


def _check_entry(entry: object, kind: str) -> None:
    if (
        not isinstance(entry, dict)
        or entry.get("type") != kind
        or not entry.get("name")
        or not isinstance(entry.get("tables", []), list)
    ):
        raise ApiError(code="InvalidTableMeta.Malformed")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ApiError(code="InvalidServerlessConfig.Malformed")
    return float(value)


def _switch(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ApiError(code="InvalidServerlessConfig.Malformed")
    return value
