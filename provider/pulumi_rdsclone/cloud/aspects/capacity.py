"""
The size of an instance: class, storage, disk features, serverless limits.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.wire.values import PAY_TYPES, SERVERLESS_LIMITS
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.spec import EDITIONS
from pulumi_rdsclone.domain.values import PropertyValue


def _spec(change: AspectChange, **values: PropertyValue) -> Request:
    """
    Return a call of ModifyDBInstanceSpec with the present billing method.
    """
    parameters = {"PayType": PAY_TYPES[change.instance.payment], **values}
    return "ModifyDBInstanceSpec", to_parameters(**parameters)


def _change_capacity(change: AspectChange) -> Iterator[Request]:
    yield _spec(
        change,
        DBInstanceClass=change.differing("capacity.instance_class"),
        DBInstanceStorage=_larger(change),
    )


def _larger(change: AspectChange) -> int | None:
    """
    Return the desired storage in GB if it is larger than the present one; else None.

    Storage only grows: one that was enlarged by hand stays when the class changes.
    """
    storage: int | None = change.differing("capacity.storage_gb")
    is_less = storage is not None and storage < change.instance.storage_gb
    return None if is_less else storage


def _change_storage_type(change: AspectChange) -> Iterator[Request]:
    disk = change.new["capacity.storage_type"]
    yield _spec(change, DBInstanceStorageType=disk)


def _change_disk_io(change: AspectChange) -> Iterator[Request]:
    """
    Switch disk features; ModifyDBInstanceSpec needs the storage with them.
    """
    accelerated = change.differing("capacity.io_acceleration")
    yield _spec(
        change,
        DBInstanceStorage=change.instance.storage_gb,
        BurstingEnabled=change.differing("capacity.bursting"),
        IoAccelerationEnabled=None if accelerated is None else int(accelerated),
    )


_SERVERLESS: Final = {
    f"capacity.serverless.{field}": name for field, name in SERVERLESS_LIMITS.items()
}


def _change_serverless(change: AspectChange) -> Iterator[Request]:
    limits = {name: change.desired(path) for path, name in _SERVERLESS.items()}
    known = {name: value for name, value in limits.items() if value is not None}
    configuration = json.dumps(known)
    yield _spec(
        change,
        # Answers may spell it in another way than calls take it.
        Category=EDITIONS.correct(change.instance.edition) or None,
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
