from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.market import VSwitch
from pulumi_rdsclone.domain.neighbours import neighbour_of
from tests.domain.checks.rows import Row, clone, fails, knowing, passes, placed, rule, source
from tests.domain.samples import VSWITCHES

NOT_OURS: Final = "rm-source is not in vpc-2, so network.vswitch_ids is needed"
NAME_ONE: Final = "set network.vswitch_ids to a vSwitch of vpc-2"
PER_ZONE: Final = "set network.vswitch_ids to one vSwitch for each zone in the order of zones"
LIKE_THIS: Final = "write an address like 10.0.0.7"
NEITHER: Final = "do not use the first address or one of the last three addresses"

MINE: Final = "10.0.0.7"


def beside(**network: object) -> Facts:
    """
    Return the healthy facts, and another clone that the program declares.
    """
    inputs = {"source_instance_id": "rm-source", "network": network}
    return knowing(others=(neighbour_of("other", inputs, region="cn-hangzhou"),))


def zoned(*zones: str, **network: object) -> dict[str, Any]:
    return clone(zones=[f"cn-hangzhou-{zone}" for zone in zones], network=network)


def filled(*ids: str) -> Facts:
    """
    Return the facts where these vSwitches have no free address.
    """
    return knowing(
        vswitches=tuple(
            replace(vswitch, free=0 if vswitch.id in ids else vswitch.free) for vswitch in VSWITCHES
        )
    )


def ranged(cidr: str) -> Facts:
    """
    Return the facts where the source's vSwitch has that range.
    """
    return knowing(
        vswitches=(VSwitch(id="vsw-1", zone="cn-hangzhou-h", cidr=IPv4Network(cidr), free=1),)
    )


ROWS: list[Row] = []

