from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.accounts import CLOSED, DatabaseAccount
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.problems import quoted
from tests.domain.checks.rows import Rows, clone, fails, knowing, passes, rule
from tests.domain.samples import SOURCE

COUNT: Final = "declare 1 to 10001 lines, or remove pg_hba"
STRONG: Final = (
    "use 8 to 32 characters with at least three of: uppercase "
    "letters, lowercase letters, digits, special characters such as "
    "!@#$%"
)
GROUP: Final = (
    "use 2 to 32 lowercase letters, digits and _; start with a "
    "letter, and end with a letter or digit"
)
DESCRIBED: Final = "use 2 to 256 letters, digits, _ and -; start with a letter"
POSTGRES_NAME: Final = (
    "lowercase letters, digits and _; start with a letter but not with pg, and end "
    "with a letter or digit"
)
GOOD: Final = "Abcdefg1"
SPECIAL: Final = "abc-1234"
POSTGRES: Final = replace(SOURCE, engine="PostgreSQL", engine_version="16.0")
SQL_SERVER: Final = replace(SOURCE, engine="SQLServer", engine_version="2022_std_ha")
MARIADB: Final = replace(SOURCE, engine="MariaDB", engine_version="10.6")


def allowing(**groups: list[str]) -> dict[str, Any]:
    return clone(security_ips=groups)


def named(*names: str, **fields: Any) -> dict[str, Any]:
    return clone(accounts={name: {"password": GOOD, **fields} for name in names})


def kinds(**types: str) -> dict[str, Any]:
    return clone(accounts={n: {"password": GOOD, "type": kind} for n, kind in types.items()})


def on(instance: Any, **accounts: str) -> Facts:
    """
    Return the facts of a source that is *instance* and has *accounts* of these types.
    """
    there = {name: DatabaseAccount(type=kind) for name, kind in accounts.items()}
    return knowing(source=instance, accounts=there)


def lines(*rules: dict[str, str]) -> dict[str, Any]:
    return clone(pg_hba=list(rules))


GRANTED: Final = {"shop": DatabaseAccount(type="Normal", privileges={"app": "DBOwner"})}

