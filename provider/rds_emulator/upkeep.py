"""
How an instance is kept: what is set once and rarely changed. Plain, frozen values.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AutoRenewal:
    """
    Whether a subscription is renewed by itself, and for how many months each time.
    """

    enabled: bool = False
    months: int = 1