ROWS += rule(
    "network-classic",
    passes("no network"),
    passes("no type", placed(vpc_id="vpc-1")),
    passes("a VPC", placed(type="vpc")),
    fails("the classic one", placed(type="classic")).says(
        "new instances cannot be created in the classic network",
        "set network.type to VPC, or remove network.type",
    ),
)
ROWS += rule(
    "network-inherited",
    passes("a VPC"),
    passes(
        "the classic one, another is declared",
        placed(type="VPC", vpc_id="vpc-1", vswitch_ids=["vsw-1"]),
        source(network_type="Classic"),
    ),
    *(
        fails(case, tree, source(network_type="Classic", vpc_id=None, vswitch_ids=())).says(
            "rm-source is in the classic network, in which new instances cannot be created",
            "set network.vpc_id and network.vswitch_ids",
        )
        for tree, case in (
            (clone(), "the classic one"),
            (placed(vpc_id="vpc-1"), "the classic one, a VPC alone is declared"),
            (placed(vswitch_ids=[]), "the classic one, and an empty list"),
        )
    ),
)
ROWS += rule(
    "vpc-known",
    passes("the source's"),
    passes("declared", placed(vpc_id="vpc-1")),
    passes("the source's, of which nothing is told", facts=knowing(vswitches=())),
    fails("there is none, or it is empty", placed(vpc_id="vpc-9"), knowing(vswitches=())).says(
        "cn-hangzhou has no VPC vpc-9 with vSwitches",
        "correct the id, or create a vSwitch in that VPC first",
    ),
)
ROWS += rule(
    "vswitch-given",
    passes("no network"),
    passes("no VPC", placed(type="VPC")),
    passes("the source's VPC", placed(vpc_id="vpc-1")),
    passes("both", placed(vpc_id="vpc-2", vswitch_ids=["vsw-9"])),
    passes("a vSwitch alone", placed(vswitch_ids=["vsw-2"])),
    fails("none", placed(vpc_id="vpc-2")).says(NOT_OURS, NAME_ONE),
    fails("an empty list", placed(vpc_id="vpc-2", vswitch_ids=[])).says(NOT_OURS, NAME_ONE),
    fails(
        "a source outside of any VPC",
        placed(vpc_id="vpc-2"),
        source(vpc_id=None, vswitch_ids=(), network_type="Classic"),
    ).says(NOT_OURS, NAME_ONE),
)
ROWS += rule(
    "vswitch-exists",
    passes("none is declared"),
    passes("all do", placed(vswitch_ids=["vsw-2", "vsw-1"])),
    passes(
        "a VPC without any, which another rule tells",
        placed(vpc_id="vpc-9", vswitch_ids=["vsw-9"]),
        knowing(vswitches=()),
    ),
    fails("not in the source's VPC", placed(vswitch_ids=["vsw-9"])).says(
        "vpc-1 has no vSwitch vsw-9", "choose from vsw-1, vsw-2"
    ),
    fails(
        "two of three, in a declared VPC",
        placed(vpc_id="vpc-2", vswitch_ids=["vsw-9", "vsw-2", "vsw-8"]),
    ).says("vpc-2 has no vSwitch vsw-9, vsw-8", "choose from vsw-1, vsw-2"),
)
ROWS += rule(
    "vswitch-zones",
    passes("the source's"),
    passes("a source outside of any VPC", facts=source(vswitch_ids=())),
    passes("one that does not exist, which another rule tells", placed(vswitch_ids=["vsw-9"])),
    passes("the source's, one zone declared", zoned("h")),
    passes("the source's, two zones declared", zoned("h", "i")),
    passes("one zone", zoned("i", vswitch_ids=["vsw-2"])),
    passes("two zones", zoned("i", "h", vswitch_ids=["vsw-2", "vsw-1"])),
    passes("one zone for both nodes, one vSwitch", zoned("h", "h", vswitch_ids=["vsw-1"])),
    passes(
        "one zone for both nodes, one vSwitch twice",
        zoned("h", "h", vswitch_ids=["vsw-1", "vsw-1"]),
    ),
    passes("the primary's, no zone declared", placed(vswitch_ids=["vsw-1"])),
    passes("two, only the primary's zone declared", zoned("h", vswitch_ids=["vsw-1", "vsw-2"])),
    fails("the source's, in another zone than the clone", zoned("i")).says(
        "the vSwitch vsw-1 is in cn-hangzhou-h, but the clone is in cn-hangzhou-i",
        f"{PER_ZONE}; the first can be vsw-2",
    ),
    fails("none in the clone's zone", zoned("j")).says(
        "the vSwitch vsw-1 is in cn-hangzhou-h, but the clone is in cn-hangzhou-j",
        "create a vSwitch in cn-hangzhou-j first",
    ),
    fails("declared, in another zone than the source's", placed(vswitch_ids=["vsw-2"])).says(
        "the vSwitch vsw-2 is in cn-hangzhou-i, but the clone is in cn-hangzhou-h, cn-hangzhou-i",
        f"{PER_ZONE}; the first can be vsw-1",
    ),
    fails("not in the zones' order", zoned("h", "i", vswitch_ids=["vsw-2", "vsw-1"])).says(
        "the vSwitch vsw-2 is in cn-hangzhou-i and the vSwitch vsw-1 is in cn-hangzhou-h, but the "
        "clone is in cn-hangzhou-h, cn-hangzhou-i",
        f"{PER_ZONE}; the first can be vsw-1",
    ),
    fails("one for two zones", zoned("h", "i", vswitch_ids=["vsw-1"])).says(
        "the vSwitch vsw-1 is in cn-hangzhou-h, but the clone is in cn-hangzhou-h, cn-hangzhou-i",
        f"{PER_ZONE}; the first can be vsw-1",
    ),
    fails("two for one zone of both nodes", zoned("h", "h", vswitch_ids=["vsw-1", "vsw-2"])).says(
        "the vSwitch vsw-1 is in cn-hangzhou-h and the vSwitch vsw-2 is in cn-hangzhou-i, but the "
        "clone is in cn-hangzhou-h, cn-hangzhou-h",
        f"{PER_ZONE}; the first can be vsw-1",
    ),
)
ROWS += rule(
    "vswitch-room",
    passes("the source's"),
    passes("one address", facts=ranged("10.0.0.0/24")),
    passes("a full one that is not ours", facts=filled("vsw-2")),
    passes(
        "the source's is full, another is declared", placed(vswitch_ids=["vsw-2"]), filled("vsw-1")
    ),
    fails("the source's is full", facts=filled("vsw-1")).says(
        "no IP address is free in the vSwitch vsw-1", "choose another vSwitch"
    ),
    fails("both are full", placed(vswitch_ids=["vsw-2", "vsw-1"]), filled("vsw-1", "vsw-2")).says(
        "no IP address is free in the vSwitch vsw-1, vsw-2", "choose another vSwitch"
    ),
)

