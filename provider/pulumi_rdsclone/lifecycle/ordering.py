"""
Getting exactly one clone: look for it, order it, never order it twice.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.adoption import Claim, Marked, adoptable, living, own_of
from pulumi_rdsclone.domain.checking import Finding
from pulumi_rdsclone.domain.errors import (
    NotFoundError,
    RefusedError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import (
    CREATING,
    KEY_TAG,
    client_token,
    generation_of,
    key_in,
    root_of,
)
from pulumi_rdsclone.domain.instances import Verdict, judge_status
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.waiting import refuse_abandoned, rest

_LOST_REPLIES = 5
"""How often an order is repeated whose reply was lost: a minute or two in all."""

_THROTTLED = 60
"""How often an order is repeated that was throttled: five minutes in all."""


_OVERLAP: Final = timedelta(minutes=15)
"""
How long after midnight in UTC an order of the day before is looked for until it must be
visible: the tokens of the new day do not know it.
"""


_PERHAPS_ORDERED = (
    "the clone may have been ordered nevertheless — run pulumi up again, which first "
    "looks for that clone"
)


def obtain(site: Site, order: CloneOrder, claim: Claim, row: Row) -> str:
    """
    Give the id of the one clone for *order*: found, or ordered now.

    Args:
        site: Where.
        order: What to order; its token and birth tags are set here.
        claim: How the clone is marked and known again.
        row: Where an adoption is announced.

    Raises:
        RefusedError: An instance with our key exists that may not be adopted, or the
            run was cancelled.
        AbandonedError: Nobody waits for the outcome any more.
        ApiError: The order was refused.
    """
    birth = claim.birth
    marked = replace(order, tags={**order.tags, **birth.tags(CREATING)})
    search = _Search(site, claim, row)
    attempt = lost = throttled = 0
    now = site.clock.now()
    own = search.look()
    settled = own is None and now - _midnight(now) < _OVERLAP
    if settled:
        own = search.look_until_settled()
    while own is None:
        _refuse_without_listener(row, may_be_ordered=lost > 0)
        token = client_token(birth.key, birth.spec_hash, now.date(), attempt)
        try:
            ordered = site.rds.order_clone(replace(marked, token=token))
        except TokenUsedError:
            # The clone of an earlier run, with another second as its latest. Once is
            # enough: no earlier run orders meanwhile.
            own = None if settled else search.look_until_settled()
            settled = True
            attempt = _next(attempt)
        except ThrottledError:
            throttled += 1
            if throttled > _THROTTLED:
                raise
        except UnavailableError as error:
            lost += 1
            search.is_unanswered = True
            own = search.look_until_settled()
            if own is None and lost > _LOST_REPLIES:
                raise UnavailableError(error.fault, _PERHAPS_ORDERED) from error
        else:
            if search.accepts(ordered):
                return ordered
            own = search.look_until_settled()
            attempt = _next(attempt)
    return own


def _refuse_without_listener(row: Row, *, may_be_ordered: bool) -> None:
    """
    Order nothing whose outcome nobody will take.

    Args:
        row: Whose outcome it is.
        may_be_ordered: Whether the reply to an order was lost.
    """
    refuse_abandoned(row)
    if row.is_cancelled:
        msg = "the run was cancelled before the clone was ordered — run it again"
        if may_be_ordered:
            msg = f"the run was cancelled, and {_PERHAPS_ORDERED}"
        raise RefusedError(msg)


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _next(attempt: int) -> int:
    """
    Give the attempt after one whose token stands for an instance that is gone.

    In growing steps: a clone may be made and released many times in one day.
    """
    return 2 * attempt + 1


class _Search:
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

    def look(self) -> str | None:
        """
        Look once.

        Raises:
            RefusedError: There is one that may not be adopted, or several, or two
                answers contradict each other.
        """
        rds, birth = self._site.rds, self._claim.birth
        root = root_of(birth.key)
        found = living(rds.sightings({KEY_TAG: root}))
        marked = [Marked(sighting=one, tags=rds.tags(one.id)) for one in found]
        if untold := [o.sighting.id for o in marked if o.tags.get(KEY_TAG) != root]:
            msg = (
                f"{untold[0]} was found by the key tag of this clone, but its own tags "
                "do not show the key yet, so no second clone is ordered — run pulumi "
                "up again in a minute"
            )
            raise RefusedError(msg)
        own = adoptable(own_of(marked, birth), self._claim)
        if isinstance(own, Finding):
            msg = f"{own.what} — {own.remedy}"
            raise RefusedError(msg)
        if own is None:
            return None
        if self.is_unanswered and own.is_interrupted:
            self._row.warn(f"found {own.sighting.id}, whose order was not answered")
        else:
            self._row.warn(f"adopted {own.description}")
        return own.sighting.id

    def look_until_settled(self) -> str | None:
        """
        Look again until a clone that was just ordered must have become visible.

        Nobody is kept waiting who has cancelled the run.
        """
        waited = 0.0
        pace = self._site.pace
        self._row.say(f"looking for an ordered clone for up to {pace.settle:.0f} s")
        while waited < pace.settle and not self._row.is_cancelled:
            rest(pace.repeat, self._site.clock, self._row)
            waited += pace.repeat
            if own := self.look():
                return own
        return None

    def accepts(self, instance_id: str) -> bool:
        """
        Tell whether a token was answered with the clone that was ordered.

        Not so when that is gone or going, or is the one that is to be replaced: it
        may have been adopted from a later generation. What cannot be read counts as
        the clone: the id of one that was just ordered must not be lost.
        """
        rds, birth = self._site.rds, self._claim.birth
        try:
            if judge_status(rds.instance(instance_id).status) is Verdict.FAILED:
                return False
            tags = rds.tags(instance_id)
        except NotFoundError:
            return False
        except Exception:  # noqa: BLE001 - whatever fails, the wait will meet it again
            return True
        return generation_of(key_in(tags)) >= generation_of(birth.key) or not tags
