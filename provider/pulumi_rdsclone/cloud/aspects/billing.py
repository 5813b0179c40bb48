"""
Billing: payment method and automatic renewal.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_bool,
    read_int,
    read_listed,
)
from pulumi_rdsclone.cloud.wire.values import PAY_TYPES
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange


def _change_payment(change: AspectChange) -> Iterator[Request]:
    new = change.new
    is_subscription = new["payment.type"] == "Subscription"
    yield (
        "TransformDBInstancePayType",
        to_parameters(
            PayType=PAY_TYPES[new["payment.type"]],
            Period=new["payment.period"] if is_subscription else None,
            UsedTime=new["payment.duration"] if is_subscription else None,
        ),
    )


def read_renewal(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeInstanceAutoRenewalAttribute for one instance.
    """
    items = read_listed(answer, "Items", name="Item")
    if not items:
        return AspectReading(fields={"payment.auto_renew": False})
    (item,) = items
    months = read_int(item, "Duration")
    return AspectReading(
        fields={
            "payment.auto_renew": read_bool(item, "AutoRenew") or False,
            **({"payment.auto_renew_months": months} if months else {}),
        }
    )


def _change_renewal(change: AspectChange) -> Iterator[Request]:
    months = change.desired("payment.auto_renew_months")
    on = {"AutoRenew": "True", "Duration": str(months or 1)}
    is_on = change.desired("payment.auto_renew")
    yield "ModifyInstanceAutoRenewalAttribute", on if is_on else {"AutoRenew": "False"}


BILLING: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.PAYMENT: AspectCodec(
        change=_change_payment,
        parameters={
            "payment.type": "TransformDBInstancePayType.PayType",
            "payment.period": "TransformDBInstancePayType.Period",
            "payment.duration": "TransformDBInstancePayType.UsedTime",
        },
    ),
    Aspect.AUTO_RENEWAL: AspectCodec(
        change=_change_renewal,
        parameters={
            "payment.auto_renew": "ModifyInstanceAutoRenewalAttribute.AutoRenew",
            "payment.auto_renew_months": "ModifyInstanceAutoRenewalAttribute.Duration",
        },
        read_action="DescribeInstanceAutoRenewalAttribute",
        read=read_renewal,
    ),
}
