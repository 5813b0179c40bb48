"""
Wait until the accepted changes of a clone show.
"""

from collections.abc import Collection
from typing import Final

from pulumi_rdsclone.domain.aspects import IMMEDIATE, Aspect
from pulumi_rdsclone.domain.changes import fields_in
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.differences import compare
from pulumi_rdsclone.domain.engine_parameters import REPORTED_DIFFERENTLY
from pulumi_rdsclone.domain.errors import (
    ChangeError,
    ConflictError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from pulumi_rdsclone.domain.instances import StatusKind
from pulumi_rdsclone.domain.live_state import (
    ObservedClone,
    outputs_of,
    without_optional_ssl,
)
from pulumi_rdsclone.domain.problems import listed, quoted
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.observing import CloneTask
from pulumi_rdsclone.lifecycle.waiting import (
    SHOWN_WITHIN,
    Timeouts,
    shown_within,
    wait_until_shown,
)


def settled(
    clone: CloneTask, done: Collection[Aspect], *, fresh: Collection[Aspect]
) -> ObservedClone:
    """
    Wait until the clone is usable and shows the changes.

    A clone that has accepted a change may still be Running, with the old values: only
    the new ones prove that the change has been made. Values that are not reported are
    waited for as long as they may be late: perhaps they never show.

    Args:
        clone: The clone.
        done: The aspects that were changed.
        fresh: Those of them that nobody has waited for.
    """
    clock = clone.region.clock
    began = clock.now()
    everything = tuple(field.path for field in fields_in(done))
    if IMMEDIATE.issuperset(fresh):
        seen = clone.observe_soon(done)
        if not missing_of(clone, seen, aspects=done):
            return seen

    def missing() -> tuple[str, ...]:
        nonlocal seen
        try:
            seen = clone.observe(done)
        except (ConflictError, NotFoundError, ThrottledError, UnavailableError):
            # It is busy already, though its status has not told yet; or nothing is
            # known for a passing reason.
            return everything
        if seen.status_kind is not StatusKind.READY:
            # It has become busy since, even if it shows all values by now.
            return everything
        paths = missing_of(clone, seen, aspects=done)
        _refuse_to_wait_for_restart(clone, seen, missing=paths)
        is_late = clock.now() - began >= SHOWN_WITHIN
        if is_late:
            return tuple(path for path in paths if path != _PARAMETERS)
        if paths:
            return paths
        return _unreported_of(clone, seen, aspects=fresh)

    wait_until_shown(
        clone.id,
        clone.watch,
        clock=clock,
        progress=clone.progress,
        missing=missing,
        timeouts=Timeouts(busy=clone.busy_timeout, unseen=shown_within(fresh)),
    )
    if Aspect.PARAMETERS in fresh:
        _warn_of_other_values(clone, seen)
    return seen


_PARAMETERS: Final = "parameters"


def _warn_of_other_values(clone: CloneTask, seen: ObservedClone) -> None:
    """
    Warn of parameters whose values are not those set: the cloud computes some.

    The clone can be used with them, so the run continues.
    """
    live = seen.reading.at(_PARAMETERS) or {}
    for name, wanted in sorted(clone.spec.parameters.items()):
        reported = live.get(name)
        if name not in REPORTED_DIFFERENTLY and reported not in (None, wanted):
            clone.progress.warn(
                f"{clone.id} tells {quoted(reported)} for the parameter "
                f"{quoted(name)}, although {quoted(wanted)} was accepted — set the "
                "value that is told, or remove this parameter"
            )


def _refuse_to_wait_for_restart(
    clone: CloneTask, seen: ObservedClone, *, missing: Collection[str]
) -> None:
    """
    Raise for declared parameters that wait for a restart.

    Raises:
        ChangeError: Some do.
    """
    waiting = seen.reading.waiting_for_restart
    names = [name for name in waiting if name in clone.spec.parameters]
    if names and _PARAMETERS in missing and not clone.spec.allow_restart:
        message = (
            f"{clone.id} needs a restart for the parameters {listed(names, quoted)} — "
            "set allow_restart to true, or restart the clone"
        )
        raise ChangeError(message)


def missing_of(
    clone: CloneTask, seen: ObservedClone, *, aspects: Collection[Aspect]
) -> tuple[str, ...]:
    """
    Return the fields of *aspects* that are not as declared.
    """
    return _differing(clone.known, clone, seen=seen, aspects=aspects)


def _unreported_of(
    clone: CloneTask, seen: ObservedClone, *, aspects: Collection[Aspect]
) -> tuple[str, ...]:
    """
    Return the fields of *aspects* that may be reported and are not.
    """
    return _differing(
        without_optional_ssl(clone.known), clone, seen=seen, aspects=aspects
    )


def _differing(
    known: Properties,
    clone: CloneTask,
    *,
    seen: ObservedClone,
    aspects: Collection[Aspect],
) -> tuple[str, ...]:
    differing = compare(CloneState(outputs_of(known, seen)), clone.desired).updates
    return tuple(f.path for f in fields_in(aspects) if f.path in differing)
