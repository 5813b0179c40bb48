"""
What a clone's outputs are: what was asked for, completed by what is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pulumi_rdsclone.domain.accounts import ALL_ACCOUNTS, strangers
from pulumi_rdsclone.domain.altering import DEFAULT_PG_HBA, Alteration, fields_in
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.declaring import (
    chosen_zones,
    inherited_by,
    lifetime,
    needed,
)
from pulumi_rdsclone.domain.differences import (
    ENDED_BY_SILENCE,
    before_of,
    compare,
    of_the_program,
    recorded,
    wanted_of,
)
from pulumi_rdsclone.domain.expiry import expires_at, expiry_of
from pulumi_rdsclone.domain.identity import (
    CREATING,
    EXPIRES_TAG,
    OWNED,
    RESTORED_TAG,
    STAGE_TAG,
    own_tags,
)
from pulumi_rdsclone.domain.instances import (
    UNSEEN,
    Instance,
    Verdict,
    judge_status,
)
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.parsing import parse_checked
from pulumi_rdsclone.domain.part import (
    Change,
    Extent,
    Field,
    fields_of,
    leaves_of,
)
from pulumi_rdsclone.domain.restoring import read_origin
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant, parse_instant
from pulumi_rdsclone.domain.tuning import TOLD_OTHERWISE
from pulumi_rdsclone.domain.unknown import UNKNOWN

_OF_THE_ORDER: Final = ("restored_from", "estimated_price")
"""Outputs that are known when the clone is ordered and kept from then on."""

_PUBLIC_HOST: Final = "public_connection_string"
"""An output that a call of its own tells."""

_OF_THE_INSTANCE: Final = ("status", "connection_string", "port")
"""Outputs that may change until the clone is ready."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    A clone as the cloud tells it now.

    Attributes:
        instance: Its description.
        tags: All its tags, birth tags included.
        values: What other calls tell of it, by dotted path.
        unread: What could not be read now, and why.
    """

    instance: Instance
    tags: dict[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    unread: Mapping[Aspect, str] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """
        How far its making went, as its mark tells it; empty where none is seen.
        """
        return self.tags.get(STAGE_TAG, "")

    @property
    def verdict(self) -> Verdict:
        """
        What its status means for somebody who wants to use it.
        """
        return judge_status(self.instance.status)


def is_unfinished(outputs: Mapping[str, Any]) -> bool:
    """
    Tell whether the clone was still being made when *outputs* were recorded.
    """
    return judge_status(outputs.get("status") or "") is not Verdict.READY


def ordered_time(outputs: Mapping[str, Any]) -> datetime | None:
    """
    Return when a clone was ordered that no call had shown when it was recorded.

    None for one that was seen, and where that is not recorded.
    """
    created = outputs.get("created_time")
    is_seen = outputs.get("status") != UNSEEN
    return None if is_seen or not created else parse_instant(created)


def tags_as_recorded(outputs: Mapping[str, Any]) -> dict[str, str]:
    """
    Return the tags that a clone with the recorded *outputs* has, as far as they tell.
    """
    expires = outputs.get("expires")
    return {
        **(outputs.get("tags") or {}),
        **({EXPIRES_TAG: expires} if expires else {}),
        STAGE_TAG: CREATING if is_unfinished(outputs) else OWNED,
    }


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
        **_completed(inputs, {**_live(seen), **_exclusiveness(inputs, seen)}),
        "instance_id": instance.id,
        "status": instance.status,
        "engine": instance.engine,
        "engine_version": instance.engine_version,
        "connection_string": instance.connection_string,
        "port": instance.port,
        _PUBLIC_HOST: _public_host(inputs, seen),
        "created_time": format_instant(instance.created) if instance.created else None,
        "expires": _expiry(seen),
        "restored_from": inputs.get("restored_from") or _restored_from(inputs, seen),
    }


def _exclusiveness(inputs: dict[str, Any], seen: Seen) -> dict[str, bool]:
    """
    Tell whether there are no other accounts than the declared, where that is asked for.
    """
    there = seen.values.get(ALL_ACCOUNTS)
    if there is None or not inputs.get("accounts_exclusive"):
        return {}
    others = strangers(there, inputs.get("accounts") or {})
    return {"accounts_exclusive": not any(others)}


def source_of(seen: Seen) -> str:
    """
    Return the id of the instance that a clone was made of; empty if no tag tells it.
    """
    return _restored_from({}, seen).get("source_instance_id") or ""


def declared_by(
    seen: Seen, source: Seen | None, default_region: str | None
) -> dict[str, Any]:
    """
    Give the inputs, a tree in snake_case, that declare a clone and others like it.

    They hold what another clone needs to be like this one, and nothing that it has
    anyway or that only this one can have. What was restored stands in the clone's
    birth tag; without one the restore point is empty. Nobody tells how long a
    subscription is paid for, so its payment is left out; so is the classic network,
    which no clone may ask for.

    Args:
        seen: The clone as it is now.
        source: What it was made of, as that is now; None where it cannot be seen.
        default_region: The region of clones that name none.
    """
    origin = _restored_from({}, seen)
    points = {name: origin[name] for name in ("backup_id", "time") if name in origin}
    if "backup_id" in points:
        points.pop("time", None)
    told = {
        "restore_point": points,
        **_live(seen),
        "zones": chosen_zones(seen.instance, source.instance if source else None),
        **_end_of(seen),
    }
    if told["payment"]["type"] == "Subscription":
        told.pop("payment")
    if told["network"]["type"] == "Classic":
        told.pop("network")
    inherited = {
        "region": default_region,
        "pg_hba": seen.values.get(DEFAULT_PG_HBA),
        **(inherited_by(told, source.instance, _live(source)) if source else {}),
    }
    inputs: dict[str, Any] = {"restore_point": {}}
    for path in needed(told, seen.instance, inherited):
        inputs = _with(inputs, path, recorded(told, path))
    return inputs


def _end_of(seen: Seen) -> dict[str, str | None]:
    """
    Return when a clone expires, as it was declared: after a while, or at an instant.
    """
    end = expires_at(seen.tags, seen.instance.created)
    ttl = lifetime(end, seen.instance.created) if end else None
    return {"ttl": ttl, "expires_at": None if ttl else _expiry(seen)}


def _expiry(seen: Seen) -> str | None:
    """
    Return when a clone expires, as a text; None for never.
    """
    end = expires_at(seen.tags, seen.instance.created)
    return format_instant(end) if end else None


def is_told_of_all(path: str) -> bool:
    """
    Tell whether the attributes or tags of an instance tell the field at *path*.

    Others are read only where they are declared, and have no value elsewhere.
    """
    return any(known == path or known.startswith(f"{path}.") for known in _LIVE)


def aspects_to_read(spec: CloneSpec) -> set[Aspect]:
    """
    Name the aspects of which *spec* says something that only a call of theirs tells.
    """
    given, wanted = spec.given(), wanted_of(spec)
    return {
        leaf.aspect
        for leaf in leaves_of(CloneSpec)
        if leaf.aspect and leaf.path not in _LIVE
        if wanted[leaf.path] or recorded(given, leaf.path) is not None
    }


def alteration_of(
    aspect: Aspect, olds: dict[str, Any], seen: Seen, spec: CloneSpec
) -> Alteration:
    """
    Say what of one *aspect* is to be changed, from what it is to what *spec* asks for.

    Args:
        aspect: What is changed.
        olds: The outputs, for what the cloud never tells.
        seen: The clone as it is now.
        spec: What is asked for.
    """
    live, wanted = _live(seen), wanted_of(spec)
    old = dict(seen.values)
    for leaf in fields_in({aspect}):
        told, before = recorded(live, leaf.path), recorded(olds, leaf.path)
        old[leaf.path] = _told_for(leaf, wanted[leaf.path], told, before)
    new = {leaf.path: wanted[leaf.path] for leaf in fields_in({aspect})}
    if aspect is Aspect.EXPIRY and seen.instance.created:
        new["expires_at"] = expiry_of(spec, seen.instance.created)
    return Alteration(instance=seen.instance, aspect=aspect, old=old, new=new)


def without_secrets(values: dict[str, Any]) -> dict[str, Any]:
    """
    Give *values* as those of a clone that has none of their secrets yet.
    """
    return _with_secrets_of(values, {})


def _with_secrets_of(values: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """
    Give *values* with the secrets of *others* in place of their own.
    """
    found = values
    for leaf in leaves_of(CloneSpec):
        value, other = recorded(values, leaf.path), recorded(others, leaf.path)
        if value is None:
            continue
        if leaf.path == _PARAMETERS:
            found = _with(found, leaf.path, _with_untold(value, other or {}))
        elif leaf.secret:
            found = _with(found, leaf.path, other)
        elif leaf.item:
            hidden = [f.name for f in fields_of(leaf.item) if f.secret]
            found = _with(found, leaf.path, _exchanged(value, other, hidden))
    return found


def _with_untold(values: Any, others: Mapping[str, Any]) -> Any:
    """
    Return parameters with those of *others* where an answer does not tell what was set.
    """
    if not isinstance(values, dict):
        return values
    told = {name: value for name, value in values.items() if name not in TOLD_OTHERWISE}
    names = TOLD_OTHERWISE & values.keys() & others.keys()
    return {**told, **{name: others[name] for name in names}}


def _exchanged(entries: Any, others: Any, names: list[str]) -> Any:
    """
    Give a list or map of groups with the fields of these *names* as *others* have them.
    """
    if isinstance(entries, list):
        return [_of_group(entry, {}, names) for entry in entries]
    known = others if isinstance(others, dict) else {}
    return {
        key: _of_group(entry, known.get(key) or {}, names)
        for key, entry in entries.items()
    }


def _of_group(group: Any, other: Any, names: list[str]) -> dict[str, Any]:
    own = {name: value for name, value in group.items() if name not in names}
    return {**own, **{name: other[name] for name in names if name in other}}


def as_last_set(inputs: dict[str, Any], olds: dict[str, Any]) -> dict[str, Any]:
    """
    Give *inputs* with what was set last of what only calls of its own tell, or none.

    The outputs *olds* know it: they are newer than the recorded inputs, or older, where
    an update has ended half-way.
    """
    found = inputs
    for leaf in leaves_of(CloneSpec):
        if leaf.aspect and leaf.change is Change.UPDATE and leaf.path not in _LIVE:
            old = recorded(olds, leaf.path)
            if old is not None or recorded(inputs, leaf.path) is not None:
                found = _with(found, leaf.path, old)
    return found


def unless_told(values: dict[str, Any]) -> dict[str, Any]:
    """
    Give *values* without those that an answer would tell if they were so.

    Of encrypted connections it leaves out what is not set.
    """
    found = values
    if recorded(values, "ssl.enabled") is False:
        return found
    for path in _LEFT_OUT:
        if recorded(values, path):
            found = _with(found, path, None)
    return found


def undone(
    outputs: dict[str, Any],
    olds: dict[str, Any],
    spec: CloneSpec,
    done: Collection[Aspect],
) -> dict[str, Any]:
    """
    Give *outputs* with the recorded values of what was to be changed and was not.

    Args:
        outputs: All outputs, as if everything had been done.
        olds: The outputs as they were before.
        spec: What is asked for.
        done: What was done.
    """
    wanted = wanted_of(spec)
    changed = set(compare(olds, spec).updates)
    for leaf in leaves_of(CloneSpec):
        if leaf.path in changed and leaf.aspect and leaf.aspect not in done:
            old = before_of(leaf, recorded(olds, leaf.path), wanted[leaf.path], spec)
            outputs = _with(outputs, leaf.path, old)
    return outputs


def _told_for(leaf: Field, declared: Any, live: Any, before: Any) -> Any:
    """
    Give what is told of a field where *declared* is declared for it.

    Of a map that the program does not own, its keys count; of a group in it, the
    fields. What the cloud never tells is taken from *before*.
    """
    if live is None:
        return before
    if leaf.extent is not Extent.DECLARED:
        return live
    if not isinstance(declared, dict):
        return None
    known = before if isinstance(before, dict) else {}
    untold = TOLD_OTHERWISE if leaf.path == _PARAMETERS else frozenset()
    return {
        key: known[key]
        if key in untold
        else _of_entry(declared[key], live[key], known.get(key))
        for key in declared
        if key in (known if key in untold else live)
    }


def _of_entry(declared: Any, live: Any, before: Any) -> Any:
    if not isinstance(declared, dict):
        return live
    told = {name: live[name] for name in declared if name in live}
    return {**(before or {}), **told}


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
    outputs = {**olds, "clone_key": inputs["clone_key"]}
    given, wanted = spec.given(), wanted_of(spec)
    differences = compare(olds, spec)
    for leaf in leaves_of(CloneSpec):
        path, value = leaf.path, wanted[leaf.path]
        if path in differences.kept:
            continue
        is_told = None not in (value, recorded(olds, path))
        if is_told or (value and leaf.aspect) or recorded(given, path) is not None:
            outputs = _with(outputs, path, value)
        elif path in ENDED_BY_SILENCE and path in outputs:
            outputs = _with(outputs, path, None)
    for path in _settings_of_ssl(olds, given, wanted):
        outputs = _with(outputs, path, UNKNOWN)
    if is_unfinished(olds):
        outputs |= dict.fromkeys(_OF_THE_INSTANCE, UNKNOWN)
    return {**outputs, **_addresses_after(differences.updates, wanted)}


def _settings_of_ssl(
    olds: Mapping[str, Any], given: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Iterator[str]:
    """
    Yield the settings that may be lost where an update turns SSL off.

    No document says what becomes of them.
    """
    switch = "ssl.enabled"
    is_turned_off = recorded(olds, switch) and wanted[switch] is False
    if not is_turned_off:
        return
    for leaf in fields_in({Aspect.SSL}):
        is_told = recorded(olds, leaf.path) is not None
        if leaf.path != switch and is_told and recorded(given, leaf.path) is None:
            yield leaf.path


def _addresses_after(
    updates: Collection[str], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """
    Return the addresses that an update changes, as far as they are known before it.
    """
    changed = set(updates)
    after: dict[str, Any] = {}
    if "network.connection_prefix" in changed:
        after["connection_string"] = UNKNOWN
    if "network.port" in changed:
        after["port"] = wanted["network.port"]
    if not changed.isdisjoint(f.path for f in fields_in({Aspect.PUBLIC_ENDPOINT})):
        after[_PUBLIC_HOST] = UNKNOWN
    return after


def kept_of(outputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give what only the recorded *outputs* still know, or may have to tell once more.
    """
    kept = (*_OF_THE_ORDER, _PUBLIC_HOST)
    return {name: outputs[name] for name in kept if name in outputs}


