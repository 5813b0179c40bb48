"""
A clone that replaces another takes over the names of its endpoints.

While the new clone is made the old one is reached by them; they are taken from it when
the new one is ready for them, and the engine releases it afterwards.
"""

from contextlib import suppress
from typing import Final

from pulumi_rdsclone.domain.altering import Alteration
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import (
    ConflictError,
    DeadCloneError,
    NotFoundError,
    NotVisibleError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import KEY_TAG, root_of
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.waiting import (
    CHANGE_TIMEOUT,
    Patience,
    refuse_without_listener,
    rest,
    wait_until_ready,
    wait_until_shown,
)

_PREFIXES: Final = {
    Aspect.ENDPOINT: "network.connection_prefix",
    Aspect.PUBLIC_ENDPOINT: "network.public_connection_prefix",
}
"""The field with the name, by the aspect that changes it."""


_TRIES: Final = 5
"""How often the earlier clone is asked to give its name back."""


def hand_over(wanted: Alteration, key: str, site: Site, row: Row) -> bool:
    """
    Take the name that *wanted* asks for from a clone of the same resource.

    Args:
        wanted: The change that was refused.
        key: The clone key of the clone that wants it.
        site: Where.
        row: Where progress is shown.

    Returns:
        Whether an earlier clone of the resource had it, and has it no longer.

    Raises:
        AlterationError: It does not let go of it.
    """
    path = _PREFIXES[wanted.aspect]
    for sighting in site.rds.sightings({KEY_TAG: root_of(key)}):
        if sighting.id == wanted.instance.id:
            continue
        try:
            old = _renaming(sighting.id, wanted.aspect, site)
        except (NotFoundError, NotVisibleError):
            continue
        if old.old.get(path) == wanted.new[path]:
            row.say(f"taking the name {wanted.new[path]} from {sighting.id}")
            _rename(old, site, row)
            return True
    return False


def _rename(old: Alteration, site: Site, row: Row) -> None:
    """
    Take the name from the earlier clone; one that is being released lets go of it.

    Whether a call that has failed is repeated is decided after looking at that clone:
    where the reply was lost, the name is gone that the call would change.

    Raises:
        AlterationError: It does not let go of it, or the run was cancelled.
    """
    with suppress(DeadCloneError, NotFoundError):
        for tries_left in reversed(range(_TRIES)):
            try:
                site.rds.change(old)
                break
            except (ConflictError, UnavailableError):
                if not tries_left:
                    raise
            rest(site.pace.poll, site.clock, row)
            refuse_without_listener(row, f"the {old.aspect} of {old.instance.id}")
            wait_until_ready(
                old.instance.id, site.releasing, site.clock, row, CHANGE_TIMEOUT
            )
            if _is_renamed(old, site):
                return
        _wait_until_renamed(old, site, row)


def _renaming(instance_id: str, aspect: Aspect, site: Site) -> Alteration:
    """
    Say how an endpoint gets the name back that its instance was born with.
    """
    instance = site.rds.instance(instance_id)
    host = instance.connection_string or ""
    old = {
        "network.connection_prefix": host.partition(".")[0],
        "network.port": instance.port,
        **site.rds.live(instance.id, [aspect]),
    }
    is_public = aspect is Aspect.PUBLIC_ENDPOINT
    own_name = f"{instance.id}-public" if is_public else instance.id
    new = {_PREFIXES[aspect]: own_name, "network.public_endpoint": is_public}
    return Alteration(instance=instance, aspect=aspect, old=old, new=new)


def _is_renamed(old: Alteration, site: Site) -> bool:
    """
    Tell whether the earlier clone shows that it has let go of the name.
    """
    path = _PREFIXES[old.aspect]
    try:
        now = _renaming(old.instance.id, old.aspect, site)
    except (ConflictError, NotFoundError):
        return False
    return bool(now.old.get(path) == old.new[path])


def _wait_until_renamed(old: Alteration, site: Site, row: Row) -> None:
    path = _PREFIXES[old.aspect]

    def missing() -> tuple[str, ...]:
        return () if _is_renamed(old, site) else (path,)

    wait_until_shown(
        old.instance.id, site.releasing, site.clock, row, missing, Patience()
    )
