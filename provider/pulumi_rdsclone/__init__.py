"""
Clones of ApsaraDB RDS instances (Alibaba Cloud) as declared Pulumi resources.

    import pulumi_rdsclone as rdsclone

    staging = rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-uf6wjk5xxxx",
        restore_point=rdsclone.RestorePointArgs(latest="time"),
    )

The functions, such as *get_latest_backup*, ask and order nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_rdsclone.adapters.clone_set import CloneSet
    from pulumi_rdsclone.adapters.dynamic import CloneInstance
    from pulumi_rdsclone.adapters.generated.arguments import (
        AccountArgs,
        BackupPolicyArgs,
        CapacityArgs,
        ChecksArgs,
        EncryptionArgs,
        HighAvailabilityArgs,
        NetworkArgs,
        PaymentArgs,
        PgHbaRuleArgs,
        RestorePointArgs,
        ServerlessArgs,
        SslArgs,
    )
    from pulumi_rdsclone.adapters.generated.functions import (
        CheckCloneResult,
        GetBackupsResult,
        GetClonePriceResult,
        GetLatestBackupResult,
        GetRestorableWindowResult,
        check_clone,
        check_clone_output,
        get_backups,
        get_backups_output,
        get_clone_price,
        get_clone_price_output,
        get_latest_backup,
        get_latest_backup_output,
        get_restorable_window,
        get_restorable_window_output,
    )
    from pulumi_rdsclone.adapters.python_functions import FunctionError

__all__ = [
    "AccountArgs",
    "BackupPolicyArgs",
    "CapacityArgs",
    "CheckCloneResult",
    "ChecksArgs",
    "CloneInstance",
    "CloneSet",
    "EncryptionArgs",
    "FunctionError",
    "GetBackupsResult",
    "GetClonePriceResult",
    "GetLatestBackupResult",
    "GetRestorableWindowResult",
    "HighAvailabilityArgs",
    "NetworkArgs",
    "PaymentArgs",
    "PgHbaRuleArgs",
    "RestorePointArgs",
    "ServerlessArgs",
    "SslArgs",
    "check_clone",
    "check_clone_output",
    "get_backups",
    "get_backups_output",
    "get_clone_price",
    "get_clone_price_output",
    "get_latest_backup",
    "get_latest_backup_output",
    "get_restorable_window",
    "get_restorable_window_output",
]


if not TYPE_CHECKING:  # or any name would pass for one of ours

    def __getattr__(name: str) -> object:
        """
        Load what programs use when they use it: the command line needs no Pulumi.
        """
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)

        from importlib import import_module  # noqa: PLC0415

        homes = {
            "CloneInstance": "dynamic",
            "CloneSet": "clone_set",
            "FunctionError": "python_functions",
        }
        generated = "arguments" if name.endswith("Args") else "functions"
        home = homes.get(name, f"generated.{generated}")
        return getattr(import_module(f"pulumi_rdsclone.adapters.{home}"), name)
