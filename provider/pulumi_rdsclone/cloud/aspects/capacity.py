"""
The size of an instance: class, storage, disk features, serverless limits.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.wire.values import PAY_TYPES, SERVERLESS_LIMITS
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.spec import EDITIONS


def _spec(alteration: AspectChange, **values: Any) -> Request:
    """
    Give a call of ModifyDBInstanceSpec, which names the present billing method.
    """
    parameters = {"PayType": PAY_TYPES[alteration.instance.payment], **values}
    return "ModifyDBInstanceSpec", to_parameters(**parameters)


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
    f"capacity.serverless.{field}": name for field, name in SERVERLESS_LIMITS.items()
}


def _change_serverless(alteration: AspectChange) -> Iterator[Request]:
    limits = {name: alteration.desired(path) for path, name in _SERVERLESS.items()}
    known = {name: value for name, value in limits.items() if value is not None}
    configuration = json.dumps(known)
    yield _spec(
        alteration,
        # Answers may spell it in another way than calls take it.
        Category=EDITIONS.correct(alteration.instance.edition) or None,
        Direction="Serverless",
        ServerlessConfiguration=configuration,
    )


CAPACITY: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.CAPACITY: AspectCodec(
        change=_change_capacity,
        parameters={
            "capacity.instance_class": "ModifyDBInstanceSpec.DBInstanceClass",
            "capacity.storage_gb": "ModifyDBInstanceSpec.DBInstanceStorage",
        },
    ),
    Aspect.STORAGE_TYPE: AspectCodec(
        change=_change_storage_type,
        parameters={
            "capacity.storage_type": "ModifyDBInstanceSpec.DBInstanceStorageType"
        },
    ),
    Aspect.DISK_IO: AspectCodec(
        change=_change_disk_io,
        parameters={
            "capacity.bursting": "ModifyDBInstanceSpec.BurstingEnabled",
            "capacity.io_acceleration": "ModifyDBInstanceSpec.IoAccelerationEnabled",
        },
    ),
    Aspect.SERVERLESS: AspectCodec(
        change=_change_serverless,
        parameters={
            path: f"ModifyDBInstanceSpec.ServerlessConfiguration.{name}"
            for path, name in _SERVERLESS.items()
        },
    ),
}
