"""
Two staging databases: the newest backup set, and last night's state for the testers.
"""

import pulumi
import pulumi_rdsclone as rdsclone

config = pulumi.Config()
source = config.require("source")

for name, point in (
    ("newest", {"latest": "time"}),
    ("nightly", {"latest": "backup"}),
):
    rdsclone.CloneInstance(
        name,
        source_instance_id=source,
        restore_point=point,
        # A pipeline that relies on the preview wants to know what it did not see.
        checks={"on_unverifiable": "fail"},
    )
