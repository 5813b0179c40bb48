"""
Spoiling answers: what may stand in one instead of what is documented.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

Path = tuple[str | int, ...]

DROPPED: Final = object()
"""What becomes of a value that is left out."""

ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 10**12, 10**30, 10**400, 1.5),
    *(math.nan, math.inf, -math.inf, "nan", "1e999", "9" * 5000, "-1", "1"),
    *(
        "",
        " ",
        "x",
        "gone",
        "rm-demo-mysql80",
        "x" * 2000,
        "two\nlines",
        "half a \ud800",
        "\x1b[31mred",
    ),
    *("InvalidDBInstanceId.NotFound", "2026-13-40T00:00:00Z", "2026-11-20T04:00:00"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "10.0.0.0/99"),
    *([], {}, [None], [[]], [{}], ["x"], [1], {"x": {}}, {"x": "y"}, {"Items": []}),
)

LEAVES: Final = st.integers() | st.floats() | st.text(max_size=8)

VALUES: Final = (
    st.sampled_from(ODD)
    | LEAVES
    | st.lists(LEAVES, max_size=2)
    | st.dictionaries(st.text(max_size=8), LEAVES, max_size=2)
)


@dataclass(frozen=True)
class Damage:
    """
    One thing that is wrong with an answer.

    Attributes:
        where: Which of its values: from 0, all of it, to 1, the last.
        how: What becomes of a value: its name in *CHANGES*, or "replaced".
        value: What it is replaced by.
    """

    where: float
    how: str
    value: Any

    def done_to(self, answer: Any) -> Any:
        """
        Return a spoilt copy of *answer*.
        """
        paths = list(_paths(answer))
        path = paths[int(self.where * (len(paths) - 1))]
        return _changed(answer, path, CHANGES.get(self.how, _by(self.value)))


def every_damage(answer: dict[str, Any]) -> Iterator[Any]:
    """
    Return copies of *answer*, each with another odd value in one place.
    """
    changes = [*CHANGES.values(), *map(_by, ODD)]
    for path, change in itertools.product(_paths(answer), changes):
        yield _changed(answer, path, change)


def _by(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else {"value": value}


def _twice(value: Any) -> Any:
    return value * 2 if isinstance(value, list | str) else [value, value]


CHANGES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "left out": lambda _: DROPPED,
    "in a list": lambda value: [value],
    "out of its list": _first,
    "twice": _twice,
    "as a text": str,
}

DAMAGES: Final = st.builds(
    Damage,
    where=st.floats(0, 1),
    how=st.sampled_from(["replaced", "replaced", *CHANGES]),
    value=VALUES,
)


def _paths(tree: Any, begin: Path = ()) -> Iterator[Path]:
    """
    Return the way to each value, through the first entry of every list.
    """
    yield begin
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _paths(value, (*begin, name))
    elif isinstance(tree, list) and tree:
        yield from _paths(tree[0], (*begin, 0))


def _changed(tree: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        spoilt = change(tree)
        return None if spoilt is DROPPED else spoilt
    step, *rest = path
    copy = tree.copy()
    spoilt = change(tree[step]) if not rest else _changed(tree[step], (*rest,), change)
    if spoilt is DROPPED:
        del copy[step]
    else:
        copy[step] = spoilt
    return copy


def with_status(answer: Any, status: Any) -> Any:
    """
    Return a copy of *answer* in which every instance has *status*; *DROPPED* for none.
    """
    if isinstance(answer, list):
        return [with_status(item, status) for item in answer]
    if not isinstance(answer, dict):
        return answer
    copy = {name: with_status(value, status) for name, value in answer.items()}
    if "DBInstanceStatus" in copy:
        copy["DBInstanceStatus"] = status
    return {name: value for name, value in copy.items() if value is not DROPPED}
