from collections.abc import Mapping
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import IMMEDIATE, Aspect
from pulumi_rdsclone.domain.changes import AspectChange, explain_kept, fields_in, summarize
from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.domain.model import Change, Effect, leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import LEAVES, SOURCE, complete, values, with_value, without_value
from tests.support.rows import case, row
from tests.support.verbs import aspects_to_change, compare, desired

IN_PLACE: Final = [
    leaf
    for leaf in leaves_of(CloneSpec)
    if leaf.aspect
    and leaf.change is Change.UPDATE
    and leaf.path not in ("payment.type", "encryption.enabled", "encryption.key")
]


def changed(*paths: str) -> dict[str, Any]:
    """
    Return complete inputs in which each of *paths* has its other value.
    """
    tree = complete()
    for path in paths:
        tree = with_value(tree, path, LEAVES[path][1])
    return tree


# What is to be changed


@pytest.mark.parametrize("leaf", IN_PLACE, ids=lambda leaf: leaf.path)
def test_each_field_belongs_to_one_aspect(leaf: Any) -> None:
    assert (leaf.aspect,) == aspects_to_change(complete(), desired(changed(leaf.path)))


@pytest.mark.parametrize(
    ("paths", "aspects"),
    [
        row("nothing", (), ()),
        case("two fields of one aspect")(
            ("network.port", "network.connection_prefix"), (Aspect.ENDPOINT,)
        ),
        case("three aspects, in their order", ("parameters", "description", "security_ips"))(
            (Aspect.WHITELIST, Aspect.DESCRIPTION, Aspect.PARAMETERS)
        ),
        case("endpoints before what names them")(
            ("ssl.enabled", "network.port", "network.public_port", "network.vpc_id"),
            (Aspect.NETWORK, Aspect.ENDPOINT, Aspect.PUBLIC_ENDPOINT, Aspect.SSL),
        ),
        case("a disk grows, becomes faster, and has what only the faster one has")(
            ("capacity.bursting", "capacity.storage_type", "capacity.storage_gb"),
            (Aspect.CAPACITY, Aspect.STORAGE_TYPE, Aspect.DISK_IO),
        ),
        row("replaced", ("zones", "description"), (Aspect.DESCRIPTION,)),
        row("at birth only", ("create_timeout", "payment.period"), ()),
    ],
)
def test_aspects_are_listed_in_order(paths: tuple[str, ...], aspects: tuple[Aspect, ...]) -> None:
    assert aspects == aspects_to_change(complete(), desired(changed(*paths)))


def test_a_smaller_disk_is_no_change() -> None:
    tree = with_value(complete(), "capacity.storage_gb", 105)

    assert () == aspects_to_change(tree, desired(complete()))


def test_whitelist_is_changed_first_where_everything_differs() -> None:
    paths = [leaf.path for leaf in IN_PLACE]
    tree = with_value(changed(*paths), "payment.type", "PayAsYouGo")

    assert tuple(Aspect) == aspects_to_change(complete(), desired(tree))
    assert next(iter(Aspect)) is Aspect.WHITELIST
    assert list(Aspect)[-1] is Aspect.PARAMETERS


def test_removed_input_is_a_change_where_it_has_a_default() -> None:
    tree = with_value(complete(), "deletion_protection", True)  # noqa: FBT003
    spec = desired(without_value(complete(), "deletion_protection"))

    assert (Aspect.DELETION_PROTECTION,) == aspects_to_change(tree, spec)


def test_accounts_that_are_not_declared_are_no_change() -> None:
    tree = with_value(complete(), "accounts.owner", {"password": "Owner-1234"})

    assert () == aspects_to_change(tree, desired(complete()))


def test_fields_of_aspects_come_in_their_order() -> None:
    paths = [field.path for field in fields_in({Aspect.TAGS, Aspect.ENDPOINT})]

    assert ["network.connection_prefix", "network.port", "tags"] == paths
    assert [] == fields_in(())


