"""
From a seed's short entries to full instances with their backup sets.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from rds_emulator import addresses, catalogue, identity, whitelists
from rds_emulator.document import DocumentError
from rds_emulator.model import Account, Backup, Instance, Region
from rds_emulator.seed import BackupSeed, InstanceSeed
from rds_emulator.world import World

_VERSIONS: Mapping[str, str] = {
    "MySQL": "8.0",
    "PostgreSQL": "16.0",
    "SQLServer": "2022_std_ha",
    "MariaDB": "10.6",
    "PPAS": "10.0",
}
_VERSIONS_OF_EDITION: Mapping[tuple[str, str], str] = {
    ("SQLServer", "AlwaysOn"): "2022_ent",
    ("SQLServer", "serverless_ha"): "2019_std_sl",
}
_CLASSES: Mapping[str, str] = {
    "MySQL": "mysql.n2.medium.2c",
    "PostgreSQL": "pg.n2.medium.2c",
    "SQLServer": "mssql.x4.medium.s2",
    "MariaDB": "mariadb.n2.medium.2c",
    "PPAS": "ppas.n2.medium.2c",
}
_SUFFIXES: Mapping[str, Mapping[str, str]] = {
    "Basic": {".2c": ".1", ".s2": ".s1"},
    "cluster": {".2c": ".xc"},
    "AlwaysOn": {".s2": ".e2"},
}
_DAYS = 7
_AGE = timedelta(days=30)
_FIRST_BACKUP_ID = 1_000_000_001


def plant(world: World, seed: InstanceSeed, *, at: str = "") -> Instance:
    """
    Add an instance and its backup sets to *world*.

    Args:
        world: where to.
        seed: what to add.
        at: where the entry stands, for messages.
    """
    region = _region(world.account, seed, at)
    _check_engine(seed, at)
    now = world.clock.now()
    instance = _instance(seed, region, world.instances(region), now)
    world.put(instance)
    for backup in _backups(seed, _next_backup_id(world), now):
        world.store.save_backup(backup)
    return instance


def _instance(
    seed: InstanceSeed, region: Region, neighbours: list[Instance], now: datetime
) -> Instance:
    zones = seed.zones if seed.zones is not None else _zones(seed, region)
    vpc_id, vswitch_ids = _network(seed, region, zones)
    return Instance(
        id=seed.id,
        what=seed.what,
        region=region.id,
        engine=seed.engine,
        engine_version=seed.engine_version or _version(seed),
        category=seed.category,
        instance_class=seed.instance_class or _class(seed),
        storage_gb=seed.storage_gb,
        storage_type=seed.storage_type,
        instance_type=seed.instance_type,
        status=seed.status,
        lock_mode=seed.lock_mode,
        lock_reason=seed.lock_reason,
        description=seed.id if seed.description is None else seed.description,
        zones=zones,
        network_type=seed.network_type,
        vpc_id=vpc_id,
        vswitch_ids=vswitch_ids,
        private_ip=seed.private_ip or _address(region, vswitch_ids, neighbours),
        public_endpoint=seed.public_endpoint,
        connection_string=identity.connection_string(seed.id, seed.engine),
        port=identity.port(seed.engine),
        pay_type=seed.pay_type,
        created=seed.created or now - _AGE,
        expires=seed.expires,
        deletion_protection=seed.deletion_protection,
        tags=seed.tags,
        auto_renewal=seed.auto_renewal,
        converted=seed.converted,
        auto_upgrade_minor_version=seed.auto_upgrade_minor_version,
        high_availability=seed.high_availability,
        parameters=seed.parameters,
        pending_parameters=seed.pending_parameters,
        hba=seed.hba,
        sql_audit=seed.sql_audit,
        monitor_period=seed.monitor_period,
        bursting=seed.bursting,
        io_acceleration=seed.io_acceleration,
        serverless=seed.serverless,
        master_id=seed.master_id,
        maintain_time=seed.maintain_time,
        accounts=seed.accounts,
        resource_group_id=seed.resource_group_id,
        ssl=seed.ssl,
        tde=seed.tde,
        ip_groups=whitelists.seeded(seed.security_ips, seed.ip_groups),
        backup_policy=seed.backup_policy,
        log_gaps=seed.log_gaps,
        migrations=seed.migrations,
        tasks=seed.tasks,
        databases=seed.databases,
    )


def _region(account: Account, seed: InstanceSeed, at: str) -> Region:
    region_id = seed.region or account.regions[0].id
    region = account.region(region_id)
    if region is None:
        known = ", ".join(one.id for one in account.regions)
        message = f"{at}region: {region_id!r} is not among the regions {known}"
        raise DocumentError(message)
    return region


def _check_engine(seed: InstanceSeed, at: str) -> None:
    if seed.engine not in identity.ENGINES:
        known = ", ".join(identity.ENGINES)
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
    seed: InstanceSeed, region: Region, zones: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    if seed.network_type != "VPC" or (seed.vpc_id is None and not region.vpcs):
        return seed.vpc_id or "", seed.vswitch_ids or ()
    vpc_id = seed.vpc_id or region.vpcs[0].id
    if seed.vswitch_ids is not None:
        return vpc_id, seed.vswitch_ids
    vpc = region.vpc(vpc_id)
    by_zone = {one.zone: one.id for one in reversed(vpc.vswitches)} if vpc else {}
    return vpc_id, tuple(by_zone[zone] for zone in zones[:1] if zone in by_zone)


def _address(
    region: Region, vswitch_ids: tuple[str, ...], neighbours: list[Instance]
) -> str:
    vswitch = region.vswitch(vswitch_ids[0]) if vswitch_ids else None
    return addresses.free(vswitch, neighbours) if vswitch else ""


def _backups(seed: InstanceSeed, first_id: int, now: datetime) -> Iterator[Backup]:
    entries = seed.backups
    if entries is None:
        starts = (now - timedelta(days=day) for day in range(_DAYS, 0, -1))
        entries = tuple(BackupSeed(started=start) for start in starts)
    for number, entry in enumerate(entries):
        yield Backup(
            id=entry.id or str(first_id + number),
            instance_id=seed.id,
            started=entry.started,
            ended=entry.started + timedelta(minutes=entry.minutes),
            status=entry.status,
            method=entry.method,
            mode=entry.mode,
            type=entry.type,
            available=entry.available,
            meta_status=entry.meta_status,
            size_bytes=entry.size_bytes,
        )


def _next_backup_id(world: World) -> int:
    return _FIRST_BACKUP_ID + world.store.count_backups()
