"""
Who may connect to an instance.
"""

from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import preconditions, whitelists
from rds_emulator.state import ids
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Instance, IpGroup

_NETWORK_TYPES: Final = ("MIX", "Classic", "VPC")


@action(
    "ModifySecurityIps",
    writes=True,
    models=(
        "The named group, at once: Cover, Append and Delete; IPv4 addresses and ranges;"
        " at most 200 groups and 1000 addresses; names of 2 to 120 small letters,"
        " digits and _, a letter first and no _ last. A group that Delete empties is"
        " gone; the default group must keep an address. For PostgreSQL the groups of"
        " the instances in FreshWhiteListReadins become the same. Not modelled: the"
        " enhanced mode (WhitelistNetworkType is checked and has no effect), templates."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, error table of the official page;"
        " InvalidSecurityIPListLength.Malformed is of the old client error table."
        " Inferred: the form of names, which is that of whitelist templates (Resource"
        " Orchestration's DBInstanceSecurityIps has small letters and _ alone), and"
        " InvalidParameter for another. Ours:"
        " that the default group alone is compared in any case, that Append of an"
        " address that is there and Delete of one that is not are fine, the code for"
        " emptying the default group (SecurityIPList.Format), that a group keeps its"
        " attribute when none is given, and 403 for a locked instance, where the page"
        " has 404."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def modify_security_ips(invocation: Invocation) -> Answer:
    """
    Change one group of a whitelist.
    """
    change = _change(invocation.parameters)
    instance = invocation.instance()
    preconditions.check_ready(instance)
    groups = whitelists.changed(instance.ip_groups, change)
    for member in (instance, *_followers(invocation, instance)):
        invocation.cloud.change(replace(member, ip_groups=groups))
    return {"TaskId": ids.task_id()}


@action(
    "DescribeDBInstanceIPArrayList",
    models=(
        "All groups of the whitelist, hidden ones as well; WhitelistNetworkType is"
        " checked and has no effect."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found. That"
        " hidden groups are listed is inferred."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_ip_array_list(invocation: Invocation) -> Answer:
    """
    List the groups of a whitelist.
    """
    _check_network_type(invocation.parameters)
    groups = invocation.instance().ip_groups
    return {"Items": {"DBInstanceIPArray": [_group(group) for group in groups]}}


def _change(parameters: Parameters) -> whitelists.Change:
    _check_network_type(parameters)
    parameters.choice("SecurityIPType", ("IPv4",))
    return whitelists.Change(
        name=whitelists.group_name(parameters.text("DBInstanceIPArrayName")),
        mode=parameters.choice("ModifyMode", whitelists.MODES) or "Cover",
        ips=whitelists.addresses_from(parameters.required("SecurityIps")),
        attribute=parameters.choice(
            "DBInstanceIPArrayAttribute",
            ("hidden",),
            refusal="InvalidIPArrayAttribute.Format",
        ),
    )


def _check_network_type(parameters: Parameters) -> None:
    parameters.choice(
        "WhitelistNetworkType",
        _NETWORK_TYPES,
        refusal="InvalidWhitelistNetType.Malformed",
    )


def _followers(invocation: Invocation, instance: Instance) -> list[Instance]:
    text = invocation.parameters.text("FreshWhiteListReadins")
    if text is None or instance.engine != "PostgreSQL":
        return []
    replicas = _read_only(invocation.cloud, instance)
    names = text.split(",")
    if not all(name in replicas for name in names):
        raise ApiError(code="Readins.NotFound")
    return [replicas[name] for name in names]


def _read_only(cloud: Cloud, instance: Instance) -> dict[str, Instance]:
    found = cloud.replicas(instance.id)
    return {
        replica.id: replica for replica in found if replica.instance_type == "Readonly"
    }


def _group(group: IpGroup) -> Answer:
    return {
        "DBInstanceIPArrayName": group.name,
        "DBInstanceIPArrayAttribute": group.attribute,
        "SecurityIPList": ",".join(group.ips),
        "SecurityIPType": "IPv4",
    }
