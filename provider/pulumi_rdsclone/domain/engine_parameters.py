"""
Parameters of database engines, and the values that they accept.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_RANGE: Final = re.compile(rf"\[({_NUMBER})-({_NUMBER})\]")
_CHOICE: Final = re.compile(r"\[([\w.-]+(?:\|[\w.-]+)+)\]")

REPORTED_DIFFERENTLY: Final = frozenset({"max_connections"})
"""
Parameters that an instance reports with another value than was set, by design: the
system takes some connections for itself.

Source: github.com/aliyun/terraform-provider-alicloud/pull/9529, which does not
read it.
"""


@dataclass(frozen=True, kw_only=True)
class ParameterTemplate:
    """
    The description of an engine's parameter.

    Attributes:
        name: Its name in the engine.
        allowed: The values it takes, as the cloud writes them: ``[1-100]``,
            ``[ON|OFF]``, or an expression of another form.
        modifiable: Whether it can be set at all.
        restarts: Whether a new value takes effect at a restart only.
    """

    name: str
    allowed: str
    modifiable: bool
    restarts: bool

    def accepted_values(self, value: str) -> str:
        """
        Return the accepted values if *value* is certainly none of them; else nothing.

        Ranges and choices are judged. Other forms are not, and neither is a formula
        such as ``{DBInstanceClassMemory/4}``: the cloud works it out.
        """
        if "{" in value:
            return ""
        if ends := _RANGE.fullmatch(self.allowed):
            least, most = ends.groups()
            is_inside = _lies_between(value, least=least, most=most)
            return "" if is_inside else f"{least} to {most}"
        choice = _CHOICE.fullmatch(self.allowed)
        words = choice[1].split("|") if choice else [value]
        return "" if value in words else f"one of {', '.join(words)}"


def _lies_between(value: str, *, least: str, most: str) -> bool:
    if not re.fullmatch(_NUMBER, value):
        return False
    if "." in value and "." not in least + most:
        return False
    return Decimal(least) <= Decimal(value) <= Decimal(most)
