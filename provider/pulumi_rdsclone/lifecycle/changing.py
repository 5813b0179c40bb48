"""
Diff, read, update and delete: what happens to a clone that exists.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pulumi_rdsclone.domain.altering import (
    aspects_to_change,
)
from pulumi_rdsclone.domain.differences import Differences, compare
from pulumi_rdsclone.domain.errors import (
    ConflictError,
    NotFoundError,
    RefusedError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.identity import FINISHED, OWNED
from pulumi_rdsclone.domain.instances import GONE, Instance, Verdict, judge_status
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.applying import Clone, alter, look
from pulumi_rdsclone.lifecycle.creating import (
    finish,
    own_when_recorded,
    parse_checked,
    read_spec,
)
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import DELETE_TIMEOUT, Site, Sites, site_of
from pulumi_rdsclone.lifecycle.telling import (
    aspects_to_read,
    drifted_inputs,
    foretold_update,
    kept_of,
    outputs_of,
)
from pulumi_rdsclone.lifecycle.waiting import wait_until_gone

_RACES = 3
"""How often a Running instance may refuse its release before that is believed."""


def diff(olds: dict[str, Any], inputs: dict[str, Any]) -> Differences:
    """
    Compare a clone with what is asked for now, without asking the cloud.

    Args:
        olds: The recorded outputs, a tree in snake_case.
        inputs: The checked inputs; may hold *UNKNOWN*.
    """
    differences = compare(olds, parse_checked(inputs).spec)
    if differences or not is_unfinished(olds):
        return differences
    return Differences(updates=("status",))


def is_unfinished(outputs: dict[str, Any]) -> bool:
    """
    Tell whether the clone was still being made when *outputs* were recorded.
    """
    return judge_status(outputs.get("status") or "") is not Verdict.READY


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    A clone as it is now.

    Attributes:
        outputs: All outputs.
        inputs: The inputs, with live values where a declared field has drifted;
            None when the recorded inputs were not at hand.
    """

    outputs: dict[str, Any]
    inputs: dict[str, Any] | None


def read(
    instance_id: str,
    olds: dict[str, Any],
    inputs: dict[str, Any] | None,
    sites: Sites,
) -> Reading | None:
    """
    Read a clone; None when it is known to be gone.

    Args:
        instance_id: The clone.
        olds: The recorded outputs; only what the program says, for an instance that
            it looks up by its id.
        inputs: The recorded inputs, None where they cannot be had.
        sites: Where.

    Raises:
        UnfinishedError: It exists and is not ready yet.
        ApiError: It could not be read; that says nothing about its existence.
    """
    site = site_of(olds, sites)
    try:
        seen = look(instance_id, site, aspects_to_read(_declared(inputs or olds)))
    except NotFoundError:
        if "instance_id" not in olds:
            raise
        return None
    outputs = outputs_of({**(inputs or olds), **kept_of(olds)}, seen)
    if seen.is_unfinished:
        text = f"{instance_id} is {outputs['status']}; pulumi up goes on waiting for it"
        raise UnfinishedError(text, outputs=outputs)
    return Reading(
        outputs=outputs, inputs=drifted_inputs(inputs, outputs) if inputs else None
    )


def _declared(values: dict[str, Any]) -> CloneSpec:
    """
    Read what inputs, or the outputs that carry their names, declare.
    """
    names = CloneSpec.model_fields.keys() & values.keys()
    return parse({name: values[name] for name in names}).spec


def update(
    instance_id: str,
    olds: dict[str, Any],
    inputs: dict[str, Any],
    sites: Sites,
    row: Row,
    *,
    timeout: timedelta | None = None,
) -> dict[str, Any]:
    """
    Bring a clone to what *inputs* ask for, in place, and give its outputs.

    A clone that was not finished is waited for first.

    Args:
        instance_id: The clone.
        olds: The recorded outputs.
        inputs: The checked inputs, all known.
        sites: Where.
        row: Where progress is shown.
        timeout: Overrides the inputs' create timeout for an unfinished clone.

    Raises:
        UnfinishedError: The clone is still not ready.
        ApiError: A change was refused.
    """
    spec = read_spec(inputs)
    site = site_of(olds, sites)
    known = {**inputs, **kept_of(olds)}
    clone = Clone(
        id=instance_id, known=known, spec=spec, site=site, row=row, watch=site.releasing
    )
    seen = clone.look(aspects_to_change(olds, spec))
    # A mark that is not seen may only be late: it is made once more.
    if is_unfinished(olds) or seen.stage not in (FINISHED, OWNED):
        return finish(replace(clone, watch=site.making), timeout)
    if seen.stage == FINISHED:
        own_when_recorded(instance_id, site, row)
    return outputs_of(known, alter(clone, olds, seen))


def foretell_update(olds: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give the outputs of a clone after an update, as far as they are known before it.
    """
    return foretold_update(olds, inputs, parse_checked(inputs).spec)


def delete(
    instance_id: str,
    olds: dict[str, Any],
    sites: Sites,
    row: Row,
    *,
    timeout: timedelta | None = None,
) -> None:
    """
    Release a clone and come back when it is gone; one already gone is no error.

    Args:
        instance_id: The clone.
        olds: The recorded outputs.
        sites: Where.
        row: Where progress is shown.
        timeout: How long the release may take; default 20 minutes.

    Raises:
        RefusedError: It is protected, or a subscription.
        WaitTimedOutError: It is not gone yet.
    """
    release(instance_id, site_of(olds, sites), row, timeout or DELETE_TIMEOUT)


def release(
    instance_id: str, site: Site, row: Row, limit: timedelta = DELETE_TIMEOUT
) -> None:
    """
    Release an instance and come back when it is gone; see *delete*.
    """
    try:
        refuse_release(site.rds.instance(instance_id))
        _begin_release(instance_id, site, row, limit)
    except NotFoundError:
        return
    wait_until_gone(instance_id, site.releasing, site.clock, row, limit)


def _begin_release(instance_id: str, site: Site, row: Row, limit: timedelta) -> None:
    """
    Begin the release as soon as the instance's state allows it.

    DeleteDBInstance takes instances in status Running only.
    """
    deadline = site.clock.now() + limit
    refused_while_ready = 0
    while True:
        try:
            return site.rds.release(instance_id)
        except ConflictError:
            status = site.releasing.ask(instance_id)
            if status in ("Deleting", GONE):
                return None
            refused_while_ready += judge_status(status) is Verdict.READY
            if refused_while_ready > _RACES or site.clock.now() >= deadline:
                raise
        row.say(f"{status}, waiting to release it")
        site.clock.sleep(site.pace.poll)


def refuse_release(instance: Instance) -> None:
    """
    Object to the release of what must be kept.

    Raises:
        RefusedError: It is protected, or a subscription.
    """
    if instance.deletion_protection:
        msg = (
            f"{instance.id} is protected against release — set deletion_protection to "
            "false and run pulumi up first"
        )
        raise RefusedError(msg)
    if instance.payment == "Subscription":
        until = f" until {format_instant(instance.expires)}" if instance.expires else ""
        msg = (
            f"{instance.id} is a subscription, paid{until}, and cannot be released — "
            "convert it to pay-as-you-go in the console first, or take it out of the "
            "stack with pulumi state delete"
        )
        raise RefusedError(msg)
