"""
What the emulated cloud sells: versions, editions, disks, classes, sizes.

Made up after the naming of the real one. A region sells all of it, but for its
sold-out zones, for what its seed calls unsold, and for the retired classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rds_emulator.state.model import Region, Unsold

STEP_GB: Final = 5
"""Storage comes in steps of so many GB."""

_MYSQL: Final = ("5.5", "5.6", "5.7", "8.0")
_MYSQL_NEW: Final = _MYSQL[2:]
_MARIADB: Final = ("10.3", "10.6")
_POSTGRESQL: Final = tuple(f"{number}.0" for number in range(10, 19))
_SQL_SERVER_ENTERPRISE: Final = ("2017_ent", "2019_ent", "2022_ent", "2025_ent")
_SQL_SERVER_STANDARD: Final = (
    "2012_std_ha",
    "2014_std_ha",
    "2016_std_ha",
    "2017_std_ha",
    "2019_std_ha",
    "2022_std_ha",
    "2025_std",
)
_SQL_SERVER_HA: Final = (
    *_SQL_SERVER_STANDARD,
    "2012_ent_ha",
    "2014_ent_ha",
    "2016_ent_ha",
)
_SQL_SERVER_WEB: Final = tuple(f"{year}_web" for year in (2012, 2016, 2017, 2019, 2022))
_SQL_SERVER_SERVERLESS: Final = ("2016_std_sl", "2017_std_sl", "2019_std_sl")
_DISCONTINUED: Final = ("08r2_ent_ha", "2008r2")

VERSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "MySQL": _MYSQL,
    "PostgreSQL": _POSTGRESQL,
    "SQLServer": (
        *_DISCONTINUED,
        "2012",
        *_SQL_SERVER_HA,
        *_SQL_SERVER_ENTERPRISE,
        *_SQL_SERVER_WEB,
        *_SQL_SERVER_SERVERLESS,
    ),
    "MariaDB": _MARIADB,
}
"""The versions that exist, by engine; the discontinued ones are not sold."""

SERVERLESS_CLASSES: Final[Mapping[tuple[str, str], str]] = {
    ("MySQL", "serverless_basic"): "mysql.n2.serverless.1c",
    ("MySQL", "serverless_standard"): "mysql.n2.serverless.2c",
    ("PostgreSQL", "serverless_basic"): "pg.n2.serverless.1c",
    ("PostgreSQL", "serverless_standard"): "pg.n2.serverless.2c",
    ("SQLServer", "serverless_ha"): "mssql.mem2.serverless.s2",
}
"""The one class of each serverless edition."""

PERFORMANCE_LEVELS: Final[Mapping[str, int]] = {
    "cloud_essd0": 0,
    "cloud_essd": 1,
    "cloud_essd2": 2,
    "cloud_essd3": 3,
}
"""The ESSDs, and how fast each is."""

_ESSD: Final = ("cloud_essd", "cloud_essd2", "cloud_essd3")
_CLOUD: Final = ("cloud_ssd", *_ESSD)
_GENERAL: Final = (*_CLOUD, "general_essd")
_OPEN_SOURCE: Final = (*_GENERAL, "cloud_essd0")

_LEAST_GB: Final[Mapping[str, int]] = {
    "local_ssd": 5,
    "general_essd": 10,
    "cloud_essd2": 500,
    "cloud_essd3": 1500,
}
_LEAST_CLOUD_GB: Final = 20
_MOST_CLOUD_GB: Final = 64000
_MOST_LOCAL_GB: Final[Mapping[str, int]] = {
    "small": 1000,
    "medium": 2000,
    "large": 3000,
    "xlarge": 4000,
}
_MOST_OF_LARGE_LOCAL_GB: Final = 6000

_SIZES: Final = ("small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge")
_FAMILIES: Final = ("n2", "n4", "x2", "x4", "x8")
_OLD_LOCAL: Final = (
    "t1.small",
    "s1.small",
    "s2.large",
    "s2.xlarge",
    "s3.large",
    "m1.medium",
    "c1.large",
    "c1.xlarge",
    "c2.xlarge",
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """
    What classes are listed for.
    """

    engine: str
    engine_version: str
    category: str
    storage_type: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """
    A class on sale, and the storage it may have in GB.
    """

    instance_class: str
    least_gb: int
    most_gb: int


@dataclass(frozen=True)
class _Edition:
    """
    Versions that share an edition: its disks and its classes.
    """

    versions: tuple[str, ...]
    category: str
    disks: tuple[str, ...]
    classes: tuple[str, ...]


def _grid(prefix: str, *suffixes: str) -> tuple[str, ...]:
    return tuple(
        f"{prefix}.{family}.{size}.{suffix}"
        for suffix in suffixes
        for family in _FAMILIES
        for size in _SIZES
    )


def _local(prefix: str) -> tuple[str, ...]:
    old = (f"rds.{prefix}.{name}" for name in _OLD_LOCAL)
    new = (name for name in _grid(prefix, "2") if ".x" in name)
    return (*old, *new)


def _serverless(versions: tuple[str, ...], engine: str, *, category: str) -> _Edition:
    classes = (SERVERLESS_CLASSES[engine, category],)
    return _Edition(versions, category, ("cloud_essd", "general_essd"), classes)


_EDITIONS: Final[Mapping[str, tuple[_Edition, ...]]] = {
    "MySQL": (
        _Edition(
            _MYSQL_NEW,
            "Basic",
            _OPEN_SOURCE,
            ("mysql.n1.micro.1", *_grid("mysql", "1", "1c")),
        ),
        _Edition(_MYSQL, "HighAvailability", _OPEN_SOURCE, _grid("mysql", "2c")),
        _Edition(_MYSQL, "HighAvailability", ("local_ssd",), _local("mysql")),
        _Edition(
            _MYSQL_NEW,
            "cluster",
            (*_ESSD, "general_essd"),
            _grid("mysql", "xc", "2c"),
        ),
        _Edition(_MYSQL_NEW, "Finance", _ESSD, _grid("mysql", "25", "2c")),
        _Edition(_MYSQL_NEW, "Finance", ("local_ssd",), _local("mysql")),
        _serverless(_MYSQL_NEW, "MySQL", category="serverless_basic"),
        _serverless(_MYSQL_NEW, "MySQL", category="serverless_standard"),
    ),
    "PostgreSQL": (
        _Edition(_POSTGRESQL, "Basic", _OPEN_SOURCE, _grid("pg", "1", "1c")),
        _Edition(_POSTGRESQL, "HighAvailability", _OPEN_SOURCE, _grid("pg", "2c")),
        _Edition(_POSTGRESQL, "HighAvailability", ("local_ssd",), _local("pg")),
        _Edition(
            _POSTGRESQL,
            "cluster",
            (*_ESSD, "general_essd"),
            _grid("pg", "xc", "2c"),
        ),
        _serverless(_POSTGRESQL[4:], "PostgreSQL", category="serverless_basic"),
        _serverless(_POSTGRESQL[4:], "PostgreSQL", category="serverless_standard"),
    ),
    "SQLServer": (
        _Edition(
            ("2012", *_SQL_SERVER_WEB, *_SQL_SERVER_STANDARD),
            "Basic",
            _GENERAL,
            _grid("mssql", "s1", "w1"),
        ),
        _Edition(
            (*_SQL_SERVER_HA, *_SQL_SERVER_ENTERPRISE),
            "HighAvailability",
            _GENERAL,
            _grid("mssql", "s2", "e2"),
        ),
        _Edition(_SQL_SERVER_HA, "HighAvailability", ("local_ssd",), _local("mssql")),
        _Edition(
            _SQL_SERVER_ENTERPRISE, "AlwaysOn", _GENERAL, _grid("mssql", "e2", "s2")
        ),
        # Only the _sl versions are documented; a clone keeps its source's version,
        # so an ordinary source could never become serverless.
        _serverless(
            (*_SQL_SERVER_SERVERLESS, *_SQL_SERVER_STANDARD[2:]),
            "SQLServer",
            category="serverless_ha",
        ),
    ),
    "MariaDB": (
        _Edition(_MARIADB, "Basic", _CLOUD, _grid("mariadb", "1", "1c")),
        _Edition(_MARIADB, "HighAvailability", _CLOUD, _grid("mariadb", "2c")),
    ),
}


def storage_type(name: str) -> str:
    """
    Return the one name of a disk that has two.
    """
    return "local_ssd" if name == "ephemeral_ssd" else name


@cache
def classes(shape: Shape) -> frozenset[str]:
    """
    Return the classes that exist for *shape*, whether or not a zone sells them.
    """
    return frozenset(offer.instance_class for offer in _catalogue(shape))


@cache
def shapes(engine: str) -> tuple[Shape, ...]:
    """
    Return the combinations of version, edition and disk that exist of an engine.
    """
    every = (
        Shape(
            engine=engine,
            engine_version=version,
            category=edition.category,
            storage_type=disk,
        )
        for version in VERSIONS.get(engine, ())
        for edition in _EDITIONS.get(engine, ())
        if version in edition.versions
        for disk in edition.disks
    )
    return tuple(dict.fromkeys(every))


@cache
def priced_classes(engine: str, engine_version: str) -> frozenset[str]:
    """
    Return the classes of an engine's version, whatever edition they belong to.
    """
    return frozenset(
        name
        for edition in _EDITIONS.get(engine, ())
        if engine_version in edition.versions
        for name in edition.classes
    )


@lru_cache(maxsize=4096)
def offers(
    region: Region, retired: tuple[str, ...], *, zone: str, shape: Shape
) -> tuple[Offer, ...]:
    """
    Return the classes that *zone* sells for *shape*; none where it sells nothing.

    Args:
        region: The zone's region.
        retired: Classes that are no longer sold anywhere.
        zone: Where to buy.
        shape: What to buy.
    """
    if zone not in region.zones or zone in region.sold_out_zones:
        return ()
    unsold = [item for item in region.unsold if _concerns(item, zone, shape=shape)]
    missing = {*retired, *(item.instance_class for item in unsold)}
    if None in missing:
        return ()
    return tuple(
        offer for offer in _catalogue(shape) if offer.instance_class not in missing
    )


@lru_cache(maxsize=1024)
def shapes_of_zone(
    region: Region, retired: tuple[str, ...], *, zone: str, engine: str
) -> tuple[Shape, ...]:
    """
    Return the combinations for which *zone* sells at least one class.
    """
    return tuple(
        shape
        for shape in shapes(engine)
        if offers(region, retired, zone=zone, shape=shape)
    )


@lru_cache(maxsize=256)
def shapes_of_region(
    region: Region, retired: tuple[str, ...], *, engine: str
) -> frozenset[Shape]:
    """
    Return the combinations for which any zone sells a class.
    """
    return frozenset(
        shape
        for zone in region.zones
        for shape in shapes_of_zone(region, retired, zone=zone, engine=engine)
    )


@cache
def _catalogue(shape: Shape) -> tuple[Offer, ...]:
    return tuple(
        _offer(name, shape.storage_type)
        for edition in _EDITIONS.get(shape.engine, ())
        if shape.engine_version in edition.versions
        and shape.category == edition.category
        and shape.storage_type in edition.disks
        for name in edition.classes
    )


def _offer(name: str, disk: str) -> Offer:
    most = _MOST_CLOUD_GB
    if disk == "local_ssd":
        sizes = [
            most for size, most in _MOST_LOCAL_GB.items() if size in name.split(".")
        ]
        most = sizes[0] if sizes else _MOST_OF_LARGE_LOCAL_GB
    least = _LEAST_GB.get(disk, _LEAST_CLOUD_GB)
    return Offer(instance_class=name, least_gb=least, most_gb=most)


def _concerns(pattern: Unsold, zone: str, *, shape: Shape) -> bool:
    asked = {**vars(shape), "zone": zone}
    return all(getattr(pattern, name) in (None, asked[name]) for name in asked)
