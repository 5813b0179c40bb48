from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.errors import InvalidSpecError
from pulumi_rdsclone.domain.functions import BackupsQuery
from pulumi_rdsclone.domain.parsing import parse, parse_as, problems_by_path
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import Payment
from pulumi_rdsclone.domain.unknown import UNKNOWN, is_unknown
from tests.domain.samples import HBA_RULE, LEAVES, complete, read, values, with_value
from tests.support.rows import case, row

GROUPS = [
    "restore_point",
    "capacity",
    "capacity.serverless",
    "network",
    "payment",
    "ssl",
    "encryption",
    "high_availability",
    "backup_policy",
    "checks",
    "accounts.ci",
]


def told(tree: dict[str, Any]) -> list[str]:
    """
    Return what is told about *tree*.
    """
    return [str(problem) for problem in parse(tree).problems]


def must_be(case: str, path: str, value: object, what: str) -> Any:
    """
    Return the row of a value that must be *what*.
    """
    return row(case, path, value, f"must be {what} — correct the value")


def no_multiple(case: str, value: object, larger: int) -> Any:
    """
    Return the row of a storage between two steps, of which *larger* is the next.
    """
    message = f"{value} is not a positive multiple of 5 — use a multiple of 5 GB"
    return row(case, "capacity.storage_gb", value, f"{message}, such as {larger}")


def at(tree: object, path: str) -> object:
    """
    Return what stands at *path*, whether in a dict or in a group.
    """
    for step in path.split("."):
        tree = tree[step] if isinstance(tree, dict) else getattr(tree, step)
    return tree


def test_complete_inputs_are_read() -> None:
    parsed = parse(complete())

    assert parsed.problems == ()
    assert complete() == parsed.spec.given()


def test_missing_input_has_its_static_default() -> None:
    spec = read(values())

    assert Payment() == spec.payment
    assert spec.payment.type == "PayAsYouGo"
    assert spec.payment.auto_pay is True
    assert spec.tags == {}
    assert spec.deletion_protection is False
    assert timedelta(minutes=90) == spec.create_timeout
    assert spec.checks.skip == []
    assert spec.checks.on_unverifiable == "warn"
    assert [None] * 6 == [
        spec.region,
        spec.edition,
        spec.zones,
        spec.capacity,
        spec.network,
        spec.description,
    ]


def test_given_leaves_defaults_out() -> None:
    assert values() == read(values()).given()


@pytest.mark.parametrize(
    ("path", "given", "normal"),
    [
        row("case", "edition", "HIGHAVAILABILITY", "HighAvailability"),
        row("a word the cloud may know", "edition", "quantum", "quantum"),
        row("a disk", "capacity.storage_type", "CLOUD_ESSD", "cloud_essd"),
        row("a network", "network.type", "vpc", "VPC"),
        row("a payment", "payment.type", "subscription", "Subscription"),
        row("a period", "payment.period", "month", "Month"),
        row("a restore form", "restore_point.latest", "Backup", "backup"),
        row("a float that is whole", "capacity.storage_gb", 100.0, 100),
        row("a duration as a float", "payment.duration", 2.0, 2),
        row("seconds", "create_timeout", "5400s", "1h30m"),
        row("days", "ttl", "2d", "48h"),
        row("what to do", "checks.on_unverifiable", "FAIL", "fail"),
        row("minutes", "create_timeout", "90m", "1h30m"),
        row("a kind of account", "accounts.ci.type", "super", "Super"),
        case("addresses have no order", "security_ips")(
            {"default": ["10.2.0.1", "10.1.0.1", "10.2.0.1"]}, {"default": ["10.1.0.1", "10.2.0.1"]}
        ),
        row("days have one", "backup_policy.days", ["Sunday", "Monday"], ["Monday", "Sunday"]),
        row("how clients are verified", "ssl.acl", "PREFER", "prefer"),
        case("a time zone")(
            "restore_point.time", "2026-11-20T12:00:00.7+08:00", "2026-11-20T04:00:00Z"
        ),
        case("tags that are no texts", "tags")(
            {"ttl": 5, "old": 5.0, "part": 2.5, "on": True, "off": False, "a": "b"},
            {"ttl": "5", "old": "5", "part": "2.5", "on": "true", "off": "false", "a": "b"},
        ),
        case("tags with large and negative numbers")(
            "tags", {"big": 1e20, "neg": -3.0}, {"big": "1" + "0" * 20, "neg": "-3"}
        ),
    ],
)
def test_values_are_normalised(path: str, given: object, normal: object) -> None:
    plain = read(with_value(complete(), path, given)).given()

    assert with_value(complete(), path, normal) == plain
    assert type(normal) is type(at(plain, path))


