"""
How each aspect of a clone is read and changed: the API's words beside this package's.
"""

from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.access import ACCESS
from pulumi_rdsclone.cloud.aspects.codec import AspectCodec
from pulumi_rdsclone.cloud.aspects.endpoints import ENDPOINTS
from pulumi_rdsclone.cloud.aspects.operations import OPERATIONS
from pulumi_rdsclone.cloud.aspects.shape import SHAPE
from pulumi_rdsclone.domain.aspects import Aspect

CODECS: Final[Mapping[Aspect, AspectCodec]] = {
    **ACCESS,
    **ENDPOINTS,
    **SHAPE,
    **OPERATIONS,
}
"""Every aspect."""
