"""
Every check on the real engine: a clone that it objects to, and the words it uses.

All bad clones speak in one preview, so three previews show all checks. The texts
stand in snapshots; RDSCLONE_SNAPSHOTS=write writes them anew.
"""

import json
import re
import time
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.judging import READ_PERMISSION
from pulumi_rdsclone.domain.problems import Severity
from rds_emulator import Emulator
from tests.support.snapshots import is_writing, read_snapshot, write_snapshot
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

_PREFIX = re.compile(r"(error|warning): (\S+ resource '[^']*' has a problem: )?")
ADVICE: Final = "inherited-access"
"""The warning that every short clone would get."""

_BY_SDK = {"input-form", "input-form missing"}
"""What a program with a generated SDK cannot even say."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

MYSQL: Mapping[str, Any] = {
    "source_instance_id": "rm-demo-mysql80",
    "restore_point": {"latest": "backup"},
}
SUBSCRIPTION = {"type": "Subscription", "period": "Month", "duration": 1}
SERVERLESS = {"payment": {"type": "Serverless"}}
LIMITS = {"min_rcu": 2, "max_rcu": 8}


def of(source: str, **changes: Any) -> dict[str, Any]:
    return {**MYSQL, "source_instance_id": f"rm-demo-{source}", **changes}


def by_time(source: str, time: str = "") -> dict[str, Any]:
    """
    Declare a clone of the demo's *source* as of *time*, else of its newest second.
    """
    return of(source, restore_point={"time": time} if time else {"latest": "time"})


def sized(source: str = "mysql80", /, **capacity: Any) -> dict[str, Any]:
    return of(source, capacity=capacity)


def placed(**network: Any) -> dict[str, Any]:
    return of("mysql80", network=network)


def reached(source: str = "mysql80", /, **accounts: Any) -> dict[str, Any]:
    """
    Declare a clone with *accounts*, each with a good password.
    """
    known = {name: {"password": "New-ci-1234", **a} for name, a in accounts.items()}
    return of(source, accounts=known)


_OF_SECRETS: Final = {"account-password"}
"""Secrets are not handed along, so one failing clone does not speak for another's."""


