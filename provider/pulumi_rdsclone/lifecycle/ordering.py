"""
Getting exactly one clone: look for it, order it, never order it twice.
"""

from dataclasses import replace

from pulumi_rdsclone.domain.errors import (
    NotFoundError,
    RefusedError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import (
    CREATING,
    KEY_TAG,
    SPEC_TAG,
    STAGE_TAG,
    Birth,
    client_token,
)
from pulumi_rdsclone.domain.instances import Verdict, judge_status
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site

_LOST_REPLIES = 5
"""How often an order is repeated whose reply was lost: a minute or two in all."""


def obtain(site: Site, order: CloneOrder, birth: Birth, row: Row) -> str:
    """
    Give the id of the one clone for *order*: found, or ordered now.

    Args:
        site: Where.
        order: What to order; its token and birth tags are set here.
        birth: How the clone is marked and known again.
        row: Where an adoption is announced.

    Raises:
        RefusedError: An instance with our key exists that may not be adopted.
        ApiError: The order was refused.
    """
    marked = replace(order, tags={**order.tags, **birth.tags(CREATING)})
    attempt = lost = 0
    settled = False
    own = find_own(site, birth, row)
    while own is None:
        token = client_token(birth.key, birth.spec_hash, attempt)
        try:
            ordered = site.rds.order_clone(replace(marked, token=token))
        except TokenUsedError:
            # The clone of an earlier run, with another second as its latest. Once is
            # enough: no earlier run orders meanwhile.
            own = None if settled else _find_settled(site, birth, row)
            settled = True
            attempt = _next(attempt)
        except (ThrottledError, UnavailableError):
            lost += 1
            own = _find_settled(site, birth, row)
            if own is None and lost > _LOST_REPLIES:
                raise
        else:
            if _lives(site, ordered):
                return ordered
            own = _find_settled(site, birth, row)
            attempt = _next(attempt)
    return own


def _next(attempt: int) -> int:
    """
    Give the attempt after one whose token stands for an instance that is gone.

    In growing steps: a clone that was made and released every day for a year has
    used as many tokens.
    """
    return 2 * attempt + 1


def find_own(site: Site, birth: Birth, row: Row) -> str | None:
    """
    Look for an instance that an interrupted run ordered for this resource.

    Raises:
        RefusedError: There is one that may not be adopted, or several.
    """
    found = [
        sighting
        for sighting in site.rds.sightings({KEY_TAG: birth.key})
        if judge_status(sighting.status) is not Verdict.FAILED
    ]
    if not found:
        return None
    if len(found) > 1:
        msg = (
            f"the instances {', '.join(s.id for s in found)} carry the key of this "
            "clone — release all but one in the console, then run again"
        )
        raise RefusedError(msg)
    (sighting,) = found
    _refuse_strangers(sighting.id, site.rds.tags(sighting.id), birth)
    row.warn(
        f"adopted {sighting.id}, which an interrupted run ordered"
        + (f" at {sighting.created:%Y-%m-%dT%H:%M:%SZ}" if sighting.created else "")
    )
    return sighting.id


def _refuse_strangers(instance_id: str, tags: dict[str, str], birth: Birth) -> None:
    if tags.get(STAGE_TAG) != CREATING:
        msg = (
            f"{instance_id} is already the finished clone of this resource, so no "
            "second one is ordered — to replace it, change its restore_point; if "
            "another stack of this name owns it, set rdsclone:identity in this one; "
            "if no stack does, release it in the console"
        )
        raise RefusedError(msg)
    if tags.get(SPEC_TAG) != birth.spec_hash:
        msg = (
            f"{instance_id} was ordered for this resource by an interrupted run with "
            "other inputs, so no second one is ordered — go back to those inputs to "
            "adopt it, or release it in the console"
        )
        raise RefusedError(msg)


def _find_settled(site: Site, birth: Birth, row: Row) -> str | None:
    """
    Look again until a clone that was just ordered must have become visible.
    """
    waited = 0.0
    while waited < site.pace.settle:
        site.clock.sleep(site.pace.repeat)
        waited += site.pace.repeat
        if own := find_own(site, birth, row):
            return own
    return None


def _lives(site: Site, instance_id: str) -> bool:
    """
    Tell whether a token was answered with an instance that is not gone or going.

    When it cannot be described it counts as living: the id of a clone that was just
    ordered must not be lost.
    """
    try:
        status = site.rds.instance(instance_id).status
    except NotFoundError:
        return False
    except Exception:  # noqa: BLE001 - whatever fails, the wait will meet it again
        return True
    return judge_status(status) is not Verdict.FAILED
