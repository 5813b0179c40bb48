"""
Parts of messages that several modules share.
"""

from typing import Final

NO_REGION: Final = "no region is configured"

REGION_SOURCES: Final = (
    "rdsclone:region in the stack's configuration, or ALIBABA_CLOUD_REGION_ID in the "
    "environment"
)
"""Where a region can be configured, for a remedy."""
