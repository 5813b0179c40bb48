"""
Find the clones of an account by their tags, without the states of stacks.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.errors import ApiError, NotFoundError, RefusedError
from pulumi_rdsclone.domain.expiry import expires_at
from pulumi_rdsclone.domain.identity import (
    CREATING,
    FINISHED,
    KEY_TAG,
    RESTORED_TAG,
    RETAINED,
    STACK_TAG,
    STAGE_TAG,
    key_in,
)
from pulumi_rdsclone.domain.instances import Instance, StatusKind, status_kind
from pulumi_rdsclone.domain.live_state import ObservedClone
from pulumi_rdsclone.domain.market import OfferQuery, Price
from pulumi_rdsclone.domain.problems import named
from pulumi_rdsclone.domain.restoring import Restore, parse_tag
from pulumi_rdsclone.domain.spec import Payment
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.type_tokens import CLONE_TYPE
from pulumi_rdsclone.domain.urn import urn_prefix
from pulumi_rdsclone.domain.values import Document
from pulumi_rdsclone.lifecycle.fact_reading import PREVIEW_MAX_AGE
from pulumi_rdsclone.lifecycle.observing import observe
from pulumi_rdsclone.lifecycle.read_cache import ReadCache, ReadTimedOutError
from pulumi_rdsclone.lifecycle.region import RegionContext

_AT_ONCE: Final = 10
"""How many instances are read at the same time."""


@dataclass(frozen=True, kw_only=True)
class OwnedClone:
    """
    An instance that carries birth tags.

    Attributes:
        seen: The clone as the API reports it.
        now: When that was.
        price: The price of a day for a new instance of its shape; None if that is not
            reported, or depends on load or term.
    """

    seen: ObservedClone
    now: datetime
    price: Price | None = None

    @property
    def id(self) -> str:
        """
        Such as rm-uf6wjk5xxxx.
        """
        return self.seen.instance.id

    @property
    def age(self) -> timedelta | None:
        """
        How long ago it was ordered; None if not reported.
        """
        created = self.seen.instance.created
        return self.now - created if created else None

    @property
    def expires(self) -> datetime | None:
        """
        When it expires; None for never, or if not known.
        """
        return expires_at(self.seen.tags, self.seen.instance.created)

    def has_expired_for(self, grace: timedelta) -> bool:
        """
        Return whether it has been expired for *grace*.

        A retained clone never has: it is left to its user.
        """
        end, is_kept = self.expires, self.seen.stage == RETAINED
        return end is not None and self.now - end >= grace and not is_kept

    @property
    def origin(self) -> tuple[str, Restore]:
        """
        The source, empty where it is not known, and what of it was restored.
        """
        return parse_tag(self.seen.tags.get(RESTORED_TAG, ""))

    @property
    def urn_prefix(self) -> str | None:
        """
        The beginning of the URN of its resource; the tags do not hold the rest.
        """
        project, _, stack = self.seen.tags.get(STACK_TAG, "").partition("/")
        return urn_prefix(project, stack) if stack else None

    def tree(self) -> Document:
        """
        Return the clone as a tree of plain values, in snake_case; None is unknown.
        """
        instance, tags = self.seen.instance, self.seen.tags
        source, restored = self.origin
        return {
            "instance_id": instance.id,
            "region": instance.region,
            "stack": tags.get(STACK_TAG),
            "stage": tags.get(STAGE_TAG),
            "clone_key": key_in(tags),
            "description": instance.description or None,
            "status": instance.status,
            "created_time": _text(instance.created),
            "expires": _text(self.expires),
            "age_seconds": None if self.age is None else int(self.age.total_seconds()),
            "restored_from": {
                "source_instance_id": source or None,
                "backup_id": restored.backup_id,
                "time": _text(restored.time),
            },
            "price": self.price.tree() if self.price else None,
        }


def clones_in(region: RegionContext, stack: str | None = None) -> list[OwnedClone]:
    """
    Return the clones in a region, the oldest first.

    Args:
        region: The region to look in.
        stack: Project and stack, as the birth tags have them; None for all.

    Raises:
        CloneError: Tags or instances could not be read.
    """
    tags = {
        instance_id: tags
        for instance_id, tags in region.rds.tags_by_key(KEY_TAG).items()
        if stack in (None, tags.get(STACK_TAG))
    }
    instances = _described(list(tags), region.cache)
    prices = _prices(instances, region.cache)
    now = region.clock.now()
    return [
        OwnedClone(
            seen=ObservedClone(instance=instance, tags=tags[instance.id]),
            now=now,
            price=prices[instance.id],
        )
        for instance in sorted(
            instances, key=lambda instance: (instance.created or now, instance.id)
        )
    ]


def find(instance_id: str, region: RegionContext) -> OwnedClone:
    """
    Return the clone *instance_id*, without its price.

    Raises:
        RefusedError: There is no such instance, or it carries no birth tags.
    """
    try:
        seen = observe(instance_id, region)
    except NotFoundError:
        message = (
            f"there is no instance {named(instance_id)} in {region.id} — correct "
            "the id, the region or the credentials"
        )
        raise RefusedError(message) from None
    if KEY_TAG not in seen.tags:
        message = (
            f"{instance_id} does not carry the tag {KEY_TAG}, so it is not a clone of "
            "any stack — rdsclone clones list shows those that are"
        )
        raise RefusedError(message)
    return OwnedClone(seen=seen, now=region.clock.now())


def steps_to_adopt(clone: OwnedClone) -> tuple[str, ...]:
    """
    Return the steps after which its stack adopts *clone*.

    Raises:
        RefusedError: It is being released.
    """
    status = clone.seen.instance.status
    if status_kind(status) is StatusKind.FAILED:
        message = f"{clone.id} is {status}, so no stack can take it over any more"
        raise RefusedError(message)
    stack = clone.seen.tags.get(STACK_TAG, "its stack")
    keep = f"keep the inputs with which {clone.id} was ordered"
    allow = f'in the program of {stack}, give its CloneInstance adopt="always"'
    is_interrupted = clone.seen.stage in (CREATING, FINISHED)
    inputs = keep if is_interrupted else f"{allow}, and {keep}"
    name = (
        "keep the resource's name and rdsclone:identity: they make the key, and with "
        "another key a new clone would be ordered"
    )
    run = (
        f"run pulumi preview for {stack}; when it says that {clone.id} is taken over, "
        "run pulumi up"
    )
    plugin = (
        "or, in a program that uses the plugin, run pulumi import "
        f"{CLONE_TYPE} NAME {clone.seen.instance.region}/{clone.id}"
    )
    return inputs, name, run, plugin


def _described(ids: Sequence[str], cache: ReadCache) -> list[Instance]:
    """
    Return the instances with *ids* that still exist.
    """
    found = []
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        reads = [
            cache.start("instance", instance_id, max_age=timedelta())
            for instance_id in some
        ]
        for read in reads:
            with suppress(NotFoundError):
                found.append(cache.result(read))
    return found


def _prices(
    instances: Sequence[Instance], cache: ReadCache
) -> Mapping[str, Price | None]:
    """
    Return the price of a day of each of *instances*, by id.
    """
    prices: dict[str, Price | None] = {instance.id: None for instance in instances}
    reads = {
        instance.id: cache.start(
            "price",
            _sale(instance),
            instance.instance_class,
            instance.storage_gb,
            Payment(),
            max_age=PREVIEW_MAX_AGE,
        )
        for instance in instances
        if instance.payment == "PayAsYouGo"
    }
    for instance_id, read in reads.items():
        with suppress(ApiError, ReadTimedOutError):
            prices[instance_id] = cache.result(read).per_day()
    return prices


def _sale(instance: Instance) -> OfferQuery:
    return OfferQuery(
        engine=instance.engine,
        engine_version=instance.engine_version,
        edition=instance.edition,
        zone=next(iter(instance.zones), ""),
        storage_type=instance.storage_type,
        payment=instance.payment,
    )


def _text(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None
