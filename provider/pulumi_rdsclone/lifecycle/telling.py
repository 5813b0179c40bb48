"""
What a clone's outputs are: what was asked for, completed by what is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pulumi_rdsclone.domain.differences import recorded
from pulumi_rdsclone.domain.identity import (
    CREATING,
    RESTORED_TAG,
    STAGE_TAG,
    own_tags,
)
from pulumi_rdsclone.domain.instances import Instance, Verdict, judge_status
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.part import Change, leaves_of
from pulumi_rdsclone.domain.restoring import read_origin
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.unknown import UNKNOWN

_OF_THE_ORDER: Final = ("restored_from", "estimated_price")
"""Outputs that are known when the clone is ordered and kept from then on."""

_OF_THE_INSTANCE: Final = ("status", "connection_string", "port")
"""Outputs that may change until the clone is ready."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    A clone as the cloud tells it now.

    Attributes:
        instance: Its description.
        tags: All its tags, birth tags included.
    """

    instance: Instance
    tags: dict[str, str]

    @property
    def stage(self) -> str:
        """
        How far its making went, as its mark tells it; empty where none is seen.
        """
        return self.tags.get(STAGE_TAG, "")

    @property
    def is_unfinished(self) -> bool:
        """
        Whether it is not ready, or its mark is left to be changed.
        """
        is_ready = judge_status(self.instance.status) is Verdict.READY
        return not is_ready or self.stage == CREATING


def outputs_of(inputs: dict[str, Any], seen: Seen) -> dict[str, Any]:
    """
    Give all outputs of a clone, a tree in snake_case.

    A field that is changed in place shows its live value. One whose change would
    replace the clone keeps the declared value: a replacement follows from a change
    of the program, never from one behind its back.

    Args:
        inputs: The checked inputs, or earlier outputs.
        seen: The clone as it is now.
    """
    instance = seen.instance
    return {
        **_completed(inputs, _live(seen)),
        "instance_id": instance.id,
        "status": instance.status,
        "engine": instance.engine,
        "engine_version": instance.engine_version,
        "connection_string": instance.connection_string,
        "port": instance.port,
        "created_time": format_instant(instance.created) if instance.created else None,
        "restored_from": inputs.get("restored_from") or _restored_from(inputs, seen),
    }


def declared_by(seen: Seen) -> dict[str, Any]:
    """
    Give the inputs, a tree in snake_case, that would declare a clone as it is now.

    The source and what was restored stand in the clone's birth tag; without one there
    is no source and an empty restore point. Nobody tells how long a subscription is
    paid for, so its payment is left out; so is the classic network, which no clone may
    ask for.
    """
    origin = _restored_from({}, seen)
    points = {name: origin[name] for name in ("backup_id", "time") if name in origin}
    if "backup_id" in points:
        points.pop("time", None)
    told = {
        "source_instance_id": origin.get("source_instance_id"),
        "restore_point": points,
        **_live(seen),
    }
    if told["payment"]["type"] == "Subscription":
        told.pop("payment")
    if told["network"]["type"] == "Classic":
        told.pop("network")
    known = {name: value for name, value in told.items() if value}
    return {"restore_point": {}, **known}


def foretold(inputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give the outputs of a clone that is to be made, as far as they are known.
    """
    outputs = {**dict.fromkeys(CloneOutputs.model_fields, UNKNOWN), **inputs}
    for path in _LIVE:
        if recorded(inputs, path) is None and path != _SERVERLESS:
            outputs = _with(outputs, path, UNKNOWN)
    return outputs


def foretold_update(
    olds: dict[str, Any], inputs: dict[str, Any], spec: CloneSpec
) -> dict[str, Any]:
    """
    Give the outputs of a clone after an update, as far as they are known.

    Args:
        olds: The recorded outputs.
        inputs: The checked inputs; may hold *UNKNOWN*.
        spec: The same inputs, read.
    """
    given, complete = spec.given(), spec.complete()
    outputs = {**olds, "clone_key": inputs["clone_key"]}
    for field in leaves_of(CloneSpec):
        wanted = complete if field.change is Change.UPDATE else given
        value = recorded(wanted, field.path)
        if value is not None:
            outputs = _with(outputs, field.path, value)
    if judge_status(olds.get("status") or "") is not Verdict.READY:
        outputs |= dict.fromkeys(_OF_THE_INSTANCE, UNKNOWN)
    return outputs


def kept_of(outputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give what only the recorded *outputs* still know.
    """
    return {name: outputs[name] for name in _OF_THE_ORDER if name in outputs}


def drifted_inputs(inputs: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give *inputs* with the live values of what was declared and changes in place.
    """
    drifted = inputs
    for field in leaves_of(CloneSpec):
        live = recorded(outputs, field.path)
        declared = recorded(inputs, field.path)
        if field.change is Change.UPDATE and None not in (live, declared):
            drifted = _with(drifted, field.path, live)
    return drifted


def _restored_from(inputs: dict[str, Any], seen: Seen) -> dict[str, str]:
    """
    Give what was restored, as the clone's birth tag tells it.
    """
    source, restore = read_origin(seen.tags.get(RESTORED_TAG, ""))
    return restore.restored_from(inputs.get("source_instance_id", source))


def _completed(inputs: dict[str, Any], live: dict[str, Any]) -> dict[str, Any]:
    outputs = inputs
    for field in leaves_of(CloneSpec):
        value = recorded(live, field.path)
        declared = recorded(inputs, field.path)
        if value is not None and (declared is None or field.change is Change.UPDATE):
            outputs = _with(outputs, field.path, value)
    return outputs


def _with(tree: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    step, _, rest = path.partition(".")
    return {**tree, step: _with(tree.get(step) or {}, rest, value) if rest else value}


def _live(seen: Seen) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, tell in _LIVE.items():
        tree = _with(tree, path, tell(seen))
    return tree


_SERVERLESS: Final = "capacity.serverless"
"""A group that most clones do not have, so an undeclared one is not foretold."""

_LIVE: Final[dict[str, Callable[[Seen], Any]]] = {
    "region": lambda seen: seen.instance.region,
    "edition": lambda seen: seen.instance.edition,
    "zones": lambda seen: list(seen.instance.zones),
    "capacity.instance_class": lambda seen: seen.instance.instance_class,
    "capacity.storage_gb": lambda seen: seen.instance.storage_gb,
    "capacity.storage_type": lambda seen: seen.instance.storage_type,
    _SERVERLESS: lambda seen: seen.instance.serverless,
    "network.type": lambda seen: seen.instance.network_type,
    "network.vpc_id": lambda seen: seen.instance.vpc_id,
    "network.vswitch_ids": lambda seen: list(seen.instance.vswitch_ids) or None,
    "payment.type": lambda seen: seen.instance.payment,
    "description": lambda seen: seen.instance.description,
    "tags": lambda seen: own_tags(seen.tags),
    "deletion_protection": lambda seen: seen.instance.deletion_protection,
}
"""What the cloud tells of each input."""
