from typing import Any, Final

from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.neighbours import neighbour_of
from pulumi_rdsclone.domain.problems import quoted
from tests.domain.checks.rows import Row, clone, fails, knowing, passes, placed, rule, source
from tests.domain.samples import FACTS, with_value

UNDOCUMENTED: Final = clone(ssl={"enabled": True}, sql_audit=True)

NAME: Final = "use 5 to 40 letters, digits and hyphens; start with a letter"
POSTGRES: Final = source(engine="PostgreSQL", engine_version="16.0")


def beside(**others: Any) -> Facts:
    """
    Return the healthy facts, and another clone of the program.
    """
    neighbour = neighbour_of("other", {"region": "cn-hangzhou", **others}, region=None)
    return knowing(others=(neighbour,))


SQL_SERVER: Final = source(engine="SQLServer")
OLD_MYSQL: Final = source(engine_version="5.5")


def classed(name: str) -> dict[str, Any]:
    return {"capacity": {"instance_class": name}}


EIGHT_GB: Final = classed("mysql.n4.medium.2c")


def measured(period: int, **changes: Any) -> dict[str, Any]:
    return clone(monitoring_period=period, **changes)


PRIVATE: Final = {"connection_prefix": "orders"}
PUBLIC: Final = {"public_endpoint": True, "public_connection_prefix": "orders"}
OLD: Final = classed("rds.mysql.s2.large")
LARGE: Final = classed("mssql.x4.large.s2")
MEDIUM: Final = classed("mssql.x4.medium.s2")
BASIC: Final = {"edition": "Basic"}
CLUSTER: Final = {"edition": "cluster", **EIGHT_GB}
HA_4GB: Final = "HighAvailability on mysql.n2.medium.2c"
HA_8GB: Final = "HighAvailability on mysql.n4.medium.2c"
HA_OLD: Final = "HighAvailability on rds.mysql.s2.large"
HA_LARGE: Final = "HighAvailability on mssql.x4.large.s2"
HA_MEDIUM: Final = "HighAvailability on mssql.x4.medium.s2"
CLUSTER_8GB: Final = "cluster on mysql.n4.medium.2c"
ROWS: list[Row] = []

