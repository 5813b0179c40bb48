from dataclasses import replace
from typing import Any, Final

from tests.domain.checks.rows import Rows, clone, fails, knowing, passes
from tests.domain.samples import SOURCE

NAME: Final = "use 5 to 40 letters, digits and hyphens, a letter first"
POSTGRES: Final = replace(SOURCE, engine="PostgreSQL", engine_version="16.0")
STRONG: Final = (
    "use 8 to 32 characters of three kinds at least: capital letters, small letters, "
    "digits, characters such as !@#$%"
)


def network(**fields: Any) -> dict[str, Any]:
    """
    Ask for a network.
    """
    return clone(network=fields)


def account(password: str) -> dict[str, Any]:
    """
    Ask for an account.
    """
    return clone(accounts={"ci": {"password": password}})


ROWS: Final[Rows] = (
    passes("endpoint-name", "none"),
    passes("endpoint-name", "short", network(connection_prefix="a1-b2")),
    passes("endpoint-name", "long", network(public_connection_prefix="a" * 40)),
    *(
        fails(
            "endpoint-name",
            case,
            network(**{field: text}),
            what=f"{text!r} is no name of an endpoint",
            remedy=NAME,
            path=f"network.{field}",
        )
        for field, text, case in (
            ("connection_prefix", "abcd", "too short"),
            ("connection_prefix", "a" * 41, "too long"),
            ("connection_prefix", "1abcd", "a digit first"),
            ("public_connection_prefix", "a_bcd", "an underscore"),
        )
    ),
    passes("endpoint-port", "none"),
    passes("endpoint-port", "MySQL's last", network(port=65534)),
    passes("endpoint-port", "the first", network(public_port=1000)),
    fails(
        "endpoint-port",
        "too low",
        network(port=999),
        what="MySQL does not take the port 999",
        remedy="use 1000 to 65534",
    ),
    fails(
        "endpoint-port",
        "too high for PostgreSQL",
        network(public_port=6000),
        what="PostgreSQL does not take the port 6000",
        remedy="use 1000 to 5999",
        path="network.public_port",
        facts=knowing(source=POSTGRES),
    ),
    passes("whitelist-addresses", "none"),
    passes(
        "whitelist-addresses",
        "addresses and blocks",
        clone(security_ips={"default": ["10.1.2.3", "0.0.0.0/0"], "empty": []}),
    ),
    *(
        fails(
            "whitelist-addresses",
            case,
            clone(security_ips={"web": [text]}),
            what=f"{text!r} in web is no IPv4 address or CIDR block",
            remedy="write it as 10.1.2.3 or 10.0.0.0/8",
        )
        for text, case in (
            ("example.com", "a host"),
            ("10.1.2.3/8", "bits behind the mask"),
            ("::1", "IPv6"),
            ("10.1.2", "too short"),
        )
    ),
    passes("account-password", "none"),
    passes("account-password", "three kinds", account("Abcdefg1")),
    passes("account-password", "special ones", account("abc-1234")),
    *(
        fails(
            "account-password",
            case,
            account(text),
            what="the password of ci is not one that RDS takes",
            remedy=STRONG,
        )
        for text, case in (
            ("Abcdef1", "too short"),
            ("A1a" * 11, "too long"),
            ("abcdefg1", "two kinds"),
            ("Abcdef 1", "a space"),
        )
    ),
    passes("ssl-complete", "none"),
    passes("ssl-complete", "the cloud's own", clone(ssl={})),
    passes("ssl-complete", "off", clone(ssl={"enabled": False, "acl": "cert"})),
    passes(
        "ssl-complete",
        "custom",
        clone(ssl={"ca_type": "custom", "server_cert": "c", "server_key": "k"}),
    ),
    passes(
        "ssl-complete", "clients", clone(ssl={"acl": "cert", "client_ca_cert": "c"})
    ),
    fails(
        "ssl-complete",
        "no key",
        clone(ssl={"ca_type": "custom", "server_cert": "c"}),
        what="a custom certificate is missing, or its key",
        remedy="give both server_cert and server_key",
    ),
    fails(
        "ssl-complete",
        "no authority",
        clone(ssl={"acl": "cert"}),
        what="clients are to be verified, and nothing says by whose signature",
        remedy="give client_ca_cert",
    ),
    passes("engine-settings", "none"),
    passes("engine-settings", "MySQL's", clone(high_availability={"mode": "RTO"})),
    passes(
        "engine-settings",
        "PostgreSQL's",
        clone(pg_hba=[{}]),
        facts=knowing(source=POSTGRES),
    ),
    fails(
        "engine-settings",
        "PostgreSQL's on MySQL",
        clone(pg_hba=[{}], ssl={"acl": "cert"}),
        what="MySQL does not have ssl.acl, pg_hba",
        remedy="leave that out, or clone an instance of another engine",
        path="ssl.acl",
    ),
    passes("window-form", "none"),
    passes("window-form", "a window", clone(maintenance_window="23:59Z-00:59Z")),
    fails(
        "window-form",
        "no zone",
        clone(maintenance_window="18:00-22:00"),
        what="'18:00-22:00' is no window of the day",
        remedy="write it as 18:00Z-22:00Z",
    ),
    fails(
        "window-form",
        "no hour",
        clone(backup_policy={"time": "24:00Z-01:00Z"}),
        what="'24:00Z-01:00Z' is no window of the day",
        remedy="write it as 18:00Z-22:00Z",
        path="backup_policy.time",
    ),
    passes("one-expiry", "none"),
    passes("one-expiry", "a time", clone(ttl="48h")),
    fails(
        "one-expiry",
        "both",
        clone(ttl="48h", expires_at="2099-01-01T00:00:00Z"),
        what="given beside expires_at",
        remedy="give one of the two",
    ),
)
