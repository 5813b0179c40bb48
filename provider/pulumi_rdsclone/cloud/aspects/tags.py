"""
Tags, and the tag of a clone's expiry: TagResources and UntagResources.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
)
from pulumi_rdsclone.cloud.wire.values import indexed, tag_list
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import (
    AspectChange,
)
from pulumi_rdsclone.domain.identity import EXPIRES_TAG


def _change_tags(change: AspectChange) -> Iterator[Request]:
    old, new = change.old.at("tags") or {}, change.new["tags"]
    instance = {
        "ResourceType": "INSTANCE",
        **indexed("ResourceId", [change.instance.id]),
    }
    if removed := sorted(old.keys() - new.keys()):
        yield "UntagResources", {**instance, **indexed("TagKey", removed)}
    if added := {key: new[key] for key in new if old.get(key) != new[key]}:
        yield "TagResources", {**instance, **tag_list(added)}


def _change_expiry(change: AspectChange) -> Iterator[Request]:
    end = change.new["expires_at"]
    instance = {
        "ResourceType": "INSTANCE",
        **indexed("ResourceId", [change.instance.id]),
    }
    if end:
        yield "TagResources", {**instance, **tag_list({EXPIRES_TAG: end})}
    else:
        yield "UntagResources", {**instance, **indexed("TagKey", [EXPIRES_TAG])}


TAGS: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.TAGS: AspectCodec(
        change=_change_tags,
        parameters={"tags": "TagResources.Tag.N"},
        more_actions=("UntagResources",),
    ),
    Aspect.EXPIRY: AspectCodec(
        change=_change_expiry,
        parameters={
            "ttl": "TagResources.Tag.N",
            "expires_at": "TagResources.Tag.N (rdsclone:expires)",
        },
        more_actions=("UntagResources",),
    ),
}
