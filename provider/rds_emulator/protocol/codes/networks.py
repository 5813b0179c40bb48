"""
What can be wrong with a VPC or a vSwitch: codes of the VPC API.

One of them, DependencyViolation, is another product's as well, with other words.
"""

from collections.abc import Mapping
from typing import Final

NETWORKS: Final[Mapping[str, tuple[int, str]]] = {
    "DependencyViolation": (400, "Specified object has dependent resources."),
    "DependencyViolation.VSwitch": (400, "Specified object has dependent resources."),
    "DryRunOperation": (
        400,
        "Request validation has been passed with DryRun flag set.",
    ),
    "IllegalParam.TagKey": (400, "The param of TagKey is illegal."),
    "IllegalParam.TagValue": (400, "The param of TagValue is illegal."),
    "InvalidCidrBlock.Overlapped": (
        400,
        "Specified CIDR block overlapped with other subnets.",
    ),
    "InvalidVSwitchDiscription.Malformed": (
        400,
        "Specified virtual switch description is not valid.",
    ),
    "InvalidVSwitchId.NotFound": (404, "Specified virtual switch does not exist."),
    "InvalidVSwitchName.Malformed": (
        400,
        "Specified virtual switch name is not valid.",
    ),
    "InvalidVpcDiscription.Malformed": (400, "Specified VPC description is not valid."),
    "InvalidVpcId.NotFound": (404, "Specified VPC does not exist."),
    "InvalidVpcName.Malformed": (400, "Specified VPC name is not valid."),
    "InvalidVswitchID.NotFound": (404, "Specified virtual switch does not exist."),
    "InvalidZoneId.NotFound": (
        404,
        "The ZoneId provided does not exist in our records.",
    ),
    "QuotaExceeded.VSwitch": (400, "Virtual switch quota exceeded."),
}
