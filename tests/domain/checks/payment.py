from typing import Any, Final

from pulumi_rdsclone.domain.facts import Missing
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.checks.rows import (
    SERVERLESS,
    Row,
    clone,
    fails,
    knowing,
    passes,
    paying,
    rule,
    scaling,
    sized,
)

NO_TERM: Final = "a subscription needs both period and duration"
ADD_TERM: Final = "set both, such as period: Month and duration: 1"
REMOVE_TERM: Final = "remove period and duration, or set payment.type to Subscription"

NO_RENEWAL: Final = "remove auto_renew and auto_renew_months, or set payment.type to Subscription"


def renewed(**fields: Any) -> dict[str, Any]:
    return paying(type="Subscription", period="Month", duration=1, **fields)


CHEAPER: Final = (
    "choose a smaller class or less storage, or increase the limit "
    "here or in rdsclone:maxPricePerHour"
)

ROWS: list[Row] = []

ROWS += rule(
    "subscription-term",
    passes("pay as you go"),
    *(
        passes(case, paying(type="Subscription", period=period, duration=duration))
        for period, duration, case in (
            ("Month", 1, "the shortest"),
            ("Month", 9, "the longest by the month"),
            ("Year", 3, "the longest by the year"),
            ("Year", UNKNOWN, "a duration that is not known yet"),
        )
    ),
    *(
        fails(case, paying(type="Subscription", **term)).says(NO_TERM, ADD_TERM)
        for term, case in (
            ({}, "no term"),
            ({"period": "Month"}, "no duration"),
            ({"duration": 1}, "no period"),
        )
    ),
    *(
        fails(
            f"{duration} {period}", paying(type="Subscription", period=period, duration=duration)
        ).says(what, f"use 1 to {most}")
        for period, duration, most, what in (
            ("Month", 10, 9, "duration 10 is not allowed with period Month"),
            ("Year", 4, 3, "duration 4 is not allowed with period Year"),
        )
    ),
)
ROWS += rule(
    "term-without-subscription",
    passes("no term"),
    passes("a subscription", paying(type="Subscription", period="Month", duration=1)),
    fails("a period", paying(period="Month")).says(
        "period and duration are not used with payment.type PayAsYouGo", REMOVE_TERM
    ),
    fails("a duration", paying(type="Serverless", duration=1)).says(
        "period and duration are not used with payment.type Serverless", REMOVE_TERM
    ),
)
ROWS += rule(
    "serverless-limits",
    passes("neither"),
    passes("a capacity", sized(storage_gb=100)),
    passes("both", scaling(1, 2, payment=SERVERLESS)),
    fails("no limits", clone(payment=SERVERLESS)).says(
        "Serverless payment needs scaling limits",
        "set capacity.serverless with min_rcu and max_rcu",
    ),
    fails("another payment", scaling(1, 2)).says(
        "capacity.serverless is not used with payment.type PayAsYouGo",
        "remove capacity.serverless, or set payment.type to Serverless",
    ),
)
ROWS += rule(
    "serverless-range",
    passes("no capacity"),
    passes("no limits", sized()),
    passes("in order", scaling(1, 2)),
    passes("equal", scaling(2, 2)),
    fails("out of order", scaling(8, 0.5)).says(
        "min_rcu 8 is greater than max_rcu 0.5", "exchange the two values"
    ),
)
ROWS += rule(
    "deletion-protection-payment",
    passes("no protection"),
    passes("pay as you go", clone(deletion_protection=True)),
    passes("a subscription without protection", paying(type="Subscription")),
    *(
        fails(payment, clone(deletion_protection=True, payment={"type": payment})).says(
            f"deletion_protection is not available for payment.type {payment}",
            "remove deletion_protection, or set payment.type to PayAsYouGo",
        )
        for payment in ("Subscription", "Serverless")
    ),
)
ROWS += rule(
    "renewal-terms",
    passes("no renewal"),
    passes("off, without a subscription", paying(auto_renew=False)),
    passes("by the year", renewed(auto_renew=True, auto_renew_months=12)),
    passes("on", renewed(auto_renew=True)),
    fails("pay as you go", paying(auto_renew=True, auto_renew_months=1)).says(
        "a clone with payment.type PayAsYouGo is not renewed", NO_RENEWAL
    ),
    fails("months of pay as you go", paying(auto_renew_months=1)).says(
        "a clone with payment.type PayAsYouGo is not renewed",
        NO_RENEWAL,
        path="payment.auto_renew_months",
    ),
    *(
        fails(case, renewed(auto_renew_months=1, **switch)).says(
            "auto_renew_months is set, but auto_renew is not true",
            "set auto_renew to true, or remove auto_renew_months",
            path="payment.auto_renew_months",
        )
        for switch, case in (({}, "months alone"), ({"auto_renew": False}, "off"))
    ),
    fails("more than a year", renewed(auto_renew=True, auto_renew_months=13)).says(
        "auto_renew_months is 13, which is not allowed",
        "use 1 to 12",
        path="payment.auto_renew_months",
    ),
)
ROWS += rule(
    "subscription-release",
    passes("pay as you go"),
    *(
        passes(
            way,
            clone(
                payment={"type": "Subscription", "period": "Month", "duration": 1}, on_delete=way
            ),
        )
        for way in ("convertAndRelease", "retain")
    ),
    passes("serverless", clone(payment=SERVERLESS)),
    fails("a subscription", paying(type="Subscription", period="Month", duration=1)).says(
        "pulumi destroy cannot release a subscription before it expires",
        "set on_delete to convertAndRelease or retain, or payment.type to PayAsYouGo",
    ),
)
ROWS += rule(
    "price-limit",
    passes("no limit"),
    passes("below", clone(max_price_per_hour=2)),
    passes("just so", clone(max_price_per_hour=1.25)),
    passes(
        "no price is known to be needed",
        clone(max_price_per_hour=1),
        knowing(price_per_hour=Missing.NOT_NEEDED),
    ),
    fails("above", clone(max_price_per_hour=1.2)).says(
        "the clone costs 1.25 CNY per hour, more than the limit of 1.2 CNY", CHEAPER
    ),
    fails(
        "dollars",
        clone(max_price_per_hour=0.01),
        knowing(price_per_hour=Price(amount=0.3, currency="USD", per="hour")),
    ).says("the clone costs 0.3 USD per hour, more than the limit of 0.01 USD", CHEAPER),
)
