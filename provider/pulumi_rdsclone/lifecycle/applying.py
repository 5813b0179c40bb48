"""
Changing a clone in place.
"""

from typing import Any

from pulumi_rdsclone.domain.differences import compare
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.site import Site


def apply(instance_id: str, olds: dict[str, Any], spec: CloneSpec, site: Site) -> None:
    """
    Change in place what differs from *spec*.

    Args:
        instance_id: The clone.
        olds: Its outputs, recorded or live.
        spec: What is asked for.
        site: Where.

    Raises:
        ApiError: A change was refused.
    """
    changed = compare(olds, spec).updates
    if "description" in changed and spec.description:
        site.rds.set_description(instance_id, spec.description)
    if "deletion_protection" in changed:
        site.rds.set_deletion_protection(instance_id, on=spec.deletion_protection)
    if "tags" in changed:
        _apply_tags(instance_id, olds.get("tags") or {}, spec.tags, site)


def _apply_tags(
    instance_id: str, old: dict[str, str], new: dict[str, str], site: Site
) -> None:
    if removed := old.keys() - new.keys():
        site.rds.remove_tags(instance_id, sorted(removed))
    if added := {key: new[key] for key in new if old.get(key) != new[key]}:
        site.rds.set_tags(instance_id, added)
