"""
Choose the instance that a resource adopts instead of ordering a clone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi_rdsclone.domain.checking import Finding
from pulumi_rdsclone.domain.identity import (
    CREATING,
    FINISHED,
    KEY_TAG,
    RETAINED,
    SPEC_TAG,
    STAGE_TAG,
    CloneMarks,
    generation_of,
    key_in,
    root_of,
)
from pulumi_rdsclone.domain.instances import InstanceSummary, StatusKind, status_kind
from pulumi_rdsclone.domain.times import format_instant

ALWAYS: Final = "always"
"""The value of the input *adopt* that takes over finished clones too."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """
    The key and marks by which a resource recognizes its clone.

    Attributes:
        marks: The marks that a new clone would get.
        adopt: The input of that name.
    """

    marks: CloneMarks
    adopt: str


@dataclass(frozen=True, kw_only=True)
class TaggedInstance:
    """
    An instance with all its tags, birth tags included.
    """

    summary: InstanceSummary
    tags: Mapping[str, str]

    @property
    def is_interrupted(self) -> bool:
        """
        Whether its run may have ended before its state was written.
        """
        return self.tags.get(STAGE_TAG) in (CREATING, FINISHED)

    @property
    def description(self) -> str:
        """
        Its id and its origin.
        """
        created = self.summary.created
        whence = (
            "an interrupted run ordered"
            if self.is_interrupted
            else "was finished before"
        )
        age = f" ({format_instant(created)})" if created else ""
        return f"{self.summary.id}, which {whence}{age}"


def not_deleted(summaries: Sequence[InstanceSummary]) -> list[InstanceSummary]:
    """
    Return the instances that are neither gone nor being released.
    """
    return [s for s in summaries if status_kind(s.status) is not StatusKind.FAILED]


def instances_of(
    found: Sequence[TaggedInstance], marks: CloneMarks
) -> list[TaggedInstance]:
    """
    Return the living instances of *found* that are the clone with the key of *marks*.

    Included are clones that replaced it, which happens when a state was lost; those
    that it replaces are left out.
    """
    return [
        instance
        for instance in found
        if instance.tags.get(KEY_TAG) == root_of(marks.key)
        and generation_of(key_in(instance.tags)) >= generation_of(marks.key)
        and not_deleted([instance.summary])
        and instance.tags.get(STAGE_TAG) != RETAINED
    ]


def choose_adoption(
    own: Sequence[TaggedInstance], claim: Claim
) -> TaggedInstance | Finding | None:
    """
    Return the instance to adopt, or why none may be adopted; None if there is none.

    Args:
        own: The living instances that carry the key of the claim.
        claim: How the resource recognizes its clone.
    """
    if not own:
        return None
    if len(own) > 1:
        ids = ", ".join(instance.summary.id for instance in own)
        return Finding(
            f"the instances {ids} carry the key of this clone",
            "release all but one with rdsclone clones release ID, then run again",
        )
    return _objection(own[0], claim) or own[0]


def _objection(own: TaggedInstance, claim: Claim) -> Finding | None:
    instance_id = own.summary.id
    release = f"run rdsclone clones release {instance_id}"
    if not own.is_interrupted and claim.adopt != ALWAYS:
        return Finding(
            f"{instance_id} is a finished clone of this resource but is not in the "
            "state, so no second clone is ordered",
            f"set adopt to {ALWAYS!r} to adopt {instance_id}, {release}, or, if a "
            f"stack of the same name owns {instance_id}, set rdsclone:identity in this "
            "stack",
        )
    if own.tags.get(SPEC_TAG) != claim.marks.spec_hash:
        return Finding(
            f"{instance_id} was ordered for this resource with other inputs, so no "
            "second clone is ordered",
            f"restore those inputs to adopt {instance_id}, or {release}",
        )
    return None
