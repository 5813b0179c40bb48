from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.accounts import CLOSED, DatabaseAccount
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.problems import quoted
from tests.domain.checks.rows import Row, clone, fails, knowing, passes, rule
from tests.domain.samples import SOURCE

COUNT: Final = "declare 1 to 10001 lines, or remove pg_hba"
STRONG: Final = (
    "use 8 to 32 characters with at least three of: uppercase letters, lowercase letters, digits, "
    "special characters such as !@#$%"
)
GROUP: Final = (
    "use 2 to 32 lowercase letters, digits and _; start with a "
    "letter, and end with a letter or digit"
)
DESCRIBED: Final = "use 2 to 256 letters, digits, _ and -; start with a letter"
LETTERS: Final = "letters, digits and _; start with a letter, and "
POSTGRES_LETTERS: Final = (
    "lowercase letters, digits and _; start with a letter but not with pg, and "
)
INSTEAD: Final = "use type Normal, or an existing account"
BLOCK: Final = "write a block like 10.0.0.0/8, or an address and a mask"
GOOD: Final = "Abcdefg1"
SPECIAL: Final = "abc-1234"
POSTGRES: Final = replace(SOURCE, engine="PostgreSQL", engine_version="16.0")
SQL_SERVER: Final = replace(SOURCE, engine="SQLServer", engine_version="2022_std_ha")
MYSQL_56: Final = replace(SOURCE, engine_version="5.6")
LOCAL_POSTGRES: Final = replace(POSTGRES, storage_type="local_ssd")
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

ROWS: list[Row] = []

