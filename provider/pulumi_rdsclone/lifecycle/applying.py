"""
Bringing a clone to what is asked for, in place: one aspect after the other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.altering import (
    WAITING_FOR_RESTART,
    Alteration,
    aspects_to_change,
    fields_in,
)
from pulumi_rdsclone.domain.aspects import QUICK, Aspect
from pulumi_rdsclone.domain.differences import compare
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AlterationError,
    ApiError,
    ConflictError,
    NameTakenError,
)
from pulumi_rdsclone.domain.instances import Verdict, judge_status
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.handing import hand_over
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.telling import (
    Seen,
    alteration_of,
    aspects_to_read,
    outputs_of,
    unless_told,
)
from pulumi_rdsclone.lifecycle.waiting import (
    CHANGE_TIMEOUT,
    SHOWN_WITHIN,
    Watch,
    wait_until_ready,
    wait_until_shown,
)

_RACES: Final = 3
"""How often a change may be refused for a state that passes."""


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
    patience: timedelta = CHANGE_TIMEOUT

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


def alter(clone: Clone, olds: dict[str, Any], seen: Seen, done: list[Aspect]) -> Seen:
    """
    Change in place what differs, and come back when all of it shows.

    Args:
        clone: The clone.
        olds: Its outputs, recorded or live.
        seen: The clone as it is now, with the aspects that differ.
        done: Takes the aspects whose change was accepted, in their order.

    Returns:
        The clone as it is afterwards.

    Raises:
        AlterationError: A change was refused, does not show, or was not begun.
        AbandonedError: Nobody waits any more.
        WaitError: The clone was busy for too long, or the run was cancelled.
    """
    fresh = list[Aspect]()
    for aspect in aspects_to_change(olds, clone.spec):
        _refuse_without_listener(clone, aspect)
        clone.row.say(f"changing the {aspect}")
        try:
            seen = _changed(clone, aspect, olds, seen)
        except ApiError as error:
            so_far = f"; done so far: {', '.join(done)}" if done else ""
            msg = f"the {aspect} of {clone.id} could not be changed: {error}{so_far}"
            raise AlterationError(msg) from error
        done.append(aspect)
        fresh.append(aspect)
        if aspect not in QUICK:
            seen = _settled(clone, done, fresh)
            fresh.clear()
    return _settled(clone, done, fresh) if fresh else seen


def _refuse_without_listener(clone: Clone, aspect: Aspect) -> None:
    """
    Begin no change whose outcome nobody will take.
    """
    if not clone.row.is_attended:
        msg = "nobody waits for the clone any more"
        raise AbandonedError(msg)
    if clone.row.is_cancelled:
        msg = (
            f"the run was cancelled before the {aspect} of {clone.id} could be changed"
        )
        raise AlterationError(msg)


def _changed(clone: Clone, aspect: Aspect, olds: dict[str, Any], seen: Seen) -> Seen:
    """
    Change one aspect as soon as the clone's state allows it.

    Returns:
        The clone as it was right before.
    """
    refused = 0
    while True:
        try:
            _change(clone, alteration_of(aspect, olds, seen, clone.spec))
        except ConflictError:
            if refused == _RACES:
                raise
            refused += 1
        else:
            return seen
        site = clone.site
        site.clock.sleep(site.pace.poll)
        wait_until_ready(clone.id, clone.watch, site.clock, clone.row, clone.patience)
        seen = clone.look({aspect})


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


def _settled(clone: Clone, done: Collection[Aspect], fresh: Collection[Aspect]) -> Seen:
    """
    Wait until the clone is usable and shows what was changed.

    A clone that has accepted a change may still be Running, with the old values: only
    the new ones tell that the change has been made. Those that are not told are waited
    for as long as they may be late: perhaps they never are.

    Args:
        clone: The clone.
        done: The aspects that were changed.
        fresh: Those of them that nobody has waited for.
    """
    clock = clone.site.clock
    began = clock.now()
    everything = tuple(field.path for field in fields_in(done))
    if QUICK.issuperset(fresh):
        seen = clone.look(done)
        if not missing_of(clone, seen, done):
            return seen

    def missing() -> tuple[str, ...]:
        nonlocal seen
        try:
            seen = clone.look(done)
        except ConflictError:
            # It is busy already, though its status has not told yet.
            return everything
        if judge_status(seen.instance.status) is not Verdict.READY:
            # It has become busy since, even if it shows all values by now.
            return everything
        paths = missing_of(clone, seen, done)
        _refuse_to_wait_for_restart(clone, seen, paths)
        if paths or clock.now() - began >= SHOWN_WITHIN:
            return paths
        return _untold_of(clone, seen, fresh)

    wait_until_shown(clone.id, clone.watch, clock, clone.row, missing, clone.patience)
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
            f"these parameters of {clone.id} count after a restart only: "
            f"{', '.join(names)} — set allow_restart, or restart the clone"
        )
        raise AlterationError(msg)


def missing_of(
    clone: Clone, seen: Seen, aspects: Collection[Aspect]
) -> tuple[str, ...]:
    """
    Name the fields of *aspects* that are not as declared.
    """
    return _differing(clone.known, clone, seen, aspects)


def _untold_of(
    clone: Clone, seen: Seen, aspects: Collection[Aspect]
) -> tuple[str, ...]:
    """
    Name the fields of *aspects* that are not told, although they might be.
    """
    return _differing(unless_told(clone.known), clone, seen, aspects)


def _differing(
    known: dict[str, Any], clone: Clone, seen: Seen, aspects: Collection[Aspect]
) -> tuple[str, ...]:
    differing = compare(outputs_of(known, seen), clone.spec).updates
    return tuple(f.path for f in fields_in(aspects) if f.path in differing)