def test_change_of_the_payment_includes_the_terms_of_an_order() -> None:
    assert ["payment.type", "payment.period", "payment.duration"] == [
        field.path for field in fields_in({Aspect.PAYMENT})
    ]


def test_change_that_breaks_connections_is_not_quick() -> None:
    slow = {leaf.aspect for leaf in leaves_of(CloneSpec) if leaf.effect is Effect.RESTART}

    assert slow
    assert not slow & IMMEDIATE


# From what to what


@pytest.mark.parametrize(
    ("old", "new", "wanted", "changes"),
    [
        row("another value", {"port": 1}, {"port": 2}, 2, 2),
        row("the same value", {"port": 1}, {"port": 1}, 1, None),
        row("nothing asked for", {"port": 1}, {"port": None}, 1, None),
        row("nothing said", {"port": 1}, {}, 1, None),
        row("nothing there", {}, {"port": 2}, 2, 2),
        row("nothing at all", {}, {}, None, None),
        row("off", {"port": True}, {"port": False}, False, False),
        row("empty", {"port": "x"}, {"port": ""}, "", ""),
        row("off where nothing is", {}, {"port": False}, False, False),
    ],
)
def test_wanted_is_what_is_declared_or_else_what_is(
    old: Mapping[str, Any], new: Mapping[str, Any], wanted: object, changes: object
) -> None:
    change = AspectChange(
        instance=SOURCE, aspect=Aspect.ENDPOINT, old=AspectReading(fields=old), new=new
    )

    assert wanted == change.desired("port")
    assert type(wanted) is type(change.desired("port"))
    assert changes == change.differing("port")
    assert type(changes) is type(change.differing("port"))


# What is said of it


@pytest.mark.parametrize(
    ("differences", "line"),
    [
        row("nothing", Differences(), ""),
        case("in place")(
            Differences(updates=("description", "tags")), "changes in place: description, tags"
        ),
        case("with a restart", Differences(updates=("ssl.enabled",)))(
            "changes in place, connections are interrupted: ssl.enabled"
        ),
        case("at another address", Differences(updates=("network.port",)))(
            "changes in place, clients must use another address: network.port"
        ),
        case("a new clone", Differences(replaces=("edition", "restore_point.time")))(
            "needs a new clone: edition, restore_point.time"
        ),
        case("a new clone, for a reason", Differences(replaces=("capacity.storage_type",)))(
            "needs a new clone: capacity.storage_type (no instance changes from that "
            "disk to the other)"
        ),
        case("nothing changes in place of a clone that is replaced")(
            Differences(
                updates=("capacity.instance_class", "capacity.storage_gb", "tags"),
                replaces=("network.vswitch_ids", "zones"),
            ),
            "needs a new clone: network.vswitch_ids (only a clone in one zone moves "
            "to another vSwitch), zones",
        ),
        row("an unfinished clone", Differences(updates=("status",)), ""),
        row("undecided", Differences(undecided=("edition",)), ""),
        row("kept", Differences(kept=("capacity.storage_gb",)), ""),
    ],
)
def test_announcement_says_what_each_change_does(differences: Differences, line: str) -> None:
    assert line == summarize(differences)


@pytest.mark.parametrize("path", sorted(LEAVES))
def test_every_change_is_announced(path: str) -> None:
    differences = compare(complete(), desired(changed(path)))

    assert bool(differences) == (path in summarize(differences))


def test_unknown_value_is_announced_as_a_change() -> None:
    spec = desired(with_value(complete(), "description", UNKNOWN))

    assert "changes in place: description" == summarize(compare(complete(), spec))


def test_what_is_declared_and_not_made_is_listed_with_the_reason() -> None:
    spec = desired(values(capacity={"storage_gb": 100}))
    differences = compare(
        {**values(capacity={"storage_gb": 200}), "payment": {"type": "PayAsYouGo"}}, spec
    )

    assert ["capacity.storage_gb (storage only grows) stays as it is"] == explain_kept(differences)
    assert [] == explain_kept(Differences(updates=("tags",)))
