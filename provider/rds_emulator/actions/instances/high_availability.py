"""
High availability: how an instance replicates and how it is probed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import nodes
from rds_emulator.rules.preconditions import check_engine, unmodelled
from rds_emulator.state.model import Instance

_ENGINES: Final = ("MySQL", "PostgreSQL", "SQLServer", "MariaDB")
_EDITIONS: Final = ("highavailability", "cluster", "serverless_standard")
_SYNC_MODES: Final = ("Sync", "Semi-sync", "Async", "Mgr")
_HA_MODES: Final = ("RPO", "RTO")
_CONNECTIONS: Final = ("SHORT", "LONG")


@action(
    "ModifyDBInstanceHAConfig",
    writes=True,
    models=(
        "Both modes together, at once, in any status, for MySQL HighAvailability,"
        " cluster and serverless_standard; the parameter is spelt DbInstanceId. Any"
        " SyncMode goes with any HAMode. SyncMode=Mgr is answered with 501."
    ),
    evidence=(
        "Parameters of the official page and of SDK 16.0.2; its error table is about"
        " Mgr and minor versions alone. That MySQL alone has the modes follows from"
        " DescribeDBInstanceHAConfig; that Finance cannot change them, from the user"
        " guide on replication, which also wants local disks for 5.7 and 8.0; that a"
        " serverless edition has what its ordinary one has, from the overview of"
        " serverless instances. Ours:"
        " that the disk does not matter, that it takes effect at once, the codes for"
        " other engines (IncorrectDBInstanceEngine) and editions"
        " (IncorrectDBInstanceType)."
    ),
)
def modify_ha_config(invocation: Invocation) -> Answer:
    """
    Change the modes of replication and failover of an instance.
    """
    parameters = invocation.parameters
    sync_mode = _required_choice(parameters, "SyncMode", choices=_SYNC_MODES)
    ha_mode = _required_choice(parameters, "HAMode", choices=_HA_MODES)
    if sync_mode == "Mgr":
        raise unmodelled(what="SyncMode=Mgr")
    instance = invocation.instance("DbInstanceId")
    check_engine(instance, ("MySQL",))
    if instance.category.lower() not in _EDITIONS:
        raise ApiError(code="IncorrectDBInstanceType")
    changed = replace(instance.high_availability, sync_mode=sync_mode, ha_mode=ha_mode)
    invocation.cloud.change(replace(instance, high_availability=changed))
    return {}


@action(
    "DescribeDBInstanceHAConfig",
    models=(
        "A node for each place of the edition: one for Basic, three for Finance, else"
        " two, the first being the Master; of MySQL both modes as well. SyncStatus is"
        " always NotAvailable, both times are empty."
    ),
    evidence=(
        "Response tree of SDK 16.0.2; no error table was found. That MySQL alone has"
        " modes is the official page's word; that MariaDB can be read as well is a log:"
        " Terraform's provider reads it of every engine, and its pull request 9724 has"
        " a passed acceptance test of MariaDB 10.3. How many nodes there are, their ids"
        " and the default modes (Semi-sync, RPO) are ours."
    ),
)
def describe_ha_config(invocation: Invocation) -> Answer:
    """
    Return the modes and the nodes of an instance.
    """
    instance = invocation.instance()
    check_engine(instance, _ENGINES)
    answer: Answer = {
        "DBInstanceId": instance.id,
        "HostInstanceInfos": {"NodeInfo": list(_nodes(instance))},
    }
    if instance.engine == "MySQL":
        answer["HAMode"] = instance.high_availability.ha_mode
        answer["SyncMode"] = instance.high_availability.sync_mode
    return answer


@action(
    "ModifyHADiagnoseConfig",
    writes=True,
    models="TcpConnectionType, SHORT or LONG, at once, in any status.",
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found. The default, LONG, is the"
        " example of the official page."
    ),
)
def modify_ha_diagnosis(invocation: Invocation) -> Answer:
    """
    Set by what connections an instance is probed.
    """
    invocation.required_region()
    connection = _required_choice(
        invocation.parameters, "TcpConnectionType", choices=_CONNECTIONS
    )
    instance = invocation.instance()
    changed = replace(instance.high_availability, connection=connection)
    invocation.cloud.change(replace(instance, high_availability=changed))
    return {}


@action(
    "DescribeHADiagnoseConfig",
    models="TcpConnectionType, of any engine.",
    evidence="Parameters, engines and response tree of the official page.",
)
def describe_ha_diagnosis(invocation: Invocation) -> Answer:
    """
    Return by what connections an instance is probed.
    """
    invocation.required_region()
    return {"TcpConnectionType": invocation.instance().high_availability.connection}


def _required_choice(
    parameters: Parameters, name: str, *, choices: tuple[str, ...]
) -> str:
    value = parameters.choice(name, choices)
    if value is None:
        raise missing(name=name)
    return value


def _nodes(instance: Instance) -> Iterator[Answer]:
    zones = instance.zones or ("",)
    for number, node_id in enumerate(nodes.node_ids(instance)):
        yield {
            "NodeId": node_id,
            "NodeType": "Slave" if number else "Master",
            "RegionId": instance.region,
            "ZoneId": zones[min(number, len(zones) - 1)],
            "SyncStatus": "NotAvailable",
            "DataSyncTime": "",
            "LogSyncTime": "",
        }
