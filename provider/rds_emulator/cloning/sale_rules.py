"""
Whether the clone is on sale: what DescribeAvailableZones and -Classes list.
"""

from rds_emulator.cloning.case import Case
from rds_emulator.errors import ApiError


def version_is_sold(case: Case) -> None:
    """
    Refuse a version that no zone sells.
    """
    if not any(
        one.engine_version == case.shape.engine_version for one in case.sold_shapes
    ):
        raise ApiError(code="IncorrectEngineVersion")


def edition_is_sold(case: Case) -> None:
    """
    Refuse an edition that no zone sells for the version.
    """
    wanted = (case.shape.engine_version, case.category)
    if not any(
        wanted == (one.engine_version, one.category) for one in case.sold_shapes
    ):
        raise ApiError(code="IncorrectTargetCategory")


def storage_type_is_sold(case: Case) -> None:
    """
    Refuse a disk that no zone sells for the edition.
    """
    if case.shape not in case.sold_shapes:
        raise ApiError(code="InvalidParameter.NotSupportDBInstanceStorageType")


def zones_sell_it(case: Case) -> None:
    """
    Refuse a zone that does not sell the version, edition and disk.
    """
    for zone in case.zones:
        if not case.offers(zone):
            raise ApiError(code="InvalidAvZone.NotSupport")


def class_is_sold(case: Case) -> None:
    """
    Demand a class that the primary's zone sells.
    """
    names = {one.instance_class for one in case.offers(case.zones[0])}
    if case.instance_class not in names:
        raise ApiError(code="InvalidDBInstanceClass.Offline")


def storage_fits_the_class(case: Case) -> None:
    """
    Demand storage in the range of the class.
    """
    for offer in case.offers(case.zones[0]):
        if offer.instance_class != case.instance_class:
            continue
        if not offer.least_gb <= case.storage_gb <= offer.most_gb:
            is_essd = "essd" in case.storage_type
            code = "InvalidEssdStorageSize" if is_essd else "InvalidStorage.Format"
            raise ApiError(code=code)
