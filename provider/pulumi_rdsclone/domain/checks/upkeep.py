"""
Whether the cloud takes what a clone is to be once it runs: access, names, upkeep.

What is refused there would be refused only after the clone has been ordered.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.part import value_at
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{4,39}")
_PREFIXES: Final = ("network.connection_prefix", "network.public_connection_prefix")
_PORTS: Final = ("network.port", "network.public_port")
_LEAST_PORT: Final = 1000
_MOST_PORT: Final = {"MySQL": 65534}
_WINDOW: Final = re.compile(r"{0}-{0}".format(r"([01]\d|2[0-3]):[0-5]\dZ"))
_WINDOWS: Final = ("maintenance_window", "backup_policy.time")


@RULES.check("endpoint-name", *_PREFIXES)
def endpoint_names_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    The prefix of an endpoint has 5 to 40 letters, digits and hyphens, a letter first.

    Source: AllocateInstancePublicConnection, ConnectionStringPrefix.
    """
    for path in _PREFIXES:
        prefix = value_at(spec, path)
        if prefix is not None and not _PREFIX.fullmatch(prefix):
            return Finding(
                f"{prefix!r} is no name of an endpoint",
                "use 5 to 40 letters, digits and hyphens, a letter first",
                path,
            )
    return None


@RULES.check("endpoint-port", *_PORTS)
def endpoint_ports_are_in_range(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    A port is between 1000 and 5999, for MySQL up to 65534.

    Source: AllocateInstancePublicConnection, Port.
    """
    most = _MOST_PORT.get(source.engine, 5999)
    for path in _PORTS:
        port = value_at(spec, path)
        if port is not None and not _LEAST_PORT <= port <= most:
            return Finding(
                f"{source.engine} does not take the port {port}",
                f"use {_LEAST_PORT} to {most}",
                path,
            )
    return None


@RULES.check("whitelist-addresses", "security_ips")
def whitelist_holds_addresses(spec: CloneSpec) -> Finding | None:
    """
    A whitelist holds IPv4 addresses and CIDR blocks.

    Source: ModifySecurityIps, SecurityIps and SecurityIPType.
    """
    for name, addresses in (spec.security_ips or {}).items():
        for address in addresses:
            if not _is_address(address):
                return Finding(
                    f"{address!r} in {name} is no IPv4 address or CIDR block",
                    "write it as 10.1.2.3 or 10.0.0.0/8",
                )
    return None


def _is_address(text: str) -> bool:
    try:
        IPv4Network(text)
    except ValueError:
        return False
    return True


_KINDS: Final = (r"[A-Z]", r"[a-z]", r"\d", r"[!@#$%^&*()_+\-=]")
_PASSWORD: Final = re.compile(r"[A-Za-z\d!@#$%^&*()_+\-=]{8,32}")
_KINDS_WANTED: Final = 3


@RULES.check("account-password", "accounts")
def passwords_are_strong(spec: CloneSpec) -> Finding | None:
    """
    A password has 8 to 32 characters of at least three kinds.

    Source: CreateAccount, AccountPassword.
    """
    weak = sorted(n for n, one in spec.accounts.items() if not _is_strong(one.password))
    if not weak:
        return None
    return Finding(
        f"the password of {weak[0]} is not one that RDS takes",
        "use 8 to 32 characters of three kinds at least: capital letters, small "
        "letters, digits, characters such as !@#$%",
    )


def _is_strong(password: str) -> bool:
    kinds = sum(bool(re.search(kind, password)) for kind in _KINDS)
    return kinds >= _KINDS_WANTED and bool(_PASSWORD.fullmatch(password))


@RULES.check("ssl-complete", "ssl")
def ssl_is_complete(spec: CloneSpec) -> Finding | None:
    """
    A custom certificate comes with its key, and clients are judged by an authority.

    Source: ModifyDBInstanceSSL, ServerCert, ServerKey, ACL and ClientCACert.
    """
    ssl = spec.ssl
    if ssl is None or not ssl.enabled:
        return None
    if ssl.ca_type == "custom" and not (ssl.server_cert and ssl.server_key):
        return Finding(
            "a custom certificate is missing, or its key",
            "give both server_cert and server_key",
        )
    wants_clients = ssl.acl or ssl.replication_acl or ssl.client_cert_revocation_list
    if wants_clients and not ssl.client_ca_cert:
        return Finding(
            "clients are to be verified, and nothing says by whose signature",
            "give client_ca_cert",
        )
    return None


_ENGINES: Final = {
    "ssl.ca_type": ("MySQL", "PostgreSQL"),
    "ssl.server_cert": ("PostgreSQL",),
    "ssl.client_ca_cert": ("PostgreSQL",),
    "ssl.acl": ("PostgreSQL",),
    "ssl.replication_acl": ("PostgreSQL",),
    "ssl.force_encryption": ("MySQL", SQL_SERVER),
    "ssl.tls_version": (SQL_SERVER,),
    "ssl.enabled": ("MySQL", "PostgreSQL", SQL_SERVER),
    "encryption.enabled": ("MySQL", "PostgreSQL"),
    "pg_hba": ("PostgreSQL",),
    "high_availability.mode": ("MySQL",),
    "high_availability.sync_mode": ("MySQL",),
    "minor_version_upgrade": ("MySQL", "PostgreSQL"),
    "sql_audit": ("MySQL", "PostgreSQL", SQL_SERVER),
    "monitoring_period": ("MySQL", "MariaDB", SQL_SERVER),
}
"""The engines that know each setting. Source: the pages of the calls that set them."""


@RULES.check("engine-settings", *_ENGINES)
def engine_knows_the_settings(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    Nothing is declared that the source's engine does not have.

    Source: the pages of ModifyDBInstanceSSL, ModifyDBInstanceTDE, ModifyPGHbaConfig,
    ModifyDBInstanceHAConfig, ModifyDBInstanceAutoUpgradeMinorVersion,
    ModifySQLCollectorPolicy and ModifyDBInstanceMonitor.
    """
    foreign = list(_foreign(spec, source.engine))
    if not foreign:
        return None
    return Finding(
        f"{source.engine} does not have {', '.join(foreign)}",
        "leave that out, or clone an instance of another engine",
        foreign[0],
    )


def _foreign(spec: CloneSpec, engine: str) -> Iterator[str]:
    for path, engines in _ENGINES.items():
        if value_at(spec, path) is not None and engine not in engines:
            yield path


@RULES.check("window-form", *_WINDOWS)
def windows_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    Windows of the day are written HH:mmZ-HH:mmZ, in UTC.

    Source: ModifyDBInstanceMaintainTime and ModifyBackupPolicy.
    """
    for path in _WINDOWS:
        window = value_at(spec, path)
        if window is not None and not _WINDOW.fullmatch(window):
            return Finding(
                f"{window!r} is no window of the day",
                "write it as 18:00Z-22:00Z",
                path,
            )
    return None


@RULES.check("one-expiry", "ttl", "expires_at")
def expiry_is_given_once(spec: CloneSpec) -> Finding | None:
    """
    A clone expires after a time or at an instant, not both.
    """
    if spec.ttl is None or spec.expires_at is None:
        return None
    return Finding("given beside expires_at", "give one of the two")
