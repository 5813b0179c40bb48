"""
Settings of the database engine: parameters and pg_hba.conf.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_int,
    read_object,
    read_records,
    read_required_object,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.cloud.wire.values import to_text
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange

_HBA: Final = {
    "type": "Type",
    "database": "Database",
    "user": "User",
    "address": "Address",
    "mask": "Mask",
    "method": "Method",
    "option": "Option",
}


def read_hba(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribePGHbaConfig: the running lines, and the defaults.
    """
    return AspectReading(
        fields={"pg_hba": _hba_lines(read_required_object(answer, "RunningHbaItems"))},
        default_pg_hba=tuple(_hba_lines(read_object(answer, "DefaultHbaItems"))),
    )


def _hba_lines(group: Answer) -> list[dict[str, str]]:
    """
    Return the lines of pg_hba.conf in their order.
    """
    items = read_records(group, "HbaItem")
    ordered = sorted(items, key=lambda item: read_int(item, "PriorityId"))
    return [
        {name: text for name, key in _HBA.items() if (text := read_text(item, key))}
        for item in ordered
    ]


def _change_hba(change: AspectChange) -> Iterator[Request]:
    parameters = {"OpsType": "update"}
    for number, rule in enumerate(change.new["pg_hba"]):
        item = f"HbaItem.{number + 1}"
        parameters[f"{item}.PriorityId"] = str(number)
        for name, key in _HBA.items():
            if rule.get(name):
                parameters[f"{item}.{key}"] = rule[name]
    yield "ModifyPGHbaConfig", parameters


def read_parameters(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeParameters: running values, names waiting for restart.
    """
    running = _by_name(answer, "RunningParameters")
    configured = _by_name(answer, "ConfigParameters")
    waiting = {n for n, v in configured.items() if n in running and running[n] != v}
    return AspectReading(
        fields={"parameters": running}, waiting_for_restart=tuple(sorted(waiting))
    )


def _by_name(answer: Answer, group: str) -> dict[str, str]:
    records = read_records(read_object(answer, group), "DBInstanceParameter")
    return {
        read_required_text(item, "ParameterName"): read_text(item, "ParameterValue")
        for item in records
    }


def _change_parameters(change: AspectChange) -> Iterator[Request]:
    old = change.old.at("parameters") or {}
    new = change.new["parameters"]
    changed = {name: new[name] for name in sorted(new) if old.get(name) != new[name]}
    if changed:
        yield (
            "ModifyParameter",
            {
                "Parameters": json.dumps(changed),
                "Forcerestart": to_text(bool(change.new["allow_restart"])),
            },
        )


ENGINE_SETTINGS: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.PG_HBA: AspectCodec(
        change=_change_hba,
        parameters={"pg_hba": "ModifyPGHbaConfig.HbaItem.N"},
        read_action="DescribePGHbaConfig",
        read=read_hba,
    ),
    Aspect.PARAMETERS: AspectCodec(
        change=_change_parameters,
        parameters={
            "parameters": "ModifyParameter.Parameters",
            "allow_restart": "ModifyParameter.Forcerestart",
        },
        read_action="DescribeParameters",
        read=read_parameters,
    ),
}
