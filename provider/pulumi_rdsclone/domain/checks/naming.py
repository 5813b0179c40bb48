"""
Names.
"""

import re
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.identity import CLOUD_PREFIXES, OWN_PREFIX
from pulumi_rdsclone.domain.problems import quoted
from pulumi_rdsclone.domain.spec import USER_TAG_LIMIT, CloneSpec

RULES = Rules()


_DESCRIPTION = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff-]{1,63}", re.ASCII)
_URL: Final = ".*https?://"
_RESERVED_TAG = re.compile(
    "|".join((*CLOUD_PREFIXES, OWN_PREFIX, _URL)), re.IGNORECASE | re.DOTALL
)
_RESERVED_VALUE: Final = re.compile(
    "|".join((*CLOUD_PREFIXES, _URL)), re.IGNORECASE | re.DOTALL
)
_LONGEST_KEY: Final = 64
_LONGEST_VALUE: Final = 128


def is_description(text: str) -> bool:
    """
    Return whether *text* may describe a clone.
    """
    return _DESCRIPTION.fullmatch(text) is not None


@RULES.check("description-form", "description")
def description_is_well_formed(spec: CloneSpec) -> Finding | None:
    """
    A description has 2 to 64 characters, a letter first, then letters, digits, _ and -.

    CloneDBInstance takes 255, ModifyDBInstanceDescription 64: the smaller limit
    holds, so that what was accepted can also be changed.
    """
    if spec.description is None or is_description(spec.description):
        return None
    return Finding(
        f"the description {quoted(spec.description)} is not accepted by RDS",
        "use 2 to 64 letters, digits, _ and -; start with a letter",
    )


@RULES.check("tags-count", "tags{}")
def tags_leave_room(spec: CloneSpec) -> Finding | None:
    """
    The user's tags and the birth tags fit into the 20 that an instance takes.

    Source: TagResources, at most 20 tags.
    """
    if len(spec.tags) <= USER_TAG_LIMIT:
        return None
    return Finding(
        f"{len(spec.tags)} tags are declared", f"use at most {USER_TAG_LIMIT}"
    )


@RULES.check("tags-reserved", "tags{}")
def tag_keys_are_free(spec: CloneSpec) -> Finding | None:
    """
    Tag keys do not start with aliyun, acs: or rdsclone: and contain no URL.

    The first two are the cloud's, the third marks our clones.
    """
    taken = sorted(key for key in spec.tags if _RESERVED_TAG.match(key))
    if not taken:
        return None
    return Finding(
        f"the tag key {quoted(taken[0])} is reserved",
        "use keys that do not start with aliyun, acs: or rdsclone: and do not contain "
        "a URL",
    )


@RULES.check("tag-key-length", "tags{}")
def tag_keys_are_short(spec: CloneSpec) -> Finding | None:
    """
    A tag key has at most 64 characters.

    Source: AddTagsToResource, its usage notes.
    """
    long = sorted(key for key in spec.tags if len(key) > _LONGEST_KEY)
    if not long:
        return None
    return Finding(
        f"the tag key {quoted(long[0])} has {len(long[0])} characters",
        f"use at most {_LONGEST_KEY}",
    )


@RULES.check("tag-value-form", "tags[]")
def tag_values_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    A tag value has at most 128 characters, does not begin as the cloud's do, no URL.

    An empty value is one that a tag may have. Source: AddTagsToResource, its usage
    notes; that acs: and URLs are refused as well is what the alicloud provider tells
    of the tags of an instance.
    """
    for key in sorted(spec.tags):
        value = spec.tags[key]
        if len(value) > _LONGEST_VALUE:
            return Finding(
                f"the value of the tag {quoted(key)} has {len(value)} characters",
                f"use at most {_LONGEST_VALUE}",
            )
        if _RESERVED_VALUE.match(value):
            return Finding(
                f"the value {quoted(value)} of the tag {quoted(key)} is not accepted "
                "by RDS",
                "use values that do not start with aliyun or acs: and do not contain a "
                "URL",
            )
    return None
