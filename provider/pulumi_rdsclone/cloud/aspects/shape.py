"""
How large a clone is, and how it is paid for.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_rdsclone.cloud.aspects.dialect import Answer, Dialect, Request, told
from pulumi_rdsclone.cloud.reading import (
    read_number,
    read_records,
    read_switch,
)
from pulumi_rdsclone.cloud.wire import PAY_TYPES
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.spec import EDITIONS


def _change_payment(alteration: AspectChange) -> Iterator[Request]:
    new = alteration.new
    is_subscription = new["payment.type"] == "Subscription"
    yield (
        "TransformDBInstancePayType",
        told(
            PayType=PAY_TYPES[new["payment.type"]],
            Period=new["payment.period"] if is_subscription else None,
            UsedTime=new["payment.duration"] if is_subscription else None,
        ),
    )


def tell_renewal(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeInstanceAutoRenewalAttribute for one instance.
    """
    items = read_records(answer["Items"], "Item")
    if not items:
        return {"payment.auto_renew": False}
    (item,) = items
    months = read_number(item, "Duration")
    return {
        "payment.auto_renew": read_switch(item, "AutoRenew") or False,
        **({"payment.auto_renew_months": months} if months else {}),
    }


def _change_renewal(alteration: AspectChange) -> Iterator[Request]:
    months = alteration.desired("payment.auto_renew_months")
    on = {"AutoRenew": "True", "Duration": str(months or 1)}
    is_on = alteration.desired("payment.auto_renew")
    yield "ModifyInstanceAutoRenewalAttribute", on if is_on else {"AutoRenew": "False"}


def _spec(alteration: AspectChange, **values: Any) -> Request:
    """
    Give a call of ModifyDBInstanceSpec, which names the present billing method.
    """
    parameters = {"PayType": PAY_TYPES[alteration.instance.payment], **values}
    return "ModifyDBInstanceSpec", told(**parameters)


def _change_capacity(alteration: AspectChange) -> Iterator[Request]:
    yield _spec(
        alteration,
        DBInstanceClass=alteration.differing("capacity.instance_class"),
        DBInstanceStorage=_larger(alteration),
    )


def _larger(alteration: AspectChange) -> int | None:
    """
    Give the storage that is asked for where it is more than there is.

    Storage only grows: one that was enlarged by hand stays beside another class.
    """
    storage: int | None = alteration.differing("capacity.storage_gb")
    is_less = storage is not None and storage < alteration.instance.storage_gb
    return None if is_less else storage


def _change_storage_type(alteration: AspectChange) -> Iterator[Request]:
    disk = alteration.new["capacity.storage_type"]
    yield _spec(alteration, DBInstanceStorageType=disk)


def _change_disk_io(alteration: AspectChange) -> Iterator[Request]:
    """
    Switch what a disk has; ModifyDBInstanceSpec wants a storage beside it.
    """
    accelerated = alteration.differing("capacity.io_acceleration")
    yield _spec(
        alteration,
        DBInstanceStorage=alteration.instance.storage_gb,
        BurstingEnabled=alteration.differing("capacity.bursting"),
        IoAccelerationEnabled=None if accelerated is None else int(accelerated),
    )


_SERVERLESS: Final = {
    "MinCapacity": "capacity.serverless.min_rcu",
    "MaxCapacity": "capacity.serverless.max_rcu",
    "AutoPause": "capacity.serverless.auto_pause",
    "SwitchForce": "capacity.serverless.switch_force",
}


def _change_serverless(alteration: AspectChange) -> Iterator[Request]:
    limits = {name: alteration.desired(path) for name, path in _SERVERLESS.items()}
    known = {name: value for name, value in limits.items() if value is not None}
    configuration = json.dumps(known)
    yield _spec(
        alteration,
        # Answers may spell it in another way than calls take it.
        Category=EDITIONS.correct(alteration.instance.edition) or None,
        Direction="Serverless",
        ServerlessConfiguration=configuration,
    )


SHAPE: Final[Mapping[Aspect, Dialect]] = {
    Aspect.PAYMENT: Dialect(
        change=_change_payment,
        parameters={
            "payment.type": "TransformDBInstancePayType.PayType",
            "payment.period": "TransformDBInstancePayType.Period",
            "payment.duration": "TransformDBInstancePayType.UsedTime",
        },
    ),
    Aspect.AUTO_RENEWAL: Dialect(
        change=_change_renewal,
        parameters={
            "payment.auto_renew": "ModifyInstanceAutoRenewalAttribute.AutoRenew",
            "payment.auto_renew_months": "ModifyInstanceAutoRenewalAttribute.Duration",
        },
        reads="DescribeInstanceAutoRenewalAttribute",
        tell=tell_renewal,
    ),
    Aspect.CAPACITY: Dialect(
        change=_change_capacity,
        parameters={
            "capacity.instance_class": "ModifyDBInstanceSpec.DBInstanceClass",
            "capacity.storage_gb": "ModifyDBInstanceSpec.DBInstanceStorage",
        },
    ),
    Aspect.STORAGE_TYPE: Dialect(
        change=_change_storage_type,
        parameters={
            "capacity.storage_type": "ModifyDBInstanceSpec.DBInstanceStorageType"
        },
    ),
    Aspect.DISK_IO: Dialect(
        change=_change_disk_io,
        parameters={
            "capacity.bursting": "ModifyDBInstanceSpec.BurstingEnabled",
            "capacity.io_acceleration": "ModifyDBInstanceSpec.IoAccelerationEnabled",
        },
    ),
    Aspect.SERVERLESS: Dialect(
        change=_change_serverless,
        parameters={
            path: f"ModifyDBInstanceSpec.ServerlessConfiguration.{name}"
            for name, path in _SERVERLESS.items()
        },
    ),
}
