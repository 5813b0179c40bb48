from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.accounts import CLOSED, DatabaseAccount
from pulumi_rdsclone.domain.facts import Facts
from tests.domain.checks.rows import Rows, clone, fails, knowing, passes
from tests.domain.samples import SOURCE

COUNT: Final = (
    "declare 1 to 10001, such as one whose method is reject, or leave pg_hba out for "
    "the cloud's own"
)
STRONG: Final = (
    "use 8 to 32 characters of three kinds at least: capital letters, small letters, "
    "digits, characters such as !@#$%"
)
GROUP: Final = "use 2 to 32 small letters, digits and _, a letter first, no _ last"
DESCRIBED: Final = "use 2 to 256 letters, digits, _ and -, a letter first"
POSTGRES_NAME: Final = (
    "small letters, digits and _, a letter first, no _ last, and not pg first"
)
GOOD: Final = "Abcdefg1"
SPECIAL: Final = "abc-1234"
POSTGRES: Final = replace(SOURCE, engine="PostgreSQL", engine_version="16.0")
SQL_SERVER: Final = replace(SOURCE, engine="SQLServer", engine_version="2022_std_ha")
MARIADB: Final = replace(SOURCE, engine="MariaDB", engine_version="10.6")


def allowing(**groups: list[str]) -> dict[str, Any]:
    """
    Ask for a whitelist.
    """
    return clone(security_ips=groups)


def named(*names: str, **fields: Any) -> dict[str, Any]:
    """
    Ask for accounts that are alike.
    """
    return clone(accounts={name: {"password": GOOD, **fields} for name in names})


def kinds(**types: str) -> dict[str, Any]:
    """
    Ask for accounts of *types*.
    """
    return clone(
        accounts={n: {"password": GOOD, "type": kind} for n, kind in types.items()}
    )


def on(instance: Any, **accounts: str) -> Facts:
    """
    Give the facts of a source that is *instance* and has *accounts* of these types.
    """
    there = {name: DatabaseAccount(type=kind) for name, kind in accounts.items()}
    return knowing(source=instance, accounts=there)


def lines(*rules: dict[str, str]) -> dict[str, Any]:
    """
    Ask for lines of pg_hba.conf.
    """
    return clone(pg_hba=list(rules))


GRANTED: Final = {"shop": DatabaseAccount(type="Normal", privileges={"app": "DBOwner"})}

