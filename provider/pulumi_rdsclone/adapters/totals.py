"""
The price of all clones of a program together.
"""

import threading
from typing import Final

from pulumi_rdsclone.domain.market import Price, total_of
from pulumi_rdsclone.domain.values import Document

_ORDERS_A_SECOND: Final = 10
"""Source: api.aliyun.com/document/Rds/2014-08-15/CloneDBInstance, the request rate."""

_MANY: Final = 100
"""So many orders take ten seconds, which a user would notice."""


class Totals:
    """
    The clones that were checked, with their prices.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._prices: dict[str, Price | None] = {}
        self._orders: set[str] = set()

    def enter(self, name: str, price: Price | None, *, is_ordered: bool) -> None:
        """
        Note the clone *name*, which exists or would be ordered.

        Args:
            name: The resource's name.
            price: What it costs; None if not known.
            is_ordered: Whether it would be ordered.
        """
        with self._lock:
            self._prices[name] = price
            (self._orders.add if is_ordered else self._orders.discard)(name)

    def line(self) -> str:
        """
        Return what all clones cost, one line; empty for one clone, or without orders.
        """
        with self._lock:
            prices, orders = list(self._prices.values()), len(self._orders)
        known = [price for price in prices if price is not None]
        if len(prices) < 2 or not orders or not known:  # noqa: PLR2004 - one is no sum
            return ""
        sums = " and ".join(map(_rounded, total_of(known)))
        unknown = len(prices) - len(known)
        rest = f", without {unknown} whose price is not known" if unknown else ""
        return f"{len(prices)} clones, {sums} in all{rest}"

    def advice(self) -> str:
        """
        Return how long the orders would take, one line; empty where they are few.
        """
        orders = len(self._orders)
        if orders <= _MANY:
            return ""
        seconds = -(-orders // _ORDERS_A_SECOND)
        return (
            f"{orders} clones would be ordered, which takes at least {seconds} s — RDS "
            f"accepts {_ORDERS_A_SECOND} orders a second"
        )

    def tree(self) -> Document:
        """
        Return the sums as a tree of plain values, in snake_case.
        """
        with self._lock:
            prices, orders = list(self._prices.values()), len(self._orders)
        known = [price for price in prices if price is not None]
        return {
            "clones": len(prices),
            "ordered": orders,
            "without_price": len(prices) - len(known),
            "prices": [price.tree() for price in total_of(known)],
        }


def _rounded(price: Price) -> str:
    """
    Return *price* with two decimals, with more if it has more.
    """
    text = f"{price.amount:.6f}".rstrip("0")
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<2} {price.currency} per {price.per}"
