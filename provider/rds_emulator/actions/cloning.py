"""
CloneDBInstance: the order that costs money.
"""

import json

from rds_emulator import identity, recovery
from rds_emulator.cloning import delivery, order, rules
from rds_emulator.cloning.case import Case
from rds_emulator.errors import ApiError
from rds_emulator.registry import Answer, Invocation, action
from rds_emulator.temper import IGNORED


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
    if invocation.world.account.temper.client_token == IGNORED:
        token = None
    request = json.dumps(invocation.parameters.given(), sort_keys=True)
    if token is not None:
        known = invocation.world.store.token(token)
        if known is not None:
            return _repeat(known, request)
    answer = _clone(invocation)
    if token is not None:
        invocation.world.store.save_token(token, request, json.dumps(answer))
    return answer


def _repeat(known: tuple[str, str], request: str) -> Answer:
    first_request, first_answer = known
    if request != first_request:
        raise ApiError(code="InvalidRequestId")
    answer: Answer = json.loads(first_answer)
    return answer


def _clone(invocation: Invocation) -> Answer:
    wanted = order.Order.read(invocation.parameters)
    case = _case(invocation, wanted)
    rules.judge(case)
    world, clone = invocation.world, delivery.clone_of(case)
    world.begin(clone, case.source)
    return {"DBInstanceId": clone.id, "OrderId": identity.order_id()}


def _case(invocation: Invocation, wanted: order.Order) -> Case:
    world, source = invocation.world, invocation.instance()
    region = world.account.region(source.region)
    if region is None:
        raise ApiError(code="InvalidRegionId.NotFound")
    return Case(
        order=wanted,
        source=source,
        backups=tuple(recovery.finished_backups(world, source)),
        neighbours=tuple(world.instances(region)),
        region=region,
        account=world.account,
        now=world.clock.now(),
    )
