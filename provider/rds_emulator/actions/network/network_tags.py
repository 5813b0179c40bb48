"""
The networks' own API: tags of VPCs and vSwitches.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from rds_emulator.actions.network import network_rendering
from rds_emulator.actions.registry import VPC, Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import invalid, missing
from rds_emulator.rules import networks

_TYPES: Final = ("VPC", "VSWITCH")
_MAX_RESOURCES: Final = 50
_PAGE_SIZE: Final = 50

Tags = Mapping[str, str]


@action(
    "TagResources",
    product=VPC,
    writes=True,
    models=(
        "Up to 50 VPCs or vSwitches of one region and 20 tags; an existing key gets the"
        " new value. Other resource types are not modelled."
    ),
    evidence=(
        "Parameters of SDK 7.2.2; the types are those that Terraform's provider names."
        " Which code is for what is inferred (IllegalParam.TagKey and .TagValue of the"
        " page of public codes)."
    ),
)
def tag_networks(invocation: Invocation) -> Answer:
    """
    Put tags on VPCs or vSwitches.
    """
    pairs = invocation.parameters.pairs("Tag")
    if not pairs:
        raise missing(name="Tag.1.Key")
    tags = networks.tags_from(pairs)
    _retag(invocation, lambda before: {**before, **tags})
    return {}


@action(
    "UnTagResources",
    product=VPC,
    writes=True,
    models="TagKey.N, or All when no key is given; keys that are not there are fine.",
    evidence="Parameters of SDK 7.2.2.",
)
def untag_networks(invocation: Invocation) -> Answer:
    """
    Take tags off VPCs or vSwitches.
    """
    keys = invocation.parameters.numbered("TagKey")
    everything = not keys and bool(invocation.parameters.boolean("All"))
    if not keys and not everything:
        raise missing(name="TagKey.1")

    def rest(before: Tags) -> Tags:
        kept = {} if everything else before
        return {key: value for key, value in kept.items() if key not in keys}

    _retag(invocation, rest)
    return {}


@action(
    "ListTagResources",
    product=VPC,
    models="ResourceId.N, Tag.N or both; pages of 50 tags by token.",
    evidence="Parameters and response tree of SDK 7.2.2; the page size is ours.",
)
def list_network_tags(invocation: Invocation) -> Answer:
    """
    List tags, one entry for each VPC or vSwitch and key.
    """
    parameters, kind = invocation.parameters, _type(invocation)
    ids, wanted = parameters.numbered("ResourceId"), parameters.pairs("Tag")
    if not ids and not wanted:
        raise missing(name="ResourceId.1")
    entries = [
        (resource_id, key, value)
        for resource_id, tags in _tagged(invocation, kind)
        if (not ids or resource_id in ids) and network_rendering.has_tags(tags, wanted)
        for key, value in tags.items()
    ]
    page = paging.following(
        sorted(entries),
        token=parameters.text("NextToken"),
        size=_PAGE_SIZE,
        key="\n".join,
    )
    found = [
        {"ResourceId": name, "ResourceType": kind, "TagKey": key, "TagValue": value}
        for name, key, value in page.entries
    ]
    return {
        "TagResources": {"TagResource": found},
        "NextToken": page.next_token or "",
    }


def _tagged(invocation: Invocation, kind: str) -> Iterator[tuple[str, Tags]]:
    for vpc in invocation.required_region().vpcs:
        if kind == "VPC":
            yield vpc.id, vpc.tags
        else:
            for vswitch in vpc.vswitches:
                yield vswitch.id, vswitch.tags


def _type(invocation: Invocation) -> str:
    kind = invocation.parameters.required("ResourceType").upper()
    if kind not in _TYPES:
        raise invalid(name="ResourceType")
    return kind


def _retag(invocation: Invocation, change: Callable[[Tags], Tags]) -> None:
    region, kind = invocation.required_region(), _type(invocation)
    ids = invocation.parameters.numbered("ResourceId")
    if not ids:
        raise missing(name="ResourceId.1")
    if len(ids) > _MAX_RESOURCES:
        raise invalid(name="ResourceId")
    for resource_id in ids:
        if kind == "VPC":
            place = networks.find_vpc((region,), resource_id)
            tags = _checked(change(place.vpc.tags))
            region = place.with_vpc(replace(place.vpc, tags=tags))
        else:
            place, vswitch = networks.find_vswitch((region,), resource_id)
            tags = _checked(change(vswitch.tags))
            region = place.with_vswitch(replace(vswitch, tags=tags))
    invocation.cloud.set_region(region)


def _checked(tags: Tags) -> Tags:
    return networks.tags_from(tags.items())
