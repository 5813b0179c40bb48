"""
The parameters of an action, read as the types the API gives them.

An empty value counts as absent: clients send ``Name=`` for what is not set.
"""

from collections.abc import Collection, Mapping
from typing import Final

from rds_emulator.protocol.errors import ApiError, invalid, missing

_BOOLEANS: Final = {"true": True, "false": False}
_MOST_DIGITS: Final = 20
"""Python refuses to read numbers of more than some thousand."""


class Parameters:
    """
    What the caller gave to an action.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def __contains__(self, name: object) -> bool:
        return bool(self._given.get(str(name)))

    def given(self) -> dict[str, str]:
        """
        Everything that was given, as it was spelled.
        """
        return dict(self._given)

    def text(self, name: str) -> str | None:
        """
        Return a text, or None when it is not given.
        """
        return self._given.get(name) or None

    def required(self, name: str) -> str:
        """
        Return a text that must be given.
        """
        value = self.text(name)
        if value is None:
            raise missing(name=name)
        return value

    def choice(
        self, name: str, choices: Collection[str], *, refusal: str | None = None
    ) -> str | None:
        """
        Return a word out of *choices*, spelled exactly so.

        Args:
            name: The parameter.
            choices: The accepted words.
            refusal: The code for any other word; InvalidParameter by default.
        """
        value = self.text(name)
        if value is not None and value not in choices:
            raise ApiError(code=refusal) if refusal else invalid(name=name)
        return value

    def boolean(self, name: str) -> bool | None:
        """
        Return true or false, written in any case, or None.
        """
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in _BOOLEANS:
            raise invalid(name=name)
        return _BOOLEANS[value.lower()]

    def integer(
        self,
        name: str,
        *,
        default: int,
        least: int = 1,
        most: int = 2**31 - 1,
        refusal: str | None = None,
    ) -> int:
        """
        Return a whole number between *least* and *most*.

        Args:
            name: The parameter.
            default: Stands for an absent one.
            least: The smallest accepted number.
            most: The largest accepted number.
            refusal: The code for anything else; InvalidParameter by default.
        """
        value = self.text(name)
        if value is None:
            return default
        number = int(value) if _is_whole(value) else least - 1
        if not least <= number <= most:
            raise ApiError(code=refusal) if refusal else invalid(name=name)
        return number

    def numbered(self, name: str) -> list[str]:
        """
        Return the list ``Name.1``, ``Name.2``, … up to the first gap.
        """
        values: list[str] = []
        while value := self._given.get(f"{name}.{len(values) + 1}"):
            values.append(value)
        return values

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """
        Return the list ``Name.1.Key``, ``Name.1.Value``, … up to the first gap.
        """
        pairs: list[tuple[str, str]] = []
        while True:
            place = f"{name}.{len(pairs) + 1}"
            key = self._given.get(f"{place}.Key")
            value = self._given.get(f"{place}.Value")
            if key is None and value is None:
                return pairs
            pairs.append((key or "", value or ""))


def _is_whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
