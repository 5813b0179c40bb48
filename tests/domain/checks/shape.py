from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.market import ClassOffer, ZoneOffer
from tests.domain.checks.rows import (
    SERVERLESS,
    Row,
    clone,
    fails,
    knowing,
    passes,
    paying,
    rule,
    scaling,
    sized,
    source,
)
from tests.domain.samples import CLASS_OFFERS

ALL_EDITIONS: Final = (
    "choose one of Basic, HighAvailability, cluster, serverless_basic, serverless_standard"
)
FEWER: Final = "remove zones, or choose another edition"
ANYTHING_ELSE: Final = "choose another zone, edition or storage type"
TO_LOCAL: Final = "set capacity.storage_type to local_ssd, or remove capacity.storage_type"
NODES: Final = (
    *(("Basic", 1), ("serverless_basic", 1), ("HighAvailability", 2)),
    *(("AlwaysOn", 2), ("serverless_standard", 2), ("serverless_ha", 2)),
)
LARGER: Final = "increase create_timeout, or choose a larger class"


def offering(*offers: tuple[str, str, str]) -> Facts:
    """
    Return the facts where the zones sell *offers*: zone, edition and storage type.
    """
    return knowing(
        zone_offers=tuple(
            ZoneOffer(zone=zone, edition=edition, storage_type=storage_type)
            for zone, edition, storage_type in offers
        )
    )


def selling(*names: str) -> Facts:
    """
    Return the facts where these classes are sold.
    """
    return knowing(class_offers=tuple(map(sold, names)))


def sold(
    name: str = "mysql.n2.medium.2c", least: int = 20, most: int = 2000, step: int = 5
) -> ClassOffer:
    return ClassOffer(name=name, least_gb=least, most_gb=most, step_gb=step)


def unsold(name: str, zone: str = "h") -> str:
    sale = "MySQL 8.0 HighAvailability on cloud_essd"
    return f"{name} is not available for {sale} in cn-hangzhou-{zone}"


def switching(**switches: bool) -> dict[str, Any]:
    return sized(serverless={"min_rcu": 2, "max_rcu": 8, **switches})


def serverless_source(**changes: Any) -> Facts:
    """
    Return the facts of a serverless source.
    """
    return source(
        **{
            "edition": "serverless_standard",
            "instance_class": "mysql.n2.serverless.2c",
            "payment": "Serverless",
            **changes,
        }
    )


def zoned(count: int, **more: object) -> dict[str, Any]:
    """
    Return inputs with so many zones.
    """
    zones = ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"]
    return clone(zones=zones[:count], **more)


LOCAL_X: Final = sized(storage_type="local_ssd", instance_class="x")
SERVERLESS_BASIC: Final = clone(edition="serverless_basic")
SERVERLESS_1C: Final = sized(instance_class="mysql.n2.serverless.1c")
ROWS: list[Row] = []

