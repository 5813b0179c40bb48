from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.presentation.properties import from_properties, to_properties
from pulumi_rdsclone.presentation.spelling import spell, to_camel, to_message
from tests.domain.samples import complete
from tests.support.rows import row

MARK = object()


def read(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Read properties in which *MARK* stands for what is unknown.
    """
    return from_properties(properties, lambda value: value is MARK)


def write(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Write properties in which *MARK* stands for what is unknown.
    """
    return to_properties(values, lambda: MARK)


def value_of(field: Field) -> st.SearchStrategy[Any]:
    known: dict[type, Any] = {
        str: st.text,
        int: st.integers,
        float: lambda: st.floats(allow_nan=False),
        bool: st.booleans,
        datetime: st.text,
        timedelta: st.text,
        list: lambda: st.lists(held_by(field), max_size=3),
        dict: lambda: st.dictionaries(st.text(), held_by(field), max_size=3),
    }
    value = group_of(field.subgroup) if field.subgroup else known[field.kind]()
    return value | st.just(UNKNOWN)


def held_by(field: Field) -> st.SearchStrategy[Any]:
    if field.item:
        return group_of(field.item) | st.just(UNKNOWN)
    texts = st.lists(st.text(), max_size=2) if field.item_kind is list else st.text()
    return texts | st.just(UNKNOWN)


def group_of(part: type[FieldGroup]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {f.name: value_of(f) for f in fields_of(part)}
    return st.fixed_dictionaries({}, optional=fields)


def names_in(written: Any, fields: Iterable[Field]) -> Iterator[str]:
    """
    Yield every name of *written*, one group of properties, that is none of the user's.
    """
    known = {to_camel(field.name): field for field in fields}
    for name, value in written.items() if isinstance(written, dict) else ():
        yield name
        field = known[name]
        held = list(value.values()) if isinstance(value, dict) else value
        groups = held if field.item and isinstance(held, list) else [value]
        if field.group:
            inner = list(fields_of(field.group))
            yield from (found for group in groups for found in names_in(group, inner))


TREES = st.fixed_dictionaries(
    {},
    optional={
        field.name: value_of(field)
        for part in (CloneSpec, CloneOutputs)
        for field in fields_of(part)
    },
)


@given(TREES)
def test_what_is_written_is_read_back(values: dict[str, Any]) -> None:
    assert values == read(write(values))


@given(TREES)
def test_properties_are_camel_case(values: dict[str, Any]) -> None:
    fields = [f for part in (CloneSpec, CloneOutputs) for f in fields_of(part)]

    assert not [name for name in names_in(write(values), fields) if "_" in name]


@pytest.mark.parametrize(
    ("name", "camel"),
    [
        ("region", "region"),
        ("source_instance_id", "sourceInstanceId"),
        ("vswitch_ids", "vswitchIds"),
        ("storage_gb", "storageGb"),
        ("min_rcu", "minRcu"),
        ("private_ip_address", "privateIpAddress"),
        ("unheardOf", "unheardOf"),
    ],
)
def test_names_are_spelled_one_way(name: str, camel: str) -> None:
    assert camel == to_camel(name)


def test_names_are_translated_at_every_depth() -> None:
    assert write(complete())["restorePoint"]["backupId"] == "102"
    assert write(complete())["capacity"]["serverless"]["minRcu"] == 0.5
    assert complete() == read(write(complete()))


def test_outputs_are_translated() -> None:
    restored = {"source_instance_id": "rm-1", "backup_id": "103"}

    assert write({"instance_id": "rm-2", "restored_from": restored}) == {
        "instanceId": "rm-2",
        "restoredFrom": {"sourceInstanceId": "rm-1", "backupId": "103"},
    }


def test_keys_of_tags_are_the_users() -> None:
    tags = {"cost_center": "1", "costCenter": "2", "source_instance_id": "3", "__x": ""}

    assert write({"tags": tags}) == {"tags": tags}
    assert read({"tags": tags}) == {"tags": tags}


ACCOUNTS = {
    "ci_user": {
        "password": "Secret-1",
        "privileges": {"my_shop": "ReadWrite", "myCrm": "ReadOnly"},
    },
    "sourceInstanceId": {"password": "Secret-2", "description": ""},
    "__admin": {"password": "Secret-3"},
}
RULE = {"type": "host", "database": "my_shop", "user": "ci_user"}


@pytest.mark.parametrize(
    ("values", "properties"),
    [
        row("accounts", {"accounts": ACCOUNTS}, {"accounts": ACCOUNTS}),
        row("pg_hba", {"pg_hba": [RULE, RULE]}, {"pgHba": [RULE, RULE]}),
        row(
            "a whitelist",
            {"security_ips": {"my_group": ["10.0.0.1"], "default": []}},
            {"securityIps": {"my_group": ["10.0.0.1"], "default": []}},
        ),
        row(
            "parameters",
            {"parameters": {"wait_timeout": "60", "maxConnections": "5"}},
            {"parameters": {"wait_timeout": "60", "maxConnections": "5"}},
        ),
        row(
            "a group of secrets",
            {"ssl": {"server_key": "Secret-1", "client_ca_cert": ""}},
            {"ssl": {"serverKey": "Secret-1", "clientCaCert": ""}},
        ),
        row("none", {"accounts": {}, "pg_hba": []}, {"accounts": {}, "pgHba": []}),
    ],
)
def test_keys_in_maps_and_lists_of_groups_are_the_users(
    values: dict[str, Any], properties: dict[str, Any]
) -> None:
    assert properties == write(values)
    assert values == read(properties)


class Inner(FieldGroup):
    """
    What an item holds.
    """

    long_name: str


class Item(Inner):
    """
    What a list or map holds.
    """

    own_map: dict[str, str]
    next_items: list[Inner]


class Tree(FieldGroup):
    """
    Lists and maps of groups whose names are long.
    """

    some_items: list[Item]
    named_items: dict[str, Item]


def test_long_names_are_translated_in_lists_and_maps() -> None:
    item = {
        "long_name": "one_two",
        "own_map": {"a_b": "c_d", "longName": "x"},
        "next_items": [{"long_name": UNKNOWN}],
    }
    written = {
        "longName": "one_two",
        "ownMap": {"a_b": "c_d", "longName": "x"},
        "nextItems": [{"longName": MARK}],
    }
    values = {"some_items": [item, UNKNOWN], "named_items": {"long_name": item}}
    properties = {"someItems": [written, MARK], "namedItems": {"long_name": written}}

    assert properties == to_properties(values, lambda: MARK, parts=(Tree,))
    assert values == from_properties(properties, lambda found: found is MARK, parts=(Tree,))


def test_unknown_names_are_kept() -> None:
    """
    Names that no field has are kept as they are, so that they can be refused.
    """
    properties = {
        "sourceInstanceID": "rm-1",
        "capacity": {"storageGB": 100, "storageGb": 105},
        "colour": {"darkBlue": 1},
        "accounts": {"ci": {"passWord": "x"}},
        "pgHba": [{"dataBase": "x"}],
    }

    assert read(properties) == {
        "sourceInstanceID": "rm-1",
        "capacity": {"storageGB": 100, "storage_gb": 105},
        "colour": {"darkBlue": 1},
        "accounts": {"ci": {"passWord": "x"}},
        "pg_hba": [{"dataBase": "x"}],
    }


def test_pulumis_own_names_are_left_out() -> None:
    properties = {"__provider": "pickle", "__defaults": [], "region": "cn-hangzhou"}

    assert read(properties) == {"region": "cn-hangzhou"}


def test_none_is_left_out_at_any_depth() -> None:
    assert read({"region": None, "capacity": {"storageGb": None}}) == {"capacity": {}}
    assert write({"region": None, "capacity": {"storage_gb": None}}) == {"capacity": {}}
    accounts = {"accounts": {"ci": {"password": "x", "type": None}, "web": None}}
    assert {"accounts": {"ci": {"password": "x"}}} == read(accounts) == write(accounts)


def test_false_and_empty_are_values() -> None:
    values = {"deletion_protection": False, "zones": [], "tags": {}, "description": ""}

    assert values == read(write(values))


@pytest.mark.parametrize(
    ("properties", "values"),
    [
        row("a value", {"region": MARK}, {"region": UNKNOWN}),
        row("a group", {"capacity": MARK}, {"capacity": UNKNOWN}),
        row(
            "inside a group",
            {"capacity": {"storageGb": MARK}},
            {"capacity": {"storage_gb": UNKNOWN}},
        ),
        row("an item", {"zones": ["a", MARK]}, {"zones": ["a", UNKNOWN]}),
        row("a tag", {"tags": {"a": MARK}}, {"tags": {"a": UNKNOWN}}),
        row(
            "a password, an account",
            {"accounts": {"ci": {"password": MARK}, "web": MARK}},
            {"accounts": {"ci": {"password": UNKNOWN}, "web": UNKNOWN}},
        ),
        row(
            "a rule, a rule's user",
            {"pgHba": [MARK, {"user": MARK}]},
            {"pg_hba": [UNKNOWN, {"user": UNKNOWN}]},
        ),
        row(
            "addresses",
            {"securityIps": {"default": [MARK], "app": MARK}},
            {"security_ips": {"default": [UNKNOWN], "app": UNKNOWN}},
        ),
    ],
)
def test_unknown_mark_of_pulumi_is_read_anywhere(
    properties: dict[str, Any], values: dict[str, Any]
) -> None:
    assert values == read(properties)
    assert properties == write(values)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        row("a path", "capacity.storage_gb: too small", "capacity.storageGb: too small"),
        row(
            "prose",
            "give exactly one of time, backup_id and latest",
            "give exactly one of time, backupId and latest",
        ),
        row("a group of outputs", "rm-1 has restored_from", "rm-1 has restoredFrom"),
        row(
            "an item of a list",
            "pg_hba[1].method: must be a string",
            "pgHba[1].method: must be a string",
        ),
        row(
            "in a map of groups",
            "accounts.ci.password, server_key",
            "accounts.ci.password, serverKey",
        ),
        row("another word", "no_field_of_ours", "no_field_of_ours"),
        row("something else", "mysql.n2_x", "mysql.n2_x"),
        row(
            "a file that is named like a field",
            "pg_hba: one line of pg_hba.conf.",
            "pgHba: one line of pg_hba.conf.",
        ),
        row(
            "a user's value",
            "the source's 'max_rcu' is not max_rcu, nor \"it's max_rcu\"",
            "the source's 'max_rcu' is not maxRcu, nor \"it's max_rcu\"",
        ),
        row("a quote", r"'a \' max_rcu' and max_rcu", r"'a \' max_rcu' and maxRcu"),
        row("apostrophes", "the users' max_rcu isn't max_rcu", "the users' maxRcu isn't maxRcu"),
    ],
)
def test_messages_name_fields_as_users_know_them(text: str, spelled: str) -> None:
    assert spelled == spell(text)


def test_problem_is_one_line() -> None:
    problem = Problem(
        check="backup-exists",
        path="restore_point.backup_id",
        what="no such set",
        remedy="use another backup_id",
    )

    assert to_message(problem) == (
        "restorePoint.backupId: no such set — use another backupId (backup-exists)"
    )
