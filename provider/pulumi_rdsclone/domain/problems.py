"""
What a check found wrong, as a value: where, what, and what to do about it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MOST_SHOWN: Final = 40


def shown(value: object) -> str:
    """
    Return *value* as messages quote it, cut where it is long.
    """
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


class Severity(StrEnum):
    """
    How much a problem weighs: an error refuses the clone, a warning only speaks.
    """

    ERROR = "error"
    WARNING = "warning"


class FormError(ValueError):
    """
    A value is written wrongly: *what* it is not, and the *remedy*.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}: {remedy}")
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, kw_only=True)
class Problem:
    """
    One finding, complete enough to be shown alone.

    Attributes:
        check: Id of the check that found it, such as ``source-running``.
        path: Dotted path of the input it is about, in this package's own spelling.
        what: What is wrong, a clause without a full stop.
        remedy: What the user does about it, a clause in the imperative.
        severity: Whether it refuses the clone.
    """

    check: str
    path: str
    what: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.path}: {self.what} — {self.remedy} ({self.check})"

    def tree(self) -> dict[str, str]:
        """
        Give it as a tree of plain values.
        """
        return {
            "check": self.check,
            "path": self.path,
            "severity": self.severity.value,
            "what": self.what,
            "remedy": self.remedy,
        }
