"""
Whether the clone is on sale: what DescribeAvailableZones and -Classes list.
"""

from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules.cloning.clone_request import CloneRequest


def version_is_sold(request: CloneRequest) -> None:
    """
    Refuse a version that no zone sells.
    """
    if not any(
        shape.engine_version == request.shape.engine_version
        for shape in request.sold_shapes
    ):
        raise ApiError(code="IncorrectEngineVersion")


def edition_is_sold(request: CloneRequest) -> None:
    """
    Refuse an edition that no zone sells for the version.
    """
    wanted = (request.shape.engine_version, request.category)
    if not any(
        wanted == (shape.engine_version, shape.category)
        for shape in request.sold_shapes
    ):
        raise ApiError(code="IncorrectTargetCategory")


def storage_type_is_sold(request: CloneRequest) -> None:
    """
    Refuse a disk that no zone sells for the edition.
    """
    if request.shape not in request.sold_shapes:
        raise ApiError(code="InvalidParameter.NotSupportDBInstanceStorageType")


def zones_sell_it(request: CloneRequest) -> None:
    """
    Refuse a zone that does not sell the version, edition and disk.
    """
    for zone in request.zones:
        if not request.offers(zone):
            raise ApiError(code="InvalidAvZone.NotSupport")


def class_is_sold(request: CloneRequest) -> None:
    """
    Demand a class that the primary's zone sells.
    """
    names = {offer.instance_class for offer in request.offers(request.zones[0])}
    if request.instance_class not in names:
        raise ApiError(code="InvalidDBInstanceClass.Offline")


def storage_fits_the_class(request: CloneRequest) -> None:
    """
    Demand storage in the range of the class.
    """
    for offer in request.offers(request.zones[0]):
        if offer.instance_class != request.instance_class:
            continue
        if not offer.least_gb <= request.storage_gb <= offer.most_gb:
            is_essd = "essd" in request.storage_type
            code = "InvalidEssdStorageSize" if is_essd else "InvalidStorage.Format"
            raise ApiError(code=code)
