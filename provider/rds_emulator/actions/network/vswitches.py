"""
The networks' own API: vSwitches.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from rds_emulator.actions.registry import VPC, Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import addresses
from rds_emulator.state.model import DEFAULT_RESOURCE_GROUP, Instance, Region, VSwitch

_PAGE_SIZE: Final = 10
_MAX_PAGE_SIZE: Final = 50
_REST: Final[Mapping[str, object]] = {
    "CreationTime": "2025-01-01T00:00:00Z",
    "ResourceGroupId": DEFAULT_RESOURCE_GROUP,
    "Ipv6CidrBlock": "",
    "NetworkAclId": "",
    "RouteTable": {"RouteTableId": "vtb-demo", "RouteTableType": "System"},
    "Tags": {"Tag": []},
}
"""What is told of every vSwitch alike."""


@action(
    "DescribeVSwitches",
    product=VPC,
    models=(
        "Version 2016-04-28, on the same endpoint: the vSwitches of the seed; filters"
        " VpcId, VSwitchId and ZoneId; pages of up to 50. Free addresses are the"
        " range less the four reserved ones and the instances in it, 0 for an exhausted"
        " vSwitch. Time of creation, resource group and route table are the same for"
        " all; there are neither tags nor IPv6. Other filters are ignored; all other"
        " actions of the product are answered with 501."
    ),
    evidence=(
        "Parameters, response tree and page sizes of the official page; that the first"
        " and the last three addresses are reserved is the VPC manual's word. That"
        " RouteTable is always an object is what Terraform's provider takes for"
        " granted."
    ),
)
def describe_vswitches(invocation: Invocation) -> Answer:
    """
    List the vSwitches of a region or of a VPC.
    """
    parameters, cloud = invocation.parameters, invocation.cloud
    if "RegionId" not in parameters and "VpcId" not in parameters:
        raise missing(name="RegionId")
    number = parameters.integer("PageNumber", default=1)
    size = parameters.integer("PageSize", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
    region = invocation.region()
    regions = cloud.account.regions if region is None else (region,)
    found = [
        entry
        for region in regions
        for entry in _entries(region, parameters, neighbours=cloud.instances(region))
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "VSwitches": {"VSwitch": [{**entry, **_REST} for entry in page.entries]},
        "TotalCount": len(found),
        "PageNumber": number,
        "PageSize": size,
    }


def _entries(
    region: Region, parameters: Parameters, *, neighbours: list[Instance]
) -> Iterator[Answer]:
    wanted = {name: parameters.text(name) for name in ("VpcId", "VSwitchId", "ZoneId")}
    for vpc in region.vpcs:
        for vswitch in vpc.vswitches:
            entry = _vswitch(vswitch, vpc.id, neighbours=neighbours)
            if all(value in (None, entry[name]) for name, value in wanted.items()):
                yield entry


def _vswitch(vswitch: VSwitch, vpc_id: str, *, neighbours: list[Instance]) -> Answer:
    return {
        "VSwitchId": vswitch.id,
        "VSwitchName": vswitch.name or vswitch.id,
        "VpcId": vpc_id,
        "ZoneId": vswitch.zone,
        "CidrBlock": vswitch.cidr,
        "AvailableIpAddressCount": addresses.count_free(vswitch, neighbours),
        "Status": "Available",
        "Description": "",
        "IsDefault": False,
    }
