"""
What things cost: made up, but always the same, and more for more.

Amounts are in the currency of the site. The hourly price grows with the size
and the memory of a class, its edition and its disk; a subscription is cheaper
than its hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

RCU_HOUR: Final = 0.35
"""What one RDS capacity unit costs for an hour."""

_CORES: Final[Mapping[str, int]] = {
    "micro": 1,
    "small": 1,
    "medium": 2,
    "large": 4,
    "xlarge": 8,
    "2xlarge": 16,
    "4xlarge": 32,
    "8xlarge": 64,
}
_CORE_HOUR: Final[Mapping[str, float]] = {
    "MySQL": 0.4,
    "SQLServer": 1.3,
    "MariaDB": 0.38,
}
_OTHER_CORE_HOUR: Final = 0.42
_MEMORY_HOUR: Final = 0.06
_GB_HOUR: Final[Mapping[str, float]] = {
    "local_ssd": 0.0011,
    "cloud_ssd": 0.0013,
    "general_essd": 0.0015,
    "cloud_essd": 0.0017,
    "cloud_essd2": 0.0033,
    "cloud_essd3": 0.0066,
}
_OTHER_GB_HOUR: Final = 0.0012
_SINGLE_NODE: Final = (".1", ".1c", ".s1", ".w1")
_HOURS_OF_MONTH: Final = 720
_SUBSCRIPTION: Final = 0.7
_YEAR_DISCOUNT: Final = 0.15


@dataclass(frozen=True, kw_only=True)
class Price:
    """
    Before and after the discount.
    """

    original: float
    trade: float

    @property
    def discount(self) -> float:
        """
        What the discount takes off.
        """
        return round(self.original - self.trade, 2)


def class_hour(engine: str, instance_class: str) -> float:
    """
    Return what a class costs for an hour, without storage.
    """
    parts = instance_class.split(".")
    cores = next((_CORES[part] for part in parts if part in _CORES), 2)
    ratio = next((int(part[1:]) for part in parts if part[1:].isdigit()), 2)
    node = cores * _CORE_HOUR.get(engine, _OTHER_CORE_HOUR)
    node += cores * ratio * _MEMORY_HOUR
    return node if instance_class.endswith(_SINGLE_NODE) else 2 * node


def storage_hour(storage_type: str, storage_gb: int) -> float:
    """
    Return what a disk costs for an hour.
    """
    return storage_gb * _GB_HOUR.get(storage_type, _OTHER_GB_HOUR)


def by_the_hour(hour: float, quantity: int) -> Price:
    """
    Price an hour of pay-as-you-go: there is no discount.
    """
    amount = round(hour * quantity, 2)
    return Price(original=amount, trade=amount)


def by_the_term(hour: float, months: int, *, quantity: int) -> Price:
    """
    Price a whole subscription; whole years have a discount.
    """
    original = hour * _HOURS_OF_MONTH * _SUBSCRIPTION * months * quantity
    off = 0.0 if months % 12 else _YEAR_DISCOUNT
    return Price(original=round(original, 2), trade=round(original * (1 - off), 2))
