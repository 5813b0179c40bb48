"""
The names that the cloud gives: ids, host names, ports.
"""

import secrets
import string
from collections.abc import Mapping
from typing import Final

_ALPHABET: Final = string.ascii_lowercase + string.digits
_INSTANCE_ID_LENGTH: Final = 20
_NETWORK_ID_LENGTH: Final = 21
_PREFIXES: Final[Mapping[str, str]] = {"PostgreSQL": "pgm-"}
_OTHER_PREFIX: Final = "rm-"
_ENDPOINTS: Final[Mapping[str, tuple[str, int]]] = {
    "MySQL": ("mysql", 3306),
    "PostgreSQL": ("pg", 5432),
    "SQLServer": ("sqlserver", 1433),
    "MariaDB": ("mariadb", 3306),
    "PPAS": ("ppas", 3433),
}
ENGINES: Final = tuple(_ENDPOINTS)


def instance_id(engine: str) -> str:
    """
    Return a new id of a primary that looks like a real one: pgm-… for PostgreSQL.

    Source: Terraform's provider takes pgm- for PostgreSQL; ids in its issues.
    """
    prefix = _PREFIXES.get(engine, _OTHER_PREFIX)
    length = _INSTANCE_ID_LENGTH - len(prefix)
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def network_id(prefix: str) -> str:
    """
    Return a new id of a VPC (vpc) or a vSwitch (vsw) that looks like a real one.
    """
    tail = (secrets.choice(_ALPHABET) for _ in range(_NETWORK_ID_LENGTH))
    return f"{prefix}-{''.join(tail)}"


def order_id() -> str:
    """
    Return a new order id: fifteen digits.
    """
    return str(secrets.randbelow(9 * 10**14) + 10**14)


def task_id() -> str:
    """
    Return a new id of a task: nine digits.
    """
    return str(secrets.randbelow(9 * 10**8) + 10**8)


def public_address() -> str:
    """
    Return an address that nobody has: out of the range for documentation.
    """
    return f"203.0.113.{secrets.randbelow(254) + 1}"


def connection_string(name: str, engine: str) -> str:
    """
    Return the host name of an instance.
    """
    return f"{name}.{_ENDPOINTS[engine][0]}.rds.aliyuncs.com"


def port(engine: str) -> int:
    """
    Return the port an engine listens on.
    """
    return _ENDPOINTS[engine][1]