def test_instants_are_read_as_datetimes_in_utc() -> None:
    spec = read(values(restore_point={"time": "2026-11-20T12:00:00+08:00"}))

    assert datetime(2026, 11, 20, 4, tzinfo=UTC) == spec.restore_point.time


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        must_be("a number for a text", "source_instance_id", 5, "a string"),
        must_be("nothing for a required text", "source_instance_id", None, "a string"),
        must_be("a list for a text", "region", ["cn-hangzhou"], "a string"),
        must_be("a text for a number", "payment.duration", "long", "a whole number"),
        must_be("a list for a number", "payment.duration", [1], "a whole number"),
        must_be("a fraction of months", "payment.duration", 1.5, "a whole number"),
        must_be("no months", "payment.duration", 0, "at least 1"),
        no_multiple("a storage between two steps", 101, 105),
        no_multiple("the same as a text", "101", 105),
        no_multiple("a fraction of storage", 7.5, 10),
        no_multiple("a negative storage", -5, 5),
        no_multiple("no storage", 0, 5),
        must_be("storage in prose", "capacity.storage_gb", "much", "a whole number"),
        must_be("a limit in prose", "capacity.serverless.min_rcu", "few", "a number"),
        must_be("no limit at all", "capacity.serverless.min_rcu", 0, "more than 0"),
        must_be("a limit without end", "capacity.serverless.max_rcu", float("inf"), "a number"),
        must_be("a list of limits", "capacity.serverless.min_rcu", [1], "a number"),
        must_be("neither true nor false", "deletion_protection", "maybe", "true or false"),
        must_be("a list for a truth", "deletion_protection", [], "true or false"),
        must_be("a text for a list", "zones", "cn-hangzhou-h", "a list"),
        row(
            "four zones", "zones", list("abcd"), "more than three zones are set — set at most three"
        ),
        must_be("a number among zones", "zones", ["cn-hangzhou-h", 5], "a string"),
        must_be("a list for a map", "tags", ["team"], "a map of strings"),
        must_be("a list for a map of groups", "accounts", ["ci"], "a map"),
        must_be("a list for a map of lists", "security_ips", ["10.0.0.0/8"], "a map"),
        must_be(
            "a list for a map in a map", "accounts.ci.privileges", ["shop"], "a map of strings"
        ),
        must_be("a text for a group in a map", "accounts.ci", "Secret-1", "an object"),
        must_be("a number for a password", "accounts.ci.password", 12345678, "a string"),
        row("an empty password", "accounts.ci.password", "", "empty — give it a value"),
        case("a word outside a table in a map", "accounts.ci.type")(
            "Root", "'Root' is not one of Normal, Super, Sysadmin, GlobalRO — use one of them"
        ),
        must_be("a group for a list of them", "pg_hba", {"method": "md5"}, "a list"),
        must_be("a line of text for a rule", "pg_hba", ["host all all md5"], "an object"),
        case("a period between two")(
            "monitoring_period", 30, "30 is not one of 5, 10, 60, 300 — use one of them"
        ),
        must_be("a period in prose", "monitoring_period", "often", "a whole number"),
        case("no weekday", "backup_policy.days", ["Monday", "Someday"])(
            "'Someday' is not a weekday — use Monday, Tuesday, Wednesday, Thursday, "
            "Friday, Saturday, Sunday"
        ),
        must_be("backups for no days", "backup_policy.retention_days", 0, "at least 1"),
        case("the misspelling of another provider", "ssl.acl", "perfer")(
            "'perfer' is not one of cert, prefer, verify-ca, verify-full — did you mean prefer?"
        ),
        must_be("a text for a group", "restore_point", "latest", "an object"),
        must_be("a list for a group", "payment", ["PayAsYouGo"], "an object"),
        case("a word outside a closed table", "payment.type", "Barter")(
            "'Barter' is not one of PayAsYouGo, Subscription, Serverless — use one of them"
        ),
        case("a word with a colon", "payment.period")(
            "by the: week", "'by the: week' is not one of Month, Year — use one of them"
        ),
        case("no time", "restore_point.time")(
            "noon", "'noon' is not a time — write it like 2026-11-20T04:00:00Z"
        ),
        case("no time, with a colon", "restore_point.time")(
            "at: noon", "'at: noon' is not a time — write it like 2026-11-20T04:00:00Z"
        ),
        case("half a time", "restore_point.before")(
            "2026-11-20 04h", "'2026-11-20 04h' is not a time — write it like 2026-11-20T04:00:00Z"
        ),
        case("another way out", "checks.on_unverifiable")(
            "ignore", "'ignore' is not one of warn, fail — use one of them"
        ),
        must_be("a check instead of a list", "checks.skip", "source-idle", "a list"),
        case("no duration")(
            "create_timeout", "soon", "'soon' is not a duration — write it like 90m, 36h or 2d"
        ),
        case("a duration beyond counting", "create_timeout", "99999999999999999999h")(
            "'99999999999999999999h' is more than ten years — write a shorter one, "
            "such as 48h or 2d"
        ),
    ],
)
def test_value_of_wrong_form_is_told_by_its_path(path: str, value: object, message: str) -> None:
    assert [f"{path}: {message} (input-form)"] == told(with_value(complete(), path, value))


