"""
What can be wrong with an instance, a list of them, or their tags.
"""

from collections.abc import Mapping
from typing import Final

INSTANCES: Final[Mapping[str, tuple[int, str]]] = {
    "DependencyViolation": (
        403,
        (
            "The operation is not permitted due to instance mount read only or guard"
            " instance."
        ),
    ),
    "Duplicate.TagKey": (400, "The Tag.N.Key contains duplicate keys."),
    "IncorrectCharacterType": (
        403,
        "Current DB instance character type does not support this operation.",
    ),
    "IncorrectDBInstanceCharacterType": (
        403,
        "Current DB instance character type does not support this operation.",
    ),
    "IncorrectDBInstanceEngine": (
        403,
        "Current DB instance engine does not support this operation.",
    ),
    "IncorrectDBInstanceLockMode": (
        403,
        "Current DB instance lock mode does not support this operation.",
    ),
    "IncorrectDBInstanceState": (
        403,
        "Current DB instance state does not support this operation.",
    ),
    "IncorrectDBInstanceType": (
        400,
        "Current DB instance type does not support this operation.",
    ),
    "IncorrectEngineVersion": (
        403,
        "Current engine version does not support operations.",
    ),
    "Invalid.NextToken": (400, "The specified NextToken is not valid."),
    "InvalidCommodityCode.Malformed": (
        400,
        "The specified commodity code is not valid.",
    ),
    "InvalidCondition.NotFound": (
        404,
        "The specified condition does not match any resource on sale.",
    ),
    "InvalidDBInstance.NotFound": (
        404,
        "Specified instance does not exist or not support.",
    ),
    "InvalidDBInstanceId.NotFound": (
        404,
        "DBInstanceIdentifier does not refer to an existing DB instance.",
    ),
    "InvalidDBInstanceName.NotFound": (
        404,
        "The specified DB instance name does not exist.",
    ),
    "InvalidDBInstanceType.ValueNotSupport": (
        400,
        'The specified parameter "DBInstanceType" is not valid.',
    ),
    "InvalidEndTime.Format": (400, "The specified end time is not valid."),
    "InvalidExpired.Format": (400, "The specified parameter Expired is not valid."),
    "InvalidMaxRecordsPerPage.Malformed": (
        403,
        "The specified page size is not valid.",
    ),
    "InvalidPageNumbers.Malformed": (400, "The specified page number is not valid."),
    "InvalidParameter.TagKey": (400, "The Tag.N.Key parameter is not valid."),
    "InvalidParameter.TagValue": (400, "The Tag.N.Value parameter is not valid."),
    "InvalidParameterCombination": (
        400,
        "The parameters {names} must not be combined this way.",
    ),
    "InvalidReleasedKeepPolicy.Format": (
        400,
        "The specified ReleasedKeepPolicy is not valid.",
    ),
    "InvalidResourceGroupId.Malformed": (
        400,
        "The specified ResourceGroupId is not valid.",
    ),
    "InvalidSaleComponentFault": (
        400,
        "The request not refer to the correct order sale component.",
    ),
    "InvalidStartTime.Format": (400, "The specified start time is not valid."),
    "InvalidTagKey.Malformed": (400, "The Tag.N.Key parameter is empty."),
    "InvalidTagValue.Malformed": (400, "The Tag.N.Value parameter is empty."),
    "NoPermission.SystemTag": (400, "You are not authorized to use system tags."),
    "NumberExceed.Tags": (400, "The maximum number of tags is exceeded."),
    "OperationDenied.DBInstanceStatus": (
        403,
        "The current status of the specified instance does not support this operation.",
    ),
    "OperationDenied.DeletionProtection": (
        403,
        "The operation is not permitted due to deletion protection of instance.",
    ),
    "OperationDenied.LockMode": (
        403,
        "The operation is not permitted due to lock of instance.",
    ),
    "OperationDenied.PayType": (
        403,
        "The operation is not permitted due to the billing method of instance.",
    ),
    "Price.PricingPlanResultNotFound": (
        400,
        "No price was found for the pricing plan.",
    ),
    "QuotaExceeded.CreateInstance": (403, "The quota of create instance exceeds."),
}