def errors(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """
    Return a clone for each way of being refused, named by check and case.
    """
    now = emulator.clock.now()

    def ago(**span: float) -> str:
        return f"{now - timedelta(**span):%Y-%m-%dT%H:%M:%SZ}"

    return {
        "input-form": {**MYSQL, "sourceInstanceID": "rm-demo-mysql80"},
        "input-form group": sized(storage_bg=200),
        "input-form missing": {"source_instance_id": "rm-demo-mysql80"},
        "input-form time": by_time("mysql80", "yesterday"),
        "input-form zone": by_time("mysql80", "2026-11-20T04:00:00"),
        "input-form step": sized(storage_gb=101),
        "skip-known": of("mysql80", checks={"skip": ["class-solt"]}),
        "skip-known required": of("mysql80", checks={"skip": ["source-exists"]}),
        "restore-point-form none": of("mysql80", restore_point={}),
        "restore-point-form two": of(
            "mysql80", restore_point={"latest": "time", "backup_id": "1000000107"}
        ),
        "restore-point-before": of(
            "mysql80", restore_point={"latest": "time", "before": ago(days=1)}
        ),
        "source-exists": of("nowhere"),
        "source-exists region": of("mysql80", region="cn-shanghai"),
        "source-primary": of("readonly"),
        "source-running": of("stopped"),
        "source-settled": of("migrating"),
        "source-imported": of("sqlserver-migration"),
        "source-unlocked manual": of("locked-manual"),
        "source-unlocked expired": of("locked-expired"),
        "source-unlocked restoration": of("locked-restoration"),
        "source-unlocked diskquota": of("locked-diskquota"),
        "source-paid": of("expired"),
        "network-inherited": of("classic"),
        "engine-known engine": of("ppas"),
        "engine-known version": of("version-unknown"),
        "mysql-57-basic": of("mysql57-basic"),
        "log-backup-on": by_time("no-log-backup"),
        "log-backup-edition": by_time("postgresql-basic"),
        "window-known": by_time("no-backup"),
        "time-in-window before": by_time("mysql80", ago(days=30)),
        "time-in-window after": by_time("mysql80", ago(hours=-1)),
        "time-in-window gap": by_time("sqlserver-log-gap", ago(hours=59)),
        "backup-exists": of("mysql80", restore_point={"backup_id": "1000000201"}),
        "backup-usable failed": of("mysql80", restore_point={"backup_id": "1000000105"}),
        "backup-usable logical": of("mysql80", restore_point={"backup_id": "1000000108"}),
        "backup-latest": of("no-backup"),
        "edition-sold": of("mysql80", edition="AlwaysOn"),
        "edition-sold source": of("edition-unsold"),
        "storage-type-sold": sized("mariadb106", storage_type="general_essd"),
        "zone-sells": of("zone-sold-out"),
        "zones-fit-edition": of(
            "mysql80", zones=["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"]
        ),
        "class-sold": sized(instance_class="mysql.n9.huge.2c"),
        "class-sold inherited": of("class-retired"),
        "storage-range": sized(storage_gb=65000),
        "storage-not-smaller": sized(storage_gb=50),
        "storage-type-change": sized("mysql57-local", storage_type="cloud_essd"),
        "disk-settings": sized(bursting=True, io_acceleration=True),
        "disk-settings local": of("postgresql-local", pg_hba=[{"method": "reject"}]),
        "essd-level": sized("mysql80-essd2", storage_type="cloud_essd"),
        "serverless-edition": of(
            "mysql80", edition="Basic", **SERVERLESS, capacity={"serverless": LIMITS}
        ),
        "serverless-class": of(
            "mysql80",
            **SERVERLESS,
            capacity={"serverless": LIMITS, "instance_class": "mysql.n2.small.2c"},
        ),
        "serverless-engine": of("mariadb106", **SERVERLESS, capacity={"serverless": LIMITS}),
        "serverless-least": of(
            "mysql80", **SERVERLESS, capacity={"serverless": {"min_rcu": 0.25, "max_rcu": 8}}
        ),
        "serverless-most": of(
            "mysql80", **SERVERLESS, capacity={"serverless": {"min_rcu": 8, "max_rcu": 33}}
        ),
        "serverless-step": of(
            "mysql80", **SERVERLESS, capacity={"serverless": {"min_rcu": 0.75, "max_rcu": 8}}
        ),
        "serverless-switches": of(
            "sqlserver2019", **SERVERLESS, capacity={"serverless": {**LIMITS, "auto_pause": True}}
        ),
        "serverless-storage": of(
            "mysql80", **SERVERLESS, capacity={"serverless": LIMITS, "storage_type": "cloud_essd2"}
        ),
        "serverless-limits": of("mysql80", **SERVERLESS),
        "serverless-range": of(
            "mysql80", **SERVERLESS, capacity={"serverless": {"min_rcu": 9, "max_rcu": 8}}
        ),
        "network-classic": placed(type="Classic"),
        "vpc-known": placed(vpc_id="vpc-nowhere", vswitch_ids=["vsw-demo-h"]),
        "vswitch-given": placed(vpc_id="vpc-demo-other"),
        "vswitch-exists": placed(vswitch_ids=["vsw-demo-other-h"]),
        "vswitch-zones": placed(vswitch_ids=["vsw-demo-j"]),
        "vswitch-room": placed(vswitch_ids=["vsw-demo-full"]),
        "address-form": placed(private_ip_address="10.0.0"),
        "address-free outside": placed(private_ip_address="10.9.9.9"),
        "address-free reserved": placed(private_ip_address="10.0.0.254"),
        "subscription-term none": of("mysql80", payment={"type": "Subscription"}),
        "subscription-term long": of("mysql80", payment={**SUBSCRIPTION, "duration": 10}),
        "term-without-subscription": of("mysql80", payment={"duration": 1}),
        "renewal-terms": of("mysql80", payment={"auto_renew": True}),
        "renewal-terms months": of(
            "mysql80", payment={**SUBSCRIPTION, "auto_renew": True, "auto_renew_months": 13}
        ),
        "price-limit": of("mysql80", max_price_per_hour=0.01),
        "deletion-protection-payment": of(
            "mysql80", payment=SUBSCRIPTION, deletion_protection=True
        ),
        "databases-engine": of("mariadb106", databases={"app": "app"}),
        "databases-engine tables": of("postgresql16", tables={"app.orders": "orders"}),
        "databases-engine names": of("sqlserver2022", databases={"app": "app2"}),
        "databases-exist": of("mysql57-local", databases={"shop": "shop"}),
        "databases-exist table": of(
            "mysql57-local", tables={"app.carts": "carts", "app.orders": "orders"}
        ),
        "databases-names": of("mysql57-local", databases={"app": "2nd app"}),
        "databases-names twins": of("mysql57-local", databases={"app": "one", "reporting": "one"}),
        "tables-form": of("mysql57-local", tables={"orders": "orders"}),
        "backup-listed": of("unlisted", databases={"app": "app"}),
        "description-form": of("mysql80", description="9 lives"),
        "tags-count": of("mysql80", tags={f"key-{n}": "v" for n in range(16)}),
        "tags-reserved": of("mysql80", tags={"acs:x": "y"}),
        "tag-key-length": of("mysql80", tags={"k" * 65: "v"}),
        "tag-value-form": of("mysql80", tags={"see": "https://example.com"}),
        "tag-value-form long": of("mysql80", tags={"see": "v" * 129}),
        "endpoint-name": of("mysql80", network={"connection_prefix": "db"}),
        "endpoint-names-differ": placed(
            connection_prefix="orders-a", public_endpoint=True, public_connection_prefix="orders-a"
        ),
        "endpoint-not-the-sources": placed(connection_prefix="rm-demo-mysql80"),
        "endpoint-port": of("mysql80", network={"port": 80}),
        "whitelist-addresses": of("mysql80", security_ips={"default": ["all"]}),
        "account-password": of("mysql80", accounts={"ci": {"password": "secret"}}),
        "whitelist-groups": of("mysql80", security_ips={"Office": ["10.0.0.1"]}),
        "whitelist-size": of("mysql80", security_ips={f"g{n}": ["10.0.0.1"] for n in range(200)}),
        "account-name": reached(ci_={}),
        "account-reserved": reached(root={}),
        "account-twins": reached(ci={}, Ci={}),
        "account-type": reached(ci={"type": "Sysadmin"}),
        "account-type-kept": reached(shop={"type": "Super"}),
        "account-limit": reached(one={"type": "Super"}, two={"type": "Super"}),
        "account-first": reached("sqlserver-empty", ci={}),
        "account-description": reached(ci={"description": "2nd"}),
        "account-privileges": reached(ci={"privileges": {"app": "DBOwner"}}),
        "account-privileges-type": reached(
            dba={"type": "Super", "privileges": {"app": "ReadOnly"}}
        ),
        "account-databases": reached(ci={"privileges": {"": "ReadOnly"}}),
        "account-revoke": reached("postgresql-granted", shop={"privileges": {"crm": "DBOwner"}}),
        "hba-count": of("postgresql16", pg_hba=[]),
        "hba-lines": of("postgresql16", pg_hba=[{"database": ""}]),
        "hba-ssl": of("postgresql16", pg_hba=[{"type": "hostssl"}]),
        "ssl-clients": of("postgresql16", ssl={"acl": "cert"}),
        "ssl-complete": of("mysql80", ssl={"ca_type": "custom"}),
        "engine-settings": of("mysql80", pg_hba=[{"method": "reject"}]),
        "parameter-known": of("mysql80", parameters={"conect_timeout": "60"}),
        "parameter-known fixed": of("postgresql16", parameters={"data_checksums": "off"}),
        "parameter-range": of("mysql80", parameters={"connect_timeout": "1h"}),
        "parameter-range words": of("postgresql16", parameters={"autovacuum": "ON"}),
        "parameter-restart": of("mysql80", parameters={"back_log": "50"}),
        "backup-days": of("mysql80", backup_policy={"days": ["Monday"]}),
        "backup-retention": of("mysql80", backup_policy={"retention_days": 731}),
        "log-retention": of("mysql80", backup_policy={"log_retention_days": 700}),
        "log-retention-engine": of("mariadb106", backup_policy={"log_retention_days": 7}),
        "log-backup-switch": of("sqlserver2022", backup_policy={"log_backup": False}),
        "window-form": of("mysql80", maintenance_window="at night"),
        "edition-settings": of("mysql80", edition="Basic", high_availability={"mode": "RPO"}),
        "monitoring-period": of("mysql80", monitoring_period=5),
        "kept-backups": of("mysql80", released_keep_policy="All"),
        "encryption-version": of("mysql55", encryption={}),
        "encryption-key": of("mysql80", encryption={"key": "key-1"}),
        "resource-group-form": of("mysql80", resource_group_id="staging"),
        "expiry-ahead": of("mysql80", expires_at="2006-01-01T00:00:00Z"),
        "one-expiry": of("mysql80", ttl="2h", expires_at="2099-01-01T00:00:00Z"),
    }


def warnings() -> dict[str, dict[str, Any]]:
    """
    Return a clone for each advice, named by its check.
    """
    return {
        "backup-fresh": of("old-backup"),
        "class-smaller": sized(instance_class="mysql.n2.small.2c"),
        "data-backup-on": of("no-data-backup"),
        "engine-newer": of("mysql84", checks={"skip": ["edition-sold", "class-sold"]}),
        "engine-undocumented": of("mariadb106", sql_audit=True),
        "source-cloning": of("cloning"),
        "source-expiry": of("expiring"),
        "source-idle": of("task-running"),
        "subscription-release": of("mysql80", payment=SUBSCRIPTION),
    }


def said(stack: Stack, severity: str) -> dict[str, list[str]]:
    """
    Preview, and return what is said of each clone, without what differs from run to run.
    """
    document = json.loads(stack.run("preview", "--json").text)
    lines: dict[str, list[str]] = {}
    for one in document["diagnostics"]:
        if one["severity"] == severity and f"{stack.type}::" in one.get("urn", ""):
            name = one["urn"].rpartition("::")[2]
            text = _PREFIX.sub("", one["message"].strip(), count=1)
            if text.startswith("Preview failed: "):
                continue  # the plugin's summary
            lines.setdefault(name, []).append(_INSTANT.sub("<instant>", text))
    return {name: sorted(lines[name]) for name in sorted(lines)}


def declare(stack: Stack, clones: Mapping[str, Mapping[str, Any]]) -> None:
    stack.write(
        f"for name, arguments in {dict(clones)!r}.items():\n"
        "    rdsclone.CloneInstance(name, **arguments)\n"
    )


def expect_snapshot(
    name: str, told: Mapping[str, list[str]], *, without: Collection[str] = ()
) -> None:
    """
    Compare *told* with the snapshot *name*, *without* some of its clones.
    """
    if is_writing():
        write_snapshot(name, told)
    noted = read_snapshot(name)
    assert {clone: noted[clone] for clone in noted if clone not in without} == told


def expect_own_check(told: Mapping[str, list[str]], clones: Mapping[str, Any]) -> None:
    assert set(clones) == set(told)
    for name, lines in told.items():
        assert any(line.endswith(f"({name.split()[0]})") for line in lines), lines
        for line in lines:
            assert not re.search(r"Traceback|None|\bGap\b|<[a-z_.]+ object", line), line


def ids(severity: Severity) -> set[str]:
    return {entry.id for entry in CHECKS if entry.severity is severity}


def test_every_error(stack: Stack, emulator: Emulator) -> None:
    emulator.add("rm-demo-unlisted", backups=[{"started": "now-1d", "meta_status": "LARGE"}])
    emulator.add(
        "rm-demo-postgresql-local",
        engine="PostgreSQL",
        storage_type="local_ssd",
        instance_class="rds.pg.s2.large",
    )
    emulator.add(
        "rm-demo-postgresql-granted",
        engine="PostgreSQL",
        databases={"app": [], "crm": []},
        accounts=[{"name": "shop", "password": "Old-shop-1", "privileges": {"app": "DBOwner"}}],
    )
    emulator.add("rm-demo-sqlserver-empty", engine="SQLServer", accounts=[])
    emulator.add("rm-demo-mysql55", engine_version="5.5")
    without = _BY_SDK if stack.border == "plugin" else _OF_SECRETS
    clones = {name: v for name, v in errors(emulator).items() if name not in without}
    declare(stack, clones)

    told = said(stack, "error")

    expect_own_check(told, clones)
    expect_snapshot("errors", told, without=without)
    covered = {name.split()[0] for name in clones}
    # Without any region nothing can be asked: test_refusals.py shows it. Which of two
    # clones is told that both want one thing depends on the engine: test_previews.py.
    # What is so for all clones together: test_programs.py.
    assert ids(Severity.ERROR) == covered - {"input-form", "skip-known"} | {
        *("region-known", "endpoint-twins", "address-twins"),
        *("vswitch-crowded", "instance-quota"),
        *_OF_SECRETS,
    }
    assert [] == emulator.journal.writes()


def test_secret_is_judged_and_not_told(stack: Stack, emulator: Emulator) -> None:
    declare(stack, {"weak": of("mysql80", accounts={"ci": {"password": "hushhush"}})})

    run = stack.preview()

    assert "account-password" in run.text
    assert "hushhush" not in run.text
    assert [] == emulator.journal.writes()


def test_every_warning(stack: Stack, emulator: Emulator) -> None:
    emulator.add("rm-demo-old-backup", backups=[{"started": "now-20d"}])
    emulator.add("rm-demo-cloning", status="INS_CLONING")
    emulator.add("rm-demo-mysql84", engine_version="8.4")
    stack.set_config(skipChecks=ADVICE)
    clones = warnings()
    declare(stack, clones)

    told = said(stack, "warning")

    expect_own_check(told, clones)
    expect_snapshot("warnings", told)
    assert ids(Severity.WARNING) == {name.split()[0] for name in clones} | {ADVICE}
    assert 0 == stack.preview().code


def test_advice_is_given_once_for_a_source(stack: Stack) -> None:
    sources = ("mysql80", "mysql80", "mysql80", "postgresql16")
    declare(stack, {f"clone-{n}": of(source) for n, source in enumerate(sources)})

    told = [line for lines in said(stack, "warning").values() for line in lines]

    first, second = told
    assert first == second
    assert first == (
        "securityIps: the clone inherits the whitelist and the database accounts with "
        "their passwords from the source — set securityIps and accountsExclusive, or "
        "add inherited-access to checks.skip (inherited-access)"
    )


@pytest.mark.parametrize("gating", [False, True])
def test_what_may_not_be_read(stack: Stack, emulator: Emulator, *, gating: bool) -> None:
    """
    Each denied read is told once, with its RAM action and what was not verified.

    It refuses only those who gate on it.
    """
    emulator.deny(
        "rds:DescribeBackupPolicy",
        "rds:DescribeLocalAvailableRecoveryTime",
        "rds:DescribeAvailableClasses",
        "vpc:DescribeVSwitches",
        "rds:DescribePrice",
    )
    stack.set_config(skipChecks=ADVICE)
    gate = {"checks": {"on_unverifiable": "fail"}} if gating else {}
    declare(stack, {name: {**by_time("mysql80"), **gate} for name in ("a", "b")})

    told = said(stack, "error" if gating else "warning")
    lines = sorted({line for lines in told.values() for line in lines})

    expect_snapshot("unverified", {"either": lines})
    assert all(line.endswith(f"({READ_PERMISSION})") for line in lines)
    assert len(lines) == sum(map(len, told.values())) or gating
    assert (0 if not gating else 1) == min(stack.preview().code, 1)


def test_deferred_checks_are_made_before_the_order(stack: Stack, emulator: Emulator) -> None:
    stack.set_config(skipChecks=ADVICE)
    stack.write(
        """
    first = rdsclone.CloneInstance(
        "first",
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "backup"},
    )
    rdsclone.CloneInstance(
        "second",
        source_instance_id="rm-demo-mysql80",
        restore_point={"backup_id": first.status},
        capacity={"instance_class": first.connection_string},
    )
    """
    )

    preview = stack.must(stack.preview())
    up = stack.up()

    assert re.search(r"second .*\d+ passed, \d+ deferred", preview.text), preview.text
    assert "rm-demo-mysql80 has no backup set Running" in up.text
    assert "(class-sold)" in up.text
    assert 1 == emulator.journal.count("CloneDBInstance")


def test_skipped_checks_leave_it_to_the_api(stack: Stack, emulator: Emulator) -> None:
    stack.set_config(skipChecks="mysql-57-basic")
    declare(stack, {"clone": {**of("mysql57-basic"), "checks": {"skip": ["class-smaller"]}}})

    preview = stack.must(stack.preview())
    up = stack.up()

    assert "skipped" in preview.text
    assert "(CloneDBInstance: IncorrectEngineVersion, " in up.text
    assert {} == stack.resources()
    assert [] == emulator.journal.writes()


def test_a_slow_answer_is_not_waited_for(stack: Stack, emulator: Emulator) -> None:
    emulator.delay("DescribeAvailableClasses", 20)
    stack.set_config(checkTimeout="1s", skipChecks=ADVICE)
    declare(stack, {name: dict(MYSQL) for name in ("a", "b", "c")})

    begun = time.monotonic()
    told = said(stack, "warning")
    took = time.monotonic() - begun
    (line,) = {line for lines in told.values() for line in lines}

    assert line == (
        "capacity.instanceClass: no answer came within 1s, so this was not verified: "
        "class-sold, storage-range — run again later (may-look)"
    )
    assert took < 15


def test_tag_without_a_value_follows_the_order(stack: Stack, emulator: Emulator) -> None:
    """
    The clone call refuses empty values: the clone gets such a tag when it runs.
    """
    declare(stack, {"clone": of("mysql80", tags={"team": "data", "shared": ""})})

    stack.must(stack.up())
    stack.must(stack.preview("--expect-no-changes"))

    (order,) = emulator.journal.calls("CloneDBInstance")
    assert "shared" not in order.parameters.values()
    (clone,) = (one for one in emulator.instances() if "shared" in one.tags)
    assert {"team": "data", "shared": ""}.items() <= clone.tags.items()
