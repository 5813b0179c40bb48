from dataclasses import replace
from typing import Any

import pytest

from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.shape import Shape, is_serverless, most_zones, shape_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN, is_unknown
from tests.domain.samples import LEAVES, SOURCE, complete, read, values, with_value
from tests.support.rows import case, row

GROUPS = {
    "capacity": {"instance_class", "storage_gb", "storage_type"},
    "network": {"vpc_id", "vswitch_ids"},
    "payment": {"payment", "edition", "instance_class"},
}
INHERITED = Shape(
    engine="MySQL",
    engine_version="8.0",
    edition="HighAvailability",
    zones=("cn-hangzhou-h", "cn-hangzhou-i"),
    instance_class="mysql.n2.medium.2c",
    storage_gb=100,
    storage_type="cloud_essd",
    payment="PayAsYouGo",
    vpc_id="vpc-1",
    vswitch_ids=("vsw-1",),
)


def shaped(source: Instance = SOURCE, **changes: object) -> Shape:
    """
    Return the shape of a clone of *source*.
    """
    return shape_of(read(values(**changes)), source)


def another(**changes: Any) -> Instance:
    """
    Return a source that differs in *changes*.
    """
    return replace(SOURCE, **changes)


def serverless(source: Instance, **changes: object) -> tuple[str, str]:
    """
    Return edition and class of a serverless clone.
    """
    shape = shaped(source, payment={"type": "Serverless"}, **changes)
    return shape.edition, shape.instance_class


def unknown_in(shape: Shape) -> set[str]:
    """
    Return the names of the properties that are not known.
    """
    return {name for name in vars(shape) if not shape.is_known(name)}


@pytest.mark.parametrize(
    "changes",
    [
        row("nothing", {}),
        row("empty groups", {"capacity": {}, "network": {}, "payment": {}, "checks": {}}),
        row("empty lists", {"zones": [], "network": {"vswitch_ids": []}}),
    ],
)
def test_undeclared_shape_is_that_of_the_source(changes: dict[str, Any]) -> None:
    source = another(payment="Subscription")

    assert shaped(source, **changes) == INHERITED


@pytest.mark.parametrize(
    ("path", "value", "name", "shown"),
    [
        row("edition", "edition", "cluster", "edition", "cluster"),
        row("zones", "zones", ["cn-hangzhou-j"], "zones", ("cn-hangzhou-j",)),
        row("class", "capacity.instance_class", "c", "instance_class", "c"),
        row("storage", "capacity.storage_gb", 105, "storage_gb", 105),
        row("disk", "capacity.storage_type", "cloud_ssd", "storage_type", "cloud_ssd"),
        row("payment", "payment.type", "Subscription", "payment", "Subscription"),
        row("VPC", "network.vpc_id", "vpc-2", "vpc_id", "vpc-2"),
        case("vSwitches")(
            "network.vswitch_ids", ["vsw-2", "vsw-3"], "vswitch_ids", ("vsw-2", "vsw-3")
        ),
    ],
)
def test_declared_value_counts_and_changes_nothing_else(
    path: str, value: object, name: str, shown: Any
) -> None:
    shape = shape_of(read(with_value(values(), path, value)), SOURCE)

    assert shape == replace(INHERITED, **{name: shown})


@pytest.mark.parametrize(
    ("edition", "letters"),
    [
        row("one node", "Basic", "h"),
        row("in another case", "BASIC", "h"),
        row("two nodes", "HighAvailability", "hi"),
        row("three nodes", "cluster", "hij"),
        row("an edition that nobody knows", "quantum", "hij"),
        row("one that is not known yet", UNKNOWN, "hij"),
    ],
)
def test_inherited_zones_begin_with_the_primary(edition: str, letters: str) -> None:
    source = another(zones=tuple(f"cn-hangzhou-{letter}" for letter in "hij"))

    shape = shaped(source, edition=edition)

    assert tuple(f"cn-hangzhou-{letter}" for letter in letters) == shape.zones
    assert shape.zone == "cn-hangzhou-h"


@pytest.mark.parametrize(
    ("engine", "before", "edition", "instance_class"),
    [
        row("basic", "MySQL", "Basic", "serverless_basic", "mysql.n2.serverless.1c"),
        row(
            "basic in another case", "MySQL", "BASIC", "serverless_basic", "mysql.n2.serverless.1c"
        ),
        row(
            "standard", "MySQL", "HighAvailability", "serverless_standard", "mysql.n2.serverless.2c"
        ),
        case("standard for everything else")(
            "MySQL", "cluster", "serverless_standard", "mysql.n2.serverless.2c"
        ),
        row("PostgreSQL, basic", "PostgreSQL", "Basic", "serverless_basic", "pg.n2.serverless.1c"),
        case("PostgreSQL, standard")(
            "PostgreSQL", "HighAvailability", "serverless_standard", "pg.n2.serverless.2c"
        ),
        case("SQL Server, which has one form")(
            "SQLServer", "Basic", "serverless_ha", "mssql.mem2.serverless.s2"
        ),
        case("SQL Server, whatever the edition")(
            "SQLServer", "AlwaysOn", "serverless_ha", "mssql.mem2.serverless.s2"
        ),
        case("MariaDB, which has none")(
            "MariaDB", "HighAvailability", "HighAvailability", "mysql.n2.medium.2c"
        ),
    ],
)
def test_serverless_clone_takes_the_form_of_its_edition(
    engine: str, before: str, edition: str, instance_class: str
) -> None:
    source = another(engine=engine, edition=before)

    assert (edition, instance_class) == serverless(source)


