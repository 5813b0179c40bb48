"""
The networks' own API: VPCs, made and told.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rds_emulator.actions.network import network_rendering
from rds_emulator.actions.registry import VPC, Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import networks
from rds_emulator.rules.preconditions import refuse_unmodelled
from rds_emulator.state import ids
from rds_emulator.state.model import DEFAULT_RESOURCE_GROUP, Region, Vpc

_PAGE_SIZE: Final = 10
_MAX_PAGE_SIZE: Final = 50
_NAME: Final = "InvalidVpcName.Malformed"
_DESCRIPTION: Final = "InvalidVpcDiscription.Malformed"
_IPV6: Final = (
    "Ipv4CidrMask",
    "Ipv4IpamPoolId",
    "Ipv6CidrBlock",
    "Ipv6CidrMask",
    "Ipv6IpamPoolId",
    "Ipv6Isp",
)
_BY_REGION_ALONE: Final = ("DhcpOptionsSetId", "VpcOwnerId")


@action(
    "CreateVpc",
    product=VPC,
    writes=True,
    models=(
        "A VPC with its router and its system route table, Available at once: range,"
        " name, description, user ranges, DNS host names, resource group, tags, dry"
        " run. ClientToken is ignored. EnableIpv6 may only be false; IPv6"
        " and IPAM are answered with 501; resource groups are not judged. There is no"
        " quota."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 7.2.2; codes of the ECS"
        " action of this name. Ours: 172.16.0.0/12 by default, ranges of /8 to /15,"
        " DryRunOperation with 400, that it is there at once, where the real one is"
        " Pending for a moment."
    ),
)
def create_vpc(invocation: Invocation) -> Answer:
    """
    Make a VPC.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    refuse_unmodelled(parameters, _IPV6)
    _check_ipv6(parameters, "EnableIpv6")
    vpc = Vpc(
        id=ids.network_id("vpc"),
        name=networks.name(parameters, "VpcName", before="", code=_NAME),
        description=networks.description(parameters, before="", code=_DESCRIPTION),
        cidr=networks.vpc_cidr(parameters.text("CidrBlock") or networks.DEFAULT_CIDR),
        user_cidrs=networks.user_cidrs(parameters.text("UserCidr")),
        dns_hostnames=bool(parameters.boolean("EnableDnsHostname")),
        resource_group_id=parameters.text("ResourceGroupId") or DEFAULT_RESOURCE_GROUP,
        created=invocation.cloud.clock.now(),
        tags=networks.tags_from(parameters.pairs("Tag")),
    )
    networks.check_dry_run(parameters)
    invocation.cloud.set_region(replace(region, vpcs=(*region.vpcs, vpc)))
    return {
        "VpcId": vpc.id,
        "VRouterId": network_rendering.router_id(vpc.id),
        "RouteTableId": network_rendering.route_table_id(vpc.id),
        "ResourceGroupId": vpc.resource_group_id,
    }


@action(
    "ModifyVpcAttribute",
    product=VPC,
    writes=True,
    models=(
        "Name, description, DNS host names, and another range in which all vSwitches"
        " are, at once. An empty description takes it away. EnableIPv6 may only be"
        " false; other IPv6 is answered with 501."
    ),
    evidence=(
        "Parameters and their texts of SDK 7.2.2; codes as for CreateVpc. That an empty"
        " description is sent is Terraform's provider. Inferred: InvalidParameter for a"
        " range that leaves a vSwitch out."
    ),
)
def modify_vpc(invocation: Invocation) -> Answer:
    """
    Change what is said of a VPC, or its range.
    """
    parameters = invocation.parameters
    refuse_unmodelled(parameters, _IPV6)
    _check_ipv6(parameters, "EnableIPv6")
    place = networks.find_vpc(regions_of(invocation), parameters.required("VpcId"))
    vpc = place.vpc
    cidr, dns = parameters.text("CidrBlock"), parameters.boolean("EnableDnsHostname")
    if cidr is not None:
        networks.check_new_cidr(vpc, cidr)
    changed = replace(
        vpc,
        name=networks.name(parameters, "VpcName", before=vpc.name, code=_NAME),
        description=networks.description(
            parameters, before=vpc.description, code=_DESCRIPTION
        ),
        cidr=cidr or vpc.cidr,
        dns_hostnames=vpc.dns_hostnames if dns is None else dns,
    )
    invocation.cloud.set_region(place.with_vpc(changed))
    return {}


@action(
    "DeleteVpc",
    product=VPC,
    writes=True,
    models=(
        "A VPC without vSwitches and instances, gone at once. ForceDelete is checked"
        " and has no effect: there are no gateways. ClientToken is ignored."
    ),
    evidence=(
        "Parameters and their texts of SDK 7.2.2. Terraform's provider tries again at"
        " DependencyViolation.VSwitch; its status is that of DependencyViolation, which"
        " the page of DeleteVSwitch has. Inferred: InvalidVpcId.NotFound with 404."
    ),
)
def delete_vpc(invocation: Invocation) -> Answer:
    """
    Remove a VPC.
    """
    parameters, cloud = invocation.parameters, invocation.cloud
    parameters.boolean("ForceDelete")
    place = networks.find_vpc(regions_of(invocation), parameters.required("VpcId"))
    networks.check_empty(place.vpc, cloud.instances(place.region))
    networks.check_dry_run(parameters)
    kept = tuple(vpc for vpc in place.region.vpcs if vpc.id != place.vpc.id)
    cloud.set_region(replace(place.region, vpcs=kept))
    return {}


