"""
VPCs, vSwitches and route tables in the API's spelling.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from rds_emulator.actions.registry import Answer
from rds_emulator.protocol import timestamps
from rds_emulator.rules import addresses, networks
from rds_emulator.state.model import AccessKey, Instance, Region, Vpc, VSwitch

FILTERS_OF_ROUTE_TABLES: Final = (
    "VpcId",
    "RouteTableId",
    "RouterId",
    "RouterType",
    "RouteTableType",
    "RouteTableName",
    "ResourceGroupId",
)
_LONG_AGO: Final = "2025-01-01T00:00:00Z"


def router_id(vpc_id: str) -> str:
    """
    Return the id of the router of a VPC.
    """
    return f"vrt-{vpc_id.removeprefix('vpc-')}"


def route_table_id(vpc_id: str) -> str:
    """
    Return the id of the system route table of a VPC.
    """
    return f"vtb-{vpc_id.removeprefix('vpc-')}"


def vpc_name(vpc: Vpc) -> str:
    """
    Return the name of a VPC; a seeded one without has its id.
    """
    return vpc.name or ("" if vpc.created else vpc.id)


def vswitch_name(vswitch: VSwitch) -> str:
    """
    Return the name of a vSwitch; a seeded one without has its id.
    """
    return vswitch.name or ("" if vswitch.created else vswitch.id)


def has_tags(tags: Mapping[str, str], wanted: Iterable[tuple[str, str]]) -> bool:
    """
    Whether *tags* has all the *wanted* ones; an empty value asks for the key alone.
    """
    return all(key in tags and value in ("", tags[key]) for key, value in wanted)


def vpc_entry(vpc: Vpc, region: Region, *, key: AccessKey) -> Answer:
    """
    Return *vpc* as an entry of DescribeVpcs.
    """
    return {
        **_vpc(vpc, region, key=key),
        "CenStatus": "Detached",
        "NatGatewayIds": {"NatGatewayIds": []},
        "RouterTableIds": {"RouterTableIds": [route_table_id(vpc.id)]},
    }


def vpc_attribute(vpc: Vpc, region: Region, *, key: AccessKey) -> Answer:
    """
    Return *vpc* as DescribeVpcAttribute does.
    """
    resources = {"VRouter": 1, "RouteTable": 1, "VSwitch": len(vpc.vswitches)}
    return {
        **_vpc(vpc, region, key=key),
        "ClassicLinkEnabled": False,
        "Ipv4GatewayId": "",
        "SupportIpv4Gateway": False,
        "AssociatedCens": {"AssociatedCen": []},
        "AssociatedPropagationSources": {"AssociatedPropagationSources": []},
        "CloudResources": {
            "CloudResourceSetType": [
                {"ResourceType": name, "ResourceCount": count}
                for name, count in resources.items()
            ]
        },
    }


def vswitch_entry(
    vswitch: VSwitch, vpc: Vpc, *, key: AccessKey, neighbours: list[Instance]
) -> Answer:
    """
    Return a vSwitch as DescribeVSwitches and DescribeVSwitchAttributes do.
    """
    return {
        "VSwitchId": vswitch.id,
        "VSwitchName": vswitch_name(vswitch),
        "VpcId": vpc.id,
        "ZoneId": vswitch.zone,
        "CidrBlock": vswitch.cidr,
        "AvailableIpAddressCount": addresses.count_free(vswitch, neighbours),
        "Status": "Available",
        "Description": vswitch.description,
        "IsDefault": False,
        "CreationTime": _instant(vswitch.created),
        "ResourceGroupId": vpc.resource_group_id,
        "EnabledIpv6": False,
        "Ipv6CidrBlock": "",
        "NetworkAclId": "",
        "OwnerId": _owner(key),
        "ShareType": "",
        "RouteTable": {
            "RouteTableId": route_table_id(vpc.id),
            "RouteTableType": "System",
        },
        "Tags": _tags(vswitch.tags),
    }


def route_table(vpc: Vpc, key: AccessKey) -> Answer:
    """
    Return the system route table of *vpc*, as DescribeRouteTableList does.
    """
    return {
        "RouteTableId": route_table_id(vpc.id),
        "RouteTableName": "",
        "RouteTableType": "System",
        "RouterId": router_id(vpc.id),
        "RouterType": "VRouter",
        "VpcId": vpc.id,
        "VSwitchIds": {"VSwitchId": [vswitch.id for vswitch in vpc.vswitches]},
        "Description": "",
        "Status": "Available",
        "AssociateType": "VSwitch",
        "RoutePropagationEnable": True,
        "GatewayIds": {"GatewayIds": []},
        "ResourceGroupId": vpc.resource_group_id,
        "CreationTime": _instant(vpc.created),
        "OwnerId": _owner(key),
        "Tags": {"Tag": []},
    }


def _vpc(vpc: Vpc, region: Region, *, key: AccessKey) -> Answer:
    return {
        "VpcId": vpc.id,
        "VpcName": vpc_name(vpc),
        "RegionId": region.id,
        "Status": "Available",
        "CidrBlock": networks.cidr_of(vpc),
        "SecondaryCidrBlocks": {"SecondaryCidrBlock": []},
        "UserCidrs": {"UserCidr": list(vpc.user_cidrs)},
        "VSwitchIds": {"VSwitchId": [vswitch.id for vswitch in vpc.vswitches]},
        "VRouterId": router_id(vpc.id),
        "Description": vpc.description,
        "IsDefault": False,
        "CreationTime": _instant(vpc.created),
        "ResourceGroupId": vpc.resource_group_id,
        "OwnerId": _owner(key),
        "DhcpOptionsSetId": "",
        "DhcpOptionsSetStatus": "",
        "DnsHostnameStatus": "ENABLED" if vpc.dns_hostnames else "DISABLED",
        "EnabledIpv6": False,
        "Ipv6CidrBlock": "",
        "Ipv6CidrBlocks": {"Ipv6CidrBlock": []},
        "Tags": _tags(vpc.tags),
    }


def _owner(key: AccessKey) -> int:
    return int(key.account_id) if key.account_id.isdecimal() else 0


def _tags(tags: Mapping[str, str]) -> Answer:
    return {"Tag": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _instant(created: datetime | None) -> str:
    return timestamps.to_seconds(created) if created else _LONG_AGO
