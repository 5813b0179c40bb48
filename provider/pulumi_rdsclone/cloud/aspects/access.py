"""
Who may reach a clone, and how: whitelist, accounts, encryption.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_rdsclone.cloud.aspects.dialect import Answer, Dialect, Request
from pulumi_rdsclone.cloud.reading import (
    read_name,
    read_records,
    read_switch,
    read_text,
)
from pulumi_rdsclone.domain.altering import Alteration
from pulumi_rdsclone.domain.aspects import Aspect

_NOBODY: Final = "127.0.0.1"
"""What an empty whitelist holds. Source: ModifySecurityIps."""

_HIDDEN: Final = "hidden"
"""Groups that the cloud keeps for itself, such as those of its migration service."""


def tell_whitelist(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceIPArrayList; hidden groups are nobody's.
    """
    groups = read_records(answer["Items"], "DBInstanceIPArray")
    return {
        "security_ips": {
            _group(read_text(one, "DBInstanceIPArrayName")): _addresses(one)
            for one in groups
            if read_text(one, "DBInstanceIPArrayAttribute") != _HIDDEN
        }
    }


def _group(name: str) -> str:
    """
    Give the name of a group as declared: pages of the reference write Default, too.
    """
    return name.casefold() if name.casefold() == "default" else name


def _addresses(group: Answer) -> list[str]:
    told = read_text(group, "SecurityIPList").split(",")
    return sorted(filter(None, map(str.strip, told)))


def _change_whitelist(alteration: Alteration) -> Iterator[Request]:
    new = alteration.new["security_ips"]
    old = alteration.old.get("security_ips") or {}
    for name, addresses in sorted(new.items()):
        if addresses != old.get(name):
            yield _whitelist(name, addresses or [_NOBODY], "Cover")
    for name in sorted(old.keys() - new.keys()):
        if name != "default":
            yield _whitelist(name, old[name], "Delete")
        elif old[name] != [_NOBODY]:
            yield _whitelist(name, [_NOBODY], "Cover")


def _whitelist(name: str, addresses: list[str], mode: str) -> Request:
    return "ModifySecurityIps", {
        "DBInstanceIPArrayName": name,
        "SecurityIps": ",".join(addresses),
        "ModifyMode": mode,
    }


def tell_accounts(answer: Answer) -> dict[str, Any]:
    """
    Read the accounts in one page of DescribeAccounts; passwords are never told.
    """
    accounts = read_records(answer["Accounts"], "DBInstanceAccount")
    return {
        "accounts": {
            read_name(one, "AccountName"): {
                "type": read_text(one, "AccountType"),
                "description": read_text(one, "AccountDescription"),
                "privileges": {
                    read_name(privilege, "DBName"): read_text(
                        privilege, "AccountPrivilege"
                    )
                    for privilege in read_records(
                        one.get("DatabasePrivileges") or {}, "DatabasePrivilege"
                    )
                },
            }
            for one in accounts
        }
    }


def _change_accounts(alteration: Alteration) -> Iterator[Request]:
    olds = alteration.old.get("accounts") or {}
    for name, new in sorted(alteration.new["accounts"].items()):
        named = {"AccountName": name}
        old = olds.get(name)
        if old is None:
            yield _new_account(name, new)
            old = {}
        elif new["password"] != old.get("password"):
            yield "ResetAccountPassword", {**named, "AccountPassword": new["password"]}
        if old and new.get("description") not in (None, old.get("description")):
            told = {"AccountDescription": new["description"]}
            yield "ModifyAccountDescription", {**named, **told}
        yield from _privileges(name, old.get("privileges") or {}, new)


def _new_account(name: str, new: Mapping[str, Any]) -> Request:
    told = {
        "AccountName": name,
        "AccountPassword": new["password"],
        "AccountType": new.get("type") or "Normal",
        "AccountDescription": new.get("description"),
    }
    return "CreateAccount", {key: v for key, v in told.items() if v is not None}


def _privileges(
    name: str, old: Mapping[str, str], new: Mapping[str, Any]
) -> Iterator[Request]:
    wanted = new.get("privileges")
    if wanted is None:
        return
    for database, privilege in sorted(wanted.items()):
        if old.get(database) != privilege:
            yield (
                "GrantAccountPrivilege",
                {
                    "AccountName": name,
                    "DBName": database,
                    "AccountPrivilege": privilege,
                },
            )
    for database in sorted(old.keys() - wanted.keys()):
        named = {"AccountName": name, "DBName": database}
        yield "RevokeAccountPrivilege", named


