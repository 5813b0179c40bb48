"""
What a class can do: the cores and the memory that its name tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_CORES: Final[Mapping[str, int]] = {"micro": 1, "small": 1, "medium": 2, "large": 4}
_CORES_OF_XLARGE: Final = 8
_FAMILIES: Final = ("n", "x")


@dataclass(frozen=True)
class Power:
    """
    Cores, and memory in GB.
    """

    cores: int
    memory_gb: int


# The page Primary instance types; these names do not tell it.
_OLD: Final[Mapping[str, Power]] = {
    "t1.small": Power(1, 1),
    "s1.small": Power(1, 2),
    "s2.large": Power(2, 4),
    "s2.xlarge": Power(2, 8),
    "s3.large": Power(4, 8),
    "m1.medium": Power(4, 16),
    "c1.large": Power(8, 16),
    "c1.xlarge": Power(8, 32),
    "c2.xlarge": Power(16, 64),
}


def of_class(instance_class: str) -> Power | None:
    """
    Return the power of a class such as mysql.n4.2xlarge.2c or rds.mysql.s1.small.

    Another name tells nothing: None.
    """
    _, family, size, *_ = *instance_class.split("."), "", ""
    old = _OLD.get(".".join(instance_class.split(".")[2:]))
    if old is not None or not _is_ratio(family):
        return old
    cores = _CORES.get(size, 0)
    if size.endswith("xlarge"):
        cores = int(size.removesuffix("xlarge") or 1) * _CORES_OF_XLARGE
    return Power(cores, cores * int(family[1:])) if cores else None


def _is_ratio(family: str) -> bool:
    return family.startswith(_FAMILIES) and family[1:].isdecimal()