WHITELIST_GROUPS: Final = rule(
    "whitelist-groups",
    passes("none"),
    passes("the default one", allowing(Default=["10.0.0.1"])),
    passes("another one", allowing(office_2=["10.0.0.1"])),
    *(
        fails(case, allowing(**{name: ["10.0.0.1"]})).says(
            f"{name!r} is not a name of a whitelist group", GROUP
        )
        for name, case in (
            ("a", "too short"),
            ("a" * 33, "too long"),
            ("Office", "a capital letter"),
            ("my-office", "a hyphen"),
            ("1st", "a digit first"),
            ("office_", "an underscore last"),
            ("böse", "an umlaut"),
        )
    ),
)
WHITELIST_SIZE: Final = rule(
    "whitelist-size",
    passes("none"),
    passes(
        "200 groups", allowing(default=["10.0.0.1"], **{f"g{n}": ["10.0.0.1"] for n in range(199)})
    ),
    passes("1000 addresses", allowing(default=[f"10.0.{n // 250}.{n % 250}" for n in range(1000)])),
    fails("201 groups", allowing(**{f"g{n}": ["10.0.0.1"] for n in range(200)})).says(
        "201 whitelist groups are declared", "use at most 200"
    ),
    fails(
        "1001 addresses are declared",
        allowing(default=["10.1.0.1"], web=[f"10.0.{n // 250}.{n % 250}" for n in range(1000)]),
    ).says(
        "1001 addresses are declared", "use at most 1000, some of them as blocks such as 10.0.0.0/8"
    ),
)
WHITELIST_ADDRESSES: Final = rule(
    "whitelist-addresses",
    passes("none"),
    passes("addresses and blocks", allowing(default=["10.1.2.3", "0.0.0.0/0"], empty=[])),
    *(
        fails(case, allowing(web=[text])).says(
            f"{text!r} in the whitelist group 'web' is not an IPv4 address or CIDR block",
            "write addresses like 10.1.2.3 and blocks like 10.0.0.0/8",
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
)
ACCOUNT_NAME: Final = rule(
    "account-name",
    passes("none"),
    passes("MySQL's", named("Ci_2", "a" * 32)),
    passes("PostgreSQL's", named("a" * 63), on(POSTGRES)),
    passes("SQL Server's", named("a" * 64), on(SQL_SERVER)),
    passes("one that is there already", named("x-y"), on(SOURCE, **{"x-y": ""})),
    *(
        fails(case, named(name), facts=knowing(source=instance)).says(
            f"{quoted(name)} is not a name of a database account of {instance.engine}", remedy
        )
        for name, instance, case, remedy in (
            *(
                (
                    name,
                    SOURCE,
                    case,
                    (
                        "use 2 to 32 letters, digits and _; start with a letter, and "
                        "end with a letter or digit"
                    ),
                )
                for name, case in (
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
                (
                    "use 2 to 16 letters, digits and _; start with a letter, and end "
                    "with a letter or digit"
                ),
            ),
            (
                "Ci",
                MARIADB,
                "a capital letter on MariaDB",
                (
                    "use 2 to 16 lowercase letters, digits and _; start with a "
                    "letter, and end with a letter or digit"
                ),
            ),
            ("pgci", POSTGRES, "pg first", f"use 2 to 63 {POSTGRES_NAME}"),
            (
                "a" * 17,
                replace(POSTGRES, storage_type="local_ssd"),
                "too long for local disks",
                f"use 2 to 16 {POSTGRES_NAME}",
            ),
        )
    ),
)
ACCOUNT_RESERVED: Final = rule(
    "account-reserved",
    passes("none"),
    passes("another one", named("root2")),
    passes("there already", named("root"), on(SOURCE, root="Super")),
    passes("of another engine", named("tempdb")),
    *(
        fails(f"{name} on {instance.engine}", named(name), facts=knowing(source=instance)).says(
            f"{name!r} is a reserved word of {instance.engine}", "choose another name"
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
)
ACCOUNT_TWINS: Final = rule(
    "account-twins",
    passes("none"),
    passes("there already", named("owner", "ci")),
    fails("two declared", named("Ci", "ci")).says(
        "'Ci' and 'ci' differ only in uppercase and lowercase letters",
        "write 'ci', or choose another name",
    ),
    fails("one there already", named("Owner")).says(
        "'Owner' and 'owner' differ only in uppercase and lowercase letters",
        "write 'owner', or choose another name",
    ),
)
ACCOUNT_TYPE: Final = rule(
    "account-type",
    passes("none"),
    passes("MySQL's", kinds(root2="Super", ci="Normal")),
    passes("SQL Server's", kinds(ci="Sysadmin", audit="GlobalRO"), on(SQL_SERVER)),
    passes(
        "Sysadmin of 2012",
        kinds(ci="Sysadmin"),
        knowing(source=replace(SQL_SERVER, engine_version="2012_std_ha")),
    ),
    *(
        fails(
            f"{kind} of a serverless clone",
            {**kinds(ci=kind), "payment": {"type": "Serverless"}},
            facts=knowing(source=SQL_SERVER),
        ).says(f"serverless clones do not support accounts of type {kind}", "use type Normal")
        for kind in ("Sysadmin", "GlobalRO")
    ),
    *(
        fails(
            f"{kind} on {instance.engine_version}", kinds(ci=kind), facts=knowing(source=instance)
        ).says(f"{of} does not support database accounts of type {kind}", "use type Normal")
        for kind, instance, of in (
            ("Sysadmin", SOURCE, "MySQL 8.0"),
            ("GlobalRO", POSTGRES, "PostgreSQL 16.0"),
            ("Sysadmin", replace(SQL_SERVER, engine_version="2008r2"), "SQLServer 2008r2"),
            ("GlobalRO", replace(SQL_SERVER, engine_version="2012_std_ha"), "SQLServer 2012"),
        )
    ),
)
ACCOUNT_TYPE_KEPT: Final = rule(
    "account-type-kept",
    passes("none"),
    passes("no word of it", named("owner")),
    passes("as it is", kinds(owner="Super", shop="Normal")),
    fails("another one", kinds(shop="Super")).says(
        "'shop' already is a database account of type Normal, and the type cannot be changed",
        "remove the type of 'shop', or choose another name",
    ),
)
ACCOUNT_LIMIT: Final = rule(
    "account-limit",
    passes("none"),
    passes("the one that is there", kinds(owner="Super")),
    passes("Normal ones", named(*(f"c{n}" for n in range(99)))),
    passes("several on PostgreSQL", kinds(dba="Super", dbb="Super"), on(POSTGRES, owner="Super")),
    passes("in the place of the one that goes", {**kinds(dba="Super"), "accounts_exclusive": True}),
    passes(
        "two that read everything",
        kinds(one="GlobalRO", two="GlobalRO", root2="Super"),
        on(SQL_SERVER),
    ),
    *(
        fails(case, tree, facts=facts).says(
            f"there would be {count} accounts of type {kind} ({who}), and {engine} allows {most}",
            "use type Normal, or an existing account",
        )
        for case, tree, facts, engine, kind, count, who, most in (
            (
                "two",
                kinds(one="Super", two="Super"),
                on(SOURCE),
                "MySQL",
                "Super",
                2,
                "'one', 'two'",
                1,
            ),
            (
                "beside an inherited one",
                kinds(dba="Super"),
                on(SOURCE, owner="Super"),
                "MySQL",
                "Super",
                2,
                "'dba', 'owner'",
                1,
            ),
            (
                "beside one that cannot go",
                {**kinds(dba="Super"), "accounts_exclusive": True},
                on(replace(POSTGRES, storage_type="local_ssd"), owner="Super"),
                "PostgreSQL",
                "Super",
                2,
                "'dba', 'owner'",
                1,
            ),
            (
                "three that read everything",
                kinds(one="GlobalRO", two="GlobalRO"),
                on(SQL_SERVER, old="GlobalRO", owner="Super"),
                "SQLServer",
                "GlobalRO",
                3,
                "'old', 'one', 'two'",
                2,
            ),
        )
    ),
)
ACCOUNT_FIRST: Final = rule(
    "account-first",
    passes("none"),
    passes("MySQL", named("ci"), on(SOURCE)),
    passes("not the first", named("ci"), on(SQL_SERVER, owner="Super")),
    passes("Super", kinds(a="Super", b="Normal"), on(SQL_SERVER)),
    passes("Sysadmin", kinds(ab="Sysadmin"), on(SQL_SERVER)),
    fails("Normal", named("ci"), facts=on(SQL_SERVER)).says(
        "the first database account of SQL Server cannot be of type Normal",
        "declare an account of type Super",
    ),
)
ACCOUNT_PASSWORD: Final = rule(
    "account-password",
    passes("none"),
    passes("three kinds", named("ci", password=GOOD)),
    passes("special ones", named("ci", password=SPECIAL)),
    *(
        fails(case, named("ci", password=text)).says(
            "the password of 'ci' is not accepted by RDS", STRONG
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
)
ACCOUNT_DESCRIPTION: Final = rule(
    "account-description",
    passes("none"),
    passes("short", named("ci", description="ci")),
    passes("long", named("ci", description="C" * 256)),
    *(
        fails(case, named("ci", description=text)).says(
            "the description of 'ci' is not accepted by RDS", DESCRIBED
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
)
ACCOUNT_PRIVILEGES: Final = rule(
    "account-privileges",
    passes("none"),
    passes("MySQL's", named("ci", privileges={"app": "ddlonly", "crm": "DMLOnly"})),
    passes("PostgreSQL's", named("ci", privileges={"app": "dbowner"}), on(POSTGRES)),
    fails("PostgreSQL's on MySQL", named("ci", privileges={"app": "DBOwner"})).says(
        "MySQL does not support the privilege DBOwner, declared for 'ci'",
        "use one of ReadWrite, ReadOnly, DDLOnly, DMLOnly",
    ),
    fails(
        "MySQL's on PostgreSQL", named("ci", privileges={"app": "ReadOnly"}), facts=on(POSTGRES)
    ).says("PostgreSQL does not support the privilege ReadOnly, declared for 'ci'", "use DBOwner"),
)
ACCOUNT_PRIVILEGES_TYPE: Final = rule(
    "account-privileges-type",
    passes("none"),
    passes("Normal", named("ci", privileges={"app": "ReadOnly"})),
    passes("none of Super", named("owner", privileges={})),
    *(
        fails(case, tree).says(
            f"'{name}' is a database account of type Super, which cannot have "
            "privileges on single databases",
            f"remove the privileges of '{name}'",
        )
        for case, name, tree in (
            ("declared", "dba", named("dba", type="Super", privileges={"app": "ReadOnly"})),
            ("inherited", "owner", named("owner", privileges={"app": "ReadOnly"})),
        )
    ),
)
ACCOUNT_DATABASES: Final = rule(
    "account-databases",
    passes("none"),
    passes("all", named("ci", privileges={"anything": "ReadOnly"})),
    passes(
        "one of those restored",
        {
            **named("ci", privileges={"crm2": "ReadOnly", "shop": "ReadOnly"}),
            "databases": {"crm": "crm2"},
            "tables": {"shop.orders": "orders"},
        },
    ),
    *(
        fails(case, named("ci", privileges={name: "ReadOnly"})).says(
            f"{name!r} in the privileges of 'ci' is not a name of a database",
            "use the name of one database for each entry",
        )
        for case, name in (("no name", ""), ("blank", " "), ("two", "app,crm"))
    ),
    fails(
        "by its old name",
        {**named("ci", privileges={"crm": "ReadOnly"}), "databases": {"crm": "clients"}},
    ).says(
        "'ci' has a privilege on 'crm', which is not restored into the clone",
        "choose from 'clients', or add 'crm' to databases",
    ),
    fails(
        "not one of whose tables are restored",
        {**named("ci", privileges={"crm": "ReadOnly"}), "tables": {"shop.orders": "orders"}},
    ).says(
        "'ci' has a privilege on 'crm', which is not restored into the clone",
        "choose from 'shop', or add 'crm' to databases",
    ),
)
ACCOUNT_REVOKE: Final = rule(
    "account-revoke",
    passes("none"),
    passes("MySQL", named("shop", privileges={})),
    passes("nothing said", named("shop"), knowing(source=POSTGRES, accounts=GRANTED)),
    passes(
        "in a database that is not restored",
        {**named("shop", privileges={}), "databases": {"crm": "crm"}},
        knowing(source=POSTGRES, accounts=GRANTED),
    ),
    *(
        fails(
            case,
            named("shop", privileges={"crm": "DBOwner"}),
            facts=knowing(source=instance, accounts=GRANTED),
        ).says(
            f"RDS cannot revoke privileges on {instance.engine}, and 'shop' "
            "already has one on 'app'",
            "declare this privilege, too, or remove the privileges of 'shop'",
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
        "in a database with a table that is restored",
        {**named("shop", privileges={}), "tables": {"app.orders": "orders"}},
        facts=knowing(source=POSTGRES, accounts=GRANTED),
    ).says(
        "RDS cannot revoke privileges on PostgreSQL, and 'shop' already has one on 'app'",
        "declare this privilege, too, or remove the privileges of 'shop'",
    ),
)
HBA_COUNT: Final = rule(
    "hba-count",
    passes("none"),
    passes("one", lines({})),
    fails("no line", lines()).says("pg_hba has 0 lines", COUNT),
    fails("too many", lines(*[{}] * 10002)).says("pg_hba has 10002 lines", COUNT),
)
HBA_LINES: Final = rule(
    "hba-lines",
    passes("none"),
    passes(
        "all kinds",
        lines(
            {"database": "app,crm", "user": "ci,web"},
            {"address": "10.0.0.1", "mask": "255.0.0.0", "option": ""},
            {"address": "10.0.0.1", "mask": ""},
            {"address": "::/0", "method": "LDAP", "option": "ldapserver=10.0.0.2"},
        ),
    ),
    *(
        fails(case, lines({}, {field: text})).says(f"{text!r} {what}", remedy)
        for case, field, text, what, remedy in (
            *(
                (
                    f"{field}: {case}",
                    field,
                    text,
                    f"is not a list of {field}s",
                    ("use 'all', or names separated by commas without spaces"),
                )
                for field in ("database", "user")
                for case, text in (("empty", ""), ("spaces", "a, b"), ("comma", "a,"))
            ),
            *(
                (
                    f"address: {text}",
                    "address",
                    text,
                    "is not an address of clients",
                    "write a block like 10.0.0.0/8, or an address and a mask",
                )
                for text in ("", "anywhere", "10.0.0.0/33", "10.0.0.256")
            ),
        )
    ),
    fails("a mask beside a block", lines({"address": "10.0.0.0/8", "mask": "8"})).says(
        "'10.0.0.0/8' with the mask '8' is not an address of clients",
        "write a block like 10.0.0.0/8, or an address and a mask",
    ),
    *(
        fails(f"{method} without its option", lines({"method": method})).says(
            f"the method {method} needs an option", f"set option, such as {option}=10.0.0.2"
        )
        for method, option in (("ldap", "ldapserver"), ("radius", "radiusservers"))
    ),
)
HBA_SSL: Final = rule(
    "hba-ssl",
    passes("none"),
    passes("without", lines({"type": "hostnossl"})),
    passes("with", {**lines({"type": "hostssl"}), "ssl": {}}),
    fails("not declared", lines({"type": "hostssl"})).says(
        "lines of type hostssl need SSL, which is not enabled",
        "set ssl.enabled to true, or use type host",
    ),
    fails("off", {**lines({}, {"type": "hostssl"}), "ssl": {"enabled": False}}).says(
        "lines of type hostssl need SSL, which is not enabled",
        "set ssl.enabled to true, or use type host",
    ),
)
INHERITED_ACCESS: Final = rule(
    "inherited-access",
    passes("declared", clone(security_ips={}, accounts_exclusive=True)),
    passes("every account gets a password", {**named("owner", "shop"), "security_ips": {}}),
    passes(
        "every other account is closed",
        {**named("shop"), "security_ips": {}},
        knowing(accounts={"old": DatabaseAccount(type="Super", description=CLOSED)}),
    ),
    fails("nothing declared").says(
        "the clone inherits the whitelist and the database accounts with "
        "their passwords from the source",
        "set security_ips and accounts_exclusive, or add inherited-access to checks.skip",
    ),
    fails("the whitelist", clone(accounts_exclusive=True)).says(
        "the clone inherits the whitelist from the source",
        "set security_ips, or add inherited-access to checks.skip",
    ),
    fails("an account", {**named("owner"), "security_ips": {"default": ["10.0.0.1"]}}).says(
        "the clone inherits the database accounts with their passwords from the source",
        "set accounts_exclusive, or add inherited-access to checks.skip",
        path="accounts_exclusive",
    ),
)
ROWS: Final[Rows] = (
    *WHITELIST_GROUPS,
    *WHITELIST_SIZE,
    *WHITELIST_ADDRESSES,
    *ACCOUNT_NAME,
    *ACCOUNT_RESERVED,
    *ACCOUNT_TWINS,
    *ACCOUNT_TYPE,
    *ACCOUNT_TYPE_KEPT,
    *ACCOUNT_LIMIT,
    *ACCOUNT_FIRST,
    *ACCOUNT_PASSWORD,
    *ACCOUNT_DESCRIPTION,
    *ACCOUNT_PRIVILEGES,
    *ACCOUNT_PRIVILEGES_TYPE,
    *ACCOUNT_DATABASES,
    *ACCOUNT_REVOKE,
    *HBA_COUNT,
    *HBA_LINES,
    *HBA_SSL,
    *INHERITED_ACCESS,
)
