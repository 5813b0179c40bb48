"""
The parameters of an action, read as the types the API gives them.

An empty value counts as absent: clients send ``Name=`` for what is not set.
"""

from collections.abc import Collection, Mapping

from rds_emulator.errors import ApiError, invalid, missing

_BOOLEANS = {"true": True, "false": False}


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
        Read a text, or answer None when it is not given.
        """
        return self._given.get(name) or None

    def required(self, name: str) -> str:
        """
        Read a text that must be given.
        """
        value = self.text(name)
        if value is None:
            raise missing(name=name)
        return value

    def choice(
        self, name: str, choices: Collection[str], *, refusal: str | None = None
    ) -> str | None:
        """
        Read a word out of *choices*, spelled exactly so.

        Args:
            name: the parameter.
            choices: the accepted words.
            refusal: the code for any other word; InvalidParameter by default.
        """
        value = self.text(name)
        if value is not None and value not in choices:
            raise ApiError(code=refusal) if refusal else invalid(name=name)
        return value

    def boolean(self, name: str) -> bool | None:
        """
        Read true or false, in any case.
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
        Read a whole number between *least* and *most*.

        Args:
            name: the parameter.
            default: stands for an absent one.
            least: the smallest accepted number.
            most: the largest accepted number.
            refusal: the code for anything else; InvalidParameter by default.
        """
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit():
            raise ApiError(code=refusal) if refusal else invalid(name=name)
        number = int(value)
        if not least <= number <= most:
            raise ApiError(code=refusal) if refusal else invalid(name=name)
        return number

    def numbered(self, name: str) -> list[str]:
        """
        Read the list ``Name.1``, ``Name.2``, … up to the first gap.
        """
        values: list[str] = []
        while value := self._given.get(f"{name}.{len(values) + 1}"):
            values.append(value)
        return values

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """
        Read the list ``Name.1.Key``, ``Name.1.Value``, … up to the first gap.
        """
        pairs: list[tuple[str, str]] = []
        while True:
            place = f"{name}.{len(pairs) + 1}"
            key = self._given.get(f"{place}.Key")
            value = self._given.get(f"{place}.Value")
            if key is None and value is None:
                return pairs
            pairs.append((key or "", value or ""))
