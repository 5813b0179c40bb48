from typing import Annotated, Any

import pytest
from pydantic import Field as PydanticField
from pydantic import ValidationError

from pulumi_rdsclone.domain.model import (
    Change,
    Choices,
    Field,
    Secret,
    fields_of,
    groups_of,
    leaves_of,
    value_at,
)
from pulumi_rdsclone.domain.model import FieldGroup as AnyPart
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.problems import FormError
from pulumi_rdsclone.domain.spec import Capacity, CloneSpec, Network, Payment
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import LEAVES, complete, read, values, with_value
from tests.support.rows import case, row


def every(part: type[AnyPart], prefix: str = "") -> list[Field]:
    """
    List all fields below *part*, the groups included.
    """
    fields = list(fields_of(part, prefix))
    inner = [every(f.group, f"{f.path}.") for f in fields if f.group]
    return fields + [field for group in inner for field in group]


ALL = [*every(CloneSpec), *every(CloneOutputs)]
INPUTS = {field.path: field for field in every(CloneSpec)}


@pytest.mark.parametrize("field", ALL, ids=[field.path for field in ALL])
def test_field_is_described(field: Field) -> None:
    assert field.doc[:1].isupper() or field.doc.startswith(("`", "vSwitches"))
    assert field.doc.endswith(".")


@pytest.mark.parametrize("field", list(leaves_of(CloneSpec)), ids=lambda field: field.path)
def test_leaf_has_a_policy(field: Field) -> None:
    assert isinstance(field.change, Change)


@pytest.mark.parametrize("field", every(CloneOutputs), ids=lambda field: field.path)
def test_output_has_no_policy(field: Field) -> None:
    assert field.change is None


def test_leaves_are_all_inputs_with_a_value() -> None:
    assert list(LEAVES) == [field.path for field in leaves_of(CloneSpec)]


def test_groups_are_told_by_their_models() -> None:
    groups = {field.path: field.subgroup for field in INPUTS.values() if field.subgroup}

    assert set(groups) == {
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
    }
    assert groups["capacity"] is Capacity
    assert groups["network"] is Network
    assert groups["payment"] is Payment


class Leaf(AnyPart):
    """
    An item of a list or map.
    """

    long_name: str
    kind: Annotated[str, Choices("Red", "Green")] = "Red"
    key: Annotated[str | None, Secret()] = None


class Tree(AnyPart):
    """
    Lists and maps of each kind.
    """

    leaves: list[Leaf]
    more: Annotated[list[Leaf] | None, Change.UPDATE] = None
    names: list[str] = PydanticField([])
    table: dict[str, str] = PydanticField({})
    named: dict[str, Leaf] = PydanticField({})
    lists: dict[str, list[str]] | None = None


def test_lists_of_groups_are_told_from_lists_of_texts() -> None:
    fields = {field.name: field for field in fields_of(Tree)}
    items = {name: field.item for name, field in fields.items() if field.item}
    maps = {name for name, field in fields.items() if field.kind is dict}

    assert {"leaves": Leaf, "more": Leaf, "named": Leaf} == items
    assert {"table", "named", "lists"} == maps
    assert all(f.kind is list for name, f in fields.items() if name not in maps)
    assert {None} == {field.subgroup for field in fields.values()}
    assert {Leaf, None} == {field.group for field in fields.values()}
    assert [("leaves", Leaf), ("more", Leaf), ("named", Leaf)] == list(groups_of(Tree))
    assert list(fields) == [leaf.path for leaf in leaves_of(Tree)]


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        row("a list of texts", "names", str),
        row("a map of texts", "table", str),
        row("a map of lists", "lists", list),
        row("a list of groups", "leaves", Leaf),
        row("a map of groups", "named", Leaf),
    ],
)
def test_items_of_a_list_or_map_are_described(name: str, inner: type) -> None:
    (field,) = (field for field in fields_of(Tree) if field.name == name)

    assert inner is field.item_kind
    if inner is not Leaf:
        assert field.item_field is None
        return
    assert field.item_field is not None
    assert (name, Leaf, None) == (
        field.item_field.path,
        field.item_field.subgroup,
        field.item_field.item,
    )


def test_secret_fields_are_marked() -> None:
    assert [False, False, True] == [field.secret for field in fields_of(Leaf)]
    assert {"accounts.password", "ssl.server_key"} == {
        path for path, field in INPUTS.items() if field.secret
    }


def test_lists_of_groups_are_plain_in_a_tree() -> None:
    tree = {
        "leaves": [{"long_name": "one"}, {"long_name": "two", "key": "x"}],
        "named": {"longName": {"long_name": "three"}, "x_y": {"long_name": "four"}},
    }

    assert tree == Tree.model_validate(tree).given()
    assert Tree.model_validate(tree).complete() == {
        "leaves": [
            {"long_name": "one", "kind": "Red"},
            {"long_name": "two", "kind": "Red", "key": "x"},
        ],
        "named": {
            "longName": {"long_name": "three", "kind": "Red"},
            "x_y": {"long_name": "four", "kind": "Red"},
        },
        "more": None,
        "names": [],
        "table": {},
        "lists": None,
    }


@pytest.mark.parametrize(
    "tree",
    [
        row("an item", {"leaves": [UNKNOWN]}),
        row("an entry", {"named": {"a": UNKNOWN}}),
        row("some items", {"leaves": [{"long_name": "one"}, UNKNOWN, {"long_name": UNKNOWN}]}),
        row("some entries", {"named": {"a": {"long_name": "one", "key": UNKNOWN}, "b": UNKNOWN}}),
        row("all of them", {"leaves": UNKNOWN, "named": UNKNOWN}),
    ],
)
def test_group_may_be_unknown_in_part(tree: dict[str, Any]) -> None:
    filled = {"leaves": [], **tree}

    assert filled == Tree.model_validate(filled).given()


