"""
The protocol's properties as plain values.
"""

from collections.abc import Mapping

from google.protobuf import json_format, struct_pb2

from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.secret_marks import OUTPUT, SECRET, SIGNATURE
from pulumi_rdsclone.domain.values import Properties, PropertyValue


def from_struct(properties: struct_pb2.Struct) -> Properties:
    """
    Return *properties* as plain values: secrets in plain text, unknown values as marks.
    """
    values = json_format.MessageToDict(properties)
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: PropertyValue) -> PropertyValue:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.get(SIGNATURE) in (SECRET, OUTPUT):
        return _plain(value["value"]) if "value" in value else make_unknown()
    return {name: _plain(item) for name, item in value.items()}
