"""
Which descriptions and tags the cloud takes.
"""

import re

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.identity import CLOUD_PREFIXES, OWN_PREFIX
from pulumi_rdsclone.domain.spec import USER_TAG_LIMIT, CloneSpec

RULES = Rules()


_DESCRIPTION = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff-]{1,63}", re.ASCII)
_RESERVED_TAG = re.compile(
    "|".join((*CLOUD_PREFIXES, OWN_PREFIX, ".*https?://")), re.IGNORECASE
)


@RULES.check("description-form", "description")
def description_is_well_formed(spec: CloneSpec) -> Finding | None:
    """
    A description has 2 to 64 characters, a letter first, then letters, digits, _ and -.

    CloneDBInstance takes 255, ModifyDBInstanceDescription 64: the smaller limit
    holds, so that what was accepted can also be changed.
    """
    if spec.description is None or _DESCRIPTION.fullmatch(spec.description):
        return None
    return Finding(
        "not a name that RDS takes",
        "use 2 to 64 characters: a letter first, then letters, digits, _ and -",
    )


@RULES.check("tags-count", "tags")
def tags_leave_room(spec: CloneSpec) -> Finding | None:
    """
    The user's tags and the birth tags fit into the 20 that an instance takes.

    Source: TagResources, at most 20 tags.
    """
    if len(spec.tags) <= USER_TAG_LIMIT:
        return None
    return Finding(
        f"{len(spec.tags)} tags are too many", f"keep at most {USER_TAG_LIMIT}"
    )


@RULES.check("tags-reserved", "tags")
def tag_keys_are_free(spec: CloneSpec) -> Finding | None:
    """
    Tag keys do not begin with aliyun, acs: or rdsclone: and hold no URL.

    The first two are the cloud's, the third marks our clones.
    """
    taken = sorted(key for key in spec.tags if _RESERVED_TAG.match(key) or not key)
    if not taken:
        return None
    return Finding(
        f"reserved key {taken[0]!r}",
        "choose keys that do not begin with aliyun, acs: or rdsclone: and hold no URL",
    )
