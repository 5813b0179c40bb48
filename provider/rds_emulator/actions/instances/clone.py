"""
CloneDBInstance: the order that costs money.
"""

import json

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import recovery
from rds_emulator.rules.cloning import new_clone, order, sequence
from rds_emulator.rules.cloning.clone_request import CloneRequest
from rds_emulator.state import ids
from rds_emulator.state.temper import IGNORED


@action(
    "CloneDBInstance",
    writes=True,
    models=(
        "Every documented parameter and the prerequisites of source, restore point,"
        " databases, edition, class, storage, zones and network. What is on sale is"
        " what DescribeAvailableZones and DescribeAvailableClasses list, to the last"
        " zone, class and gigabyte. The clone is Creating, then Running; it has its"
        " tags from the beginning, the databases that were asked for, and no backup set"
        " of its own. Of its source as it is now it has whitelist, backup settings and"
        " accounts, these without privileges in databases that it has not under the"
        " same name; it has endpoints of its own, without SSL, and no TDE. Not"
        " modelled: orders and payment (AutoPay=false is paid all the same), dedicated"
        " hosts, the reserved BpeEnabled and CustomExtraInfo."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, error table of the official page. Inferred: the"
        " codes for restore points, source state, lock, network, tags and payment,"
        " which are documented for other actions; MissingParameter and"
        " RequiredParam.NotFound; that BackupId and RestoreTime exclude each other"
        " (InvalidParameterCombination); that a repeated ClientToken gets the first"
        " answer, even when that instance is gone, and with other parameters"
        " InvalidRequestId; that Period and UsedTime are ignored without Prepaid; the"
        " least sizes 500 and 1500 GB of cloud_essd2 and cloud_essd3; which fault is"
        " named when there are several. Inferred as well: that a SQL Server migration"
        " which is NoStart, Running or Waiting, and an expired source, refuse a clone;"
        " that SQL Server can restore the end of any usable full set, and what follows"
        " it without a gap in the log files; that unknown databases and tables are"
        " InvalidBackupSet (documented for most actions) and equal new names"
        " InvalidDBName.Duplicate (for RestoreTable); which new names are well-formed;"
        " that a reserved address is InvalidPrivateIpAddress.AlreadyUsed (for"
        " CreateDBInstance); the codes for what is not sold: IncorrectEngineVersion,"
        " IncorrectTargetCategory, InvalidParameter.NotSupportDBInstanceStorageType,"
        " InvalidAvZone.NotSupport, InvalidDBInstanceClass.Offline. Ours: that accounts"
        " are the source's of now instead of the restore point's, and that a clone has"
        " neither public endpoint, SSL nor TDE, and is in the default resource group;"
        " that AutoPause and SwitchForce, which are documented for MySQL and"
        " PostgreSQL, are refused for SQL Server, and that the least of a scaling range"
        " goes by halves of an RCU; that a clone has the defaults of what the"
        " documentation does not name as inherited: maintenance window, minor upgrades,"
        " auto-renewal, modes of replication and failover, pg_hba.conf, monitoring"
        " period."
    ),
)
def clone_instance(invocation: Invocation) -> Answer:
    """
    Order a clone, or answer an order's repetition as the order was answered.
    """
    token = order.client_token(invocation.parameters)
    if invocation.cloud.account.temper.client_token == IGNORED:
        token = None
    request = json.dumps(invocation.parameters.given(), sort_keys=True)
    if token is not None:
        known = invocation.cloud.store.token(token)
        if known is not None:
            return _repeat(known, request)
    answer = _clone(invocation)
    if token is not None:
        invocation.cloud.store.save_token(token, request, answer=json.dumps(answer))
    return answer


def _repeat(known: tuple[str, str], request: str) -> Answer:
    first_request, first_answer = known
    if request != first_request:
        raise ApiError(code="InvalidRequestId")
    answer: Answer = json.loads(first_answer)
    return answer


def _clone(invocation: Invocation) -> Answer:
    wanted = order.Order.read(invocation.parameters)
    request = _clone_request(invocation, wanted)
    sequence.judge(request)
    cloud, clone = invocation.cloud, new_clone.clone_of(request)
    cloud.start_clone(
        clone, request.source, course=invocation.faults.next_course(clone.id)
    )
    return {"DBInstanceId": clone.id, "OrderId": ids.order_id()}


def _clone_request(invocation: Invocation, wanted: order.Order) -> CloneRequest:
    cloud, source = invocation.cloud, invocation.instance()
    region = cloud.account.region(source.region)
    if region is None:
        raise ApiError(code="InvalidRegionId.NotFound")
    return CloneRequest(
        order=wanted,
        source=source,
        backups=tuple(recovery.finished_backups(cloud, source)),
        neighbours=tuple(cloud.instances(region)),
        region=region,
        account=cloud.account,
        now=cloud.clock.now(),
    )
