"""
What one preview tells: everything, of every clone, in one run.
"""

import json
from collections import Counter

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

_BAD = {2: "stopped", 5: "locked-manual", 9: "locked-diskquota", 14: "no-backup", 19: "nowhere"}

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


_SHARING = """
for name, network in {networks!r}.items():
    rdsclone.CloneInstance(
        name,
        source_instance_id="rm-demo-mysql80",
        restore_point={{"latest": "backup"}},
        refresh_trigger={trigger!r},
        network=network,
    )
"""


def failing(stack: Stack) -> set[str]:
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


def test_bad_clone_speaks_for_new_and_replaced_ones_only(stack: Stack, emulator: Emulator) -> None:
    stack.write(_LIVING.format(backup="1000000107"))
    stack.must(stack.up())
    emulator.change("rm-demo-mysql80", status="Stopped")
    fresh = (
        'rdsclone.CloneInstance("fresh", source_instance_id="rm-demo-mysql80", '
        'restore_point={"latest": "time"})'
    )
    stack.write(_LIVING.format(backup="1000000109") + fresh)

    assert {"fresh", "moved"} == failing(stack)


def test_two_clones_with_one_name_or_address_clash(stack: Stack, emulator: Emulator) -> None:
    named, placed = {"connection_prefix": "orders"}, {"private_ip_address": "10.0.0.7"}
    public = {"public_endpoint": True, "public_connection_prefix": "orders"}
    networks = {"a1": named, "a2": public, "b1": placed, "b2": placed, "c": {}}
    stack.write(_SHARING.format(networks=networks, trigger="1"))

    run = stack.preview()

    assert run.code != 0
    assert "an endpoint of the clone 'a" in run.text
    assert "has the same address 10.0.0.7" in run.text
    assert ["a", "b"] == sorted(name[0] for name in failing(stack))
    assert [] == emulator.journal.writes()


def test_name_goes_to_a_replacement_or_is_given_up(stack: Stack, emulator: Emulator) -> None:
    kept = {"kept": {"connection_prefix": "orders"}}
    stack.write(_SHARING.format(networks=kept, trigger="1"))
    stack.must(stack.up())
    stack.write(_SHARING.format(networks=kept, trigger="2"))
    stack.must(stack.up())
    given = {**kept, "other": {"connection_prefix": "orders"}}
    stack.write(_SHARING.format(networks=given, trigger="2"))
    both = failing(stack)
    given["kept"] = {"connection_prefix": "carts"}
    stack.write(_SHARING.format(networks=given, trigger="2"))

    assert 1 == len(both)
    assert set() == failing(stack)
    [clone] = [one for one in emulator.instances() if one.restored_from]
    assert clone.connection_string.startswith("orders.")


@pytest.mark.parametrize("is_first", [True, False])
def test_name_is_not_free_when_its_input_is_removed(stack: Stack, *, is_first: bool) -> None:
    named = {"connection_prefix": "orders"}
    stack.write(_SHARING.format(networks={"kept": named}, trigger="1"))
    stack.must(stack.up())
    both = {"other": named, "kept": {}} if is_first else {"kept": {}, "other": named}
    stack.write(_SHARING.format(networks=both, trigger="1"))

    run = stack.preview()

    assert run.code != 0
    assert "(endpoint-twins)" in run.text


def test_a_nested_clone_is_told_by_its_name(stack: Stack) -> None:
    """
    What has a parent has no URN yet.
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

    assert "rm-demo-stopped is Stopped — wait until the source is Running" in text
    assert "rm-demo-readonly is a Readonly instance" in text


def test_what_clones_tell_each_other_is_in_no_state(stack: Stack) -> None:
    stack.write(_TWENTY.format(bad={}).replace("range(20)", "range(2)"))
    stack.must(stack.up())

    exported = stack.must(stack.run("stack", "export")).text

    assert "nested" not in exported
    stack.must(stack.preview("--expect-no-changes"))


def test_report_file_has_all_clones_the_bad_ones_included(stack: Stack) -> None:
    stack.env["RDSCLONE_REPORT"] = "report.json"
    stack.write(_TWENTY.format(bad=_BAD))

    stack.preview()
    report = json.loads((stack.folder / "report.json").read_text("utf-8"))
    verdicts = Counter(clone["verdict"] for clone in report["clones"])
    one = next(c for c in report["clones"] if c["name"] == "clone-5")

    assert 1 == report["version"]
    assert len(_BAD) == verdicts["refused"]
    assert {"source-unlocked", "inherited-access"} == {p["check"] for p in one["problems"]}
    assert "sourceInstanceId" == one["problems"][0]["path"]


_RANDOM_PASSWORDS = """
first = rdsclone.CloneInstance(
    "first", source_instance_id="rm-demo-mysql80", restore_point={{"latest": "backup"}}
)
random = first.instance_id.apply(lambda name: f"Aa1-{{name}}")
rdsclone.CloneInstance(
    "second",
    source_instance_id="{second}",
    restore_point={{"latest": "backup"}},
    accounts={{"app": {{"password": random}}, "ci": {{"password": "New-ci-1234"}}}},
    tags={{"of": first.instance_id, "team": "data"}},
    security_ips={{"default": ["10.0.0.0/16"], "of": [random]}},
)
rdsclone.CloneInstance(
    "third",
    source_instance_id="{third}",
    restore_point={{"latest": "backup"}},
    accounts={{"ci": {{"password": pulumi.Output.secret("New-ci-1234")}}}},
)
"""


def test_passwords_of_another_resource_defer_their_check_alone(stack: Stack) -> None:
    stack.write(_RANDOM_PASSWORDS.format(second="rm-demo-mysql80", third="rm-demo-mysql80"))

    run = stack.must(stack.preview())

    assert "deferred" in run.text
    assert "internal error" not in run.text


def test_unknown_passwords_do_not_hide_what_is_wrong(stack: Stack) -> None:
    stack.write(_RANDOM_PASSWORDS.format(second="rm-demo-readonly", third="rm-demo-stopped"))

    run = stack.preview()

    assert run.code != 0
    assert "internal error" not in run.text
    assert "rm-demo-readonly is a Readonly instance" in run.text
    assert "rm-demo-stopped is Stopped — wait until the source is Running" in run.text


_TEN: str = """
for number in range(10):
    rdsclone.CloneInstance(
        f"clone-{{number}}",
        source_instance_id="rm-demo-mysql80",
        restore_point={{"latest": "backup"}},
        capacity={{"storage_gb": {storage}}},
    )
"""


def test_ten_clones_of_one_source_are_quiet(stack: Stack) -> None:
    """
    What is so for all clones of a source is told once.

    How often the engine says that it is still at work depends on the machine.
    """
    stack.write(_TEN.format(storage=100))

    text = stack.must(stack.preview()).text
    lines = [line for line in text.splitlines() if not line.startswith("@ ")]

    told = "    10 clones, 22.50 CNY per hour in all"
    assert 1 == lines.count(told), text
    # The stack's row has two lines more, and its block in the diagnostics three.
    assert len(lines) <= 30, text


def test_what_differs_is_told(stack: Stack) -> None:
    """
    A clone that is dearer than those before it says so, and nothing else.

    What all of them cost is told once, at the end, on the stack's row.
    """
    stack.write(_TEN.format(storage="100 + 50 * (number == 7)"))

    _, _, told = stack.must(stack.preview()).text.partition("Diagnostics:")

    assert 1 == told.count("backup set")
    assert 1 == told.count("emulator at")
    assert 1 == told.count("    10 clones, ")
    assert 2 + 1 == told.count("CNY per hour")
