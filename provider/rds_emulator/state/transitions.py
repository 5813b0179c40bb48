"""
How an instance's status changes by itself: by a table, or on a course of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from rds_emulator.state import document
from rds_emulator.state.model import Account, Instance, Step

RELEASED: Final = "Released"
"""The status of an instance that is gone; the API no longer shows it."""


@dataclass(frozen=True)
class Transition:
    """
    What a status turns into, and the duration of the account that decides when.
    """

    becomes: str
    seconds: str

    def due(self, now: datetime, account: Account) -> datetime:
        """
        Return when the change happens for an instance that gets the status *now*.
        """
        duration: float = vars(account)[self.seconds]
        return now + timedelta(seconds=duration)


TRANSITIONS: Final[Mapping[str, Transition]] = {
    "Creating": Transition("Running", "clone_seconds"),
    "Deleting": Transition(RELEASED, "delete_seconds"),
}


def with_status(
    instance: Instance, status: str, *, now: datetime, account: Account
) -> Instance:
    """
    Return *instance* in *status*, with the change announced that follows, if any.
    """
    transition = TRANSITIONS.get(status)
    return replace(
        instance,
        status=status,
        becomes=transition.becomes if transition else None,
        becomes_at=transition.due(now, account) if transition else None,
        course=(),
        coming={},
    )


def on_course(
    instance: Instance, course: tuple[Step, ...], *, at: datetime
) -> Instance:
    """
    Return *instance* in the first step of *course*, with the next one announced.
    """
    step, rest = course[0], course[1:]
    lasts = timedelta(seconds=step.seconds or 0.0)
    return replace(
        instance,
        status=step.status,
        becomes=rest[0].status if rest else None,
        becomes_at=at + lasts if rest else None,
        course=rest,
    )


def course_of_clone(account: Account) -> tuple[Step, ...]:
    """
    Return the course of a clone that none was ordered for.
    """
    seconds = account.clone_seconds
    if account.temper.cloning_status != "clone":
        return (Step(status="Creating", seconds=seconds), Step(status="Running"))
    return (
        Step(status="Creating", seconds=seconds / 2),
        Step(status="INS_CLONING", seconds=seconds / 2),
        Step(status="Running"),
    )


def course_of_source(account: Account) -> tuple[Step, ...]:
    """
    Return the course of a source that is being cloned; empty when it shows nothing.
    """
    if account.temper.cloning_status != "source":
        return ()
    seconds = account.clone_seconds
    return (Step(status="INS_CLONING", seconds=seconds), Step(status="Running"))


def course_of_change(status: str, account: Account) -> tuple[Step, ...]:
    """
    Return the course of a slow change, which shows as *status*.
    """
    lag = account.temper.change_lag_seconds
    return (
        *((Step(status="Running", seconds=lag),) if lag else ()),
        Step(status=status, seconds=account.change_seconds),
        Step(status="Running"),
    )


def with_pending(instance: Instance, fields: Mapping[str, object]) -> Instance:
    """
    Return *instance* with other *fields* to come at the end of its next course.

    Whether real instances change their values at the end is inferred: a client must
    not take an accepted call for a finished change.
    """
    return replace(instance, coming=json.loads(document.to_json(fields)))


def after_change(instance: Instance) -> Instance:
    """
    Return *instance* after its announced change, on the next step of its course.
    """
    if instance.course and instance.becomes_at is not None:
        return _with_fields(
            on_course(instance, instance.course, at=instance.becomes_at)
        )
    status = instance.becomes or instance.status
    return replace(instance, status=status, becomes=None, becomes_at=None)


def _with_fields(instance: Instance) -> Instance:
    """
    Return *instance* with the fields that were to come, if its course has ended.
    """
    if instance.becomes or not instance.coming:
        return instance
    entries = json.loads(document.to_json(instance)) | instance.coming
    return document.read(Instance, {**entries, "coming": {}})
