"""
Clones of ApsaraDB RDS instances (Alibaba Cloud) as declared Pulumi resources.

    import pulumi_rdsclone as rdsclone

    staging = rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-uf6wjk5xxxx",
        restore_point=rdsclone.RestorePointArgs(latest="time"),
    )
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_rdsclone.adapters.arguments import (
        CapacityArgs,
        ChecksArgs,
        NetworkArgs,
        PaymentArgs,
        RestorePointArgs,
        ServerlessArgs,
    )
    from pulumi_rdsclone.adapters.dynamic import CloneInstance

__all__ = [
    "CapacityArgs",
    "ChecksArgs",
    "CloneInstance",
    "NetworkArgs",
    "PaymentArgs",
    "RestorePointArgs",
    "ServerlessArgs",
]


if not TYPE_CHECKING:  # or any name would pass for one of ours

    def __getattr__(name: str) -> Any:
        """
        Load what programs use when they use it: the command line needs no Pulumi.
        """
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)

        from pulumi_rdsclone.adapters import arguments, dynamic  # noqa: PLC0415

        return getattr(dynamic if name == "CloneInstance" else arguments, name)
