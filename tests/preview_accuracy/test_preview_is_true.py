"""
Preview is true: what the checks accept the API accepts, what they refuse it refuses.

Random specifications meet random sources of the emulator, through the real SDK.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as repeatable
from hypothesis import strategies as st

from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ApiError
from pulumi_rdsclone.domain.facts import known_or_none
from pulumi_rdsclone.domain.identity import BIRTH_TAGS
from pulumi_rdsclone.domain.ordering import order_for
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.examining import examine
from rds_emulator.market import catalogue
from rds_emulator.seeds import seed
from tests.domain.samples import with_value
from tests.support.direct import DirectEmulator
from tests.support.emulators import Emulator

CASES: Final = int(os.environ.get("RDSCLONE_CASES", "2000"))
SEED: Final = int(os.environ.get("RDSCLONE_SEED", "20261123"))
PARTS: Final = 2
SOURCES: Final = 120
AGE: Final = timedelta(hours=1)
"""How old facts may be: time stands still in this emulator."""

UNKNOWABLE: Final = {"InvalidIPAddress.Conflict"}
"""What the API refuses and no read-only call tells beforehand: see docs/checks.md."""

UNTOLD: Final = ("databases-exist", "InvalidBackupSet")
"""A check that can seldom be made, as a warning says, and the code it foresees."""

STRICTER: Final = {"term-without-subscription", "restore-point-before"}
"""What the checks refuse and the API ignores: inputs that would mean nothing."""

ZONES: Final = tuple(f"cn-hangzhou-{letter}" for letter in "hijkb")
DISKS: Final = (
    *("local_ssd", "general_essd", "cloud_ssd"),
    *("cloud_essd", "cloud_essd2", "cloud_essd3"),
)
EDITIONS: Final = (
    *("Basic", "HighAvailability", "cluster", "AlwaysOn", "Finance"),
    *("serverless_basic", "serverless_standard", "serverless_ha"),
)


@dataclass
class Tally:
    """
    What came out, to be sure that every outcome was tried.

    Attributes:
        verdicts: How many were green and red.
        alone: How often a check was the only one that refused.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Cloud:
    """
    An emulator full of sources, and the provider that looks at it.
    """

    emulator: Emulator
    regions: CloudRegions
    sources: list[str]

    def examine(self, tree: dict[str, Any]) -> Report:
        return examine(parse({"region": "cn-hangzhou", **tree}), self.regions, max_age=AGE)

    def order(self, report: Report) -> str | None:
        """
        Order what was judged and return the code of its refusal, None if accepted.
        """
        source, restore = known_or_none(report.facts.source), report.restore
        assert source is not None
        assert restore is not None
        order = order_for(report.spec, source, restore=restore)
        marked = replace(order, tags={**order.tags, **dict.fromkeys(BIRTH_TAGS, "x")})
        try:
            clone_id = self.regions.at("cn-hangzhou").rds.order_clone(marked)
        except ApiError as error:
            return error.fault.code
        self.emulator.remove(clone_id)
        return None


