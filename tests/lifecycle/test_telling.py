from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.changing import foretell_update
from pulumi_rdsclone.lifecycle.creating import create
from pulumi_rdsclone.lifecycle.telling import foretold
from tests.domain.samples import values, with_value
from tests.lifecycle.fakes import World

INPUTS: Final = values(region="cn-hangzhou", description="old", clone_key="key-1")
COMPUTED: Final = [name for name in CloneOutputs.model_fields if name not in INPUTS]


@pytest.fixture
def made(world: World) -> dict[str, Any]:
    """
    Give the outputs of a clone that was made.
    """
    return create(INPUTS, world.sites, world.row, stack="shop/dev")


def at(tree: dict[str, Any], path: str) -> Any:
    """
    Give what stands in *tree* at the dotted *path*; None where it ends early.
    """
    value: Any = tree
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize("name", COMPUTED)
def test_what_is_computed_is_not_foretold(name: str) -> None:
    """
    What only the clone can tell is unknown before it is made.
    """
    assert foretold(INPUTS)[name] is UNKNOWN


@pytest.mark.parametrize(
    ("path", "declared", "told"),
    [
        pytest.param("zones", None, UNKNOWN, id="the source's"),
        pytest.param("zones", ["cn-hangzhou-h"], ["cn-hangzhou-h"], id="declared"),
        pytest.param("tags", None, UNKNOWN, id="no tags"),
        pytest.param("tags", {"a": UNKNOWN}, {"a": UNKNOWN}, id="unknown tag"),
        pytest.param("capacity.storage_gb", None, UNKNOWN, id="in a group"),
        pytest.param("capacity.storage_gb", 100, 100, id="declared in a group"),
        pytest.param("capacity.serverless", None, None, id="a group of few clones"),
        pytest.param(
            "capacity.serverless", {"min_rcu": 1}, {"min_rcu": 1}, id="of this one"
        ),
        pytest.param("payment.type", "Subscription", "Subscription", id="payment"),
        pytest.param("databases", None, None, id="what nobody reads"),
        pytest.param("databases", {"a": "b"}, {"a": "b"}, id="but may declare"),
    ],
)
def test_what_is_declared_is_foretold(path: str, declared: Any, told: Any) -> None:
    """
    Declared values are known; what would be the source's is not.
    """
    inputs = INPUTS if declared is None else with_value(INPUTS, path, declared)

    assert told == at(foretold(inputs), path)


def test_a_group_that_is_unknown() -> None:
    """
    A group that is not known yet hides whatever is in it.
    """
    outputs = foretold({**INPUTS, "network": UNKNOWN, "restore_point": UNKNOWN})

    assert outputs["network"] is UNKNOWN
    assert outputs["restore_point"] is UNKNOWN


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        pytest.param("description", "new", id="text"),
        pytest.param("description", UNKNOWN, id="unknown"),
        pytest.param("tags", {"team": "data"}, id="map"),
        pytest.param("deletion_protection", True, id="flag"),
        pytest.param("capacity.storage_gb", 100, id="what is so already"),
        pytest.param("adopt", "always", id="what changes nothing"),
    ],
)
def test_update(made: dict[str, Any], path: str, declared: Any) -> None:
    """
    An update changes what is declared and keeps everything else.
    """
    told = foretell_update(made, with_value(INPUTS, path, declared))

    assert with_value(made, path, declared) == told


def test_update_without_changes(made: dict[str, Any]) -> None:
    """
    Where nothing is declared that was not, the outputs stay as they are.
    """
    assert made == foretell_update(made, INPUTS)


def test_update_gives_back_a_default(made: dict[str, Any]) -> None:
    """
    What is not declared any more goes back to its default, if it has one.
    """
    was = {**made, "deletion_protection": True, "tags": {"team": "data"}}

    told = foretell_update(was, {**INPUTS, "clone_key": "key-2"})

    assert {**made, "clone_key": "key-2"} == told


@pytest.mark.parametrize("status", ["Creating", "unknown", None])
def test_update_of_an_unfinished_clone(made: dict[str, Any], status: str) -> None:
    """
    How a clone is reached may still change while it is made.
    """
    told = foretell_update({**made, "status": status}, INPUTS)

    changed = {name for name in told if told[name] is UNKNOWN}
    assert {"status", "connection_string", "port"} == changed