@pytest.mark.parametrize(
    ("tree", "loc"),
    [
        case("a list")(
            {"leaves": [UNKNOWN, {"long_name": "one", "kind": "Blue"}]}, ("leaves", 1, "kind")
        ),
        case("a map", {"leaves": [], "named": {"a": UNKNOWN, "b": {"long_name": 5}}})(
            ("named", "b", "long_name")
        ),
    ],
)
def test_known_groups_are_judged(tree: dict[str, Any], loc: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError) as failure:
        Tree.model_validate(tree)

    assert [loc] == [error["loc"] for error in failure.value.errors()]


def test_known_groups_are_normalised() -> None:
    tree = {
        "leaves": [UNKNOWN, {"long_name": "one", "kind": "GREEN"}],
        "named": {"a": {"long_name": UNKNOWN, "kind": "green"}},
    }

    assert Tree.model_validate(tree).given() == {
        "leaves": [UNKNOWN, {"long_name": "one", "kind": "Green"}],
        "named": {"a": {"long_name": UNKNOWN, "kind": "Green"}},
    }


def test_group_comes_after_those_it_holds() -> None:
    assert [path for path, _ in groups_of(CloneSpec)] == [
        "restore_point",
        "capacity.serverless",
        "capacity",
        "network",
        "payment",
        "accounts",
        "ssl",
        "encryption",
        "pg_hba",
        "high_availability",
        "backup_policy",
        "checks",
    ]
    assert Capacity is dict(groups_of(CloneSpec))["capacity"]
    assert [path for path, _ in groups_of(Capacity, "a.")] == ["a.serverless"]


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        row("a value", "region", "cn-hangzhou", "cn-hangzhou"),
        row("a value in a group", "capacity.storage_gb", 100, 100),
        row("a group", "capacity", {"storage_gb": 100}, Capacity(storage_gb=100)),
        row("a list with a gap", "zones", ["a", UNKNOWN], ["a", UNKNOWN]),
        row("an unknown value", "region", UNKNOWN, UNKNOWN),
    ],
)
def test_value_is_found_by_its_path(path: str, value: object, found: object) -> None:
    assert found == value_at(read(with_value(values(), path, value)), path)


@pytest.mark.parametrize(
    ("capacity", "found"),
    [
        row("no group", None, None),
        row("no group in a group", {}, None),
        row("an unknown group", UNKNOWN, UNKNOWN),
        row("one in a group", {"serverless": UNKNOWN}, UNKNOWN),
    ],
)
def test_path_below_an_unknown_group_is_unknown(capacity: object, found: object) -> None:
    spec = read(values(capacity=capacity))

    assert found is value_at(spec, "capacity.serverless.min_rcu")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        row("a text", "source_instance_id", str),
        row("a text or none", "region", str),
        row("a choice", "edition", str),
        row("a validated number", "capacity.storage_gb", int),
        row("a fraction", "capacity.serverless.min_rcu", float),
        row("a truth or none", "capacity.serverless.auto_pause", bool),
        row("a truth", "deletion_protection", bool),
        row("a list or none", "zones", list),
        row("a map", "tags", dict),
        row("a group or none", "capacity", Capacity),
    ],
)
def test_bare_type_is_found_under_annotations(path: str, kind: type) -> None:
    assert kind is INPUTS[path].kind


def test_only_necessary_fields_are_required() -> None:
    required = {path for path, field in INPUTS.items() if field.required}

    assert required == {
        "source_instance_id",
        "restore_point",
        "capacity.serverless.min_rcu",
        "capacity.serverless.max_rcu",
        "accounts.password",
    }


def test_static_default_is_part_of_the_description() -> None:
    assert INPUTS["payment.type"].default == "PayAsYouGo"
    assert INPUTS["payment.auto_pay"].default is True
    assert INPUTS["deletion_protection"].default is False
    assert INPUTS["source_instance_id"].default is None
    assert INPUTS["region"].default is None


def test_choices_are_part_of_the_description() -> None:
    assert INPUTS["payment.period"].choices == ("Month", "Year")
    assert INPUTS["payment.period"].closed
    assert "Finance" in INPUTS["edition"].choices
    assert not INPUTS["edition"].closed
    assert INPUTS["region"].choices == ()


def test_name_is_the_end_of_the_path() -> None:
    assert INPUTS["capacity.serverless.min_rcu"].name == "min_rcu"
    assert INPUTS["region"].name == "region"


@pytest.mark.parametrize(
    ("value", "corrected"),
    [
        row("lower case", "red", "Red"),
        row("upper case", "RED", "Red"),
        row("as it is", "Red", "Red"),
        row("no text at all", 5, 5),
        row("nothing", None, None),
    ],
)
def test_known_value_gets_its_spelling(value: Any, corrected: Any) -> None:
    assert corrected == Choices("Red", "Green").correct(value)


def test_closed_choice_refuses_other_values_and_an_open_one_takes_them() -> None:
    assert Choices("Red", closed=False).correct("Blue") == "Blue"
    with pytest.raises(FormError) as refusal:
        Choices("Red", "Green").correct("Blue")

    assert "'Blue' is not one of Red, Green" == refusal.value.what
    assert "use one of them" == refusal.value.remedy


def test_misspelt_choice_is_told_with_the_nearest() -> None:
    with pytest.raises(FormError) as refusal:
        Choices("Red", "Green").correct("GREN")

    assert "did you mean Green?" == refusal.value.remedy


def test_specification_cannot_be_changed() -> None:
    spec = read(complete())

    with pytest.raises(ValueError, match="frozen"):
        spec.region = "cn-shanghai"  # type: ignore[misc]
