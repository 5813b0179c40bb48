"""
How an instance is reached, and by whom: addresses, accounts, encryption.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

DEFAULT_GROUP: Final = "default"
DEFAULT_RESOURCE_GROUP: Final = "rg-default"


@dataclass(frozen=True, kw_only=True)
class IpGroup:
    """
    A named group of a whitelist: addresses and ranges that may connect.

    *attribute* is ``hidden`` for a group that the console does not show.
    """

    name: str
    ips: tuple[str, ...]
    attribute: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicEndpoint:
    """
    Where an instance is reached from the internet.
    """

    connection_string: str
    port: int
    address: str = "203.0.113.10"


@dataclass(frozen=True, kw_only=True)
class DatabaseAccount:
    """
    An account of a database, and what it may do in which database.

    *password* is kept for tests to ask for; the API never tells it. A new account is
    Unavailable until *available_at*.
    """

    name: str
    password: str
    type: str = "Normal"
    description: str = ""
    status: str = "Available"
    privileges: Mapping[str, str] = field(default_factory=dict)
    check_policy: bool = False
    available_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ssl:
    """
    How connections to one host of an instance are encrypted.

    *client_ca* and *client_revocations* are what clients are judged by, *acl* and
    *replication_acl* how. *certificate* and *password* are SQL Server's.
    """

    connection_string: str
    created: datetime | None = None
    expires: datetime | None = None
    ca_type: str = "aliyun"
    server_cert: str = ""
    server_key: str = ""
    client_ca: str = ""
    client_revocations: str = ""
    acl: str = ""
    replication_acl: str = ""
    certificate: str = ""
    password: str = ""
    force_encryption: bool = False
    tls_version: str = ""


@dataclass(frozen=True, kw_only=True)
class Tde:
    """
    How the files of an instance are encrypted, and by which key.

    SQL Server encrypts each of its *databases* by itself; *certificate*,
    *private_key* and *password* are its own. *rotations* counts new keys.
    """

    encryption_key: str = ""
    role_arn: str = ""
    rotations: int = 0
    databases: tuple[str, ...] = ()
    certificate: str = ""
    private_key: str = ""
    password: str = ""


LOOPBACK_ONLY: Final = (IpGroup(name=DEFAULT_GROUP, ips=("127.0.0.1",)),)
"""The whitelist of a new instance: nobody may connect."""
