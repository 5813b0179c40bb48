"""
What the lifecycle needs from the world, as protocols.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from pulumi_rdsclone.domain.instances import (
    BackupSet,
    Instance,
    NoWindow,
    RecoveryWindow,
    Sighting,
)
from pulumi_rdsclone.domain.ordering import CloneOrder


class Clock(Protocol):
    """
    Time, so that tests can hold it in their hands.
    """

    def now(self) -> datetime:
        """
        Give the present instant in UTC.
        """
        ...

    def sleep(self, seconds: float) -> None:
        """
        Come back after *seconds*.
        """
        ...


class Row(Protocol):
    """
    The line on which the user sees this one resource.
    """

    @property
    def is_attended(self) -> bool:
        """
        Whether anybody still waits for the outcome.
        """
        ...

    def say(self, text: str) -> None:
        """
        Show *text* in place of what was shown before; it is gone at the end.
        """
        ...

    def warn(self, text: str) -> None:
        """
        Show *text* as a warning that stays.
        """
        ...


class Rds(Protocol):
    """
    ApsaraDB RDS in one region, as far as clones need it.

    Every method raises *ApiError* of `domain.errors` when the call is refused or
    does not come back, after the repeats that are safe for it.
    """

    region: str

    def instance(self, instance_id: str) -> Instance:
        """
        Describe one instance; *NotFoundError* when it is known to be gone.
        """
        ...

    def sightings(self, tags: Mapping[str, str]) -> tuple[Sighting, ...]:
        """
        List the instances that carry all of *tags*.
        """
        ...

    def backup_sets(self, instance_id: str) -> tuple[BackupSet, ...]:
        """
        List all data backups of an instance.
        """
        ...

    def recovery_window(self, instance_id: str) -> RecoveryWindow | NoWindow:
        """
        Tell which seconds of an instance can be restored.
        """
        ...

    def order_clone(self, order: CloneOrder) -> str:
        """
        Order a clone and give its id. This is the call that costs money.

        Repeating it with an equal *order* gives the same clone.
        """
        ...

    def release(self, instance_id: str) -> None:
        """
        Begin to release an instance.
        """
        ...

    def tags(self, instance_id: str) -> dict[str, str]:
        """
        Give all tags of an instance.
        """
        ...

    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        """
        Add *tags* to an instance, replacing the values of those it has.
        """
        ...

    def remove_tags(self, instance_id: str, keys: Iterable[str]) -> None:
        """
        Remove the tags with *keys* from an instance.
        """
        ...

    def set_description(self, instance_id: str, description: str) -> None:
        """
        Rename an instance.
        """
        ...

    def set_deletion_protection(self, instance_id: str, *, on: bool) -> None:
        """
        Switch the release protection of an instance.
        """
        ...
