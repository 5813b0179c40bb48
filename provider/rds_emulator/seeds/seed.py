"""
Seed files: the world an emulator begins with.

A seed is JSON. What it leaves out has a default that makes a healthy, clonable
instance, so an entry says only what is special about it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from rds_emulator.actions import registry
from rds_emulator.faults import Plan, kinds
from rds_emulator.server import permissions
from rds_emulator.state import document, temper
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import (
    SITES,
    AccessKey,
    Account,
    BackupProperties,
    InstanceProperties,
    IpGroup,
)
from rds_emulator.state.temper import Temper

_RELATIVE: Final = re.compile(r"now(?:([+-])(\d+(?:\.\d+)?)([smhd]))?")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SHARED: Final = ("access_keys", "regions", "retired_classes")


def _databases() -> Mapping[str, tuple[str, ...]]:
    return {"app": ("customers", "orders"), "reporting": ("daily",)}


@dataclass(frozen=True, kw_only=True)
class BackupSeed(BackupProperties):
    """
    A backup set that took so many *minutes*; without an id it gets one.
    """

    id: str | None = None
    minutes: float = 25.0


@dataclass(frozen=True, kw_only=True)
class InstanceSeed(InstanceProperties):
    """
    An instance; what is None follows from engine, edition and region.

    Without *backups* it has one successful full set for each of the last seven
    days; an empty list means that there is none.
    """

    engine: str = "MySQL"
    category: str = "HighAvailability"
    storage_gb: int = 100
    storage_type: str = "cloud_essd"
    databases: Mapping[str, tuple[str, ...]] = field(default_factory=_databases)
    region: str | None = None
    engine_version: str | None = None
    instance_class: str | None = None
    zones: tuple[str, ...] | None = None
    created: datetime | None = None
    description: str | None = None
    vpc_id: str | None = None
    vswitch_ids: tuple[str, ...] | None = None
    private_ip: str | None = None
    security_ips: tuple[str, ...] | None = None
    ip_groups: tuple[IpGroup, ...] = ()
    backups: tuple[BackupSeed, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Seed(Account, Plan):
    """
    A whole seed file: an account, its instances, and what is to go wrong.

    Keys, regions and retired classes are the demo's unless given.

    Args:
        now: Where the emulated time begins; the real time when it is None.
        instances: What is there at the beginning.
    """

    now: datetime | None = None
    instances: tuple[InstanceSeed, ...] = ()

    def account(self) -> Account:
        """
        Return the account alone.
        """
        return Account(
            **{item.name: getattr(self, item.name) for item in fields(Account)}
        )


def demo() -> dict[str, object]:
    """
    Return the bundled demo seed.
    """
    text = (
        resources.files("rds_emulator.seeds").joinpath("demo.json").read_text("utf-8")
    )
    seed: dict[str, object] = json.loads(text)
    return seed


def from_file(path: Path) -> dict[str, object]:
    """
    Read a seed file, which is judged later.
    """
    try:
        parsed = json.loads(path.read_text("utf-8"))
    except OSError as error:
        message = f"cannot read the seed file {path}: {error.strerror}"
        raise DocumentError(message) from error
    except RecursionError as error:
        message = f"the seed file {path} is nested too deeply"
        raise DocumentError(message) from error
    except ValueError as error:
        message = f"the seed file {path} is not JSON: {error}"
        raise DocumentError(message) from error
    if not isinstance(parsed, dict):
        message = f"the seed file {path} must hold one JSON object"
        raise DocumentError(message)
    return parsed


def from_mapping(entries: Mapping[str, object], *, wall: datetime) -> Seed:
    """
    Judge a seed and fill in what it shares with the demo.

    Args:
        entries: The parsed JSON.
        wall: The real time; ``now`` means the seed's own now where it has one.
    """
    shared = demo()
    complete = {**{name: shared[name] for name in _SHARED}, **entries}
    begin = entries.get("now")
    now = wall
    if begin is not None:
        now = document.read(datetime, begin, at="now", instants=_absolute)
    complete["access_keys"] = document.read(
        tuple[AccessKey, ...],
        complete["access_keys"],
        at="access_keys",
        # Keys expire on the wall clock: that is what signatures live by.
        instants=instants(wall),
    )
    if "temper" in entries:
        order = entries["temper"]
        complete["temper"] = temper.read(order, before=Temper(), at="temper")
    return _checked(document.read(Seed, complete, instants=instants(now)))


def instants(now: datetime) -> Callable[[str], datetime]:
    """
    Return a reader of times: absolute, or relative to *now* as in "now-36h".
    """

    def read(text: str) -> datetime:
        relative = _RELATIVE.fullmatch(text)
        if relative is None:
            return _absolute(text)
        sign, amount, unit = relative.groups()
        if sign is None:
            return now
        step = timedelta(**{_UNITS[unit]: float(amount)})
        return now + step if sign == "+" else now - step

    return read


def _absolute(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f'write it as 2026-11-01T00:00:00Z or as "now-36h", not {text!r}'
        raise ValueError(message) from None
    return instant.astimezone(UTC) if instant.tzinfo else instant


def _checked(seed: Seed) -> Seed:
    # This only judges: a bad seed is refused before there is a world.
    kinds.completed_plan(seed, registry.names())
    for name in ("access_keys", "regions"):
        if not getattr(seed, name):
            message = f"{name}: at least one is needed"
            raise DocumentError(message)
    if seed.site not in SITES:
        message = f"site: must be one of {', '.join(SITES)}, not {seed.site!r}"
        raise DocumentError(message)
    for position, key in enumerate(seed.access_keys):
        if key.policy is not None:
            permissions.checked(key.policy, at=f"access_keys[{position}].policy")
    ids = [instance.id for instance in seed.instances]
    for position, instance_id in enumerate(ids):
        if instance_id in ids[:position]:
            message = f"instances[{position}].id: {instance_id} is already taken"
            raise DocumentError(message)
    return seed
