from typing import Any

import pytest

from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import LEAVES, complete, values, with_value, without_value
from tests.support.rows import row
from tests.support.verbs import compare, desired

CREATE_ONLY = {
    "payment.period",
    "payment.duration",
    "payment.auto_pay",
    "adopt",
    "create_timeout",
    "checks.skip",
    "checks.on_unverifiable",
}
REPLACED = {
    "source_instance_id",
    "restore_point.time",
    "restore_point.backup_id",
    "restore_point.latest",
    "restore_point.before",
    "region",
    "edition",
    "zones",
    "network.type",
    "payment.type",
    "databases",
    "tables",
    "refresh_trigger",
    "capacity.dedicated_host_group_id",
    "encryption.enabled",
    "encryption.key",
}
UPDATED = LEAVES.keys() - REPLACED - CREATE_ONLY
MAY_REPLACE = {"capacity.storage_type", "network.vswitch_ids"}
"""Values of these may need a new clone."""
REQUIRED = {"source_instance_id"}
DEFAULTS = {"payment.type", "network.public_endpoint", "tags", "deletion_protection", "on_delete"}
ENDED = {"ttl", "expires_at"}
WITH_DEFAULT = DEFAULTS | CREATE_ONLY | ENDED
OPTIONAL = LEAVES.keys() - REQUIRED - WITH_DEFAULT
RCU = {"capacity.serverless.min_rcu", "capacity.serverless.max_rcu"}


def old() -> dict[str, Any]:
    """
    Return what is recorded of a clone with every value set.
    """
    return complete()


@pytest.mark.parametrize("path", LEAVES)
def test_changed_value_does_just_one_thing(path: str) -> None:
    _, other = LEAVES[path]

    differences = compare(old(), desired(with_value(complete(), path, other)))

    assert differences == Differences(
        updates=(path,) if path in UPDATED else (), replaces=(path,) if path in REPLACED else ()
    )
    assert bool(differences) == (path not in CREATE_ONLY)


def test_changes_are_found_in_the_order_of_inputs() -> None:
    tree = complete()
    for path in ("create_timeout", "tags", "description", "payment.type", "zones"):
        tree = with_value(tree, path, LEAVES[path][1])

    assert compare(old(), desired(tree)) == Differences(
        updates=("description", "tags"), replaces=("zones", "payment.type")
    )


def test_recorded_inputs_change_nothing() -> None:
    differences = compare(old(), desired(complete()))

    assert differences == Differences()
    assert not differences


@pytest.mark.parametrize("path", sorted(OPTIONAL - RCU))
def test_removed_value_leaves_the_clone_as_it_is(path: str) -> None:
    differences = compare(old(), desired(without_value(complete(), path)))

    assert Differences() == differences


@pytest.mark.parametrize("group", ["capacity", "network", "capacity.serverless"])
def test_removed_group_leaves_the_clone_as_it_is(group: str) -> None:
    differences = compare(old(), desired(without_value(complete(), group)))

    assert Differences() == differences


@pytest.mark.parametrize(
    ("path", "value", "differences"),
    [
        row("a payment stays what it is", "payment.type", "PayAsYouGo", Differences()),
        row("an order's detail", "payment.auto_pay", False, Differences()),
        row("tags", "tags", {"a": "b"}, Differences(updates=("tags",))),
        row(
            "a protection",
            "deletion_protection",
            True,
            Differences(updates=("deletion_protection",)),
        ),
        row(
            "a public endpoint",
            "network.public_endpoint",
            True,
            Differences(updates=("network.public_endpoint",)),
        ),
        row("a time allowed", "create_timeout", "5h", Differences()),
    ],
)
def test_removed_value_with_default(path: str, value: object, differences: Differences) -> None:
    tree = with_value(complete(), path, value)

    assert differences == compare(tree, desired(without_value(complete(), path)))


def test_public_endpoint_is_closed_with_its_group() -> None:
    tree = with_value(complete(), "network.public_endpoint", True)  # noqa: FBT003

    differences = compare(tree, desired(without_value(complete(), "network")))

    assert Differences(updates=("network.public_endpoint",)) == differences


@pytest.mark.parametrize("path", LEAVES)
def test_unknown_value_is_never_a_replacement(path: str) -> None:
    differences = compare(old(), desired(with_value(complete(), path, UNKNOWN)))

    assert differences == Differences(
        updates=(path,) if path in UPDATED - MAY_REPLACE else (),
        undecided=(path,) if path in REPLACED | MAY_REPLACE else (),
    )


@pytest.mark.parametrize(
    ("old_gb", "new_gb", "differences"),
    [
        row("up", 100, 105, Differences(updates=("capacity.storage_gb",))),
        row("down", 105, 100, Differences(kept=("capacity.storage_gb",))),
        row("unknown", 105, UNKNOWN, Differences(updates=("capacity.storage_gb",))),
    ],
)
def test_grown_disk_is_no_difference(old_gb: int, new_gb: object, differences: Differences) -> None:
    tree = with_value(complete(), "capacity.storage_gb", old_gb)

    found = compare(tree, desired(with_value(complete(), "capacity.storage_gb", new_gb)))

    assert differences == found
    assert bool(found.updates) == bool(found)


