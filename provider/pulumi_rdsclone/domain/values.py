"""
The shapes in which values pass through the layers, in Pulumi's words.

`spec.py`, `outputs.py` and `functions.py` describe each property: its type is known
where its path is. Code that handles any of them has these types.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

PropertyValue: TypeAlias = Any
"""
The value of a property: a text, number or boolean, or a list or map of those; None
where there is none, *UNKNOWN* where the engine does not know it yet.
"""

Properties: TypeAlias = Mapping[str, PropertyValue]
"""
Inputs or outputs of a clone or a function: a tree of groups, with names in snake_case;
as the engine hands it over, in camelCase.
"""

FieldValues: TypeAlias = Mapping[str, PropertyValue]
"""Values of fields, by dotted path."""

Document: TypeAlias = Mapping[str, object]
"""A report that is only written, as an object of JSON."""
