"""
Values that many tests begin with: one healthy source, one complete specification.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from typing import Any, Final

from pulumi_rdsclone.domain.accounts import DatabaseAccount
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.backups import BackupPolicy, BackupSet, Contents, RecoveryWindow, Span
from pulumi_rdsclone.domain.changes import AspectChange, fields_in
from pulumi_rdsclone.domain.demand import Demand
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.market import ClassOffer, OfferQuery, Price, VSwitch, ZoneOffer
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.spec import Capacity, CloneSpec, Network, Payment

NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)

SOURCE: Final = Instance(
    id="rm-source",
    region="cn-hangzhou",
    status="Running",
    lock_mode="Unlock",
    role="Primary",
    engine="MySQL",
    engine_version="8.0",
    edition="HighAvailability",
    zones=("cn-hangzhou-h", "cn-hangzhou-i"),
    instance_class="mysql.n2.medium.2c",
    storage_gb=100,
    storage_type="cloud_essd",
    payment="PayAsYouGo",
    network_type="VPC",
    description="the_source",
    deletion_protection=False,
    vpc_id="vpc-1",
    vswitch_ids=("vsw-1",),
    connection_string="rm-source.mysql.rds.aliyuncs.com",
    port=3306,
    created=NOW - timedelta(days=90),
)

NEWEST_SET: Final = BackupSet(
    id="103", succeeded=True, available=True, method="Physical", ended=NOW - timedelta(hours=12)
)
OLDER_SET: Final = replace(NEWEST_SET, id="102", ended=NOW - timedelta(hours=36))
FAILED_SET: Final = replace(NEWEST_SET, id="104", succeeded=False, ended=NOW - timedelta(hours=6))
LOGICAL_SET: Final = replace(NEWEST_SET, id="105", method="Logical", ended=NOW - timedelta(hours=5))
WITHDRAWN_SET: Final = replace(
    NEWEST_SET, id="106", available=False, ended=NOW - timedelta(hours=4)
)
BACKUP_SETS: Final = (OLDER_SET, NEWEST_SET, FAILED_SET, LOGICAL_SET, WITHDRAWN_SET)

WINDOW: Final = RecoveryWindow((Span(NOW - timedelta(days=7), NOW),))
POLICY: Final = BackupPolicy(data=True, log=True, retention_days=7)

ZONE_OFFERS: Final = tuple(
    ZoneOffer(zone=zone, edition=edition, storage_type=storage_type)
    for zone in ("cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j")
    for edition, storage_type in (
        ("Basic", "cloud_essd"),
        ("HighAvailability", "local_ssd"),
        ("HighAvailability", "cloud_essd"),
        ("HighAvailability", "cloud_essd2"),
        ("cluster", "cloud_essd"),
        ("serverless_basic", "cloud_essd"),
        ("serverless_standard", "cloud_essd"),
    )
)
CLASS_OFFERS: Final = tuple(
    ClassOffer(name=name, least_gb=20, most_gb=2000, step_gb=5)
    for name in (
        "mysql.n2.small.2c",
        "mysql.n2.medium.2c",
        "mysql.n2.large.2c",
        "mysql.n4.medium.2c",
        "mysql.n2.serverless.2c",
    )
)
VSWITCHES: Final = (
    VSwitch(id="vsw-1", zone="cn-hangzhou-h", cidr=IPv4Network("10.0.0.0/24"), free=200),
    VSwitch(id="vsw-2", zone="cn-hangzhou-i", cidr=IPv4Network("10.0.1.0/24"), free=100),
)
CONTENTS: Final = Contents(
    databases=frozenset({"shop", "crm"}), tables=frozenset({"shop.orders", "shop.customers"})
)
PRICE: Final = Price(amount=1.25, currency="CNY", per="hour")
PARAMETER_TEMPLATES: Final = (
    ParameterTemplate(name="wait_timeout", allowed="[1-31536000]", modifiable=True, restarts=False),
    ParameterTemplate(name="long_query_time", allowed="[0.03-30]", modifiable=True, restarts=False),
    ParameterTemplate(
        name="sql_mode", allowed="(ANSI|TRADITIONAL)*", modifiable=True, restarts=False
    ),
    ParameterTemplate(name="event_scheduler", allowed="[ON|OFF]", modifiable=True, restarts=False),
    ParameterTemplate(name="back_log", allowed="[10-3000]", modifiable=True, restarts=True),
    ParameterTemplate(
        name="innodb_page_size", allowed="[4096|8192]", modifiable=False, restarts=True
    ),
)
SOURCE_PARAMETERS: Final = {"wait_timeout": "86400", "back_log": "2000"}

ACCOUNTS: Final = {
    "owner": DatabaseAccount(type="Super"),
    "shop": DatabaseAccount(type="Normal", privileges={"app": "ReadWrite"}),
}

FACTS: Final = Facts(
    exists=True,
    source=SOURCE,
    backup_policy=POLICY,
    backup_sets=BACKUP_SETS,
    window=WINDOW,
    migrations=(),
    tasks=(),
    zone_offers=ZONE_OFFERS,
    class_offers=CLASS_OFFERS,
    vswitches=VSWITCHES,
    contents=CONTENTS,
    price=PRICE,
    price_per_hour=PRICE,
    parameter_templates=PARAMETER_TEMPLATES,
    source_parameters=SOURCE_PARAMETERS,
    accounts=ACCOUNTS,
    others=(),
    adopts=False,
    instances=3,
    demand=Demand(
        vswitch_id="vsw-1", free=2, placed=("clone",), ordered=("clone",), instances=3, quota=4
    ),
    now=NOW,
)
"""Everything that can be learnt of the healthy source."""

HBA_RULE: Final = {
    "type": "host",
    "database": "all",
    "user": "all",
    "address": "10.0.0.0/8",
    "method": "md5",
}

LEAVES: Final[Mapping[str, tuple[Any, Any]]] = {
    "source_instance_id": ("rm-source", "rm-other"),
    "restore_point.time": ("2026-11-20T04:00:00Z", "2026-11-20T05:00:00Z"),
    "restore_point.backup_id": ("102", "103"),
    "restore_point.latest": ("backup", "time"),
    "restore_point.before": ("2026-11-20T01:00:00Z", "2026-11-20T02:00:00Z"),
    "region": ("cn-hangzhou", "cn-shanghai"),
    "edition": ("HighAvailability", "cluster"),
    "zones": (["cn-hangzhou-h"], ["cn-hangzhou-i"]),
    "capacity.instance_class": ("mysql.n2.medium.2c", "mysql.n4.medium.2c"),
    "capacity.storage_gb": (100, 105),
    "capacity.storage_type": ("cloud_essd", "cloud_essd2"),
    "capacity.bursting": (False, True),
    "capacity.io_acceleration": (False, True),
    "capacity.dedicated_host_group_id": ("dhg-1", "dhg-2"),
    "capacity.serverless.min_rcu": (0.5, 1.0),
    "capacity.serverless.max_rcu": (8.0, 16.0),
    "capacity.serverless.auto_pause": (False, True),
    "capacity.serverless.switch_force": (False, True),
    "network.type": ("VPC", "Classic"),
    "network.vpc_id": ("vpc-1", "vpc-2"),
    "network.vswitch_ids": (["vsw-1"], ["vsw-2"]),
    "network.private_ip_address": ("10.0.0.7", "10.0.0.8"),
    "network.connection_prefix": ("staging-orders", "testing-orders"),
    "network.port": (3306, 3307),
    "network.public_endpoint": (False, True),
    "network.public_connection_prefix": ("staging-public", "testing-public"),
    "network.public_port": (3306, 3307),
    "payment.type": ("Subscription", "Serverless"),
    "payment.period": ("Month", "Year"),
    "payment.duration": (1, 2),
    "payment.auto_pay": (True, False),
    "payment.auto_renew": (False, True),
    "payment.auto_renew_months": (1, 2),
    "max_price_per_hour": (2.5, 3.0),
    "databases": ({"crm": "crm"}, {"crm": "clients"}),
    "tables": ({"shop.orders": "orders"}, {"shop.orders": "sales"}),
    "security_ips": ({"default": ["10.0.0.0/8"]}, {"office": ["10.1.2.3"]}),
    "accounts": ({"ci": {"password": "One-1234"}}, {"ci": {"password": "Two-1234"}}),
    "accounts_exclusive": (False, True),
    "ssl.enabled": (True, False),
    "ssl.ca_type": ("aliyun", "custom"),
    "ssl.server_cert": ("one", "two"),
    "ssl.server_key": ("one", "two"),
    "ssl.client_ca_cert": ("one", "two"),
    "ssl.client_cert_revocation_list": ("one", "two"),
    "ssl.acl": ("cert", "prefer"),
    "ssl.replication_acl": ("cert", "prefer"),
    "ssl.force_encryption": (False, True),
    "ssl.tls_version": ("1.1", "1.2"),
    "encryption.enabled": (True, False),
    "encryption.key": ("key-1", "key-2"),
    "encryption.role_arn": ("acs:ram::1:role/a", "acs:ram::1:role/b"),
    "parameters": ({"wait_timeout": "60"}, {"wait_timeout": "70"}),
    "allow_restart": (False, True),
    "pg_hba": ([HBA_RULE], [{**HBA_RULE, "method": "reject"}]),
    "high_availability.mode": ("RPO", "RTO"),
    "high_availability.sync_mode": ("Async", "Semi-sync"),
    "tcp_connection_type": ("SHORT", "LONG"),
    "backup_policy.days": (["Monday", "Thursday"], ["Tuesday", "Friday"]),
    "backup_policy.time": ("02:00Z-03:00Z", "03:00Z-04:00Z"),
    "backup_policy.retention_days": (7, 8),
    "backup_policy.log_backup": (True, False),
    "backup_policy.log_retention_days": (7, 8),
    "sql_audit": (False, True),
    "monitoring_period": (60, 300),
    "minor_version_upgrade": ("Auto", "Manual"),
    "resource_group_id": ("rg-1", "rg-2"),
    "maintenance_window": ("18:00Z-22:00Z", "02:00Z-03:00Z"),
    "description": ("staging", "testing"),
    "tags": ({"team": "data"}, {"team": "web"}),
    "deletion_protection": (False, True),
    "refresh_trigger": ("one", "two"),
    "ttl": ("1h", "2h"),
    "expires_at": ("2026-11-21T04:00:00Z", "2026-11-22T04:00:00Z"),
    "on_delete": ("release", "retain"),
    "released_keep_policy": ("Latest", "All"),
    "adopt": ("interrupted", "always"),
    "create_timeout": ("1h", "2h"),
    "checks.skip": (["source-idle"], ["backup-fresh"]),
    "checks.on_unverifiable": ("warn", "fail"),
}
"""Every leaf of a specification with a value and another one, both normalised."""


OFFER_QUERY: Final = OfferQuery(
    engine="MySQL",
    engine_version="8.0",
    edition="HighAvailability",
    zone="cn-hangzhou-h",
    storage_type="cloud_essd",
)
_ORDER: Final = CloneOrder(
    source_instance_id="rm-source",
    restore_time=None,
    backup_id=None,
    edition=None,
    zones=(),
    capacity=Capacity(),
    storage_type="cloud_essd",
    network=Network(),
    payment=Payment(),
    description=None,
    deletion_protection=False,
    tags={},
    token="token-1",  # noqa: S106 - no secret
)


def order(**changes: Any) -> CloneOrder:
    """
    Return the shortest order of a clone, changed by *changes*.
    """
    return replace(_ORDER, **changes)


def alteration(
    aspect: Aspect,
    new: Mapping[str, Any],
    old: Mapping[str, Any] | AspectReading | None = None,
    **instance: Any,
) -> AspectChange:
    """
    Return the change of *aspect* to *new*, of a source changed by *instance*.
    """
    wanted = {field.path: new.get(field.path) for field in fields_in({aspect})}
    return AspectChange(
        instance=replace(SOURCE, **instance),
        aspect=aspect,
        old=old if isinstance(old, AspectReading) else AspectReading(fields=old or {}),
        new=wanted,
    )


def with_value(tree: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """
    Return a copy of *tree* that holds *value* at the dotted *path*.
    """
    copy = deepcopy(dict(tree))
    group = copy
    *groups, last = path.split(".")
    for step in groups:
        group = group.setdefault(step, {})
    group[last] = value
    return copy


def without_value(tree: Mapping[str, Any], path: str) -> dict[str, Any]:
    """
    Return a copy of *tree* that holds nothing at the dotted *path*.
    """
    copy = deepcopy(dict(tree))
    group = copy
    *groups, last = path.split(".")
    for step in groups:
        group = group[step]
    del group[last]
    return copy


def complete() -> dict[str, Any]:
    """
    Return a tree in which every leaf has its first value.
    """
    tree: dict[str, Any] = {}
    for path, (value, _) in LEAVES.items():
        tree = with_value(tree, path, value)
    return tree


def values(**changes: object) -> dict[str, Any]:
    """
    Return the shortest valid inputs, changed by *changes*.
    """
    return {"source_instance_id": "rm-source", "restore_point": {"latest": "time"}, **changes}


def read(tree: Mapping[str, Any]) -> CloneSpec:
    """
    Read a tree that is well-formed.
    """
    parsed = parse(dict(tree))
    assert not parsed.problems, parsed.problems
    return parsed.spec