ROWS += rule(
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
ROWS += rule(
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
ROWS += rule(
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
ROWS += rule(
    "account-name",
    passes("none"),
    passes("MySQL's", named("Ci_2", "a" * 32)),
    passes("PostgreSQL's", named("a" * 63), on(POSTGRES)),
    passes("SQL Server's", named("a" * 64), on(SQL_SERVER)),
    passes("one that is there already", named("x-y"), on(SOURCE, **{"x-y": ""})),
    *(
        fails(case, named(name), knowing(source=instance)).says(
            f"{quoted(name)} is not a name of a database account of {instance.engine}",
            f"use 2 to {most} {what}end with a letter or digit",
        )
        for name, instance, case, most, what in (
            ("a", SOURCE, "too short", 32, LETTERS),
            ("a" * 33, SOURCE, "too long", 32, LETTERS),
            ("1ci", SOURCE, "a digit first", 32, LETTERS),
            ("ci_", SOURCE, "an underscore last", 32, LETTERS),
            ("c-i", SOURCE, "a hyphen", 32, LETTERS),
            ("cí", SOURCE, "an accent", 32, LETTERS),
            ("c" * 300, SOURCE, "300 characters", 32, LETTERS),
            ("a" * 17, MYSQL_56, "too long for MySQL 5.6", 16, LETTERS),
            ("Ci", MARIADB, "a capital letter on MariaDB", 16, f"lowercase {LETTERS}"),
            ("pgci", POSTGRES, "pg first", 63, POSTGRES_LETTERS),
            ("a" * 17, LOCAL_POSTGRES, "too long for local disks", 16, POSTGRES_LETTERS),
        )
    ),
)
ROWS += rule(
    "account-reserved",
    passes("none"),
    passes("another one", named("root2")),
    passes("there already", named("root"), on(SOURCE, root="Super")),
    passes("of another engine", named("tempdb")),
    *(
        fails(f"{name} on {instance.engine}", named(name), knowing(source=instance)).says(
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
ROWS += rule(
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
ROWS += rule(
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
            knowing(source=SQL_SERVER),
        ).says(f"serverless clones do not support accounts of type {kind}", "use type Normal")
        for kind in ("Sysadmin", "GlobalRO")
    ),
    *(
        fails(
            f"{kind} on {instance.engine_version}", kinds(ci=kind), knowing(source=instance)
        ).says(f"{of} does not support database accounts of type {kind}", "use type Normal")
        for kind, instance, of in (
            ("Sysadmin", SOURCE, "MySQL 8.0"),
            ("GlobalRO", POSTGRES, "PostgreSQL 16.0"),
            ("Sysadmin", replace(SQL_SERVER, engine_version="2008r2"), "SQLServer 2008r2"),
            ("GlobalRO", replace(SQL_SERVER, engine_version="2012_std_ha"), "SQLServer 2012"),
        )
    ),
)
ROWS += rule(
    "account-type-kept",
    passes("none"),
    passes("no word of it", named("owner")),
    passes("as it is", kinds(owner="Super", shop="Normal")),
    fails("another one", kinds(shop="Super")).says(
        "'shop' already is a database account of type Normal, and the type cannot be changed",
        "remove the type of 'shop', or choose another name",
    ),
)
ROWS += rule(
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
    fails("two", kinds(one="Super", two="Super"), on(SOURCE)).says(
        "there would be 2 accounts of type Super ('one', 'two'), and MySQL allows 1", INSTEAD
    ),
    fails("beside an inherited one", kinds(dba="Super"), on(SOURCE, owner="Super")).says(
        "there would be 2 accounts of type Super ('dba', 'owner'), and MySQL allows 1", INSTEAD
    ),
    fails(
        "beside one that cannot go",
        {**kinds(dba="Super"), "accounts_exclusive": True},
        on(LOCAL_POSTGRES, owner="Super"),
    ).says(
        "there would be 2 accounts of type Super ('dba', 'owner'), and PostgreSQL allows 1", INSTEAD
    ),
    fails(
        "three that read everything",
        kinds(one="GlobalRO", two="GlobalRO"),
        on(SQL_SERVER, old="GlobalRO", owner="Super"),
    ).says(
        "there would be 3 accounts of type GlobalRO ('old', 'one', 'two'), and SQLServer allows 2",
        INSTEAD,
    ),
)
ROWS += rule(
    "account-first",
    passes("none"),
    passes("MySQL", named("ci"), on(SOURCE)),
    passes("not the first", named("ci"), on(SQL_SERVER, owner="Super")),
    passes("Super", kinds(a="Super", b="Normal"), on(SQL_SERVER)),
    passes("Sysadmin", kinds(ab="Sysadmin"), on(SQL_SERVER)),
    fails("Normal", named("ci"), on(SQL_SERVER)).says(
        "the first database account of SQL Server cannot be of type Normal",
        "declare an account of type Super",
    ),
)
ROWS += rule(
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
ROWS += rule(
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
ROWS += rule(
    "account-privileges",
    passes("none"),
    passes("MySQL's", named("ci", privileges={"app": "ddlonly", "crm": "DMLOnly"})),
    passes("PostgreSQL's", named("ci", privileges={"app": "dbowner"}), on(POSTGRES)),
    fails("PostgreSQL's on MySQL", named("ci", privileges={"app": "DBOwner"})).says(
        "MySQL does not support the privilege DBOwner, declared for 'ci'",
        "use one of ReadWrite, ReadOnly, DDLOnly, DMLOnly",
    ),
    fails("MySQL's on PostgreSQL", named("ci", privileges={"app": "ReadOnly"}), on(POSTGRES)).says(
        "PostgreSQL does not support the privilege ReadOnly, declared for 'ci'", "use DBOwner"
    ),
)
ROWS += rule(
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
ROWS += rule(
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
ROWS += rule(
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
            knowing(source=instance, accounts=GRANTED),
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
        knowing(source=POSTGRES, accounts=GRANTED),
    ).says(
        "RDS cannot revoke privileges on PostgreSQL, and 'shop' already has one on 'app'",
        "declare this privilege, too, or remove the privileges of 'shop'",
    ),
)
ROWS += rule(
    "hba-count",
    passes("none"),
    passes("one", lines({})),
    fails("no line", lines()).says("pg_hba has 0 lines", COUNT),
    fails("too many", lines(*[{}] * 10002)).says("pg_hba has 10002 lines", COUNT),
    passes("as many as there are priorities", lines(*[{}] * 10001)),
)
ROWS += rule(
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
        fails(f"{field}: {case}", lines({}, {field: text})).says(
            f"{text!r} is not a list of {field}s",
            "use 'all', or names separated by commas without spaces",
        )
        for field in ("database", "user")
        for case, text in (("empty", ""), ("spaces", "a, b"), ("comma", "a,"))
    ),
    *(
        fails(f"address: {text}", lines({}, {"address": text})).says(
            f"{text!r} is not an address of clients", BLOCK
        )
        for text in ("", "anywhere", "10.0.0.0/33", "10.0.0.256")
    ),
    fails("a mask beside a block", lines({"address": "10.0.0.0/8", "mask": "8"})).says(
        "'10.0.0.0/8' with the mask '8' is not an address of clients", BLOCK
    ),
    *(
        fails(f"{method} without its option", lines({"method": method})).says(
            f"the method {method} needs an option", f"set option, such as {option}=10.0.0.2"
        )
        for method, option in (("ldap", "ldapserver"), ("radius", "radiusservers"))
    ),
)
ROWS += rule(
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
ROWS += rule(
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
