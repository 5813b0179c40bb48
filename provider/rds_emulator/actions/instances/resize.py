"""
The shape of an instance: class, storage, disk, serverless range.
"""

from collections.abc import Callable, Mapping
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import unmodelled
from rds_emulator.rules.resizing import rules
from rds_emulator.rules.resizing.change import Change
from rds_emulator.rules.resizing.wanted import Wanted
from rds_emulator.state import ids
from rds_emulator.state.model import Instance

_MUST_STAY: Final[Mapping[str, Callable[[Instance], tuple[str, ...]]]] = {
    "Category": lambda instance: (instance.category,),
    "EngineVersion": lambda instance: (instance.engine_version,),
    "VSwitchId": lambda instance: (",".join(instance.vswitch_ids),),
    "ZoneId": lambda instance: instance.zones[:1],
    "ZoneIdSlave1": lambda instance: instance.zones[1:2] or instance.zones[:1],
}


@action(
    "ModifyDBInstanceSpec",
    writes=True,
    models=(
        "Class, storage, disk, serverless range, BurstingEnabled and"
        " IoAccelerationEnabled of a Running primary, at once and slowly, through"
        " DBInstanceClassChanging; one of the first four must be given, and may be"
        " what it is already. A new class must be sold in the primary's zone for the"
        " instance's version, edition and disk; storage only grows, in steps of 5 GB"
        " in the range of the class, and more of it unlocks a full disk. A disk"
        " changes alone: cloud_ssd to an ESSD, an ESSD to a faster one or to"
        " general_essd. PayType must be the instance's. For a subscription Up takes"
        " no cheaper class and Down no dearer one. Direction=Serverless goes with"
        " ServerlessConfiguration and with nothing else; what that leaves out stays."
        " Ranges are those of CloneDBInstance."
        " Other values than the present ones of Category, EngineVersion, VSwitchId,"
        " ZoneId and ZoneIdSlave1 are answered with 501, and so are: other instances"
        " than primaries, local disks to cloud disks, turning serverless,"
        " Direction=TempUpgrade, EffectiveTime but Immediate, SwitchTime, UsedTime,"
        " AllowMajorVersionUpgrade, TargetMinorVersion, ColdDataEnabled,"
        " CompressionMode, OptimizedWrites, DedicatedHostGroupId and"
        " ReadOnlyDBInstanceClass. AllocateStrategy, coupons, ResourceGroupId and"
        " SourceBiz are ignored; orders and payment are not modelled, nor is the"
        " storage that read-only instances must have."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, most of the error table of the"
        " official page, whose codes these are but for OperationDenied.LockMode (old"
        " client error table), RequiredParam.NotFound and OperationDenied.ZoneResource"
        " (documented for most actions). Ours: which code stands for which fault,"
        " which class is the cheaper one, InvalidParameterCombination, that a change"
        " to what is there already is slow as well, and that general_essd cannot be"
        " left again. IncorrectDBInstanceState is 403 as elsewhere, where the page has"
        " 400."
    ),
)
def modify_specification(invocation: Invocation) -> Answer:
    """
    Begin to change the shape of an instance.
    """
    wanted = Wanted.read(invocation.parameters)
    instance, cloud = invocation.instance(), invocation.cloud
    _check_what_stays(instance, invocation.parameters)
    region = cloud.account.region(instance.region)
    if region is None:
        raise ApiError(code="InvalidRegionId.NotFound")
    change = Change(
        wanted=wanted, instance=instance, region=region, account=cloud.account
    )
    rules.judge(change)
    cloud.begin_change(instance, "DBInstanceClassChanging", fields=change.fields())
    return {"DBInstanceId": instance.id, "OrderId": int(ids.order_id())}


def _check_what_stays(instance: Instance, parameters: Parameters) -> None:
    for name, current in _MUST_STAY.items():
        value = parameters.text(name)
        known = [value.lower() for value in current(instance)]
        if value is not None and value.lower() not in known:
            raise unmodelled(what=f"another {name} of an instance")
