import pytest

from rds_emulator import Emulator
from tests.emulator.wire import ORDER, Client
from tests.support.rows import row

# What Terraform's provider expects of RDS and no action here has, or only of late.
TERRAFORMS = """
AccountActionForbidden AtLeastOneNetTypeExists BackupJobExists ConcurrentTaskExceeded
DBSizeExceeded Database.ConnectError DbossGeneralError EntityNotExist.Role
InstanceConnectTimeoutFault InvaildEngineInRegion.ValueNotSupported InvalidDB.NotFound
InvalidCondition.NotFound InvalidDBInstanceId.NotFoundError InvalidParameter.InstanceId
InvalidResource.NotFound InvalidRwSplitNetType.NotFound InvalidUserAccount.NotSupported
LockTimeout OperationDenied.DBClusterStatus OperationDenied.DBInstanceType
OperationDenied.DBStatus OperationDenied.MasterDBInstanceState
OperationDenied.OutofUsage OperationDenied.PrimaryDBInstanceStatus
OperationDenied.ReadDBInstanceStatus ParamGroupsNotExistError ReadDBInstance.Mismatch
RwSplitNetType.Exist SYSTEM.CONCURRENT_OPERATE undefined
"""  # codespell:ignore


@pytest.mark.parametrize("code", TERRAFORMS.split())
def test_codes_that_terraform_expects_have_texts(
    emulator: Emulator, client: Client, code: str
) -> None:
    """
    A clone may be refused by a code's name alone, and is not made then.
    """
    before = len(emulator.instances())
    emulator.faults.order("refused", "CloneDBInstance", code=code)
    refused = client.call("CloneDBInstance", **ORDER)

    assert code == refused.body["Code"]
    assert "refused" not in refused.body["Message"]
    assert before == len(emulator.instances())


@pytest.mark.parametrize(
    ("code", "status", "text"),
    [
        row("CreateBackup's page", "BackupJobExists", 400,
            "A backup job already exists in the specified DB instance."),
        row("CreateReadOnlyDBInstance's page", "OperationDenied.PrimaryDBInstanceStatus", 403,
            "The operation is not permitted due to status of primary instance."),
        row("DescribeDBInstanceSSL's page", "InvaildEngineInRegion.ValueNotSupported", 400,
            "The engine is not supported in the region."),
        row("a migration's page", "ConcurrentTaskExceeded", 400,
            "Concurrent task exceeding the allowed amount."),
    ],
)  # fmt: skip
def test_refusal_has_the_documented_status_and_text(
    emulator: Emulator, client: Client, code: str, status: int, text: str
) -> None:
    emulator.faults.order("refused", "DescribeRegions", code=code)
    answer = client.call("DescribeRegions")

    assert (status, text) == (answer.status, answer.body["Message"])


@pytest.mark.parametrize(
    ("action", "name", "status", "text"),
    [
        row("unknown", "DescribeDBInstanceAttribute", "rm-none", 404,
            "DBInstanceIdentifier does not refer to an existing DB instance."),
        row("status", "DeleteDBInstance", "rm-demo-stopped", 403,
            "The current status of the specified instance does not support this operation."),
        row("engine", "DescribeDBInstanceSSL", "rm-demo-ppas", 400,
            "The instance engine and type does not support operations."),
    ],
)  # fmt: skip
def test_texts_are_those_of_pasted_logs_of_the_cloud(
    reader: Client, action: str, name: str, status: int, text: str
) -> None:
    answer = reader.call(action, DBInstanceId=name)

    assert (status, text) == (answer.status, answer.body["Message"])