ROWS += rule(
    "address-form",
    passes("none"),
    passes("a network without one", placed(type="VPC")),
    passes("an address", placed(private_ip_address="10.0.0.7")),
    *(
        fails(case, placed(private_ip_address=text)).says(
            f"'{text}' is not an IPv4 address", LIKE_THIS
        )
        for text, case in (
            ("", "an empty text"),
            ("10.0.0", "three numbers"),
            ("10.0.0.256", "a number that is too large"),
            ("10.0.0.07", "a leading zero"),
            ("10.0.0.0/24", "a range"),
            (" 10.0.0.7", "a space"),
            ("fe80::1", "IPv6"),
        )
    ),
)
ROWS += rule(
    "address-free",
    passes("none"),
    passes("ill-formed", placed(private_ip_address="ten")),
    passes(
        "a vSwitch that does not exist, which another rule tells",
        placed(private_ip_address="10.9.0.7", vswitch_ids=["vsw-9"]),
    ),
    passes(
        "a source outside of any VPC", placed(private_ip_address="10.9.0.7"), source(vswitch_ids=())
    ),
    passes(
        "in the first of two", placed(private_ip_address="10.0.1.7", vswitch_ids=["vsw-2", "vsw-1"])
    ),
    *(
        passes(case, placed(private_ip_address=address), ranged(cidr))
        for address, cidr, case in (
            ("10.0.0.1", "10.0.0.0/24", "the second"),
            ("10.0.0.252", "10.0.0.0/24", "the last but three"),
            ("10.0.0.9", "10.0.0.8/29", "the second of a small range"),
            ("10.0.0.12", "10.0.0.8/29", "the last but three of a small range"),
        )
    ),
    *(
        fails(case, placed(private_ip_address=address, **network)).says(
            what, "choose an address of that range, or remove network.private_ip_address"
        )
        for address, network, what, case in (
            (
                "10.0.1.7",
                {},
                "10.0.1.7 is outside of 10.0.0.0/24, the range of vsw-1",
                "outside of the source's vSwitch",
            ),
            (
                "10.0.0.7",
                {"vswitch_ids": ["vsw-2", "vsw-1"]},
                "10.0.0.7 is outside of 10.0.1.0/24, the range of vsw-2",
                "in the second of two",
            ),
        )
    ),
    *(
        fails(case, placed(private_ip_address=address), ranged(cidr)).says(
            f"{address} is reserved by the VPC service in {cidr}", NEITHER
        )
        for address, cidr, case in (
            ("10.0.0.0", "10.0.0.0/24", "the first"),
            ("10.0.0.253", "10.0.0.0/24", "the last but two"),
            ("10.0.0.254", "10.0.0.0/24", "the last but one"),
            ("10.0.0.255", "10.0.0.0/24", "the last"),
            ("10.0.0.13", "10.0.0.8/29", "the last but two of a small range"),
        )
    ),
)

ROWS += rule(
    "address-twins",
    passes("nobody declares it", placed(private_ip_address=MINE)),
    passes("none", facts=beside(private_ip_address=MINE)),
    passes(
        "another address", placed(private_ip_address=MINE), beside(private_ip_address="10.0.0.8")
    ),
    passes(
        "another VPC",
        placed(private_ip_address=MINE),
        beside(private_ip_address=MINE, vpc_id="vpc-2", vswitch_ids=["vsw-9"]),
    ),
    *(
        fails(
            case, placed(private_ip_address=MINE, **mine), beside(private_ip_address=MINE, **theirs)
        ).says(
            "the clone 'other' has the same address 10.0.0.7",
            "choose another address for one of them, or remove network.private_ip_address",
        )
        for case, mine, theirs in (
            ("both of one source", {}, {}),
            ("a vSwitch that is the source's", {}, {"vswitch_ids": ["vsw-1"]}),
            ("a VPC that is the source's", {}, {"vpc_id": "vpc-1"}),
            ("one VPC", {"vpc_id": "vpc-1"}, {"vpc_id": "vpc-1"}),
        )
    ),
)
