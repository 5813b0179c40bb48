"""
Diff, read, update and delete: what happens to a clone that exists.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pulumi_rdsclone.domain.altering import (
    aspects_to_change,
)
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.differences import Differences, compare
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    NotFoundError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.identity import FINISHED, OWNED
from pulumi_rdsclone.domain.instances import Verdict, judge_status
from pulumi_rdsclone.domain.parsing import parse, parse_checked
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.applying import Clone, alter, look
from pulumi_rdsclone.lifecycle.creating import (
    finish,
    own_when_recorded,
    read_spec,
    unfinished,
)
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Sites, site_of
from pulumi_rdsclone.lifecycle.telling import (
    as_last_set,
    aspects_to_read,
    drifted_inputs,
    foretold_update,
    kept_of,
    outputs_of,
)
from pulumi_rdsclone.lifecycle.waiting import CHANGE_TIMEOUT


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
    known = as_last_set(inputs, olds) if inputs else olds
    try:
        seen = look(instance_id, site, aspects_to_read(_declared(known)))
    except NotFoundError:
        if "instance_id" not in olds:
            raise
        return None
    outputs = outputs_of({**known, **kept_of(olds)}, seen)
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
        timeout: How long one change may keep the clone busy, by default half an hour.
            For an unfinished clone it overrides the inputs' create timeout.

    Raises:
        UnfinishedError: The clone is still not ready, or was changed in part only: the
            outputs hold what is left as it was, so that the next comparison shows it.
        AlterationError: The first change was refused; nothing was changed.
        ApiError: The clone could not be read; nothing was changed.
    """
    spec = read_spec(inputs)
    site = site_of(olds, sites)
    known = {**inputs, **kept_of(olds)}
    clone = Clone(
        id=instance_id,
        known=known,
        spec=spec,
        site=site,
        row=row,
        watch=site.releasing,
        patience=timeout or CHANGE_TIMEOUT,
    )
    seen = clone.look(aspects_to_change(olds, spec))
    # A mark that is not seen may only be late: it is made once more.
    if is_unfinished(olds) or seen.stage not in (FINISHED, OWNED):
        return finish(replace(clone, watch=site.making), timeout)
    if seen.stage == FINISHED:
        own_when_recorded(instance_id, site, row)
    done = list[Aspect]()
    try:
        seen = alter(clone, olds, seen, done)
    except AbandonedError:
        raise
    except Exception as error:
        if not done:
            raise
        raise unfinished(clone, error, olds, done) from error
    return outputs_of(known, seen)


def foretell_update(olds: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give the outputs of a clone after an update, as far as they are known before it.
    """
    return foretold_update(olds, inputs, parse_checked(inputs).spec)