@pytest.mark.parametrize("edition", ["serverless_basic", "Serverless_Basic"])
def test_clone_of_a_serverless_source_inherits_edition_and_class(edition: str) -> None:
    source = another(edition=edition, instance_class="mysql.n2.serverless.1c")

    assert (edition, "mysql.n2.serverless.1c") == serverless(source)
    assert shaped(source).edition == edition
    assert shaped(source).instance_class == "mysql.n2.serverless.1c"


def test_serverless_edition_brings_its_class_unless_one_is_declared() -> None:
    edition = "serverless_basic"

    assert (edition, "mysql.n2.serverless.1c") == serverless(SOURCE, edition=edition)
    assert (edition, "c") == serverless(SOURCE, edition=edition, capacity={"instance_class": "c"})
    assert serverless(SOURCE, edition="cluster") == ("cluster", "mysql.n2.medium.2c")


@pytest.mark.parametrize(
    ("path", "unknown"),
    [
        row("edition", "edition", {"edition"}),
        row("zones", "zones", {"zones"}),
        row("class", "capacity.instance_class", {"instance_class"}),
        row("storage", "capacity.storage_gb", {"storage_gb"}),
        row("disk", "capacity.storage_type", {"storage_type"}),
        row("VPC", "network.vpc_id", {"vpc_id"}),
        row("vSwitches", "network.vswitch_ids", {"vswitch_ids"}),
        row("payment", "payment.type", GROUPS["payment"]),
        *(row(group, group, names) for group, names in GROUPS.items()),
    ],
)
def test_only_what_follows_from_an_unknown_is_unknown(path: str, unknown: set[str]) -> None:
    shape = shape_of(read(with_value(values(), path, UNKNOWN)), SOURCE)

    assert unknown == unknown_in(shape)
    assert is_unknown(shape.zone) == (path == "zones")


@pytest.mark.parametrize(
    ("path", "value", "unknown"),
    [
        row("a standby's", "zones", ["cn-hangzhou-h", UNKNOWN], {"zones"}),
        row("a primary's", "zones", [UNKNOWN, "cn-hangzhou-h"], {"zones"}),
        row("the only vSwitch", "network.vswitch_ids", [UNKNOWN], {"vswitch_ids"}),
    ],
)
def test_list_with_unknown_item_is_unknown(path: str, value: list[Any], unknown: set[str]) -> None:
    shape = shape_of(read(with_value(values(), path, value)), SOURCE)

    assert unknown == unknown_in(shape)
    assert shape.is_known("zone") == (value[0] is not UNKNOWN or path != "zones")


def test_class_is_unknown_where_a_serverless_edition_is() -> None:
    edition, instance_class = serverless(SOURCE, edition=UNKNOWN)

    assert is_unknown(edition)
    assert is_unknown(instance_class)


def test_unknown_payment_leaves_nothing_unknown_where_it_changes_nothing() -> None:
    from_serverless = shaped(another(edition="serverless_basic"), payment=UNKNOWN)
    of_mariadb = shaped(another(engine="MariaDB"), payment=UNKNOWN)

    assert from_serverless.edition == "serverless_basic"
    assert from_serverless.instance_class == "mysql.n2.medium.2c"
    assert of_mariadb.edition == "HighAvailability"


def test_engine_is_known_where_no_input_is() -> None:
    nothing = read(dict.fromkeys(CloneSpec.model_fields, UNKNOWN))
    engine = {"engine", "engine_version"}

    assert vars(INHERITED).keys() - engine == unknown_in(shape_of(nothing, SOURCE))


@pytest.mark.parametrize("path", LEAVES)
def test_one_unknown_leaves_at_most_one_property_unknown(path: str) -> None:
    shape = shape_of(read(with_value(complete(), path, UNKNOWN)), SOURCE)

    assert len(unknown_in(shape)) <= 1


def test_properties_are_known_together() -> None:
    shape = shaped(edition=UNKNOWN)

    assert shape.is_known("zone", "storage_type")
    assert not shape.is_known("zone", "edition")
    assert shape.is_known()


def test_clone_of_a_source_without_zones_has_none() -> None:
    assert shaped(another(zones=())).zone == ""


@pytest.mark.parametrize(
    ("edition", "most"),
    [
        ("Basic", 1),
        ("serverless_basic", 1),
        ("HighAvailability", 2),
        ("HIGHAVAILABILITY", 2),
        ("AlwaysOn", 2),
        ("serverless_standard", 2),
        ("serverless_ha", 2),
        ("Finance", 3),
        ("cluster", 3),
        ("quantum", 3),
        (UNKNOWN, 3),
    ],
)
def test_edition_has_as_many_zones_as_nodes(edition: str, most: int) -> None:
    assert most == most_zones(edition)


@pytest.mark.parametrize(
    ("edition", "told"),
    [
        ("serverless_basic", True),
        ("Serverless_Standard", True),
        ("HighAvailability", False),
        ("", False),
    ],
)
def test_edition_name_tells_whether_it_is_serverless(edition: str, *, told: bool) -> None:
    assert told == is_serverless(edition)