def test_time_without_a_zone_is_reported() -> None:
    tree = values(restore_point={"time": "2026-11-20T04:00:00"})

    message = (
        "restore_point.time: '2026-11-20T04:00:00' has no time zone — add Z for UTC "
        "or an offset such as +08:00 (input-form)"
    )

    assert [message] == told(tree)


def test_tag_value_of_wrong_form_is_told_by_its_key() -> None:
    assert ["tags.team: must be a string — correct the value (input-form)"] == told(
        values(tags={"team": ["data"], "stage": "test"})
    )


@pytest.mark.parametrize(
    ("rules", "messages"),
    [
        case("a word outside the table", [{}, {"type": "local"}])(
            [("pg_hba[1].type: 'local' is not one of host, hostssl, hostnossl — use one of them")]
        ),
        case("two rules", [{"metod": "md5"}, {}, {"user": 5}])(
            [
                "pg_hba[0].metod: no such property — did you mean method?",
                "pg_hba[2].user: must be a string — correct the value",
            ]
        ),
        case("behind one that is not known", [UNKNOWN, {"type": "local", "user": UNKNOWN}])(
            [("pg_hba[1].type: 'local' is not one of host, hostssl, hostnossl — use one of them")]
        ),
    ],
)
def test_fault_in_a_list_is_told_with_its_number(rules: list[Any], messages: list[str]) -> None:
    parsed = parse(values(pg_hba=rules))

    assert [f"{message} (input-form)" for message in messages] == [
        str(problem) for problem in parsed.problems
    ]
    assert values(pg_hba=UNKNOWN) == parsed.spec.given()


def test_every_fault_of_every_account_is_told_by_its_name() -> None:
    parsed = parse(
        values(
            accounts={
                "ci": {"pasword": "Secret-1", "type": "normal"},
                "crm.web": {"password": UNKNOWN, "type": "Root"},
                "shop": {"password": "Secret-2", "privileges": {"shop": 5}},
                "all": UNKNOWN,
            }
        )
    )

    assert [
        "accounts.ci.password: missing — give it a value (input-form)",
        ("accounts.ci.pasword: no such property — did you mean password? (input-form)"),
        (
            "accounts['crm.web'].type: 'Root' is not one of Normal, Super, Sysadmin, "
            "GlobalRO — use one of them (input-form)"
        ),
        ("accounts.shop.privileges.shop: must be a string — correct the value (input-form)"),
    ] == [str(problem) for problem in parsed.problems]
    assert parsed.spec.given()["accounts"] == {
        "ci": {"password": UNKNOWN, "type": "Normal"},
        "crm.web": {"password": UNKNOWN, "type": UNKNOWN},
        "shop": {"password": "Secret-2", "privileges": {"shop": UNKNOWN}},
        "all": UNKNOWN,
    }


