"""
What one preview tells: everything, of every clone, in one run.
"""

import json
from collections import Counter

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

_BAD = {
    2: "stopped",
    5: "locked-manual",
    9: "locked-diskquota",
    14: "no-backup",
    19: "nowhere",
}

_TWENTY = """
BAD = {bad!r}
for number in range(20):
    source = "rm-demo-" + BAD.get(number, "mysql80")
    rdsclone.CloneInstance(
        f"clone-{{number}}",
        source_instance_id=source,
        restore_point={{"latest": "backup"}},
    )
"""


_LIVING = """
for name, point in (
    ("kept", {{"latest": "backup"}}),
    ("moved", {{"backup_id": "{backup}"}}),
):
    rdsclone.CloneInstance(
        name, source_instance_id="rm-demo-mysql80", restore_point=point
    )
"""


def failing(stack: Stack) -> set[str]:
    """
    Name the clones that a preview shows errors of.
    """
    run = stack.run("preview", "--json")
    document = json.loads(run.text)
    return {
        said["urn"].rpartition("::")[2]
        for said in document["diagnostics"]
        if said["severity"] == "error" and stack.type in said.get("urn", "")
    }


@pytest.mark.parametrize("parallel", [1, 16])
def test_all_bad_clones_are_told_in_one_preview(
    stack: Stack, emulator: Emulator, parallel: int
) -> None:
    """
    Five bad clones among twenty all speak, whichever the engine asks about first.

    An engine that does one thing at a time does not get beyond the first that the
    plugin refuses: it is answered when nothing else is under way.
    """
    stack.write(_TWENTY.format(bad=_BAD))
    is_stuck = stack.border == "plugin" and parallel == 1

    run = stack.preview("--parallel", str(parallel))

    assert run.code != 0
    assert "Traceback" not in run.text
    assert {f"clone-{number}" for number in _BAD} == failing(stack)
    assert (1 if is_stuck else len(_BAD)) == len(run.problems), run.text
    assert [] == emulator.journal.writes()


def test_living_clones_are_not_judged_anew(stack: Stack, emulator: Emulator) -> None:
    """
    A bad clone speaks for those that are to be made or replaced, for no others.
    """
    stack.write(_LIVING.format(backup="1000000107"))
    stack.must(stack.up())
    emulator.change("rm-demo-mysql80", status="Stopped")
    fresh = (
        'rdsclone.CloneInstance("fresh", source_instance_id="rm-demo-mysql80", '
        'restore_point={"latest": "time"})'
    )
    stack.write(_LIVING.format(backup="1000000109") + fresh)

    assert {"fresh", "moved"} == failing(stack)


def test_a_nested_clone_is_told_by_its_name(stack: Stack) -> None:
    """
    What has a parent has no URN yet, so it is told with its name.
    """
    stack.write(
        """
    group = pulumi.ComponentResource("shop:index:Group", "group")
    rdsclone.CloneInstance(
        "inner",
        source_instance_id="rm-demo-stopped",
        restore_point={"latest": "backup"},
        opts=pulumi.ResourceOptions(parent=group),
    )
    rdsclone.CloneInstance(
        "outer",
        source_instance_id="rm-demo-readonly",
        restore_point={"latest": "backup"},
    )
    """
    )

    text = stack.preview().text

    assert "rm-demo-stopped is Stopped — wait until it is Running" in text
    assert "rm-demo-readonly is a Readonly instance" in text


def test_nothing_hidden_is_kept(stack: Stack) -> None:
    """
    What clones tell each other is in no state, and the next preview is empty.
    """
    stack.write(_TWENTY.format(bad={}).replace("range(20)", "range(2)"))
    stack.must(stack.up())

    exported = stack.must(stack.run("stack", "export")).text

    assert "nested" not in exported
    stack.must(stack.preview("--expect-no-changes"))


def test_report_file(stack: Stack) -> None:
    """
    RDSCLONE_REPORT gathers the reports of all clones, the bad ones included.
    """
    stack.env["RDSCLONE_REPORT"] = "report.json"
    stack.write(_TWENTY.format(bad=_BAD))

    stack.preview()
    report = json.loads((stack.folder / "report.json").read_text("utf-8"))
    verdicts = Counter(clone["verdict"] for clone in report["clones"])
    one = next(c for c in report["clones"] if c["name"] == "clone-5")

    assert 1 == report["version"]
    assert len(_BAD) == verdicts["refused"]
    assert ["source-unlocked"] == [p["check"] for p in one["problems"]]
    assert "sourceInstanceId" == one["problems"][0]["path"]