ROWS += rule(
    "edition-sold",
    passes("the source's"),
    passes("another one", clone(edition="cluster")),
    passes("another case", facts=source(edition="highavailability")),
    passes("the serverless form", clone(payment=SERVERLESS)),
    passes(
        "in one zone only", facts=offering(("cn-hangzhou-x", "HighAvailability", "cloud_essd3"))
    ),
    fails("one that is not", clone(edition="Finance")).says(
        "Finance is not available for MySQL 8.0 in cn-hangzhou", ALL_EDITIONS
    ),
    fails(
        "the serverless form of an engine that has none on sale",
        clone(payment=SERVERLESS),
        source(engine="SQLServer", engine_version="2019_std_sl"),
    ).says("serverless_ha is not available for SQLServer 2019_std_sl in cn-hangzhou", ALL_EDITIONS),
    fails("nothing is sold", facts=offering()).says(
        "HighAvailability is not available for MySQL 8.0 in cn-hangzhou",
        "choose another source or region",
    ),
)
ROWS += rule(
    "storage-type-sold",
    passes("the source's"),
    passes("another one", sized(storage_type="cloud_essd2")),
    passes("an edition that is not sold", clone(edition="Finance")),
    passes("a local disk by its other name", facts=source(storage_type="ephemeral_ssd")),
    passes(
        "a local disk that is sold by its other name",
        sized(storage_type="local_ssd"),
        offering(("cn-hangzhou-h", "HighAvailability", "ephemeral_ssd")),
    ),
    passes(
        "an edition in another case",
        facts=offering(("cn-hangzhou-h", "HIGHAVAILABILITY", "cloud_essd")),
    ),
    fails("one that is not", sized(storage_type="cloud_essd3")).says(
        "cloud_essd3 is not available for MySQL 8.0 HighAvailability in cn-hangzhou",
        "choose one of cloud_essd, cloud_essd2, local_ssd",
    ),
    fails(
        "one that is sold for another edition",
        clone(edition="cluster", capacity={"storage_type": "cloud_essd2"}),
    ).says(
        "cloud_essd2 is not available for MySQL 8.0 cluster in cn-hangzhou",
        "choose one of cloud_essd",
    ),
    passes(
        "a disk for no serverless clone, which another rule tells",
        clone(payment=SERVERLESS, capacity={"storage_type": "cloud_essd3"}),
    ),
    fails(
        "the serverless form", clone(payment=SERVERLESS, capacity={"storage_type": "general_essd"})
    ).says(
        "general_essd is not available for MySQL 8.0 serverless_standard in cn-hangzhou",
        "choose one of cloud_essd",
    ),
)
ROWS += rule(
    "zone-sells",
    passes("the source's"),
    passes("others", clone(zones=["cn-hangzhou-j", "cn-hangzhou-i"])),
    passes("no zone sells it", clone(edition="Finance")),
    passes(
        "a local disk by its other name",
        clone(zones=["cn-hangzhou-h"], capacity={"storage_type": "local_ssd"}),
        offering(("cn-hangzhou-h", "highavailability", "ephemeral_ssd")),
    ),
    fails("a zone of another region", clone(zones=["cn-shanghai-b"])).says(
        "HighAvailability on cloud_essd is not available in cn-shanghai-b",
        "choose from cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j",
    ),
    fails("the standby's", clone(zones=["cn-hangzhou-h", "cn-hangzhou-x"])).says(
        "HighAvailability on cloud_essd is not available in cn-hangzhou-x",
        "choose from cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j",
    ),
    fails("one that is named twice", clone(zones=["cn-hangzhou-x", "cn-hangzhou-x"])).says(
        "HighAvailability on cloud_essd is not available in cn-hangzhou-x",
        "choose from cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j",
    ),
    fails(
        "the source's, where it is sold no more",
        facts=offering(("cn-hangzhou-j", "HighAvailability", "cloud_essd")),
    ).says(
        "HighAvailability on cloud_essd is not available in cn-hangzhou-h, cn-hangzhou-i",
        "choose from cn-hangzhou-j",
    ),
)
ROWS += rule(
    "zones-fit-edition",
    passes("the source's"),
    passes("fewer than the source's, for an edition with one node", clone(edition="Basic")),
    passes("none, which is as not declared", clone(edition="Basic", zones=[])),
    *(
        passes(f"{most} for {edition}", zoned(most, edition=edition))
        for edition, most in (*NODES, ("Finance", 3), ("cluster", 3), ("quantum", 3))
    ),
    *(
        fails(f"{most + 1} for {edition}", zoned(most + 1, edition=edition)).says(
            f"{edition} supports at most {most} zone{'s' * (most > 1)}, but the "
            f"clone has {most + 1}",
            FEWER,
        )
        for edition, most in NODES
    ),
    fails(
        "the serverless form of the source's",
        zoned(2, payment=SERVERLESS),
        source(edition="Basic", zones=("cn-hangzhou-h",)),
    ).says("serverless_basic supports at most 1 zone, but the clone has 2", FEWER),
)

