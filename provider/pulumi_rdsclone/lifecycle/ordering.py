"""
Get exactly one clone: look for it, else order it, and never order it twice.

The answers to an order, and what follows:

==================================== =================================================
an instance that is there            the clone, if its tags do not say otherwise
one that no call knows yet           the clone: whoever waits for it sees it later
one that is gone, going or not ours  the next token: an earlier clone of the day had it
token used for another order         what the log has for it; else look, then next token
any other failure                    see *_STEPS*
==================================== =================================================
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from functools import partial
from math import ceil
from typing import Final

from pulumi_rdsclone.domain.adoption import Claim, TaggedInstance, not_deleted
from pulumi_rdsclone.domain.errors import (
    CloneError,
    NotFoundError,
    RefusedError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import (
    CREATING,
    KEY_TAG,
    RESTORED_TAG,
    client_token,
)
from pulumi_rdsclone.domain.instances import GONE, InstanceSummary
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.problems import listed
from pulumi_rdsclone.domain.restoring import parse_tag
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.order_log import LoggedOrder
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.searching import Search, midnight, unmarked_since
from pulumi_rdsclone.lifecycle.visibility import (
    find_until_visible,
    is_gone,
    may_show_later,
)
from pulumi_rdsclone.lifecycle.wait import refuse_abandoned


class _Failure(Enum):
    """
    Why an order was not answered with an instance.
    """

    THROTTLED = auto()
    NOT_SENT = auto()
    NO_ANSWER = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class _Step:
    """
    What follows a failure, for an order with the same token.

    Attributes:
        repeats: How often the order is sent again; afterwards the failure is raised.
        may_be_done: Whether the order may have had its effect.
        searches: Whether lists are searched for a clone before the order is sent again.
    """

    repeats: int
    may_be_done: bool
    searches: bool


_STEPS: Final[Mapping[_Failure, _Step]] = {
    _Failure.THROTTLED: _Step(repeats=60, may_be_done=False, searches=False),
    _Failure.NOT_SENT: _Step(repeats=5, may_be_done=False, searches=True),
    _Failure.NO_ANSWER: _Step(repeats=1, may_be_done=True, searches=True),
    _Failure.REFUSED: _Step(repeats=0, may_be_done=False, searches=False),
}
"""
What follows each failure. Sixty throttled orders take five minutes. Whether the API
honours a ClientToken for clones is documented nowhere: without it each repeat of an
order that may have had its effect is a clone more.
"""

_LOST_REPLIES: Final = _STEPS[_Failure.NO_ANSWER].repeats
"""The same for orders that earlier runs of this machine have sent."""

_TOKENS: Final = 100
"""How many tokens of one day are tried: each stands for a clone that was released."""


@dataclass(frozen=True, kw_only=True)
class OrderedClone:
    """
    The clone of an order.

    Attributes:
        id: Its id.
        ordered: When this machine heard of it, where no call has shown it yet; None for
            an instance that was seen.
        lost: When orders were sent that were not answered.
        tags: Its tags as far as this run knows them: those of the order, at least.
        missing_tags: Those of them that it may lack; see *add_missing_tags*.
    """

    id: str
    ordered: datetime | None = None
    lost: tuple[datetime, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    missing_tags: Mapping[str, str] = field(default_factory=dict)


def adopt_or_order(
    region: RegionContext, order: CloneOrder, *, claim: Claim, progress: Progress
) -> OrderedClone:
    """
    Return the one clone for *order*, adopted or ordered now.

    Args:
        region: The region of the instance.
        order: The order; its token and birth tags are set here.
        claim: How the clone is marked and known again.
        progress: Where an adoption is announced.

    Raises:
        RefusedError: An instance with its key exists that may not be adopted, or the
            run was cancelled.
        AbandonedError: Nobody waits for the outcome any more.
        ApiError: The order was refused.
        UnavailableError: It was not answered, and no clone is found.
    """
    return _Ordering(region, order, claim=claim, progress=progress).run()


def add_missing_tags(
    instance_id: str,
    wanted: Mapping[str, str],
    *,
    region: RegionContext,
    there: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """
    Add to an instance those of the birth tags *wanted* that it lacks.

    An order may have ignored them. Source: the parameter Tag.N of CloneDBInstance is
    missing in Alibaba Cloud's SDK 15.9.1 of 2026-05-12.

    Args:
        instance_id: The instance.
        wanted: The birth tags.
        region: The region of the instance.
        there: The tags that it has; read now, if not given.

    Returns:
        *wanted*, if its tags could not be read or set: try again later; else nothing.
    """
    try:
        there = region.rds.tags(instance_id) if there is None else there
        if missing := {k: v for k, v in wanted.items() if k not in there}:
            region.rds.set_tags(instance_id, missing)
    except Exception:  # noqa: BLE001 - whatever fails, the clone must not be lost
        return wanted
    return {}


class _Ordering:
    """
    Orders until there is one clone.
    """

    def __init__(
        self,
        region: RegionContext,
        order: CloneOrder,
        *,
        claim: Claim,
        progress: Progress,
    ) -> None:
        self._region = region
        self._marks = claim.marks
        tags = {**order.tags, **claim.marks.tags(CREATING)}
        self._order = replace(order, tags=tags)
        self._progress = progress
        self._search = Search(region, claim, progress=progress)
        self._began = region.clock.now().replace(microsecond=0)
        self._day = self._began.date()
        self._attempt = self._tried = 0
        self._failures = Counter[_Failure]()
        self._lost: tuple[datetime, ...] = ()

    def run(self) -> OrderedClone:
        """
        Return the clone; see *adopt_or_order*.
        """
        own = self._search.find_first()
        found = OrderedClone(id=own) if own else None
        while found is None:
            self._refuse_without_listener()
            if self._region.log.is_spent(self._token):
                self._take_next_token()
            else:
                found = self._find_logged() or self._send()
        return replace(found, lost=self._region.log.unanswered(self._token))

    @property
    def _token(self) -> str:
        marks = self._marks
        return client_token(
            marks.key, spec_hash=marks.spec_hash, day=self._day, attempt=self._attempt
        )

    @property
    def _tags(self) -> Mapping[str, str]:
        return self._order.tags

    def _find_logged(self) -> OrderedClone | None:
        """
        Return the clone that an earlier run of this machine has ordered, if it shows.

        Raises:
            RefusedError: Several orders were not answered, and what came of them is not
                known yet, or may be an instance without a key.
        """
        log, token = self._region.log, self._token
        logged = log.order(token)
        if logged and self._shows(logged):
            return self._accept(logged)
        if self._lost or not (sent := log.unanswered(token)):
            return None
        self._lost, self._search.is_unanswered = sent, True
        if may_show_later(sent[-1], self._region):
            if own := self._search.find_just_ordered():
                return OrderedClone(id=own)
            if len(sent) > _LOST_REPLIES:
                raise RefusedError(self._perhaps_ordered)
        elif strangers := unmarked_since(sent[0], self._region):
            raise self._perhaps_one_of(strangers)
        else:
            log.forget(token, self._region.clock.now())
        return None

    def _shows(self, logged: LoggedOrder) -> bool:
        """
        Return whether a clone that this machine has ordered before is visible by now.

        An emulator may have been started anew, so it is not waited for without an end.
        """
        look = partial(self._see, logged)
        if look() is not None:
            return True
        self._progress.show(
            f"looking for {logged.instance_id}, which was ordered before"
        )
        found = find_until_visible(
            look,
            self._region.schedule.used_token_timeout,
            region=self._region,
            progress=self._progress,
        )
        return found is not None

    def _send(self) -> OrderedClone | None:
        """
        Order with the present token, and return the clone if there is one now.
        """
        rds, log, clock = self._region.rds, self._region.log, self._region.clock
        token = self._token
        self._repeat_as_sent(log.restored(token))
        log.note_sent(token, restored=self._tags[RESTORED_TAG], now=clock.now())
        try:
            instance_id = rds.order_clone(replace(self._order, token=token))
        except TokenUsedError:
            log.note_refused(token, clock.now())
            return self._after_used()
        except CloneError as error:
            return self._after_failure(error)
        return self._accept(
            log.note_order(token, instance_id=instance_id, now=clock.now())
        )

    def _repeat_as_sent(self, restored: str) -> None:
        """
        Order *restored* once more, if an order of it may have had its effect.

        Another second as the latest would make another order of it, which the API
        refuses to answer with the clone of the first one.
        """
        if restored:
            restore = parse_tag(restored)[1]
            self._order = replace(
                self._order,
                restore_time=restore.time_by_logs,
                backup_id=restore.backup_id,
                tags={**self._tags, RESTORED_TAG: restored},
            )

    def _after_used(self) -> OrderedClone | None:
        """
        Return the clone of an earlier run, with another second as its latest.

        Raises:
            RefusedError: None is found, and an instance of that day might be it.
        """
        if logged := self._region.log.order(self._token):
            return self._accept(logged)
        if own := self._search.find_used():
            return OrderedClone(id=own)
        if strangers := unmarked_since(
            midnight(self._region.clock.now()), self._region
        ):
            raise self._perhaps_one_of(strangers)
        self._region.log.note_spent(self._token, self._region.clock.now())
        self._take_next_token()
        return None

    def _after_failure(self, error: CloneError) -> OrderedClone | None:
        """
        Return the clone if lists show it; None if the order is to be sent again.

        Raises:
            UnavailableError: Enough orders were sent that may have had their effect.
            CloneError: *error*, if the order was repeated often enough.
        """
        failure = _failure_of(error)
        step = _STEPS[failure]
        self._failures[failure] += 1
        if step.may_be_done:
            self._lost = self._region.log.unanswered(self._token)
            self._search.is_unanswered = True
        else:
            self._region.log.note_refused(self._token, self._region.clock.now())
        if step.searches and (own := self._search.find_just_ordered()):
            return OrderedClone(id=own)
        if isinstance(error, UnavailableError) and len(self._lost) > _LOST_REPLIES:
            raise UnavailableError(error.fault, self._perhaps_ordered) from error
        if self._failures[failure] > step.repeats:
            raise error
        return None

    def _accept(self, logged: LoggedOrder) -> OrderedClone | None:
        """
        Return the instance that a token stands for, if it is the clone.

        What cannot be read counts as the clone: the id of one that was just ordered
        must not be lost.
        """
        seen, tags = self._see(logged), self._tags_of(logged)
        is_new = logged.at >= self._began
        if seen and not self._is_own(seen, tags or {}, is_new=is_new):
            self._take_next_token()
            return None
        return OrderedClone(
            id=logged.instance_id,
            ordered=None if seen else logged.at,
            tags={**self._tags, **(tags or {})},
            missing_tags=add_missing_tags(
                logged.instance_id, self._tags, region=self._region, there=tags
            ),
        )

    def _see(self, logged: LoggedOrder) -> InstanceSummary | None:
        """
        Return the instance of an order; None if no call shows it yet.
        """
        region, instance_id = self._region, logged.instance_id
        try:
            instance = region.rds.instance(instance_id)
        except NotFoundError:
            ordered = None if region.log.was_seen(instance_id) else logged.at
            if not is_gone(
                instance_id, region, progress=self._progress, ordered=ordered
            ):
                return None
            return InstanceSummary(id=instance_id, status=GONE)
        except Exception:  # noqa: BLE001 - whatever fails, the wait will meet it again
            return None
        return InstanceSummary(
            id=instance_id, status=instance.status, created=instance.created
        )

    def _tags_of(self, logged: LoggedOrder) -> Mapping[str, str] | None:
        """
        Return the tags of the instance of an order; None where they cannot be read.
        """
        try:
            return self._region.rds.tags(logged.instance_id)
        except Exception:  # noqa: BLE001 - whatever fails, the wait will meet it again
            return None

    def _is_own(
        self, seen: InstanceSummary, tags: Mapping[str, str], *, is_new: bool
    ) -> bool:
        """
        Return whether an instance that a token was answered with is the clone.

        It is not when it is gone or going, was retained, or is the one that is to be
        replaced: that may have been adopted from a later generation.

        Raises:
            RefusedError: It is, and may not be adopted.
        """
        if not not_deleted([seen]):
            return False
        if KEY_TAG not in tags:
            return True
        own = self._search.choose([TaggedInstance(summary=seen, tags=tags)])
        if own and not is_new:
            self._search.announce(own)
        return own is not None

    def _perhaps_one_of(self, strangers: Sequence[str]) -> RefusedError:
        """
        Return the refusal that one of some instances without a key may be the clone.

        They are noted as seen: if the user releases one, and the order is answered
        with it once more, it is gone and not invisible.
        """
        for instance_id in strangers:
            self._region.log.note_seen(instance_id, self._region.clock.now())
        return RefusedError(
            f"this clone was ordered today already, and {listed(strangers)}, created "
            f"today without the tag {KEY_TAG}, may be that clone, so it is not ordered "
            "again — release the instance if it is that clone, else add the tag "
            f"{KEY_TAG} with the value none to it"
        )

    def _take_next_token(self) -> None:
        """
        Take the next token, because the clone of the present one is gone or not ours.

        Raises:
            RefusedError: There were too many.
        """
        self._tried += 1
        self._attempt = 2 * self._attempt + 1
        if self._tried >= _TOKENS:
            message = (
                f"this clone was ordered and released {_TOKENS} times today, so it is "
                "not ordered again — run pulumi up tomorrow (UTC)"
            )
            raise RefusedError(message)

    def _refuse_without_listener(self) -> None:
        """
        Raise if nobody waits for the outcome of an order.

        Raises:
            AbandonedError: Nobody waits any more.
            RefusedError: The run was cancelled.
        """
        refuse_abandoned(self._progress)
        if self._progress.is_cancelled:
            message = (
                "the run was cancelled before the clone was ordered — run it again"
            )
            if self._lost:
                message = f"the run was cancelled, and {self._perhaps_ordered}"
            raise RefusedError(message)

    @property
    def _perhaps_ordered(self) -> str:
        times = " and ".join(dict.fromkeys(map(format_instant, self._lost)))
        minutes = ceil(self._region.schedule.visibility_timeout / 60)
        return (
            f"the clone may have been ordered at {times} nevertheless — run pulumi up "
            f"again in {minutes} minutes, which first looks for that clone"
        )


def _failure_of(error: CloneError) -> _Failure:
    if isinstance(error, ThrottledError):
        return _Failure.THROTTLED
    if isinstance(error, UnavailableError):
        return _Failure.NO_ANSWER if error.may_be_done else _Failure.NOT_SENT
    return _Failure.REFUSED
