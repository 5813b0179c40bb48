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
from tests.support.rows import row
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
    """
    The change of a field is the change of its aspect, and of no other one.
    """
    assert (leaf.aspect,) == aspects_to_change(complete(), desired(changed(leaf.path)))


@pytest.mark.parametrize(
    ("paths", "aspects"),
    [
        row("nothing", (), ()),
        row(
            "two fields of one aspect",
            ("network.port", "network.connection_prefix"),
            (Aspect.ENDPOINT,),
        ),
        row(
            "three aspects, in their order",
            ("parameters", "description", "security_ips"),
            (Aspect.WHITELIST, Aspect.DESCRIPTION, Aspect.PARAMETERS),
        ),
        row(
            "endpoints before what names them",
            ("ssl.enabled", "network.port", "network.public_port", "network.vpc_id"),
            (Aspect.NETWORK, Aspect.ENDPOINT, Aspect.PUBLIC_ENDPOINT, Aspect.SSL),
        ),
        row(
            "a disk grows, becomes faster, and has what only the faster one has",
            ("capacity.bursting", "capacity.storage_type", "capacity.storage_gb"),
            (Aspect.CAPACITY, Aspect.STORAGE_TYPE, Aspect.DISK_IO),
        ),
        row("replaced", ("zones", "description"), (Aspect.DESCRIPTION,)),
        row("at birth only", ("create_timeout", "payment.period"), ()),
    ],
)
def test_aspects_to_change(paths: tuple[str, ...], aspects: tuple[Aspect, ...]) -> None:
    """
    The aspects that differ are named once each, in the order of their changes.
    """
    assert aspects == aspects_to_change(complete(), desired(changed(*paths)))


def test_a_smaller_disk_is_no_change() -> None:
    """
    What stays as it is takes no step.
    """
    tree = with_value(complete(), "capacity.storage_gb", 105)

    assert () == aspects_to_change(tree, desired(complete()))


def test_everything_at_once() -> None:
    """
    Where every field differs every aspect is changed, the whitelist first of all.
    """
    paths = [leaf.path for leaf in IN_PLACE]
    tree = with_value(changed(*paths), "payment.type", "PayAsYouGo")

    assert tuple(Aspect) == aspects_to_change(complete(), desired(tree))
    assert next(iter(Aspect)) is Aspect.WHITELIST
    assert list(Aspect)[-1] is Aspect.PARAMETERS


def test_what_is_given_up_goes_back_to_its_default() -> None:
    """
    An input that is no longer given is an aspect to change where it has a default.
    """
    tree = with_value(complete(), "deletion_protection", True)  # noqa: FBT003
    spec = desired(without_value(complete(), "deletion_protection"))

    assert (Aspect.DELETION_PROTECTION,) == aspects_to_change(tree, spec)


def test_others_accounts_are_no_change() -> None:
    """
    Accounts that are not declared stay as they are.
    """
    tree = with_value(complete(), "accounts.owner", {"password": "Owner-1234"})

    assert () == aspects_to_change(tree, desired(complete()))


def test_fields_in_aspects() -> None:
    """
    The fields of some aspects are those that carry their marks, in their order.
    """
    paths = [field.path for field in fields_in({Aspect.TAGS, Aspect.ENDPOINT})]

    assert ["network.connection_prefix", "network.port", "tags"] == paths
    assert [] == fields_in(())


def test_payment_names_its_terms() -> None:
    """
    Terms that count for an order only count for the change of the payment, too.
    """
    assert ["payment.type", "payment.period", "payment.duration"] == [
        field.path for field in fields_in({Aspect.PAYMENT})
    ]


def test_what_restarts_is_not_quick() -> None:
    """
    A change that breaks connections takes its time.
    """
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
def test_wanted_and_changed(
    old: Mapping[str, Any], new: Mapping[str, Any], wanted: object, changes: object
) -> None:
    """
    What is asked for counts, else what is; only what differs is changed.
    """
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
        row(
            "in place",
            Differences(updates=("description", "tags")),
            "changes in place: description, tags",
        ),
        row(
            "with a restart",
            Differences(updates=("ssl.enabled",)),
            "changes in place, connections are interrupted: ssl.enabled",
        ),
        row(
            "at another address",
            Differences(updates=("network.port",)),
            "changes in place, clients must use another address: network.port",
        ),
        row(
            "a new clone",
            Differences(replaces=("edition", "restore_point.time")),
            "needs a new clone: edition, restore_point.time",
        ),
        row(
            "a new clone, for a reason",
            Differences(replaces=("capacity.storage_type",)),
            "needs a new clone: capacity.storage_type (no instance changes from that "
            "disk to the other)",
        ),
        row(
            "nothing changes in place of a clone that is replaced",
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
    """
    One line says of each field what its change does to the clone, and why.
    """
    assert line == summarize(differences)


@pytest.mark.parametrize("path", sorted(LEAVES))
def test_every_change_is_announced(path: str) -> None:
    """
    Whatever may change has a line of its own, unless it does nothing.
    """
    differences = compare(complete(), desired(changed(path)))

    assert bool(differences) == (path in summarize(differences))


def test_unknown_value_is_announced() -> None:
    """
    A value that is not known yet may be a change, and is announced as one.
    """
    spec = desired(with_value(complete(), "description", UNKNOWN))

    assert "changes in place: description" == summarize(compare(complete(), spec))


def test_what_stays_is_said() -> None:
    """
    What is asked for and not given is told with the reason, line by line.
    """
    spec = desired(values(capacity={"storage_gb": 100}))
    differences = compare(
        {**values(capacity={"storage_gb": 200}), "payment": {"type": "PayAsYouGo"}}, spec
    )

    assert ["capacity.storage_gb (storage only grows) stays as it is"] == explain_kept(differences)
    assert [] == explain_kept(Differences(updates=("tags",)))
