"""
Problems, the findings of checks, and how a message shows a user's value.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MOST_QUOTED: Final = 40
"""Characters of a user's value that are shown, its quotes included."""

_MOST_LISTED: Final = 6
"""More values in one message nobody reads."""

_LONGEST: Final = 3000
"""Characters of a message that are shown: all, unless others have written it."""

_PLAIN: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.:/-]{0,63}"
    r"|(cloud|ephemeral|general|local|serverless)_[a-z0-9_]{1,30}"
)
"""
Ids and words as the cloud writes them. Others with an underscore could be taken for the
name of an input, which is spelled in camelCase for users.
"""


def quoted(value: object) -> str:
    """
    Return a user's value in quotes, on one line, with … in place of a long rest.
    """
    text = repr(value)
    if len(text) <= _MOST_QUOTED:
        return text
    if not isinstance(value, str):
        return f"{text[: _MOST_QUOTED - 1]}…"
    # Escaped signs are longer than one: repr is taken of what is left of the value.
    lengths = range(_MOST_QUOTED, -1, -1)
    short = next(s for n in lengths if len(s := repr(value[:n])) < _MOST_QUOTED)
    return f"{short[:-1]}…{short[-1]}"


def named(value: str) -> str:
    """
    Return an id or a word of the cloud as it is; in quotes if it looks like neither.
    """
    return value if _PLAIN.fullmatch(value) else quoted(value)


def listed(
    values: Iterable[str],
    show: Callable[[str], str] = named,
    *,
    most: int = _MOST_LISTED,
) -> str:
    """
    Return *values* with commas between them, with … in place of those beyond *most*.
    """
    texts = [show(value) for value in values]
    return ", ".join([*texts[:most], *(["…"] if len(texts) > most else [])])


def one_line(text: str, most: int = _LONGEST) -> str:
    """
    Return *text* as one printable line of at most *most* characters.
    """
    if not text.isprintable():
        signs = (sign if sign.isprintable() else " " for sign in text)
        text = " ".join("".join(signs).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


class Severity(StrEnum):
    """
    The severity of a problem: an error refuses the clone, a warning does not.
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
    One finding that can be shown alone.

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

    def __post_init__(self) -> None:
        for name in ("path", "what", "remedy"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.path}: {self.what} — {self.remedy} ({self.check})"

    def tree(self) -> dict[str, str]:
        """
        Return the problem as a tree of plain values.
        """
        return {
            "check": self.check,
            "path": self.path,
            "severity": self.severity.value,
            "what": self.what,
            "remedy": self.remedy,
        }


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """
    Return those of *problems* that refuse the clone.
    """
    return [problem for problem in problems if problem.severity is Severity.ERROR]