_SSL: Final = {
    "ssl.ca_type": "CAType",
    "ssl.server_cert": "ServerCert",
    "ssl.server_key": "ServerKey",
    "ssl.client_ca_cert": "ClientCACert",
    "ssl.client_cert_revocation_list": "ClientCertRevocationList",
    "ssl.acl": "ACL",
    "ssl.replication_acl": "ReplicationACL",
    "ssl.force_encryption": "ForceEncryption",
    "ssl.tls_version": "TlsVersion",
}
"""The parameter of each field, by the same name in ModifyDBInstanceSSL and its read."""

_SSL_ON: Final = ("yes", "on", "1", "true")
"""SSLEnabled is Yes where MySQL or SQL Server answers and on where PostgreSQL does."""

_CLIENT_SWITCHES: Final = {
    "ssl.client_ca_cert": "ClientCAEnabled",
    "ssl.client_cert_revocation_list": "ClientCrlEnabled",
}
"""What is switched off where an empty text is declared."""


def tell_ssl(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceSSL; the private key is never told.
    """
    told: dict[str, Any] = {
        path: read_text(answer, name)
        for path, name in _SSL.items()
        if path not in ("ssl.server_key", "ssl.force_encryption")
    }
    on = read_text(answer, "SSLEnabled").casefold() in _SSL_ON
    force = read_switch(answer, "ForceEncryption")
    known = {"ssl.enabled": on, "ssl.force_encryption": force, **told}
    return {path: value for path, value in known.items() if value not in (None, "")}


def _change_ssl(alteration: Alteration) -> Iterator[Request]:
    told = {"ConnectionString": alteration.instance.connection_string or ""}
    if not alteration.wanted("ssl.enabled"):
        yield "ModifyDBInstanceSSL", {**told, "SSLEnabled": "0"}
        return
    told["SSLEnabled"] = "1"
    for path, name in _SSL.items():
        value = alteration.new[path]
        if path in _CLIENT_SWITCHES and value is not None:
            told[_CLIENT_SWITCHES[path]] = "1" if value else "0"
        if value or value is False:
            told[name] = str(int(value)) if isinstance(value, bool) else value
    yield "ModifyDBInstanceSSL", told


def tell_encryption(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceTDE.
    """
    key = read_text(answer, "EncryptionKey")
    return {
        "encryption.enabled": read_text(answer, "TDEStatus").casefold() == "enabled",
        **({"encryption.key": key} if key else {}),
    }


def _change_encryption(alteration: Alteration) -> Iterator[Request]:
    on = alteration.wanted("encryption.enabled")
    told = {
        "TDEStatus": "Enabled" if on else "Disabled",
        "EncryptionKey": alteration.new["encryption.key"] if on else None,
        "RoleArn": alteration.new["encryption.role_arn"] if on else None,
    }
    yield "ModifyDBInstanceTDE", {k: v for k, v in told.items() if v is not None}


ACCESS: Final[Mapping[Aspect, Dialect]] = {
    Aspect.WHITELIST: Dialect(
        change=_change_whitelist,
        parameters={"security_ips": "ModifySecurityIps.SecurityIps"},
        reads="DescribeDBInstanceIPArrayList",
        tell=tell_whitelist,
    ),
    Aspect.ACCOUNTS: Dialect(
        change=_change_accounts,
        parameters={"accounts": "CreateAccount, ResetAccountPassword"},
        also=(
            "GrantAccountPrivilege",
            "RevokeAccountPrivilege",
            "ModifyAccountDescription",
        ),
        reads="DescribeAccounts",
        tell=tell_accounts,
    ),
    Aspect.ENCRYPTION: Dialect(
        change=_change_encryption,
        parameters={
            "encryption.enabled": "ModifyDBInstanceTDE.TDEStatus",
            "encryption.key": "ModifyDBInstanceTDE.EncryptionKey",
            "encryption.role_arn": "ModifyDBInstanceTDE.RoleArn",
        },
        reads="DescribeDBInstanceTDE",
        tell=tell_encryption,
    ),
    Aspect.SSL: Dialect(
        change=_change_ssl,
        parameters={
            "ssl.enabled": "ModifyDBInstanceSSL.SSLEnabled",
            **{path: f"ModifyDBInstanceSSL.{name}" for path, name in _SSL.items()},
        },
        reads="DescribeDBInstanceSSL",
        tell=tell_ssl,
    ),
}
