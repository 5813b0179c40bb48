"""
Eventual consistency: lists show instances and tags as they were a while ago.

How long ago is a trait of the cloud's temper, one for instances and one for tags.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from rds_emulator.model import Instance, PastTags
from rds_emulator.temper import Temper


def listed(
    instances: list[Instance], *, now: datetime, temper: Temper
) -> list[Instance]:
    """
    Keep the instances that lists show by *now*, with the tags they show by then.
    """
    if not temper.list_lag_seconds and not temper.tag_lag_seconds:
        return instances
    newest = now - timedelta(seconds=temper.list_lag_seconds)
    instant = now - timedelta(seconds=temper.tag_lag_seconds)
    return [_as_of(one, instant) for one in instances if one.created <= newest]


def retag(
    instance: Instance, tags: Mapping[str, str], *, now: datetime, temper: Temper
) -> Instance:
    """
    Give *instance* new tags, and keep the old ones for as long as lists show them.
    """
    if not temper.tag_lag_seconds:
        return replace(instance, tags=tags, past_tags=())
    past = PastTags(tags=instance.tags, until=now)
    horizon = now - timedelta(seconds=temper.tag_lag_seconds)
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
