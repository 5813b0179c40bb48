import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.clones import clone_ids
from tests.support.emulators import Emulator, stop_clock
from tests.support.processes import end_soon, kill, of_session
from tests.support.sandboxes import PROVIDER, environment
from tests.support.stacks import Stack, configure, make_stack, switch

pytestmark = pytest.mark.engine

INPUTS: Final[dict[str, Any]] = {
    "sourceInstanceId": "rm-demo-mysql80",
    "restorePoint": {"latest": "time"},
}
CLONE: Final = {"type": "rdsclone:CloneInstance", "properties": INPUTS}


@pytest.fixture
def project(tmp_path: Path, cli: Path, emulator: Emulator) -> Stack:
    folder = tmp_path / "project"
    folder.mkdir()
    stack = Stack(folder, environment(tmp_path, cli), border="plugin")
    write(stack, {})
    configure(stack, emulator)
    return stack


def write(
    stack: Stack, resources: dict[str, Any] | str, *, plugin: Path | None = None, **sections: Any
) -> None:
    """
    Write a YAML program.

    Args:
        stack: The project.
        resources: Those of the program, or its section as text.
        plugin: The plugin's folder, by default the installed one.
        sections: Other sections of the program.
    """
    path = plugin or Path(sys.executable).parent
    project = {
        "name": "shop",
        "runtime": "yaml",
        "plugins": {"providers": [{"name": "rdsclone", "path": str(path)}]},
        **sections,
    }
    lines = [f"{name}: {json.dumps(section)}" for name, section in project.items()]
    told = resources if isinstance(resources, str) else json.dumps(resources)
    program = told if told.startswith("resources:") else f"resources: {told}"
    text = "\n".join([*lines, program])
    (stack.folder / "Pulumi.yaml").write_text(text, "utf-8")


def with_properties(**properties: Any) -> dict[str, Any]:
    return {**CLONE, "properties": {**INPUTS, **properties}}


def test_plugin_runs_from_its_folder(project: Stack, emulator: Emulator) -> None:
    """
    Pulumi runs the folder `provider` by its PulumiPlugin.yaml.
    """
    folder = project.folder / "provider"
    folder.mkdir()
    for name in ("PulumiPlugin.yaml", "__main__.py", "pulumi_rdsclone"):
        (folder / name).symlink_to(PROVIDER / name)
    # Where Pulumi's installation would put the requirements.
    (folder / "venv").symlink_to(Path(sys.prefix))
    write(project, {"clone": CLONE}, plugin=folder)

    output = project.folder.parent / "output.txt"
    with project.begin(output, "up", "--yes", "--skip-preview") as run:
        try:
            assert run.wait(timeout=60) == 0, output.read_text("utf-8")
            # Pulumi ends neither a plugin of which it wanted the schema alone, nor
            # what has started that.
            assert end_soon(run.pid, str(folder))
        finally:
            kill(of_session(run.pid))
    assert 1 == len(clone_ids(emulator))


@pytest.mark.parametrize("form", ["{id}", "cn-hangzhou/{id}"])
def test_import_of_a_lost_clone(project: Stack, emulator: Emulator, form: str) -> None:
    """
    The inputs come back in full: the generated code previews empty.
    """
    tagged = with_properties(tags={"env": "dev"}, description="staging")
    write(project, {"clone": tagged})
    project.must(project.up())
    (clone,) = clone_ids(emulator)
    (urn,) = (one["urn"] for one in project.clones())
    project.must(project.run("state", "delete", urn, "--yes"))

    code = import_clone(project, form.format(id=clone))
    write(project, code)

    assert clone == project.resources()["again"]["id"]
    assert "sourceInstanceId: rm-demo-mysql80" in code
    project.must(project.preview("--expect-no-changes"))
    assert 1 == emulator.journal.count("CloneDBInstance")


def test_import_tells_the_source_where_no_tag_does(project: Stack, emulator: Emulator) -> None:
    refused = project.run(*import_command("rm-demo-postgresql16"))
    itself = "rm-demo-postgresql16"
    code = import_clone(project, f"cn-hangzhou/{itself}/{itself}")
    write(project, code)

    assert refused.code != 0
    assert (
        "rm-demo-postgresql16 has no tag that names its source — import "
        "cn-hangzhou/rm-demo-postgresql16/SOURCE; if the source is unknown, write "
        "rm-demo-postgresql16 as SOURCE"
    ) in refused.text
    project.must(project.preview("--expect-no-changes"))
    assert [] == emulator.journal.writes()


