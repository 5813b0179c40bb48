"""
The backup sets of instances that are gone.
"""

from typing import Final

from rds_emulator.actions import list_ranges
from rds_emulator.actions.backups import backups
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.state.model import Instance

_FIELDS: Final = (
    "BackupId",
    "DBInstanceId",
    "BackupStatus",
    "BackupMode",
    "BackupMethod",
    "BackupType",
    "BackupStartTime",
    "BackupEndTime",
    "BackupSize",
    "IsAvail",
    "ConsistentTime",
    "StoreStatus",
    "MetaStatus",
    "HostInstanceID",
    "BackupDownloadURL",
    "BackupIntranetDownloadURL",
)


@action(
    "DescribeDetachedBackups",
    models=(
        "The sets that outlived the release of MySQL instances of a region, at once,"
        " the newest first; all filters; pages of 30 to 100. They never expire."
        " ResourceGroupId filters by the group that the instance had."
    ),
    evidence=(
        "Parameters, response tree and the envelope of strings of SDK 16.0.2, where the"
        " region is called Region; no error table was found: the codes are those of"
        " DescribeBackups. The user guide shows sets up to 30 minutes after a release,"
        " and for MySQL alone. That RegionId will do as well is ours."
    ),
)
def describe_detached(invocation: Invocation) -> Answer:
    """
    List the backup sets of released instances.
    """
    parameters = invocation.parameters
    region = parameters.text("Region") or parameters.text("RegionId")
    if region is None:
        raise missing(name="Region")
    if invocation.cloud.account.region(region) is None:
        raise ApiError(code="InvalidRegionId.NotFound")
    number, size = list_ranges.page(parameters)
    list_ranges.minutes(parameters)
    found = sorted(
        (
            (backup, instance)
            for instance, sets in invocation.cloud.detached()
            if instance.region == region and _is_wanted(instance, invocation)
            for backup in backups.select(sets, parameters)
        ),
        key=lambda pair: (pair[0].started, pair[0].id),
        reverse=True,
    )
    page = paging.numbered(found, number=number, size=size)
    now = invocation.cloud.clock.now()
    items = []
    for backup, instance in page.entries:
        told = backups.described(backup, instance, now=now)
        items.append(
            {
                **{name: told[name] for name in _FIELDS},
                "DBInstanceComment": instance.description,
            }
        )
    return {
        "Items": {"Backup": items},
        "PageNumber": str(number),
        "PageRecordCount": str(len(items)),
        "TotalRecordCount": str(len(found)),
    }


def _is_wanted(instance: Instance, invocation: Invocation) -> bool:
    parameters = invocation.parameters
    return parameters.text("DBInstanceId") in (
        None,
        instance.id,
    ) and parameters.text("ResourceGroupId") in (None, instance.resource_group_id)
