"""
Storage that grows by itself.
"""

from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import invalid, missing
from rds_emulator.rules.preconditions import check_steady, check_unlocked
from rds_emulator.state.model import Instance, StorageGrowth

_SWITCH: Final = ("Enable", "Disable")
_THRESHOLDS: Final = ("10", "20", "30", "40", "50")
_MOST_GB: Final = 32_000
_MOST_CLOUD_SSD_GB: Final = 6_000


@action(
    "ModifyDasInstanceConfig",
    writes=True,
    models=(
        "The switch, and with Enable the threshold (10 to 50 percent) and the upper"
        " limit: at least the storage, at most 32000 GB, 6000 GB on cloud_ssd. It is"
        " kept; storage never grows by itself, and no action tells it. ClientToken is"
        " ignored."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2; no error table was found."
        " OperationDenied.DBInstanceStatus is what Terraform's provider tries again."
        " Inferred: InvalidParameter for a wrong value. Ours: 32000 GB for disks that"
        " the text does not name."
    ),
)
def modify_storage_growth(invocation: Invocation) -> Answer:
    """
    Let the storage of an instance grow by itself, or not.
    """
    parameters = invocation.parameters
    wanted = parameters.required("StorageAutoScale")
    parameters.choice("StorageAutoScale", _SWITCH)
    instance = invocation.instance()
    growth = _growth(invocation, instance) if wanted == "Enable" else None
    check_steady(instance)
    check_unlocked(instance)
    invocation.cloud.change(replace(instance, storage_growth=growth))
    return {}


def _growth(invocation: Invocation, instance: Instance) -> StorageGrowth:
    parameters = invocation.parameters
    for name in ("StorageThreshold", "StorageUpperBound"):
        if name not in parameters:
            raise missing(name=name)
    threshold = parameters.required("StorageThreshold")
    if threshold not in _THRESHOLDS:
        raise invalid(name="StorageThreshold")
    is_ssd = instance.storage_type == "cloud_ssd"
    most = parameters.integer(
        "StorageUpperBound",
        default=0,
        least=instance.storage_gb,
        most=_MOST_CLOUD_SSD_GB if is_ssd else _MOST_GB,
    )
    return StorageGrowth(threshold=int(threshold), most_gb=most)
