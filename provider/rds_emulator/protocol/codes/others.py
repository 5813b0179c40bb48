"""
Codes that nothing in the emulator answers by itself: they are for faults on order.

All are codes that Terraform's provider expects of RDS. *DOCUMENTED* have status and
text of an official page or of the old client error table; those of *EXPECTED* are
ours, for no page was found that has the code, or its text.
"""

from collections.abc import Mapping
from typing import Final

DOCUMENTED: Final[Mapping[str, tuple[int, str]]] = {
    "AtLeastOneNetTypeExists": (
        400,
        "The current database instance network type does not support the operation",
    ),
    "ConcurrentTaskExceeded": (400, "Concurrent task exceeding the allowed amount."),
    "InvaildEngineInRegion.ValueNotSupported": (
        400,
        "The engine is not supported in the region.",
    ),
    "OperationDenied.DBInstanceType": (
        403,
        "The operation is not permitted due to type of instance.",
    ),
    "OperationDenied.DBStatus": (
        403,
        "The status of the database does not support this operation.",
    ),
    "OperationDenied.MasterDBInstanceState": (
        403,
        "The status of the specified master instance does not support this operation.",
    ),
    "OperationDenied.PrimaryDBInstanceStatus": (
        403,
        "The operation is not permitted due to status of primary instance.",
    ),
}
EXPECTED: Final[Mapping[str, tuple[int, str]]] = {
    "AccountActionForbidden": (400, "The account does not permit this operation."),
    "Database.ConnectError": (400, "The database cannot be connected to."),
    "DbossGeneralError": (400, "The database does not answer."),
    "DBSizeExceeded": (400, "The databases are too large for this operation."),
    "EntityNotExist.Role": (404, "The role does not exist."),
    "InstanceConnectTimeoutFault": (400, "The instance cannot be connected to."),
    "InvalidDB.NotFound": (404, "The specified database does not exist."),
    "InvalidDBInstanceId.NotFoundError": (
        404,
        "The specified instance does not exist.",
    ),
    "InvalidParameter.InstanceId": (400, "The specified instance ID is not valid."),
    "InvalidResource.NotFound": (404, "The specified resource does not exist."),
    "InvalidRwSplitNetType.NotFound": (
        404,
        "The instance has no read/write splitting endpoint.",
    ),
    "InvalidUserAccount.NotSupported": (
        400,
        "The account does not support this operation.",
    ),
    "LockTimeout": (400, "A lock could not be had in time."),
    "OperationDenied.DBClusterStatus": (
        403,
        "The status of the cluster does not support this operation.",
    ),
    "OperationDenied.ReadDBInstanceStatus": (
        403,
        "The status of a read-only instance does not support this operation.",
    ),
    "ParamGroupsNotExistError": (404, "The parameter template does not exist."),
    "ReadDBInstance.Mismatch": (400, "The read-only instances do not match."),
    "RwSplitNetType.Exist": (
        400,
        "The instance has a read/write splitting endpoint already.",
    ),
    "SYSTEM.CONCURRENT_OPERATE": (400, "Another operation is under way."),
    "undefined": (400, "undefined"),
}
OTHERS: Final = {**DOCUMENTED, **EXPECTED}
