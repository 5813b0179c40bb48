"""
The rules for names that callers choose: descriptions and tags.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from rds_emulator.protocol.errors import ApiError, invalid

MAX_TAGS: Final = 20
MAX_TAG_FILTERS: Final = 5
_MAX_KEY: Final = 64
_MAX_VALUE: Final = 128
_LETTER: Final = "A-Za-z\u4e00-\u9fa5"
_DESCRIPTION: Final = re.compile(f"[{_LETTER}][{_LETTER}0-9_-]+")
_SYSTEM_PREFIXES: Final = ("aliyun", "acs:")
_URL_PREFIXES: Final = ("http://", "https://")


def check_description(text: str, *, most: int) -> None:
    """
    Refuse a description that is too short, longer than *most*, or oddly spelled.
    """
    if not is_description(text, most=most):
        raise ApiError(code="InvalidDBInstanceDescription.Format")


def is_description(text: str, *, most: int) -> bool:
    """
    Whether *text* has 2 to *most* characters, and none that a description has not.
    """
    return 2 <= len(text) <= most and bool(_DESCRIPTION.fullmatch(text))  # noqa: PLR2004 - the API's own lower limit


def tags_from(
    pairs: Sequence[tuple[str, str]], *, empty_values: bool
) -> dict[str, str]:
    """
    Return the tags of ``Tag.N`` pairs, or refuse them.

    Args:
        pairs: Keys and values in the order given.
        empty_values: Whether a tag may have no value.
    """
    if len(pairs) > MAX_TAGS:
        raise ApiError(code="NumberExceed.Tags")
    tags: dict[str, str] = {}
    for key, value in pairs:
        _check_key(key)
        _check_value(value, may_be_empty=empty_values)
        if key in tags:
            raise ApiError(code="Duplicate.TagKey")
        tags[key] = value
    return tags


def tag_filters_from(text: str | None) -> dict[str, str]:
    """
    Read the JSON object of the parameter ``Tags``, five entries at most.

    An entry with an empty value asks for the key alone.
    """
    if text is None:
        return {}
    try:
        entries = json.loads(text)
    except ValueError:
        raise invalid(name="Tags") from None
    if not isinstance(entries, dict) or len(entries) > MAX_TAG_FILTERS:
        raise invalid(name="Tags")
    return {key: str(value or "") for key, value in entries.items()}


def _check_key(key: str) -> None:
    if not key:
        raise ApiError(code="InvalidTagKey.Malformed")
    if key.lower().startswith(_SYSTEM_PREFIXES):
        raise ApiError(code="NoPermission.SystemTag")
    if len(key) > _MAX_KEY or key.lower().startswith(_URL_PREFIXES):
        raise ApiError(code="InvalidParameter.TagKey")


def _check_value(value: str, *, may_be_empty: bool) -> None:
    if not value and not may_be_empty:
        raise ApiError(code="InvalidTagValue.Malformed")
    reserved = (*_SYSTEM_PREFIXES, *_URL_PREFIXES)
    if len(value) > _MAX_VALUE or value.lower().startswith(reserved):
        raise ApiError(code="InvalidParameter.TagValue")
