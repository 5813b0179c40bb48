from typing import Any, Final

from pulumi_rdsclone.domain.facts import Missing
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.checks.rows import (
    SERVERLESS,
    Rows,
    clone,
    fails,
    knowing,
    passes,
    paying,
    scaling,
    sized,
)

NO_TERM: Final = "a subscription needs both period and duration"
ADD_TERM: Final = "set both, such as period: Month and duration: 1"
REMOVE_TERM: Final = "remove period and duration, or set payment.type to Subscription"

NO_RENEWAL: Final = (
    "remove auto_renew and auto_renew_months, or set payment.type to Subscription"
)


def renewed(**fields: Any) -> dict[str, Any]:
    """
    Ask for a subscription of a month that is renewed.
    """
    return paying(type="Subscription", period="Month", duration=1, **fields)


CHEAPER: Final = (
    "choose a smaller class or less storage, or increase the limit "
    "here or in rdsclone:maxPricePerHour"
)

ROWS: Final[Rows] = (
    passes("subscription-term", "pay as you go"),
    *(
        passes(
            "subscription-term",
            case,
            paying(type="Subscription", period=period, duration=duration),
        )
        for period, duration, case in (
            ("Month", 1, "the shortest"),
            ("Month", 9, "the longest by the month"),
            ("Year", 3, "the longest by the year"),
            ("Year", UNKNOWN, "a duration that is not known yet"),
        )
    ),
    *(
        fails(
            "subscription-term",
            case,
            paying(type="Subscription", **term),
            what=NO_TERM,
            remedy=ADD_TERM,
        )
        for term, case in (
            ({}, "no term"),
            ({"period": "Month"}, "no duration"),
            ({"duration": 1}, "no period"),
        )
    ),
    *(
        fails(
            "subscription-term",
            f"{duration} {period}",
            paying(type="Subscription", period=period, duration=duration),
            what=what,
            remedy=f"use 1 to {most}",
        )
        for period, duration, most, what in (
            ("Month", 10, 9, "duration 10 is not allowed with period Month"),
            ("Year", 4, 3, "duration 4 is not allowed with period Year"),
        )
    ),
    passes("term-without-subscription", "no term"),
    passes(
        "term-without-subscription",
        "a subscription",
        paying(type="Subscription", period="Month", duration=1),
    ),
    fails(
        "term-without-subscription",
        "a period",
        paying(period="Month"),
        what="period and duration are not used with payment.type PayAsYouGo",
        remedy=REMOVE_TERM,
    ),
    fails(
        "term-without-subscription",
        "a duration",
        paying(type="Serverless", duration=1),
        what="period and duration are not used with payment.type Serverless",
        remedy=REMOVE_TERM,
    ),
    passes("serverless-limits", "neither"),
    passes("serverless-limits", "a capacity", sized(storage_gb=100)),
    passes("serverless-limits", "both", scaling(1, 2, payment=SERVERLESS)),
    fails(
        "serverless-limits",
        "no limits",
        clone(payment=SERVERLESS),
        what="Serverless payment needs scaling limits",
        remedy="set capacity.serverless with min_rcu and max_rcu",
    ),
    fails(
        "serverless-limits",
        "another payment",
        scaling(1, 2),
        what="capacity.serverless is not used with payment.type PayAsYouGo",
        remedy="remove capacity.serverless, or set payment.type to Serverless",
    ),
    passes("serverless-range", "no capacity"),
    passes("serverless-range", "no limits", sized()),
    passes("serverless-range", "in order", scaling(1, 2)),
    passes("serverless-range", "equal", scaling(2, 2)),
    fails(
        "serverless-range",
        "out of order",
        scaling(8, 0.5),
        what="min_rcu 8 is greater than max_rcu 0.5",
        remedy="exchange the two values",
    ),
    passes("deletion-protection-payment", "no protection"),
    passes(
        "deletion-protection-payment", "pay as you go", clone(deletion_protection=True)
    ),
    passes(
        "deletion-protection-payment",
        "a subscription without protection",
        paying(type="Subscription"),
    ),
    *(
        fails(
            "deletion-protection-payment",
            payment,
            clone(deletion_protection=True, payment={"type": payment}),
            what=f"deletion_protection is not available for payment.type {payment}",
            remedy="remove deletion_protection, or set payment.type to PayAsYouGo",
        )
        for payment in ("Subscription", "Serverless")
    ),
    passes("renewal-terms", "no renewal"),
    passes("renewal-terms", "off, without a subscription", paying(auto_renew=False)),
    passes(
        "renewal-terms", "by the year", renewed(auto_renew=True, auto_renew_months=12)
    ),
    passes("renewal-terms", "on", renewed(auto_renew=True)),
    fails(
        "renewal-terms",
        "pay as you go",
        paying(auto_renew=True, auto_renew_months=1),
        what="a clone with payment.type PayAsYouGo is not renewed",
        remedy=NO_RENEWAL,
    ),
    fails(
        "renewal-terms",
        "months of pay as you go",
        paying(auto_renew_months=1),
        what="a clone with payment.type PayAsYouGo is not renewed",
        remedy=NO_RENEWAL,
        path="payment.auto_renew_months",
    ),
    *(
        fails(
            "renewal-terms",
            case,
            renewed(auto_renew_months=1, **switch),
            what="auto_renew_months is set, but auto_renew is not true",
            remedy="set auto_renew to true, or remove auto_renew_months",
            path="payment.auto_renew_months",
        )
        for switch, case in (({}, "months alone"), ({"auto_renew": False}, "off"))
    ),
    fails(
        "renewal-terms",
        "more than a year",
        renewed(auto_renew=True, auto_renew_months=13),
        what="auto_renew_months is 13, which is not allowed",
        remedy="use 1 to 12",
        path="payment.auto_renew_months",
    ),
    passes("subscription-release", "pay as you go"),
    *(
        passes(
            "subscription-release",
            way,
            clone(
                payment={"type": "Subscription", "period": "Month", "duration": 1},
                on_delete=way,
            ),
        )
        for way in ("convertAndRelease", "retain")
    ),
    passes("subscription-release", "serverless", clone(payment=SERVERLESS)),
    fails(
        "subscription-release",
        "a subscription",
        paying(type="Subscription", period="Month", duration=1),
        what="pulumi destroy cannot release a subscription before it expires",
        remedy="set on_delete to convertAndRelease or retain, or payment.type "
        "to PayAsYouGo",
    ),
    passes("price-limit", "no limit"),
    passes("price-limit", "below", clone(max_price_per_hour=2)),
    passes("price-limit", "just so", clone(max_price_per_hour=1.25)),
    passes(
        "price-limit",
        "no price is known to be needed",
        clone(max_price_per_hour=1),
        knowing(price_per_hour=Missing.NOT_NEEDED),
    ),
    fails(
        "price-limit",
        "above",
        clone(max_price_per_hour=1.2),
        what="the clone costs 1.25 CNY per hour, more than the limit of 1.2 CNY",
        remedy=CHEAPER,
    ),
    fails(
        "price-limit",
        "dollars",
        clone(max_price_per_hour=0.01),
        knowing(price_per_hour=Price(amount=0.3, currency="USD", per="hour")),
        what="the clone costs 0.3 USD per hour, more than the limit of 0.01 USD",
        remedy=CHEAPER,
    ),
)
