"""
Reports and answers as JSON documents.
"""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_rdsclone.presentation.spelling import spell, to_camel

_PROSE: Final = ("what", "remedy", "path")
"""The values that are texts, in which field names are spelled, too."""


def to_document(report: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return *report*, a tree in snake_case, with names and texts in camelCase.
    """
    return {to_camel(name): _spelt(name, value) for name, value in report.items()}


def _spelt(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return to_document(value)
    if isinstance(value, list):
        return [_spelt(name, item) for item in value]
    return spell(value) if name in _PROSE else value
