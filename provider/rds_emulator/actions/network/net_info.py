"""
How an instance is reached.
"""

from collections.abc import Iterator
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.state.model import Instance

_IP_TYPES: Final = {"VPC": "Private", "Classic": "Inner"}


@action(
    "DescribeDBInstanceNetInfo",
    models=(
        "The internal endpoint (IPType Private, Inner in the classic network), the"
        " public one, and all whitelist groups. No read/write splitting, no Babelfish:"
        " its port is empty."
    ),
    evidence=(
        "Response tree of SDK 16.0.2, error table of the official page. That the public"
        " endpoint comes last, without VPC and vSwitch, is inferred."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_net_info(invocation: Invocation) -> Answer:
    """
    Describe the endpoints of one instance.
    """
    instance = invocation.instance()
    kind = invocation.parameters.choice(
        "DBInstanceNetRWSplitType", ("Normal", "ReadWriteSplitting")
    )
    entries = [] if kind == "ReadWriteSplitting" else list(_endpoints(instance))
    return {
        "DBInstanceNetInfos": {"DBInstanceNetInfo": entries},
        "InstanceNetworkType": instance.network_type,
        "SecurityIPMode": instance.security_ip_mode,
    }


def _endpoints(instance: Instance) -> Iterator[Answer]:
    yield {
        **_common(instance),
        "ConnectionString": instance.connection_string,
        "IPAddress": instance.private_ip,
        "IPType": _IP_TYPES.get(instance.network_type, "Inner"),
        "Port": str(instance.port),
        "VPCId": instance.vpc_id,
        "VSwitchId": instance.vswitch_ids[0] if instance.vswitch_ids else "",
    }
    public = instance.public_endpoint
    if public is not None:
        yield {
            **_common(instance),
            "ConnectionString": public.connection_string,
            "IPAddress": public.address,
            "IPType": "Public",
            "Port": str(public.port),
            "VPCId": "",
            "VSwitchId": "",
        }


def _common(instance: Instance) -> Answer:
    return {
        **({"BabelfishPort": ""} if instance.engine == "PostgreSQL" else {}),
        "ConnectionStringType": "Normal",
        "ExpiredTime": "",
        "Upgradeable": "Disabled",
        "SecurityIPGroups": {
            "securityIPGroup": [
                {
                    "SecurityIPGroupName": group.name,
                    "SecurityIPs": ",".join(group.ips),
                }
                for group in instance.ip_groups
            ]
        },
    }
