"""
The parameters of an instance's engine, and the restart that some of them need.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.market import catalogue, engine_parameters
from rds_emulator.market.engine_parameters import MAX_CONNECTIONS, EngineParameter
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import (
    check_steady,
    check_unlocked,
    refuse_unmodelled,
    unmodelled,
)
from rds_emulator.state.model import Instance
from rds_emulator.state.temper import Temper

_SPELLINGS: Final[Mapping[str, str]] = {
    "MySQL": "mysql",
    "SQLServer": "mssql",
    "PostgreSQL": "PostgreSQL",
    "MariaDB": "MariaDB",
}
_ENGINES: Final[Mapping[str, str]] = {
    spelling.lower(): engine
    for engine, short in _SPELLINGS.items()
    for spelling in (engine, short)
}
_WHEN: Final = ("Immediate", "MaintainTime", "ScheduleTime")


@action(
    "DescribeParameterTemplates",
    models=(
        "The emulator's own choice of up to ten parameters of each engine, the same"
        " for all versions and editions; Engine in any case, SQLServer and mssql"
        " alike. ClientToken, DBInstanceId and RegionId are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, whose only SQL Server is 2008r2."
        " Names are real; defaults and ranges are made up after the example of an old"
        " official page. No error table was found: that an unknown version is"
        " InvalidEngineVersion.Malformed (old client error table) is inferred."
    ),
)
def describe_templates(invocation: Invocation) -> Answer:
    """
    List the parameters of an engine with their ranges.
    """
    parameters = invocation.parameters
    engine = _ENGINES.get(parameters.required("Engine").lower())
    version = parameters.required("EngineVersion")
    if engine is None:
        raise invalid(name="Engine")
    if version not in catalogue.VERSIONS[engine]:
        raise ApiError(code="InvalidEngineVersion.Malformed")
    known = engine_parameters.of_engine(engine)
    return {
        "Engine": _SPELLINGS[engine],
        "EngineVersion": version,
        "ParameterCount": str(len(known)),
        "Parameters": {
            "TemplateRecord": [_record(parameter) for parameter in known.values()]
        },
    }


@action(
    "DescribeParameters",
    models=(
        "RunningParameters has all parameters of DescribeParameterTemplates with the"
        " values in use, ConfigParameters those that wait for a restart. A clone has"
        " its source's, and what waited there is in use. Parameter templates"
        " (ParamGroupInfo) are left out; ClientToken is ignored."
    ),
    evidence=(
        "Response tree of SDK 16.0.2; that a clone inherits them is the documentation's"
        " word. That what waited is in use there, and that ConfigParameters has"
        " nothing else, is inferred."
    ),
)
def describe_parameters(invocation: Invocation) -> Answer:
    """
    List the parameters of an instance.
    """
    instance = invocation.instance()
    known = engine_parameters.of_engine(instance.engine)
    pending = instance.pending_parameters
    temper = invocation.cloud.account.temper
    return {
        "Engine": _SPELLINGS.get(instance.engine, instance.engine),
        "EngineVersion": instance.engine_version,
        "RunningParameters": {
            "DBInstanceParameter": [
                _running(parameter, _in_use(parameter, instance, temper=temper))
                for parameter in known.values()
            ]
        },
        "ConfigParameters": {
            "DBInstanceParameter": [
                _described(parameter, pending[parameter.name])
                for parameter in known.values()
                if parameter.name in pending
            ]
        },
    }


@action(
    "ModifyParameter",
    writes=True,
    models=(
        "Parameters, one JSON object of texts, all of them or none, of a Running,"
        " unlocked instance. Those with ForceRestart=false are in use at once; the"
        " others wait in ConfigParameters for a restart, which Forcerestart=true"
        " begins, through Rebooting, if one of the call's needs it. ParameterGroupId,"
        " SwitchTime and SwitchTimeMode but Immediate are answered with 501;"
        " ClientToken is ignored."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found. That the instance must be"
        " Running, and that names and values are checked before, stands on the"
        " official page; OperationDenied.DBInstanceStatus is what Terraform's provider"
        " met. Inferred: ParamNotSupportedForCurrentVersion (old client error table)"
        " for what does not exist or has ForceModify=false, Parameters.Invalid"
        " (documented for most actions) for a value outside of its range. Ours: that"
        " no restart is made that no value needs."
    ),
)
def modify_parameters(invocation: Invocation) -> Answer:
    """
    Set parameters of an instance.
    """
    _check_modelled(invocation.parameters)
    wanted = _wanted(invocation.parameters.required("Parameters"))
    restarts = bool(invocation.parameters.boolean("Forcerestart"))
    instance, cloud = invocation.instance(), invocation.cloud
    check_steady(instance)
    check_unlocked(instance)
    known = engine_parameters.of_engine(instance.engine)
    for name, value in wanted.items():
        _check_value(known.get(name), name, value=value)
    later = {name: value for name, value in wanted.items() if known[name].restart}
    changed = replace(
        instance,
        parameters={
            **instance.parameters,
            **{name: value for name, value in wanted.items() if name not in later},
        },
        pending_parameters=_pending(instance, known, later=later),
    )
    if restarts and any(name in changed.pending_parameters for name in later):
        cloud.begin_change(changed, "Rebooting", fields=_restarted(changed))
    else:
        cloud.change(changed)
    return {}


@action(
    "RestartDBInstance",
    writes=True,
    models=(
        "A Running, unlocked instance goes through Rebooting, and then the parameters"
        " that waited are in use. NodeId is answered with 501; ClientToken is ignored."
    ),
    evidence="Parameters of SDK 16.0.2, error table of the official page.",
    not_found="InvalidDBInstanceName.NotFound",
)
def restart_instance(invocation: Invocation) -> Answer:
    """
    Begin to restart an instance.
    """
    refuse_unmodelled(invocation.parameters, ("NodeId",))
    instance = invocation.instance()
    check_steady(instance, code="IncorrectDBInstanceState")
    check_unlocked(instance, code="IncorrectDBInstanceLockMode.ValueNotSupported")
    invocation.cloud.begin_change(instance, "Rebooting", fields=_restarted(instance))
    return {}


def _check_modelled(parameters: Parameters) -> None:
    refuse_unmodelled(parameters, ("ParameterGroupId", "SwitchTime"))
    when = parameters.choice("SwitchTimeMode", _WHEN)
    if when not in (None, "Immediate"):
        raise unmodelled(what=f"SwitchTimeMode={when}")


def _wanted(text: str) -> Mapping[str, str]:
    try:
        wanted = json.loads(text)
    except ValueError:
        raise invalid(name="Parameters") from None
    if not isinstance(wanted, dict) or not wanted:
        raise invalid(name="Parameters")
    if not all(isinstance(value, str) for value in wanted.values()):
        raise invalid(name="Parameters")
    return wanted


def _check_value(parameter: EngineParameter | None, name: str, *, value: str) -> None:
    if parameter is None or not parameter.modifiable:
        raise ApiError(code="ParamNotSupportedForCurrentVersion", name=name)
    if not parameter.accepts(value):
        raise ApiError(
            code="Parameters.Invalid",
            name=name,
            value=value,
            allowed=parameter.allowed,
        )


def _pending(
    instance: Instance,
    known: Mapping[str, EngineParameter],
    *,
    later: Mapping[str, str],
) -> Mapping[str, str]:
    pending = {**instance.pending_parameters, **later}
    in_use = {name: one.default for name, one in known.items()} | {
        **instance.parameters
    }
    return {name: value for name, value in pending.items() if value != in_use.get(name)}


def _restarted(instance: Instance) -> Mapping[str, object]:
    in_use = {**instance.parameters, **instance.pending_parameters}
    return {"parameters": in_use, "pending_parameters": {}}


def _record(parameter: EngineParameter) -> Answer:
    return {
        **_described(parameter, parameter.default),
        "CheckingCode": parameter.allowed,
        "ForceModify": str(parameter.modifiable).lower(),
        "ForceRestart": str(parameter.restart).lower(),
    }


def _in_use(parameter: EngineParameter, instance: Instance, *, temper: Temper) -> str:
    value = instance.parameters.get(parameter.name, parameter.default)
    is_shared = parameter.name == MAX_CONNECTIONS and instance.engine == "MySQL"
    return str(int(value) + int(temper.reserved_connections)) if is_shared else value


def _running(parameter: EngineParameter, value: str) -> Answer:
    return {
        **_described(parameter, value),
        "ParameterDefaultValue": parameter.default,
        "ParameterValueRange": parameter.allowed,
    }


def _described(parameter: EngineParameter, value: str) -> Answer:
    return {
        "ParameterName": parameter.name,
        "ParameterValue": value,
        "ParameterDescription": parameter.description,
    }
