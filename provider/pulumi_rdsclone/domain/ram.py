"""
RAM actions, as permissions are written: PRODUCT:ACTION.
"""

from typing import Final

_PRODUCTS: Final = {"DescribeVSwitches": "vpc"}
"""The product of each API action that is not one of RDS."""


def ram_action(action: str) -> str:
    """
    Return the RAM action that permits the API action *action*.
    """
    return f"{_PRODUCTS.get(action, 'rds')}:{action}"
