"""
Bringing a clone to what is asked for, in place: one aspect after the other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pulumi_rdsclone.domain.altering import (
    WAITING_FOR_RESTART,
    Alteration,
    aspects_to_change,
    fields_in,
)
from pulumi_rdsclone.domain.aspects import QUICK, Aspect
from pulumi_rdsclone.domain.differences import compare
from pulumi_rdsclone.domain.errors import (
    AlterationError,
    ApiError,
    ConflictError,
    NameTakenError,
)
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.handing import hand_over
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.telling import (
    Seen,
    alteration_of,
    aspects_to_read,
    outputs_of,
)
from pulumi_rdsclone.lifecycle.waiting import Watch, wait_until_shown


@dataclass(frozen=True, kw_only=True)
class Clone:
    """
    A clone that somebody works on.

    Attributes:
        id: The instance.
        known: The checked inputs, and the outputs that only the state knows.
        spec: The same inputs, read.
        site: Where it is.
        row: Where progress is shown.
        watch: Who sees its status.
    """

    id: str
    known: dict[str, Any]
    spec: CloneSpec
    site: Site
    row: Row
    watch: Watch

    def look(self, aspects: Collection[Aspect] = ()) -> Seen:
        """
        See it as it is now, with *aspects* and what the inputs declare.

        Raises:
            NotFoundError: It is known to be gone.
        """
        return look(self.id, self.site, {*aspects, *aspects_to_read(self.spec)})


def look(instance_id: str, site: Site, aspects: Collection[Aspect] = ()) -> Seen:
    """
    See an instance as it is now.

    Args:
        instance_id: The instance.
        site: Where it is.
        aspects: What to look at beside its attributes and tags.

    Raises:
        NotFoundError: It is known to be gone.
    """
    return Seen(
        instance=site.rds.instance(instance_id),
        tags=site.rds.tags(instance_id),
        values=site.rds.live(instance_id, aspects),
    )


def alter(clone: Clone, olds: dict[str, Any], seen: Seen) -> Seen:
    """
    Change in place what differs, and come back when all of it shows.

    Args:
        clone: The clone.
        olds: Its outputs, recorded or live.
        seen: The clone as it is now, with the aspects that differ.

    Returns:
        The clone as it is afterwards.

    Raises:
        AlterationError: A change was refused, or does not show.
        WaitError: The clone was busy for too long, or nobody waits any more.
    """
    done: list[Aspect] = []
    for aspect in aspects_to_change(olds, clone.spec):
        clone.row.say(f"changing the {aspect}")
        try:
            _change(clone, alteration_of(aspect, olds, seen, clone.spec))
        except ApiError as error:
            msg = f"the {aspect} could not be changed: {error}"
            raise AlterationError(msg) from error
        done.append(aspect)
        if aspect not in QUICK:
            seen = _settled(clone, seen, done)
    return _settled(clone, seen, done) if done else seen


def _change(clone: Clone, alteration: Alteration) -> None:
    """
    Change one aspect; a name that the clone's predecessor has is taken over.
    """
    try:
        clone.site.rds.change(alteration)
    except NameTakenError:
        key = clone.known["clone_key"]
        if not hand_over(alteration, key, clone.site, clone.row):
            raise
        clone.site.rds.change(alteration)


def _settled(clone: Clone, seen: Seen, done: Collection[Aspect]) -> Seen:
    """
    Wait until the clone is usable and shows what was changed.

    A clone that has accepted a change may still be Running, with the old values: only
    the new ones tell that the change has been made.
    """
    if QUICK.issuperset(done):
        seen = clone.look(done)
        if not missing_of(clone, seen, done):
            return seen

    def missing() -> tuple[str, ...]:
        nonlocal seen
        try:
            seen = clone.look(done)
        except ConflictError:
            # It is busy already, though its status has not told yet.
            return tuple(field.path for field in fields_in(done))
        paths = missing_of(clone, seen, done)
        _refuse_to_wait_for_restart(clone, seen, paths)
        return paths

    wait_until_shown(clone.id, clone.watch, clone.site.clock, clone.row, missing)
    return seen


def _refuse_to_wait_for_restart(
    clone: Clone, seen: Seen, missing: Collection[str]
) -> None:
    """
    Object to parameters that nobody will ever see without a restart.

    Raises:
        AlterationError: Some of those declared wait for one.
    """
    waiting = seen.values.get(WAITING_FOR_RESTART, ())
    names = [name for name in waiting if name in clone.spec.parameters]
    if names and "parameters" in missing and not clone.spec.allow_restart:
        msg = (
            f"these parameters count after a restart only: {', '.join(names)} — set "
            "allow_restart, or restart the clone"
        )
        raise AlterationError(msg)


def missing_of(
    clone: Clone, seen: Seen, aspects: Collection[Aspect]
) -> tuple[str, ...]:
    """
    Name the fields of *aspects* that are not as declared.
    """
    differing = compare(outputs_of(clone.known, seen), clone.spec).updates
    return tuple(f.path for f in fields_in(aspects) if f.path in differing)
