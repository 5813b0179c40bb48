"""
Search the list calls for instances that were ordered for a resource.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.adoption import (
    Claim,
    TaggedInstance,
    choose_adoption,
    instances_of,
    not_deleted,
)
from pulumi_rdsclone.domain.checking import Finding
from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.identity import KEY_TAG, root_of
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.visibility import find_until_visible

_OVERLAP: Final = timedelta(minutes=15)
"""
How long after midnight in UTC an order of the day before is looked for until it must be
visible: the tokens of the new day do not know it.
"""


def twins_of(instance_id: str, claim: Claim, *, region: RegionContext) -> list[str]:
    """
    Return the ids of other instances that carry the key of the same clone.
    """
    found = _marked(region, root_of(claim.marks.key), without=instance_id)
    return [instance.summary.id for instance in instances_of(found, claim.marks)]


def _marked(
    region: RegionContext, root: str, *, without: str = ""
) -> list[TaggedInstance]:
    """
    Return the living instances that lists show with the key tag *root*.
    """
    found = not_deleted(region.rds.list_instances({KEY_TAG: root}))
    return [
        TaggedInstance(summary=summary, tags=region.rds.tags(summary.id))
        for summary in found
        if summary.id != without
    ]


def unmarked_since(since: datetime, region: RegionContext) -> list[str]:
    """
    Return the ids of the living instances that were created later and carry no key.

    One of them may be a clone whose order has ignored its birth tags.
    """
    marked = region.rds.tags_by_key(KEY_TAG)
    return [
        summary.id
        for summary in not_deleted(region.rds.list_instances({}))
        if summary.created and summary.created >= since and summary.id not in marked
    ]


class Search:
    """
    The search for an instance that was ordered for a resource.

    Attributes:
        is_unanswered: Whether this run has ordered one and got no answer.
    """

    def __init__(
        self, region: RegionContext, claim: Claim, *, progress: Progress
    ) -> None:
        self.is_unanswered = False
        self._region = region
        self._claim = claim
        self._progress = progress
        self._is_settled = False

    def find_first(self) -> str | None:
        """
        Return the clone of an earlier run, as far as lists show it by now.

        Right after midnight its token may be that of the day before, so it is looked
        for until it must show.
        """
        now = self._region.clock.now()
        own = self._look()
        if own is None and now - midnight(now) < _OVERLAP:
            self._is_settled = True
            own = self.find_just_ordered()
        return own

    def find_just_ordered(self) -> str | None:
        """
        Return a clone that was just ordered, once lists show it.
        """
        return self._look_for(self._region.schedule.list_lag)

    def find_used(self) -> str | None:
        """
        Return the clone of an earlier run that is known to have ordered one.

        One look is enough: no earlier run orders meanwhile.
        """
        if self._is_settled:
            return None
        self._is_settled = True
        return self._look_for(self._region.schedule.used_token_timeout)

    def choose(self, found: Sequence[TaggedInstance]) -> TaggedInstance | None:
        """
        Return the one of *found* that is the clone.

        Raises:
            RefusedError: It may not be adopted, or there are several.
        """
        own = choose_adoption(instances_of(found, self._claim.marks), self._claim)
        if isinstance(own, Finding):
            message = f"{own.what} — {own.remedy}"
            raise RefusedError(message)
        return own

    def announce(self, own: TaggedInstance) -> None:
        """
        Show that an instance is adopted.
        """
        if self.is_unanswered and own.is_interrupted:
            self._progress.warn(f"found {own.summary.id}, whose order was not answered")
        else:
            self._progress.warn(f"adopted {own.description}")

    def _look(self) -> str | None:
        """
        Return the clone from one look, if lists show it.

        Raises:
            RefusedError: There is one that may not be adopted, or several, or two
                answers contradict each other.
        """
        root = root_of(self._claim.marks.key)
        found = _marked(self._region, root)
        if unmarked := [o.summary.id for o in found if o.tags.get(KEY_TAG) != root]:
            message = (
                f"{unmarked[0]} was found by the key tag of this clone, but its own "
                "tags do not show the key yet, so no second clone is ordered — run "
                "pulumi up again in a minute"
            )
            raise RefusedError(message)
        own = self.choose(found)
        if own is None:
            return None
        self.announce(own)
        return own.summary.id

    def _look_for(self, seconds: float) -> str | None:
        """
        Repeat the look for *seconds*.
        """
        self._progress.show(f"looking for an ordered clone for up to {seconds:.0f} s")
        return find_until_visible(
            self._look, seconds, region=self._region, progress=self._progress
        )


def midnight(now: datetime) -> datetime:
    """
    Return when the day of *now* began, in UTC.
    """
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
