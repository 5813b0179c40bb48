"""
Backup sets in other regions: there are none.
"""

from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import timestamps
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters

_PAGE_SIZES: Final = ("30", "50", "100")


@action(
    "DescribeCrossRegionBackups",
    models=(
        "An empty list: backups are not copied to other regions. Ids, times and pages"
        " are checked; CrossBackupRegion and ResourceGroupId are ignored."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2; no error table was"
        " found. Inferred: that none of CrossBackupId, StartTime and EndTime is needed,"
        " which the text says and Terraform's data source does not send; codes of"
        " times as for DescribeBackups, InvalidParameter for all others."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_cross_region_backups(invocation: Invocation) -> Answer:
    """
    List the backup sets of an instance in other regions: none.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    invocation.instance()
    for name in ("CrossBackupId", "BackupId"):
        parameters.integer(name, default=0, most=2**63 - 1)
    begin = _time(parameters, "StartTime", refusal="InvalidStartTime.Format")
    end = _time(parameters, "EndTime", refusal="InvalidEndTime.Format")
    if begin and end and end <= begin:
        raise ApiError(
            code="InvalidParameterCombination", names="StartTime and EndTime"
        )
    if parameters.text("PageSize") not in (None, *_PAGE_SIZES):
        raise invalid(name="PageSize")
    return {
        "RegionId": region.id,
        "StartTime": begin,
        "EndTime": end,
        "Items": {"Item": []},
        "PageNumber": parameters.integer("PageNumber", default=1),
        "PageRecordCount": 0,
        "TotalRecordCount": 0,
    }


def _time(parameters: Parameters, name: str, *, refusal: str) -> str:
    text = parameters.text(name) or ""
    if text and timestamps.from_seconds(text) is None:
        raise ApiError(code=refusal)
    return text
