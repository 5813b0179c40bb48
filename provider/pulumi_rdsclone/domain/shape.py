"""
The shape of a clone: its declared properties, completed by its source's.
"""

import re
from dataclasses import dataclass
from typing import Final

from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN, has_unknown, is_unknown
from pulumi_rdsclone.domain.values import PropertyValue

_MOST_ZONES: Final = {
    "basic": 1,
    "serverless_basic": 1,
    "highavailability": 2,
    "serverless_standard": 2,
    "serverless_ha": 2,
    "alwayson": 2,
    "finance": 3,
    "cluster": 3,
}
"""The number of zones of an edition at most: one for each of its nodes."""

_SERVERLESS: Final = {
    ("MySQL", "serverless_basic"): "mysql.n2.serverless.1c",
    ("MySQL", "serverless_standard"): "mysql.n2.serverless.2c",
    ("PostgreSQL", "serverless_basic"): "pg.n2.serverless.1c",
    ("PostgreSQL", "serverless_standard"): "pg.n2.serverless.2c",
    (SQL_SERVER, "serverless_ha"): "mssql.mem2.serverless.s2",
}
"""Classes of the serverless editions, the smaller first. Source: CreateDBInstance."""

SERVERLESS_DISKS: Final = ("cloud_essd", "general_essd")
"""Disks of serverless clones. Source: CloneDBInstance, PayType and ServerlessConfig."""

_CORES: Final = {"micro": 1, "small": 1, "medium": 2, "large": 4, "xlarge": 8}
_CLASS: Final = re.compile(
    r"[a-z]+\.[nx](?P<gb>\d+)\.(?P<times>\d*)(?P<size>micro|small|medium|large|xlarge)\b"
    r".*"
)
_OLD_MEMORY: Final = {
    "rds.mysql.t1.small": 1,
    "rds.mysql.s1.small": 2,
    "rds.mysql.s2.large": 4,
    "rds.mysql.s2.xlarge": 8,
    "rds.mysql.s3.large": 8,
}
"""GB of classes whose names do not tell them. Source: the list of primary classes."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """
    The effective properties of a clone. During preview any may be *UNKNOWN*.

    Attributes:
        zones: The primary's first.
        payment: PayAsYouGo, Subscription or Serverless.
    """

    engine: str
    engine_version: str
    edition: str
    zones: tuple[str, ...]
    instance_class: str
    storage_gb: int
    storage_type: str
    payment: str
    vpc_id: str | None
    vswitch_ids: tuple[str, ...]

    @property
    def zone(self) -> str:
        """
        The primary's zone.
        """
        zones: PropertyValue = self.zones
        return zones if is_unknown(zones) else next(iter(zones), "")

    def is_known(self, *names: str) -> bool:
        """
        Return whether all of the named properties are known.
        """
        return not any(has_unknown(getattr(self, name)) for name in names)


def shape_of(spec: CloneSpec, source: Instance) -> Shape:
    """
    Return the shape of *spec*, completed by *source*.
    """

    def declared(path: str, inherited: PropertyValue) -> PropertyValue:
        value = value_at(spec, path)
        return inherited if value is None or value == [] else value

    payment = declared("payment.type", None)
    edition = declared("edition", _inherited_edition(source, payment))
    instance_class = _inherited_class(source, payment=payment, edition=edition)
    return Shape(
        engine=source.engine,
        engine_version=source.engine_version,
        edition=edition,
        zones=_listed(declared("zones", source.zones[: most_zones(edition)])),
        instance_class=declared("capacity.instance_class", instance_class),
        storage_gb=declared("capacity.storage_gb", source.storage_gb),
        storage_type=declared("capacity.storage_type", source.storage_type),
        payment=payment,
        vpc_id=declared("network.vpc_id", source.vpc_id),
        vswitch_ids=_listed(declared("network.vswitch_ids", source.vswitch_ids)),
    )


def most_zones(edition: str) -> int:
    """
    Return in how many zones *edition* may have nodes, 3 if it is unknown.
    """
    return _MOST_ZONES.get(edition.casefold() if isinstance(edition, str) else "", 3)


def _listed(value: PropertyValue) -> PropertyValue:
    return value if is_unknown(value) else tuple(value)


def _inherited_edition(source: Instance, payment: str) -> PropertyValue:
    """
    Return the edition of a clone that declares none.

    A serverless clone of another source takes the serverless form of its edition;
    the other way round nothing can be inherited.
    """
    forms = [edition for engine, edition in _SERVERLESS if engine == source.engine]
    if is_serverless(source.edition) or not forms:
        return source.edition
    if is_unknown(payment):
        return UNKNOWN
    if payment != "Serverless":
        return source.edition
    return forms[0] if source.edition.casefold() == "basic" else forms[-1]


def _inherited_class(source: Instance, *, payment: str, edition: str) -> PropertyValue:
    """
    Return the class of a clone of *edition* that declares none.
    """
    if is_serverless(source.edition):
        return source.instance_class
    if is_unknown(payment) or (payment == "Serverless" and is_unknown(edition)):
        return UNKNOWN
    if payment != "Serverless":
        return source.instance_class
    return _SERVERLESS.get((source.engine, edition.casefold()), source.instance_class)


def is_serverless(edition: str) -> bool:
    """
    Return whether *edition* is a serverless one.
    """
    return edition.casefold().startswith("serverless")


def is_serverless_class(instance_class: str) -> bool:
    """
    Return whether a class is a serverless one, by its name.
    """
    return ".serverless." in instance_class


def cores_of(instance_class: str) -> int | None:
    """
    Return the CPU cores of a class, from its name; None if it does not show them.
    """
    match = _CLASS.fullmatch(instance_class)
    return _CORES[match["size"]] * int(match["times"] or 1) if match else None


def memory_of(instance_class: str) -> int | None:
    """
    Return the memory of a class in GB, from its name; None if it does not show it.

    A class is named by the GB for each core: mysql.n4.large.2c has 4 cores and 16 GB.
    """
    match, cores = _CLASS.fullmatch(instance_class), cores_of(instance_class)
    if match is None or cores is None:
        return _OLD_MEMORY.get(instance_class)
    return cores * int(match["gb"])


def disk_of(storage_type: str) -> str:
    """
    Return the name of a disk without aliases; ephemeral_ssd is local_ssd.
    """
    return "local_ssd" if storage_type == "ephemeral_ssd" else storage_type


def is_local(storage_type: str) -> bool:
    """
    Return whether a disk is local to the machine of the instance.
    """
    return disk_of(storage_type) == "local_ssd"
