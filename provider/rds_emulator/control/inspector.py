"""
Looking at the cloud and changing it without the API.

What happens here needs no signature, breaks every rule on purpose and is not in
the journal. Tests use it from Python, other processes over the control API.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from rds_emulator.actions import registry
from rds_emulator.faults import Faults
from rds_emulator.seeds import instances, seed
from rds_emulator.server import permissions
from rds_emulator.server.call_hook import CallEvent, CallHook
from rds_emulator.server.runtime import Runtime
from rds_emulator.state import document, temper
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import AccessKey, Backup, Instance, StatusChange
from rds_emulator.state.temper import Temper

_FIXED: Final = ("id", "becomes", "becomes_at", "course", "past_tags", "past_accounts")


class Inspector:
    """
    Shows and changes what a running emulator consists of.

    Args:
        runtime: The running emulator.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._cloud = runtime.cloud

    @property
    def faults(self) -> Faults:
        """
        Where faults are ordered and accounted for.
        """
        return self._runtime.faults

    def instances(self) -> list[Instance]:
        """
        Return all instances of all regions, the oldest first.
        """
        self._cloud.apply_due_changes()
        return self._cloud.instances()

    def instance(self, instance_id: str) -> Instance:
        """
        Return one instance.

        Raises:
            KeyError: There is none, or none any more.
        """
        self._cloud.apply_due_changes()
        instance = self._cloud.instance(instance_id)
        if instance is None:
            raise KeyError(instance_id)
        return instance

    def backups(self, instance_id: str) -> list[Backup]:
        """
        Return the backup sets of an instance, the newest first.
        """
        self._cloud.apply_due_changes()
        instance = self._cloud.instance(instance_id)
        if instance is None:
            return self._cloud.store.backups(instance_id)
        with self._cloud.store.transaction():
            return self._cloud.backups(instance)

    def history(self, instance_id: str) -> list[StatusChange]:
        """
        Return the statuses an instance has had, also when it is gone.
        """
        self._cloud.apply_due_changes()
        return self._cloud.history(instance_id)

    def released(self) -> dict[str, str | None]:
        """
        Return the instances that are being released or gone.

        The value is the ReleasedKeepPolicy that was asked for; None when none was.
        """
        return self._cloud.released()

    def became(self, instance_id: str, status: str) -> float:
        """
        Return at what real time a status became due, in seconds since the epoch.

        An instance that is gone became "Released". When it got the status more
        than once, the last time counts.

        Raises:
            KeyError: The instance never had that status.
        """
        for change in reversed(self.history(instance_id)):
            if change.status == status:
                return change.wall
        message = f"{instance_id} was never {status}"
        raise KeyError(message)

    def add(self, /, instance_id: str, **fields: object) -> Instance:
        """
        Add an instance as an entry of a seed file would.
        """
        entry = {"id": instance_id, **fields}
        instants = seed.instants(self._cloud.clock.now())
        planted = document.read(seed.InstanceSeed, entry, instants=instants)
        with self._cloud.store.transaction():
            if self._cloud.instance(instance_id) is not None:
                message = f"id: {instance_id} is already taken"
                raise DocumentError(message)
            return instances.create(self._cloud, planted)

    def change(self, /, instance_id: str, **fields: object) -> Instance:
        """
        Change fields of an instance, whatever the API would say to that.

        A new *status* begins now, and what follows from it is announced:
        "Creating" becomes "Running" in its time. A field that is an object,
        such as *backup_policy*, keeps what is not named.
        """
        for name in _FIXED:
            if name in fields:
                message = f"{name}: cannot be changed"
                raise DocumentError(message)
        with self._cloud.store.transaction():
            instance = self.instance(instance_id)
            changed = self._with_fields(instance, fields)
            changed = self._cloud.change(changed)
            if "status" in fields:
                return self._cloud.set_status(changed, changed.status)
            return changed

    def remove(self, instance_id: str) -> None:
        """
        Remove an instance at once.
        """
        with self._cloud.store.transaction():
            self._cloud.release(self.instance(instance_id).id)

    def set_policy(
        self, access_key_id: str, policy: Mapping[str, object] | None
    ) -> None:
        """
        Set the RAM policy of a key; None allows it everything.

        Raises:
            DocumentError: There is no such key, or the policy is malformed.
        """
        if policy is not None:
            policy = permissions.checked(policy, at="policy")
        self._cloud.set_key(replace(self._key(access_key_id), policy=policy))

    def deny(self, *actions: str) -> None:
        """
        Forbid the first key some actions, such as "rds:DescribeBackups".

        They may have wildcards, and add to what is forbidden already.
        """
        key = self._cloud.account.access_keys[0]
        self.set_policy(key.id, permissions.denying(key.policy, actions))

    def allow_all(self) -> None:
        """
        Allow the first key everything.
        """
        self.set_policy(self._cloud.account.access_keys[0].id, None)

    def delay(self, action: str, seconds: float) -> None:
        """
        Hold back the answers of *action* for so many real seconds; 0 ends it.

        What the action does is done at once, and other calls are not delayed.
        """
        if action not in registry.names():
            message = f"action: there is no action {action}"
            raise DocumentError(message)
        if seconds < 0:
            message = f"seconds: must be 0 or more, not {seconds:g}"
            raise DocumentError(message)
        self._runtime.delays[action] = seconds

    @property
    def temper(self) -> Temper:
        """
        How kind the cloud is.
        """
        return self._cloud.account.temper

    def set_temper(self, /, base: str | None = None, **traits: object) -> Temper:
        """
        Change how kind the cloud is, from now on.

        Args:
            base: The name of a temper; None keeps the traits that are not named.
            traits: Fields of `Temper`.

        Raises:
            DocumentError: There is no such temper, trait or value.
        """
        order = traits if base is None else {"base": base, **traits}
        changed = temper.read(order, before=self.temper)
        self._cloud.set_temper(changed)
        return changed

    def on_call(self, callback: Callable[[CallEvent], object] | None) -> None:
        """
        Call *callback* before and after the effect of each call; None ends it.

        Only calls that the gateway lets through count: signed, permitted and of
        an action there is. It runs in the server's thread.
        """
        self._runtime.hook = None if callback is None else CallHook(callback)

    def _key(self, access_key_id: str) -> AccessKey:
        key = self._cloud.account.key(access_key_id)
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
        instants = seed.instants(self._cloud.clock.now())
        return document.read(Instance, entries, instants=instants)