ROWS += rule(
    "endpoint-name",
    passes("none"),
    passes("short", placed(connection_prefix="a1-b2")),
    passes("long", placed(public_connection_prefix="a" * 40)),
    *(
        fails(case, placed(**{field: text})).says(
            f"{quoted(text)} is not a prefix of an endpoint", NAME, path=f"network.{field}"
        )
        for field, text, case in (
            ("connection_prefix", "abcd", "too short"),
            ("connection_prefix", "a" * 41, "too long"),
            ("connection_prefix", "1abcd", "a digit first"),
            ("public_connection_prefix", "a_bcd", "an underscore"),
        )
    ),
)
ROWS += rule(
    "endpoint-names-differ",
    passes("none"),
    passes("a private one alone", placed(connection_prefix="a" * 40)),
    passes(
        "two names",
        placed(
            connection_prefix="orders-a", public_endpoint=True, public_connection_prefix="orders-b"
        ),
    ),
    passes("a short one for both", placed(connection_prefix="a" * 33, public_endpoint=True)),
    fails(
        "the same",
        placed(
            connection_prefix="orders-a", public_endpoint=True, public_connection_prefix="Orders-A"
        ),
    ).says(
        "the private endpoint has the same prefix 'Orders-A'",
        "use another prefix, or remove network.public_connection_prefix",
        path="network.public_connection_prefix",
    ),
    fails("too long for both", placed(connection_prefix="a" * 34, public_endpoint=True)).says(
        f"'{'a' * 34}' with -public, the default prefix of the public "
        "endpoint, has more than 40 characters",
        "set network.public_connection_prefix, or use a shorter prefix",
    ),
)
ROWS += rule(
    "endpoint-not-the-sources",
    passes("none"),
    passes("another", placed(connection_prefix="rm-source-2")),
    *(
        fails(field, placed(**{field: "RM-source"})).says(
            "the prefix 'RM-source' is already used by the source",
            "use another prefix",
            path=f"network.{field}",
        )
        for field in ("connection_prefix", "public_connection_prefix")
    ),
)
ROWS += rule(
    "endpoint-twins",
    passes("nobody declares it", placed(connection_prefix="orders")),
    passes("another name", placed(**PRIVATE), beside(network={"connection_prefix": "orders-2"})),
    passes("another region", placed(**PRIVATE), beside(region="cn-beijing", network=PRIVATE)),
    passes(
        "a public name without a public endpoint",
        placed(**PRIVATE),
        beside(network={"public_connection_prefix": "orders"}),
    ),
    *(
        fails(case, placed(**mine), beside(network=theirs)).says(
            f"an endpoint of the clone 'other' has the same prefix '{name}'",
            "choose another prefix for one of them",
            path=f"network.{kind}_prefix",
        )
        for case, mine, theirs, name, kind in (
            ("the private ones", PRIVATE, {"connection_prefix": "Orders"}, "orders", "connection"),
            ("mine like their public one", PRIVATE, PUBLIC, "orders", "connection"),
            ("my public one like theirs", PUBLIC, PRIVATE, "orders", "public_connection"),
        )
    ),
    fails(
        "the name that my public one gets",
        placed(public_endpoint=True, **PRIVATE),
        beside(network={"connection_prefix": "orders-public"}),
    ).says(
        "an endpoint of the clone 'other' has the same prefix 'orders-public'",
        "choose another prefix for one of them",
        path="network.public_endpoint",
    ),
)
ROWS += rule(
    "endpoint-port",
    passes("none"),
    passes("MySQL's last", placed(port=65534)),
    passes("the first", placed(public_port=1000)),
    fails("too low", placed(port=999)).says("MySQL does not accept port 999", "use 1000 to 65534"),
    fails("too high for PostgreSQL", placed(public_port=6000), POSTGRES).says(
        "PostgreSQL does not accept port 6000", "use 1000 to 5999", path="network.public_port"
    ),
)
ROWS += rule(
    "ssl-complete",
    passes("none"),
    passes("the cloud's own", clone(ssl={})),
    passes("off", clone(ssl={"enabled": False, "acl": "cert"})),
    passes("custom", clone(ssl={"ca_type": "custom", "server_cert": "c", "server_key": "k"})),
    fails("no key", clone(ssl={"ca_type": "custom", "server_cert": "c"})).says(
        "ssl.ca_type custom needs ssl.server_cert and ssl.server_key", "set both"
    ),
    fails(
        "a certificate that is not shown", clone(ssl={"server_cert": "c", "server_key": "k"})
    ).says(
        "ssl.server_cert and ssl.server_key are only used with ssl.ca_type custom",
        "set ssl.ca_type to custom, or remove ssl.server_cert and ssl.server_key",
    ),
)
ROWS += rule(
    "ssl-clients",
    passes("none"),
    passes("off", clone(ssl={"enabled": False, "acl": "cert"})),
    passes("verified", clone(ssl={"acl": "cert", "client_ca_cert": "c"})),
    fails("no authority", clone(ssl={"acl": "cert"})).says(
        "client certificates would be verified, but no CA certificate is set",
        "set ssl.client_ca_cert",
    ),
)
ROWS += rule(
    "engine-settings",
    passes("none"),
    passes("MySQL's", clone(high_availability={"mode": "RTO"})),
    passes("PostgreSQL's", clone(pg_hba=[{}]), POSTGRES),
    fails("PostgreSQL's on MySQL", clone(pg_hba=[{}], ssl={"acl": "cert"})).says(
        "MySQL does not support ssl.acl, pg_hba",
        "remove ssl.acl, pg_hba, or clone an instance of another engine",
        path="ssl.acl",
    ),
    *(
        passes(case, clone(**inputs), source(engine=engine))
        for engine, case, inputs in (
            ("PostgreSQL", "a monitoring period", {"monitoring_period": 60}),
            ("MySQL", "an own certificate", {"ssl": {"server_cert": "c"}}),
            ("PostgreSQL", "nothing unencrypted", {"ssl": {"force_encryption": True}}),
            ("MySQL", "only encrypted", {"ssl": {"force_encryption": True}}),
            ("MariaDB", "SSL", {"ssl": {"enabled": True}}),
            ("MariaDB", "the audit", {"sql_audit": True}),
        )
    ),
)
ROWS += rule(
    "engine-undocumented",
    *(
        passes(engine, UNDOCUMENTED, source(engine=engine))
        for engine in ("MySQL", "PostgreSQL", "SQLServer")
    ),
    passes("nothing", facts=source(engine="MariaDB")),
    fails("MariaDB", UNDOCUMENTED, source(engine="MariaDB")).says(
        "the documentation of RDS does not say that MariaDB supports ssl.enabled, sql_audit",
        "remove ssl.enabled, sql_audit if RDS refuses it, or add "
        "engine-undocumented to checks.skip",
        path="ssl.enabled",
    ),
)
ROWS += rule(
    "edition-settings",
    passes("none"),
    passes("what MySQL has", clone(encryption={})),
    passes("not on", clone(edition="Basic", encryption={"enabled": False})),
    *(
        fails(f"{path} of {edition}", with_value(clone(edition=edition), path, value)).says(
            f"MySQL {edition} does not support {path}",
            f"remove {path}, or choose another edition",
            path=path,
        )
        for path, edition, value in (
            ("encryption.enabled", "Basic", True),
            ("encryption.enabled", "Finance", True),
            ("encryption.enabled", "serverless_basic", True),
            ("high_availability.mode", "Basic", "RPO"),
            ("high_availability.mode", "serverless_basic", "RPO"),
            ("high_availability.sync_mode", "Finance", "Async"),
        )
    ),
)
ROWS += rule(
    "monitoring-period",
    passes("none"),
    *(
        passes(case, measured(period, **changes), facts)
        for case, period, changes, facts in (
            ("MySQL, 60", 60, {}, FACTS),
            ("MySQL, 5 with 8 GB", 5, EIGHT_GB, FACTS),
            ("MySQL, 5 with an unknown memory", 5, classed("mysql.st.v52"), FACTS),
            ("MySQL Basic, 300", 300, BASIC, FACTS),
            ("MySQL cluster, 60", 60, {"edition": "cluster"}, FACTS),
            ("MariaDB", 10, {}, source(engine="MariaDB")),
            ("SQL Server, 60", 60, MEDIUM, SQL_SERVER),
            ("SQL Server, 10 on four cores", 10, LARGE, SQL_SERVER),
        )
    ),
    *(
        fails(case, measured(period, **changes), facts).says(
            f"{what} does not support a monitoring period of {period} seconds", f"use {remedy}"
        )
        for case, period, changes, facts, what, remedy in (
            ("MySQL, 5 with 4 GB", 5, {}, FACTS, f"MySQL {HA_4GB}", "60 or 300"),
            ("MySQL, 5 with an old class", 5, OLD, FACTS, f"MySQL {HA_OLD}", "60 or 300"),
            ("MySQL, 10", 10, EIGHT_GB, FACTS, f"MySQL {HA_8GB}", "5, 60 or 300"),
            ("MySQL Basic", 60, BASIC, FACTS, "MySQL Basic on mysql.n2.medium.2c", "300"),
            ("MySQL cluster, 5", 5, CLUSTER, FACTS, f"MySQL {CLUSTER_8GB}", "60 or 300"),
            ("SQL Server, 5", 5, LARGE, SQL_SERVER, f"SQLServer {HA_LARGE}", "10, 60 or 300"),
            ("SQL Server, 10", 10, MEDIUM, SQL_SERVER, f"SQLServer {HA_MEDIUM}", "60 or 300"),
        )
    ),
    fails(
        "MySQL Basic, serverless",
        measured(60, payment={"type": "Serverless"}, edition="serverless_basic"),
    ).says(
        "MySQL serverless_basic on mysql.n2.serverless.1c does not "
        "support a monitoring period of 60 seconds",
        "use 300",
    ),
)
ROWS += rule(
    "kept-backups",
    passes("none"),
    passes("none kept", clone(released_keep_policy="None")),
    passes(
        "of a local disk", clone(released_keep_policy="All"), facts=source(storage_type="local_ssd")
    ),
    fails("of a cloud disk", clone(released_keep_policy="Latest")).says(
        "backup sets of a released clone cannot be kept for MySQL on cloud_essd",
        "remove released_keep_policy; the backup sets of the source are not affected",
    ),
    fails(
        "of PostgreSQL",
        clone(released_keep_policy="All"),
        facts=source(engine="PostgreSQL", engine_version="16.0", storage_type="local_ssd"),
    ).says(
        "backup sets of a released clone cannot be kept for PostgreSQL on local_ssd",
        "remove released_keep_policy; the backup sets of the source are not affected",
    ),
)
ROWS += rule(
    "encryption-version",
    passes("none", facts=OLD_MYSQL),
    passes("MySQL 8.0", clone(encryption={})),
    passes("off", clone(encryption={"enabled": False}), OLD_MYSQL),
    passes("another engine", clone(encryption={}), source(engine="PostgreSQL")),
    fails("MySQL 5.5", clone(encryption={}), OLD_MYSQL).says(
        "MySQL 5.5 does not support encryption.enabled",
        "remove encryption, or clone an instance of a newer version",
    ),
)
ROWS += rule(
    "encryption-key",
    passes("none"),
    passes("the cloud's own", clone(encryption={})),
    passes("both", clone(encryption={"key": "k", "role_arn": "acs:r"})),
    fails("a key alone", clone(encryption={"key": "k"})).says(
        "encryption.key is set without encryption.role_arn",
        "set encryption.role_arn to the RAM role that lets RDS use the key",
    ),
    fails("a role alone", clone(encryption={"role_arn": "acs:r"})).says(
        "encryption.role_arn is set without encryption.key",
        "set encryption.key, or remove encryption.role_arn",
        path="encryption.role_arn",
    ),
)
ROWS += rule(
    "resource-group-form",
    passes("none"),
    passes("one", clone(resource_group_id="rg-acfmy1")),
    *(
        fails(case, clone(resource_group_id=text)).says(
            f"{quoted(text)} is not an id of a resource group",
            "write an id like rg-acfmxazb4ph6aiy",
        )
        for text, case in (
            ("", "nothing"),
            ("my group", "a name"),
            ("rg-", "a prefix alone"),
            ("RG-acfmy1", "capital letters"),
        )
    ),
)
ROWS += rule(
    "window-form",
    passes("none"),
    passes("a window", clone(maintenance_window="23:59Z-00:59Z")),
    fails("no zone", clone(maintenance_window="18:00-22:00")).says(
        "'18:00-22:00' is not a time window", "write a window like 18:00Z-22:00Z"
    ),
    fails("no hour", clone(backup_policy={"time": "24:00Z-01:00Z"})).says(
        "'24:00Z-01:00Z' is not a time window",
        "write a window like 18:00Z-22:00Z",
        path="backup_policy.time",
    ),
)
ROWS += rule(
    "one-expiry",
    passes("none"),
    passes("a time", clone(ttl="48h")),
    fails("both", clone(ttl="48h", expires_at="2099-01-01T00:00:00Z")).says(
        "ttl and expires_at are both set", "remove one of them"
    ),
)
ROWS += rule(
    "expiry-ahead",
    passes("none"),
    passes("a second", clone(expires_at="2026-11-20T12:00:01Z")),
    passes("far", clone(expires_at="2126-11-20T00:00:00Z")),
    *(
        fails(case, clone(expires_at=text)).says(
            f"{text} {what}", "set a time in the future, or remove expires_at"
        )
        for text, what, case in (
            ("2026-11-20T12:00:00Z", "is in the past", "now"),
            ("2006-11-20T12:00:00Z", "is in the past", "long ago"),
            ("9999-01-01T00:00:00Z", "is more than a hundred years in the future", "absurd"),
        )
    ),
)
