"""
How an instance's status moves on by itself: a table, and the two steps using it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rds_emulator.model import Account, Instance

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
    )
