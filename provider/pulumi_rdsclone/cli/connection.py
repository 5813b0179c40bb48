"""
The regions that the options and the environment configure.
"""

import os

from pulumi_rdsclone.cli.validation import region_fault
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ConfigurationError


def configured_regions(
    endpoint: str | None, profile: str | None, *, region: str | None = None
) -> CloudRegions:
    """
    Return the regions that can be reached.

    Raises:
        ConfigurationError: The options contradict each other.
    """
    given = {"endpoint": endpoint, "profile": profile, "region": region}
    configured = {name: value for name, value in given.items() if value}
    return CloudRegions(Settings.of(configured, os.environ))


def default_region(regions: CloudRegions) -> str:
    """
    Return the id of the configured region.

    Raises:
        ConfigurationError: No region is configured, or it is not the id of one.
    """
    if not regions.default_region:
        message = "no region is given — add --region, or set ALIBABA_CLOUD_REGION_ID"
        raise ConfigurationError(message)
    if fault := region_fault(regions.default_region):
        message = f"the environment's region {fault}, or add --region"
        raise ConfigurationError(message)
    return regions.default_region
