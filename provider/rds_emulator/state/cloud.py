"""
The emulated cloud: its account, its instances and its time, kept in step.

Every change of an instance goes through here, so that each status an instance
ever had is in its history together with the moment it began.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Self

from rds_emulator.protocol.errors import ApiError
from rds_emulator.state import backup_schedule, consistency_lag, transitions
from rds_emulator.state.clock import Clock, Segment
from rds_emulator.state.database import StoreError
from rds_emulator.state.model import (
    AccessKey,
    Account,
    Backup,
    Instance,
    Region,
    StatusChange,
    Step,
)
from rds_emulator.state.store import Store
from rds_emulator.state.temper import Temper

SCHEDULES_SINCE: Final = "backup_schedules_since"
"""The setting that tells from when on schedules make backup sets."""

_SCHEDULED_UNTIL: Final = "backups_until/"
_RELEASED: Final = "released/"


class Cloud:
    """
    What the API shows and its actions change.

    Args:
        store: Where all of it is kept.
        account: What is the same for every request.
        clock: The emulated time.
    """

    def __init__(self, store: Store, account: Account, *, clock: Clock) -> None:
        self.store = store
        self.account = account
        self.clock = clock
        since = store.setting(datetime, SCHEDULES_SINCE)
        if since is None:
            since = clock.now()
            store.save_setting(SCHEDULES_SINCE, since)
        self._schedules_since = since

    @classmethod
    def resume(cls, store: Store, *, speed: float | None) -> Self:
        """
        Return the cloud in *store*; its time went on while nobody looked.

        Args:
            store: A database that is not new.
            speed: A new speed from now on; None keeps the old one.

        Raises:
            StoreError: The database was never finished.
        """
        account = store.setting(Account, "account")
        segment = store.setting(Segment, "clock")
        if account is None or segment is None:
            message = "the database holds no finished world; delete it and start anew"
            raise StoreError(message)
        cloud = cls(store, account, clock=cls.lasting_clock(store, segment))
        if speed is not None and speed != cloud.clock.speed:
            cloud.clock.set_speed(speed)
        return cloud

    @staticmethod
    def lasting_clock(store: Store, start: Segment) -> Clock:
        """
        Return a clock that outlives the process.
        """

        def save(segment: Segment) -> None:
            store.save_setting("clock", segment)

        save(start)
        return Clock(start=start, on_change=save)

    def set_durations(self, durations: Mapping[str, float]) -> None:
        """
        Change how long things take; clones and releases under way keep their time.

        Args:
            durations: Fields of `Durations`; the others stay.
        """
        self._save_account(replace(self.account, **durations))  # type: ignore[arg-type]

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
            key if old.id == key.id else old for old in self.account.access_keys
        )
        self._save_account(replace(self.account, access_keys=keys))

    def set_region(self, region: Region) -> None:
        """
        Put *region* in the place of the one with the same id.
        """
        regions = tuple(
            region if old.id == region.id else old for old in self.account.regions
        )
        self._save_account(replace(self.account, regions=regions))

    def apply_due_changes(self) -> None:
        """
        Apply the status changes that have become due; reading changes nothing.

        Called at the beginning of each request, and before a test looks.
        """
        now = self.clock.timestamp()
        # What becomes due may announce the next change, and that be due as well.
        while due := self.store.due(now):
            with self.store.transaction():
                for instance in due:
                    self._apply_due(instance)

    def instance(self, instance_id: str) -> Instance | None:
        """
        Return an instance that is not gone, in any region, or None.
        """
        return self.store.instance(instance_id)

    def instances(self, region: Region | None = None) -> list[Instance]:
        """
        Return the instances, of one region or of all, the oldest first.
        """
        found = self.store.instances()
        if region is None:
            return found
        return [instance for instance in found if instance.region == region.id]

    def listed(self, region: Region) -> list[Instance]:
        """
        Return the instances of a region as the API's lists show them by now.
        """
        now, temper = self.clock.now(), self.account.temper
        return consistency_lag.listed(self.instances(region), now=now, temper=temper)

    def replicas(self, instance_id: str) -> list[Instance]:
        """
        Return the read-only, guard and temporary instances of a primary.
        """
        return self.store.replicas(instance_id)

    def backups(
        self, instance: Instance, *, at: datetime | None = None
    ) -> list[Backup]:
        """
        Return the backup sets of an instance, the newest first.

        What its schedule has made since somebody last looked is written down first,
        and what has expired is gone.

        Args:
            instance: An instance that is not gone.
            at: When; now by default.
        """
        store, now = self.store, at or self.clock.now()
        name, policy = _SCHEDULED_UNTIL + instance.id, instance.backup_policy
        sets = store.backups(instance.id)
        since = store.setting(datetime, name)
        if since is None:
            since = max(instance.created, self._schedules_since)
        if next(backup_schedule.windows(policy, after=since, until=now), None):
            history = store.history(instance.id)
            made = backup_schedule.due(
                instance, sets, history=history, since=since, now=now
            )
            for backup in made:
                store.save_backup(backup)
            if made:
                store.save_setting(name, made[-1].started)
                sets = store.backups(instance.id)
        over = backup_schedule.expired(sets, policy, now=now)
        for backup in over:
            store.delete_backup(backup)
        return [backup for backup in sets if backup not in over] if over else sets

    def detached(self) -> list[tuple[Instance, list[Backup]]]:
        """
        Return the instances that are gone, each with the sets that were kept of it.
        """
        gone = self.store.settings(Instance, _RELEASED)
        return [(instance, self.store.backups(instance.id)) for instance in gone]

    def add(self, instance: Instance) -> None:
        """
        Add an instance, in the status that it has.
        """
        self.store.save_instance(instance)
        self._add_history(instance.id, instance.status, at=self.clock.now())

    def change(self, instance: Instance) -> Instance:
        """
        Write back an instance whose status did not change.
        """
        before, now = self.instance(instance.id), self.clock.now()
        if before and before.backup_policy != instance.backup_policy:
            self.backups(before)
            self.store.save_setting(_SCHEDULED_UNTIL + instance.id, now)
        changed = consistency_lag.with_past_accounts(instance, before, now=now)
        self.store.save_instance(changed)
        return changed

    def retag(self, instance: Instance, tags: Mapping[str, str]) -> None:
        """
        Replace the tags of an instance.
        """
        now, temper = self.clock.now(), self.account.temper
        self.change(consistency_lag.retag(instance, tags, now=now, temper=temper))

    def set_status(self, instance: Instance, status: str) -> Instance:
        """
        Put an instance into *status* now; what follows from it is announced.
        """
        now = self.clock.now()
        changed = transitions.with_status(
            instance, status, now=now, account=self.account
        )
        self.store.save_instance(changed)
        self._add_history(instance.id, status, at=now)
        return changed

    def start_clone(
        self, clone: Instance, source: Instance, *, course: tuple[Step, ...] = ()
    ) -> None:
        """
        Begin to create *clone* from *source*.

        Args:
            clone: The new instance.
            source: What it is cloned from; its status may show that.
            course: The statuses of the clone, when they were ordered.
        """
        self._start_course(clone, course or transitions.course_of_clone(self.account))
        of_source = transitions.course_of_source(self.account)
        if of_source and not source.coming:
            self._start_course(source, of_source)

    def begin_change(
        self, instance: Instance, status: str, *, fields: Mapping[str, object]
    ) -> None:
        """
        Begin a slow change: *instance* goes through *status*, then has *fields*.

        Raises:
            ApiError: It is not Running, or another change has begun.
        """
        if instance.status != "Running" or instance.coming:
            raise ApiError(code="OperationDenied.DBInstanceStatus")
        course = transitions.course_of_change(status, self.account)
        self._start_course(transitions.with_pending(instance, fields), course)

    def change_later(
        self, instance: Instance, fields: Mapping[str, object], *, seconds: float
    ) -> None:
        """
        Change *fields* in so many emulated seconds; *instance* is Running all along.
        """
        if not seconds:
            self.change(replace(instance, **fields))  # type: ignore[arg-type]
            return
        course = (Step(status="Running", seconds=seconds), Step(status="Running"))
        self._start_course(transitions.with_pending(instance, fields), course)

    def begin_release(self, instance: Instance, *, keep_policy: str | None) -> None:
        """
        Begin to release an instance.

        Args:
            instance: The instance.
            keep_policy: What was asked for its backup sets; None for nothing.
        """
        now = self.clock.now()
        deleting = transitions.with_status(
            instance, "Deleting", now=now, account=self.account
        )
        self.store.save_instance(deleting)
        self._add_history(instance.id, deleting.status, at=now, keep_policy=keep_policy)

    def released(self) -> dict[str, str | None]:
        """
        Return what was to be kept of each instance whose release has begun.
        """
        changes = self.store.changes_to("Deleting")
        return {instance_id: change.keep_policy for instance_id, change in changes}

    def release(self, instance_id: str, at: datetime | None = None) -> None:
        """
        Remove an instance at once; its history stays.
        """
        self._detach_backups(instance_id, at or self.clock.now())
        self.store.delete_instance(instance_id)
        self._add_history(instance_id, transitions.RELEASED, at=at or self.clock.now())

    def history(self, instance_id: str) -> list[StatusChange]:
        """
        Return the statuses an instance has had, also when it is gone.
        """
        return self.store.history(instance_id)

    def _detach_backups(self, instance_id: str, at: datetime) -> None:
        """
        Keep those sets of an instance that outlive its release, and no others.
        """
        instance = self.instance(instance_id)
        if instance is None:
            return
        sets = self.backups(instance, at=at)
        finished = [backup for backup in sets if backup.ended <= at]
        kept = backup_schedule.kept_after_release(
            instance, finished, wanted=self.released().get(instance_id)
        )
        for backup in sets:
            if backup not in kept:
                self.store.delete_backup(backup)
        if kept:
            self.store.save_setting(_RELEASED + instance_id, instance)
        self.store.delete_setting(_SCHEDULED_UNTIL + instance_id)

    def _save_account(self, account: Account) -> None:
        self.account = account
        self.store.save_setting("account", account)

    def _start_course(self, instance: Instance, course: tuple[Step, ...]) -> None:
        """
        Put an instance, new or not, on a course now.
        """
        now, before = self.clock.now(), self.instance(instance.id)
        begun = transitions.on_course(instance, course, at=now)
        self.store.save_instance(begun)
        if before is None or before.status != begun.status:
            self._add_history(instance.id, begun.status, at=now)

    def _apply_due(self, instance: Instance) -> None:
        if instance.becomes is None or instance.becomes_at is None:
            return
        if instance.becomes == transitions.RELEASED:
            self.release(instance.id, at=instance.becomes_at)
            return
        self.store.save_instance(transitions.after_change(instance))
        if instance.becomes != instance.status:
            self._add_history(instance.id, instance.becomes, at=instance.becomes_at)

    def _add_history(
        self,
        instance_id: str,
        status: str,
        *,
        at: datetime,
        keep_policy: str | None = None,
    ) -> None:
        change = StatusChange(
            status=status,
            at=at.astimezone(UTC),
            wall=self.clock.wall_time_of(at.timestamp()),
            keep_policy=keep_policy,
        )
        self.store.save_history(instance_id, change)
