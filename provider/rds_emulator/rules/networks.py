"""
The rules for VPCs and vSwitches: where they are, what they may be called and hold.

Source: the texts of the parameters in the VPC SDK 7.2.2, and for the codes the
official pages of DeleteVSwitch (doc-detail/35746), of the product's public codes and
of the ECS actions of the same names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Final

from rds_emulator.protocol.codes.networks import NETWORKS
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state.model import Instance, Region, Vpc, VSwitch

MAX_TAGS: Final = 20
DEFAULT_CIDR: Final = "172.16.0.0/12"
"""The range of a VPC that is ordered without one."""

_PRIVATE: Final = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network(DEFAULT_CIDR),
    IPv4Network("192.168.0.0/16"),
)
_RESERVED: Final = (
    IPv4Network("100.64.0.0/10"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("224.0.0.0/4"),
)
_MASKS_OF_VPC: Final = range(8, 29)
_MASKS_OF_VSWITCH: Final = range(16, 30)
_MASK_OF_UNKNOWN: Final = 16
_MOST_USER_CIDRS: Final = 3
_MOST_VSWITCHES: Final = 150
_MOST_OF_NAME: Final = 128
_MOST_OF_DESCRIPTION: Final = 256
_MOST_OF_TAG: Final = 128
_URLS: Final = ("http://", "https://")
_SYSTEM: Final = ("aliyun", "acs:")


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    A VPC, and the region that it is in.
    """

    region: Region
    vpc: Vpc

    def with_vpc(self, vpc: Vpc) -> Region:
        """
        Return the region with *vpc* in the place of this one.
        """
        vpcs = tuple(vpc if old.id == vpc.id else old for old in self.region.vpcs)
        return replace(self.region, vpcs=vpcs)

    def with_vswitch(self, vswitch: VSwitch) -> Region:
        """
        Return the region with *vswitch* in the place of the one with its id.
        """
        vswitches = tuple(
            vswitch if old.id == vswitch.id else old for old in self.vpc.vswitches
        )
        return self.with_vpc(replace(self.vpc, vswitches=vswitches))


def refusal(*, code: str) -> ApiError:
    """
    Return a refusal in the words of the VPC API.
    """
    return ApiError(code=code, table=NETWORKS)


def find_vpc(regions: Iterable[Region], vpc_id: str) -> Place:
    """
    Return where a VPC is, or refuse an unknown one.
    """
    for region in regions:
        vpc = region.vpc(vpc_id)
        if vpc is not None:
            return Place(region=region, vpc=vpc)
    raise refusal(code="InvalidVpcId.NotFound")


def find_vswitch(
    regions: Iterable[Region],
    vswitch_id: str,
    *,
    code: str = "InvalidVSwitchId.NotFound",
) -> tuple[Place, VSwitch]:
    """
    Return a vSwitch and the place of its VPC, or refuse an unknown one with *code*.
    """
    for region in regions:
        for vpc in region.vpcs:
            for vswitch in vpc.vswitches:
                if vswitch.id == vswitch_id:
                    return Place(region=region, vpc=vpc), vswitch
    raise refusal(code=code)


def cidr_of(vpc: Vpc) -> str:
    """
    Return the range of a VPC.

    Ours: a seeded VPC that names none has the private range of its first vSwitch.
    """
    if vpc.cidr or not vpc.vswitches:
        return vpc.cidr or DEFAULT_CIDR
    first = IPv4Network(vpc.vswitches[0].cidr)
    for network in _PRIVATE:
        if first.subnet_of(network):
            return str(network)
    return str(first.supernet(new_prefix=min(_MASK_OF_UNKNOWN, first.prefixlen)))


def vpc_cidr(text: str) -> str:
    """
    Return *text*, the range of a VPC, or refuse it.

    Ours: /8 to /15 are accepted, which the SDK does not recommend and examples have.
    """
    _range(text, _MASKS_OF_VPC, name="CidrBlock")
    return text


def user_cidrs(text: str | None) -> tuple[str, ...]:
    """
    Return the ranges of UserCidr, three at most.
    """
    ranges = tuple(text.split(",")) if text else ()
    if len(ranges) > _MOST_USER_CIDRS:
        raise invalid(name="UserCidr")
    for item in ranges:
        _network(item, name="UserCidr")
    return ranges