@action(
    "DescribeVpcs",
    product=VPC,
    models=(
        "The VPCs of a region; filters VpcId (up to 20), VpcName, ResourceGroupId,"
        " IsDefault, EnableIPv6 and Tag; pages of up to 50. There are no default VPCs,"
        " and neither IPv6 nor DHCP option sets. DhcpOptionsSetId and VpcOwnerId are"
        " answered with 501; DryRun ends with DryRunOperation."
    ),
    evidence="Parameters, their texts and response tree of SDK 7.2.2.",
)
def describe_vpcs(invocation: Invocation) -> Answer:
    """
    List the VPCs of a region.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    refuse_unmodelled(parameters, _BY_REGION_ALONE)
    networks.check_dry_run(parameters)
    number, size = page_of(parameters)
    found = list(_matching(region, parameters))
    page = paging.numbered(found, number=number, size=size)
    return {
        "Vpcs": {
            "Vpc": [
                network_rendering.vpc_entry(vpc, region, key=invocation.key)
                for vpc in page.entries
            ]
        },
        "TotalCount": len(found),
        "PageNumber": number,
        "PageSize": size,
    }


@action(
    "DescribeVpcAttribute",
    product=VPC,
    models=(
        "One VPC, with how many vSwitches, routers and route tables are in it."
        " IsDefault is checked and has no effect; DryRun ends with DryRunOperation."
    ),
    evidence=(
        "Parameters and response tree of SDK 7.2.2; the fields that Terraform's"
        " alicloud_vpc reads, of which ClassicLinkEnabled must be a boolean. Inferred:"
        " InvalidVpcId.NotFound with 404, which Terraform takes for gone."
    ),
)
def describe_vpc(invocation: Invocation) -> Answer:
    """
    Describe one VPC.
    """
    parameters = invocation.parameters
    parameters.boolean("IsDefault")
    place = networks.find_vpc(regions_of(invocation), parameters.required("VpcId"))
    networks.check_dry_run(parameters)
    return network_rendering.vpc_attribute(place.vpc, place.region, key=invocation.key)


@action(
    "DescribeRouteTableList",
    product=VPC,
    models=(
        "The system route table of each VPC of a region; filters VpcId, RouteTableId,"
        " RouterId, RouterType, RouteTableType, RouteTableName, ResourceGroupId; pages"
        " of up to 50. It has no name and no tags; there are no other tables."
    ),
    evidence=(
        "Parameters and response tree of SDK 7.2.2; the fields that Terraform's"
        " alicloud_vpc reads. That an unknown VPC gives an empty list is inferred."
    ),
)
def describe_route_tables(invocation: Invocation) -> Answer:
    """
    List the route tables of a region.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    parameters.choice("RouterType", ("VRouter", "VBR"))
    parameters.choice("RouteTableType", ("System", "Custom"))
    number, size = page_of(parameters)
    tables = (network_rendering.route_table(vpc, invocation.key) for vpc in region.vpcs)
    found = [
        table
        for table in tables
        if all(
            parameters.text(name) in (None, table[name])
            for name in network_rendering.FILTERS_OF_ROUTE_TABLES
        )
        and not parameters.pairs("Tag")
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "RouterTableList": {"RouterTableListType": list(page.entries)},
        "TotalCount": len(found),
        "PageNumber": number,
        "PageSize": size,
    }


def page_of(parameters: Parameters) -> tuple[int, int]:
    """
    Return the number and the size of the wanted page of a list of the VPC API.
    """
    number = parameters.integer("PageNumber", default=1)
    size = parameters.integer("PageSize", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
    return number, size


def regions_of(invocation: Invocation) -> tuple[Region, ...]:
    """
    Return the region that the request names, or all of them.
    """
    region = invocation.region()
    return invocation.cloud.account.regions if region is None else (region,)


def _check_ipv6(parameters: Parameters, name: str) -> None:
    if parameters.boolean(name):
        refuse_unmodelled(parameters, (name,))


def _matching(region: Region, parameters: Parameters) -> Iterator[Vpc]:
    ids_text, name = parameters.text("VpcId"), parameters.text("VpcName")
    wanted = ids_text.split(",") if ids_text else None
    group = parameters.text("ResourceGroupId")
    tags = parameters.pairs("Tag")
    if parameters.boolean("IsDefault") or parameters.boolean("EnableIPv6"):
        return
    for vpc in region.vpcs:
        if (
            (wanted is None or vpc.id in wanted)
            and name in (None, network_rendering.vpc_name(vpc))
            and group in (None, vpc.resource_group_id)
            and network_rendering.has_tags(vpc.tags, tags)
        ):
            yield vpc
