"""
What can be wrong with the order of a clone.
"""

from collections.abc import Mapping
from typing import Final

CLONES: Final[Mapping[str, tuple[int, str]]] = {
    "CannotDecreaseEssdPerfLevel": (
        400,
        (
            "The performance level of the ESSD cannot be decreased, or the storage size"
            " is not valid for it."
        ),
    ),
    "CDDC.AvailableHostsNotEnoughInZone": (
        400,
        "The available hosts in the target zone are not enough.",
    ),
    "IncorrectBackupSetMethod": (
        403,
        "Current backup set method does not support operations.",
    ),
    "IncorrectBackupSetState": (
        403,
        "Current backup set state does not support operations.",
    ),
    "IncorrectTargetCategory": (
        400,
        "The target category does not support this operation.",
    ),
    "IncorrectTargetClasscode": (
        400,
        "The instance class does not support this operation.",
    ),
    "InvalidAvZone.Format": (400, "The specified AvZone is not valid."),
    "InvalidAvZone.NotSupport": (400, "The multi-zone area is not supported by RDS."),
    "InvalidBackup.NotFound": (
        404,
        "The available backup does not exist in recovery time.",
    ),
    "InvalidBackupLogStatus": (403, "The log backup of the instance is not enabled."),
    "InvalidBackupSet": (400, "The specified database is not in the backup set."),
    "InvalidBackupSetID.NotFound": (404, "Specified backup set ID does not exist."),
    "InvalidBackupType.Format": (400, "Specified backup type is not valid."),
    "InvalidBinlog.NotFound": (
        404,
        "The available binlog does not exist in recovery time.",
    ),
    "InvalidClientToken.Malformed": (
        400,
        'The specified parameter "ClientToken" is not valid.',
    ),
    "InvalidDBInstanceClass.Malformed": (
        400,
        'The specified parameter "DBInstanceClass" is not valid.',
    ),
    "InvalidDBInstanceClass.Offline": (
        400,
        "The instance class is no longer provided.",
    ),
    "InvalidDBInstanceDescription.Format": (
        400,
        "Specified DB instance description is not valid.",
    ),
    "InvalidDBName.Duplicate": (400, "Specified DB name already exists."),
    "InvalidDeletionProtection.ValueNotSupported": (
        400,
        'The specified parameter "DeletionProtection" is not valid.',
    ),
    "InvalidEssdStorageSize": (400, "The specified ESSD storage size is not valid."),
    "InvalidInstanceLevel.DiskType": (
        400,
        "The instance class does not support the specified disk type.",
    ),
    "InvalidInstanceNetworkType.ValueNotSupported": (
        400,
        'The specified parameter "InstanceNetworkType" is not valid.',
    ),
    "InvalidIPAddress.Conflict": (400, "The specified private IP address conflicts."),
    "InvalidParam.InstanceNetworkType": (
        400,
        "Instances of the classic network type can no longer be created.",
    ),
    "InvalidParameter.NotSupportDBInstanceStorageType": (
        400,
        "The specified DBInstanceStorageType is not valid.",
    ),
    "InvalidPayType.ValueNotSupported": (
        400,
        'The specified parameter "PayType" is not valid.',
    ),
    "InvalidPrivateIpAddress.AlreadyUsed": (
        400,
        "Specified private IP address is already used.",
    ),
    "InvalidPrivateIpAddress.Format": (
        400,
        "The format of the specified private IP address is not valid.",
    ),
    "InvalidPrivateIpAddress.Mismatch": (
        400,
        "Specified private IP address is not in the CIDR block of virtual switch.",
    ),
    "InvalidRecoveryDbInstance.StorageSize": (
        400,
        "The storage of the new instance is smaller than that of the current instance.",
    ),
    "InvalidRecoveryDbInstance.StorageType": (
        400,
        "The storage type of the current instance cannot be changed this way.",
    ),
    "InvalidRequestId": (400, "The request is copy, check your token."),
    "InvalidRestoreTime.Format": (400, "Specified restore time is not valid."),
    "InvalidRestoreTime.Malformed": (
        400,
        (
            "The specified RestoreTime is not valid or is not within the backup scope"
            " of the instance."
        ),
    ),
    "InvalidRestoreType.Format": (400, "Specified restore type is not valid."),
    "InvalidServerlessConfig.Malformed": (
        400,
        'The specified parameter "ServerlessConfig" is not valid.',
    ),
    "InvalidStorage.Format": (400, "Specified storage is not valid."),
    "InvalidTableMeta.Malformed": (
        400,
        'The specified parameter "TableMeta" is not valid.',
    ),
    "InvalidUsedTime": (400, "The specified UsedTime is not valid."),
    "InvalidVPCId.NotFound": (400, "The specified VPC does not exist in the region."),
    "InvalidVSwitchId.Format": (400, "The format of the vSwitch ID is not valid."),
    "InvalidVSwitchId.Mismatch": (
        400,
        "Specified instance and virtual switch are not in the same zone.",
    ),
    "InvalidVSwitchId.NotFound": (
        400,
        "Specified virtual switch is not found in specified VPC.",
    ),
    "LogBackupNotEnabled": (400, "The log backup is not enabled on the instance."),
    "OperationDenied.ZoneResource": (403, "No inventory is available in the zone."),
    "Order.PeriodInvalid": (400, "The specified subscription period is not valid."),
    "RequiredParam.NotFound": (400, "The required input parameter {name} is missing."),
    "VswitchIpExhausted": (400, "The vSwitch has no free IP address."),
    "ZoneId.NotMatchWithCategory": (
        400,
        "The number of specified zone IDs does not match the engine or edition.",
    ),
}
