"""
Looking at a clone: strictly, where a change depends on it, or as far as it goes.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import ApiError, ConflictError, NotFoundError
from pulumi_rdsclone.domain.identity import CREATING
from pulumi_rdsclone.domain.instances import Verdict, judge_status
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.telling import Seen, aspects_to_read, tags_as_recorded
from pulumi_rdsclone.lifecycle.visibility import may_show_later
from pulumi_rdsclone.lifecycle.waiting import (
    CHANGE_TIMEOUT,
    Progress,
    Watch,
    refuse_abandoned,
    rest,
    wait_until_ready,
)

T = TypeVar("T")

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
class Clone:
    """
    A clone that somebody works on.

    Attributes:
        id: The instance.
        known: The checked inputs, and the outputs that only the state knows.
        spec: The same inputs, read.
        site: Where it is.
        row: Where progress is shown.
        watch: Who sees its status.
        marks: Its tags as far as this run knows them; those that are told may be late.
        patience: How long one change may keep it busy.
    """

    id: str
    known: dict[str, Any]
    spec: CloneSpec
    site: Site
    row: Row
    watch: Watch
    marks: Mapping[str, str] = field(default_factory=dict)
    patience: timedelta = CHANGE_TIMEOUT

    def look(self, aspects: Collection[Aspect] = ()) -> Seen:
        """
        See it as it is now, with *aspects* and what the inputs declare.

        A run that ends does not wait for the answer.

        Raises:
            NotFoundError: It is known to be gone.
            WaitCancelledError: The user has cancelled the run.
            AbandonedError: Nobody waits any more.
        """
        wanted = {*aspects, *aspects_to_read(self.spec)}
        progress = Progress(self.id, self.row, self.site.clock, self.patience)
        return progress.answer_of(
            in_background(partial(look, self.id, self.site, wanted))
        )

    def look_soon(self, aspects: Collection[Aspect] = ()) -> Seen:
        """
        See it now, or else as soon as it can be read; see *look_when_usable*.
        """
        try:
            return self.look(aspects)
        except PASSING:
            return self.look_when_usable(aspects)

    def look_when_usable(self, aspects: Collection[Aspect]) -> Seen:
        """
        Wait until it is usable and can be read, then see it with *aspects*.

        Raises:
            ApiError: It could not be read for *RACE_TIMEOUT* although it was usable.
            WaitError: It was busy for longer than *patience*, or the run was cancelled.
            DeadCloneError: It is gone or going.
        """
        clock, began = self.site.clock, None
        while True:
            wait_until_ready(self.id, self.watch, clock, self.row, self.patience)
            began = began or clock.now()
            is_late = clock.now() - began >= RACE_TIMEOUT
            try:
                seen = self.look(aspects)
            except PASSING:
                if is_late:
                    raise
            else:
                if is_late or seen.verdict is Verdict.READY:
                    return seen
            rest(self.site.pace.poll, clock, self.row)

    def insist(self, call: Callable[[], T]) -> T:
        """
        Return what *call* gives; it is made again while the clone's state forbids it.

        Raises:
            ApiError: It was refused for *RACE_TIMEOUT*, or for another reason.
        """
        clock, began = self.site.clock, self.site.clock.now()
        while True:
            try:
                return call()
            except ConflictError:
                refuse_abandoned(self.row)
                is_late = clock.now() - began >= RACE_TIMEOUT
                if is_late or self.row.is_cancelled:
                    raise
            rest(self.site.pace.poll, clock, self.row)


def look(instance_id: str, site: Site, aspects: Collection[Aspect] = ()) -> Seen:
    """
    See an instance as it is now.

    Args:
        instance_id: The instance.
        site: Where it is.
        aspects: What to look at beside its attributes and tags.

    Raises:
        NotFoundError: It is known to be gone.
    """
    return Seen(
        instance=site.rds.instance(instance_id),
        tags=site.rds.tags(instance_id),
        values=site.rds.live(instance_id, aspects),
    )


def with_settled_tags(seen: Seen, site: Site) -> Seen:
    """
    Return a finished clone with the tags that it has since then.

    Those of one that was finished a moment ago may show late, so they are read again.
    """
    waited = 0.0
    while (
        seen.stage in ("", CREATING)
        and may_show_later(seen.instance.created, site)
        and waited < site.pace.settle
    ):
        site.clock.sleep(site.pace.repeat)
        waited += site.pace.repeat
        with suppress(ApiError):
            seen = replace(seen, tags=site.rds.tags(seen.instance.id))
    return seen


def look_leniently(
    instance_id: str, site: Site, aspects: Collection[Aspect], olds: dict[str, Any]
) -> Seen:
    """
    See an instance as it is now, as far as its status, its lock and the caller allow.

    Only the attributes must be readable. In place of tags that are not there are those
    that *olds*, the recorded outputs, tell of; other aspects that cannot be read have
    no value. *Seen.unread* names both with the reason. NotFound of such a read says
    nothing of the instance: another backend may not know it yet. While it is not
    usable its aspects are not asked for: most such reads are refused then.

    Raises:
        NotFoundError: The instance is known to be gone.
        ApiError: Its attributes could not be read.
    """
    instance = site.rds.instance(instance_id)
    unread: dict[Aspect, str] = {}
    try:
        tags = site.rds.tags(instance_id)
    except ApiError as error:
        tags = tags_as_recorded(olds)
        unread[Aspect.TAGS] = str(error)
    values: dict[str, Any] = {}
    if judge_status(instance.status) is Verdict.READY:
        values, refused = _read_each(instance_id, site, aspects)
        unread |= refused
    else:
        unread |= dict.fromkeys(aspects, f"it is {instance.status}")
    return Seen(instance=instance, tags=tags, values=values, unread=unread)


def _read_each(
    instance_id: str, site: Site, aspects: Collection[Aspect]
) -> tuple[dict[str, Any], dict[Aspect, str]]:
    """
    Return what is told of *aspects*, and why some of them cannot be read.
    """
    try:
        return site.rds.live(instance_id, aspects), {}
    except ApiError:
        values: dict[str, Any] = {}
        refused: dict[Aspect, str] = {}
        for aspect in sorted(aspects):
            try:
                values |= site.rds.live(instance_id, {aspect})
            except ApiError as error:
                refused[aspect] = str(error)
        return values, refused
