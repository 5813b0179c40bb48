"""
The nodes of an instance: how many there are, and what they are called.
"""

import zlib
from collections.abc import Mapping
from typing import Final

from rds_emulator.state.model import Instance

_NODES: Final[Mapping[str, int]] = {"Basic": 1, "serverless_basic": 1, "Finance": 3}
_OTHER_NODES: Final = 2


def node_ids(instance: Instance) -> tuple[str, ...]:
    """
    Return the nodes of *instance*, the primary first; they always have these ids.
    """
    count = _NODES.get(instance.category, _OTHER_NODES)
    return tuple(
        str(zlib.crc32(f"{instance.id}/{number}".encode())) for number in range(count)
    )