def check_vswitch_cidr(vpc: Vpc, text: str) -> None:
    """
    Refuse *text* as the range of a new vSwitch of *vpc*.
    """
    network = _range(text, _MASKS_OF_VSWITCH, name="CidrBlock")
    if not network.subnet_of(IPv4Network(cidr_of(vpc))):
        raise invalid(name="CidrBlock")
    if any(network.overlaps(IPv4Network(other.cidr)) for other in vpc.vswitches):
        raise refusal(code="InvalidCidrBlock.Overlapped")
    if len(vpc.vswitches) >= _MOST_VSWITCHES:
        raise refusal(code="QuotaExceeded.VSwitch")


def check_new_cidr(vpc: Vpc, text: str) -> None:
    """
    Refuse *text* as another range of *vpc*: its vSwitches must stay inside.
    """
    network = _range(text, _MASKS_OF_VPC, name="CidrBlock")
    inside = all(IPv4Network(item.cidr).subnet_of(network) for item in vpc.vswitches)
    if not inside:
        raise invalid(name="CidrBlock")


def name(parameters: Parameters, name: str, *, before: str, code: str) -> str:
    """
    Return a name: 1 to 128 characters that are no URL, *before* where none is given.
    """
    return _words(parameters.text(name) or before, _MOST_OF_NAME, code=code)


def description(parameters: Parameters, *, before: str, code: str) -> str:
    """
    Return a description of up to 256 characters; an empty one takes it away.

    Source: Terraform's provider sends an empty Description for that.
    """
    given = parameters.given().get("Description", before)
    return _words(given, _MOST_OF_DESCRIPTION, code=code)


def tags_from(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    Return the tags of ``Tag.N`` pairs, or refuse them.

    Inferred: which code is for what; the page of the public codes has no conditions.
    """
    tags: dict[str, str] = {}
    for key, value in pairs:
        if not key or key in tags or not _is_tag(key):
            raise refusal(code="IllegalParam.TagKey")
        if not _is_tag(value):
            raise refusal(code="IllegalParam.TagValue")
        tags[key] = value
    if len(tags) > MAX_TAGS:
        raise refusal(code="IllegalParam.TagKey")
    return tags


def check_unused(vswitch: VSwitch, instances: Iterable[Instance]) -> None:
    """
    Refuse to delete a vSwitch in which an instance is, or is going to be.
    """
    for instance in instances:
        coming = instance.coming.get("vswitch_ids")
        ids = (*instance.vswitch_ids, *(coming if isinstance(coming, list) else ()))
        if vswitch.id in ids:
            raise refusal(code="DependencyViolation")


def check_empty(vpc: Vpc, instances: Iterable[Instance]) -> None:
    """
    Refuse to delete a VPC that has a vSwitch or an instance.
    """
    if vpc.vswitches:
        raise refusal(code="DependencyViolation.VSwitch")
    for instance in instances:
        if vpc.id in (instance.vpc_id, instance.coming.get("vpc_id")):
            raise refusal(code="DependencyViolation")


def check_dry_run(parameters: Parameters) -> None:
    """
    End a request that only asks whether it would be accepted.
    """
    if parameters.boolean("DryRun"):
        raise refusal(code="DryRunOperation")


def _words(text: str, most: int, *, code: str) -> str:
    if len(text) > most or text.startswith(_URLS):
        raise refusal(code=code)
    return text


def _is_tag(text: str) -> bool:
    is_system = text.lower().startswith(_SYSTEM)
    return len(text) <= _MOST_OF_TAG and not is_system and "://" not in text


def _range(text: str, masks: range, *, name: str) -> IPv4Network:
    network = _network(text, name=name)
    is_reserved = any(network.overlaps(other) for other in _RESERVED)
    if network.prefixlen not in masks or is_reserved:
        raise invalid(name=name)
    return network


def _network(text: str, *, name: str) -> IPv4Network:
    try:
        return IPv4Network(text)
    except ValueError:
        raise invalid(name=name) from None
