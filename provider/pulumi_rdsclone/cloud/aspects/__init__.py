"""
Reads and changes each aspect of a clone over the API.
"""

from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.accounts import ACCOUNTS
from pulumi_rdsclone.cloud.aspects.backups import BACKUPS
from pulumi_rdsclone.cloud.aspects.billing import BILLING
from pulumi_rdsclone.cloud.aspects.capacity import CAPACITY
from pulumi_rdsclone.cloud.aspects.codec import AspectCodec
from pulumi_rdsclone.cloud.aspects.encryption import ENCRYPTION
from pulumi_rdsclone.cloud.aspects.endpoints import ENDPOINTS
from pulumi_rdsclone.cloud.aspects.engine_settings import ENGINE_SETTINGS
from pulumi_rdsclone.cloud.aspects.instance_settings import INSTANCE_SETTINGS
from pulumi_rdsclone.cloud.aspects.tags import TAGS
from pulumi_rdsclone.cloud.aspects.whitelist import WHITELIST
from pulumi_rdsclone.domain.aspects import Aspect

CODECS: Final[Mapping[Aspect, AspectCodec]] = {
    **WHITELIST,
    **ACCOUNTS,
    **ENCRYPTION,
    **ENDPOINTS,
    **CAPACITY,
    **BILLING,
    **BACKUPS,
    **TAGS,
    **ENGINE_SETTINGS,
    **INSTANCE_SETTINGS,
}
"""The codecs of all aspects."""
