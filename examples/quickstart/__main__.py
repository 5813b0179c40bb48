"""
Two clones of one instance: as of a second, and of its newest backup set.
"""

import pulumi
import pulumi_rdsclone as rdsclone

config = pulumi.Config()
source = config.require("source")

by_time = rdsclone.CloneInstance(
    "by-time",
    source_instance_id=source,
    restore_point=rdsclone.RestorePointArgs(time=config.require("time")),
    description="quickstart-by-time",
    tags={"purpose": "quickstart"},
)

by_backup = rdsclone.CloneInstance(
    "by-backup",
    source_instance_id=source,
    restore_point={"latest": "backup"},
    capacity={"storage_gb": 150},
    tags={"purpose": "quickstart"},
)

for name, clone in {"byTime": by_time, "byBackup": by_backup}.items():
    pulumi.export(
        f"{name}Endpoint",
        pulumi.Output.concat(clone.connection_string, ":", clone.port.apply(str)),
    )
    pulumi.export(f"{name}RestoredFrom", clone.restored_from)
