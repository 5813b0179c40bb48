"""
Clones of ApsaraDB RDS instances (Alibaba Cloud) as declared Pulumi resources.

    import pulumi_rdsclone as rdsclone

    staging = rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-uf6wjk5xxxx",
        restore_point=rdsclone.RestorePointArgs(latest="time"),
    )
"""

from pulumi_rdsclone.adapters.arguments import (
    CapacityArgs,
    NetworkArgs,
    PaymentArgs,
    RestorePointArgs,
    ServerlessArgs,
)
from pulumi_rdsclone.adapters.dynamic import CloneInstance

__all__ = [
    "CapacityArgs",
    "CloneInstance",
    "NetworkArgs",
    "PaymentArgs",
    "RestorePointArgs",
    "ServerlessArgs",
]
