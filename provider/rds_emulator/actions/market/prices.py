"""
What an instance would cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.market import catalogue, commodities, prices
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.cloning import payloads
from rds_emulator.state.model import SERVERLESS, Account, Serverless

_MOST_INSTANCES: Final = 30
_MOST_PERIODS: Final = {"Year": 100, "Month": 999}


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    currency: str
    pay_type: str
    engine: str
    instance_class: str
    storage_gb: int
    storage_type: str
    quantity: int

    @property
    def storage_hour(self) -> float:
        return prices.storage_hour(self.storage_type, self.storage_gb)

    @property
    def hour(self) -> float:
        return prices.class_hour(self.engine, self.instance_class) + self.storage_hour


@action(
    "DescribePrice",
    models=(
        "An hour of pay-as-you-go, the whole term of a subscription, or the range of a"
        " serverless instance. All amounts are invented; they are always the same and"
        " grow with class and storage. Coupons, rules and order lines are empty."
        " OrderType but BUY and the commodity codes of read-only instances are"
        " answered with 501."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; the commodity codes of both sites"
        " are those of its text. That a serverless class is InvalidSaleComponentFault"
        " unless it is paid as one is a log of an account (boardx/workspacex, clone"
        " plan of 2026-10-03). Inferred: that a CommodityCode (rds by default, rds_intl"
        " on the international site) which does not go with PayType or with the site of"
        " the account is refused (InvalidCommodityCode.Malformed, documented for"
        " ListClasses), and a class that is not sold (Price.PricingPlanResultNotFound,"
        " documented for most actions); where serverless amounts stand."
    ),
)
def describe_price(invocation: Invocation) -> Answer:
    """
    Return the price of so many new instances.
    """
    invocation.region()
    parameters = invocation.parameters
    wanted = _wanted(invocation)
    if wanted.pay_type == "Serverless":
        return _serverless(wanted, payloads.serverless(parameters, wanted.pay_type))
    if wanted.pay_type == "Prepaid":
        months = _months(parameters)
        price = prices.by_the_term(wanted.hour, months, quantity=wanted.quantity)
    else:
        price = prices.by_the_hour(wanted.hour, wanted.quantity)
    return {"PriceInfo": _price_info(wanted, price), **_REST}


def _wanted(invocation: Invocation) -> _Wanted:
    parameters, account = invocation.parameters, invocation.cloud.account
    pay_type = _pay_type(parameters, account)
    engine = parameters.required("Engine")
    version = parameters.required("EngineVersion")
    instance_class = parameters.required("DBInstanceClass")
    if instance_class in account.retired_classes or (
        instance_class not in catalogue.priced_classes(engine, version)
    ):
        raise ApiError(code="Price.PricingPlanResultNotFound")
    is_serverless = instance_class in catalogue.SERVERLESS_CLASSES.values()
    if is_serverless != (pay_type == SERVERLESS):
        raise ApiError(code="InvalidSaleComponentFault")
    for name in ("DBInstanceStorage", "Quantity"):
        parameters.required(name)
    return _Wanted(
        currency=commodities.currency(account),
        pay_type=pay_type,
        engine=engine,
        instance_class=instance_class,
        storage_gb=parameters.integer("DBInstanceStorage", default=0, least=5),
        storage_type=parameters.text("DBInstanceStorageType") or "cloud_essd",
        quantity=parameters.integer(
            "Quantity", default=1, least=0, most=_MOST_INSTANCES
        ),
    )


def _pay_type(parameters: Parameters, account: Account) -> str:
    order_type = parameters.text("OrderType") or "BUY"
    if order_type != "BUY":
        what = f"prices for OrderType={order_type}"
        raise ApiError(code="EmulatorNotImplemented", what=what)
    pay_type = commodities.pay_type(parameters, account)
    if parameters.text("PayType") not in (None, pay_type):
        raise ApiError(code="InvalidCommodityCode.Malformed")
    return pay_type


def _months(parameters: Parameters) -> int:
    period = parameters.required("TimeType")
    if period not in _MOST_PERIODS:
        raise invalid(name="TimeType")
    count = parameters.integer("UsedTime", default=1, most=_MOST_PERIODS[period])
    return count * 12 if period == "Year" else count


_REST: Final[Mapping[str, object]] = {
    "OrderParams": "",
    "Rules": {"Rule": []},
    "ShowDiscount": False,
}


def _price_info(wanted: _Wanted, price: prices.Price) -> Answer:
    return {
        "Currency": wanted.currency,
        "OriginalPrice": price.original,
        "DiscountPrice": price.discount,
        "TradePrice": price.trade,
        "ActivityInfo": {},
        "Coupons": {"Coupon": []},
        "RuleIds": {"RuleId": []},
    }


def _serverless(wanted: _Wanted, config: Serverless | None) -> Answer:
    if config is None:
        raise ApiError(code="RequiredParam.NotFound", name="ServerlessConfig")
    rcu = prices.RCU_HOUR * wanted.quantity
    least = round(config.min_capacity * rcu, 2)
    most = round(config.max_capacity * rcu, 2)
    storage = round(wanted.storage_hour * wanted.quantity, 2)
    total = round(least + storage, 2)
    range_of_rcu = {"TradeMinRCUAmount": least, "TradeMaxRCUAmount": most}
    info = _price_info(wanted, prices.Price(original=total, trade=total))
    return {
        "PriceInfo": {**info, **range_of_rcu},
        "ServerlessPrice": {
            **range_of_rcu,
            "RCUOriginalMinAmount": least,
            "RCUOriginalMaxAmount": most,
            "RCUDiscountMinAmount": 0,
            "RCUDiscountMaxAmount": 0,
            "StorageOriginalAmount": storage,
            "storageDiscountAmount": 0,
            "TotalOriginalMinAmount": total,
            "TotalOriginalMaxAmount": round(most + storage, 2),
        },
        **range_of_rcu,
        **_REST,
    }
