"""
Where the clone may be: zones, VPC, vSwitches, address.
"""

import re

from rds_emulator import addresses
from rds_emulator.cloning.case import MOST_ZONES, Case
from rds_emulator.errors import ApiError
from rds_emulator.model import VSwitch

_MULTI_ZONE = re.compile(r"[a-z0-9-]+-MAZ\d+(\([a-z,]+\))?")
_VSWITCH = re.compile(r"vsw-[a-z0-9-]+")


def zones_exist(case: Case) -> None:
    """
    Demand zones of the region.
    """
    for zone in case.zones:
        if zone in case.region.zones:
            continue
        fault = "NotSupport" if _MULTI_ZONE.fullmatch(zone) else "Format"
        raise ApiError(code=f"InvalidAvZone.{fault}")


def zones_fit_the_edition(case: Case) -> None:
    """
    Refuse more zones than the edition is spread over.
    """
    if len(case.zones) > MOST_ZONES[case.category]:
        raise ApiError(code="ZoneId.NotMatchWithCategory")


def zones_have_stock(case: Case) -> None:
    """
    Refuse a sold-out zone.
    """
    if set(case.zones) & set(case.region.sold_out_zones):
        raise ApiError(code="OperationDenied.ZoneResource")


def no_dedicated_hosts(case: Case) -> None:
    """
    Refuse dedicated clusters: they are not modelled, so none has a free host.
    """
    if case.order.dedicated_group:
        raise ApiError(code="CDDC.AvailableHostsNotEnoughInZone")


def network_type_is_vpc(case: Case) -> None:
    """
    Refuse the classic network, inherited or not: it takes no new instances.
    """
    if case.network_type == "Classic":
        raise ApiError(code="InvalidParam.InstanceNetworkType")


def vpc_exists(case: Case) -> None:
    """
    Demand a VPC of the region.
    """
    if case.order.vpc_id and case.region.vpc(case.order.vpc_id) is None:
        raise ApiError(code="InvalidVPCId.NotFound")


def vswitch_is_given(case: Case) -> None:
    """
    Demand a vSwitch for a clone that leaves the classic network.
    """
    leaves = case.source.network_type != case.network_type
    if leaves and not case.order.vswitch_ids:
        raise ApiError(code="InvalidVSwitchId.NotFound")


def vswitches_exist(case: Case) -> None:
    """
    Demand vSwitches of the VPC, inherited ones as well when the VPC is another.
    """
    vpc = case.region.vpc(case.vpc_id)
    known = {vswitch.id for vswitch in vpc.vswitches} if vpc else set()
    moves = case.vpc_id != case.source.vpc_id
    for vswitch_id in case.vswitch_ids if moves else case.order.vswitch_ids:
        if not _VSWITCH.fullmatch(vswitch_id):
            raise ApiError(code="InvalidVSwitchId.Format")
        if vswitch_id not in known:
            raise ApiError(code="InvalidVSwitchId.NotFound")


def vswitches_fit_the_zones(case: Case) -> None:
    """
    Demand one vSwitch for each zone asked for, in the order of the zones.

    One is enough where the zones are all the same, or where only the primary's
    is asked for. A vSwitch taken over from the source must fit as well.
    """
    named = [find for one in case.vswitch_ids if (find := case.region.vswitch(one))]
    zones = [vswitch.zone for vswitch in named]
    if not case.order.vswitch_ids or not case.order.standby_zones:
        fits = zones[:1] in ([], [case.zones[0]])
    else:
        fits = tuple(zones) in (case.zones, tuple(dict.fromkeys(case.zones)))
    if not fits:
        raise ApiError(code="InvalidVSwitchId.Mismatch")


def vswitches_have_room(case: Case) -> None:
    """
    Refuse a vSwitch without free addresses.
    """
    for vswitch_id in case.vswitch_ids:
        vswitch = case.region.vswitch(vswitch_id)
        if vswitch and not addresses.count_free(vswitch, case.neighbours):
            raise ApiError(code="VswitchIpExhausted")


def address_is_free(case: Case) -> None:
    """
    Demand an address that is in the primary's vSwitch and nobody else's.
    """
    if case.order.private_ip is not None:
        vswitch = primary_vswitch(case)
        addresses.check_choice(vswitch, case.order.private_ip, case.neighbours)


def primary_vswitch(case: Case) -> VSwitch | None:
    """
    Find the vSwitch of the primary's zone.
    """
    return case.region.vswitch(case.vswitch_ids[0]) if case.vswitch_ids else None