def drifted_inputs(inputs: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give *inputs* with the live values of what was declared and changes in place.
    """
    spec = parse_checked(inputs).spec
    drifted = inputs
    # Nobody tells secrets, so they do not drift.
    told = _with_secrets_of(outputs, inputs)
    for path in compare(told, spec).updates:
        live, declared = recorded(told, path), recorded(inputs, path)
        if None not in (live, declared):
            drifted = _with(
                drifted, path, of_the_program(_LEAVES[path], live, declared)
            )
    return drifted


def _public_host(outputs: dict[str, Any], seen: Seen) -> Any:
    is_unread = Aspect.PUBLIC_ENDPOINT in seen.unread
    return outputs.get(_PUBLIC_HOST) if is_unread else seen.values.get(_PUBLIC_HOST)


def _restored_from(inputs: dict[str, Any], seen: Seen) -> dict[str, str]:
    """
    Give what was restored, as the clone's birth tag tells it.
    """
    source, restore = read_origin(seen.tags.get(RESTORED_TAG, ""))
    return restore.restored_from(inputs.get("source_instance_id", source))


def _completed(inputs: dict[str, Any], live: dict[str, Any]) -> dict[str, Any]:
    outputs = inputs
    for leaf in leaves_of(CloneSpec):
        declared = recorded(inputs, leaf.path)
        told = recorded(live, leaf.path)
        value = None if told is None else _told_for(leaf, declared, told, declared)
        if value is not None and _is_shown(leaf, declared, value):
            outputs = _with(outputs, leaf.path, value)
    return outputs


def _is_shown(leaf: Field, declared: Any, live: Any) -> bool:
    """
    Tell whether the live value takes the place of the declared one.

    Not where the way back would be a new clone.
    """
    if declared is None:
        return leaf.path not in ENDED_BY_SILENCE
    unless = leaf.unless
    if unless and unless.change is Change.REPLACE and unless.holds(live, declared):
        return False
    return leaf.change is Change.UPDATE


def _with(tree: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    step, _, rest = path.partition(".")
    return {**tree, step: _with(tree.get(step) or {}, rest, value) if rest else value}


def _live(seen: Seen) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, tell in _LIVE.items():
        tree = _with(tree, path, tell(seen))
    for path in seen.values.keys() & _LEAVES.keys():
        tree = _with(tree, path, seen.values[path])
    return tree


def _prefix(instance: Instance) -> str | None:
    return instance.connection_string and instance.connection_string.partition(".")[0]


_PARAMETERS: Final = "parameters"

_LEAVES: Final = {leaf.path: leaf for leaf in leaves_of(CloneSpec)}

_LEFT_OUT: Final = [
    leaf.path
    for leaf in fields_in({Aspect.SSL})
    if leaf.kind is str and not leaf.secret
]
"""What is told only where it is not empty."""


_SERVERLESS: Final = "capacity.serverless"
"""A group that most clones do not have, so an undeclared one is not foretold."""

_LIVE: Final[dict[str, Callable[[Seen], Any]]] = {
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
"""What the cloud tells of each input."""
