"""
What is bought under which commodity code, on which site of the cloud.

Source: the texts of CommodityCode in DescribeAvailableZones and DescribePrice.
"""

from collections.abc import Mapping
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state.model import (
    CHINA,
    INTERNATIONAL,
    PAY_TYPES,
    SERVERLESS,
    Account,
)

_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    CHINA: {
        "bards": "Postpaid",
        "rds": "Prepaid",
        "rds_serverless_public_cn": SERVERLESS,
    },
    INTERNATIONAL: {
        "bards_intl": "Postpaid",
        "rds_intl": "Prepaid",
        "rds_serverless_public_intl": SERVERLESS,
    },
}
_DEFAULTS: Final[Mapping[str, str]] = {CHINA: "rds", INTERNATIONAL: "rds_intl"}
_READ_ONLY: Final = (
    "rords",
    "rds_rordspre_public_cn",
    "rords_intl",
    "rds_rordspre_public_intl",
)
_CURRENCIES: Final[Mapping[str, str]] = {CHINA: "CNY", INTERNATIONAL: "USD"}


def currency(account: Account) -> str:
    """
    Return the currency in which *account* pays.
    """
    return _CURRENCIES[account.site]


def pay_type(parameters: Parameters, account: Account) -> str:
    """
    Return the billing method of CommodityCode, by default a subscription's.

    Raises:
        ApiError: The code is none, or not of the account's site.
    """
    code = parameters.text("CommodityCode") or _DEFAULTS[account.site]
    if code in _READ_ONLY:
        what = f"CommodityCode={code}"
        raise ApiError(code="EmulatorNotImplemented", what=what)
    codes = _CODES[account.site]
    if code not in codes:
        raise ApiError(code="InvalidCommodityCode.Malformed")
    return codes[code]


def wanted(parameters: Parameters, account: Account) -> str | None:
    """
    Return the billing method of CommodityCode or InstanceChargeType, or None.

    Raises:
        ApiError: They contradict each other, or one of them is none.
    """
    charge = parameters.choice("InstanceChargeType", PAY_TYPES)
    if "CommodityCode" not in parameters:
        return charge
    by_code = pay_type(parameters, account)
    if charge not in (None, by_code):
        raise ApiError(code="InvalidCommodityCode.Malformed")
    return by_code


def editions(payment: str | None, account: Account) -> frozenset[bool]:
    """
    Return what *payment* buys: serverless editions (True), others (False), both.

    None as *payment* stands for nothing named.
    """
    if payment is not None:
        return frozenset({payment == SERVERLESS})
    shows_both = account.temper.unnamed_serverless == "listed"
    return frozenset({False, True} if shows_both else {False})


def is_serverless(category: str) -> bool:
    """
    Whether *category* is a serverless edition.
    """
    return category.startswith("serverless_")
