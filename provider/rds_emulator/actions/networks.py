"""
How an instance is reached.
"""

from rds_emulator.registry import Answer, Invocation, action


@action(
    "DescribeDBInstanceNetInfo",
    models=(
        "The one internal endpoint and all whitelist groups. No public endpoint, no"
        " read/write splitting."
    ),
    evidence="Response tree of SDK 16.0.2, error table of the official page.",
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
    endpoint = {
        "ConnectionString": instance.connection_string,
        "ConnectionStringType": "Normal",
        "IPAddress": instance.private_ip,
        "IPType": "Private",
        "Port": str(instance.port),
        "VPCId": instance.vpc_id,
        "VSwitchId": instance.vswitch_ids[0] if instance.vswitch_ids else "",
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
    endpoints = [] if kind == "ReadWriteSplitting" else [endpoint]
    return {
        "DBInstanceNetInfos": {"DBInstanceNetInfo": endpoints},
        "InstanceNetworkType": instance.network_type,
        "SecurityIPMode": "normal",
    }
