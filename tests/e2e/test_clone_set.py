import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.support.sandboxes import environment
from tests.support.stacks import Run, Stack, make_stack

pytestmark = pytest.mark.engine

_YAML = """\
name: shop
runtime: yaml
plugins: {{providers: [{{name: rdsclone, path: {plugin}}}]}}
resources:
  {name}:
    type: rdsclone:CloneSet
    properties: {properties}
    options: {options}
outputs:
  ids: ${{{name}.instanceIds}}
  endpoints: ${{{name}.connectionStrings}}
"""
_PYTHON = """
clones = rdsclone.CloneSet(
    "set",
    quantity={quantity!r},
    source_instance_id={source!r},
    restore_point={{"latest": "time"}},
)
pulumi.export("ids", clones.instance_ids)
pulumi.export("endpoints", clones.connection_strings)
"""


class YamlSet:
    """
    A YAML program that declares one set.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def declare(
        self,
        quantity: Any,
        source: str = "rm-demo-mysql80",
        options: dict[str, Any] | None = None,
        name: str = "set",
        **more: Any,
    ) -> None:
        properties = {
            "quantity": quantity,
            "sourceInstanceId": source,
            "restorePoint": {"latest": "time"},
            **more,
        }
        program = _YAML.format(
            plugin=Path(sys.executable).parent,
            name=name,
            properties=json.dumps(properties),
            options=json.dumps(options or {}),
        )
        (self.stack.folder / "Pulumi.yaml").write_text(program, "utf-8")

    def state(self) -> dict[str, dict[str, Any]]:
        resources = self.stack.deployment().get("resources") or []
        named = {r["urn"].rpartition("::")[2]: r for r in resources}
        return {name: r for name, r in named.items() if "CloneSet" in r["urn"]}

    def ids(self) -> list[str]:
        """
        Return the ids of the clones as the state has them, in order.
        """
        clones = sorted(self.state().items())
        return [r["id"] for name, r in clones if name != "set"]


@pytest.fixture
def yaml_set(tmp_path: Path, cli: Path, emulator: Emulator) -> YamlSet:
    env = environment(tmp_path, cli)
    return YamlSet(make_stack(tmp_path / "project", env, emulator, None))


def calls(emulator: Emulator) -> Counter[str]:
    counted = ("CloneDBInstance", "DeleteDBInstance")
    return Counter(w.action for w in emulator.journal.writes() if w.action in counted)


def refused(run: Run, what: str) -> None:
    """
    Assert that *run* was refused in clean words.
    """
    assert run.code == 1, run.text
    assert what in run.text
    # Pulumi's Python SDK shows one of its own where the engine ends before it.
    assert "Traceback" not in run.text or "resource monitor shut down" in run.text
    assert "internal error" not in run.text


def test_set_lives_by_one_call_per_clone(yaml_set: YamlSet, emulator: Emulator) -> None:
    stack = yaml_set.stack
    yaml_set.declare(2)
    preview = stack.must(stack.preview())
    assert "set-2 create" in preview.text
    assert "ids      : [unknown]" in preview.text
    assert calls(emulator) == {}

    stack.must(stack.up())
    two = yaml_set.ids()
    assert set(yaml_set.state()) == {"set", "set-1", "set-2"}
    assert stack.outputs()["ids"] == two
    assert stack.outputs()["endpoints"][1].startswith(two[1])
    assert yaml_set.state()["set"]["outputs"]["ports"] == [3306, 3306]
    stack.must(stack.preview("--expect-no-changes"))
    assert calls(emulator) == {"CloneDBInstance": 2}

    yaml_set.declare(3)
    stack.must(stack.up())
    three = yaml_set.ids()
    assert three[:2] == two
    assert calls(emulator) == {"CloneDBInstance": 3}

    yaml_set.declare(1)
    assert "set-3 delete" in stack.must(stack.preview()).text
    stack.must(stack.up())
    assert stack.outputs()["ids"] == yaml_set.ids() == three[:1]
    assert calls(emulator) == {"CloneDBInstance": 3, "DeleteDBInstance": 2}

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))
    assert yaml_set.state() == {}
    assert calls(emulator) == {"CloneDBInstance": 3, "DeleteDBInstance": 3}


@pytest.mark.parametrize("quantity", [0, 6, 2.5])
def test_a_bad_quantity(yaml_set: YamlSet, emulator: Emulator, quantity: Any) -> None:
    yaml_set.declare(quantity)

    run = yaml_set.stack.preview()

    refused(run, f"quantity: {quantity} is not a whole number from 1 to 5 — set quantity")
    assert [] == emulator.journal.writes()


def test_name_for_one_clone_only_orders_none(yaml_set: YamlSet, emulator: Emulator) -> None:
    yaml_set.declare(2, network={"connectionPrefix": "orders"})

    run = yaml_set.stack.preview()

    refused(run, "network.connectionPrefix: only one of several clones could have it")
    assert [] == emulator.journal.writes()


def test_unknown_quantity_is_refused_not_guessed(yaml_set: YamlSet, emulator: Emulator) -> None:
    yaml_set.declare("${first.ports[0]}")
    program = yaml_set.stack.folder / "Pulumi.yaml"
    first = (
        "  first:\n    type: rdsclone:CloneSet\n    properties: "
        "{sourceInstanceId: rm-demo-mysql80, restorePoint: {latest: time}}\n"
    )
    text = program.read_text("utf-8").replace("outputs:", f"{first}outputs:")
    program.write_text(text, "utf-8")

    run = yaml_set.stack.preview()

    refused(run, "quantity: only known when another resource has been created — set")
    assert [] == emulator.journal.writes()


def test_all_failing_clones_speak_in_preview(yaml_set: YamlSet, emulator: Emulator) -> None:
    yaml_set.declare(3, source="rm-demo-stopped")
    began = time.monotonic()

    run = yaml_set.stack.preview()

    refused(run, "3 clones cannot be made or changed as declared")
    assert time.monotonic() - began < 15
    assert 3 == sum("(source-running)" in line for line in run.error_lines), run.text
    assert "CloneSet resource" not in run.text
    assert [] == emulator.journal.writes()


def test_failing_clone_alone_speaks_without_preview(yaml_set: YamlSet, emulator: Emulator) -> None:
    yaml_set.declare(2, source="rm-demo-stopped")
    began = time.monotonic()

    run = yaml_set.stack.up("--parallel", "1")

    refused(run, "(source-running)")
    assert "CloneSet resource" not in run.text
    assert time.monotonic() - began < 15
    assert 1 == sum("(source-running)" in line for line in run.error_lines), run.text
    assert [] == emulator.journal.writes()


def test_next_run_makes_the_clone_that_failed(yaml_set: YamlSet, emulator: Emulator) -> None:
    stack = yaml_set.stack
    yaml_set.declare(2)
    # Both clones have begun when the first fails: the engine would begin no other.
    emulator.faults.order("delayed", "DescribeDBInstanceAttribute", seconds=0.5)
    emulator.faults.order("refused", "CloneDBInstance", code="Forbidden.RAM")

    refused(stack.up(), "Forbidden.RAM")
    kept = yaml_set.ids()
    assert len(kept) == 1

    stack.must(stack.up())
    assert kept[0] in stack.outputs()["ids"]
    assert len(set(stack.outputs()["ids"])) == 2
    assert len(yaml_set.ids()) == 2


def test_alias_and_protection_reach_the_clones(yaml_set: YamlSet, emulator: Emulator) -> None:
    stack = yaml_set.stack
    yaml_set.declare(2, options={"protect": True})
    stack.must(stack.up())
    ids = yaml_set.ids()
    assert all(r["protect"] for r in yaml_set.state().values())

    alias = yaml_set.state()["set"]["urn"]
    yaml_set.declare(2, name="renamed", options={"protect": True, "aliases": [alias]})
    stack.must(stack.up())

    assert set(yaml_set.state()) == {"renamed", "renamed-1", "renamed-2"}
    assert stack.outputs()["ids"] == ids
    assert calls(emulator) == {"CloneDBInstance": 2}


def test_secrets_and_options_reach_the_clones(yaml_set: YamlSet) -> None:
    stack = yaml_set.stack
    options = {"retainOnDelete": True, "customTimeouts": {"create": "2h"}}
    yaml_set.declare(1, options=options, tags={"token": {"fn::secret": "s3cret"}})

    stack.must(stack.up())
    stack.must(stack.run("refresh", "--yes", "--skip-preview"))
    stack.must(stack.preview("--expect-no-changes"))

    clone = yaml_set.state()["set-1"]
    assert clone["retainOnDelete"]
    assert clone["customTimeouts"]["create"] == 7200
    assert "s3cret" not in json.dumps(stack.deployment())
    for values in (clone["inputs"], clone["outputs"]):
        assert "ciphertext" in values["tags"]["token"]


def test_set_in_python_does_what_the_one_in_yaml_does(stack: Stack, emulator: Emulator) -> None:
    stack.write(_PYTHON.format(quantity=2, source="rm-demo-mysql80"))
    stack.must(stack.preview())
    assert calls(emulator) == {}
    stack.must(stack.up())
    assert set(stack.resources()) == {"set-1", "set-2"}
    two = [stack.resources()[name]["id"] for name in ("set-1", "set-2")]
    assert stack.outputs()["ids"] == two
    assert stack.outputs()["endpoints"][0].startswith(two[0])
    stack.must(stack.preview("--expect-no-changes"))

    stack.write(_PYTHON.format(quantity=1, source="rm-demo-mysql80"))
    stack.must(stack.up())
    assert stack.outputs()["ids"] == two[:1]
    assert calls(emulator) == {"CloneDBInstance": 2, "DeleteDBInstance": 1}


def test_what_is_wrong_with_a_set_in_python(stack: Stack, emulator: Emulator) -> None:
    stack.write(_PYTHON.format(quantity=6, source="rm-demo-mysql80"))
    refused(stack.preview(), "quantity: 6 is not a whole number from 1 to 5")

    stack.write(_PYTHON.format(quantity=2, source="rm-demo-stopped"))
    refused(stack.preview(), "(source-running)")
    assert [] == emulator.journal.writes()


@pytest.mark.parametrize("parallel", ["1", "8"])
def test_set_says_nothing_when_another_resource_fails(yaml_set: YamlSet, parallel: str) -> None:
    stack = yaml_set.stack
    yaml_set.declare(2)
    program = stack.folder / "Pulumi.yaml"
    other = (
        "  other:\n    type: rdsclone:CloneInstance\n    properties: "
        "{sourceInstanceId: rm-demo-stopped, restorePoint: {latest: time}}\n"
    )
    text = program.read_text("utf-8").replace("outputs:", f"{other}outputs:")
    program.write_text(text, "utf-8")

    run = stack.up("--parallel", parallel)

    refused(run, "(source-running)")
    assert "CloneSet resource" not in run.text
    assert "CloneSet (set)" not in run.text
    (problem,) = run.problems
    assert problem.endswith("(source-running)")
