"""
Import: read an existing instance with the inputs that declare it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.errors import (
    ApiError,
    ConflictError,
    NotFoundError,
    RefusedError,
)
from pulumi_rdsclone.domain.identity import key_in
from pulumi_rdsclone.domain.instances import StatusKind, status_kind
from pulumi_rdsclone.domain.live_state import (
    ObservedClone,
    inputs_from,
    outputs_of,
    source_of,
)
from pulumi_rdsclone.domain.problems import named, quoted
from pulumi_rdsclone.lifecycle.observing import Reading, observe, with_settled_tags
from pulumi_rdsclone.lifecycle.region import RegionContext, Regions, region_of

_FORMS = "ID, REGION/ID or REGION/ID/SOURCE"

_SETTINGS: Final = tuple(
    aspect for aspect in Aspect if aspect not in (Aspect.ACCOUNTS, Aspect.PARAMETERS)
)
"""The aspects that are read: no call reports passwords; programs own few parameters."""

_INHERITED: Final = (Aspect.WHITELIST, Aspect.SQL_AUDIT, Aspect.BACKUP_POLICY)
"""The aspects of a source that are read beside its attributes."""


def read_for_import(name: str, *, new_key: str, regions: Regions) -> Reading:
    """
    Return an instance with the inputs that declare it.

    Args:
        name: ``ID``, ``REGION/ID`` or ``REGION/ID/SOURCE``; the source is needed for
            an instance that does not carry our birth tags.
        new_key: The clone key of an instance that carries none.
        regions: Where to look.

    Raises:
        RefusedError: It does not exist, is not ready, or its source is not known.
        ConfigurationError: No region is named or configured.
        ApiError: It could not be read.
    """
    region_id, instance_id, source = _parts_of(name)
    region = region_of(CloneState({"region": region_id}), regions)
    seen = _look(instance_id, region)
    source = source_of(seen) or source
    if not source:
        message = (
            f"{instance_id} has no tag that names its source — import "
            f"{region.id}/{instance_id}/SOURCE; if the source is unknown, write "
            f"{instance_id} as SOURCE"
        )
        raise RefusedError(message)
    inputs = {
        "source_instance_id": source,
        **inputs_from(
            seen,
            _see_source(source, seen, region=region),
            default_region=regions.default_region,
        ),
        "clone_key": key_in(seen.tags) or new_key,
    }
    return Reading(outputs=outputs_of(inputs, seen), inputs=inputs)


def _parts_of(name: str) -> tuple[str, str, str]:
    match name.split("/"):
        case [instance_id] if instance_id.strip():
            return "", instance_id, ""
        case [region_id, instance_id] if instance_id.strip():
            return region_id, instance_id, ""
        case [region_id, instance_id, source] if instance_id.strip():
            return region_id, instance_id, source
    message = f"{quoted(name)} is not an import id — write {_FORMS}"
    raise RefusedError(message)


def _look(instance_id: str, region: RegionContext) -> ObservedClone:
    try:
        seen = observe(instance_id, region)
    except NotFoundError:
        message = (
            f"there is no instance {named(instance_id)} in {region.id} — write {_FORMS}"
        )
        raise RefusedError(message) from None
    status = seen.instance.status
    if status_kind(status) is not StatusKind.READY:
        message = f"{instance_id} is {status} — import {instance_id} when it is Running"
        raise RefusedError(message)
    seen = with_settled_tags(seen, region)
    return replace(seen, reading=_settings_of(instance_id, region, aspects=_SETTINGS))


def _see_source(
    source_id: str, seen: ObservedClone, *, region: RegionContext
) -> ObservedClone | None:
    """
    Return the source of a clone; None if it cannot be read.
    """
    if source_id == seen.instance.id:
        return seen
    try:
        source = region.rds.instance(source_id)
        settings = _settings_of(source_id, region, aspects=_INHERITED)
    except ApiError as error:
        if error.retryable:
            raise
        return None
    return ObservedClone(instance=source, tags={}, reading=settings)


def _settings_of(
    instance_id: str, region: RegionContext, *, aspects: Iterable[Aspect]
) -> AspectReading:
    """
    Return the settings that separate calls report.

    A setting that the engine does not have, or that may not be read, is left out.
    """
    settings = AspectReading()
    for aspect in aspects:
        try:
            settings |= region.rds.read_aspects(instance_id, {aspect})
        except ApiError as error:
            if error.retryable or isinstance(error, ConflictError):
                raise
    return settings