def test_fault_of_a_secret_is_told_without_it() -> None:
    tree = values(
        accounts={"ci": {"password": ["Secret-1"]}, "web": "Secret-2"},
        ssl={"server_key": ["Secret-3"], "serverKey": "Secret-4"},
    )

    assert 4 == len(told(tree))
    assert "Secret" not in "".join(told(tree))


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        row("in a map", "accounts.ci.pasword", "did you mean password?"),
        case("nothing near in a map")(
            "accounts.ci.name", "remove it, or use one of password, type, description, privileges"
        ),
        row("in SSL", "ssl.serverKey", "did you mean server_key?"),
        row("letters exchanged", "regoin", "did you mean region?"),
        row("another case", "sourceInstanceID", "did you mean source_instance_id?"),
        row("no underscore", "restorepoint", "did you mean restore_point?"),
        row("inside a group", "capacity.storageGB", "did you mean storage_gb?"),
        row("two groups deep", "capacity.serverless.minrcu", "did you mean min_rcu?"),
        row("a part of the name", "restore_point.backup", "did you mean backup_id?"),
        row("nothing near", "quux", "remove it, or see docs/reference.md for what there is"),
        case("nothing near inside a group", "payment.quux")(
            "remove it, or use one of type, period, duration, auto_pay, auto_renew, "
            "auto_renew_months"
        ),
    ],
)
def test_misspelt_name_is_told_with_the_nearest(path: str, remedy: str) -> None:
    assert [f"{path}: no such property — {remedy} (input-form)"] == told(
        with_value(complete(), path, "x")
    )


@pytest.mark.parametrize(
    ("tree", "paths"),
    [
        row("nothing at all", {}, ["source_instance_id", "restore_point"]),
        row("no moment", {"source_instance_id": "rm-source"}, ["restore_point"]),
        case("half of a group")(
            values(capacity={"serverless": {"max_rcu": 8}}), ["capacity.serverless.min_rcu"]
        ),
    ],
)
def test_every_missing_value_is_told(tree: dict[str, Any], paths: list[str]) -> None:
    assert [f"{path}: missing — give it a value (input-form)" for path in paths] == (told(tree))


@pytest.mark.parametrize("path", [*LEAVES, *GROUPS])
def test_unknown_value_is_no_fault(path: str) -> None:
    parsed = parse(with_value(complete(), path, UNKNOWN))

    assert parsed.problems == ()
    assert is_unknown(at(parsed.spec, path))


@pytest.mark.parametrize("path", [*LEAVES, *GROUPS])
def test_unknown_value_is_written_as_unknown(path: str) -> None:
    tree = with_value(complete(), path, UNKNOWN)

    assert tree == parse(tree).spec.given()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        row("one of the zones", "zones", ["cn-hangzhou-h", UNKNOWN]),
        row("the only vSwitch", "network.vswitch_ids", [UNKNOWN]),
        row("a tag's value", "tags", {"team": "data", "vpc": UNKNOWN}),
        row("a password", "accounts.ci.password", UNKNOWN),
        row("a privilege", "accounts.ci.privileges", {"shop": UNKNOWN}),
        row("a rule", "pg_hba", [UNKNOWN, HBA_RULE]),
        row("a rule's user", "pg_hba", [{**HBA_RULE, "user": UNKNOWN}]),
        row("a group of addresses", "security_ips", {"default": UNKNOWN}),
        row("an address", "security_ips", {"default": ["10.0.0.0/8"], "app": [UNKNOWN]}),
    ],
)
def test_unknown_item_is_no_fault(path: str, value: object) -> None:
    tree = with_value(complete(), path, value)
    parsed = parse(tree)

    assert parsed.problems == ()
    assert tree == parsed.spec.given()


WRONG = {
    "source_instance_id": 5,
    "restore_point": {"latest": "tomorrow", "tiem": "noon", "backup_id": "101"},
    "capacity": {"storage_gb": 101, "storage_type": "CLOUD_ESSD"},
    "payment": {"type": "subscription", "period": "Fortnight", "duration": 2},
    "description": "staging",
    "zones": "h",
    "quux": 1,
}


def test_all_faults_come_at_once() -> None:
    paths = [problem.path for problem in parse(WRONG).problems]

    assert [
        "capacity.storage_gb",
        "payment.period",
        "quux",
        "restore_point.latest",
        "restore_point.tiem",
        "source_instance_id",
        "zones",
    ] == sorted(paths)


