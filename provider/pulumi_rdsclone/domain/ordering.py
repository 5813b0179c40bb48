"""
The order of a clone, and its hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pulumi_rdsclone.domain.identity import hash_spec
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.model import Change, leaves_of
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Capacity, CloneSpec, Network, Payment


@dataclass(frozen=True, kw_only=True)
class CloneOrder:
    """
    The values of one clone call.

    Attributes:
        restore_time: Set for a point in time, together with no *backup_id*.
        storage_type: Always given: whether the API may do without is disputed.
        engine: The source's; each has its own way to name databases.
        databases, tables: Names in the source and in the clone; empty for all.
        token: ClientToken, at most 64 ASCII characters.
        tags: The user's tags that have a value; who places the order adds the birth
            tags.
    """

    source_instance_id: str
    restore_time: datetime | None
    backup_id: str | None
    edition: str | None
    zones: tuple[str, ...]
    capacity: Capacity
    storage_type: str
    network: Network
    payment: Payment
    description: str | None
    deletion_protection: bool
    tags: Mapping[str, str]
    engine: str = ""
    databases: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


def order_for(spec: CloneSpec, source: Instance, *, restore: Restore) -> CloneOrder:
    """
    Return the order of *spec*, a clone of *source* as of *restore*, without marks.

    Tags without a value follow when the clone runs: TagResources takes them, and
    orders of instances refuse them (InvalidTagValue.Malformed).
    """
    capacity = spec.capacity or Capacity()
    return CloneOrder(
        source_instance_id=spec.source_instance_id,
        restore_time=restore.time_by_logs,
        backup_id=restore.backup_id,
        edition=spec.edition,
        zones=tuple(spec.zones or ()),
        capacity=capacity,
        storage_type=capacity.storage_type or source.storage_type,
        network=spec.network or Network(),
        payment=spec.payment,
        description=spec.description,
        deletion_protection=spec.deletion_protection,
        tags={key: value for key, value in spec.tags.items() if value},
        engine=source.engine,
        databases=spec.databases,
        tables=spec.tables,
    )


def hash_order(spec: CloneSpec) -> str:
    """
    Return the hash of the inputs of an order that cannot be changed later.

    A *latest* is hashed as it was asked for, not as it was resolved: after a crash
    the same program must find the clone it ordered a minute before.
    """
    values = spec.given()
    asked = {
        field.path: get_value(values, field.path)
        for field in leaves_of(CloneSpec)
        if field.change is Change.REPLACE
    }
    return hash_spec({k: v for k, v in asked.items() if v is not None})
