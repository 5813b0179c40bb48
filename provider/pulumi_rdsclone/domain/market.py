"""
Offers, prices and vSwitches of the cloud.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Final


@dataclass(frozen=True, kw_only=True)
class OfferQuery:
    """
    Key of a class listing: engine, version, edition, zone and disk.

    Attributes:
        payment: PayAsYouGo, Subscription or Serverless: each has its own offers.
    """

    engine: str
    engine_version: str
    edition: str
    zone: str
    storage_type: str
    payment: str = "PayAsYouGo"


@dataclass(frozen=True, kw_only=True)
class ZoneOffer:
    """
    An edition that a zone sells on a kind of disk, for one engine and version.
    """

    zone: str
    edition: str
    storage_type: str


@dataclass(frozen=True, kw_only=True)
class ClassOffer:
    """
    An instance class that is sold, and the storage it takes.

    Attributes:
        least_gb, most_gb, step_gb: In GB; a step of 0 if none is reported.
    """

    name: str
    least_gb: int
    most_gb: int
    step_gb: int


@dataclass(frozen=True, kw_only=True)
class VSwitch:
    """
    A virtual switch: a range of addresses in one zone of a VPC.

    Attributes:
        free: Number of addresses that nobody uses.
    """

    id: str
    zone: str
    cidr: IPv4Network
    free: int


_HOURS: Final = {"hour": 1, "Month": 365 * 24 / 12, "Year": 365 * 24}


@dataclass(frozen=True, kw_only=True)
class Price:
    """
    The price of a clone.

    Attributes:
        amount: In *currency*, discounts included.
        currency: Such as CNY.
        per: Unit of the amount: hour, or the whole term such as 3 Month.
    """

    amount: float
    currency: str
    per: str

    def __str__(self) -> str:
        return f"{self.amount:.12g} {self.currency} per {self.per}"

    def per_day(self) -> "Price":
        """
        Return the price of a day at this price of an hour.
        """
        return replace(self, amount=round(24 * self.amount, 6), per="day")

    def per_hour(self) -> "Price | None":
        """
        Return the price of an hour, from that of an hour, a month or a year.

        A year has 365 days, a month the twelfth part of it. None for other terms.
        """
        count, _, unit = self.per.rpartition(" ")
        if unit not in _HOURS:
            return None
        hours = _HOURS[unit] * int(count or 1)
        return replace(self, amount=round(self.amount / hours, 6), per="hour")

    def tree(self) -> dict[str, object]:
        """
        Return the price as a tree of plain values.
        """
        return {"amount": self.amount, "currency": self.currency, "per": self.per}


def total_of(prices: Iterable[Price]) -> tuple[Price, ...]:
    """
    Return the sums of *prices*, one for each currency and term, the hours first.
    """
    sums: dict[tuple[str, str], float] = {}
    for price in prices:
        kind = (price.currency, price.per)
        sums[kind] = sums.get(kind, 0) + price.amount
    kinds = sorted(sums, key=lambda kind: (kind[1] != "hour", kind))
    return tuple(
        Price(amount=round(sums[kind], 6), currency=kind[0], per=kind[1])
        for kind in kinds
    )
