"""
Reports and answers as JSON documents.
"""

from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.domain.values import Document
from pulumi_rdsclone.presentation.spelling import spell, to_camel

_PROSE: Final = ("what", "remedy", "path")
"""The values that are texts, in which field names are spelled, too."""


def to_document(report: Document) -> Document:
    """
    Return *report*, a tree in snake_case, with names and texts in camelCase.
    """
    return {to_camel(name): _spelt(name, value) for name, value in report.items()}


def _spelt(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return to_document(value)
    if isinstance(value, list):
        return [_spelt(name, item) for item in value]
    if name in _PROSE and isinstance(value, str):
        return spell(value)
    return value
