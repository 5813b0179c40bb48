"""
The mark of a value that is not known before another resource has been made.
"""

from typing import Final, final

from pydantic import BaseModel

from pulumi_rdsclone.domain.values import PropertyValue


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

    def __deepcopy__(self, _memo: dict[int, object]) -> "Unknown":
        return self


UNKNOWN: Final = Unknown()


def is_unknown(value: object) -> bool:
    """
    Return whether *value* is *UNKNOWN*, whatever its type says.
    """
    return value is UNKNOWN


def has_unknown(value: object) -> bool:
    """
    Return whether *UNKNOWN* stands anywhere in *value*: a map, a list, a group.
    """
    match value:
        case BaseModel():
            return has_unknown(vars(value))
        case dict():
            return any(has_unknown(part) for part in value.values())
        case list() | tuple():
            return any(has_unknown(part) for part in value)
        case _:
            return is_unknown(value)


def known_part(value: object) -> PropertyValue:
    """
    Return a map or list without its unknown entries; of lists in it, the known items.
    """
    match value:
        case dict():
            held = {key: known_part(item) for key, item in value.items()}
            return {key: item for key, item in held.items() if not has_unknown(item)}
        case list():
            return [item for item in map(known_part, value) if not has_unknown(item)]
        case _:
            return value
