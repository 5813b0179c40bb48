"""
Demand: addresses and instances that all clones of a program need together.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Demand:
    """
    The demand of the clones that a program would order, as one clone sees it.

    Attributes:
        vswitch_id: The vSwitch in which that clone would be; empty if not known.
        free: How many addresses were free there before the program ordered a clone.
        placed: The names of the clones that need an address there, its own among them.
        ordered: The names of all clones that would be ordered in the region.
        instances: How many instances the region had before; None if not known.
        quota: How many it may have; None without a limit.
    """

    vswitch_id: str = ""
    free: int = 0
    placed: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    instances: int | None = None
    quota: int | None = None


_NUMBERED: Final = re.compile(r"(?P<stem>.*?)(?P<number>0|[1-9][0-9]{0,8})", re.DOTALL)


def ranges_of(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """
    Return *names*, sorted, as pairs of the first and the last one of a range.

    Names that differ in the number at their end alone, and whose numbers follow each
    other, are a range: clone-0, clone-1 and clone-2. Other names are ranges of one.
    """
    runs: list[list[tuple[str, int]]] = []
    for stem, number in sorted({_parts(name) for name in names}):
        if runs and number > 0 and runs[-1][-1] == (stem, number - 1):
            runs[-1].append((stem, number))
        else:
            runs.append([(stem, number)])
    for run in runs:
        yield _whole(*run[0]), _whole(*run[-1])


def _parts(name: str) -> tuple[str, int]:
    """
    Return *name* without the number at its end, and that number; -1 without one.
    """
    match = _NUMBERED.fullmatch(name)
    return (match["stem"], int(match["number"])) if match else (name, -1)


def _whole(stem: str, number: int) -> str:
    return stem if number < 0 else f"{stem}{number}"
