"""
`CloneSet` in a Python program, without an engine.
"""

from typing import Any

import pytest
from pytest_mock import MockerFixture

import pulumi
import pulumi_rdsclone as rdsclone
from tests.adapters.programs import Engine, run

SOURCE = {"source_instance_id": "rm-source", "restore_point": {"latest": "time"}}


def make(**arguments: Any) -> rdsclone.CloneSet:
    return rdsclone.CloneSet("set", **{**SOURCE, **arguments})


def test_each_clone_has_all_inputs_and_its_own_name(engine: Engine) -> None:
    made: list[rdsclone.CloneSet] = []
    run(lambda: made.append(make(quantity=3, tags={"env": "test"})))

    assert [clone.name for clone in engine.clones] == ["set-1", "set-2", "set-3"]
    assert {clone.inputs["sourceInstanceId"] for clone in engine.clones} == {"rm-source"}
    assert all(clone.inputs["tags"] == {"env": "test"} for clone in engine.clones)
    assert not any("quantity" in clone.inputs for clone in engine.clones)
    assert [clone.pulumi_resource_name for clone in made[0].clones] == [
        clone.name for clone in engine.clones
    ]


def test_one_clone_is_the_default(engine: Engine) -> None:
    run(make)

    assert [clone.name for clone in engine.clones] == ["set-1"]


def test_clones_belong_to_the_set(engine: Engine) -> None:
    urns: list[str] = []
    run(lambda: [clone.urn.apply(urns.append) for clone in make().clones])

    kinds = {resource.typ for resource in engine.registered if not resource.custom}
    assert "rdsclone:index:CloneSet" in kinds
    assert "rdsclone:index:CloneSet$pulumi-python:dynamic:Clone" in urns[0]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("instance_ids", ["set-1", "set-2"]),
        ("statuses", ["Running", "Running"]),
        ("connection_strings", ["set-1.rds", "set-2.rds"]),
        ("ports", [3306, 3306]),
    ],
)
@pytest.mark.usefixtures("engine")
def test_outputs_are_lists(name: str, told: list[Any]) -> None:
    values: list[Any] = []
    run(lambda: getattr(make(quantity=2), name).apply(values.append))

    assert values == [told]


def test_options_reach_the_clones(mocker: MockerFixture, engine: Engine) -> None:
    made = mocker.patch(
        "pulumi_rdsclone.adapters.clone_set.CloneInstance", side_effect=rdsclone.CloneInstance
    )
    timeouts = pulumi.CustomTimeouts(create="2h")
    opts = pulumi.ResourceOptions(custom_timeouts=timeouts, retain_on_delete=True)
    run(lambda: make(opts=opts))

    assert engine.clones
    handed_on = made.call_args.args[1]
    assert handed_on.custom_timeouts is timeouts
    assert handed_on.retain_on_delete
    assert isinstance(handed_on.parent, rdsclone.CloneSet)


@pytest.mark.parametrize("quantity", [0, 6, 2.5, "2"])
def test_a_bad_quantity_is_refused(engine: Engine, quantity: Any) -> None:
    with pytest.raises(pulumi.RunError, match="is not a whole number from 1 to 5"):
        make(quantity=quantity)

    assert engine.registered == []


@pytest.mark.parametrize("name", ["connection_prefix", "connectionPrefix"])
def test_what_only_one_clone_can_have_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(pulumi.RunError, match=r"^network\.connectionPrefix: only one"):
        make(quantity=2, network={name: "orders"})

    assert engine.registered == []


@pytest.mark.usefixtures("engine")
def test_an_output_is_no_quantity() -> None:
    def program() -> None:
        with pytest.raises(pulumi.RunError, match="set a plain number"):
            make(quantity=pulumi.Output.from_input(2))

    run(program)
