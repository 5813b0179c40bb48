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
    Give what is told about *tree*.
    """
    return [str(problem) for problem in parse(tree).problems]


def at(tree: object, path: str) -> object:
    """
    Give what stands at *path*, whether in a dict or in a group.
    """
    for step in path.split("."):
        tree = tree[step] if isinstance(tree, dict) else getattr(tree, step)
    return tree


def test_complete_inputs_are_read() -> None:
    """
    Well-formed inputs give a specification with every value, and no problem.
    """
    parsed = parse(complete())

    assert parsed.problems == ()
    assert complete() == parsed.spec.given()


def test_defaults() -> None:
    """
    What is not given has its static default, or None where the source decides.
    """
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
    """
    The normalised inputs hold what was given and nothing else.
    """
    assert values() == read(values()).given()


@pytest.mark.parametrize(
    ("path", "given", "normal"),
    [
        pytest.param("edition", "HIGHAVAILABILITY", "HighAvailability", id="case"),
        pytest.param("edition", "quantum", "quantum", id="a word the cloud may know"),
        pytest.param("capacity.storage_type", "CLOUD_ESSD", "cloud_essd", id="a disk"),
        pytest.param("network.type", "vpc", "VPC", id="a network"),
        pytest.param("payment.type", "subscription", "Subscription", id="a payment"),
        pytest.param("payment.period", "month", "Month", id="a period"),
        pytest.param("restore_point.latest", "Backup", "backup", id="a restore form"),
        pytest.param("capacity.storage_gb", 100.0, 100, id="a float that is whole"),
        pytest.param("payment.duration", 2.0, 2, id="a duration as a float"),
        pytest.param("create_timeout", "5400s", "1h30m", id="seconds"),
        pytest.param("ttl", "2d", "48h", id="days"),
        pytest.param("checks.on_unverifiable", "FAIL", "fail", id="what to do"),
        pytest.param("create_timeout", "90m", "1h30m", id="minutes"),
        pytest.param("accounts.ci.type", "super", "Super", id="a kind of account"),
        pytest.param(
            "security_ips",
            {"default": ["10.2.0.1", "10.1.0.1", "10.2.0.1"]},
            {"default": ["10.1.0.1", "10.2.0.1"]},
            id="addresses have no order",
        ),
        pytest.param(
            "backup_policy.days",
            ["Sunday", "Monday"],
            ["Monday", "Sunday"],
            id="days have one",
        ),
        pytest.param("ssl.acl", "PREFER", "prefer", id="how clients are verified"),
        pytest.param(
            "restore_point.time",
            "2026-11-20T12:00:00.7+08:00",
            "2026-11-20T04:00:00Z",
            id="a time zone",
        ),
        pytest.param(
            "tags",
            {"ttl": 5, "old": 5.0, "part": 2.5, "on": True, "off": False, "a": "b"},
            {
                "ttl": "5",
                "old": "5",
                "part": "2.5",
                "on": "true",
                "off": "false",
                "a": "b",
            },
            id="tags that are no texts",
        ),
        pytest.param(
            "tags",
            {"big": 1e20, "neg": -3.0},
            {"big": "1" + "0" * 20, "neg": "-3"},
            id="tags with large and negative numbers",
        ),
    ],
)
def test_values_are_normalised(path: str, given: object, normal: object) -> None:
    """
    Case, number types, units and time zones are brought to one form.
    """
    plain = read(with_value(complete(), path, given)).given()

    assert with_value(complete(), path, normal) == plain
    assert type(normal) is type(at(plain, path))


def test_instants_are_instants() -> None:
    """
    The specification itself holds datetimes in UTC.
    """
    spec = read(values(restore_point={"time": "2026-11-20T12:00:00+08:00"}))

    assert datetime(2026, 11, 20, 4, tzinfo=UTC) == spec.restore_point.time


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        pytest.param(
            "source_instance_id",
            5,
            "must be a string — correct the value",
            id="a number for a text",
        ),
        pytest.param(
            "source_instance_id",
            None,
            "must be a string — correct the value",
            id="nothing for a required text",
        ),
        pytest.param(
            "region",
            ["cn-hangzhou"],
            "must be a string — correct the value",
            id="a list for a text",
        ),
        pytest.param(
            "payment.duration",
            "long",
            "must be a whole number — correct the value",
            id="a text for a number",
        ),
        pytest.param(
            "payment.duration",
            [1],
            "must be a whole number — correct the value",
            id="a list for a number",
        ),
        pytest.param(
            "payment.duration",
            1.5,
            "must be a whole number — correct the value",
            id="a fraction of months",
        ),
        pytest.param(
            "payment.duration",
            0,
            "must be at least 1 — correct the value",
            id="no months",
        ),
        pytest.param(
            "capacity.storage_gb",
            101,
            "101 is not a positive multiple of 5 — use a multiple of 5 GB, such as 105",
            id="a storage between two steps",
        ),
        pytest.param(
            "capacity.storage_gb",
            "101",
            "101 is not a positive multiple of 5 — use a multiple of 5 GB, such as 105",
            id="the same as a text",
        ),
        pytest.param(
            "capacity.storage_gb",
            7.5,
            "7.5 is not a positive multiple of 5 — use a multiple of 5 GB, such as 10",
            id="a fraction of storage",
        ),
        pytest.param(
            "capacity.storage_gb",
            -5,
            "-5 is not a positive multiple of 5 — use a multiple of 5 GB, such as 5",
            id="a negative storage",
        ),
        pytest.param(
            "capacity.storage_gb",
            0,
            "0 is not a positive multiple of 5 — use a multiple of 5 GB, such as 5",
            id="no storage",
        ),
        pytest.param(
            "capacity.storage_gb",
            "much",
            "must be a whole number — correct the value",
            id="storage in prose",
        ),
        pytest.param(
            "capacity.serverless.min_rcu",
            "few",
            "must be a number — correct the value",
            id="a limit in prose",
        ),
        pytest.param(
            "capacity.serverless.min_rcu",
            0,
            "must be more than 0 — correct the value",
            id="no limit at all",
        ),
        pytest.param(
            "capacity.serverless.max_rcu",
            float("inf"),
            "must be a number — correct the value",
            id="a limit without end",
        ),
        pytest.param(
            "capacity.serverless.min_rcu",
            [1],
            "must be a number — correct the value",
            id="a list of limits",
        ),
        pytest.param(
            "deletion_protection",
            "maybe",
            "must be true or false — correct the value",
            id="neither true nor false",
        ),
        pytest.param(
            "deletion_protection",
            [],
            "must be true or false — correct the value",
            id="a list for a truth",
        ),
        pytest.param(
            "zones",
            "cn-hangzhou-h",
            "must be a list — correct the value",
            id="a text for a list",
        ),
        pytest.param(
            "zones",
            list("abcd"),
            "more than three zones are set — set at most three",
            id="four zones",
        ),
        pytest.param(
            "zones",
            ["cn-hangzhou-h", 5],
            "must be a string — correct the value",
            id="a number among zones",
        ),
        pytest.param(
            "tags",
            ["team"],
            "must be a map of strings — correct the value",
            id="a list for a map",
        ),
        pytest.param(
            "accounts",
            ["ci"],
            "must be a map — correct the value",
            id="a list for a map of groups",
        ),
        pytest.param(
            "security_ips",
            ["10.0.0.0/8"],
            "must be a map — correct the value",
            id="a list for a map of lists",
        ),
        pytest.param(
            "accounts.ci.privileges",
            ["shop"],
            "must be a map of strings — correct the value",
            id="a list for a map in a map",
        ),
        pytest.param(
            "accounts.ci",
            "Secret-1",
            "must be an object — correct the value",
            id="a text for a group in a map",
        ),
        pytest.param(
            "accounts.ci.password",
            12345678,
            "must be a string — correct the value",
            id="a number for a password",
        ),
        pytest.param(
            "accounts.ci.password",
            "",
            "empty — give it a value",
            id="an empty password",
        ),
        pytest.param(
            "accounts.ci.type",
            "Root",
            "'Root' is not one of Normal, Super, Sysadmin, GlobalRO — use one of them",
            id="a word outside a table in a map",
        ),
        pytest.param(
            "pg_hba",
            {"method": "md5"},
            "must be a list — correct the value",
            id="a group for a list of them",
        ),
        pytest.param(
            "pg_hba",
            ["host all all md5"],
            "must be an object — correct the value",
            id="a line of text for a rule",
        ),
        pytest.param(
            "monitoring_period",
            30,
            "30 is not one of 5, 10, 60, 300 — use one of them",
            id="a period between two",
        ),
        pytest.param(
            "monitoring_period",
            "often",
            "must be a whole number — correct the value",
            id="a period in prose",
        ),
        pytest.param(
            "backup_policy.days",
            ["Monday", "Someday"],
            "'Someday' is not a weekday — use Monday, Tuesday, Wednesday, Thursday, "
            "Friday, Saturday, Sunday",
            id="no weekday",
        ),
        pytest.param(
            "backup_policy.retention_days",
            0,
            "must be at least 1 — correct the value",
            id="backups for no days",
        ),
        pytest.param(
            "ssl.acl",
            "perfer",
            "'perfer' is not one of cert, prefer, verify-ca, verify-full "
            "— did you mean prefer?",
            id="the misspelling of another provider",
        ),
        pytest.param(
            "restore_point",
            "latest",
            "must be an object — correct the value",
            id="a text for a group",
        ),
        pytest.param(
            "payment",
            ["PayAsYouGo"],
            "must be an object — correct the value",
            id="a list for a group",
        ),
        pytest.param(
            "payment.type",
            "Barter",
            "'Barter' is not one of PayAsYouGo, Subscription, Serverless "
            "— use one of them",
            id="a word outside a closed table",
        ),
        pytest.param(
            "payment.period",
            "by the: week",
            "'by the: week' is not one of Month, Year — use one of them",
            id="a word with a colon",
        ),
        pytest.param(
            "restore_point.time",
            "noon",
            "'noon' is not a time — write it like 2026-11-20T04:00:00Z",
            id="no time",
        ),
        pytest.param(
            "restore_point.time",
            "at: noon",
            "'at: noon' is not a time — write it like 2026-11-20T04:00:00Z",
            id="no time, with a colon",
        ),
        pytest.param(
            "restore_point.before",
            "2026-11-20 04h",
            "'2026-11-20 04h' is not a time — write it like 2026-11-20T04:00:00Z",
            id="half a time",
        ),
        pytest.param(
            "checks.on_unverifiable",
            "ignore",
            "'ignore' is not one of warn, fail — use one of them",
            id="another way out",
        ),
        pytest.param(
            "checks.skip",
            "source-idle",
            "must be a list — correct the value",
            id="a check instead of a list",
        ),
        pytest.param(
            "create_timeout",
            "soon",
            "'soon' is not a duration — write it like 90m, 36h or 2d",
            id="no duration",
        ),
        pytest.param(
            "create_timeout",
            "99999999999999999999h",
            "'99999999999999999999h' is more than ten years — write a shorter one, "
            "such as 48h or 2d",
            id="a duration beyond counting",
        ),
    ],
)
def test_wrong_form(path: str, value: object, message: str) -> None:
    """
    A value of the wrong form is told by its path, with what to do about it.
    """
    assert [f"{path}: {message} (input-form)"] == told(
        with_value(complete(), path, value)
    )


def test_missing_zone_is_told() -> None:
    """
    A time without a zone is told as just that.
    """
    tree = values(restore_point={"time": "2026-11-20T04:00:00"})

    message = (
        "restore_point.time: '2026-11-20T04:00:00' has no time zone — add Z for UTC "
        "or an offset such as +08:00 (input-form)"
    )

    assert [message] == told(tree)


def test_tag_value_of_wrong_form_is_told_by_its_key() -> None:
    """
    A tag's value that is no text is told with the tag's key.
    """
    assert ["tags.team: must be a string — correct the value (input-form)"] == told(
        values(tags={"team": ["data"], "stage": "test"})
    )


@pytest.mark.parametrize(
    ("rules", "messages"),
    [
        pytest.param(
            [{}, {"type": "local"}],
            [
                (
                    "pg_hba[1].type: 'local' is not one of host, hostssl, hostnossl "
                    "— use one of them"
                )
            ],
            id="a word outside the table",
        ),
        pytest.param(
            [{"metod": "md5"}, {}, {"user": 5}],
            [
                "pg_hba[0].metod: no such property — did you mean method?",
                "pg_hba[2].user: must be a string — correct the value",
            ],
            id="two rules",
        ),
        pytest.param(
            [UNKNOWN, {"type": "local", "user": UNKNOWN}],
            [
                (
                    "pg_hba[1].type: 'local' is not one of host, hostssl, hostnossl "
                    "— use one of them"
                )
            ],
            id="behind one that is not known",
        ),
    ],
)
def test_fault_in_a_list_of_groups(rules: list[Any], messages: list[str]) -> None:
    """
    A fault in a list of groups is told with the number of the group.
    """
    parsed = parse(values(pg_hba=rules))

    assert [f"{message} (input-form)" for message in messages] == [
        str(problem) for problem in parsed.problems
    ]
    assert values(pg_hba=UNKNOWN) == parsed.spec.given()


def test_faults_in_accounts() -> None:
    """
    Every fault of every account is told by its name; what is sound is kept.
    """
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
        (
            "accounts.shop.privileges.shop: must be a string — correct the value "
            "(input-form)"
        ),
    ] == [str(problem) for problem in parsed.problems]
    assert parsed.spec.given()["accounts"] == {
        "ci": {"password": UNKNOWN, "type": "Normal"},
        "crm.web": {"password": UNKNOWN, "type": UNKNOWN},
        "shop": {"password": "Secret-2", "privileges": {"shop": UNKNOWN}},
        "all": UNKNOWN,
    }


def test_no_fault_tells_a_secret() -> None:
    """
    What is wrong with a secret is told without it.
    """
    tree = values(
        accounts={"ci": {"password": ["Secret-1"]}, "web": "Secret-2"},
        ssl={"server_key": ["Secret-3"], "serverKey": "Secret-4"},
    )

    assert 4 == len(told(tree))
    assert "Secret" not in "".join(told(tree))


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        pytest.param("accounts.ci.pasword", "did you mean password?", id="in a map"),
        pytest.param(
            "accounts.ci.name",
            "remove it, or use one of password, type, description, privileges",
            id="nothing near in a map",
        ),
        pytest.param("ssl.serverKey", "did you mean server_key?", id="in SSL"),
        pytest.param("regoin", "did you mean region?", id="letters exchanged"),
        pytest.param(
            "sourceInstanceID", "did you mean source_instance_id?", id="another case"
        ),
        pytest.param("restorepoint", "did you mean restore_point?", id="no underscore"),
        pytest.param(
            "capacity.storageGB", "did you mean storage_gb?", id="inside a group"
        ),
        pytest.param(
            "capacity.serverless.minrcu", "did you mean min_rcu?", id="two groups deep"
        ),
        pytest.param(
            "restore_point.backup", "did you mean backup_id?", id="a part of the name"
        ),
        pytest.param(
            "quux",
            "remove it, or see docs/reference.md for what there is",
            id="nothing near",
        ),
        pytest.param(
            "payment.quux",
            "remove it, or use one of type, period, duration, auto_pay, auto_renew, "
            "auto_renew_months",
            id="nothing near inside a group",
        ),
    ],
)
def test_misspelt_name(path: str, remedy: str) -> None:
    """
    A name that no field has is told with the nearest one, or with all.
    """
    assert [f"{path}: no such property — {remedy} (input-form)"] == told(
        with_value(complete(), path, "x")
    )


@pytest.mark.parametrize(
    ("tree", "paths"),
    [
        pytest.param({}, ["source_instance_id", "restore_point"], id="nothing at all"),
        pytest.param(
            {"source_instance_id": "rm-source"}, ["restore_point"], id="no moment"
        ),
        pytest.param(
            values(capacity={"serverless": {"max_rcu": 8}}),
            ["capacity.serverless.min_rcu"],
            id="half of a group",
        ),
    ],
)
def test_missing_values(tree: dict[str, Any], paths: list[str]) -> None:
    """
    Every required value that is missing is told.
    """
    assert [f"{path}: missing — give it a value (input-form)" for path in paths] == (
        told(tree)
    )


@pytest.mark.parametrize("path", [*LEAVES, *GROUPS])
def test_unknown_value_is_no_fault(path: str) -> None:
    """
    An unknown value may stand anywhere, for a value and for a whole group.
    """
    parsed = parse(with_value(complete(), path, UNKNOWN))

    assert parsed.problems == ()
    assert is_unknown(at(parsed.spec, path))


@pytest.mark.parametrize("path", [*LEAVES, *GROUPS])
def test_unknown_value_is_written_as_unknown(path: str) -> None:
    """
    The normalised inputs hold what is unknown, and everything else as it was.
    """
    tree = with_value(complete(), path, UNKNOWN)

    assert tree == parse(tree).spec.given()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("zones", ["cn-hangzhou-h", UNKNOWN], id="one of the zones"),
        pytest.param("network.vswitch_ids", [UNKNOWN], id="the only vSwitch"),
        pytest.param("tags", {"team": "data", "vpc": UNKNOWN}, id="a tag's value"),
        pytest.param("accounts.ci.password", UNKNOWN, id="a password"),
        pytest.param("accounts.ci.privileges", {"shop": UNKNOWN}, id="a privilege"),
        pytest.param("pg_hba", [UNKNOWN, HBA_RULE], id="a rule"),
        pytest.param("pg_hba", [{**HBA_RULE, "user": UNKNOWN}], id="a rule's user"),
        pytest.param("security_ips", {"default": UNKNOWN}, id="a group of addresses"),
        pytest.param(
            "security_ips",
            {"default": ["10.0.0.0/8"], "app": [UNKNOWN]},
            id="an address",
        ),
    ],
)
def test_unknown_item_is_no_fault(path: str, value: object) -> None:
    """
    A list or a map may hold unknown items.
    """
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
    """
    One reading finds every fault, in whatever group it stands.
    """
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


def test_the_rest_can_still_be_judged() -> None:
    """
    Faulty values become unknown, unknown names vanish, and all else is there.
    """
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
        pytest.param("restore_point.time", "noon", id="a time"),
        pytest.param("create_timeout", "soon", id="a duration"),
        pytest.param("restore_point", "latest", id="a required group"),
        pytest.param("payment", "free", id="a group"),
    ],
)
def test_faulty_value_is_written_as_unknown(path: str, value: object) -> None:
    """
    Inputs with a fault can still be written, the fault as unknown.
    """
    parsed = parse(with_value(complete(), path, value))

    assert with_value(complete(), path, UNKNOWN) == parsed.spec.given()


def test_missing_value_is_unknown() -> None:
    """
    A missing value becomes unknown, so that nothing is judged about it.
    """
    spec = parse({"source_instance_id": "rm-source"}).spec

    assert is_unknown(spec.restore_point)


def test_problems_follow_the_inputs() -> None:
    """
    Problems are told in the order of the inputs, those of no input last.
    """

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


def test_other_values_are_read_alike() -> None:
    """
    The arguments of a function are read with the same words.
    """
    parsed = parse_as(
        BackupsQuery, {"source_instance_id": "", "usableOnly": True, "nothing": 1}
    )

    assert [str(problem) for problem in parsed.problems] == [
        "source_instance_id: '' is blank — give it a value (input-form)",
        "usableOnly: no such property — did you mean usable_only? (input-form)",
        (
            "nothing: no such property — remove it, or use one of "
            "source_instance_id, region, usable_only (input-form)"
        ),
    ]


def test_only_sound_values_are_given() -> None:
    """
    Values whose form is wrong are not handed on.
    """
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
def test_blank_names(path: str, blank: str) -> None:
    """
    A name or id that says nothing is refused where it stands, before any rule sees it.
    """
    assert [
        f"{path}: {blank!r} is blank — give it a value, or remove it (input-form)"
    ] == told(with_value(values(), path, blank))


@pytest.mark.parametrize("path", ["zones", "network.vswitch_ids"])
def test_blank_names_in_lists(path: str) -> None:
    """
    So is one among others; those that are not known yet pass.
    """
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
def test_blank_keys(path: str, value: object) -> None:
    """
    Nothing in a map has a blank name.
    """
    assert [
        f"{path}: the name ' ' is blank — give every entry a name (input-form)"
    ] == told(values(**{path: {" ": value}}))


def test_blank_source() -> None:
    """
    A source is needed, so it cannot be removed.
    """
    assert ["source_instance_id: ' ' is blank — give it a value (input-form)"] == told(
        values(source_instance_id=" ")
    )


def test_a_name_that_cannot_be_printed() -> None:
    """
    Line breaks and colours of a terminal are in no id.
    """
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
def test_path_of_a_key(key: str, step: str) -> None:
    """
    An odd key of a user's map stands in quotes, so that a path stays one.
    """
    assert [f"accounts{step}.password: missing — give it a value (input-form)"] == (
        told(values(accounts={key: {}}))
    )


def test_odd_names_of_inputs() -> None:
    """
    So does an input that nobody would call so.
    """
    (text,) = told(values(**{"a\nb": 1}))

    assert text.startswith(r"['a\nb']: no such property — ")