def plant(emulator: Emulator, luck: random.Random, name: str) -> None:
    """
    Add a source that is healthy in most respects.
    """
    engine = luck.choice(["MySQL", "MySQL", "PostgreSQL", "SQLServer", "MariaDB"])
    shape = luck.choice(catalogue.shapes(engine))
    now = emulator.clock.now()
    region = seed.from_mapping({}, wall=now).regions[0]
    offer = luck.choice(catalogue.offers(region, (), zone="cn-hangzhou-h", shape=shape))
    serverless = shape.category.startswith("serverless")
    faults: dict[str, Any] = {
        "status": luck.choice(["Stopped", "TRANSING", "Restoring"]),
        "lock_mode": luck.choice(["ManualLock", "LockByDiskQuota"]),
        "instance_type": luck.choice(["Readonly", "Guard", "Temp"]),
        "engine_version": luck.choice(["4.1", "99.0"]),
        "backups": [],
        "backup_policy": {"log_enabled": False},
        "instance_class": f"{offer.instance_class}.gone",
        "tasks": [{"task_id": "1", "began": now}],
    }
    if engine == "SQLServer":
        gap = {"begin": now - timedelta(days=3), "end": now - timedelta(days=2)}
        faults["log_gaps"] = [gap]
        faults["migrations"] = [{"task_id": "1", "created": now - timedelta(hours=1)}]
        faults["backup_policy"] = {"log_lag_seconds": 1800}
    if (engine, shape.category) == ("MySQL", "HighAvailability"):
        faults["backup_policy"] = {"log_enabled": False, "pitr_protection": True}
    wrong = luck.sample(sorted(faults), k=luck.choice([0, 0, 0, 0, 1, 1]))
    emulator.add(
        name,
        **{
            "engine": engine,
            "engine_version": shape.engine_version,
            "category": shape.category,
            "storage_type": shape.storage_type,
            "instance_class": offer.instance_class,
            "storage_gb": max(offer.least_gb, 5 * luck.randint(10, 60)),
            "pay_type": "Serverless" if serverless else "Postpaid",
            "serverless": {"min_capacity": 2, "max_capacity": 8} if serverless else None,
            "zones": ["cn-hangzhou-h"],
            "created": now - timedelta(days=60),
            **{key: faults[key] for key in wrong},
        },
    )


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """
    Return a cloud whose time stands still.
    """
    luck = random.Random(SEED)  # noqa: S311 - cases, no secrets
    with DirectEmulator(speed=0) as emulator:
        names = [f"rm-random-{number}" for number in range(SOURCES)]
        for name in names:
            plant(emulator, luck, name)
        regions = CloudRegions(
            Settings(
                endpoint=emulator.url,
                access_key_id=emulator.access_key_id,
                access_key_secret=emulator.access_key_secret,
            )
        )
        yield Cloud(emulator, regions, names)


NAMED_CLASSES: Final = (
    *("mysql.n2.small.2c", "mysql.n2.small.1", "pg.n4.large.2c", "mssql.x4.large.s2"),
    *("mariadb.n2.medium.2c", "rds.mysql.s2.large", "mysql.n1.micro.1"),
    *("mysql.n2.serverless.1c", "pg.n2.serverless.2c", "rds.mysql.t1.small"),
)
ADDRESSES: Final = ("10.0.0.0", "10.0.0.9", "10.0.0.254", "10.9.9.9", "fe80::1")
VSWITCHES: Final = (
    *(f"vsw-demo-{letter}" for letter in "hijk"),
    *("vsw-demo-other-h", "vsw-demo-full"),
)
TERMS: Final = (
    {"type": "Subscription", "period": "Month", "duration": 9},
    {"type": "Subscription", "period": "Month", "duration": 10},
    {"type": "Subscription", "period": "Year", "duration": 3},
    {"type": "Subscription", "period": "Year", "duration": 4},
    {"type": "Subscription", "duration": 1},
    {"type": "PayAsYouGo", "period": "Month", "duration": 1},
    {"type": "Serverless"},
)
TAGS: Final = ({"team": "data"}, {"acs:x": "y"}, {f"key-{n}": "v" for n in range(18)})