def test_faulty_values_become_unknown_and_the_rest_can_be_judged() -> None:
    assert {
        "source_instance_id": UNKNOWN,
        "restore_point": {"latest": UNKNOWN, "backup_id": "101"},
        "capacity": {"storage_gb": UNKNOWN, "storage_type": "cloud_essd"},
        "payment": {"type": "Subscription", "period": UNKNOWN, "duration": 2},
        "description": "staging",
        "zones": UNKNOWN,
    } == parse(WRONG).spec.given()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        row("a time", "restore_point.time", "noon"),
        row("a duration", "create_timeout", "soon"),
        row("a required group", "restore_point", "latest"),
        row("a group", "payment", "free"),
    ],
)
def test_faulty_value_is_written_as_unknown(path: str, value: object) -> None:
    parsed = parse(with_value(complete(), path, value))

    assert with_value(complete(), path, UNKNOWN) == parsed.spec.given()


def test_missing_value_becomes_unknown() -> None:
    spec = parse({"source_instance_id": "rm-source"}).spec

    assert is_unknown(spec.restore_point)


def test_problems_come_in_the_order_of_the_inputs() -> None:
    def problem(path: str, what: str) -> Problem:
        return Problem(check="c", path=path, what=what, remedy="r")

    given = [
        problem("quux", "a"),
        problem("tags", "b"),
        problem("restore_point.time", "c"),
        problem("restore_point", "d"),
        problem("source_instance_id", "e"),
    ]

    assert ["e", "c", "d", "b", "a"] == [p.what for p in problems_by_path(given)]


def test_arguments_of_a_function_are_read_with_the_same_words() -> None:
    parsed = parse_as(BackupsQuery, {"source_instance_id": "", "usableOnly": True, "nothing": 1})

    assert [str(problem) for problem in parsed.problems] == [
        "source_instance_id: '' is blank — give it a value (input-form)",
        "usableOnly: no such property — did you mean usable_only? (input-form)",
        (
            "nothing: no such property — remove it, or use one of "
            "source_instance_id, region, usable_only (input-form)"
        ),
    ]


def test_values_of_the_wrong_form_are_not_handed_on() -> None:
    good = parse(values())

    assert good.spec is good.spec_or_raise()
    with pytest.raises(InvalidSpecError, match="zones: must be a list"):
        parse(values(zones="h")).spec_or_raise()


@pytest.mark.parametrize("blank", ["", "  ", "\t\n"])
@pytest.mark.parametrize(
    "path",
    [
        "region",
        "edition",
        "restore_point.backup_id",
        "capacity.instance_class",
        "capacity.storage_type",
        "network.vpc_id",
    ],
)
def test_blank_name_is_refused_where_it_stands(path: str, blank: str) -> None:
    assert [f"{path}: {blank!r} is blank — give it a value, or remove it (input-form)"] == told(
        with_value(values(), path, blank)
    )


@pytest.mark.parametrize("path", ["zones", "network.vswitch_ids"])
def test_blank_name_in_a_list_is_refused(path: str) -> None:
    assert [f"{path}: ' ' is blank — give it a value, or remove it (input-form)"] == (
        told(with_value(values(), path, ["a", " "]))
    )
    assert [] == told(with_value(values(), path, ["a", UNKNOWN]))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("databases", "x"),
        ("tables", "x"),
        ("security_ips", []),
        ("accounts", {"password": "Secret-1"}),
        ("tags", "x"),
    ],
)
def test_blank_key_is_refused(path: str, value: object) -> None:
    assert [f"{path}: the name ' ' is blank — give every entry a name (input-form)"] == told(
        values(**{path: {" ": value}})
    )


def test_source_cannot_be_removed() -> None:
    assert ["source_instance_id: ' ' is blank — give it a value (input-form)"] == told(
        values(source_instance_id=" ")
    )


def test_name_that_cannot_be_printed_is_refused() -> None:
    (text,) = told(values(zones=["a\n\x1b[31m"]))

    assert text == (
        r"zones: 'a\n\x1b[31m' contains characters that cannot be printed — remove "
        "these characters (input-form)"
    )


@pytest.mark.parametrize(
    ("key", "step"),
    [
        ("ci", ".ci"),
        ("c.i", "['c.i']"),
        ("max_rcu", "['max_rcu']"),
        ("a\nb", r"['a\nb']"),
        ("x" * 300, f"['{'x' * 37}…']"),
    ],
)
def test_odd_key_of_a_map_is_quoted_in_its_path(key: str, step: str) -> None:
    assert [f"accounts{step}.password: missing — give it a value (input-form)"] == (
        told(values(accounts={key: {}}))
    )


def test_odd_name_of_an_input_is_quoted() -> None:
    (text,) = told(values(**{"a\nb": 1}))

    assert text.startswith(r"['a\nb']: no such property — ")
