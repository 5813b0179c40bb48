"""
Change a clone in place, one aspect after the other.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from pulumi_rdsclone.domain.aspects import IMMEDIATE, Aspect
from pulumi_rdsclone.domain.changes import AspectChange, aspects_to_change, fields_in
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ChangeError,
    ConflictError,
    NameTakenError,
    ThrottledError,
    UnavailableError,
)
from pulumi_rdsclone.domain.live_state import ObservedClone, change_of
from pulumi_rdsclone.domain.model import FieldGroup, fields_of
from pulumi_rdsclone.lifecycle.endpoint_takeover import take_over_name
from pulumi_rdsclone.lifecycle.observing import RACE_TIMEOUT, CloneTask
from pulumi_rdsclone.lifecycle.settling import missing_of, settled
from pulumi_rdsclone.lifecycle.wait import refuse_without_listener, rest
from pulumi_rdsclone.lifecycle.waiting import shown_within

_LOST_REPLIES: Final = 5
"""How often a change is repeated whose reply was lost."""

_REFUSALS: Final = 5
"""How often a change is computed anew because the clone has changed since."""


def apply_changes(
    clone: CloneTask, olds: CloneState, *, seen: ObservedClone, done: list[Aspect]
) -> ObservedClone:
    """
    Change the aspects that differ, and wait until all changes show.

    Args:
        clone: The clone.
        olds: Its outputs, recorded or live.
        seen: The clone as it is now, with the aspects that differ.
        done: Takes the aspects whose change was accepted, in their order.

    Returns:
        The clone as it is afterwards.

    Raises:
        ChangeError: A change was refused, does not show, or was not begun.
        AbandonedError: Nobody waits any more.
        WaitError: The clone was busy for too long, or the run was cancelled.
    """
    fresh = list[Aspect]()
    for aspect in aspects_to_change(olds, clone.desired):
        refuse_without_listener(clone.progress, f"the {aspect} of {clone.id}")
        clone.progress.show(f"changing the {aspect}")
        try:
            seen = _changed(clone, aspect, olds=olds, seen=seen)
        except ApiError as error:
            so_far = f"; already changed: {', '.join(done)}" if done else ""
            message = (
                f"the {aspect} of {clone.id} could not be changed{so_far}: {error}"
            )
            raise ChangeError(message) from error
        done.append(aspect)
        fresh.append(aspect)
        if aspect not in IMMEDIATE:
            seen = settled(clone, done, fresh=fresh)
            fresh.clear()
    return settled(clone, done, fresh=fresh) if fresh else seen


_ACCOUNTS_TIMEOUT: Final = timedelta(minutes=10)
"""
How long changes of accounts may be refused for the state of instance or account.

