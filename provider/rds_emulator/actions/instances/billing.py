"""
How an instance is paid for: pay-as-you-go or subscription, and its renewal.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from rds_emulator.actions import list_ranges
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import check_steady, check_unlocked
from rds_emulator.state import ids
from rds_emulator.state.model import AutoRenewal, Instance, billing

_PAUSE: Final = timedelta(minutes=15)
_MOST_PERIODS: Final = {"Year": 5, "Month": 11}
_MOST_MONTHS: Final = 12
_CHARGE_TYPES: Final = {"Postpaid": "POSTPAY", "Prepaid": "PREPAY"}


@action(
    "TransformDBInstancePayType",
    writes=True,
    models=(
        "Between pay-as-you-go and subscription, at once, for Running, unlocked"
        " primaries and read-only instances that are not serverless; twice in more"
        " than 15 minutes. A subscription begins now and lasts UsedTime months of 30"
        " days, or years; AutoRenew=true renews it by the month or by the year. Back"
        " to pay-as-you-go the renewal settings are gone. Deletion protection stays"
        " as it is. Not modelled: orders, payment and refunds; ClientToken,"
        " BusinessInfo and coupons are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, error table of the official page."
        " Inferred: which code stands for which fault, that the billing method it has"
        " already is refused (InvalidOrderCharge.NotSupport), that a slow change that"
        " has begun is an unfinished task (InvalidOrderTask.NotSupport), and the codes"
        " for status and lock, which are those of the old client error table."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def transform_pay_type(invocation: Invocation) -> Answer:
    """
    Change the billing method of an instance.
    """
    wanted, months = _payment(invocation.parameters)
    instance, cloud = invocation.instance(), invocation.cloud
    now = cloud.clock.now()
    _check_transformable(instance, wanted)
    if instance.converted is not None and now - instance.converted <= _PAUSE:
        raise ApiError(code="OperationDenied.TimeLimit")
    expires = billing.expiry(now, months)
    cloud.change_later(
        replace(instance, converted=now),
        {
            "pay_type": wanted,
            "expires": expires,
            "auto_renewal": _auto_renewal(invocation.parameters, months),
        },
        seconds=cloud.account.temper.payment_lag_seconds,
    )
    return {
        "DBInstanceId": instance.id,
        "ChargeType": _CHARGE_TYPES[wanted],
        "OrderId": int(ids.order_id()),
        **({"ExpiredTime": timestamps.to_seconds(expires)} if expires else {}),
    }


@action(
    "ModifyInstanceAutoRenewalAttribute",
    writes=True,
    models=(
        "The switch and, with True, the months; for subscriptions only, in any status."
        " Nothing is renewed by itself. ClientToken is ignored."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found. Ours: the code for other"
        " billing methods (OperationDenied.PayType), and that False keeps the months."
    ),
)
def modify_auto_renewal(invocation: Invocation) -> Answer:
    """
    Switch the renewal of a subscription on or off.
    """
    invocation.required_region()
    parameters = invocation.parameters
    wanted = parameters.boolean("AutoRenew")
    if wanted is None:
        raise missing(name="AutoRenew")
    if wanted:
        parameters.required("Duration")
    instance = invocation.instance()
    if instance.pay_type != "Prepaid":
        raise ApiError(code="OperationDenied.PayType")
    months = parameters.integer(
        "Duration", default=instance.auto_renewal.months, most=_MOST_MONTHS
    )
    renewal = AutoRenewal(enabled=wanted, months=months)
    invocation.cloud.change(replace(instance, auto_renewal=renewal))
    return {}


@action(
    "DescribeInstanceAutoRenewalAttribute",
    models=(
        "The subscriptions of a region, or one of them, the oldest first; pages of 30"
        " to 100. Status is left out; ClientToken and proxyId are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found. That"
        " instances without a subscription are not listed is inferred."
    ),
)
def describe_auto_renewal(invocation: Invocation) -> Answer:
    """
    List the renewal settings of subscriptions.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    instance_id = parameters.text("DBInstanceId")
    number, size = list_ranges.page(parameters)
    found = [
        instance
        for instance in invocation.cloud.listed(region)
        if instance.pay_type == "Prepaid" and instance_id in (None, instance.id)
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "Items": {"Item": [_renewal(instance) for instance in page.entries]},
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
    }


def _payment(parameters: Parameters) -> tuple[str, int]:
    wanted = parameters.required("PayType")
    if wanted not in _CHARGE_TYPES:
        raise ApiError(code="InvalidPayType.Format")
    return wanted, _months(parameters) if wanted == "Prepaid" else 0


def _months(parameters: Parameters) -> int:
    if not ("Period" in parameters and "UsedTime" in parameters):
        raise ApiError(code="InvalidPeriodOrUsedTime.Format")
    period = parameters.required("Period")
    if period not in _MOST_PERIODS:
        raise ApiError(code="InvalidPeriod.Format")
    count = parameters.integer(
        "UsedTime",
        default=1,
        most=_MOST_PERIODS[period],
        refusal="InvalidUsedTime.Format",
    )
    return count * 12 if period == "Year" else count


def _check_transformable(instance: Instance, wanted: str) -> None:
    if instance.instance_type not in ("Primary", "Readonly"):
        raise ApiError(code="InvalidInstanceUseType.NotSupport")
    if instance.coming:
        raise ApiError(code="InvalidOrderTask.NotSupport")
    check_steady(instance)
    check_unlocked(instance)
    if instance.pay_type in ("Serverless", wanted):
        raise ApiError(code="InvalidOrderCharge.NotSupport")
    if instance.network_type == "Classic":
        raise ApiError(code=f"InvalidParam.{_CHARGE_TYPES[wanted]}")


def _auto_renewal(parameters: Parameters, months: int) -> AutoRenewal:
    is_wanted = (parameters.text("AutoRenew") or "").lower() == "true"
    if not months or not is_wanted:
        return AutoRenewal()
    by_the_year = parameters.text("Period") == "Year"
    return AutoRenewal(enabled=True, months=_MOST_MONTHS if by_the_year else 1)


def _renewal(instance: Instance) -> Answer:
    renewal = instance.auto_renewal
    return {
        "DBInstanceId": instance.id,
        "RegionId": instance.region,
        "AutoRenew": str(renewal.enabled),
        "Duration": renewal.months,
    }