def test_import_of_nothing(project: Stack) -> None:
    missing = project.run(*import_command("rm-nowhere"))

    assert missing.code != 0
    assert "there is no instance rm-nowhere in cn-hangzhou" in missing.text
    assert "Traceback" not in missing.text


def import_command(instance_id: str) -> tuple[str, ...]:
    kind = "rdsclone:index:CloneInstance"
    return "import", kind, "again", instance_id, "--yes", "--protect=false"


def import_clone(project: Stack, instance_id: str) -> str:
    out = project.folder / "generated.yaml"
    project.must(project.run(*import_command(instance_id), "--out", str(out)))
    return out.read_text("utf-8")


def test_functions_answer_and_their_errors_are_one_line(project: Stack) -> None:
    source = {"sourceInstanceId": "rm-demo-mysql80"}
    newest = invoke("getLatestBackup", **source)
    write(
        project,
        {"clone": with_properties(restorePoint={"backupId": "${newest.backupId}"})},
        variables={
            "newest": newest,
            "window": invoke("getRestorableWindow", **source),
            "price": invoke("getClonePrice", **source, restorePoint={"latest": "backup"}),
        },
        outputs={"id": "${newest.backupId}", "latest": "${window.latest}"}
        | {"per": "${price.per}"},
    )

    project.must(project.up())
    outputs = project.outputs()

    assert "1000000109" == outputs["id"]
    assert "hour" == outputs["per"]
    assert outputs["latest"].endswith("Z")

    lost = invoke("getLatestBackup", sourceInstanceId="rm-nowhere")
    write(project, {}, variables={"newest": lost}, outputs={"id": "${newest.backupId}"})
    refused = project.preview()

    assert refused.code != 0
    assert "there is no instance rm-nowhere in cn-hangzhou" in refused.text


def invoke(function: str, **arguments: Any) -> dict[str, Any]:
    return {"fn::invoke": {"function": f"rdsclone:{function}", "arguments": arguments}}


def test_each_provider_has_a_region_of_its_own(project: Stack, emulator: Emulator) -> None:
    """
    Another region makes new clones.
    """
    write(
        project,
        {
            "home": provider(emulator, region="cn-hangzhou"),
            "away": provider(emulator, region="cn-shanghai"),
            "here": {**CLONE, "options": {"provider": "${home}"}},
            "there": {**CLONE, "options": {"provider": "${away}"}},
        },
    )

    preview = project.preview()

    assert ["sourceInstanceId: there is no instance rm-demo-mysql80 in cn-shanghai"] == [
        problem.partition(" — ")[0] for problem in preview.problems
    ]

    write(
        project,
        {
            "home": provider(emulator, region="cn-hangzhou"),
            "here": {**CLONE, "options": {"provider": "${home}"}},
        },
    )
    project.must(project.up())
    write(
        project,
        {
            "home": provider(emulator, region="cn-shanghai"),
            "here": {**CLONE, "options": {"provider": "${home}"}},
        },
    )

    moved = project.preview()

    assert "in cn-shanghai" in moved.text
    assert 1 == emulator.journal.count("CloneDBInstance")


@pytest.mark.parametrize(
    ("account", "steps"),
    [
        pytest.param("1234567890123456", "~ 1 to update", id="other keys"),
        pytest.param("9999999999999999", "to replace", id="another account"),
    ],
)
def test_keys_change_without_harm_but_those_of_another_account_make_new_clones(
    project: Stack, emulator: Emulator, account: str, steps: str
) -> None:
    other_key = {"id": "LTAI-second", "secret": "second", "account_id": account}
    seed = {
        "access_keys": [demo_key(emulator), other_key],
        "instances": [{"id": "rm-demo-mysql80"}],
        "clone_seconds": 0,
    }
    with Emulator(seed=seed) as shared:
        home = provider(shared, region="cn-hangzhou")
        here = {**CLONE, "options": {"provider": "${home}"}}
        write(project, {"home": home, "here": here})
        project.must(project.up())
        keys = {"accessKeyId": "LTAI-second", "accessKeySecret": "second"}
        other = {**home, "properties": {**home["properties"], **keys}}
        write(project, {"home": other, "here": here})

        preview = project.preview()

    assert steps in preview.text


def demo_key(emulator: Emulator) -> dict[str, str]:
    return {"id": emulator.access_key_id, "secret": emulator.access_key_secret}


def test_misspelt_setting_names_what_was_meant(project: Stack, emulator: Emulator) -> None:
    wrong = provider(emulator, regoin="cn-shanghai")
    write(project, {"home": wrong, "here": {**CLONE, "options": {"provider": "${home}"}}})

    refused = project.preview()

    assert refused.code != 0
    assert "regoin" in refused.text


