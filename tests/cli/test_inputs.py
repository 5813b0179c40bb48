import json
from typing import Any

import pytest
import typer

from pulumi_rdsclone.cli.inputs import read
from tests.support.rows import case, row


@pytest.mark.parametrize(
    ("assignment", "tree"),
    [
        row("number", "capacity.storageGb=200", {"capacity": {"storage_gb": 200}}),
        row("snake", "capacity.storage_gb=200", {"capacity": {"storage_gb": 200}}),
        row("both", "restore_point.backupId=1", {"restore_point": {"backup_id": "1"}}),
        row("list", 'zones=["a", "b"]', {"zones": ["a", "b"]}),
        row("text for a list", "zones=a", {"zones": "a"}),
        pytest.param("payment.type=Serverless", {"payment": {"type": "Serverless"}}),
        pytest.param("payment.autoPay=false", {"payment": {"auto_pay": False}}),
        row("text field", "description=true", {"description": "true"}),
        row("JSON text", 'description="x y"', {"description": "x y"}),
        row("sign in value", "description=a=b", {"description": "a=b"}),
        row("empty", "description=", {"description": ""}),
        row("seconds", "createTimeout=90", {"create_timeout": 90}),
        row("tag", "tags.cost_center=7", {"tags": {"cost_center": "7"}}),
        row("dotted tag", "tags.a.b/c=x", {"tags": {"a.b/c": "x"}}),
        row("tags", 'tags={"aB": "x"}', {"tags": {"aB": "x"}}),
        case("group", 'capacity={"serverless": {"minRcu": 1, "max_rcu": 2}}')(
            {"capacity": {"serverless": {"min_rcu": 1, "max_rcu": 2}}}
        ),
        row("null is left out", "zones=null", {}),
        row("unknown", "colour=red", {"colour": "red"}),
        row("unknown in group", "capacity.x=1", {"capacity": {"x": 1}}),
        row("no place", "zones.0=a", {"zones": {"0": "a"}}),
        row("abyss", "zones=" + "[" * 9999, {"zones": "[" * 9999}),
    ],
)
def test_assignment_takes_either_spelling_and_json(assignment: str, tree: dict[str, Any]) -> None:
    assert tree == read({}, [assignment])


def test_inputs_of_one_group_come_together() -> None:
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
        row("no sign", ["zones"], "'zones' is not PATH=VALUE"),
        row("no path", ["=1"], "'=1' is not PATH=VALUE"),
        row("no name", [".zones=1"], "is not PATH=VALUE"),
        row("Pulumi's own", ["__provider=1"], "is not PATH=VALUE"),
        row("option", ["region=b"], "region is given twice"),
        row("assignment", ["tags.a=1", "tags.a=2"], "tags.a is given twice"),
        row("group", ["capacity=5", "capacity.storageGb=5"], "capacity.storageGb is given twice"),
    ],
)
def test_wrong_assignment_is_refused(assignments: list[str], message: str) -> None:
    with pytest.raises(typer.BadParameter, match=message):
        read({"region": "a"}, assignments)
