"""
Capacity.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.market import ClassOffer, ZoneOffer
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.problems import Severity, listed, named
from pulumi_rdsclone.domain.shape import (
    SERVERLESS_DISKS,
    Shape,
    disk_of,
    is_local,
    is_serverless,
    is_serverless_class,
    most_zones,
)
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()


@RULES.check("edition-sold", "edition", "payment.type")
def edition_is_sold(
    spec: CloneSpec, shape: Shape, zone_offers: tuple[ZoneOffer, ...]
) -> Finding | None:
    """
    The edition is sold in the region for the source's engine and version.

    Source: DescribeAvailableZones.
    """
    sold = {offer.edition for offer in zone_offers}
    if _folded(shape.edition) in map(_folded, sold):
        return None
    return Finding(
        f"{named(shape.edition)} is not available for {_engine(shape)} in "
        f"{named(str(spec.region))}",
        f"choose one of {_listed(sold)}" if sold else "choose another source or region",
    )


@RULES.check("storage-type-sold", "capacity.storage_type", "edition", "payment.type")
def storage_type_is_sold(
    spec: CloneSpec, shape: Shape, zone_offers: tuple[ZoneOffer, ...]
) -> Finding | None:
    """
    The storage type is sold in the region for engine, version and edition.

    Source: DescribeAvailableZones.
    """
    sold = {offer.storage_type for offer in _for_edition(shape, zone_offers)}
    serverless = shape.payment == "Serverless"
    if serverless and shape.storage_type not in SERVERLESS_DISKS:
        return None
    if not sold or disk_of(shape.storage_type) in map(disk_of, sold):
        return None
    return Finding(
        f"{named(shape.storage_type)} is not available for {_engine(shape)} "
        f"{named(shape.edition)} in {named(str(spec.region))}",
        f"choose one of {_listed(sold)}",
    )


@RULES.check("zone-sells", "zones", "edition", "capacity.storage_type", "payment.type")
def zones_sell_it(shape: Shape, zone_offers: tuple[ZoneOffer, ...]) -> Finding | None:
    """
    Each zone sells the edition on the storage type.

    Source: DescribeAvailableZones; CloneDBInstance answers InvalidAvZone.Format,
    InvalidAvZone.NotSupport or OperationDenied.ZoneResource.
    """
    selling = _zones_selling(shape, zone_offers)
    missing = {zone for zone in shape.zones if zone not in selling}
    if not selling or not missing:
        return None
    return Finding(
        f"{named(shape.edition)} on {named(shape.storage_type)} is not available in "
        f"{_listed(missing)}",
        f"choose from {_listed(selling)}",
    )


@RULES.check("zones-fit-edition", "zones", "edition", "payment.type")
def zones_fit_the_edition(shape: Shape) -> Finding | None:
    """
    There are not more zones than the edition has nodes.

    Source: CloneDBInstance, ZoneIdSlave1 and ZoneIdSlave2, and its error
    ZoneId.NotMatchWithCategory.
    """
    most = most_zones(shape.edition)
    if len(shape.zones) <= most:
        return None
    return Finding(
        f"{named(shape.edition)} supports at most {most} "
        f"zone{'s' if most > 1 else ''}, but the clone has {len(shape.zones)}",
        "remove zones, or choose another edition",
    )


@RULES.check(
    "class-sold",
    "capacity.instance_class",
    "capacity.storage_type",
    "zones",
    "edition",
    "payment.type",
)
def class_is_sold(
    spec: CloneSpec,
    source: Instance,
    shape: Shape,
    class_offers: tuple[ClassOffer, ...],
    zone_offers: tuple[ZoneOffer, ...] | None = None,
) -> Finding | None:
    """
    The class is sold in the zone for engine, version, edition and storage type.

    Source: DescribeAvailableClasses; CloneDBInstance answers
    InvalidDBInstanceClass.Offline for a class that was withdrawn.
    """
    if _offer(shape, class_offers) or _is_unsold(shape, zone_offers):
        return None
    if _is_refused_elsewhere(shape, source):
        return None
    is_kept = not _declares(spec, "instance_class") and (
        shape.instance_class == source.instance_class
    )
    current = "the current class " if is_kept else ""
    return Finding(
        f"{current}{named(shape.instance_class)} is not available for {_engine(shape)} "
        f"{named(shape.edition)} on {named(shape.storage_type)} in {named(shape.zone)}",
        _advise(shape, class_offers),
    )


@RULES.check(
    "storage-range",
    "capacity.storage_gb",
    "capacity.instance_class",
    "capacity.storage_type",
    "zones",
    "edition",
    "payment.type",
)
def storage_is_in_range(
    shape: Shape, class_offers: tuple[ClassOffer, ...]
) -> Finding | None:
    """
    The class takes that much storage.

    Source: DescribeAvailableClasses, DBInstanceStorageRange.
    """
    offer = _offer(shape, class_offers)
    if offer is None or _takes(offer, shape.storage_gb):
        return None
    step = f" in steps of {offer.step_gb}" if offer.step_gb else ""
    return Finding(
        f"{named(shape.instance_class)} on {named(shape.storage_type)} does not "
        f"support {shape.storage_gb} GB",
        f"use {offer.least_gb} to {offer.most_gb} GB{step}",
    )


@RULES.check("storage-not-smaller", "capacity.storage_gb")
def storage_holds_the_source(source: Instance, shape: Shape) -> Finding | None:
    """
    The storage is not below the source's.

    Source: CloneDBInstance, InvalidRecoveryDbInstance.StorageSize.
    """
    if shape.storage_gb >= source.storage_gb:
        return None
    return Finding(
        f"{shape.storage_gb} GB is less than the {source.storage_gb} GB of {source.id}",
        f"use at least {source.storage_gb} GB, or remove capacity.storage_gb",
    )


@RULES.check("storage-type-change", "capacity.storage_type")
def storage_type_can_change(source: Instance, shape: Shape) -> Finding | None:
    """
    A clone stays on local disks or on cloud disks, as its source.

    Source: CloneDBInstance, InvalidRecoveryDbInstance.StorageType.
    """
    if is_local(shape.storage_type) == is_local(source.storage_type):
        return None
    return Finding(
        f"{source.id} is on {source.storage_type}, so its clones cannot be on "
        f"{named(shape.storage_type)}",
        "set capacity.storage_type to local_ssd, or remove capacity.storage_type"
        if is_local(source.storage_type)
        else "choose a cloud disk, such as cloud_essd",
    )


_OF_GENERAL_ESSD: Final = ("capacity.bursting", "capacity.io_acceleration")
_OF_CLOUD_DISKS: Final = {
    "PostgreSQL": (
        *("encryption.enabled", "pg_hba"),
        *("ssl.client_ca_cert", "ssl.acl", "ssl.replication_acl"),
    )
}


@RULES.check(
    "disk-settings",
    *_OF_GENERAL_ESSD,
    *_OF_CLOUD_DISKS["PostgreSQL"],
    "capacity.storage_type",
)
def disk_has_the_settings(spec: CloneSpec, shape: Shape) -> Finding | None:
    """
    Nothing is declared that only other disks have.

    Source: CloneDBInstance, BurstingEnabled and IoAccelerationEnabled are for
    general_essd; ModifyDBInstanceTDE, ModifyPGHbaConfig and, for the verification of
    clients, ModifyDBInstanceSSL take a PostgreSQL on cloud disks.
    """
    local = is_local(shape.storage_type)
    lacking = [
        *(path for path in _OF_GENERAL_ESSD if shape.storage_type != "general_essd"),
        *(path for path in _OF_CLOUD_DISKS.get(shape.engine, ()) if local),
    ]
    foreign = [path for path in lacking if value_at(spec, path) not in (None, False)]
    if not foreign:
        return None
    inputs = ", ".join(foreign)
    other = "clone a source on cloud disks" if local else "choose general_essd"
    return Finding(
        f"{shape.engine} on {named(shape.storage_type)} does not support {inputs}",
        f"remove {inputs}, or {other}",
        foreign[0],
    )


_LEVELS: Final = {
    "cloud_essd0": 0,
    "cloud_essd": 1,
    "cloud_essd2": 2,
    "cloud_essd3": 3,
}
"""Performance levels of ESSDs. Source: CloneDBInstance, DBInstanceStorageType."""


@RULES.check("essd-level", "capacity.storage_type")
def essd_level_is_not_lowered(source: Instance, shape: Shape) -> Finding | None:
    """
    The performance level of an ESSD is not below the source's, nor is it lowered later.

    Source: CloneDBInstance, CannotDecreaseEssdPerfLevel.
    """
    before, after = (_LEVELS.get(d) for d in (source.storage_type, shape.storage_type))
    if before is None or after is None or after >= before:
        return None
    return Finding(
        f"{shape.storage_type} (PL{after}) is slower than the current "
        f"{source.storage_type} (PL{before})",
        f"choose performance level PL{before} or higher",
    )


_SIZES: Final = {"micro": 0, "small": 1, "medium": 2, "large": 3, "xlarge": 4}
_CLASS: Final = re.compile(
    r"(?P<family>.+?)\.(?P<times>\d*)(?P<size>micro|small|medium|large|xlarge)\b.*"
)


@RULES.check(
    "class-smaller",
    "capacity.instance_class",
    "edition",
    "payment.type",
    severity=Severity.WARNING,
)
def class_is_not_smaller(source: Instance, shape: Shape) -> Finding | None:
    """
    The class is not smaller than the source's: a smaller one restores slowly.

    Source: "Clone RDS instances" of the product documentation. Classes are compared by
    their names, within one family only.
    """
    before, after = _size(source.instance_class), _size(shape.instance_class)
    if before is None or after is None or before[0] != after[0]:
        return None
    if after[1] >= before[1]:
        return None
    return Finding(
        f"{shape.instance_class} is smaller than the source's {source.instance_class}, "
        "so the restore takes longer",
        "increase create_timeout, or choose a larger class",
    )


def _is_refused_elsewhere(shape: Shape, source: Instance) -> bool:
    """
    Return whether another check explains why no such class is available.
    """
    serverless = shape.payment == "Serverless"
    return (
        is_local(shape.storage_type) != is_local(source.storage_type)
        or is_serverless(shape.edition) != serverless
        or is_serverless_class(shape.instance_class) != serverless
    )


def _engine(shape: Shape) -> str:
    return f"{shape.engine} {shape.engine_version}"


def _folded(edition: str) -> str:
    return edition.casefold()


def _for_edition(shape: Shape, offers: Iterable[ZoneOffer]) -> Iterator[ZoneOffer]:
    wanted = _folded(shape.edition)
    return (offer for offer in offers if _folded(offer.edition) == wanted)


def _zones_selling(shape: Shape, offers: Iterable[ZoneOffer]) -> list[str]:
    wanted = disk_of(shape.storage_type)
    matching = (
        o for o in _for_edition(shape, offers) if disk_of(o.storage_type) == wanted
    )
    return sorted({offer.zone for offer in matching})


def _is_unsold(shape: Shape, offers: tuple[ZoneOffer, ...] | None) -> bool:
    """
    Return whether *offers* show that no class is available in the zone.
    """
    return offers is not None and shape.zone not in _zones_selling(shape, offers)


def _offer(shape: Shape, offers: Iterable[ClassOffer]) -> ClassOffer | None:
    return next((o for o in offers if o.name == shape.instance_class), None)


def _takes(offer: ClassOffer, size: int) -> bool:
    in_step = not offer.step_gb or (size - offer.least_gb) % offer.step_gb == 0
    return offer.least_gb <= size <= offer.most_gb and in_step


def _declares(spec: CloneSpec, name: str) -> bool:
    return spec.capacity is not None and getattr(spec.capacity, name) is not None


def _advise(shape: Shape, offers: tuple[ClassOffer, ...]) -> str:
    """
    Return some classes, those of the same family and the nearest size first.
    """
    if not offers:
        return "choose another zone, edition or storage type"
    wanted = _size(shape.instance_class)

    def distance(name: str) -> tuple[bool, int, str]:
        size = _size(name)
        if wanted is None or size is None:
            return True, 0, name
        return size[0] != wanted[0], abs(size[1] - wanted[1]), name

    names = sorted((offer.name for offer in offers), key=distance)
    return f"choose one of {listed(names)}"


def _size(instance_class: str) -> tuple[str, int] | None:
    """
    Return the family of a class and its rank within it, from its name.
    """
    match = _CLASS.fullmatch(instance_class)
    if match is None:
        return None
    times = int(match["times"] or 1)
    return match["family"], _SIZES[match["size"]] + times - 1


def _listed(names: Iterable[str]) -> str:
    return listed(sorted(names))
