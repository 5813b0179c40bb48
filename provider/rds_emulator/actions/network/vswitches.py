"""
The networks' own API: vSwitches, made and told.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rds_emulator.actions.network import network_rendering
from rds_emulator.actions.network.vpcs import page_of, regions_of
from rds_emulator.actions.registry import VPC, Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import networks
from rds_emulator.rules.preconditions import refuse_unmodelled
from rds_emulator.state import ids
from rds_emulator.state.model import Region, Vpc, VSwitch

_NAME: Final = "InvalidVSwitchName.Malformed"
_DESCRIPTION: Final = "InvalidVSwitchDiscription.Malformed"
_IPV6: Final = ("CidrMask", "Ipv6CidrBlock", "Ipv6CidrMask", "VpcIpv6CidrBlock")


@action(
    "CreateVSwitch",
    product=VPC,
    writes=True,
    models=(
        "A vSwitch in a zone of the VPC's region, Available at once: range, name,"
        " description, tags. Ranges of /16 to /29 inside the VPC's that overlap no"
        " other; at most 150 vSwitches. ClientToken is ignored; IPv6 and CidrMask are"
        " answered with 501."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 7.2.2; 150 is of the official"
        " page (doc-detail/35745); codes of the ECS action of this name. Inferred:"
        " InvalidZoneId.NotFound. Ours: that it is there at once, where the real one is"
        " Pending for a moment."
    ),
)
def create_vswitch(invocation: Invocation) -> Answer:
    """
    Make a vSwitch.
    """
    parameters = invocation.parameters
    refuse_unmodelled(parameters, _IPV6)
    place = networks.find_vpc(regions_of(invocation), parameters.required("VpcId"))
    vswitch = VSwitch(
        id=ids.network_id("vsw"),
        zone=parameters.required("ZoneId"),
        cidr=parameters.required("CidrBlock"),
        name=networks.name(parameters, "VSwitchName", before="", code=_NAME),
        description=networks.description(parameters, before="", code=_DESCRIPTION),
        created=invocation.cloud.clock.now(),
        tags=networks.tags_from(parameters.pairs("Tag")),
    )
    if vswitch.zone not in place.region.zones:
        raise networks.refusal(code="InvalidZoneId.NotFound")
    networks.check_vswitch_cidr(place.vpc, vswitch.cidr)
    grown = replace(place.vpc, vswitches=(*place.vpc.vswitches, vswitch))
    invocation.cloud.set_region(place.with_vpc(grown))
    return {"VSwitchId": vswitch.id}


@action(
    "ModifyVSwitchAttribute",
    product=VPC,
    writes=True,
    models=(
        "Name and description, at once; an empty description takes it away. EnableIPv6"
        " may only be false; other IPv6 is answered with 501."
    ),
    evidence="Parameters and their texts of SDK 7.2.2; codes as for CreateVSwitch.",
)
def modify_vswitch(invocation: Invocation) -> Answer:
    """
    Change what is said of a vSwitch.
    """
    parameters = invocation.parameters
    refuse_unmodelled(parameters, _IPV6)
    if parameters.boolean("EnableIPv6"):
        refuse_unmodelled(parameters, ("EnableIPv6",))
    place, vswitch = networks.find_vswitch(
        regions_of(invocation), parameters.required("VSwitchId")
    )
    changed = replace(
        vswitch,
        name=networks.name(parameters, "VSwitchName", before=vswitch.name, code=_NAME),
        description=networks.description(
            parameters, before=vswitch.description, code=_DESCRIPTION
        ),
    )
    invocation.cloud.set_region(place.with_vswitch(changed))
    return {}


@action(
    "DeleteVSwitch",
    product=VPC,
    writes=True,
    models=(
        "A vSwitch without instances, gone at once; one with an instance, or to which"
        " one is about to be moved, is refused."
    ),
    evidence=(
        "Parameters of SDK 7.2.2, error table of the official page (doc-detail/35746)"
        " for DependencyViolation. Inferred: InvalidVSwitchId.NotFound with 404, which"
        " Terraform's provider takes for gone."
    ),
)
def delete_vswitch(invocation: Invocation) -> Answer:
    """
    Remove a vSwitch.
    """
    parameters, cloud = invocation.parameters, invocation.cloud
    place, vswitch = networks.find_vswitch(
        regions_of(invocation), parameters.required("VSwitchId")
    )
    networks.check_unused(vswitch, cloud.instances(place.region))
    networks.check_dry_run(parameters)
    kept = tuple(item for item in place.vpc.vswitches if item.id != vswitch.id)
    cloud.set_region(place.with_vpc(replace(place.vpc, vswitches=kept)))
    return {}


@action(
    "DescribeVSwitchAttributes",
    product=VPC,
    models="One vSwitch, as DescribeVSwitches shows it; DryRun has its own refusal.",
    evidence=(
        "Parameters and response tree of SDK 7.2.2. InvalidVswitchID.NotFound is what"
        " Terraform's provider expects here; its status, 404, is inferred."
    ),
)
def describe_vswitch(invocation: Invocation) -> Answer:
    """
    Describe one vSwitch.
    """
    parameters = invocation.parameters
    place, vswitch = networks.find_vswitch(
        regions_of(invocation),
        parameters.required("VSwitchId"),
        code="InvalidVswitchID.NotFound",
    )
    networks.check_dry_run(parameters)
    neighbours = invocation.cloud.instances(place.region)
    return network_rendering.vswitch_entry(
        vswitch, place.vpc, key=invocation.key, neighbours=neighbours
    )


@action(
    "DescribeVSwitches",
    product=VPC,
    models=(
        "Version 2016-04-28, on the same endpoint: the vSwitches of the seed and those"
        " that were made; filters VpcId, VSwitchId, ZoneId, VSwitchName,"
        " ResourceGroupId, RouteTableId, IsDefault, EnableIpv6 and Tag; pages of up to"
        " 50. Free addresses are the range less the four reserved ones and the"
        " instances in it, 0 for an exhausted vSwitch. There are no default vSwitches"
        " and no IPv6; the resource group is the VPC's. VSwitchOwnerId is ignored."
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
    number, size = page_of(parameters)
    networks.check_dry_run(parameters)
    found = [
        (region, vpc, vswitch)
        for region in regions_of(invocation)
        for vpc, vswitch in _matching(region, parameters)
    ]
    page = paging.numbered(found, number=number, size=size)
    neighbours = {region.id: cloud.instances(region) for region, _, _ in page.entries}
    entries = [
        network_rendering.vswitch_entry(
            vswitch, vpc, key=invocation.key, neighbours=neighbours[region.id]
        )
        for region, vpc, vswitch in page.entries
    ]
    return {
        "VSwitches": {"VSwitch": entries},
        "TotalCount": len(found),
        "PageNumber": number,
        "PageSize": size,
    }


def _matching(region: Region, parameters: Parameters) -> Iterator[tuple[Vpc, VSwitch]]:
    if parameters.boolean("IsDefault") or parameters.boolean("EnableIpv6"):
        return
    tags = parameters.pairs("Tag")
    for vpc in region.vpcs:
        for vswitch in vpc.vswitches:
            told = {
                "VpcId": vpc.id,
                "VSwitchId": vswitch.id,
                "ZoneId": vswitch.zone,
                "VSwitchName": network_rendering.vswitch_name(vswitch),
                "ResourceGroupId": vpc.resource_group_id,
                "RouteTableId": network_rendering.route_table_id(vpc.id),
            }
            is_asked = all(
                parameters.text(name) in (None, value) for name, value in told.items()
            )
            if is_asked and network_rendering.has_tags(vswitch.tags, tags):
                yield vpc, vswitch
