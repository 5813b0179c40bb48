"""
Regions and their zones.
"""

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.state.model import Region


@action(
    "DescribeRegions",
    models="One entry for each zone of the seeded regions; AcceptLanguage is ignored.",
    evidence="Response tree of SDK 16.0.2.",
)
def describe_regions(invocation: Invocation) -> Answer:
    """
    List every zone of every region.
    """
    zones = [
        _entry(region, zone)
        for region in invocation.cloud.account.regions
        for zone in region.zones
    ]
    return {"Regions": {"RDSRegion": zones}}


def _entry(region: Region, zone: str) -> dict[str, str]:
    return {
        "RegionId": region.id,
        "ZoneId": zone,
        "LocalName": region.name or region.id,
        "ZoneName": zone,
        "RegionEndpoint": f"rds.{region.id}.aliyuncs.com",
    }
