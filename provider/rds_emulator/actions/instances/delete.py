"""
The release of an instance.
"""

from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Instance

_KEEP_POLICIES: Final = ("None", "Lastest", "All")  # codespell:ignore lastest
_REFUSAL: Final = "InvalidReleasedKeepPolicy.Format"


@action(
    "DeleteDBInstance",
    writes=True,
    models=(
        "Running, unlocked, pay-as-you-go (or serverless) instances without deletion"
        " protection and without read-only or guard instances of their own become"
        " Deleting and are then unknown. Of MySQL those backup sets stay that"
        " ReleasedKeepPolicy, or else the backup policy, says; all others go. Any"
        " but None in the request is for MySQL on local disks."
    ),
    evidence=(
        "Old client error table, official text on which instances can be released."
        " The codes for deletion protection (OperationDenied.DeletionProtection, 403)"
        " and for subscriptions (OperationDenied.PayType, 403) are documented nowhere"
        " and are ours. That ReleasedKeepPolicy is refused for other instances"
        " (InvalidReleasedKeepPolicy.Format, documented for most actions) is inferred."
    ),
)
def delete_instance(invocation: Invocation) -> Answer:
    """
    Begin to release an instance.
    """
    keep_policy = invocation.parameters.choice(
        "ReleasedKeepPolicy", _KEEP_POLICIES, refusal=_REFUSAL
    )
    instance = invocation.instance()
    _check(instance, invocation.cloud)
    if keep_policy not in (None, "None") and not _keeps_sets(instance):
        raise ApiError(code=_REFUSAL)
    invocation.cloud.begin_release(instance, keep_policy=keep_policy)
    return {"RegionId": instance.region}


def _check(instance: Instance, cloud: Cloud) -> None:
    if instance.status != "Running":
        raise ApiError(code="OperationDenied.DBInstanceStatus")
    if instance.is_locked:
        raise ApiError(code="OperationDenied.LockMode")
    if instance.pay_type == "Prepaid":
        raise ApiError(code="OperationDenied.PayType")
    if instance.deletion_protection:
        raise ApiError(code="OperationDenied.DeletionProtection")
    if cloud.replicas(instance.id):
        raise ApiError(code="DependencyViolation")


def _keeps_sets(instance: Instance) -> bool:
    return instance.engine == "MySQL" and instance.storage_type == "local_ssd"