Source: Terraform's provider repeats grants for 3 to 10 minutes.
"""

_MISSING_DATABASE: Final = "InvalidDB.NotFound"
_DATABASE_TIMEOUT: Final = timedelta(minutes=3)
"""
How long a database may not be found: it was restored a moment ago, or its name is
wrong. Source: Terraform's provider repeats such grants for 3 minutes.
"""


def _patience_with(error: ConflictError, aspect: Aspect) -> timedelta:
    """
    Return for how long the change of *aspect* is repeated that *error* refuses.
    """
    if error.fault.code == _MISSING_DATABASE:
        return _DATABASE_TIMEOUT
    return _ACCOUNTS_TIMEOUT if aspect is Aspect.ACCOUNTS else RACE_TIMEOUT


@dataclass
class _Trouble:
    """
    The failed attempts at one change.
    """

    lost: int = 0
    refused: int = 0
    raced: timedelta = timedelta()

    def note(self, error: ApiError, clone: CloneTask, *, aspect: Aspect) -> None:
        """
        Count *error*.

        Raises:
            ApiError: *error*, if there were too many or no known cause explains it.
        """
        if isinstance(error, ConflictError):
            is_enough = self.raced >= _patience_with(error, aspect)
            self.raced += timedelta(seconds=clone.region.schedule.first_interval)
        elif isinstance(error, UnavailableError):
            self.lost += 1
            is_enough = self.lost > _LOST_REPLIES
        else:
            self.refused += 1
            hopeless = isinstance(error, AccessDeniedError | ThrottledError)
            is_enough = hopeless or self.refused > _REFUSALS
        if is_enough:
            raise error

    def may_lag(
        self, error: ApiError, clone: CloneTask, *, aspect: Aspect
    ) -> timedelta:
        """
        Return for how long the clone may not show the change that the call has made.

        A payment that is lost is not repeated before it must have shown: it costs.
        """
        if isinstance(error, ConflictError):
            return timedelta()
        if isinstance(error, UnavailableError):
            is_costly = aspect is Aspect.PAYMENT
            settle = timedelta(seconds=clone.region.schedule.list_lag)
            return shown_within({aspect}) if is_costly else settle
        return shown_within({aspect}) if self.lost else timedelta()


def _changed(
    clone: CloneTask, aspect: Aspect, *, olds: CloneState, seen: ObservedClone
) -> ObservedClone:
    """
    Change one aspect as soon as the clone's state allows it, whatever gets lost.

    Each call is sent once. After a refusal or a lost reply the clone is read, and the
    remaining change is computed anew.

    Returns:
        The clone as it was right before, or as it is if it shows the change already.
    """
    trouble = _Trouble()
    accepted = set[str]()
    while True:
        wanted = replace(
            change_of(aspect, olds, seen=seen, desired=clone.desired), accepted=accepted
        )
        if wanted.is_made:
            return seen
        try:
            _change(clone, wanted)
        except ApiError as error:
            trouble.note(error, clone, aspect=aspect)
            may_lag = trouble.may_lag(error, clone, aspect=aspect)
            try:
                now = _look_again(
                    clone, wanted, olds=olds, error=error, may_lag=may_lag
                )
            except ApiError:
                raise error from None
            if _is_made(clone, aspect, before=seen, now=now):
                return now
            is_passing = isinstance(error, ConflictError | UnavailableError)
            if not is_passing and not _has_moved(clone, wanted, olds=olds, seen=now):
                raise
            seen = now
            refuse_without_listener(clone.progress, f"the {aspect} of {clone.id}")
        else:
            return seen


def _look_again(
    clone: CloneTask,
    wanted: AspectChange,
    *,
    olds: CloneState,
    error: ApiError,
    may_lag: timedelta,
) -> ObservedClone:
    """
    Return the clone as it is after a call that failed with *error*.

    Args:
        clone: The clone.
        wanted: The change of that call.
        olds: Its outputs as they were before.
        error: Why the call failed.
        may_lag: For how long the clone may look as before although it has changed.
    """
    clock, schedule = clone.region.clock, clone.region.schedule
    began = clock.now()
    pause = (
        schedule.first_interval
        if isinstance(error, ConflictError)
        else schedule.retry_delay
    )
    if isinstance(error, ConflictError | UnavailableError):
        rest(pause, clock, progress=clone.progress)
    while True:
        seen = clone.observe_when_usable({wanted.aspect})
        is_news = _has_moved(clone, wanted, olds=olds, seen=seen)
        if is_news or clock.now() - began >= may_lag:
            return seen
        refuse_without_listener(clone.progress, f"the {wanted.aspect} of {clone.id}")
        rest(pause, clock, progress=clone.progress)


def _has_moved(
    clone: CloneTask, wanted: AspectChange, *, olds: CloneState, seen: ObservedClone
) -> bool:
    """
    Return whether a clone has changed since *wanted* was computed.
    """
    now = change_of(wanted.aspect, olds, seen=seen, desired=clone.desired)
    paths = [leaf.path for leaf in fields_in({wanted.aspect})]
    return any(now.old.at(path) != wanted.old.at(path) for path in paths)


def _is_made(
    clone: CloneTask, aspect: Aspect, *, before: ObservedClone, now: ObservedClone
) -> bool:
    """
    Return whether a change has been made although its call has failed.

    Where one call sets all fields, an unreported one such as a password is set if the
    reported ones are. Accounts take several calls.
    """
    if any(leaf.item and _has_secrets(leaf.item) for leaf in fields_in({aspect})):
        return False
    was_missing = missing_of(clone, before, aspects={aspect})
    return bool(was_missing) and not missing_of(clone, now, aspects={aspect})


def _has_secrets(group: type[FieldGroup]) -> bool:
    return any(leaf.secret for leaf in fields_of(group))


def _change(clone: CloneTask, change: AspectChange) -> None:
    """
    Change one aspect; take over a name that the replaced clone has.
    """
    try:
        clone.region.rds.apply(change)
    except NameTakenError:
        key = clone.known["clone_key"]
        if not take_over_name(
            change, key, region=clone.region, progress=clone.progress
        ):
            raise
        clone.region.rds.apply(change)
