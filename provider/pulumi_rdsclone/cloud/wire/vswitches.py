"""
vSwitches: DescribeVSwitches of the VPC service.
"""

from ipaddress import IPv4Network

from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_id,
    read_int,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.cloud.wire.pages import records_in
from pulumi_rdsclone.domain.market import (
    VSwitch,
)


def to_vswitches(answer: Answer) -> tuple[VSwitch, ...]:
    """
    Return the vSwitches on one page of DescribeVSwitches.

    Where AvailableIpAddressCount is missing, the whole range counts as free.
    """
    return tuple(map(_to_vswitch, records_in("DescribeVSwitches", answer)))


def _to_vswitch(item: Answer) -> VSwitch:
    cidr = IPv4Network(read_required_text(item, "CidrBlock"), strict=False)
    every = cidr.num_addresses
    return VSwitch(
        id=read_id(item, "VSwitchId"),
        zone=read_text(item, "ZoneId"),
        cidr=cidr,
        free=read_int(item, "AvailableIpAddressCount", default=every),
    )
