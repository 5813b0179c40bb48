"""
Observe a clone: strictly for a change, leniently for a report.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import ApiError, ConflictError, NotFoundError
from pulumi_rdsclone.domain.identity import CREATING
from pulumi_rdsclone.domain.instances import StatusKind, status_kind
from pulumi_rdsclone.domain.live_state import (
    ObservedClone,
    aspects_to_read,
)
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.visibility import may_show_later
from pulumi_rdsclone.lifecycle.wait import Wait, refuse_abandoned, rest
from pulumi_rdsclone.lifecycle.waiting import CHANGE_TIMEOUT, wait_until_ready
from pulumi_rdsclone.lifecycle.watching import Watch

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    A clone as it is now.

    Attributes:
        outputs: All outputs.
        inputs: The inputs, with live values where a declared field has drifted;
            None when the recorded inputs were not at hand.
        warnings: What could not be read now, one sentence each.
    """

    outputs: Properties
    inputs: Properties | None
    warnings: tuple[str, ...] = ()


RACE_TIMEOUT: Final = timedelta(minutes=5)
"""
How long a usable instance may refuse a call for its state.

Source: grants were refused for a minute after the account was made, and Terraform's
provider repeats them for 3 to 10 minutes.
"""


PASSING: Final = (ConflictError, NotFoundError)
"""
What the read of a usable instance may be answered for a while.

Source: a read of another backend did not know an instance that was Running,
github.com/aliyun/terraform-provider-alicloud/issues/4776.
"""


@dataclass(frozen=True, kw_only=True)
class CloneTask:
    """
    A clone that a run works on.

    Attributes:
        id: The instance.
        known: The checked inputs, and the outputs that only the state knows.
        desired: What is asked for.
        region: The region of the instance.
        progress: Where progress is shown.
        watch: Polls its status.
        tags: Its tags as far as this run knows them; reported tags may be late.
        busy_timeout: How long one change may keep it busy.
    """

    id: str
    known: Properties
    desired: DesiredClone
    region: RegionContext
    progress: Progress
    watch: Watch
    tags: Mapping[str, str] = field(default_factory=dict)
    busy_timeout: timedelta = CHANGE_TIMEOUT

    @property
    def spec(self) -> CloneSpec:
        """
        The specification that is asked for.
        """
        return self.desired.spec

    def observe(self, aspects: Collection[Aspect] = ()) -> ObservedClone:
        """
        Return it as it is now, with *aspects* and those that the inputs declare.

        A run that ends does not wait for the answer.

        Raises:
            NotFoundError: It is known to be gone.
            WaitCancelledError: The user has cancelled the run.
            AbandonedError: Nobody waits any more.
        """
        wanted = {*aspects, *aspects_to_read(self.desired)}
        wait = Wait(
            self.id, self.progress, clock=self.region.clock, limit=self.busy_timeout
        )
        return wait.answer_of(
            in_background(partial(observe, self.id, self.region, aspects=wanted))
        )

    def observe_soon(self, aspects: Collection[Aspect] = ()) -> ObservedClone:
        """
        Return it as it is as soon as it can be read; see *observe_when_usable*.
        """
        try:
            return self.observe(aspects)
        except PASSING:
            return self.observe_when_usable(aspects)

    def observe_when_usable(self, aspects: Collection[Aspect]) -> ObservedClone:
        """
        Wait until it is usable and can be read, then return it with *aspects*.

        Raises:
            ApiError: It could not be read for *RACE_TIMEOUT* although it was usable.
            WaitError: It was busy for longer than *busy_timeout*, or the run was
                cancelled.
            DeadCloneError: It is gone or going.
        """
        clock, began = self.region.clock, None
        while True:
            wait_until_ready(
                self.id,
                self.watch,
                clock=clock,
                progress=self.progress,
                timeout=self.busy_timeout,
            )
            began = began or clock.now()
            is_late = clock.now() - began >= RACE_TIMEOUT
            try:
                seen = self.observe(aspects)
            except PASSING:
                if is_late:
                    raise
            else:
                if is_late or seen.status_kind is StatusKind.READY:
                    return seen
            rest(self.region.schedule.first_interval, clock, progress=self.progress)

    def retry_while_busy(self, call: Callable[[], T]) -> T:
        """
        Return the result of *call*, repeated while the clone's state forbids it.

        Raises:
            ApiError: It was refused for *RACE_TIMEOUT*, or for another reason.
        """
        clock, began = self.region.clock, self.region.clock.now()
        while True:
            try:
                return call()
            except ConflictError:
                refuse_abandoned(self.progress)
                is_late = clock.now() - began >= RACE_TIMEOUT
                if is_late or self.progress.is_cancelled:
                    raise
            rest(self.region.schedule.first_interval, clock, progress=self.progress)


