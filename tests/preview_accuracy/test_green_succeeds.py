"""
Green means that up succeeds: making a clone, changing it, and nothing left to change.

Random inputs of all kinds meet random sources of the emulator, over the real protocol.
What preview calls fine must be made, show no difference afterwards, and be what preview
foretold.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as repeatable
from hypothesis import strategies as st

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.transport import RDS, VPC, Transport
from pulumi_rdsclone.domain.errors import CloneError, RefusedError, UnfinishedError
from pulumi_rdsclone.domain.live_state import preview_outputs
from pulumi_rdsclone.domain.model import leaves_of
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.problems import Severity
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.checking import check
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.region import RegionContext
from tests.domain.samples import with_value
from tests.support.direct import DirectEmulator
from tests.support.emulators import Emulator, wanted_temper
from tests.support.verbs import check_change, create, delete, diff, preview_update, update

CASES: Final = int(os.environ.get("RDSCLONE_CASES", "2000"))
SEED: Final = int(os.environ.get("RDSCLONE_SEED", "20261128"))
PARTS: Final = 4

SOURCES: Final = (
    *("rm-demo-mysql80", "rm-demo-mysql57-local", "rm-demo-postgresql16"),
    *("rm-demo-sqlserver2022", "rm-demo-sqlserver2019", "rm-demo-mariadb106"),
)

SERVERLESS_SOURCES: Final[Mapping[str, Mapping[str, str]]] = {
    "rm-serverless-mysql": {"category": "serverless_standard"},
    "rm-serverless-basic": {"category": "serverless_basic"},
    "rm-serverless-pg": {"engine": "PostgreSQL", "category": "serverless_standard"},
    "rm-serverless-mssql": {"engine": "SQLServer", "category": "serverless_ha"},
}
BECOMES_SERVERLESS: Final = (*("rm-demo-mysql80", "rm-demo-postgresql16", "rm-demo-sqlserver2019"),)
LIMITS: Final = {"min_rcu": 2, "max_rcu": 8}

COMMON: Final = ("refused", "made", "changed", "released")
"""What must become of enough stories."""

ADVICE: Final = "inherited-access"

SUBSCRIPTION: Final = {"type": "Subscription", "period": "Month", "duration": 1}

GOOD: Final = "New-ci-1234"


def accounts(**fields: Any) -> dict[str, Any]:
    return {"ci": {"password": GOOD, **fields}}


VALUES: Final[Mapping[str, tuple[Any, ...]]] = {
    "edition": ("Basic", "HighAvailability", "cluster", "AlwaysOn"),
    "zones": (
        *(["cn-hangzhou-h"], ["cn-hangzhou-i"], ["cn-hangzhou-b"]),
        *(["cn-hangzhou-h", "cn-hangzhou-i"], ["cn-hangzhou-i", "cn-hangzhou-i"]),
    ),
    "capacity.instance_class": (
        *("mysql.n2.small.2c", "mysql.n4.medium.2c", "mysql.n4.large.2c", "pg.gone"),
        *("mysql.n2.serverless.1c", "mssql.x4.medium.s2", "mssql.x4.large.s2"),
    ),
    "capacity.serverless": (
        {"min_rcu": 0.5, "max_rcu": 4},
        {"min_rcu": 2, "max_rcu": 14, "auto_pause": False},
        {"min_rcu": 3, "max_rcu": 16},
        {"min_rcu": 1.5, "max_rcu": 32, "switch_force": True},
        {"min_rcu": 0.25, "max_rcu": 4},
        {"min_rcu": 2.5, "max_rcu": 7.5},
        {"min_rcu": 8, "max_rcu": 4},
    ),
    "capacity.serverless.min_rcu": (0.5, 0.75, 1, 2, 2.5, 4),
    "capacity.serverless.max_rcu": (0.5, 2, 4.5, 9, 14, 15, 16, 17, 32, 33),
    "capacity.serverless.auto_pause": (True, False),
    "capacity.serverless.switch_force": (True, False),
    "network.type": ("VPC", "Classic"),
    "network.vpc_id": ("vpc-demo", "vpc-demo-other", "vpc-nowhere"),
    "network.vswitch_ids": (
        *(["vsw-demo-h"], ["vsw-demo-i"], ["vsw-demo-h", "vsw-demo-i"]),
        *(["vsw-demo-other-h"], ["vsw-demo-full"], ["vsw-nowhere"]),
    ),
    "capacity.storage_gb": (150, 200, 400, 6000, 64005),
    "capacity.storage_type": ("cloud_essd", "cloud_essd2", "general_essd"),
    "capacity.bursting": (True, False),
    "capacity.io_acceleration": (True, False),
    "network.connection_prefix": ("orders-a", "orders-b", "db", "o" * 38, "ord-"),
    "network.port": (3307, 999, 5999, 6000, 65534, 65535),
    "network.public_endpoint": (True, False),
    "network.public_connection_prefix": ("open-a", "open-b", "x", "orders-a"),
    "network.public_port": (3308, 6001, 99),
    "network.private_ip_address": ("10.0.0.77", "10.0.0.254", "10.9.9.9"),
    "payment": (SUBSCRIPTION, {"type": "PayAsYouGo"}, {"type": "Serverless"}),
    "payment.auto_renew": (True, False),
    "payment.auto_renew_months": (1, 12, 13),
    "security_ips": (
        {},
        {"default": []},
        {"default": ["10.0.0.0/16"], "office": ["10.1.1.1", "10.1.1.2"]},
        {"Office": ["10.0.0.1"]},
        {"default": ["everybody"]},
    ),
    "accounts": (
        accounts(),
        accounts(description="pipeline"),
        accounts(description="for ci"),
        accounts(privileges={"app": "ReadOnly"}),
        accounts(privileges={"app": "DBOwner"}),
        accounts(privileges={"nowhere": "ReadOnly"}),
        accounts(type="Super"),
        accounts(type="Sysadmin"),
        {"ci": {"password": "weak"}},
        {"root": {"password": GOOD}},
        {"owner": {"password": GOOD}},
        {"shop": {"password": GOOD, "privileges": {}}},
    ),
    "accounts_exclusive": (True, False),
    "ssl": (
        {},
        {"enabled": False},
        {"force_encryption": True},
        {"tls_version": "1.2"},
        {"tls_version": "1.9"},
        {"ca_type": "aliyun"},
        {"server_cert": "certificate", "server_key": "key"},
        {"ca_type": "custom", "server_cert": "certificate", "server_key": "key"},
        {"client_ca_cert": "authority", "acl": "cert"},
        {"client_ca_cert": "", "client_cert_revocation_list": ""},
        {"client_ca_cert": "authority", "client_cert_revocation_list": "revoked"},
    ),
    "encryption": (
        {},
        {"enabled": False},
        {"key": "key-1"},
        {"key": "key-1", "role_arn": "acs:ram::1:role/rds"},
    ),
    "parameters": (
        {"innodb_lock_wait_timeout": "60"},
        {"innodb_lock_wait_timeout": "0"},
        {"back_log": "50"},
        {"work_mem": "8192"},
        {"nothing": "1"},
    ),
    "allow_restart": (True, False),
    "pg_hba": (
        [],
        [{}],
        [{"method": "reject", "address": "10.0.0.0", "mask": "255.0.0.0"}],
        [{"type": "hostssl"}],
        [{"method": "magic"}],
    ),
    "high_availability": (
        {"mode": "RPO"},
        {"mode": "RTO", "sync_mode": "Async"},
        {"mode": "RPO", "sync_mode": "Sync"},
        {"sync_mode": "Semi-sync"},
    ),
    "tcp_connection_type": ("SHORT", "LONG"),
    "backup_policy": (
        {"days": ["Monday", "Friday"]},
        {"days": ["Monday"]},
        {"time": "02:00Z-03:00Z"},
        {"time": "02:30Z-03:30Z"},
        {"retention_days": 14},
        {"retention_days": 6},
        {"retention_days": 731},
        {"log_backup": False},
        {"log_backup": True},
        {"log_retention_days": 7},
        {"log_retention_days": 700},
        {"retention_days": 10, "log_retention_days": 10},
    ),
    "sql_audit": (True, False),
    "monitoring_period": (5, 60, 300, 10),
    "minor_version_upgrade": ("Auto", "Manual"),
    "resource_group_id": ("rg-acfmxazb4ph6aiy", "my group"),
    "maintenance_window": ("02:00Z-03:00Z", "02:00Z-02:00Z", "23:00Z-01:00Z", "night"),
    "description": ("staging", "9lives", "x"),
    "tags": ({"team": "data"}, {"a": ""}, {"acs:x": "y"}, {"k": "http://x"}),
    "deletion_protection": (True, False),
    "ttl": ("48h", "2d", 48),
    "expires_at": ("2099-01-01T00:00:00Z", "2006-01-01T00:00:00Z"),
    "on_delete": ("retain", "release", "convertAndRelease"),
    "released_keep_policy": ("Latest", "None"),
    "max_price_per_hour": (0.01, 100),
}
"""What may be declared of each property, good and bad, by its path."""


class QuickClock:
    """
    A clock that passes the time of a wait at once, the emulator's too.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._time = emulator.clock

    def now(self) -> datetime:
        return self._time.now()

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """
        Let *seconds* pass, unless there is nothing to wait for.
        """
        if until is None or not until():
            self._time.advance(seconds)