ROWS += rule(
    "class-sold",
    passes("the source's"),
    passes("another one", sized(instance_class="mysql.n4.medium.2c")),
    passes("the serverless one", clone(payment=SERVERLESS)),
    passes("a zone where nothing is sold", clone(zones=["cn-hangzhou-x"]), selling()),
    *(
        passes(f"{case}, which another rule tells", tree, facts)
        for tree, facts, case in (
            (LOCAL_X, knowing(), "another kind of disk than the source's"),
            (SERVERLESS_BASIC, selling(), "a serverless edition that is not paid so"),
            (SERVERLESS_1C, selling(), "a serverless class that is not paid so"),
        )
    ),
    fails(
        "one that is not, the nearest of its family come first",
        sized(instance_class="mysql.n2.2xlarge.2c"),
        selling(
            "mysql.n2.12xlarge.2c",
            "mysql.n2.medium.2c",
            "mysql.n2.xlarge.2c",
            "mysql.n4.2xlarge.2c",
            "mysql.n2.4xlarge.2c",
        ),
    ).says(
        unsold("mysql.n2.2xlarge.2c"),
        "choose one of mysql.n2.xlarge.2c, mysql.n2.4xlarge.2c, "
        "mysql.n2.medium.2c, mysql.n2.12xlarge.2c, mysql.n4.2xlarge.2c",
    ),
    fails(
        "one that is not, among others whose names tell no size",
        sized(instance_class="mysql.n2.xlarge.2c"),
    ).says(
        unsold("mysql.n2.xlarge.2c"),
        "choose one of mysql.n2.large.2c, mysql.n2.medium.2c, "
        "mysql.n2.small.2c, mysql.n2.serverless.2c, mysql.n4.medium.2c",
    ),
    fails("one whose name tells no size", sized(instance_class="mysql.n4.huge.2c")).says(
        unsold("mysql.n4.huge.2c"),
        "choose one of mysql.n2.large.2c, mysql.n2.medium.2c, "
        "mysql.n2.serverless.2c, mysql.n2.small.2c, mysql.n4.medium.2c",
    ),
    fails(
        "the source's, in the clone's zone",
        clone(zones=["cn-hangzhou-i"]),
        selling("mysql.n4.medium.2c"),
    ).says(unsold("the current class mysql.n2.medium.2c", "i"), "choose one of mysql.n4.medium.2c"),
    fails(
        "the source's, with more storage", sized(storage_gb=105), selling("mysql.n4.medium.2c")
    ).says(unsold("the current class mysql.n2.medium.2c"), "choose one of mysql.n4.medium.2c"),
    fails(
        "the source's, declared",
        sized(instance_class="mysql.n2.medium.2c"),
        selling("mysql.n4.medium.2c"),
    ).says(unsold("mysql.n2.medium.2c"), "choose one of mysql.n4.medium.2c"),
    fails(
        "the serverless one, which is not the source's",
        clone(payment=SERVERLESS),
        selling("mysql.n2.medium.2c"),
    ).says(
        "mysql.n2.serverless.2c is not available for MySQL 8.0 "
        "serverless_standard on cloud_essd in cn-hangzhou-h",
        "choose one of mysql.n2.medium.2c",
    ),
    fails("no class at all", facts=selling()).says(
        unsold("the current class mysql.n2.medium.2c"), ANYTHING_ELSE
    ),
    fails(
        "no class at all, and nobody may ask what the zones sell",
        clone(zones=["cn-hangzhou-x"]),
        replace(selling(), zone_offers=Missing.UNVERIFIED),
    ).says(unsold("the current class mysql.n2.medium.2c", "x"), ANYTHING_ELSE),
    fails(
        "more classes than anybody wants to read", sized(instance_class="x"), selling(*"hgfedcba")
    ).says(unsold("x"), "choose one of a, b, c, d, e, f, …"),
    fails("as many as are named", sized(instance_class="x"), selling(*"fedcba")).says(
        unsold("x"), "choose one of a, b, c, d, e, f"
    ),
)

ROWS += rule(
    "storage-range",
    passes("the source's"),
    passes("the least", sized(storage_gb=20)),
    passes("the most", sized(storage_gb=2000)),
    passes("a class that is not sold", sized(instance_class="x")),
    passes(
        "between two steps, where none are told",
        facts=replace(source(storage_gb=101), class_offers=(sold(step=0),)),
    ),
    *(
        fails(case, sized(storage_gb=size)).says(
            f"mysql.n2.medium.2c on cloud_essd does not support {size} GB",
            "use 20 to 2000 GB in steps of 5",
        )
        for size, case in ((15, "too little"), (2005, "too much"))
    ),
    fails("between two steps", sized(storage_gb=105), knowing(class_offers=(sold(step=10),))).says(
        "mysql.n2.medium.2c on cloud_essd does not support 105 GB",
        "use 20 to 2000 GB in steps of 10",
    ),
    fails(
        "too little, and no steps are told",
        sized(storage_gb=15),
        knowing(class_offers=(sold(step=0),)),
    ).says("mysql.n2.medium.2c on cloud_essd does not support 15 GB", "use 20 to 2000 GB"),
    fails(
        "the source's, for another class",
        sized(instance_class="mysql.n4.medium.2c"),
        knowing(class_offers=(*CLASS_OFFERS[:3], sold("mysql.n4.medium.2c", least=500))),
    ).says(
        "mysql.n4.medium.2c on cloud_essd does not support 100 GB",
        "use 500 to 2000 GB in steps of 5",
    ),
)

