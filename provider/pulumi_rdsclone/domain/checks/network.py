"""
Network.
"""

from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.market import VSwitch
from pulumi_rdsclone.domain.neighbours import Neighbour, places_of
from pulumi_rdsclone.domain.problems import listed, named, quoted
from pulumi_rdsclone.domain.shape import Shape
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_PLACE: Final = ("network.vswitch_ids", "network.vpc_id", "zones", "edition")
_RESERVED_FIRST, _RESERVED_LAST = 1, 3
"""Addresses of each vSwitch that the system keeps. Source: the VPC manual."""


@RULES.check("network-classic", "network.type")
def network_is_a_vpc(spec: CloneSpec) -> Finding | None:
    """
    No new instance is made in the classic network.

    Source: CreateDBInstance, InvalidParam.InstanceNetworkType.
    """
    if spec.network is None or spec.network.type != "Classic":
        return None
    return Finding(
        "new instances cannot be created in the classic network",
        "set network.type to VPC, or remove network.type",
    )


@RULES.check("network-inherited", "network.vswitch_ids", "network.type")
def source_is_in_a_vpc(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    A clone of a source in the classic network names its vSwitches.

    Inferred: the clone's network is its source's unless declared, and no new instance
    is made in the classic network.
    """
    declared = spec.network.vswitch_ids if spec.network else None
    if source.network_type != "Classic" or declared:
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is in the classic network, in which new "
        "instances cannot be created",
        "set network.vpc_id and network.vswitch_ids",
    )


@RULES.check("vpc-known", "network.vpc_id")
def vpc_has_vswitches(
    spec: CloneSpec, vswitches: tuple[VSwitch, ...]
) -> Finding | None:
    """
    The VPC is one of the region and has vSwitches.

    Source: CloneDBInstance, VPCId and VSwitchId; vpc DescribeVSwitches.
    """
    declared = spec.network.vpc_id if spec.network else None
    if declared is None or vswitches:
        return None
    return Finding(
        f"{named(str(spec.region))} has no VPC {named(declared)} with vSwitches",
        "correct the id, or create a vSwitch in that VPC first",
    )


@RULES.check("vswitch-given", "network.vpc_id", "network.vswitch_ids")
def another_vpc_has_another_vswitch(
    spec: CloneSpec, source: Instance
) -> Finding | None:
    """
    A clone in another VPC than its source's names its vSwitches.

    Inferred: what is not declared is the source's, and that is in the source's VPC.
    """
    network = spec.network
    if network is None or network.vpc_id in (None, source.vpc_id):
        return None
    if network.vswitch_ids:
        return None
    return Finding(
        f"{source.id} is not in {named(network.vpc_id)}, so network.vswitch_ids is "
        "needed",
        f"set network.vswitch_ids to a vSwitch of {named(network.vpc_id)}",
    )


@RULES.check("vswitch-exists", "network.vswitch_ids[]", "network.vpc_id")
def vswitches_are_of_the_vpc(
    spec: CloneSpec, shape: Shape, vswitches: tuple[VSwitch, ...]
) -> Finding | None:
    """
    The vSwitches are in the VPC.

    Source: vpc DescribeVSwitches; the error InvalidVSwitchId.NotFound.
    """
    declared = spec.network.vswitch_ids if spec.network else None
    known = {vswitch.id for vswitch in vswitches}
    missing = [vswitch_id for vswitch_id in declared or () if vswitch_id not in known]
    if not missing or not vswitches:
        return None
    return Finding(
        f"{named(str(shape.vpc_id))} has no vSwitch {listed(missing)}",
        f"choose from {listed(sorted(known))}",
    )


@RULES.check("vswitch-zones", *_PLACE)
def vswitches_are_in_the_zones(
    spec: CloneSpec, shape: Shape, vswitches: tuple[VSwitch, ...]
) -> Finding | None:
    """
    Each zone asked for has its vSwitch, in the order of the zones.

    Where no standby's zone is declared the primary's vSwitch is enough; so it is
    where all zones are the same. A vSwitch that is not declared is the source's.
    Source: CloneDBInstance, VSwitchId, ZoneId and ZoneIdSlave1.
    """
    zones = _zones(shape, vswitches)
    if None in zones or not zones:
        return None
    if _declares_standbys(spec):
        fits = zones in (shape.zones, tuple(dict.fromkeys(shape.zones)))
    else:
        fits = zones[0] == shape.zone
    if fits:
        return None
    there = [vswitch.id for vswitch in vswitches if vswitch.zone == shape.zone]
    return Finding(
        f"{_placed(shape.vswitch_ids, zones)}, but the clone is in "
        f"{listed(shape.zones)}",
        f"set network.vswitch_ids to one vSwitch for each zone in the order of zones; "
        f"the first can be {there[0]}"
        if there
        else f"create a vSwitch in {named(shape.zone)} first",
    )


def _declares_standbys(spec: CloneSpec) -> bool:
    """
    Return whether both vSwitches and the zones of standbys are declared.
    """
    has_vswitches = bool(spec.network and spec.network.vswitch_ids)
    return has_vswitches and len(spec.zones or ()) > 1


def _placed(vswitches: Iterable[str], zones: Iterable[str | None]) -> str:
    """
    Return in which zone each vSwitch is.
    """
    return " and ".join(
        f"the vSwitch {named(vswitch)} is in {named(zone or '')}"
        for vswitch, zone in zip(vswitches, zones, strict=False)
    )


@RULES.check("vswitch-room", "network.vswitch_ids", "network.vpc_id")
def vswitches_have_room(
    shape: Shape, vswitches: tuple[VSwitch, ...], *, adopts: bool | None = None
) -> Finding | None:
    """
    The vSwitches have a free address, which a clone that is adopted has already.

    Source: vpc DescribeVSwitches, AvailableIpAddressCount; the error
    VswitchIpExhausted.
    """
    wanted = shape.vswitch_ids
    full = [
        vswitch.id
        for vswitch in vswitches
        if vswitch.id in wanted and vswitch.free <= 0
    ]
    if not full or adopts:
        return None
    return Finding(
        f"no IP address is free in the vSwitch {listed(full)}",
        "choose another vSwitch",
    )


@RULES.check("address-form", "network.private_ip_address")
def address_is_well_formed(spec: CloneSpec) -> Finding | None:
    """
    The private address is an IPv4 address.

    Source: CloneDBInstance, PrivateIpAddress.
    """
    declared = spec.network.private_ip_address if spec.network else None
    if declared is None or _address(declared):
        return None
    return Finding(
        f"{quoted(declared)} is not an IPv4 address", "write an address like 10.0.0.7"
    )


@RULES.check(
    "address-free",
    "network.private_ip_address",
    "network.vswitch_ids",
    "network.vpc_id",
)
def address_is_in_the_vswitch(
    spec: CloneSpec, shape: Shape, vswitches: tuple[VSwitch, ...]
) -> Finding | None:
    """
    The private address is in the first vSwitch's range and not reserved.

    The first and the last three addresses are the system's (VPC manual). Whether
    somebody uses an address is told by no call: the API refuses such a clone.
    """
    declared = spec.network.private_ip_address if spec.network else None
    address = _address(declared or "")
    ids = shape.vswitch_ids
    vswitch = next(
        (candidate for candidate in vswitches if ids and candidate.id == ids[0]), None
    )
    if address is None or vswitch is None:
        return None
    if address not in vswitch.cidr:
        what = f"{address} is outside of {vswitch.cidr}, the range of {vswitch.id}"
        remedy = "choose an address of that range, or remove network.private_ip_address"
        return Finding(what, remedy)
    place = int(address) - int(vswitch.cidr.network_address)
    if _RESERVED_FIRST <= place < vswitch.cidr.num_addresses - _RESERVED_LAST:
        return None
    return Finding(
        f"{address} is reserved by the VPC service in {vswitch.cidr}",
        "do not use the first address or one of the last three addresses",
    )


@RULES.check(
    "address-twins",
    "network.private_ip_address",
    "network.vswitch_ids",
    "network.vpc_id",
)
def address_is_of_one_clone(
    spec: CloneSpec,
    source: Instance | None = None,
    others: tuple[Neighbour, ...] | None = None,
) -> Finding | None:
    """
    No other clone that the program declares has the private address in the same VPC.

    Source: the error InvalidIPAddress.Conflict. A clone that declares no network is in
    its source's.
    """
    address = spec.network.private_ip_address if spec.network else None
    if address is None:
        return None
    places = _all_places(spec, source)
    for other in others or ():
        if address == other.address and places & other.places:
            return Finding(
                f"the clone {quoted(other.name)} has the same address {address}",
                "choose another address for one of them, or remove "
                "network.private_ip_address",
            )
    return None


def _all_places(spec: CloneSpec, source: Instance | None) -> frozenset[str]:
    """
    Return the places of a clone; where it inherits its source's, also those by id.
    """
    places = places_of(spec.given())
    if source is not None and places == {source.id}:
        inherited = (source.vpc_id, *source.vswitch_ids[:1])
        places |= {place for place in inherited if place is not None}
    return places


def _zones(shape: Shape, vswitches: tuple[VSwitch, ...]) -> tuple[str | None, ...]:
    """
    Return the zones of the clone's vSwitches; None for one that does not exist.
    """
    known = {vswitch.id: vswitch.zone for vswitch in vswitches}
    return tuple(known.get(vswitch_id) for vswitch_id in shape.vswitch_ids)


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except AddressValueError:
        return None
