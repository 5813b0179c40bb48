"""
The shapes in which values of a clone pass through the layers, with Pulumi's words.

`spec.py` and `outputs.py` describe each property; what stands in these shapes may be
any of them, so its type is only known where its path is.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

PropertyValue: TypeAlias = Any
"""
The value of a property: a text, number or boolean, or a list or map of those; None
where there is none, *UNKNOWN* where the engine does not know it yet.
"""

Properties: TypeAlias = Mapping[str, PropertyValue]
"""Inputs or outputs: a tree of groups, with names in snake_case."""

FieldValues: TypeAlias = Mapping[str, PropertyValue]
"""Values of fields of a specification, by dotted path."""
