"""
The mark of a value that is not known before another resource has been made.
"""

from collections.abc import Iterator
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


def unknown_paths(value: Any, path: str = "") -> Iterator[str]:
    """
    Yield the dotted paths at which *value*, a tree of dicts and lists, is unknown.
    """
    if value is UNKNOWN:
        yield path
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from unknown_paths(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from unknown_paths(part, path)
