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


@action(
    "DescribeAvailableCrossRegion",
    models="Every other region of the seed.",
    evidence="Parameters and response tree of SDK 16.0.2. Which regions is ours.",
)
def describe_cross_regions(invocation: Invocation) -> Answer:
    """
    List the regions to which backups of a region could be copied.
    """
    here = invocation.required_region()
    others = [
        region.id for region in invocation.cloud.account.regions if region.id != here.id
    ]
    return {"Regions": {"Region": others}}


def _entry(region: Region, zone: str) -> dict[str, str]:
    return {
        "RegionId": region.id,
        "ZoneId": zone,
        "LocalName": region.name or region.id,
        "ZoneName": zone,
        "RegionEndpoint": f"rds.{region.id}.aliyuncs.com",
    }