DEVIATIONS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "edition": st.sampled_from(EDITIONS),
    "zones": st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    "description": st.sampled_from(["staging", "9lives", "x"]),
    "tags": st.sampled_from(TAGS),
    "deletion_protection": st.just(True),  # noqa: FBT003 - a value, not a switch
    "capacity.instance_class": st.sampled_from(NAMED_CLASSES),
    "capacity.storage_gb": st.sampled_from([5, 100, 250, 500, 1500, 6500, 64005]),
    "capacity.storage_type": st.sampled_from(DISKS),
    "capacity.serverless": st.sampled_from(
        [{"min_rcu": 0.25, "max_rcu": 8.0}, {"min_rcu": 9.0, "max_rcu": 8.0}]
    ),
    "network.type": st.sampled_from(["VPC", "Classic"]),
    "network.vpc_id": st.sampled_from(["vpc-demo", "vpc-demo-other", "vpc-nowhere"]),
    "network.vswitch_ids": st.lists(st.sampled_from(VSWITCHES), min_size=1, max_size=2),
    "network.private_ip_address": st.sampled_from(ADDRESSES),
    "payment": st.sampled_from(TERMS),
    "databases": st.sampled_from(
        [{"app": "app"}, {"app": "copy"}, {"app": "1"}, {"nowhere": "nowhere"}]
    ),
    "tables": st.sampled_from(
        [{"app.orders": "orders"}, {"app.carts": "carts"}, {"reporting.daily": "2"}]
    ),
}
"""What may be unusual about a specification, by its path."""


def moments(cloud: Cloud, source: str) -> st.SearchStrategy[dict[str, Any]]:
    """
    Draw restore points, good ones and bad ones.
    """
    now = cloud.emulator.clock.now()
    ages = [-60, 60, 3600, 86400, 200_000, 500_000, 600_000, 10**7]
    times = [format_instant(now - timedelta(seconds=age)) for age in ages]
    sets = [backup.id for backup in cloud.emulator.backups(source)]
    return st.one_of(
        st.just({"latest": "backup"}),
        st.just({"latest": "time"}),
        st.sampled_from(times).map(lambda time: {"time": time}),
        st.sampled_from([*sets, "1000000101", "7"]).map(lambda one: {"backup_id": one}),
    )


@st.composite
def specifications(draw: st.DrawFn, cloud: Cloud, source: str) -> dict[str, Any]:
    """
    Draw inputs for a clone of *source* that are unusual in two respects at most.
    """
    tree: dict[str, Any] = {
        "source_instance_id": source,
        "restore_point": draw(moments(cloud, source)),
    }
    if cloud.emulator.instance(source).serverless:
        tree["payment"] = {"type": "Serverless"}
    paths = st.sampled_from(sorted(DEVIATIONS))
    for path in draw(st.lists(paths, max_size=2, unique=True)):
        tree = with_value(tree, path, draw(DEVIATIONS[path], label=path))
    if tree.get("payment") == {"type": "Serverless"}:
        limits = {"min_rcu": 2.0, "max_rcu": 8.0}
        tree["capacity"] = {"serverless": limits, **tree.get("capacity", {})}
    return tree


@pytest.mark.parametrize("part", range(PARTS))
def test_green_is_accepted_and_red_is_refused(cloud: Cloud, part: int) -> None:
    """
    RDSCLONE_CASES asks for more cases, RDSCLONE_SEED for others.
    """
    tally = Tally()

    @settings(
        max_examples=CASES // PARTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @repeatable(SEED + part)
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        source = data.draw(st.sampled_from(cloud.sources), label="source")
        tree = data.draw(specifications(cloud, source), label="specification")
        compare(cloud, tree, tally)

    agree()

    assert tally.verdicts["green"] > CASES / PARTS / 10, tally
    assert tally.verdicts["red"] > CASES / PARTS / 10, tally
    assert len(tally.alone) > 20, tally


def compare(cloud: Cloud, tree: dict[str, Any], tally: Tally) -> None:
    report = cloud.examine(tree)
    found = {problem.check for problem in report.errors}
    tally.alone.update(found if len(found) == 1 else ())
    if report.restore is None:
        assert found, "green, and there is nothing to restore"
        tally.verdicts["nothing to order"] += 1
        return
    code = cloud.order(report)
    tally.verdicts["red" if found else "green"] += 1
    if code in UNKNOWABLE or (code is None and found and found <= STRICTER):
        return
    if code == UNTOLD[1] and report.judgement.outcomes[UNTOLD[0]] == "unverified":
        return
    assert bool(found) == (code is not None), (report.errors, code, tree)
