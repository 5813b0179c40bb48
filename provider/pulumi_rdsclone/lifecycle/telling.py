"""
What a clone's outputs are: what was asked for, completed by what is.
"""

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
from pulumi_rdsclone.domain.part import Change, leaves_of
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant

_OF_THE_ORDER: Final = ("restored_from", "estimated_price")
"""Outputs that are known when the clone is ordered and kept from then on."""


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
        **_completed(inputs, _live(instance, seen.tags)),
        "instance_id": instance.id,
        "status": instance.status,
        "engine": instance.engine,
        "engine_version": instance.engine_version,
        "connection_string": instance.connection_string,
        "port": instance.port,
        "created_time": format_instant(instance.created) if instance.created else None,
        "restored_from": inputs.get("restored_from") or _restored_from(inputs, seen),
    }


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
    restore = Restore.from_tag(seen.tags.get(RESTORED_TAG, ""))
    return restore.restored_from(inputs.get("source_instance_id", ""))


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


def _live(instance: Instance, tags: dict[str, str]) -> dict[str, Any]:
    return {
        "region": instance.region,
        "edition": instance.edition,
        "zones": list(instance.zones),
        "capacity": {
            "instance_class": instance.instance_class,
            "storage_gb": instance.storage_gb,
            "storage_type": instance.storage_type,
            "serverless": instance.serverless,
        },
        "network": {
            "type": instance.network_type,
            "vpc_id": instance.vpc_id,
            "vswitch_ids": list(instance.vswitch_ids) or None,
        },
        "payment": {"type": instance.payment},
        "description": instance.description,
        "tags": own_tags(tags),
        "deletion_protection": instance.deletion_protection,
    }
