"""
Looking at the world and changing it behind the API's back.

What happens here needs no signature, breaks every rule on purpose and is not in
the journal. Tests use it from Python, other processes over the control API.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from rds_emulator import document, permissions, planting, seed, temper
from rds_emulator.actions import ACTIONS
from rds_emulator.document import DocumentError
from rds_emulator.faults import Faults
from rds_emulator.hook import CallEvent, Hook
from rds_emulator.model import AccessKey, Backup, Instance, StatusChange
from rds_emulator.temper import Temper
from rds_emulator.world import World

_FIXED = ("id", "becomes", "becomes_at", "course", "past_tags", "past_accounts")


class Backstage:
    """
    The world, seen from behind.

    Attributes:
        faults: where faults are ordered and accounted for.
    """

    faults: Faults

    def __init__(self, world: World) -> None:
        self._world = world
        self.faults = world.faults

    def instances(self) -> list[Instance]:
        """
        List all instances of all regions, the oldest first.
        """
        self._world.settle()
        return self._world.instances()

    def instance(self, instance_id: str) -> Instance:
        """
        Find one instance.

        Raises:
            KeyError: when there is none, or none any more.
        """
        self._world.settle()
        instance = self._world.instance(instance_id)
        if instance is None:
            raise KeyError(instance_id)
        return instance

    def backups(self, instance_id: str) -> list[Backup]:
        """
        List the backup sets of an instance, the newest first.
        """
        return self._world.store.backups(instance_id)

    def history(self, instance_id: str) -> list[StatusChange]:
        """
        List the statuses an instance has had, also when it is gone.
        """
        self._world.settle()
        return self._world.history(instance_id)

    def released(self) -> dict[str, str | None]:
        """
        Tell which instances are being released or gone, and what was to be kept.

        The value is the ReleasedKeepPolicy that was asked for; None when none was.
        """
        return self._world.released()

    def became(self, instance_id: str, status: str) -> float:
        """
        Tell at what real time a status became due, in seconds since the epoch.

        An instance that is gone became "Released". When it got the status more
        than once, the last time counts.

        Raises:
            KeyError: when the instance never had that status.
        """
        for change in reversed(self.history(instance_id)):
            if change.status == status:
                return change.wall
        message = f"{instance_id} was never {status}"
        raise KeyError(message)

    def add(self, instance_id: str, **fields: object) -> Instance:
        """
        Add an instance as an entry of a seed file would.
        """
        entry = {"id": instance_id, **fields}
        instants = seed.instants(self._world.clock.now())
        planted = document.read(seed.InstanceSeed, entry, instants=instants)
        with self._world.store.transaction():
            if self._world.instance(instance_id) is not None:
                message = f"id: {instance_id} is already taken"
                raise DocumentError(message)
            return planting.plant(self._world, planted)

    def change(self, instance_id: str, **fields: object) -> Instance:
        """
        Change fields of an instance, whatever the API would say to that.

        A new *status* is entered now, and what follows from it is announced:
        "Creating" becomes "Running" in its time. A field that is an object,
        such as *backup_policy*, keeps what is not named.
        """
        for name in _FIXED:
            if name in fields:
                message = f"{name}: cannot be changed"
                raise DocumentError(message)
        with self._world.store.transaction():
            instance = self.instance(instance_id)
            changed = self._with_fields(instance, fields)
            changed = self._world.change(changed)
            if "status" in fields:
                return self._world.enter(changed, changed.status)
            return changed

    def remove(self, instance_id: str) -> None:
        """
        Let an instance be gone at once.
        """
        with self._world.store.transaction():
            self._world.release(self.instance(instance_id).id)

    def set_policy(
        self, access_key_id: str, policy: Mapping[str, object] | None
    ) -> None:
        """
        Give a key a RAM policy; None allows it everything.

        Raises:
            DocumentError: when there is no such key, or the policy is malformed.
        """
        if policy is not None:
            policy = permissions.checked(policy, at="policy")
        self._world.set_key(replace(self._key(access_key_id), policy=policy))

    def deny(self, *actions: str) -> None:
        """
        Forbid the first key some actions, such as "rds:DescribeBackups".

        They may have wildcards, and add to what is forbidden already.
        """
        key = self._world.account.access_keys[0]
        self.set_policy(key.id, permissions.denying(key.policy, actions))

    def allow_all(self) -> None:
        """
        Allow the first key everything.
        """
        self.set_policy(self._world.account.access_keys[0].id, None)

    def delay(self, action: str, seconds: float) -> None:
        """
        Hold back the answers of *action* for so many real seconds; 0 ends it.

        What the action does is done at once, and other calls are not delayed.
        """
        if action not in {name for _, name in ACTIONS}:
            message = f"action: there is no action {action}"
            raise DocumentError(message)
        if seconds < 0:
            message = f"seconds: must be 0 or more, not {seconds:g}"
            raise DocumentError(message)
        self._world.delays[action] = seconds

    @property
    def temper(self) -> Temper:
        """
        How kind the cloud is.
        """
        return self._world.account.temper

    def set_temper(self, base: str | None = None, **traits: object) -> Temper:
        """
        Change how kind the cloud is, from now on.

        Args:
            base: the name of a temper; None keeps the traits that are not named.
            traits: fields of `Temper`.

        Raises:
            DocumentError: when there is no such temper, trait or value.
        """
        order = traits if base is None else {"base": base, **traits}
        changed = temper.read(order, before=self.temper)
        self._world.set_temper(changed)
        return changed

    def on_call(self, callback: Callable[[CallEvent], object] | None) -> None:
        """
        Call *callback* before and after the effect of each call; None ends it.

        Only calls that the gateway lets through are told: signed, permitted and
        of an action there is. It runs in the server's thread.
        """
        self._world.hook = None if callback is None else Hook(callback)

    def _key(self, access_key_id: str) -> AccessKey:
        key = self._world.account.key(access_key_id)
        if key is None:
            message = f"access_key_id: there is no key {access_key_id}"
            raise DocumentError(message)
        return key

    def _with_fields(
        self, instance: Instance, fields: Mapping[str, object]
    ) -> Instance:
        entries = json.loads(document.to_json(instance))
        for name, value in fields.items():
            current = getattr(instance, name, None)
            if dataclasses.is_dataclass(current) and isinstance(value, Mapping):
                entries[name] |= value
            else:
                entries[name] = value
        instants = seed.instants(self._world.clock.now())
        return document.read(Instance, entries, instants=instants)
