"""
What can be wrong with a change of an instance's shape, payment or settings.
"""

from collections.abc import Mapping
from typing import Final

UPKEEP: Final[Mapping[str, tuple[int, str]]] = {
    "DBInstancePayTypeNotSupport": (
        400,
        "The specified PayType is not the billing method of the instance.",
    ),
    "HbaItem.InvalidIPMask": (400, "The address or its mask is not valid."),
    "HbaItem.InvalidMethod": (400, "The authentication method is not valid."),
    "HbaItem.InvalidPriority": (
        400,
        "The priority of a record is out of range, or two records have the same.",
    ),
    "HbaItem.InvalidType": (400, "The type of a record is not valid."),
    "HbaItemOpsType.Invalid": (400, "The specified OpsType is not valid."),
    "HbaItemPriorityIdAlreadyExist": (403, "There is a record of this priority."),
    "HbaItemPriorityIdNotFound": (404, "There is no record of this priority."),
    "IncorrectCategory": (
        403,
        "The instance does not support the specified Category of backups.",
    ),
    "IncorrectDBInstanceLockMode.ValueNotSupported": (
        400,
        "The lock mode of the instance does not support this operation.",
    ),
    "IncorrectStorageType": (
        400,
        "The storage type of the instance cannot be changed this way.",
    ),
    "InvalidBackupRetentionPeriod.Malformed": (
        400,
        "The specified backup retention period is not valid.",
    ),
    "InvalidDBInstanceClass.NotFound": (
        400,
        "The specified instance class does not exist.",
    ),
    "InvalidDBInstanceStorageType": (
        400,
        "The specified DBInstanceStorageType is not valid.",
    ),
    "InvalidEngineVersion.Malformed": (
        400,
        'The specified parameter "EngineVersion" is not valid.',
    ),
    "InvalidInstanceUseType.NotSupport": (
        400,
        "The role of the instance does not support this operation.",
    ),
    "InvalidLogBackupFrequency.Malformed": (
        400,
        "The specified LogBackupFrequency is not valid.",
    ),
    "InvalidOrderCharge.NotSupport": (
        400,
        "The billing method does not support this operation.",
    ),
    "InvalidOrderTask.NotSupport": (
        400,
        "An order task of the instance has not finished.",
    ),
    "InvalidParam.POSTPAY": (
        400,
        "An instance of the classic network cannot become pay-as-you-go.",
    ),
    "InvalidParam.PREPAY": (
        400,
        "An instance of the classic network cannot become a subscription.",
    ),
    "InvalidParameters.Malformed": (400, "The specified parameters are not valid."),
    "InvalidPayType.Format": (400, "The specified PayType is not valid."),
    "InvalidPeriod.Format": (400, "The specified Period is not valid."),
    "InvalidPeriodOrUsedTime.Format": (
        400,
        "The specified Period and UsedTime are not valid.",
    ),
    "InvalidRCUValue": (400, "The range of capacity units is not valid."),
    "InvalidStorageSize.Direction": (
        400,
        "The storage size does not go with the direction of the change.",
    ),
    "InvalidStorageType.Direction": (
        400,
        "The storage type does not go with the direction of the change.",
    ),
    "InvalidStorageType.NotSupport": (
        400,
        "The storage type is not available for the instance.",
    ),
    "InvalidTargetCategory": (
        400,
        "The instance class does not belong to the edition of the instance.",
    ),
    "InvalidTargetStorageType": (
        400,
        "The storage type cannot be changed together with class or storage.",
    ),
    "InvalidUsedTime.Format": (400, "The specified UsedTime is not valid."),
    "LX.ARGUMENT.ILLEGAL": (
        400,
        "The parameters of the change of specifications are not valid.",
    ),
    "NotSupportReduceDiskSize": (400, "The disk size cannot be reduced."),
    "OperationDenied.ApiForbidden": (403, "The operation is not permitted."),
    "OperationDenied.InvalidStorageSize": (
        400,
        "The storage size is not in the range of the instance class.",
    ),
    "OperationDenied.ModifyBackupSwitchOff": (
        403,
        "The log backup of the instance cannot be switched off.",
    ),
    "OperationDenied.TimeLimit": (
        400,
        "Two changes of the billing method must be more than 15 minutes apart.",
    ),
    "Parameters.Invalid": (
        400,
        "The value {value} of the parameter {name} is not in its range {allowed}.",
    ),
    "ParamNotSupportedForCurrentVersion": (
        400,
        "The parameter {name} is not supported for the current version.",
    ),
    "UnsupportedReduceDiskSize": (400, "Reducing the disk size is not supported."),
}
