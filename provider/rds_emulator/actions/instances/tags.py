"""
Tags of instances.
"""

from collections import defaultdict
from typing import Final

from rds_emulator.actions.instances import filters
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import ApiError, invalid, missing
from rds_emulator.rules import naming
from rds_emulator.state.model import Instance

_MAX_RESOURCES: Final = 50
_PAGE_SIZE: Final = 50
_RESOURCE_TYPE: Final = "INSTANCE"


@action(
    "TagResources",
    writes=True,
    models=(
        "Up to 50 instances and 20 tags; an existing key gets the new value; more than"
        " 20 tags on one instance are refused. Keys have 1 to 64 characters, values up"
        " to 128; neither begins with aliyun, acs:, http:// or https://, in any case."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found, so the codes are those of"
        " CreateDBInstance. Lengths and aliyun are those of AddTagsToResource, the"
        " other prefixes those of Terraform's documentation of an instance's tags."
    ),
)
def tag_resources(invocation: Invocation) -> Answer:
    """
    Put tags on instances.
    """
    instances = _resources(invocation)
    pairs = invocation.parameters.pairs("Tag")
    if not pairs:
        raise missing(name="Tag.1.Key")
    tags = naming.tags_from(pairs, empty_values=True)
    for instance in instances:
        merged = {**instance.tags, **tags}
        if len(merged) > naming.MAX_TAGS:
            raise ApiError(code="NumberExceed.Tags")
        invocation.cloud.retag(instance, merged)
    return {}


@action(
    "UntagResources",
    writes=True,
    models="TagKey.N, or All when no key is given; keys that are not there are fine.",
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found. Terraform's provider calls"
        " it UnTagResources."
    ),
)
def untag_resources(invocation: Invocation) -> Answer:
    """
    Take tags off instances.
    """
    instances = _resources(invocation)
    keys = invocation.parameters.numbered("TagKey")
    everything = not keys and bool(invocation.parameters.boolean("All"))
    if not keys and not everything:
        raise missing(name="TagKey.1")
    for instance in instances:
        kept = {
            key: value
            for key, value in instance.tags.items()
            if not everything and key not in keys
        }
        invocation.cloud.retag(instance, kept)
    return {}


@action(
    "ListTagResources",
    models="ResourceId.N, Tag.N or both; pages of 50 tags by token.",
    evidence="Parameters and response tree of SDK 16.0.2; the page size is ours.",
)
def list_tag_resources(invocation: Invocation) -> Answer:
    """
    List tags, one entry for each instance and key.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    _check_resource_type(invocation)
    ids = parameters.numbered("ResourceId")
    wanted = dict(parameters.pairs("Tag"))
    if not ids and not wanted:
        raise missing(name="ResourceId.1")
    entries = [
        (instance.id, key, value)
        for instance in invocation.cloud.listed(region)
        if (not ids or instance.id in ids) and filters.has_tags(instance, wanted)
        for key, value in instance.tags.items()
    ]
    page = paging.following(
        sorted(entries),
        token=parameters.text("NextToken"),
        size=_PAGE_SIZE,
        key="\n".join,
    )
    return {
        "TagResources": {
            "TagResource": [_tag_resource(*entry) for entry in page.entries]
        },
        "NextToken": page.next_token or "",
    }


@action(
    "DescribeTags",
    models=(
        "The tags of a region's instances; with Tags of those that have all of them,"
        " with DBInstanceId of that one, whatever Tags says."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2 and of the official"
        " page (doc-detail/35074)."
    ),
)
def describe_tags(invocation: Invocation) -> Answer:
    """
    List tags, one entry for each key and value.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    wanted = naming.tag_filters_from(parameters.text("Tags"))
    instance_id = parameters.text("DBInstanceId")
    temper = invocation.cloud.account.temper
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for instance in invocation.cloud.listed(region):
        is_asked = filters.matches_tags(instance, wanted, temper=temper)
        if instance.id == instance_id or (instance_id is None and is_asked):
            for tag in instance.tags.items():
                holders[tag].append(instance.id)
    return {
        "Items": {
            "TagInfos": [
                {
                    "TagKey": key,
                    "TagValue": value,
                    "DBInstanceIds": {"DBInstanceIds": ids},
                }
                for (key, value), ids in sorted(holders.items())
            ]
        }
    }


def _resources(invocation: Invocation) -> list[Instance]:
    region = invocation.required_region()
    _check_resource_type(invocation)
    ids = invocation.parameters.numbered("ResourceId")
    if not ids:
        raise missing(name="ResourceId.1")
    if len(ids) > _MAX_RESOURCES:
        raise invalid(name="ResourceId")
    found = [
        invocation.cloud.instance(instance_id) for instance_id in dict.fromkeys(ids)
    ]
    instances = [
        instance for instance in found if instance and instance.region == region.id
    ]
    if len(instances) < len(found):
        raise ApiError(code=invocation.action.not_found)
    for instance in instances:
        invocation.check_known(instance)
    return instances


def _check_resource_type(invocation: Invocation) -> None:
    if invocation.parameters.required("ResourceType") != _RESOURCE_TYPE:
        raise invalid(name="ResourceType")


def _tag_resource(resource_id: str, key: str, value: str) -> dict[str, str]:
    return {
        "ResourceId": resource_id,
        "ResourceType": _RESOURCE_TYPE,
        "TagKey": key,
        "TagValue": value,
    }
