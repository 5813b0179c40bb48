"""
Changes of the network that an instance is in.
"""

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import addresses, preconditions
from rds_emulator.state.model import Instance, Region, VSwitch


@action(
    "SwitchDBInstanceVpc",
    writes=True,
    models=(
        "VPC, vSwitch and address of the internal endpoint, in a slow change"
        " (DBInstanceNetTypeChanging); its name and port stay. The vSwitch must be in"
        " the VPC and in the primary's zone, the address in its range and free; without"
        " one it gets another address. Instances of the classic network and temporary"
        " ones are refused. The standby's vSwitch stays if the VPC does."
    ),
    evidence=(
        "Parameters of SDK 16.0.2 and prerequisites of the official page; no error"
        " table was found, so the codes are those of CreateDBInstance and of the clone"
        " call. What becomes of the standby's vSwitch is ours."
    ),
)
def switch_vpc(invocation: Invocation) -> Answer:
    """
    Begin to move an instance to another vSwitch.
    """
    vpc_id = invocation.parameters.required("VPCId")
    vswitch_id = invocation.parameters.required("VSwitchId")
    instance = invocation.instance()
    _check(instance)
    region = invocation.cloud.account.region(instance.region)
    vswitch = _vswitch(region, vpc_id, vswitch_id=vswitch_id)
    if vswitch.zone not in instance.zones[:1]:
        raise ApiError(code="InvalidVSwitchId.Mismatch")
    standbys = instance.vswitch_ids[1:] if vpc_id == instance.vpc_id else ()
    invocation.cloud.begin_change(
        instance,
        "DBInstanceNetTypeChanging",
        fields={
            "vpc_id": vpc_id,
            "vswitch_ids": (vswitch_id, *standbys),
            "private_ip": _address(invocation, instance, vswitch=vswitch),
        },
    )
    return {}


def _check(instance: Instance) -> None:
    preconditions.check_unlocked(instance)
    if instance.network_type != "VPC":
        raise ApiError(code="InvalidInstanceNetworkType.ValueNotSupported")
    if instance.instance_type == "Temp":
        raise ApiError(code="IncorrectDBInstanceType")


def _vswitch(region: Region | None, vpc_id: str, *, vswitch_id: str) -> VSwitch:
    vpc = region.vpc(vpc_id) if region else None
    if vpc is None:
        raise ApiError(code="InvalidVPCId.NotFound")
    found = (vswitch for vswitch in vpc.vswitches if vswitch.id == vswitch_id)
    vswitch = next(found, None)
    if vswitch is None:
        raise ApiError(code="InvalidVSwitchId.NotFound")
    return vswitch


def _address(invocation: Invocation, instance: Instance, *, vswitch: VSwitch) -> str:
    everybody = invocation.cloud.instances()
    neighbours = [other for other in everybody if other.region == instance.region]
    if not addresses.count_free(vswitch, neighbours):
        raise ApiError(code="VswitchIpExhausted")
    wanted = invocation.parameters.text("PrivateIpAddress")
    if wanted is None:
        return addresses.free(vswitch, neighbours)
    others = [neighbour for neighbour in neighbours if neighbour.id != instance.id]
    addresses.check_choice(vswitch, wanted, neighbours=others)
    return wanted
