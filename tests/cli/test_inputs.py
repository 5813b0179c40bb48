import json
from typing import Any

import pytest
import typer

from pulumi_rdsclone.cli.inputs import read


@pytest.mark.parametrize(
    ("assignment", "tree"),
    [
        pytest.param(
            "capacity.storageGb=200", {"capacity": {"storage_gb": 200}}, id="number"
        ),
        pytest.param(
            "capacity.storage_gb=200", {"capacity": {"storage_gb": 200}}, id="snake"
        ),
        pytest.param(
            "restore_point.backupId=1", {"restore_point": {"backup_id": "1"}}, id="both"
        ),
        pytest.param('zones=["a", "b"]', {"zones": ["a", "b"]}, id="list"),
        pytest.param("zones=a", {"zones": "a"}, id="text for a list"),
        pytest.param("payment.type=Serverless", {"payment": {"type": "Serverless"}}),
        pytest.param("payment.autoPay=false", {"payment": {"auto_pay": False}}),
        pytest.param("description=true", {"description": "true"}, id="text field"),
        pytest.param('description="x y"', {"description": "x y"}, id="JSON text"),
        pytest.param("description=a=b", {"description": "a=b"}, id="sign in value"),
        pytest.param("description=", {"description": ""}, id="empty"),
        pytest.param("createTimeout=90", {"create_timeout": 90}, id="seconds"),
        pytest.param("tags.cost_center=7", {"tags": {"cost_center": "7"}}, id="tag"),
        pytest.param("tags.a.b/c=x", {"tags": {"a.b/c": "x"}}, id="dotted tag"),
        pytest.param('tags={"aB": "x"}', {"tags": {"aB": "x"}}, id="tags"),
        pytest.param(
            'capacity={"serverless": {"minRcu": 1, "max_rcu": 2}}',
            {"capacity": {"serverless": {"min_rcu": 1, "max_rcu": 2}}},
            id="group",
        ),
        pytest.param("zones=null", {}, id="null is left out"),
        pytest.param("colour=red", {"colour": "red"}, id="unknown"),
        pytest.param("capacity.x=1", {"capacity": {"x": 1}}, id="unknown in group"),
        pytest.param("zones.0=a", {"zones": {"0": "a"}}, id="no place"),
        pytest.param("zones=" + "[" * 9999, {"zones": "[" * 9999}, id="abyss"),
    ],
)
def test_assignments(assignment: str, tree: dict[str, Any]) -> None:
    """
    A path finds its field in either spelling, a value is JSON or text.
    """
    assert tree == read({}, [assignment])


def test_inputs_of_one_group_come_together() -> None:
    """
    Options and assignments complete each other.
    """
    options = {"source_instance_id": "rm-1", "restore_point.latest": "backup"}

    tree = read(
        {**options, "region": None},
        [
            "restorePoint.before=2026-11-20T04:00:00Z",
            f"capacity={json.dumps({'storageGb': 50})}",
            "capacity.instanceClass=c",
        ],
    )

    assert tree == {
        "source_instance_id": "rm-1",
        "restore_point": {"latest": "backup", "before": "2026-11-20T04:00:00Z"},
        "capacity": {"storage_gb": 50, "instance_class": "c"},
    }


@pytest.mark.parametrize(
    ("assignments", "message"),
    [
        pytest.param(["zones"], "'zones' is not PATH=VALUE", id="no sign"),
        pytest.param(["=1"], "'=1' is not PATH=VALUE", id="no path"),
        pytest.param([".zones=1"], "is not PATH=VALUE", id="no name"),
        pytest.param(["__provider=1"], "is not PATH=VALUE", id="Pulumi's own"),
        pytest.param(["region=b"], "region is given twice", id="option"),
        pytest.param(
            ["tags.a=1", "tags.a=2"], "tags.a is given twice", id="assignment"
        ),
        pytest.param(
            ["capacity=5", "capacity.storageGb=5"],
            "capacity.storageGb is given twice",
            id="group",
        ),
    ],
)
def test_misuse(assignments: list[str], message: str) -> None:
    """
    What is no assignment, or contradicts another one, is refused.
    """
    with pytest.raises(typer.BadParameter, match=message):
        read({"region": "a"}, assignments)
