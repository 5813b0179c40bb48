"""
Eventual consistency: the API shows instances and tags as they were a while ago.

How long ago is a trait of the cloud's temper, one for each kind of call.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from rds_emulator.state.model import DatabaseAccount, Instance, PastAccounts, PastTags
from rds_emulator.state.temper import BOTH, UNKNOWN_ID, Temper

_ATTRIBUTE: Final = "DescribeDBInstanceAttribute"


def unknown_as(
    instance: Instance, action: str, *, now: datetime, temper: Temper
) -> str | None:
    """
    Return the code by which *action* does not know *instance* yet, or None.
    """
    age = (now - instance.created).total_seconds()
    if action != _ATTRIBUTE:
        return UNKNOWN_ID if age < temper.sub_read_lag_seconds else None
    lag = temper.attribute_lag_seconds
    if age >= lag:
        return None
    if temper.attribute_lag_code != BOTH:
        return temper.attribute_lag_code
    return UNKNOWN_ID if age < lag / 2 else "Forbidden.InstanceNotFound"


def listed(
    instances: list[Instance], *, now: datetime, temper: Temper
) -> list[Instance]:
    """
    Return the instances that lists show by *now*, with the tags they show by then.
    """
    if not temper.list_lag_seconds and not temper.tag_lag_seconds:
        return instances
    newest = now - timedelta(seconds=temper.list_lag_seconds)
    instant = now - timedelta(seconds=temper.tag_lag_seconds)
    return [
        _as_of(instance, instant)
        for instance in instances
        if instance.created <= newest
    ]


def retag(
    instance: Instance, tags: Mapping[str, str], *, now: datetime, temper: Temper
) -> Instance:
    """
    Return *instance* with new tags; the old ones are kept while lists show them.
    """
    if not temper.tag_lag_seconds:
        return replace(instance, tags=tags, past_tags=())
    past = PastTags(tags=instance.tags, until=now)
    horizon = now - timedelta(seconds=temper.tag_lag_seconds)
    kept = tuple(past for past in instance.past_tags if past.until > horizon)
    return replace(instance, tags=tags, past_tags=(*kept, past))


def with_past_accounts(
    instance: Instance, before: Instance | None, *, now: datetime
) -> Instance:
    """
    Return *instance* with the accounts it had *before* noted, if they are others.
    """
    if before is None or before.accounts == instance.accounts:
        return instance
    past = PastAccounts(accounts=before.accounts, until=now)
    return replace(instance, past_accounts=(*before.past_accounts, past))


def accounts_at(instance: Instance, instant: datetime) -> tuple[DatabaseAccount, ...]:
    """
    Return the accounts that *instance* had at *instant*.
    """
    past = (past.accounts for past in instance.past_accounts if instant < past.until)
    return next(past, instance.accounts)


def _as_of(instance: Instance, instant: datetime) -> Instance:
    tags = _tags_at(instance, instant)
    return instance if tags == instance.tags else replace(instance, tags=tags)


def _tags_at(instance: Instance, instant: datetime) -> Mapping[str, str]:
    if instant < instance.created:
        return {}
    past = (past.tags for past in instance.past_tags if instant < past.until)
    return next(past, instance.tags)
