"""
The emulated cloud: its account, its instances and its time, kept in step.

Every change of an instance goes through here, so that each status an instance
ever had is in its history together with the instant it began.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from rds_emulator import transitions, visibility
from rds_emulator.clock import Clock, Segment
from rds_emulator.database import StoreError
from rds_emulator.errors import ApiError
from rds_emulator.faults import Faults
from rds_emulator.model import (
    AccessKey,
    Account,
    Instance,
    Region,
    StatusChange,
    Step,
)
from rds_emulator.store import Store
from rds_emulator.temper import Temper

if TYPE_CHECKING:
    from rds_emulator.hook import Hook

_DURATIONS = ("clone_seconds", "delete_seconds", "change_seconds")


class World:
    """
    What the API shows and its actions change.

    Attributes:
        delays: real seconds for which the answers of an action are held back.
        faults: what is to go wrong.
        hook: who is told of each call.

    The last three belong to the process, not to the database.
    """

    def __init__(self, store: Store, account: Account, clock: Clock) -> None:
        self.store = store
        self.account = account
        self.clock = clock
        self.delays: dict[str, float] = {}
        self.faults = Faults()
        self.hook: Hook | None = None

    @classmethod
    def resume(
        cls, store: Store, *, speed: float | None, settings: Mapping[str, float]
    ) -> Self:
        """
        Go on with the world in *store*; its time went on while nobody looked.

        Args:
            store: a database that is not new.
            speed: a new speed from now on; None keeps the old one.
            settings: new durations; what is not named stays.
        """
        account = store.setting(Account, "account")
        segment = store.setting(Segment, "clock")
        if account is None or segment is None:
            message = "the database holds no finished world; delete it and start anew"
            raise StoreError(message)
        world = cls(store, account, cls.lasting_clock(store, segment))
        world.set_durations(settings)
        if speed is not None and speed != world.clock.speed:
            world.clock.set_speed(speed)
        return world

    @staticmethod
    def lasting_clock(store: Store, start: Segment) -> Clock:
        """
        Make a clock that outlives the process.
        """

        def save(segment: Segment) -> None:
            store.save_setting("clock", segment)

        save(start)
        return Clock(start=start, on_change=save)

    def set_durations(self, settings: Mapping[str, float]) -> None:
        """
        Change how long things take, clones and releases for those to come.
        """
        old = self.account
        durations = {name: settings.get(name, vars(old)[name]) for name in _DURATIONS}
        self._save_account(replace(old, **durations))

    def set_temper(self, temper: Temper) -> None:
        """
        Be as kind as *temper* from now on.
        """
        self._save_account(replace(self.account, temper=temper))

    def set_key(self, key: AccessKey) -> None:
        """
        Put *key* in the place of the one with the same id.
        """
        keys = tuple(
            key if one.id == key.id else one for one in self.account.access_keys
        )
        self._save_account(replace(self.account, access_keys=keys))

    def settle(self) -> None:
        """
        Apply the status changes that have become due.

        Called once at the beginning of each request; reading changes nothing.
        """
        now = self.clock.timestamp()
        # What becomes due may announce the next change, and that be due as well.
        while due := self.store.due(now):
            with self.store.transaction():
                for instance in due:
                    self._apply(instance)

    def instance(self, instance_id: str) -> Instance | None:
        """
        Find an instance that is not gone, in any region.
        """
        return self.store.instance(instance_id)

    def instances(self, region: Region | None = None) -> list[Instance]:
        """
        List the instances, the oldest first.
        """
        found = self.store.instances()
        if region is None:
            return found
        return [instance for instance in found if instance.region == region.id]

    def listed(self, region: Region) -> list[Instance]:
        """
        List the instances of a region as the API's lists show them by now.
        """
        now, temper = self.clock.now(), self.account.temper
        return visibility.listed(self.instances(region), now=now, temper=temper)

    def replicas(self, instance_id: str) -> list[Instance]:
        """
        List the read-only, guard and temporary instances of a primary.
        """
        return self.store.replicas(instance_id)

    def put(self, instance: Instance) -> None:
        """
        Add an instance, in the status that it has.
        """
        self.store.save_instance(instance)
        self._remember(instance.id, instance.status, self.clock.now())

    def change(self, instance: Instance) -> Instance:
        """
        Write back an instance whose status did not change.
        """
        before, now = self.instance(instance.id), self.clock.now()
        changed = visibility.with_past_accounts(instance, before, now=now)
        self.store.save_instance(changed)
        return changed

    def retag(self, instance: Instance, tags: Mapping[str, str]) -> None:
        """
        Give an instance new tags.
        """
        now, temper = self.clock.now(), self.account.temper
        self.change(visibility.retag(instance, tags, now=now, temper=temper))

    def enter(self, instance: Instance, status: str) -> Instance:
        """
        Put an instance into *status* now; what follows from it is announced.
        """
        now = self.clock.now()
        entered = transitions.enter(instance, status, now=now, account=self.account)
        self.store.save_instance(entered)
        self._remember(instance.id, status, now)
        return entered

    def begin(self, clone: Instance, source: Instance) -> None:
        """
        Begin to make *clone*, on the course that was ordered for it, if any.
        """
        course = self.faults.course(clone.id) or transitions.making(self.account)
        self._follow(clone, course)
        course = transitions.cloning(self.account)
        if course and not source.coming:
            self._follow(source, course)

    def reshape(
        self, instance: Instance, status: str, fields: Mapping[str, object]
    ) -> None:
        """
        Begin a slow change: *instance* goes through *status*, then has *fields*.

        Raises:
            ApiError: it is not Running, or another change has begun.
        """
        if instance.status != "Running" or instance.coming:
            raise ApiError(code="OperationDenied.DBInstanceStatus")
        course = transitions.change(status, self.account)
        self._follow(transitions.awaiting(instance, fields), course)

    def announce(
        self, instance: Instance, fields: Mapping[str, object], *, seconds: float
    ) -> None:
        """
        Let *instance* have *fields* in so many emulated seconds, Running all along.
        """
        if not seconds:
            self.change(replace(instance, **fields))  # type: ignore[arg-type]
            return
        course = (Step(status="Running", seconds=seconds), Step(status="Running"))
        self._follow(transitions.awaiting(instance, fields), course)

    def delete(self, instance: Instance, *, keep_policy: str | None) -> None:
        """
        Begin to release an instance.

        Args:
            instance: the instance.
            keep_policy: what was asked for its backup sets; None for nothing.
        """
        now = self.clock.now()
        gone = transitions.enter(instance, "Deleting", now=now, account=self.account)
        self.store.save_instance(gone)
        self._remember(instance.id, gone.status, now, keep_policy=keep_policy)

    def released(self) -> dict[str, str | None]:
        """
        Name the instances whose release has begun, with what was asked for.
        """
        changes = self.store.changes_to("Deleting")
        return {instance_id: change.keep_policy for instance_id, change in changes}

    def release(self, instance_id: str, at: datetime | None = None) -> None:
        """
        Let an instance be gone.
        """
        self.store.delete_instance(instance_id)
        self._remember(instance_id, transitions.RELEASED, at or self.clock.now())

    def history(self, instance_id: str) -> list[StatusChange]:
        """
        List the statuses an instance has had, also when it is gone.
        """
        return self.store.history(instance_id)

    def _save_account(self, account: Account) -> None:
        self.account = account
        self.store.save_setting("account", account)

    def _follow(self, instance: Instance, course: tuple[Step, ...]) -> None:
        """
        Put an instance, new or not, on a course now.
        """
        now, before = self.clock.now(), self.instance(instance.id)
        begun = transitions.follow(instance, course, at=now)
        self.store.save_instance(begun)
        if before is None or before.status != begun.status:
            self._remember(instance.id, begun.status, now)

    def _apply(self, instance: Instance) -> None:
        if instance.becomes is None or instance.becomes_at is None:
            return
        if instance.becomes == transitions.RELEASED:
            self.release(instance.id, at=instance.becomes_at)
            return
        self.store.save_instance(transitions.arrive(instance))
        if instance.becomes != instance.status:
            self._remember(instance.id, instance.becomes, instance.becomes_at)

    def _remember(
        self,
        instance_id: str,
        status: str,
        at: datetime,
        *,
        keep_policy: str | None = None,
    ) -> None:
        change = StatusChange(
            status=status,
            at=at.astimezone(UTC),
            wall=self.clock.wall_time_of(at.timestamp()),
            keep_policy=keep_policy,
        )
        self.store.save_history(instance_id, change)
