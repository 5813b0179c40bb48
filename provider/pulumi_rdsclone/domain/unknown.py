"""
The mark of a value that is not known before another resource has been made.
"""

from typing import Any, Final, final


@final
class Unknown:
    """
    A value that preview cannot know yet; there is one instance, *UNKNOWN*.

    It may stand anywhere in a specification during preview and never after it.
    """

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> "Unknown":
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> "Unknown":
        return self


UNKNOWN: Final = Unknown()


def is_unknown(value: object) -> bool:
    """
    Tell whether *value* is *UNKNOWN*, whatever its type says.
    """
    return value is UNKNOWN


def has_unknown(value: object) -> bool:
    """
    Tell whether *UNKNOWN* stands anywhere in *value*, a tree of dicts and lists.
    """
    if isinstance(value, dict):
        return any(has_unknown(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(part) for part in value)
    return is_unknown(value)
