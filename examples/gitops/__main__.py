"""
A staging database, as of the newest second.
"""

import pulumi
import pulumi_rdsclone as rdsclone

staging = rdsclone.CloneInstance(
    "staging",
    source_instance_id=pulumi.Config().require("source"),
    restore_point={"latest": "time"},
    description="staging-database",
    tags={"env": "staging"},
    # Neither production's whitelist nor its accounts and passwords come along.
    security_ips={"default": ["10.0.0.0/8"]},
    accounts_exclusive=True,
    # A pipeline that relies on the preview wants to know what it did not see.
    checks={"on_unverifiable": "fail"},
)
pulumi.export("endpoint", staging.connection_string)
