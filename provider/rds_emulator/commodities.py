"""
What is bought under which commodity code, on which site of the cloud.

Source: the texts of CommodityCode in DescribeAvailableZones and DescribePrice.
"""

from collections.abc import Mapping

from rds_emulator.errors import ApiError
from rds_emulator.model import CHINA, INTERNATIONAL, Account
from rds_emulator.parameters import Parameters

SERVERLESS = "Serverless"
_CODES: Mapping[str, Mapping[str, str]] = {
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
_DEFAULTS: Mapping[str, str] = {CHINA: "rds", INTERNATIONAL: "rds_intl"}
_READ_ONLY = (
    "rords",
    "rds_rordspre_public_cn",
    "rords_intl",
    "rds_rordspre_public_intl",
)
_CURRENCIES: Mapping[str, str] = {CHINA: "CNY", INTERNATIONAL: "USD"}
_CHARGE_TYPES = ("Postpaid", "Prepaid", SERVERLESS)


def currency(account: Account) -> str:
    """
    Tell in what *account* pays.
    """
    return _CURRENCIES[account.site]


def pay_type(parameters: Parameters, account: Account) -> str:
    """
    Tell how to pay by CommodityCode, which is a subscription's when it is not given.

    Raises:
        ApiError: the code is none, or not of the account's site.
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
    Tell how to pay by CommodityCode or InstanceChargeType; None when neither is given.

    Raises:
        ApiError: they contradict each other, or one of them is none.
    """
    charge = parameters.choice("InstanceChargeType", _CHARGE_TYPES)
    if "CommodityCode" not in parameters:
        return charge
    by_code = pay_type(parameters, account)
    if charge not in (None, by_code):
        raise ApiError(code="InvalidCommodityCode.Malformed")
    return by_code


def editions(payment: str | None, account: Account) -> frozenset[bool]:
    """
    Tell what is sold to who pays so: serverless editions (True), others (False), both.

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
