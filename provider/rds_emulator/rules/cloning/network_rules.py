"""
Where the clone may be: zones, VPC, vSwitches, address.
"""

import re
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import addresses
from rds_emulator.rules.cloning.clone_request import MOST_ZONES, CloneRequest
from rds_emulator.state.model import VSwitch

_MULTI_ZONE: Final = re.compile(r"[a-z0-9-]+-MAZ\d+(\([a-z,]+\))?")
_VSWITCH: Final = re.compile(r"vsw-[a-z0-9-]+")


def zones_exist(request: CloneRequest) -> None:
    """
    Demand zones of the region.
    """
    for zone in request.zones:
        if zone in request.region.zones:
            continue
        fault = "NotSupport" if _MULTI_ZONE.fullmatch(zone) else "Format"
        raise ApiError(code=f"InvalidAvZone.{fault}")


def zones_fit_the_edition(request: CloneRequest) -> None:
    """
    Refuse more zones than the edition is spread over.
    """
    if len(request.zones) > MOST_ZONES[request.category]:
        raise ApiError(code="ZoneId.NotMatchWithCategory")


def zones_have_stock(request: CloneRequest) -> None:
    """
    Refuse a sold-out zone.
    """
    if set(request.zones) & set(request.region.sold_out_zones):
        raise ApiError(code="OperationDenied.ZoneResource")


def no_dedicated_hosts(request: CloneRequest) -> None:
    """
    Refuse dedicated clusters: they are not modelled, so none has a free host.
    """
    if request.order.dedicated_group:
        raise ApiError(code="CDDC.AvailableHostsNotEnoughInZone")


def network_type_is_vpc(request: CloneRequest) -> None:
    """
    Refuse the classic network, inherited or not: it takes no new instances.
    """
    if request.network_type == "Classic":
        raise ApiError(code="InvalidParam.InstanceNetworkType")


def vpc_exists(request: CloneRequest) -> None:
    """
    Demand a VPC of the region.
    """
    if request.order.vpc_id and request.region.vpc(request.order.vpc_id) is None:
        raise ApiError(code="InvalidVPCId.NotFound")


def vswitch_is_given(request: CloneRequest) -> None:
    """
    Demand a vSwitch for a clone that leaves the classic network.
    """
    leaves = request.source.network_type != request.network_type
    if leaves and not request.order.vswitch_ids:
        raise ApiError(code="InvalidVSwitchId.NotFound")


def vswitches_exist(request: CloneRequest) -> None:
    """
    Demand vSwitches of the VPC, inherited ones as well when the VPC is another.
    """
    vpc = request.region.vpc(request.vpc_id)
    known = {vswitch.id for vswitch in vpc.vswitches} if vpc else set()
    moves = request.vpc_id != request.source.vpc_id
    for vswitch_id in request.vswitch_ids if moves else request.order.vswitch_ids:
        if not _VSWITCH.fullmatch(vswitch_id):
            raise ApiError(code="InvalidVSwitchId.Format")
        if vswitch_id not in known:
            raise ApiError(code="InvalidVSwitchId.NotFound")


def vswitches_fit_the_zones(request: CloneRequest) -> None:
    """
    Demand one vSwitch for each zone asked for, in the order of the zones.

    One is enough where the zones are all the same, or where only the primary's
    is asked for. A vSwitch taken over from the source must fit as well.
    """
    named = [
        find
        for vswitch_id in request.vswitch_ids
        if (find := request.region.vswitch(vswitch_id))
    ]
    zones = [vswitch.zone for vswitch in named]
    if not request.order.vswitch_ids or not request.order.standby_zones:
        fits = zones[:1] in ([], [request.zones[0]])
    else:
        fits = tuple(zones) in (request.zones, tuple(dict.fromkeys(request.zones)))
    if not fits:
        raise ApiError(code="InvalidVSwitchId.Mismatch")


def vswitches_have_room(request: CloneRequest) -> None:
    """
    Refuse a vSwitch without free addresses.
    """
    for vswitch_id in request.vswitch_ids:
        vswitch = request.region.vswitch(vswitch_id)
        if vswitch and not addresses.count_free(vswitch, request.neighbours):
            raise ApiError(code="VswitchIpExhausted")


def address_is_free(request: CloneRequest) -> None:
    """
    Demand an address that is in the primary's vSwitch and nobody else's.
    """
    if request.order.private_ip is not None:
        vswitch = primary_vswitch(request)
        addresses.check_choice(
            vswitch, request.order.private_ip, neighbours=request.neighbours
        )


def primary_vswitch(request: CloneRequest) -> VSwitch | None:
    """
    Return the vSwitch of the primary's zone.
    """
    return (
        request.region.vswitch(request.vswitch_ids[0]) if request.vswitch_ids else None
    )
