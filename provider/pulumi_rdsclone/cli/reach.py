"""
The cloud as the options and the environment configure it.
"""

import os

from pulumi_rdsclone.cli.forms import region_fault
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ConfigurationError


def regions(
    endpoint: str | None, profile: str | None, region: str | None = None
) -> Regions:
    """
    Give the regions that can be reached.

    Raises:
        ConfigurationError: The options contradict themselves.
    """
    told = {"endpoint": endpoint, "profile": profile, "region": region}
    configured = {name: value for name, value in told.items() if value}
    return Regions(Settings.of(configured, os.environ))


def default_region(sites: Regions) -> str:
    """
    Give the region of a source for which none is named.

    Raises:
        ConfigurationError: Nothing configures one, or it is no region's id.
    """
    if not sites.default_region:
        msg = "no region is given — add --region, or set ALIBABA_CLOUD_REGION_ID"
        raise ConfigurationError(msg)
    if fault := region_fault(sites.default_region):
        msg = f"the environment's region {fault}, or add --region"
        raise ConfigurationError(msg)
    return sites.default_region
