"""
The protocol's properties as plain values.
"""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import json_format, struct_pb2

from pulumi_rdsclone.adapters.engine import make_unknown

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key by which the protocol marks a value as something else than it looks."""

_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of one
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def from_struct(properties: struct_pb2.Struct) -> dict[str, Any]:
    """
    Read *properties*; secrets in plain text, unknown values as their marks.
    """
    values = json_format.MessageToDict(properties)
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.get(_SIGNATURE) in (_SECRET, _OUTPUT):
        return _plain(value["value"]) if "value" in value else make_unknown()
    return {name: _plain(item) for name, item in value.items()}
