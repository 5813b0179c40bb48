"""
Subscriptions by when they end.
"""

from datetime import timedelta
from typing import Final

from rds_emulator.actions.instances import filters
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.rules import naming
from rds_emulator.state.model import Instance

_PAGE_SIZE: Final = 30
_MAX_PAGE_SIZE: Final = 100
_MAX_DAYS: Final = 180


@action(
    "DescribeDBInstancesByExpireTime",
    models=(
        "Subscriptions, those that end first at the beginning; filters ExpirePeriod (0"
        " to 180 days from now), Expired, Tags and ResourceGroupId; pages of up to 100."
        " Without RegionId those of all regions."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2; no error table was"
        " found. Inferred: that pay-as-you-go instances are left out, that ExpirePeriod"
        " takes none that has ended, and the codes, those of DescribeDBInstances. The"
        " order is ours."
    ),
)
def describe_by_expiry(invocation: Invocation) -> Answer:
    """
    List the subscriptions that end soon, or have ended.
    """
    parameters, cloud = invocation.parameters, invocation.cloud
    now, temper = cloud.clock.now(), cloud.account.temper
    days = parameters.integer("ExpirePeriod", default=-1, least=0, most=_MAX_DAYS)
    expired = parameters.choice(
        "Expired", ("True", "False"), refusal="InvalidExpired.Format"
    )
    number = parameters.integer("PageNumber", default=1)
    size = parameters.integer("PageSize", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
    tags = naming.tag_filters_from(parameters.text("Tags"))
    group = parameters.text("ResourceGroupId")
    region = invocation.region()
    regions = cloud.account.regions if region is None else (region,)
    ending = sorted(
        (instance.expires, instance.id, instance)
        for place in regions
        for instance in cloud.listed(place)
        if instance.expires is not None
        and group in (None, instance.resource_group_id)
        and filters.matches_tags(instance, tags, temper=temper)
    )
    found = [
        instance
        for end, _, instance in ending
        if (expired is None or (end <= now) == (expired == "True"))
        and (days < 0 or now < end <= now + timedelta(days=days))
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "Items": {"DBInstanceExpireTime": [_entry(item) for item in page.entries]},
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
    }


def _entry(instance: Instance) -> Answer:
    return {
        "DBInstanceId": instance.id,
        "DBInstanceDescription": instance.description,
        "DBInstanceStatus": instance.status,
        "ExpireTime": timestamps.to_seconds(instance.expires)
        if instance.expires
        else "",
        "PayType": instance.pay_type,
        "LockMode": instance.lock_mode,
    }
