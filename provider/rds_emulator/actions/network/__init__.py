"""
Actions about where an instance is reached: endpoints, VPCs and vSwitches.
"""

from rds_emulator.actions.network import (
    endpoints,
    net_info,
    network_rendering,
    network_tags,
    switch_vpc,
    vpcs,
    vswitches,
)

__all__ = [
    "endpoints",
    "net_info",
    "network_rendering",
    "network_tags",
    "switch_vpc",
    "vpcs",
    "vswitches",
]