class QuietProgress:
    """
    Progress that nobody looks at.
    """

    has_listener = True
    is_cancelled = False

    def show(self, text: str) -> None:
        """
        Take no notice.
        """

    def warn(self, text: str) -> None:
        """
        Take no notice.
        """

    def after_recorded(self, action: Callable[[], None]) -> None:
        action()


@dataclass
class Cloud:
    """
    An emulator whose clones are ready at once, and the provider's view of it.
    """

    emulator: Emulator
    skip_checks: tuple[str, ...] = (ADVICE,)
    default_region: str | None = "cn-hangzhou"
    identity: str = ""
    max_price_per_hour: float | None = None
    made: int = 0
    tally: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        configured = Settings(
            endpoint=self.emulator.url,
            access_key_id=self.emulator.access_key_id,
            access_key_secret=self.emulator.access_key_secret,
        )
        keyring = Keyring(configured)
        region = "cn-hangzhou"
        clock = QuickClock(self.emulator)
        rds = RdsClient(
            Transport(configured.rds, keyring, region=region, product=RDS),
            vpc=Transport(configured.vpc, keyring, region=region, product=VPC),
            region=region,
            clock=clock,
        )
        schedule = PollSchedule(first_interval=5, longest_interval=5, list_lag=5, retry_delay=5)
        self._site = RegionContext.of(rds, clock, schedule=schedule)

    def at(self, _region: str) -> RegionContext:
        return self._site

    def new_key(self) -> str:
        """
        Return a clone key that no clone has.
        """
        self.made += 1
        return f"key-{self.made}"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """
    Return a cloud whose time stands still.
    """
    with DirectEmulator(
        speed=0, clone_seconds=0, change_seconds=0, delete_seconds=0, temper=wanted_temper()
    ) as emulator:
        for name, fields in SERVERLESS_SOURCES.items():
            limits = {"min_capacity": 2, "max_capacity": 8}
            emulator.add(name, pay_type="Serverless", serverless=limits, **fields)
        yield Cloud(emulator)


