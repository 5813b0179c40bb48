"""
A staging database in each of two regions, each by a provider of its own.
"""

import pulumi_rdsclone_sdk as rdsclone

import pulumi

config = pulumi.Config()

for place in ("hangzhou", "shanghai"):
    provider = rdsclone.Provider(
        place,
        region=f"cn-{place}",
        # Not set for the cloud. A provider of one's own does not read the
        # configuration rdsclone:endpoint.
        endpoint=config.get("endpoint"),
    )
    staging = rdsclone.CloneInstance(
        f"staging-{place}",
        source_instance_id=config.require(place),
        restore_point={"latest": "time"},
        tags={"env": "staging"},
        opts=pulumi.ResourceOptions(provider=provider),
    )
    window = rdsclone.get_restorable_window_output(
        source_instance_id=config.require(place),
        opts=pulumi.InvokeOutputOptions(provider=provider),
    )
    pulumi.export(f"{place}Endpoint", staging.connection_string)
    pulumi.export(f"{place}RestoredFrom", staging.restored_from)
    pulumi.export(f"{place}RestorableSince", window.earliest)
