"""
Looking for the instances that were ordered for a resource, as far as lists show them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.adoption import Claim, Marked, adoptable, living, own_of
from pulumi_rdsclone.domain.checking import Finding
from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.identity import KEY_TAG, root_of
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.visibility import look_for

_OVERLAP: Final = timedelta(minutes=15)
"""
How long after midnight in UTC an order of the day before is looked for until it must be
visible: the tokens of the new day do not know it.
"""


def twins_of(instance_id: str, claim: Claim, site: Site) -> list[str]:
    """
    Return the ids of other instances that carry the key of the same clone.
    """
    found = _marked(site, root_of(claim.birth.key), without=instance_id)
    return [one.sighting.id for one in own_of(found, claim.birth)]


def _marked(site: Site, root: str, *, without: str = "") -> list[Marked]:
    """
    Return the living instances that lists show with the key tag *root*.
    """
    found = living(site.rds.sightings({KEY_TAG: root}))
    return [
        Marked(sighting=one, tags=site.rds.tags(one.id))
        for one in found
        if one.id != without
    ]


def unmarked_since(since: datetime, site: Site) -> list[str]:
    """
    Return the ids of the living instances that were created later and carry no key.

    One of them may be a clone whose order has ignored its birth tags.
    """
    marked = site.rds.tagged(KEY_TAG)
    return [
        one.id
        for one in living(site.rds.sightings({}))
        if one.created and one.created >= since and one.id not in marked
    ]


class Search:
    """
    Looking for an instance that was ordered for a resource.

    Attributes:
        is_unanswered: Whether this run has ordered one and got no answer.
    """

    def __init__(self, site: Site, claim: Claim, row: Row) -> None:
        self.is_unanswered = False
        self._site = site
        self._claim = claim
        self._row = row
        self._is_settled = False

    def look_first(self) -> str | None:
        """
        Return the clone of an earlier run, as far as lists show it by now.

        Right after midnight its token may be that of the day before, so it is looked
        for until it must show.
        """
        now = self._site.clock.now()
        own = self._look()
        if own is None and now - midnight(now) < _OVERLAP:
            self._is_settled = True
            own = self.look_until_settled()
        return own

    def look_until_settled(self) -> str | None:
        """
        Return a clone that was just ordered, once lists show it.
        """
        return self._look_for(self._site.pace.settle)

    def look_for_used(self) -> str | None:
        """
        Return the clone of an earlier run that is known to have ordered one.

        Once is enough: no earlier run orders meanwhile.
        """
        if self._is_settled:
            return None
        self._is_settled = True
        return self._look_for(self._site.pace.used)

    def choose(self, found: Sequence[Marked]) -> Marked | None:
        """
        Return the one of *found* that is the clone.

        Raises:
            RefusedError: It may not be adopted, or there are several.
        """
        own = adoptable(own_of(found, self._claim.birth), self._claim)
        if isinstance(own, Finding):
            msg = f"{own.what} — {own.remedy}"
            raise RefusedError(msg)
        return own

    def announce(self, own: Marked) -> None:
        """
        Say that an instance becomes the clone.
        """
        if self.is_unanswered and own.is_interrupted:
            self._row.warn(f"found {own.sighting.id}, whose order was not answered")
        else:
            self._row.warn(f"adopted {own.description}")

    def _look(self) -> str | None:
        """
        Look once.

        Raises:
            RefusedError: There is one that may not be adopted, or several, or two
                answers contradict each other.
        """
        root = root_of(self._claim.birth.key)
        found = _marked(self._site, root)
        if untold := [o.sighting.id for o in found if o.tags.get(KEY_TAG) != root]:
            msg = (
                f"{untold[0]} was found by the key tag of this clone, but its own tags "
                "do not show the key yet, so no second clone is ordered — run pulumi "
                "up again in a minute"
            )
            raise RefusedError(msg)
        own = self.choose(found)
        if own is None:
            return None
        self.announce(own)
        return own.sighting.id

    def _look_for(self, seconds: float) -> str | None:
        """
        Look again for *seconds*.
        """
        self._row.say(f"looking for an ordered clone for up to {seconds:.0f} s")
        return look_for(self._look, seconds, self._site, self._row)


def midnight(now: datetime) -> datetime:
    """
    Return when the day of *now* began, in UTC.
    """
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
