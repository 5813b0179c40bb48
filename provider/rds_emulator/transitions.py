"""
How an instance's status moves on by itself: by a table, or on a course of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rds_emulator import document
from rds_emulator.model import Account, Instance, Step

RELEASED = "Released"
"""The status of an instance that is gone; the API no longer shows it."""


@dataclass(frozen=True)
class Transition:
    """
    What a status turns into, and the setting of the account that says when.
    """

    becomes: str
    seconds: str

    def due(self, now: datetime, account: Account) -> datetime:
        """
        Tell when the change happens for an instance that gets here *now*.
        """
        setting: float = vars(account)[self.seconds]
        return now + timedelta(seconds=setting)


TRANSITIONS: Mapping[str, Transition] = {
    "Creating": Transition("Running", "clone_seconds"),
    "Deleting": Transition(RELEASED, "delete_seconds"),
}


def enter(
    instance: Instance, status: str, *, now: datetime, account: Account
) -> Instance:
    """
    Put *instance* into *status* and announce what follows, if anything does.
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


def follow(instance: Instance, course: tuple[Step, ...], *, at: datetime) -> Instance:
    """
    Put *instance* into the first step of *course* and announce the next, if any.
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


def making(account: Account) -> tuple[Step, ...]:
    """
    Tell the course of a clone that none was ordered for.
    """
    seconds = account.clone_seconds
    if account.temper.cloning_status != "clone":
        return (Step(status="Creating", seconds=seconds), Step(status="Running"))
    return (
        Step(status="Creating", seconds=seconds / 2),
        Step(status="INS_CLONING", seconds=seconds / 2),
        Step(status="Running"),
    )


def cloning(account: Account) -> tuple[Step, ...]:
    """
    Tell the course of a source that is being cloned; empty when it shows nothing.
    """
    if account.temper.cloning_status != "source":
        return ()
    seconds = account.clone_seconds
    return (Step(status="INS_CLONING", seconds=seconds), Step(status="Running"))


def change(status: str, account: Account) -> tuple[Step, ...]:
    """
    Tell the course of a slow change, which shows as *status*.
    """
    lag = account.temper.change_lag_seconds
    return (
        *((Step(status="Running", seconds=lag),) if lag else ()),
        Step(status=status, seconds=account.change_seconds),
        Step(status="Running"),
    )


def awaiting(instance: Instance, fields: Mapping[str, object]) -> Instance:
    """
    Let *instance* have other *fields* at the end of the course that it will be put on.

    Whether real instances change their values at the end is inferred: a client must
    not take an accepted call for a finished change.
    """
    return replace(instance, coming=json.loads(document.to_json(fields)))


def arrive(instance: Instance) -> Instance:
    """
    Let the announced change of *instance* happen, and go on with its course.
    """
    if instance.course and instance.becomes_at is not None:
        return _arrived(follow(instance, instance.course, at=instance.becomes_at))
    status = instance.becomes or instance.status
    return replace(instance, status=status, becomes=None, becomes_at=None)


def _arrived(instance: Instance) -> Instance:
    """
    Give *instance* the fields that were to come, if its course has ended.
    """
    if instance.becomes or not instance.coming:
        return instance
    entries = json.loads(document.to_json(instance)) | instance.coming
    return document.read(Instance, {**entries, "coming": {}})