@pytest.mark.parametrize(
    ("path", "value", "other", "replaces"),
    [
        row("subscribed", "payment.type", "PayAsYouGo", "Subscription", False),
        row("by the hour", "payment.type", "Subscription", "PayAsYouGo", False),
        row("scaling", "payment.type", "PayAsYouGo", "Serverless", True),
        row("not scaling", "payment.type", "Serverless", "PayAsYouGo", True),
        row("faster", "capacity.storage_type", "cloud_essd", "cloud_essd3", False),
        row("off the host", "capacity.storage_type", "local_ssd", "cloud_essd", True),
        row("no way back", "capacity.storage_type", "general_essd", "cloud_essd", True),
        row("general", "capacity.storage_type", "cloud_essd", "general_essd", False),
    ],
)
def test_value_decides_whether_a_field_replaces(
    path: str, value: str, other: str, *, replaces: bool
) -> None:
    tree = with_value(complete(), path, value)

    differences = compare(tree, desired(with_value(complete(), path, other)))

    assert differences == Differences(
        updates=() if replaces else (path,), replaces=(path,) if replaces else ()
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        row("a zone", "zones", ["cn-hangzhou-h", UNKNOWN]),
        row("the only vSwitch", "network.vswitch_ids", [UNKNOWN]),
    ],
)
def test_list_with_an_unknown_item_is_undecided(path: str, value: object) -> None:
    differences = compare(old(), desired(with_value(complete(), path, value)))

    assert Differences(undecided=(path,)) == differences


def test_map_with_an_unknown_value_is_updated() -> None:
    tree = with_value(complete(), "tags", {"team": UNKNOWN})

    assert Differences(updates=("tags",)) == compare(old(), desired(tree))


def test_unknown_group_may_change_as_a_whole() -> None:
    differences = compare(old(), desired(with_value(complete(), "payment", UNKNOWN)))

    assert differences == Differences(
        updates=("payment.auto_renew", "payment.auto_renew_months"), undecided=("payment.type",)
    )


@pytest.mark.parametrize(
    ("path", "recorded_value", "new"),
    [
        row("100.0 recorded", "capacity.storage_gb", 100.0, 100),
        row("100.0 asked for", "capacity.storage_gb", 100, 100.0),
        row("a text asked for", "capacity.storage_gb", 100, "100"),
        row("5.0 recorded", "payment.duration", 5.0, 5),
        row("8 recorded", "capacity.serverless.max_rcu", 8, 8.0),
        row("case", "edition", "HighAvailability", "highavailability"),
        row(
            "time zones", "restore_point.time", "2026-11-20T04:00:00Z", "2026-11-20T12:00:00+08:00"
        ),
        row("fractions", "restore_point.before", "2026-11-20T04:00:00Z", "2026-11-20T04:00:00.25Z"),
        row("units", "create_timeout", "1h30m", "90m"),
    ],
)
def test_equal_values_are_no_change(path: str, recorded_value: object, new: object) -> None:
    tree = with_value(complete(), path, recorded_value)

    assert Differences() == compare(tree, desired(with_value(complete(), path, new)))


@pytest.mark.parametrize(
    ("path", "new"),
    [
        row("zones: the primary's is first", "zones", ["b", "a"]),
        row("vSwitches: as the zones", "network.vswitch_ids", ["b", "a"]),
    ],
)
def test_order_of_a_list_counts_where_it_means_something(path: str, new: object) -> None:
    tree = with_value(complete(), path, ["a", "b"])

    assert Differences(replaces=(path,)) == compare(
        tree, desired(with_value(complete(), path, new))
    )


def test_order_of_tags_does_not_count() -> None:
    tree = with_value(complete(), "tags", {"a": "1", "b": "2"})
    new = with_value(complete(), "tags", {"b": "2", "a": "1"})

    assert Differences() == compare(tree, desired(new))


@pytest.mark.parametrize("path", sorted(UPDATED | REPLACED))
def test_value_where_none_was_recorded_is_a_change(path: str) -> None:
    _, other = LEAVES[path]

    differences = compare(without_value(old(), path), desired(with_value(complete(), path, other)))

    assert (path,) == differences.updates + differences.replaces


@pytest.mark.parametrize(
    "path", [row("no tags", "tags"), row("no protection", "deletion_protection")]
)
def test_empty_value_where_none_was_recorded_is_no_change(path: str) -> None:
    tree = without_value(old(), path)

    assert Differences() == compare(tree, desired(without_value(complete(), path)))


def test_another_form_of_restore_point_is_a_replacement_by_that_form() -> None:
    tree = values(restore_point={"latest": "time"}, payment={"type": "PayAsYouGo"}, tags={})
    spec = desired(values(restore_point={"backup_id": "103"}))

    assert Differences(replaces=("restore_point.backup_id",)) == compare(tree, spec)


def test_recorded_inputs_do_not_differ_from_themselves() -> None:
    asked = desired(values())

    assert Differences() == compare(asked.spec.complete(), asked)


@pytest.mark.parametrize(
    ("tree", "path", "value"),
    [
        row("a value", {"a": {"b": 1}}, "a.b", 1),
        row("a group", {"a": {"b": 1}}, "a", {"b": 1}),
        row("no value", {"a": {}}, "a.b", None),
        row("no group", {}, "a.b", None),
        row("a group that is none", {"a": None}, "a.b", None),
        row("a value instead of a group", {"a": 5}, "a.b", None),
        row("an unknown group", {"a": UNKNOWN}, "a.b", UNKNOWN),
        row("an unknown value", {"a": {"b": UNKNOWN}}, "a.b", UNKNOWN),
    ],
)
def test_path_that_ends_early_is_empty_or_unknown(
    tree: dict[str, Any], path: str, value: object
) -> None:
    assert value == get_value(tree, path)
