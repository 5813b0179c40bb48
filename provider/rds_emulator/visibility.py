"""
Eventual consistency: lists show instances and tags as they were a while ago.

How long ago is a setting of the account, one for instances and one for tags. A
call that names its instance, such as DescribeDBInstanceAttribute, lags never.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rds_emulator.document import DocumentError
from rds_emulator.model import Account, Instance, PastTags


@dataclass(frozen=True, kw_only=True)
class Lags:
    """
    How far lists and statuses are to lag behind, in emulated seconds.

    None changes nothing.
    """

    list_lag_seconds: float | None = None
    tag_lag_seconds: float | None = None
    change_lag_seconds: float | None = None

    def given(self) -> dict[str, float]:
        """
        Tell the lags that are not None, by name.

        Raises:
            DocumentError: when one of them is negative.
        """
        lags = {name: lag for name, lag in vars(self).items() if lag is not None}
        for name, lag in lags.items():
            if lag < 0:
                message = f"{name}: must be 0 or more, not {lag:g}"
                raise DocumentError(message)
        return lags


def listed(
    instances: list[Instance], *, now: datetime, account: Account
) -> list[Instance]:
    """
    Keep the instances that lists show by *now*, with the tags they show by then.
    """
    if not account.list_lag_seconds and not account.tag_lag_seconds:
        return instances
    newest = now - timedelta(seconds=account.list_lag_seconds)
    instant = now - timedelta(seconds=account.tag_lag_seconds)
    return [_as_of(one, instant) for one in instances if one.created <= newest]


def retag(
    instance: Instance, tags: Mapping[str, str], *, now: datetime, account: Account
) -> Instance:
    """
    Give *instance* new tags, and keep the old ones for as long as lists show them.
    """
    if not account.tag_lag_seconds:
        return replace(instance, tags=tags, past_tags=())
    past = PastTags(tags=instance.tags, until=now)
    horizon = now - timedelta(seconds=account.tag_lag_seconds)
    kept = tuple(one for one in instance.past_tags if one.until > horizon)
    return replace(instance, tags=tags, past_tags=(*kept, past))


def _as_of(instance: Instance, instant: datetime) -> Instance:
    tags = _tags_at(instance, instant)
    return instance if tags == instance.tags else replace(instance, tags=tags)


def _tags_at(instance: Instance, instant: datetime) -> Mapping[str, str]:
    if instant < instance.created:
        return {}
    past = (one.tags for one in instance.past_tags if instant < one.until)
    return next(past, instance.tags)
