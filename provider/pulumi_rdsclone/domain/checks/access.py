"""
Access.

Lines of pg_hba.conf, which RDS would refuse only after the order, and what a clone
inherits. The accounts are those of the source, or of the clone itself if it exists
already.
"""

import re
from ipaddress import ip_address, ip_network
from typing import Final

from pulumi_rdsclone.domain.accounts import Accounts, strangers
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.problems import Severity, quoted
from pulumi_rdsclone.domain.spec import CloneSpec, PgHbaRule

RULES = Rules()

_MOST_LINES: Final = 10001
_ALWAYS_WITH_OPTION: Final = {"ldap": "ldapserver", "radius": "radiusservers"}


@RULES.check("hba-count", "pg_hba")
def hba_has_lines(spec: CloneSpec) -> Finding | None:
    """
    The list for pg_hba.conf has a line, and no more than there are priorities.

    Source: ModifyPGHbaConfig, HbaItem and PriorityId, 0 to 10000.
    """
    if spec.pg_hba is None or 1 <= len(spec.pg_hba) <= _MOST_LINES:
        return None
    return Finding(
        f"pg_hba has {len(spec.pg_hba)} lines",
        f"declare 1 to {_MOST_LINES} lines, or remove pg_hba",
    )


@RULES.check("hba-lines", "pg_hba[]")
def hba_lines_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    Each line of pg_hba.conf names databases, users, addresses, and a method in full.

    Source: ModifyPGHbaConfig, Database, User, Address and Mask; PostgreSQL's manual,
    that ldap and radius take options.
    """
    findings = map(_fault_of, spec.pg_hba or ())
    return next(filter(None, findings), None)


def _fault_of(rule: PgHbaRule) -> Finding | None:
    for what, names in (("database", rule.database), ("user", rule.user)):
        if not all(re.fullmatch(r"\S+", name) for name in names.split(",")):
            return Finding(
                f"{quoted(names)} is not a list of {what}s",
                "use 'all', or names separated by commas without spaces",
            )
    if not _is_place(rule.address, rule.mask):
        masked = f" with the mask {quoted(rule.mask)}" if rule.mask else ""
        return Finding(
            f"{quoted(rule.address)}{masked} is not an address of clients",
            "write a block like 10.0.0.0/8, or an address and a mask",
        )
    wanted = _ALWAYS_WITH_OPTION.get(rule.method)
    if wanted and not (rule.option or "").strip():
        return Finding(
            f"the method {rule.method} needs an option",
            f"set option, such as {wanted}=10.0.0.2",
        )
    return None


def _is_place(address: str, mask: str | None) -> bool:
    try:
        whole = f"{ip_address(address)}/{mask}" if mask else address
        ip_network(whole, strict=False)
    except ValueError:
        return False
    return True


@RULES.check("hba-ssl", "pg_hba[]", "ssl", "ssl.enabled")
def hba_has_ssl(spec: CloneSpec) -> Finding | None:
    """
    Lines for encrypted connections come with SSL.

    Source: ModifyPGHbaConfig, Type: hostssl needs SSL to be enabled.
    """
    wants_ssl = any(rule.type == "hostssl" for rule in spec.pg_hba or ())
    if not wants_ssl or value_at(spec, "ssl.enabled"):
        return None
    return Finding(
        "lines of type hostssl need SSL, which is not enabled",
        "set ssl.enabled to true, or use type host",
    )


@RULES.check(
    "inherited-access",
    "security_ips{}",
    "accounts_exclusive",
    "accounts{}",
    severity=Severity.WARNING,
)
def access_is_declared(
    spec: CloneSpec, accounts: Accounts | None = None
) -> Finding | None:
    """
    Nobody reaches a clone by accident with the source's whitelist and passwords.

    Source: the guide of cloning: whitelist, accounts and their passwords come along.
    """
    had = {}
    if spec.security_ips is None:
        had["security_ips"] = "the whitelist"
    kept = accounts is None or any(strangers(accounts, spec.accounts))
    if kept and not spec.accounts_exclusive:
        had["accounts_exclusive"] = "the database accounts with their passwords"
    if not had:
        return None
    return Finding(
        f"the clone inherits {' and '.join(had.values())} from the source",
        f"set {' and '.join(had)}, or add inherited-access to checks.skip",
        next(iter(had)),
    )
