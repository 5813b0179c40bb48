"""
Seed files: the world an emulator begins with.

A seed is JSON. What it leaves out has a default that makes a healthy, clonable
instance, so an entry says only what is special about it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from rds_emulator import document, permissions, temper
from rds_emulator.belongings import (
    DEFAULT_RESOURCE_GROUP,
    DatabaseAccount,
    IpGroup,
    PublicEndpoint,
    Ssl,
    Tde,
)
from rds_emulator.document import DocumentError
from rds_emulator.faults import Plan, kinds
from rds_emulator.model import (
    CHINA,
    SITES,
    AccessKey,
    Account,
    BackupPolicy,
    LogGap,
    Migration,
    Region,
    Serverless,
    Task,
)
from rds_emulator.temper import Temper
from rds_emulator.upkeep import AutoRenewal, Hba, HighAvailability

_RELATIVE = re.compile(r"now(?:([+-])(\d+(?:\.\d+)?)([smhd]))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SHARED = ("access_keys", "regions", "retired_classes")


def _databases() -> Mapping[str, tuple[str, ...]]:
    return {"app": ("customers", "orders"), "reporting": ("daily",)}


@dataclass(frozen=True, kw_only=True)
class BackupSeed:
    """
    A backup set; without an id it gets one.
    """

    started: datetime
    id: str | None = None
    minutes: float = 25.0
    status: str = "Success"
    method: str = "Physical"
    mode: str = "Automated"
    type: str = "FullBackup"
    available: bool = True
    meta_status: str = "OK"
    size_bytes: int = 2_147_483_648


@dataclass(frozen=True, kw_only=True)
class InstanceSeed:
    """
    An instance; what is None follows from engine, edition and region.

    Without *backups* it has one successful full set for each of the last seven
    days; an empty list means that there is none.
    """

    id: str
    what: str = ""
    region: str | None = None
    engine: str = "MySQL"
    engine_version: str | None = None
    category: str = "HighAvailability"
    instance_class: str | None = None
    storage_gb: int = 100
    storage_type: str = "cloud_essd"
    instance_type: str = "Primary"
    status: str = "Running"
    lock_mode: str = "Unlock"
    lock_reason: str = ""
    description: str | None = None
    zones: tuple[str, ...] | None = None
    network_type: str = "VPC"
    vpc_id: str | None = None
    vswitch_ids: tuple[str, ...] | None = None
    private_ip: str | None = None
    public_endpoint: PublicEndpoint | None = None
    pay_type: str = "Postpaid"
    created: datetime | None = None
    expires: datetime | None = None
    deletion_protection: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    auto_renewal: AutoRenewal = field(default_factory=AutoRenewal)
    converted: datetime | None = None
    auto_upgrade_minor_version: str = "Auto"
    high_availability: HighAvailability = field(default_factory=HighAvailability)
    parameters: Mapping[str, str] = field(default_factory=dict)
    pending_parameters: Mapping[str, str] = field(default_factory=dict)
    hba: Hba = field(default_factory=Hba)
    sql_audit: bool = False
    monitor_period: int = 300
    bursting: bool = False
    io_acceleration: bool = False
    serverless: Serverless | None = None
    master_id: str | None = None
    maintain_time: str = "18:00Z-22:00Z"
    security_ips: tuple[str, ...] | None = None
    ip_groups: tuple[IpGroup, ...] = ()
    accounts: tuple[DatabaseAccount, ...] = ()
    resource_group_id: str = DEFAULT_RESOURCE_GROUP
    ssl: Ssl | None = None
    tde: Tde | None = None
    backup_policy: BackupPolicy = field(default_factory=BackupPolicy)
    backups: tuple[BackupSeed, ...] | None = None
    log_gaps: tuple[LogGap, ...] = ()
    migrations: tuple[Migration, ...] = ()
    tasks: tuple[Task, ...] = ()
    databases: Mapping[str, tuple[str, ...]] = field(default_factory=_databases)


@dataclass(frozen=True, kw_only=True)
class Seed(Plan):
    """
    A whole seed file: a world, and what is to go wrong in it.

    Args:
        now: where the emulated time begins; the real time when it is None.
        access_keys: who may call; the demo's key unless given.
        regions: the first one is the default; the demo's unless given.
        retired_classes: classes that are no longer sold; the demo's unless given.
        site: where the account was opened, one of *SITES*.
        clone_seconds: how long a clone is Creating, in emulated seconds.
        delete_seconds: how long an instance is Deleting.
        change_seconds: how long a slow change of an instance takes.
        temper: how kind the cloud is: a name, or an object of traits.
        instances: what is there at the beginning.
    """

    now: datetime | None = None
    access_keys: tuple[AccessKey, ...] = ()
    regions: tuple[Region, ...] = ()
    retired_classes: tuple[str, ...] = ()
    site: str = CHINA
    clone_seconds: float = 120.0
    delete_seconds: float = 5.0
    change_seconds: float = 2.0
    temper: Temper = field(default_factory=Temper)
    instances: tuple[InstanceSeed, ...] = ()

    def account(self) -> Account:
        """
        Take out what is the same for every request.
        """
        return Account(
            access_keys=self.access_keys,
            regions=self.regions,
            retired_classes=self.retired_classes,
            site=self.site,
            clone_seconds=self.clone_seconds,
            delete_seconds=self.delete_seconds,
            change_seconds=self.change_seconds,
            temper=self.temper,
        )


def demo() -> dict[str, object]:
    """
    Read the bundled demo seed.
    """
    text = resources.files("rds_emulator").joinpath("demo.json").read_text("utf-8")
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
        entries: the parsed JSON.
        wall: the real time; ``now`` means the seed's own now where it has one.
    """
    shared = demo()
    complete = {**{name: shared[name] for name in _SHARED}, **entries}
    begin = entries.get("now")
    now = wall
    if begin is not None:
        now = document.read(datetime, begin, at="now", instants=_absolute)
    keys = document.read(
        tuple[AccessKey, ...],
        complete.pop("access_keys"),
        at="access_keys",
        # Keys expire on the wall clock: that is what signatures live by.
        instants=instants(wall),
    )
    if "temper" in entries:
        order = entries["temper"]
        complete["temper"] = temper.read(order, before=Temper(), at="temper")
    seed = document.read(Seed, complete, instants=instants(now))
    return _checked(replace(seed, access_keys=keys))


def instants(now: datetime) -> Callable[[str], datetime]:
    """
    Make a reader for instants: absolute, or relative to *now* as in "now-36h".
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
    kinds.completed_plan(seed)
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