def provider(emulator: Emulator, **settings: str) -> dict[str, Any]:
    return {
        "type": "pulumi:providers:rdsclone",
        "properties": {
            "endpoint": emulator.url,
            "accessKeyId": emulator.access_key_id,
            "accessKeySecret": {"fn::secret": emulator.access_key_secret},
            **settings,
        },
    }


def test_what_an_update_does_not_change_stays_known_to_dependents(project: Stack) -> None:
    outputs = {"endpoint": "${clone.connectionString}", "port": "${clone.port}"}
    write(project, {"clone": CLONE}, outputs=outputs)
    project.must(project.up())
    write(project, {"clone": with_properties(description="new")}, outputs=outputs)

    preview = project.must(project.preview())

    assert "~ 1 to update" in preview.text
    assert "[unknown]" not in preview.text


def test_secret_is_one_in_the_state_in_inputs_and_outputs(project: Stack) -> None:
    hidden = {"fn::secret": "nobody-reads-this"}
    write(project, {"clone": with_properties(description=hidden, tags={"a": hidden})})

    up = project.must(project.up())
    state = project.must(project.run("stack", "export")).text

    assert "nobody-reads-this" not in state
    assert "nobody-reads-this" not in up.text


def test_forced_replacement_is_refused(project: Stack, emulator: Emulator) -> None:
    """
    The engine tells a plugin of `--replace` what it tells of a lost state.

    So nothing is ordered, and the way out is named.
    """
    write(project, {"clone": CLONE})
    project.must(project.up())
    (urn,) = (one["urn"] for one in project.clones())

    forced = project.up("--replace", urn)

    assert forced.code != 0
    assert "is a finished clone of this resource but is not in the state" in forced.text
    assert 1 == emulator.journal.count("CloneDBInstance")


PROGRAM = """
clone = rdsclone.CloneInstance(
    "staging",
    source_instance_id="rm-demo-mysql80",
    restore_point={"latest": "time"},
    tags={"env": "dev"},
)
pulumi.export("endpoint", clone.connection_string)
"""


def test_plugin_runs_with_the_oldest_sdk_and_unfinished_clones(
    tmp_path: Path, cli: Path, sdk_floor: str, python_sdk: Path, emulator: Emulator
) -> None:
    env = environment(tmp_path, cli, sdk_floor)
    stack = make_stack(tmp_path / "project", env, emulator, python_sdk)
    stack.write(PROGRAM.replace('tags={"env": "dev"}', 'create_timeout="1s"'))
    stop_clock(emulator)
    timed_out = stack.up()
    (clone,) = clone_ids(emulator)
    emulator.clock.set_speed(1)

    stack.must(stack.up())

    assert f"{clone} is still Creating after 1s" in timed_out.text
    assert clone == stack.resources()["staging"]["id"]
    assert "Running" == stack.resources()["staging"]["outputs"]["status"]

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == clone_ids(emulator)


@pytest.mark.parametrize("first", ["dynamic", "plugin"])
def test_migration(
    first: str, tmp_path: Path, cli: Path, emulator: Emulator, python_sdk: Path
) -> None:
    """
    A stack goes from one border to the other, and nothing is replaced.

    On the way to the dynamic provider each clone is updated: its state must name the
    provider that serves it.
    """
    sdk = python_sdk if first == "plugin" else None
    stack = make_stack(tmp_path / "project", environment(tmp_path, cli), emulator, sdk)
    stack.write(PROGRAM)
    stack.must(stack.up())
    before = stack.resources()["staging"]
    endpoint = stack.outputs()["endpoint"]

    switch(stack, python_sdk)
    stack.write(PROGRAM)
    preview = stack.must(stack.preview())
    stack.must(stack.up())
    after = stack.resources()["staging"]

    assert ("2 unchanged" if first == "dynamic" else "~ 1 to update") in preview.text
    assert stack.type == after["type"] != before["type"]
    assert before["id"] == after["id"]
    assert endpoint == stack.outputs()["endpoint"]
    ours = {k: v for k, v in before["outputs"].items() if not k.startswith("__")}
    assert ours.items() <= after["outputs"].items()

    stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    stack.must(stack.preview("--expect-no-changes"))
    stack.must(stack.run("destroy", "--yes", "--skip-preview"))
    assert [] == clone_ids(emulator)
    assert 1 == emulator.journal.count("CloneDBInstance")