ROWS: Final[Rows] = (
    passes("whitelist-groups", "none"),
    passes("whitelist-groups", "the default one", allowing(Default=["10.0.0.1"])),
    passes("whitelist-groups", "another one", allowing(office_2=["10.0.0.1"])),
    *(
        fails(
            "whitelist-groups",
            case,
            allowing(**{name: ["10.0.0.1"]}),
            what=f"{name!r} is no name of a group",
            remedy=GROUP,
        )
        for name, case in (
            ("", "no name"),
            ("a", "too short"),
            ("a" * 33, "too long"),
            ("Office", "a capital letter"),
            ("my-office", "a hyphen"),
            ("1st", "a digit first"),
            ("office_", "an underscore last"),
            ("böse", "an umlaut"),
        )
    ),
    passes("whitelist-size", "none"),
    passes(
        "whitelist-size",
        "200 groups",
        allowing(default=["10.0.0.1"], **{f"g{n}": ["10.0.0.1"] for n in range(199)}),
    ),
    passes(
        "whitelist-size",
        "1000 addresses",
        allowing(default=[f"10.0.{n // 250}.{n % 250}" for n in range(1000)]),
    ),
    fails(
        "whitelist-size",
        "201 groups",
        allowing(**{f"g{n}": ["10.0.0.1"] for n in range(200)}),
        what="201 groups",
        remedy="use at most 200",
    ),
    fails(
        "whitelist-size",
        "1001 addresses",
        allowing(
            default=["10.1.0.1"],
            web=[f"10.0.{n // 250}.{n % 250}" for n in range(1000)],
        ),
        what="1001 addresses",
        remedy="use at most 1000, with blocks such as 10.0.0.0/8",
    ),
    passes("whitelist-addresses", "none"),
    passes(
        "whitelist-addresses",
        "addresses and blocks",
        allowing(default=["10.1.2.3", "0.0.0.0/0"], empty=[]),
    ),
    *(
        fails(
            "whitelist-addresses",
            case,
            allowing(web=[text]),
            what=f"{text!r} in web is no IPv4 address or CIDR block",
            remedy="write it as 10.1.2.3 or 10.0.0.0/8",
        )
        for text, case in (
            ("example.com", "a host"),
            ("10.1.2.3/8", "bits behind the mask"),
            ("10.0.0.0/255.0.0.0", "a mask in full"),
            ("10.0.0.0/0.255.255.255", "a mask of hosts"),
            ("::1", "IPv6"),
            ("10.1.2", "too short"),
            ("", "nothing"),
            ("10.0.0.1,10.0.0.2", "two in one"),
        )
    ),
    passes("account-name", "none"),
    passes("account-name", "MySQL's", named("Ci_2", "a" * 32)),
    passes("account-name", "PostgreSQL's", named("a" * 63), on(POSTGRES)),
    passes("account-name", "SQL Server's", named("a" * 64), on(SQL_SERVER)),
    passes(
        "account-name",
        "one that is there already",
        named("x-y"),
        on(SOURCE, **{"x-y": ""}),
    ),
    *(
        fails(
            "account-name",
            case,
            named(name),
            what=f"{name!r} is no name of an account of {instance.engine}",
            remedy=remedy,
            facts=knowing(source=instance),
        )
        for name, instance, case, remedy in (
            *(
                (
                    name,
                    SOURCE,
                    case,
                    "use 2 to 32 letters, digits and _, a letter first, no _ last",
                )
                for name, case in (
                    ("", "no name"),
                    ("a", "too short"),
                    ("a" * 33, "too long"),
                    ("1ci", "a digit first"),
                    ("ci_", "an underscore last"),
                    ("c-i", "a hyphen"),
                    ("cí", "an accent"),
                    ("c" * 300, "300 characters"),
                )
            ),
            (
                "a" * 17,
                replace(SOURCE, engine_version="5.6"),
                "too long for MySQL 5.6",
                "use 2 to 16 letters, digits and _, a letter first, no _ last",
            ),
            (
                "Ci",
                MARIADB,
                "a capital letter on MariaDB",
                "use 2 to 16 small letters, digits and _, a letter first, no _ last",
            ),
            (
                "pgci",
                POSTGRES,
                "pg first",
                f"use 2 to 63 {POSTGRES_NAME}",
            ),
            (
                "a" * 17,
                replace(POSTGRES, storage_type="local_ssd"),
                "too long for local disks",
                f"use 2 to 16 {POSTGRES_NAME}",
            ),
        )
    ),
    passes("account-reserved", "none"),
    passes("account-reserved", "another one", named("root2")),
    passes(
        "account-reserved", "there already", named("root"), on(SOURCE, root="Super")
    ),
    passes("account-reserved", "of another engine", named("tempdb")),
    *(
        fails(
            "account-reserved",
            f"{name} on {instance.engine}",
            named(name),
            what=f"{name!r} is a reserved word of {instance.engine}",
            remedy="choose another name",
            facts=knowing(source=instance),
        )
        for name, instance in (
            ("root", SOURCE),
            ("Admin", SOURCE),
            ("test", MARIADB),
            ("postgres", POSTGRES),
            ("user", POSTGRES),
            ("sysadmin", SQL_SERVER),
        )
    ),
    passes("account-twins", "none"),
    passes("account-twins", "there already", named("owner", "ci")),
    fails(
        "account-twins",
        "two declared",
        named("Ci", "ci"),
        what="Ci and ci differ in upper and lower case only",
        remedy="write ci, or choose another name",
    ),
    fails(
        "account-twins",
        "one there already",
        named("Owner"),
        what="Owner and owner differ in upper and lower case only",
        remedy="write owner, or choose another name",
    ),
    passes("account-type", "none"),
    passes("account-type", "MySQL's", kinds(root2="Super", ci="Normal")),
    passes(
        "account-type",
        "SQL Server's",
        kinds(ci="Sysadmin", audit="GlobalRO"),
        on(SQL_SERVER),
    ),
    passes(
        "account-type",
        "Sysadmin of 2012",
        kinds(ci="Sysadmin"),
        knowing(source=replace(SQL_SERVER, engine_version="2012_std_ha")),
    ),
    *(
        fails(
            "account-type",
            f"{kind} of a serverless clone",
            {**kinds(ci=kind), "payment": {"type": "Serverless"}},
            what=f"a serverless clone has no accounts of type {kind}",
            remedy="use Normal",
            facts=knowing(source=SQL_SERVER),
        )
        for kind in ("Sysadmin", "GlobalRO")
    ),
    *(
        fails(
            "account-type",
            f"{kind} on {instance.engine_version}",
            kinds(ci=kind),
            what=f"{of} has no accounts of type {kind}",
            remedy="use Normal",
            facts=knowing(source=instance),
        )
        for kind, instance, of in (
            ("Sysadmin", SOURCE, "MySQL 8.0"),
            ("GlobalRO", POSTGRES, "PostgreSQL 16.0"),
            (
                "Sysadmin",
                replace(SQL_SERVER, engine_version="2008r2"),
                "SQLServer 2008r2",
            ),
            (
                "GlobalRO",
                replace(SQL_SERVER, engine_version="2012_std_ha"),
                "SQLServer 2012",
            ),
        )
    ),
    passes("account-type-kept", "none"),
    passes("account-type-kept", "no word of it", named("owner")),
    passes("account-type-kept", "as it is", kinds(owner="Super", shop="Normal")),
    fails(
        "account-type-kept",
        "another one",
        kinds(shop="Super"),
        what="shop is an account of type Normal already, and a type cannot be changed",
        remedy="leave the type of shop out, or choose another name",
    ),
    passes("account-limit", "none"),
    passes("account-limit", "the one that is there", kinds(owner="Super")),
    passes("account-limit", "Normal ones", named(*(f"c{n}" for n in range(99)))),
    passes(
        "account-limit",
        "several on PostgreSQL",
        kinds(dba="Super", dbb="Super"),
        on(POSTGRES, owner="Super"),
    ),
    passes(
        "account-limit",
        "in the place of the one that goes",
        {**kinds(dba="Super"), "accounts_exclusive": True},
    ),
    passes(
        "account-limit",
        "two that read everything",
        kinds(one="GlobalRO", two="GlobalRO", root2="Super"),
        on(SQL_SERVER),
    ),
    *(
        fails(
            "account-limit",
            case,
            tree,
            what=f"there would be {count} accounts of type {kind}: {who}",
            remedy=f"{engine} takes {most}: use Normal, or the account that is there",
            facts=facts,
        )
        for case, tree, facts, engine, kind, count, who, most in (
            (
                "two",
                kinds(one="Super", two="Super"),
                on(SOURCE),
                "MySQL",
                "Super",
                2,
                "one, two",
                1,
            ),
            (
                "beside an inherited one",
                kinds(dba="Super"),
                on(SOURCE, owner="Super"),
                "MySQL",
                "Super",
                2,
                "dba, owner",
                1,
            ),
            (
                "beside one that cannot go",
                {**kinds(dba="Super"), "accounts_exclusive": True},
                on(replace(POSTGRES, storage_type="local_ssd"), owner="Super"),
                "PostgreSQL",
                "Super",
                2,
                "dba, owner",
                1,
            ),
            (
                "three that read everything",
                kinds(one="GlobalRO", two="GlobalRO"),
                on(SQL_SERVER, old="GlobalRO", owner="Super"),
                "SQLServer",
                "GlobalRO",
                3,
                "old, one, two",
                2,
            ),
        )
    ),
    passes("account-first", "none"),
    passes("account-first", "MySQL", named("ci"), on(SOURCE)),
    passes(
        "account-first", "not the first", named("ci"), on(SQL_SERVER, owner="Super")
    ),
    passes("account-first", "Super", kinds(a="Super", b="Normal"), on(SQL_SERVER)),
    passes("account-first", "Sysadmin", kinds(ab="Sysadmin"), on(SQL_SERVER)),
    fails(
        "account-first",
        "Normal",
        named("ci"),
        what="the first account of SQLServer cannot be Normal",
        remedy="declare one of type Super",
        facts=on(SQL_SERVER),
    ),
    passes("account-password", "none"),
    passes("account-password", "three kinds", named("ci", password=GOOD)),
    passes("account-password", "special ones", named("ci", password=SPECIAL)),
    *(
        fails(
            "account-password",
            case,
            named("ci", password=text),
            what="the password of ci is not one that RDS takes",
            remedy=STRONG,
        )
        for text, case in (
            ("Abcdef1", "too short"),
            ("A1a" * 11, "too long"),
            ("abcdefg1", "two kinds"),
            ("Abcdef 1", "a space"),
            (" " * 8, "blank"),
            ("Abcdefg\u0663", "another script's digit"),
        )
    ),
    passes("account-description", "none"),
    passes("account-description", "short", named("ci", description="ci")),
    passes("account-description", "long", named("ci", description="C" * 256)),
    *(
        fails(
            "account-description",
            case,
            named("ci", description=text),
            what="the description of ci is not one that RDS takes",
            remedy=DESCRIBED,
        )
        for text, case in (
            ("", "empty"),
            ("c", "too short"),
            ("C" * 257, "too long"),
            ("2nd", "a digit first"),
            ("http://ci", "a URL"),
            ("for ci", "a space"),
        )
    ),
    passes("account-privileges", "none"),
    passes(
        "account-privileges",
        "MySQL's",
        named("ci", privileges={"app": "ddlonly", "crm": "DMLOnly"}),
    ),
    passes(
        "account-privileges",
        "PostgreSQL's",
        named("ci", privileges={"app": "dbowner"}),
        on(POSTGRES),
    ),
    fails(
        "account-privileges",
        "PostgreSQL's on MySQL",
        named("ci", privileges={"app": "DBOwner"}),
        what="MySQL has no privilege DBOwner, which ci is to have",
        remedy="use ReadWrite or ReadOnly or DDLOnly or DMLOnly",
    ),
    fails(
        "account-privileges",
        "MySQL's on PostgreSQL",
        named("ci", privileges={"app": "ReadOnly"}),
        what="PostgreSQL has no privilege ReadOnly, which ci is to have",
        remedy="use DBOwner",
        facts=on(POSTGRES),
    ),
    passes("account-privileges-type", "none"),
    passes(
        "account-privileges-type", "Normal", named("ci", privileges={"app": "ReadOnly"})
    ),
    passes("account-privileges-type", "none of Super", named("owner", privileges={})),
    *(
        fails(
            "account-privileges-type",
            case,
            tree,
            what=f"{name} is an account of type Super, which takes no privileges",
            remedy=f"leave the privileges of {name} out",
        )
        for case, name, tree in (
            (
                "declared",
                "dba",
                named("dba", type="Super", privileges={"app": "ReadOnly"}),
            ),
            ("inherited", "owner", named("owner", privileges={"app": "ReadOnly"})),
        )
    ),
    passes("account-databases", "none"),
    passes(
        "account-databases", "all", named("ci", privileges={"anything": "ReadOnly"})
    ),
    passes(
        "account-databases",
        "one of those restored",
        {
            **named("ci", privileges={"crm2": "ReadOnly", "shop": "ReadOnly"}),
            "databases": {"crm": "crm2"},
            "tables": {"shop.orders": "orders"},
        },
    ),
    *(
        fails(
            "account-databases",
            case,
            named("ci", privileges={name: "ReadOnly"}),
            what=f"{name!r} names no database in which ci may do something",
            remedy="name each database by itself",
        )
        for case, name in (("no name", ""), ("blank", " "), ("two", "app,crm"))
    ),
    fails(
        "account-databases",
        "by its old name",
        {
            **named("ci", privileges={"crm": "ReadOnly"}),
            "databases": {"crm": "clients"},
        },
        what="the clone will have no database crm, in which ci is to have a privilege",
        remedy="use clients, or restore it",
    ),
    fails(
        "account-databases",
        "not one of whose tables are restored",
        {
            **named("ci", privileges={"crm": "ReadOnly"}),
            "tables": {"shop.orders": "orders"},
        },
        what="the clone will have no database crm, in which ci is to have a privilege",
        remedy="use shop, or restore it",
    ),
    passes("account-revoke", "none"),
    passes("account-revoke", "MySQL", named("shop", privileges={})),
    passes(
        "account-revoke",
        "nothing said",
        named("shop"),
        knowing(source=POSTGRES, accounts=GRANTED),
    ),
    passes(
        "account-revoke",
        "in a database that is not restored",
        {**named("shop", privileges={}), "databases": {"crm": "crm"}},
        knowing(source=POSTGRES, accounts=GRANTED),
    ),
    *(
        fails(
            "account-revoke",
            case,
            named("shop", privileges={"crm": "DBOwner"}),
            what=f"shop has a privilege in app, and {instance.engine} takes none away",
            remedy="declare it, or leave the privileges of shop out",
            facts=knowing(source=instance, accounts=GRANTED),
        )
        for case, instance in (
            ("PostgreSQL", POSTGRES),
            (
                "SQL Server 2017 in the cluster edition",
                replace(SQL_SERVER, engine_version="2017_ent", edition="AlwaysOn"),
            ),
        )
    ),
    fails(
        "account-revoke",
        "in a database with a table that is restored",
        {**named("shop", privileges={}), "tables": {"app.orders": "orders"}},
        what="shop has a privilege in app, and PostgreSQL takes none away",
        remedy="declare it, or leave the privileges of shop out",
        facts=knowing(source=POSTGRES, accounts=GRANTED),
    ),
    passes("hba-count", "none"),
    passes("hba-count", "one", lines({})),
    fails(
        "hba-count",
        "no line",
        lines(),
        what="0 lines",
        remedy=COUNT,
    ),
    fails(
        "hba-count",
        "too many",
        lines(*[{}] * 10002),
        what="10002 lines",
        remedy=COUNT,
    ),
    passes("hba-lines", "none"),
    passes(
        "hba-lines",
        "all kinds",
        lines(
            {"database": "app,crm", "user": "ci,web"},
            {"address": "10.0.0.1", "mask": "255.0.0.0", "option": ""},
            {"address": "10.0.0.1", "mask": ""},
            {"address": "::/0", "method": "LDAP", "option": "ldapserver=10.0.0.2"},
        ),
    ),
    *(
        fails(
            "hba-lines",
            case,
            lines({}, {field: text}),
            what=f"{text!r} {what}",
            remedy=remedy,
        )
        for case, field, text, what, remedy in (
            *(
                (
                    f"{field}: {case}",
                    field,
                    text,
                    f"names no {field}",
                    (
                        f"write all, or the names of {field}s with commas and no "
                        "spaces between"
                    ),
                )
                for field in ("database", "user")
                for case, text in (("empty", ""), ("spaces", "a, b"), ("comma", "a,"))
            ),
            *(
                (
                    f"address: {text}",
                    "address",
                    text,
                    "is no address of clients",
                    "write it as 10.0.0.0/8, or as an address and a mask",
                )
                for text in ("", "anywhere", "10.0.0.0/33", "10.0.0.256")
            ),
        )
    ),
    fails(
        "hba-lines",
        "a mask beside a block",
        lines({"address": "10.0.0.0/8", "mask": "8"}),
        what="'10.0.0.0/8' with the mask '8' is no address of clients",
        remedy="write it as 10.0.0.0/8, or as an address and a mask",
    ),
    *(
        fails(
            "hba-lines",
            f"{method} without its option",
            lines({"method": method}),
            what=f"the method {method} lacks its option",
            remedy=f"give it, such as {option}=10.0.0.2",
        )
        for method, option in (("ldap", "ldapserver"), ("radius", "radiusservers"))
    ),
    passes("hba-ssl", "none"),
    passes("hba-ssl", "without", lines({"type": "hostnossl"})),
    passes("hba-ssl", "with", {**lines({"type": "hostssl"}), "ssl": {}}),
    fails(
        "hba-ssl",
        "not declared",
        lines({"type": "hostssl"}),
        what="hostssl is for encrypted connections, and SSL is not declared",
        remedy="declare ssl, or use host",
    ),
    fails(
        "hba-ssl",
        "off",
        {**lines({}, {"type": "hostssl"}), "ssl": {"enabled": False}},
        what="hostssl is for encrypted connections, and SSL is not declared",
        remedy="declare ssl, or use host",
    ),
    passes(
        "inherited-access",
        "declared",
        clone(security_ips={}, accounts_exclusive=True),
    ),
    passes(
        "inherited-access",
        "every account gets a password",
        {**named("owner", "shop"), "security_ips": {}},
    ),
    passes(
        "inherited-access",
        "every other account is closed",
        {**named("shop"), "security_ips": {}},
        knowing(accounts={"old": DatabaseAccount(type="Super", description=CLOSED)}),
    ),
    fails(
        "inherited-access",
        "nothing declared",
        what="the clone has the source's whitelist and its accounts with their "
        "passwords",
        remedy="declare security_ips and accounts_exclusive, or name this check in "
        "checks.skip",
    ),
    fails(
        "inherited-access",
        "the whitelist",
        clone(accounts_exclusive=True),
        what="the clone has the source's whitelist",
        remedy="declare security_ips, or name this check in checks.skip",
    ),
    fails(
        "inherited-access",
        "an account",
        {**named("owner"), "security_ips": {"default": ["10.0.0.1"]}},
        what="the clone has the source's accounts with their passwords",
        remedy="declare accounts_exclusive, or name this check in checks.skip",
        path="accounts_exclusive",
    ),
)