ROWS += rule(
    "storage-not-smaller",
    passes("the source's"),
    passes("as much, declared", sized(storage_gb=100)),
    passes("more", sized(storage_gb=105)),
    fails("less", sized(storage_gb=95)).says(
        "95 GB is less than the 100 GB of rm-source",
        "use at least 100 GB, or remove capacity.storage_gb",
    ),
)
ROWS += rule(
    "storage-type-change",
    passes("the source's"),
    passes("cloud to cloud", sized(storage_type="general_essd")),
    *(
        passes(f"{before} to {after}", sized(storage_type=after), source(storage_type=before))
        for before, after in (
            ("ephemeral_ssd", "local_ssd"),
            ("local_ssd", "ephemeral_ssd"),
            ("cloud_ssd", "cloud_essd3"),
        )
    ),
    *(
        fails(f"{before} to {after}", sized(storage_type=after), source(storage_type=before)).says(
            f"rm-source is on {before}, so its clones cannot be on {after}", remedy
        )
        for before, after, remedy in (
            ("local_ssd", "cloud_essd", TO_LOCAL),
            ("ephemeral_ssd", "general_essd", TO_LOCAL),
            ("cloud_essd", "local_ssd", "choose a cloud disk, such as cloud_essd"),
            ("cloud_ssd", "ephemeral_ssd", "choose a cloud disk, such as cloud_essd"),
        )
    ),
)
ROWS += rule(
    "disk-settings",
    passes("none"),
    passes("off", sized(bursting=False, io_acceleration=False)),
    passes(
        "of the fast disk", sized(storage_type="general_essd", bursting=True, io_acceleration=True)
    ),
    passes(
        "of a source on the fast disk", sized(bursting=True), source(storage_type="general_essd")
    ),
    passes(
        "of PostgreSQL on cloud disks",
        clone(pg_hba=[{}], encryption={}),
        source(engine="PostgreSQL"),
    ),
    passes("of MySQL on local disks", clone(encryption={}), source(storage_type="local_ssd")),
    *(
        fails(
            f"{', '.join(wanted)} on {disk}",
            sized(**dict.fromkeys(wanted, True)),
            source(storage_type=disk),
        ).says(
            f"MySQL on {disk} does not support " + ", ".join(f"capacity.{name}" for name in wanted),
            "remove " + ", ".join(f"capacity.{name}" for name in wanted) + f", or {remedy}",
            path=f"capacity.{wanted[0]}",
        )
        for disk, remedy, wanted in (
            ("cloud_essd", "choose general_essd", ("bursting",)),
            ("cloud_essd3", "choose general_essd", ("bursting", "io_acceleration")),
            ("local_ssd", "clone a source on cloud disks", ("io_acceleration",)),
        )
    ),
    *(
        fails(
            f"{path} of PostgreSQL on {disk}",
            clone(**declared),
            source(engine="PostgreSQL", storage_type=disk),
        ).says(
            f"PostgreSQL on {disk} does not support {path}",
            f"remove {path}, or clone a source on cloud disks",
            path=path,
        )
        for disk, path, declared in (
            ("local_ssd", "encryption.enabled", {"encryption": {}}),
            ("local_ssd", "pg_hba", {"pg_hba": []}),
            ("ephemeral_ssd", "pg_hba", {"pg_hba": [{"method": "reject"}]}),
            ("local_ssd", "ssl.acl", {"ssl": {"acl": "cert"}}),
        )
    ),
)
ROWS += rule(
    "essd-level",
    passes("the source's"),
    *(
        passes(f"{before} to {after}", sized(storage_type=after), source(storage_type=before))
        for before, after in (
            ("cloud_essd0", "cloud_essd"),
            ("cloud_essd", "cloud_essd2"),
            ("cloud_essd2", "cloud_essd3"),
            ("cloud_essd3", "general_essd"),
            ("general_essd", "cloud_essd"),
            ("cloud_ssd", "cloud_essd"),
        )
    ),
    *(
        fails(f"{before} to {after}", sized(storage_type=after), source(storage_type=before)).says(
            f"{after} (PL{low}) is slower than the current {before} (PL{high})",
            f"choose performance level PL{high} or higher",
        )
        for before, high, after, low in (
            ("cloud_essd", 1, "cloud_essd0", 0),
            ("cloud_essd2", 2, "cloud_essd", 1),
            ("cloud_essd3", 3, "cloud_essd2", 2),
            ("cloud_essd3", 3, "cloud_essd0", 0),
        )
    ),
)
ROWS += rule(
    "class-smaller",
    passes("the source's"),
    passes("the serverless one", clone(payment=SERVERLESS)),
    *(
        passes(f"{before} to {after}", sized(instance_class=after), source(instance_class=before))
        for before, after in (
            ("mysql.n2.medium.2c", "mysql.n2.large.2c"),
            ("mysql.n2.medium.2c", "mysql.n2.xlarge.2c"),
            ("mysql.n2.xlarge.2c", "mysql.n2.2xlarge.2c"),
            ("mysql.n2.2xlarge.2c", "mysql.n2.12xlarge.2c"),
            ("mysql.n2.medium.2c", "mysql.n4.small.2c"),
            ("rds.mysql.s3.large", "rds.mysql.s2.large"),
            ("mysql.n2.medium.2c", "mysql.n2.medium.1"),
            ("mysql.n2.medium.2c", "mysql.n2.serverless.2c"),
            ("mysql.n2.serverless.2c", "mysql.n2.small.2c"),
        )
    ),
    *(
        fails(
            f"{before} to {after}", sized(instance_class=after), source(instance_class=before)
        ).says(
            f"{after} is smaller than the source's {before}, so the restore takes longer", LARGER
        )
        for before, after in (
            ("mysql.n2.medium.2c", "mysql.n2.small.2c"),
            ("mysql.n2.small.2c", "mysql.n2.micro.2c"),
            ("mysql.n2.large.2c", "mysql.n2.medium.2c"),
            ("mysql.n2.xlarge.2c", "mysql.n2.large.2c"),
            ("mysql.n2.2xlarge.2c", "mysql.n2.xlarge.2c"),
            ("mysql.n2.12xlarge.2c", "mysql.n2.2xlarge.2c"),
            ("pg.n4.large.1", "pg.n4.small.1"),
        )
    ),
)