def observe(
    instance_id: str, region: RegionContext, *, aspects: Collection[Aspect] = ()
) -> ObservedClone:
    """
    Return an instance as it is now.

    Args:
        instance_id: The instance.
        region: The region of the instance.
        aspects: The aspects to read beside its attributes and tags.

    Raises:
        NotFoundError: It is known to be gone.
    """
    return ObservedClone(
        instance=region.rds.instance(instance_id),
        tags=region.rds.tags(instance_id),
        reading=region.rds.read_aspects(instance_id, aspects),
    )


def with_settled_tags(seen: ObservedClone, region: RegionContext) -> ObservedClone:
    """
    Return a finished clone with the tags that it has since then.

    Those of one that was finished a moment ago may show late, so they are read again.
    """
    waited = 0.0
    while (
        seen.stage in ("", CREATING)
        and may_show_later(seen.instance.created, region)
        and waited < region.schedule.list_lag
    ):
        region.clock.sleep(region.schedule.retry_delay)
        waited += region.schedule.retry_delay
        with suppress(ApiError):
            seen = replace(seen, tags=region.rds.tags(seen.instance.id))
    return seen


def observe_leniently(
    instance_id: str,
    region: RegionContext,
    *,
    aspects: Collection[Aspect],
    olds: CloneState,
) -> ObservedClone:
    """
    Return an instance as it is now, as far as it can be read.

    Only the attributes must be readable. Tags that cannot be read are taken from
    *olds*, the recorded outputs; other aspects that cannot be read have no value.
    *ObservedClone.unread* holds the reasons. NotFound of such a read says nothing of
    the instance: another backend may not know it yet. While it is not usable its
    aspects are not read: most such reads are refused then.

    Raises:
        NotFoundError: The instance is known to be gone.
        ApiError: Its attributes could not be read.
    """
    instance = region.rds.instance(instance_id)
    unread: dict[Aspect, str] = {}
    try:
        tags = region.rds.tags(instance_id)
    except ApiError as error:
        tags = olds.tags
        unread[Aspect.TAGS] = str(error)
    reading = AspectReading()
    if status_kind(instance.status) is StatusKind.READY:
        reading, refused = _read_each(instance_id, region, aspects=aspects)
        unread |= refused
    else:
        unread |= dict.fromkeys(aspects, f"it is {instance.status}")
    return ObservedClone(instance=instance, tags=tags, reading=reading, unread=unread)


def _read_each(
    instance_id: str, region: RegionContext, *, aspects: Collection[Aspect]
) -> tuple[AspectReading, dict[Aspect, str]]:
    """
    Return what is reported of *aspects*, and why some of them cannot be read.
    """
    try:
        return region.rds.read_aspects(instance_id, aspects), {}
    except ApiError:
        reading = AspectReading()
        refused: dict[Aspect, str] = {}
        for aspect in sorted(aspects):
            try:
                reading |= region.rds.read_aspects(instance_id, {aspect})
            except ApiError as error:
                refused[aspect] = str(error)
        return reading, refused
