"""
Build a clone's outputs from its checked inputs and what the API reports.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pulumi_rdsclone.domain.accounts import strangers
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange, fields_in
from pulumi_rdsclone.domain.clone_state import PUBLIC_HOST, CloneState
from pulumi_rdsclone.domain.declaring import (
    chosen_zones,
    inherited_by,
    lifetime,
    needed,
)
from pulumi_rdsclone.domain.desired import CLEARED_WHEN_OMITTED, DesiredClone
from pulumi_rdsclone.domain.differences import (
    comparable_value,
    compare,
    declared_keys,
)
from pulumi_rdsclone.domain.engine_parameters import REPORTED_DIFFERENTLY
from pulumi_rdsclone.domain.expiry import expires_at, expiry_of
from pulumi_rdsclone.domain.identity import (
    EXPIRES_TAG,
    RESTORED_TAG,
    STAGE_TAG,
    own_tags,
)
from pulumi_rdsclone.domain.instances import (
    Instance,
    StatusKind,
    status_kind,
)
from pulumi_rdsclone.domain.model import (
    Change,
    Field,
    MapOwnership,
    fields_of,
    leaves_of,
)
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.paths import get_value, set_value
from pulumi_rdsclone.domain.restoring import parse_tag
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.values import Properties, PropertyValue

_OF_THE_INSTANCE: Final = ("status", "connection_string", "port")
"""Outputs that may change until the clone is ready."""


@dataclass(frozen=True, kw_only=True)
class ObservedClone:
    """
    A clone as the API reports it now.

    Attributes:
        instance: Its description.
        tags: All its tags, birth tags included.
        reading: What other calls report.
        unread: Reasons for what could not be read now.
    """

    instance: Instance
    tags: dict[str, str]
    reading: AspectReading = field(default_factory=AspectReading)
    unread: Mapping[Aspect, str] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """
        The stage of its creation, from its stage tag; empty without one.
        """
        return self.tags.get(STAGE_TAG, "")

    @property
    def status_kind(self) -> StatusKind:
        """
        The meaning of its status for whoever uses it.
        """
        return status_kind(self.instance.status)


def outputs_of(inputs: Properties, seen: ObservedClone) -> Properties:
    """
    Return all outputs of a clone, a tree in snake_case.

    A field that is changed in place shows its live value. One whose change would
    replace the clone keeps the declared value: a replacement follows from a change
    of the program, never from one behind its back.

    Args:
        inputs: The checked inputs, or earlier outputs.
        seen: The clone as it is now.
    """
    instance = seen.instance
    return {
        **_with_live_values(inputs, {**_live(seen), **_exclusiveness(inputs, seen)}),
        "instance_id": instance.id,
        "status": instance.status,
        "engine": instance.engine,
        "engine_version": instance.engine_version,
        "connection_string": instance.connection_string,
        "port": instance.port,
        PUBLIC_HOST: _public_host(inputs, seen),
        "created_time": format_instant(instance.created) if instance.created else None,
        "expires": _expiry(seen),
        "restored_from": inputs.get("restored_from") or _restored_from(inputs, seen),
    }


def _exclusiveness(inputs: Properties, seen: ObservedClone) -> dict[str, bool]:
    """
    Return whether only the declared accounts exist, where that is declared.
    """
    there = seen.reading.all_accounts
    if there is None or not inputs.get("accounts_exclusive"):
        return {}
    others = strangers(there, inputs.get("accounts") or {})
    return {"accounts_exclusive": not any(others)}


def source_of(seen: ObservedClone) -> str:
    """
    Return the id of a clone's source; empty if no tag holds it.
    """
    return _restored_from({}, seen).get("source_instance_id") or ""


def inputs_from(
    seen: ObservedClone, source: ObservedClone | None, *, default_region: str | None
) -> Properties:
    """
    Return the inputs, a tree in snake_case, that declare a clone and others like it.

    They hold what another clone needs to be like this one, and nothing that it has
    anyway or that only this one can have. What was restored stands in the clone's
    birth tag; without one the restore point is empty. No call reports how long a
    subscription is paid for, so its payment is left out; so is the classic network,
    which no clone may ask for.

    Args:
        seen: The clone as it is now.
        source: Its source as it is now; None where that cannot be read.
        default_region: The region of clones that name none.
    """
    origin = _restored_from({}, seen)
    points = {name: origin[name] for name in ("backup_id", "time") if name in origin}
    if "backup_id" in points:
        points.pop("time", None)
    declaration = {
        "restore_point": points,
        **_live(seen),
        "zones": chosen_zones(seen.instance, source.instance if source else None),
        **_end_of(seen),
    }
    if declaration["payment"]["type"] == "Subscription":
        declaration.pop("payment")
    if declaration["network"]["type"] == "Classic":
        declaration.pop("network")
    inherited = {
        "region": default_region,
        "pg_hba": list(seen.reading.default_pg_hba),
        **(
            inherited_by(declaration, source.instance, of_source=_live(source))
            if source
            else {}
        ),
    }
    inputs: Properties = {"restore_point": {}}
    for path in needed(declaration, seen.instance, inherited=inherited):
        inputs = set_value(inputs, path, value=get_value(declaration, path))
    return inputs


def _end_of(seen: ObservedClone) -> dict[str, str | None]:
    """
    Return when a clone expires, as it was declared: after a while, or at an instant.
    """
    end = expires_at(seen.tags, seen.instance.created)
    ttl = lifetime(end, seen.instance.created) if end else None
    return {"ttl": ttl, "expires_at": None if ttl else _expiry(seen)}


def _expiry(seen: ObservedClone) -> str | None:
    """
    Return when a clone expires, as a text; None for never.
    """
    end = expires_at(seen.tags, seen.instance.created)
    return format_instant(end) if end else None


def is_reported_for_all(path: str) -> bool:
    """
    Return whether attributes or tags of every instance report the field at *path*.

    Others are read only where they are declared, and have no value elsewhere.
    """
    return any(
        known == path or known.startswith(f"{path}.") for known in REPORTED_FIELDS
    )


def aspects_to_read(desired: DesiredClone) -> set[Aspect]:
    """
    Return the aspects that are declared and only calls of their own report.
    """
    return {
        leaf.aspect
        for leaf in leaves_of(CloneSpec)
        if leaf.aspect and leaf.path not in REPORTED_FIELDS
        if desired.at(leaf.path) or desired.is_given(leaf.path)
    }


def change_of(
    aspect: Aspect, olds: CloneState, *, seen: ObservedClone, desired: DesiredClone
) -> AspectChange:
    """
    Return the change of one *aspect* from its live values to the desired ones.

    Args:
        aspect: What is changed.
        olds: The outputs, for what the API never reports.
        seen: The clone as it is now.
        desired: What is asked for.
    """
    live = _live(seen)
    old = dict(seen.reading.fields)
    for leaf in fields_in({aspect}):
        reported, before = get_value(live, leaf.path), olds.at(leaf.path)
        old[leaf.path] = _reported_value(
            leaf, desired.at(leaf.path), live=reported, before=before
        )
    new = {leaf.path: desired.at(leaf.path) for leaf in fields_in({aspect})}
    if aspect is Aspect.EXPIRY and seen.instance.created:
        new["expires_at"] = expiry_of(desired.spec, seen.instance.created)
    return AspectChange(
        instance=seen.instance,
        aspect=aspect,
        old=replace(seen.reading, fields=old),
        new=new,
    )


def without_secrets(values: Properties) -> Properties:
    """
    Return *values* without their secrets, as a clone has them that is new.
    """
    return _with_secrets_from(values, {})


def _with_secrets_from(values: Properties, others: Properties) -> Properties:
    """
    Return *values* with the secrets of *others* in place of their own.
    """
    found = values
    for leaf in leaves_of(CloneSpec):
        value, other = get_value(values, leaf.path), get_value(others, leaf.path)
        if value is None:
            continue
        if leaf.path == _PARAMETERS:
            found = set_value(
                found, leaf.path, value=_with_unreported(value, other or {})
            )
        elif leaf.secret:
            found = set_value(found, leaf.path, value=other)
        elif leaf.item:
            hidden = [f.name for f in fields_of(leaf.item) if f.secret]
            found = set_value(
                found, leaf.path, value=_exchanged(value, other, names=hidden)
            )
    return found


def _with_unreported(values: PropertyValue, others: Properties) -> PropertyValue:
    """
    Return parameters with those of *others* that the API reports differently than set.
    """
    if not isinstance(values, dict):
        return values
    reported = {
        name: value
        for name, value in values.items()
        if name not in REPORTED_DIFFERENTLY
    }
    names = REPORTED_DIFFERENTLY & values.keys() & others.keys()
    return {**reported, **{name: others[name] for name in names}}


def _exchanged(
    entries: PropertyValue, others: PropertyValue, *, names: list[str]
) -> PropertyValue:
    """
    Return a list or map of groups with the fields of these *names* from *others*.
    """
    if isinstance(entries, list):
        return [_of_group(entry, {}, names=names) for entry in entries]
    known = others if isinstance(others, dict) else {}
    return {
        key: _of_group(entry, known.get(key) or {}, names=names)
        for key, entry in entries.items()
    }


def _of_group(
    group: PropertyValue, other: PropertyValue, *, names: list[str]
) -> Properties:
    own = {name: value for name, value in group.items() if name not in names}
    return {**own, **{name: other[name] for name in names if name in other}}


def with_last_applied(inputs: Properties, olds: CloneState) -> Properties:
    """
    Replace in *inputs* every field that only a separate call reports by its last value.

    The outputs *olds* hold it: they are newer than the recorded inputs, or older, where
    an update has failed half-way.
    """
    found = inputs
    for leaf in leaves_of(CloneSpec):
        if (
            leaf.aspect
            and leaf.change is Change.UPDATE
            and leaf.path not in REPORTED_FIELDS
        ):
            old = olds.at(leaf.path)
            if old is not None or get_value(inputs, leaf.path) is not None:
                found = set_value(found, leaf.path, value=old)
    return found


def without_optional_ssl(values: Properties) -> Properties:
    """
    Return *values* without the SSL fields that the API omits when they are not set.
    """
    found = values
    if get_value(values, "ssl.enabled") is False:
        return found
    for path in _OPTIONAL_SSL_FIELDS:
        if get_value(values, path):
            found = set_value(found, path, value=None)
    return found


def with_pending_changes(
    outputs: Properties,
    olds: CloneState,
    *,
    desired: DesiredClone,
    done: Collection[Aspect],
) -> Properties:
    """
    Return *outputs* with the recorded values of what should have changed and did not.

    Args:
        outputs: All outputs, as if all changes had been made.
        olds: The outputs as they were before.
        desired: What is asked for.
        done: The aspects that were changed.
    """
    changed = set(compare(olds, desired).updates)
    for leaf in leaves_of(CloneSpec):
        if leaf.path in changed and leaf.aspect and leaf.aspect not in done:
            old = comparable_value(
                leaf, olds.at(leaf.path), value=desired.at(leaf.path), new=desired
            )
            outputs = set_value(outputs, leaf.path, value=old)
    return outputs


def _reported_value(
    leaf: Field, declared: PropertyValue, *, live: PropertyValue, before: PropertyValue
) -> PropertyValue:
    """
    Return the reported value, restricted to the keys that the program declares.

    In a group of such a map only the declared fields count. What the API never reports
    is taken from *before*.
    """
    if live is None:
        return before
    if leaf.ownership is not MapOwnership.DECLARED:
        return live
    if not isinstance(declared, dict):
        return None
    known = before if isinstance(before, dict) else {}
    unreported = REPORTED_DIFFERENTLY if leaf.path == _PARAMETERS else frozenset()
    return {
        key: known[key]
        if key in unreported
        else _reported_entry(declared[key], live[key], before=known.get(key))
        for key in declared
        if key in (known if key in unreported else live)
    }


def _reported_entry(
    declared: PropertyValue, live: PropertyValue, *, before: PropertyValue
) -> PropertyValue:
    if not isinstance(declared, dict):
        return live
    reported = {name: live[name] for name in declared if name in live}
    return {**(before or {}), **reported}


def preview_outputs(inputs: Properties) -> Properties:
    """
    Return the outputs of a clone before it is created, as far as they are known.
    """
    unknown = dict.fromkeys(CloneOutputs.model_fields, UNKNOWN)
    outputs: Properties = {**unknown, **inputs}
    for path in REPORTED_FIELDS:
        if get_value(inputs, path) is None and path != _SERVERLESS:
            outputs = set_value(outputs, path, value=UNKNOWN)
    return outputs


def preview_update_outputs(olds: CloneState, desired: DesiredClone) -> Properties:
    """
    Return the outputs of a clone after an update, as far as they are known before it.

    Args:
        olds: The recorded outputs.
        desired: What is asked for; may hold *UNKNOWN*.
    """
    outputs: Properties = {**olds.outputs, "clone_key": desired.clone_key}
    differences = compare(olds, desired)
    for leaf in leaves_of(CloneSpec):
        path, value = leaf.path, desired.at(leaf.path)
        if path in differences.kept:
            continue
        is_recorded = None not in (value, olds.at(path))
        if is_recorded or (value and leaf.aspect) or desired.is_given(path):
            outputs = set_value(outputs, path, value=value)
        elif path in CLEARED_WHEN_OMITTED and path in outputs:
            outputs = set_value(outputs, path, value=None)
    for path in _settings_of_ssl(olds, desired):
        outputs = set_value(outputs, path, value=UNKNOWN)
    if olds.is_unfinished:
        outputs = {**outputs, **dict.fromkeys(_OF_THE_INSTANCE, UNKNOWN)}
    return {**outputs, **_addresses_after(differences.updates, desired)}


def _settings_of_ssl(olds: CloneState, desired: DesiredClone) -> Iterator[str]:
    """
    Yield the settings that may be lost where an update turns SSL off.

    No document says what becomes of them.
    """
    switch = "ssl.enabled"
    is_turned_off = olds.at(switch) and desired.at(switch) is False
    if not is_turned_off:
        return
    for leaf in fields_in({Aspect.SSL}):
        is_recorded = olds.at(leaf.path) is not None
        if leaf.path != switch and is_recorded and not desired.is_given(leaf.path):
            yield leaf.path


def _addresses_after(updates: Collection[str], desired: DesiredClone) -> Properties:
    """
    Return the addresses that an update changes, as far as they are known before it.
    """
    changed = set(updates)
    after: dict[str, PropertyValue] = {}
    if "network.connection_prefix" in changed:
        after["connection_string"] = UNKNOWN
    if "network.port" in changed:
        after["port"] = desired.at("network.port")
    if not changed.isdisjoint(f.path for f in fields_in({Aspect.PUBLIC_ENDPOINT})):
        after[PUBLIC_HOST] = UNKNOWN
    return after


def drifted_inputs(desired: DesiredClone, outputs: Properties) -> Properties:
    """
    Return the inputs with the live values of what was declared and changes in place.
    """
    inputs = drifted = desired.inputs
    # Secrets are never reported, so they do not drift.
    recorded = _with_secrets_from(outputs, inputs)
    for path in compare(CloneState(recorded), desired).updates:
        live, declared = get_value(recorded, path), get_value(inputs, path)
        if None not in (live, declared):
            drifted = set_value(
                drifted, path, value=declared_keys(_LEAVES[path], live, new=declared)
            )
    return drifted


def _public_host(outputs: Properties, seen: ObservedClone) -> str | None:
    is_unread = Aspect.PUBLIC_ENDPOINT in seen.unread
    recorded: str | None = outputs.get(PUBLIC_HOST)
    return recorded if is_unread else seen.reading.public_host


def _restored_from(inputs: Properties, seen: ObservedClone) -> dict[str, str]:
    """
    Return the restore that the clone's birth tag names.
    """
    source, restore = parse_tag(seen.tags.get(RESTORED_TAG, ""))
    return restore.restored_from(inputs.get("source_instance_id", source))


def _with_live_values(inputs: Properties, live: Properties) -> Properties:
    outputs = inputs
    for leaf in leaves_of(CloneSpec):
        declared = get_value(inputs, leaf.path)
        reported = get_value(live, leaf.path)
        value = (
            None
            if reported is None
            else _reported_value(leaf, declared, live=reported, before=declared)
        )
        if value is not None and _takes_live_value(leaf, declared, live=value):
            outputs = set_value(outputs, leaf.path, value=value)
    return outputs


def _takes_live_value(
    leaf: Field, declared: PropertyValue, *, live: PropertyValue
) -> bool:
    """
    Return whether the live value takes the place of the declared one.

    It does not where changing it back would need a new clone.
    """
    if declared is None:
        return leaf.path not in CLEARED_WHEN_OMITTED
    unless = leaf.except_when
    if unless and unless.change is Change.REPLACE and unless.holds(live, declared):
        return False
    return leaf.change is Change.UPDATE


def _live(seen: ObservedClone) -> Properties:
    tree: Properties = {}
    for path, read in REPORTED_FIELDS.items():
        tree = set_value(tree, path, value=read(seen))
    for path, value in seen.reading.fields.items():
        tree = set_value(tree, path, value=value)
    return tree


def _prefix(instance: Instance) -> str | None:
    return instance.connection_string and instance.connection_string.partition(".")[0]


_PARAMETERS: Final = "parameters"

_LEAVES: Final = {leaf.path: leaf for leaf in leaves_of(CloneSpec)}

_OPTIONAL_SSL_FIELDS: Final = [
    leaf.path
    for leaf in fields_in({Aspect.SSL})
    if leaf.kind is str and not leaf.secret
]
"""Fields that the API reports only where they are set."""


_SERVERLESS: Final = "capacity.serverless"
"""A group that most clones do not have, so an undeclared one is not previewed."""

REPORTED_FIELDS: Final[dict[str, Callable[[ObservedClone], PropertyValue]]] = {
    "region": lambda seen: seen.instance.region,
    "edition": lambda seen: seen.instance.edition,
    "zones": lambda seen: list(seen.instance.zones),
    "capacity.instance_class": lambda seen: seen.instance.instance_class,
    "capacity.storage_gb": lambda seen: seen.instance.storage_gb,
    "capacity.storage_type": lambda seen: seen.instance.storage_type,
    "capacity.bursting": lambda seen: seen.instance.bursting,
    "capacity.io_acceleration": lambda seen: seen.instance.io_acceleration,
    _SERVERLESS: lambda seen: seen.instance.serverless,
    "network.type": lambda seen: seen.instance.network_type,
    "network.vpc_id": lambda seen: seen.instance.vpc_id,
    "network.connection_prefix": lambda seen: _prefix(seen.instance),
    "network.port": lambda seen: seen.instance.port,
    "network.vswitch_ids": lambda seen: list(seen.instance.vswitch_ids) or None,
    "payment.type": lambda seen: seen.instance.payment,
    "maintenance_window": lambda seen: seen.instance.maintenance_window,
    "minor_version_upgrade": lambda seen: seen.instance.minor_version_upgrade,
    "resource_group_id": lambda seen: seen.instance.resource_group_id,
    "description": lambda seen: seen.instance.description,
    "tags": lambda seen: own_tags(seen.tags),
    "expires_at": lambda seen: seen.tags.get(EXPIRES_TAG),
    "deletion_protection": lambda seen: seen.instance.deletion_protection,
}
"""How each input is read from the attributes and tags of every instance."""