def draw_values(draw: st.DrawFn, tree: dict[str, Any], most: int) -> dict[str, Any]:
    """
    Declare up to *most* properties otherwise.
    """
    paths = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=most, unique=True))
    for path in sorted(paths, key=lambda path: path.count(".")):
        tree = with_value(tree, path, draw(st.sampled_from(VALUES[path]), label=path))
    return tree


@st.composite
def stories(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Draw what is declared at first, and later.
    """
    is_serverless = draw(st.sampled_from((False, False, True)))
    sources = (*SERVERLESS_SOURCES, *BECOMES_SERVERLESS) if is_serverless else SOURCES
    first = {
        "source_instance_id": draw(st.sampled_from(sources)),
        "restore_point": {"latest": "backup"},
        "region": "cn-hangzhou",
    }
    if is_serverless:
        first |= {"payment": {"type": "Serverless"}, "capacity": {"serverless": LIMITS}}
    first = draw_values(draw, first, 3)
    return first, draw_values(draw, first, 2)


def refused(problems: Any) -> bool:
    return any(one.severity is Severity.ERROR for one in problems)


def expect_foretold(expected: Any, outputs: Any, path: str = "") -> None:
    """
    Assert that what was foretold, as far as it was known, has come.
    """
    if isinstance(expected, list) and isinstance(outputs, list):
        assert len(expected) == len(outputs), (path, expected, outputs)
        expected, outputs = dict(enumerate(expected)), dict(enumerate(outputs))
    if isinstance(expected, dict) and isinstance(outputs, dict):
        for key, value in expected.items():
            expect_foretold(value, outputs.get(key), f"{path}.{key}".lstrip("."))
    elif not has_unknown(expected) and path.partition(".")[0] not in UNTOLD:
        assert expected in (outputs, None) or outputs is None, (path, expected, outputs)


UNKNOWABLE: Final = re.compile(r"InvalidDBName\.NotFound|InvalidIPAddress\.Conflict")
"""What later calls refuse and no read-only call tells beforehand: docs/checks.md."""

WARNED: Final = {"engine-undocumented": "IncorrectDBInstanceEngine"}
"""Checks that warn of what the cloud may yet refuse, and the code of the refusal."""

UNTOLD: Final = {"status", "expires"}
"""Outputs that go on after they were foretold."""


def was_possible(error: CloneError, warned: set[str]) -> bool:
    """
    Return whether a refusal is one that preview can't tell, or of which it warned.
    """
    told = str(error)
    codes = (code for check, code in WARNED.items() if check in warned)
    return bool(UNKNOWABLE.search(told)) or any(code in told for code in codes)


def live_once(cloud: Cloud, first: dict[str, Any], second: dict[str, Any]) -> None:
    """
    Make a clone, change it and release it; what is refused ends the story.
    """
    progress = QuietProgress()
    checked = check(first, {}, new_key=cloud.new_key(), regions=cloud)
    warned = {one.check for one in checked.problems}
    if refused(checked.problems):
        cloud.tally["refused"] += 1
        return
    try:
        outputs = create(checked.inputs, cloud, progress, stack="shop/dev")
    except UnfinishedError as error:
        cloud.emulator.remove(error.outputs["instance_id"])
        if not was_possible(error, warned):
            raise
        return
    cloud.tally["made"] += 1
    try:
        expect_foretold(preview_outputs(checked.inputs), outputs)
        assert not diff(outputs, checked.inputs), "something is left to be changed"
        outputs = change_once(cloud, outputs, checked.inputs, second, warned)
        release_once(cloud, outputs, warned)
    finally:
        if outputs["instance_id"] in {one.id for one in cloud.emulator.instances()}:
            cloud.emulator.remove(outputs["instance_id"])


def release_once(cloud: Cloud, outputs: dict[str, Any], warned: set[str]) -> None:
    """
    Release a clone; what refuses that was declared, and preview warned of it.
    """
    is_protected = outputs.get("deletion_protection")
    is_kept = get_value(outputs, "payment.type") == "Subscription"
    try:
        delete(outputs["instance_id"], outputs, cloud, QuietProgress())
    except RefusedError:
        cloud.tally["kept"] += 1
        assert is_protected or (is_kept and "subscription-release" in warned)
        return
    left = {one.id for one in cloud.emulator.instances()}
    is_left = outputs["instance_id"] in left
    cloud.tally["left" if is_left else "released"] += 1
    assert is_left == (outputs.get("on_delete") == "retain")


def change_once(
    cloud: Cloud,
    outputs: dict[str, Any],
    inputs: Properties,
    later: dict[str, Any],
    warned: set[str],
) -> dict[str, Any]:
    """
    Change a clone in place, if that is possible and preview finds nothing wrong.

    Returns:
        What the state holds of it afterwards.
    """
    checked = check(later, inputs, new_key="other", regions=cloud)
    differences = diff(outputs, checked.inputs)
    if refused(checked.problems) or differences.replaces or not differences.updates:
        cloud.tally["not changed"] += 1
        return outputs
    judged = check_change(checked.inputs, outputs, differences.updates, cloud)
    if refused(judged.problems):
        cloud.tally["change refused"] += 1
        return outputs
    instance_id = outputs["instance_id"]
    foreseen = preview_update(outputs, checked.inputs)
    warned |= {one.check for one in (*checked.problems, *judged.problems)}
    try:
        changed = update(instance_id, outputs, checked.inputs, cloud, QuietProgress())
    except CloneError as error:
        if not was_possible(error, warned):
            raise
        return outputs
    cloud.tally["changed"] += 1
    expect_foretold(foreseen, changed)
    assert not diff(changed, checked.inputs), "something is left to be changed"
    return changed


@pytest.mark.parametrize("part", range(PARTS))
def test_green_succeeds(cloud: Cloud, part: int) -> None:
    """
    Whatever preview accepts is made and changed as it says.

    RDSCLONE_CASES asks for more cases, RDSCLONE_SEED for others.
    """

    @settings(
        max_examples=CASES // PARTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @repeatable(SEED + part)
    @given(story=stories())
    def live(story: tuple[dict[str, Any], dict[str, Any]]) -> None:
        live_once(cloud, *story)

    cloud.tally.clear()
    live()

    assert min(cloud.tally[what] for what in COMMON) > (CASES // PARTS // 20), cloud.tally


def test_every_property_is_drawn() -> None:
    drawn = {
        leaf.path
        for leaf in leaves_of(CloneSpec)
        if any(leaf.path == p or leaf.path.startswith(f"{p}.") for p in VALUES)
    }

    assert {leaf.path for leaf in leaves_of(CloneSpec) if leaf.aspect} <= drawn
