"""
From a seed's short entries to full instances with their backup sets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from rds_emulator.market import catalogue
from rds_emulator.rules import addresses, whitelists
from rds_emulator.seeds.seed import BackupSeed, InstanceSeed
from rds_emulator.state import ids
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import (
    Account,
    Backup,
    BackupProperties,
    Instance,
    InstanceProperties,
    Region,
    Vpc,
)

_VERSIONS: Final[Mapping[str, str]] = {
    "MySQL": "8.0",
    "PostgreSQL": "16.0",
    "SQLServer": "2022_std_ha",
    "MariaDB": "10.6",
    "PPAS": "10.0",
}
_VERSIONS_OF_EDITION: Final[Mapping[tuple[str, str], str]] = {
    ("SQLServer", "AlwaysOn"): "2022_ent",
    ("SQLServer", "serverless_ha"): "2019_std_sl",
}
_CLASSES: Final[Mapping[str, str]] = {
    "MySQL": "mysql.n2.medium.2c",
    "PostgreSQL": "pg.n2.medium.2c",
    "SQLServer": "mssql.x4.medium.s2",
    "MariaDB": "mariadb.n2.medium.2c",
    "PPAS": "ppas.n2.medium.2c",
}
_SUFFIXES: Final[Mapping[str, Mapping[str, str]]] = {
    "Basic": {".2c": ".1", ".s2": ".s1"},
    "cluster": {".2c": ".xc"},
    "AlwaysOn": {".s2": ".e2"},
}
_DAYS: Final = 7
_AGE: Final = timedelta(days=30)
_FIRST_BACKUP_ID: Final = 1_000_000_001


def create(cloud: Cloud, seed: InstanceSeed, *, at: str = "") -> Instance:
    """
    Add an instance and its backup sets to *cloud*, and return it.

    Args:
        cloud: Where to.
        seed: What to add.
        at: Where the entry stands, for messages.

    Raises:
        DocumentError: There is no such region or engine.
    """
    region = _region(cloud.account, seed, at=at)
    _check_engine(seed, at)
    now = cloud.clock.now()
    instance = _instance(seed, region, neighbours=cloud.instances(region), now=now)
    cloud.add(instance)
    for backup in _backups(seed, _next_backup_id(cloud), now=now):
        cloud.store.save_backup(backup)
    return instance


def _instance(
    seed: InstanceSeed, region: Region, *, neighbours: list[Instance], now: datetime
) -> Instance:
    zones = seed.zones if seed.zones is not None else _zones(seed, region)
    vpc_id, vswitch_ids = _network(seed, region, zones=zones)
    return Instance(
        **_shared(seed, InstanceProperties),
        region=region.id,
        engine_version=seed.engine_version or _version(seed),
        instance_class=seed.instance_class or _class(seed),
        zones=zones,
        connection_string=ids.connection_string(seed.id, seed.engine),
        port=ids.port(seed.engine),
        created=seed.created or now - _AGE,
        description=seed.id if seed.description is None else seed.description,
        vpc_id=vpc_id,
        vswitch_ids=vswitch_ids,
        private_ip=seed.private_ip
        or _address(region, vswitch_ids, neighbours=neighbours),
        ip_groups=whitelists.seeded(seed.security_ips, seed.ip_groups),
    )


def _shared(entry: object, properties: type) -> dict[str, Any]:
    """
    Return the values of those fields of *entry* that *properties* has.
    """
    return {item.name: getattr(entry, item.name) for item in fields(properties)}


def _region(account: Account, seed: InstanceSeed, *, at: str) -> Region:
    region_id = seed.region or account.regions[0].id
    region = account.region(region_id)
    if region is None:
        known = ", ".join(region.id for region in account.regions)
        message = f"{at}region: {region_id!r} is not among the regions {known}"
        raise DocumentError(message)
    return region


def _check_engine(seed: InstanceSeed, at: str) -> None:
    if seed.engine not in ids.ENGINES:
        known = ", ".join(ids.ENGINES)
        message = f"{at}engine: {seed.engine!r} is none of {known}"
        raise DocumentError(message)


def _zones(seed: InstanceSeed, region: Region) -> tuple[str, ...]:
    return region.zones[: 1 if seed.category.endswith(("Basic", "_basic")) else 2]


def _class(seed: InstanceSeed) -> str:
    serverless = catalogue.SERVERLESS_CLASSES.get((seed.engine, seed.category))
    name = serverless or _CLASSES[seed.engine]
    for suffix, other in _SUFFIXES.get(seed.category, {}).items():
        name = name.replace(suffix, other)
    return name


def _version(seed: InstanceSeed) -> str:
    edition = (seed.engine, seed.category)
    return _VERSIONS_OF_EDITION.get(edition, _VERSIONS[seed.engine])


def _network(
    seed: InstanceSeed, region: Region, *, zones: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    if seed.network_type != "VPC" or (seed.vpc_id is None and not region.vpcs):
        return seed.vpc_id or "", seed.vswitch_ids or ()
    vpc_id = seed.vpc_id or region.vpcs[0].id
    if seed.vswitch_ids is not None:
        return vpc_id, seed.vswitch_ids
    return vpc_id, _first_vswitch(region.vpc(vpc_id), zones[:1])


def _first_vswitch(vpc: Vpc | None, zones: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return the first vSwitch of *vpc* in *zones*; empty where there is none.
    """
    vswitches = vpc.vswitches if vpc else ()
    return tuple(vswitch.id for vswitch in vswitches if vswitch.zone in zones)[:1]


def _address(
    region: Region, vswitch_ids: tuple[str, ...], *, neighbours: list[Instance]
) -> str:
    vswitch = region.vswitch(vswitch_ids[0]) if vswitch_ids else None
    return addresses.free(vswitch, neighbours) if vswitch else ""


def _backups(seed: InstanceSeed, first_id: int, *, now: datetime) -> Iterator[Backup]:
    entries = seed.backups
    if entries is None:
        starts = (now - timedelta(days=day) for day in range(_DAYS, 0, -1))
        entries = tuple(BackupSeed(started=start) for start in starts)
    for number, entry in enumerate(entries):
        yield Backup(
            **_shared(entry, BackupProperties),
            id=entry.id or str(first_id + number),
            instance_id=seed.id,
            ended=entry.started + timedelta(minutes=entry.minutes),
        )


def _next_backup_id(cloud: Cloud) -> int:
    return _FIRST_BACKUP_ID + cloud.store.count_backups()