ROWS += rule(
    "serverless-edition",
    passes("neither"),
    passes("both, the edition follows from the source's", clone(payment=SERVERLESS)),
    passes("both, declared", clone(payment=SERVERLESS, edition="serverless_basic")),
    passes(
        "both, a serverless source in another case",
        clone(payment=SERVERLESS),
        serverless_source(edition="Serverless_Standard"),
    ),
    passes(
        "MariaDB, which another rule tells", clone(payment=SERVERLESS), source(engine="MariaDB")
    ),
    passes("neither, a serverless source", clone(edition="HighAvailability"), serverless_source()),
    fails("the payment alone", clone(payment=SERVERLESS, edition="HighAvailability")).says(
        "HighAvailability is not a serverless edition, but payment.type is Serverless",
        "choose one of serverless_basic, serverless_standard, "
        "serverless_ha, or another payment.type",
    ),
    *(
        fails(f"the edition alone, with {payment}", paying(type=payment), serverless_source()).says(
            f"serverless_standard is a serverless edition, but payment.type is {payment}",
            "set payment.type to Serverless, or choose another edition and "
            "another capacity.instance_class",
        )
        for payment in ("PayAsYouGo", "Subscription")
    ),
)
ROWS += rule(
    "serverless-class",
    passes("neither"),
    passes("both, the class follows from the edition", clone(payment=SERVERLESS)),
    passes(
        "both, declared",
        clone(payment=SERVERLESS, capacity={"instance_class": "pg.n2.serverless.1c"}),
    ),
    passes(
        "neither, a serverless source",
        sized(instance_class="mysql.n2.medium.2c"),
        serverless_source(),
    ),
    fails(
        "the payment alone",
        clone(payment=SERVERLESS, capacity={"instance_class": "mysql.n2.medium.2c"}),
    ).says(
        "mysql.n2.medium.2c is not a serverless class, but payment.type is Serverless",
        "choose another class or another payment.type",
    ),
    passes(
        "edition and class without the payment, which another rule tells", facts=serverless_source()
    ),
    passes(
        "the payment alone, which another rule tells",
        clone(payment=SERVERLESS, edition="HighAvailability"),
    ),
    fails(
        "the class of a serverless source", clone(edition="HighAvailability"), serverless_source()
    ).says(
        "mysql.n2.serverless.2c is a serverless class, but payment.type is PayAsYouGo",
        "choose another class or another payment.type",
    ),
    fails("the class alone", sized(instance_class="mysql.n2.serverless.2c")).says(
        "mysql.n2.serverless.2c is a serverless class, but payment.type is PayAsYouGo",
        "choose another class or another payment.type",
    ),
)
ROWS += rule(
    "serverless-engine",
    *(
        passes(engine, clone(payment=SERVERLESS), source(engine=engine))
        for engine in ("MySQL", "PostgreSQL", "SQLServer")
    ),
    passes("MariaDB, another payment", facts=source(engine="MariaDB")),
    fails(
        "MariaDB", clone(payment=SERVERLESS), source(engine="MariaDB", engine_version="10.6")
    ).says(
        "Serverless is not available for MariaDB", "set payment.type to PayAsYouGo or Subscription"
    ),
)
ROWS += rule(
    "serverless-least",
    passes("no capacity"),
    passes("no limits", sized(storage_gb=100)),
    passes("half a unit", scaling(0.5, 8)),
    passes("two units of SQL Server", scaling(2, 8), source(engine="SQLServer")),
    fails("a quarter of a unit", scaling(0.25, 8)).says(
        "0.25 RCU is less than the 0.5 RCU that MySQL needs", "use at least 0.5"
    ),
    fails("one unit of SQL Server", scaling(1, 8), source(engine="SQLServer")).says(
        "1 RCU is less than the 2 RCU that SQLServer needs", "use at least 2"
    ),
)
ROWS += rule(
    "serverless-most",
    passes("no limits", sized(storage_gb=100)),
    *(
        passes(f"{most} units of {engine}", scaling(2, most), source(engine=engine))
        for engine, most in (("MySQL", 32), ("PostgreSQL", 14), ("SQLServer", 16))
    ),
    *(
        fails(f"{most} units of {engine}", scaling(2, most), source(engine=engine)).says(
            f"{engine} does not scale up to {most} RCU", f"use {span}"
        )
        for engine, most, span in (
            ("MySQL", 33, "1 to 32"),
            ("PostgreSQL", 16, "1 to 14"),
            ("SQLServer", 32, "2 to 16"),
        )
    ),
    fails("half a unit", scaling(0.5, 0.5)).says(
        "MySQL does not scale up to 0.5 RCU", "use 1 to 32"
    ),
)
ROWS += rule(
    "serverless-step",
    passes("no limits", sized(storage_gb=100)),
    passes("a half at least", scaling(1.5, 8)),
    passes("too little, which others tell", scaling(0.25, 0.75)),
    passes("whole units", scaling(2, 8), source(engine="SQLServer")),
    fails("a quarter at least", scaling(0.75, 8)).says(
        "0.75 RCU is not a multiple of 0.5", "use a multiple of 0.5"
    ),
    fails("a half at least of SQL Server", scaling(2.5, 8), source(engine="SQLServer")).says(
        "2.5 RCU is not a whole number", "use a whole number"
    ),
    fails("a half at most", scaling(0.5, 7.5)).says(
        "7.5 RCU is not a whole number", "use a whole number", path="capacity.serverless.max_rcu"
    ),
)
ROWS += rule(
    "serverless-switches",
    passes("none", scaling(2, 8), source(engine="SQLServer")),
    passes("MySQL", switching(auto_pause=True)),
    fails(
        "SQL Server", switching(auto_pause=True, switch_force=False), source(engine="SQLServer")
    ).says(
        "SQLServer does not support capacity.serverless.auto_pause, "
        "capacity.serverless.switch_force",
        "remove capacity.serverless.auto_pause and capacity.serverless.switch_force",
    ),
    fails("SQL Server, one", switching(switch_force=True), source(engine="SQLServer")).says(
        "SQLServer does not support capacity.serverless.switch_force",
        "remove capacity.serverless.switch_force",
        path="capacity.serverless.switch_force",
    ),
)
ROWS += rule(
    "serverless-storage",
    passes("another payment", sized(storage_type="local_ssd")),
    *(
        passes(disk, clone(payment=SERVERLESS, capacity={"storage_type": disk}))
        for disk in ("cloud_essd", "general_essd")
    ),
    *(
        fails(f"{disk}, declared", clone(payment=SERVERLESS, capacity={"storage_type": disk})).says(
            f"serverless clones do not support {disk}", "choose one of cloud_essd, general_essd"
        )
        for disk in ("local_ssd", "cloud_ssd", "cloud_essd2")
    ),
    fails("the source's", clone(payment=SERVERLESS), source(storage_type="local_ssd")).says(
        "serverless clones do not support local_ssd", "choose one of cloud_essd, general_essd"
    ),
)
