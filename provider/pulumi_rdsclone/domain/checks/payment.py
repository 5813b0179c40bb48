"""
Billing.
"""

from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.problems import Severity
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import is_unknown

RULES = Rules()


@RULES.check("subscription-term", "payment", "payment.type", "payment.period")
def subscription_has_period_and_duration(spec: CloneSpec) -> Finding | None:
    """
    A subscription names its period and duration: 1 to 9 months, 1 to 3 years.

    Source: CloneDBInstance, Period and UsedTime.
    """
    payment = spec.payment
    if payment.type != "Subscription":
        return None
    if payment.period is None or payment.duration is None:
        return Finding(
            "a subscription needs both period and duration",
            "set both, such as period: Month and duration: 1",
        )
    most = {"Month": 9, "Year": 3}[payment.period]
    if not is_unknown(payment.duration) and payment.duration > most:
        return Finding(
            f"duration {payment.duration} is not allowed with period {payment.period}",
            f"use 1 to {most}",
        )
    return None


@RULES.check("term-without-subscription", "payment", "payment.type")
def only_a_subscription_has_a_term(spec: CloneSpec) -> Finding | None:
    """
    Period and duration belong to a subscription.

    Whether the API ignores or refuses them elsewhere is undocumented, so they are
    refused.
    """
    payment = spec.payment
    if payment.type == "Subscription":
        return None
    if payment.period is None and payment.duration is None:
        return None
    return Finding(
        f"period and duration are not used with payment.type {payment.type}",
        "remove period and duration, or set payment.type to Subscription",
    )


@RULES.check("serverless-limits", "payment.type", "capacity", "capacity.serverless")
def serverless_has_limits(spec: CloneSpec) -> Finding | None:
    """
    Serverless payment and scaling limits come together, minimum not above maximum.

    Source: CloneDBInstance, ServerlessConfig.
    """
    limits = spec.capacity.serverless if spec.capacity else None
    if spec.payment.type == "Serverless" and limits is None:
        return Finding(
            "Serverless payment needs scaling limits",
            "set capacity.serverless with min_rcu and max_rcu",
        )
    if spec.payment.type != "Serverless" and limits is not None:
        return Finding(
            f"capacity.serverless is not used with payment.type {spec.payment.type}",
            "remove capacity.serverless, or set payment.type to Serverless",
        )
    return None


@RULES.check(
    "serverless-range",
    "capacity.serverless",
    "capacity.serverless.min_rcu",
    "capacity.serverless.max_rcu",
)
def serverless_minimum_is_below_maximum(spec: CloneSpec) -> Finding | None:
    """
    A serverless clone scales from min_rcu up to max_rcu.
    """
    limits = spec.capacity.serverless if spec.capacity else None
    if limits is None or limits.min_rcu <= limits.max_rcu:
        return None
    return Finding(
        f"min_rcu {limits.min_rcu:g} is greater than max_rcu {limits.max_rcu:g}",
        "exchange the two values",
    )


@RULES.check("deletion-protection-payment", "deletion_protection", "payment.type")
def protection_needs_pay_as_you_go(spec: CloneSpec) -> Finding | None:
    """
    Release protection exists for pay-as-you-go instances only.

    Source: CloneDBInstance, DeletionProtection.
    """
    if not spec.deletion_protection or spec.payment.type == "PayAsYouGo":
        return None
    return Finding(
        f"deletion_protection is not available for payment.type {spec.payment.type}",
        "remove deletion_protection, or set payment.type to PayAsYouGo",
    )


_MOST_MONTHS: Final = 12
_RENEWAL: Final = ("payment.auto_renew", "payment.auto_renew_months", "payment.type")


@RULES.check("renewal-terms", *_RENEWAL)
def only_a_subscription_is_renewed(spec: CloneSpec) -> Finding | None:
    """
    A subscription is renewed by 1 to 12 months; nothing else is renewed.

    Source: ModifyInstanceAutoRenewalAttribute, AutoRenew and Duration.
    """
    payment = spec.payment
    on, months = payment.auto_renew, payment.auto_renew_months
    if payment.type != "Subscription" and (on or months is not None):
        return Finding(
            f"a clone with payment.type {payment.type} is not renewed",
            "remove auto_renew and auto_renew_months, or set payment.type to "
            "Subscription",
            _RENEWAL[0 if on else 1],
        )
    if months is not None and not on:
        return Finding(
            "auto_renew_months is set, but auto_renew is not true",
            "set auto_renew to true, or remove auto_renew_months",
            _RENEWAL[1],
        )
    if months is not None and months > _MOST_MONTHS:
        return Finding(
            f"auto_renew_months is {months}, which is not allowed",
            f"use 1 to {_MOST_MONTHS}",
            _RENEWAL[1],
        )
    return None


@RULES.check(
    "subscription-release", "payment.type", "on_delete", severity=Severity.WARNING
)
def subscription_is_not_released(spec: CloneSpec) -> Finding | None:
    """
    A subscription cannot be released before it expires, unless it is converted first.

    Source: DeleteDBInstance, which takes pay-as-you-go instances only, and
    TransformDBInstancePayType.
    """
    if spec.payment.type != "Subscription" or spec.on_delete != "release":
        return None
    return Finding(
        "pulumi destroy cannot release a subscription before it expires",
        "set on_delete to convertAndRelease or retain, or payment.type to PayAsYouGo",
    )


@RULES.check(
    "price-limit",
    "max_price_per_hour",
    "payment.type",
    "capacity.instance_class",
    "capacity.storage_gb",
    "capacity.storage_type",
)
def price_is_within_the_limit(spec: CloneSpec, price_per_hour: Price) -> Finding | None:
    """
    An hour of the clone costs no more than the clone's or the stack's limit.

    The limit is in the currency in which the account is told prices. Source:
    DescribePrice, TradePrice; of a subscription the price of the term, divided by its
    hours; of a serverless clone the price at max_rcu and of the storage.
    """
    limit, price = spec.max_price_per_hour, price_per_hour
    if limit is None or price.amount <= limit:
        return None
    return Finding(
        f"the clone costs {price.amount:.12g} {price.currency} per hour, more than the "
        f"limit of {limit:.12g} {price.currency}",
        "choose a smaller class or less storage, or increase the limit here or in "
        "rdsclone:maxPricePerHour",
    )
