"""
The range in which a serverless instance scales: what each engine takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.model import Serverless

_SWITCHED: Final = ("MySQL", "PostgreSQL")


@dataclass(frozen=True, kw_only=True)
class _Limits:
    """
    The bounds of both ends in RCU, and the steps of the lower one.
    """

    least_min: float
    least_max: float
    most: float
    step: float


_OTHERS: Final = _Limits(least_min=0.5, least_max=1, most=32, step=0.5)
_LIMITS: Final[Mapping[str, _Limits]] = {
    "SQLServer": _Limits(least_min=2, least_max=2, most=16, step=1),
    "PostgreSQL": _Limits(least_min=0.5, least_max=1, most=14, step=0.5),
}


def check_range(engine: str, config: Serverless, *, refusal: str) -> None:
    """
    Refuse with the code *refusal* what no instance of *engine* can scale in.
    """
    limits = _LIMITS.get(engine, _OTHERS)
    low, high = config.min_capacity, config.max_capacity
    is_ordered = limits.least_min <= low <= high
    is_bounded = limits.least_max <= high <= limits.most
    is_in_step = high == int(high) and (low / limits.step).is_integer()
    if not (is_ordered and is_bounded and is_in_step):
        raise ApiError(code=refusal)
    is_switched = config.auto_pause is not None or config.switch_force is not None
    if is_switched and engine not in _SWITCHED:
        raise ApiError(code=refusal)
