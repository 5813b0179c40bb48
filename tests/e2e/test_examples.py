import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_rdsclone.adapters.schema import schema
from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from sandbox import environment
from tests.support.emulators import stop_clock
from tests.support.languages import Toolbox, equip
from tests.support.operator import OBJECTS, definition, objections
from tests.support.processes import kill, of_session
from tests.support.sandboxes import PROVIDER
from tests.support.stacks import Run, Stack, configure
from tests.support.waiting import wait_for

pytestmark = pytest.mark.engine

Begin = Callable[[str], Stack]
Staging = Callable[..., subprocess.Popen[str]]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUN_HERE = {
    "automation-api",
    "gitops",
    "go",
    "preview-report",
    "python-plugin",
    "quickstart",
    "typescript",
    "yaml",
}
TOOLBOXES = {"yaml": "toolbox", "typescript": "typescript_toolbox", "go": "go_toolbox"}


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == RUN_HERE


@pytest.fixture
def begin(tmp_path: Path, cli: Path, emulator: Emulator) -> Begin:
    """
    Return a function that copies an example and configures it for the emulator.

    What its README installs into the folder .venv is there.
    """

    def begin(name: str) -> Stack:
        folder = tmp_path / name
        shutil.copytree(EXAMPLES / name, folder)
        (folder / ".venv").mkdir()
        (folder / ".venv/bin").symlink_to(Path(sys.executable).parent)
        stack = Stack(folder, environment(tmp_path, cli))
        configure(stack, emulator)
        return stack

    return begin


def test_quickstart_clones_come_and_go(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    folder = tmp_path / "quickstart"
    shutil.copytree(EXAMPLES / "quickstart", folder)
    stack = Stack(folder, environment(tmp_path, cli))
    configure(stack, emulator)
    time = format_instant(emulator.clock.now() - timedelta(hours=1))
    stack.must(stack.run("config", "set", "source", "rm-demo-mysql80"))
    stack.must(stack.run("config", "set", "time", time))

    stack.must(stack.preview())
    stack.must(stack.up())
    outputs = stack.outputs()

    assert time == outputs["byTimeRestoredFrom"]["time"]
    assert "1000000109" == outputs["byBackupRestoredFrom"]["backupId"]
    assert outputs["byBackupEndpoint"].endswith(".mysql.rds.aliyuncs.com:3306")
    assert 150 in {i.storage_gb for i in emulator.instances() if i.restored_from}

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == [i for i in emulator.instances() if i.restored_from]


def test_preview_report_is_one_table(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    folder = tmp_path / "preview-report"
    shutil.copytree(EXAMPLES / "preview-report", folder)
    stack = Stack(folder, environment(tmp_path, cli))
    stack.env["RDSCLONE_REPORT"] = "report.json"
    configure(stack, emulator)
    comments = []
    for source in ("rm-demo-mysql80", "rm-demo-no-log-backup"):
        stack.must(stack.run("config", "set", "source", source))
        stack.preview()
        comments.append(comment(folder))
    good, bad = comments

    assert 2 == good.count("| ✅ |")
    assert "MySQL `rm-demo-mysql80` as of 20" in good
    assert "CNY per hour" in good
    assert (1, 1) == (bad.count("| ✅ |"), bad.count("| ❌ |"))
    assert "- **newest** error: `restorePoint` log backups of rm-demo-no-log" in bad


def comment(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "comment.py", "report.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("language", TOOLBOXES)
def test_clone_and_function_in_yaml_typescript_and_go(
    language: str, begin: Begin, emulator: Emulator, request: pytest.FixtureRequest
) -> None:
    stack = begin(language)
    equip(stack, language, request.getfixturevalue(TOOLBOXES[language]))
    stack.must(stack.run("config", "set", "source", "rm-demo-mysql80"))

    assert "rm-demo-mysql80 · as of 20" in stack.must(stack.preview()).text

    stack.must(stack.up())
    outputs = stack.outputs()

    (clone,) = [i for i in emulator.instances() if i.restored_from]
    assert outputs["endpoint"].startswith(clone.id)
    assert outputs["endpoint"].endswith(":3306")
    assert "rm-demo-mysql80" == outputs["restoredFrom"]["sourceInstanceId"]
    if language == "yaml":
        assert outputs["restorableSince"] < outputs["restoredFrom"]["time"]
    else:
        assert "1000000109" == outputs["newestBackup"]

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == [i for i in emulator.instances() if i.restored_from]


def test_python_plugin_by_two_providers(begin: Begin, emulator: Emulator, toolbox: Toolbox) -> None:
    stack = begin("python-plugin")
    equip(stack, "python", toolbox)
    stack.env["ALIBABA_CLOUD_ACCESS_KEY_ID"] = emulator.access_key_id
    stack.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = emulator.access_key_secret
    emulator.add("rm-demo-shanghai", region="cn-shanghai")
    stack.set_config(region="", endpoint="", accessKeyId="", accessKeySecret="")
    stack.must(stack.run("config", "set", "endpoint", emulator.url))
    stack.must(stack.run("config", "set", "hangzhou", "rm-demo-mysql80"))
    stack.must(stack.run("config", "set", "shanghai", "rm-demo-shanghai"))

    stack.must(stack.preview())
    stack.must(stack.up())

    clones = {i.region: i for i in emulator.instances() if i.restored_from}
    assert {"cn-hangzhou", "cn-shanghai"} == set(clones)
    outputs = stack.outputs()
    assert outputs["hangzhouEndpoint"].startswith(clones["cn-hangzhou"].id)
    assert outputs["shanghaiEndpoint"].startswith(clones["cn-shanghai"].id)
    assert outputs["shanghaiRestorableSince"] < outputs["shanghaiRestoredFrom"]["time"]

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == [i for i in emulator.instances() if i.restored_from]


def test_previews_gate_fails_and_annotates_an_error(begin: Begin) -> None:
    stack = begin("gitops")
    stack.env["RDSCLONE_REPORT"] = "report.json"
    stack.must(stack.run("config", "set", "source", "rm-demo-mysql80"))

    stack.must(stack.preview())
    assert "" == annotations(stack)

    stack.must(stack.run("config", "set", "source", "rm-demo-no-log-backup"))
    assert 0 != stack.preview().code
    assert annotations(stack).startswith("::error title=staging%3A log-backup")
    assert "::restorePoint: log backups of rm-demo-no-log-backup" in annotations(stack)


def annotations(stack: Stack) -> str:
    done = run_here(stack, sys.executable, "annotate.py", "report.json")
    return stack.must(done).text


def run_here(stack: Stack, *command: str) -> Run:
    done = subprocess.run(
        command,
        cwd=stack.folder,
        env=stack.env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr)


def test_drift_gate_ends_with_0_or_7_after_a_change(begin: Begin, emulator: Emulator) -> None:
    stack = begin("gitops")
    stack.must(stack.run("config", "set", "source", "rm-demo-mysql80"))
    stack.must(stack.up())
    # A pipeline may have set it, and the CLI refuses it here.
    stack.env["PULUMI_SKIP_CONFIRMATIONS"] = "true"
    (clone,) = [i for i in emulator.instances() if i.restored_from]

    emulator.change(clone.id, instance_class="mysql.n4.medium.2c")
    same = stack.must(run_here(stack, "./drift.sh", "dev"))
    emulator.change(clone.id, description="changed-by-hand")
    changed = run_here(stack, "./drift.sh", "dev")
    emulator.remove(clone.id)
    gone = run_here(stack, "./drift.sh", "dev")
    stack.env["PULUMI_BACKEND_URL"] = "file:///nowhere"
    untold = run_here(stack, "./drift.sh", "dev")

    assert "no drift" in same.text
    assert (7, True) == (changed.code, "changed-by-hand" in changed.text)
    assert 7 == gone.code
    assert untold.code not in {0, 7}


def operator_objects() -> dict[str, Any]:
    objects = {
        found["kind"]: found
        for path in sorted((EXAMPLES / "gitops/operator").glob("*.yaml"))
        for found in yaml.safe_load_all(path.read_text("utf-8"))
    }
    # What the operator makes of the Stack's template.
    template = objects["Stack"]["spec"]["workspaceTemplate"]
    about = {"apiVersion": "auto.pulumi.com/v1alpha1", "kind": "Workspace"}
    objects["Workspace"] = {**about, "metadata": {"name": "staging"}, **template}
    return objects


@pytest.mark.parametrize("kind", OBJECTS)
def test_operator_objects(kind: str) -> None:
    assert [] == objections(operator_objects()[kind], OBJECTS[kind])


@pytest.mark.parametrize("kind", [*OBJECTS, "Workspace"])
def test_operator_objects_are_valid_by_the_definitions_at_hand(kind: str) -> None:
    folder = os.environ.get("RDSCLONE_OPERATOR_CRDS")
    if not folder:
        pytest.skip("RDSCLONE_OPERATOR_CRDS names no folder with the operator's CRDs")
    told = operator_objects()[kind]

    assert [] == objections(told, definition(Path(folder), told))


def test_operator_program_runs_as_configured(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    told = operator_objects()
    image = (EXAMPLES / "gitops/operator/Dockerfile").read_text("utf-8")
    (version,) = re.findall(r"^ARG VERSION=(.*)$", image, re.MULTILINE)
    line = re.findall(r"^RUN (pulumi plugin .*\\\n.*)$", image, re.MULTILINE)[0]
    line = line.replace("\\\n", "").replace("${VERSION}", version)
    line = line.replace("/opt/rdsclone/bin", str(Path(sys.executable).parent))
    folder = tmp_path / "staging"
    folder.mkdir()
    # What the operator makes of a Program.
    project = {"name": "staging", "runtime": "yaml", **told["Program"]["program"]}
    (folder / "Pulumi.yaml").write_text(json.dumps(project), "utf-8")
    stack = Stack(folder, environment(tmp_path, cli))
    configure(stack, emulator)
    stack.must(run_here(stack, *line.split()))
    for name, value in told["Stack"]["spec"]["config"].items():
        stack.must(stack.run("config", "set", name, value))
    stack.must(stack.run("config", "set", "source", "rm-demo-mysql80"))

    assert schema()["version"] == version
    stack.must(stack.run("install"))
    stack.must(stack.up())

    (clone,) = [i for i in emulator.instances() if i.restored_from]
    assert stack.outputs()["endpoint"].startswith(clone.id)
    assert "staging" == clone.tags["env"]


@pytest.fixture
def staging(tmp_path: Path, cli: Path, emulator: Emulator) -> Staging:
    """
    Return a function that begins the example's staging.py in a session of its own.
    """
    env = environment(tmp_path, cli) | {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": emulator.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.access_key_secret,
        "ALIBABA_CLOUD_REGION_ID": emulator.region,
        "PYTHONPATH": str(PROVIDER),
    }
    script = EXAMPLES / "automation-api/staging.py"

    def begin(*command: str) -> subprocess.Popen[str]:
        more = ["--source", "rm-demo-mysql80", "--endpoint", emulator.url]
        return subprocess.Popen(
            [sys.executable, str(script), *command, *more[: 4 * ("up" in command)]],
            cwd=tmp_path,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return begin


def test_automation_api_makes_and_releases_a_clone(staging: Staging, emulator: Emulator) -> None:
    endpoint = must(staging("up", "123"))

    (clone,) = [i for i in emulator.instances() if i.restored_from]
    assert f"{clone.id}.mysql.rds.aliyuncs.com:3306\n" == endpoint

    must(staging("down", "123"))

    assert [] == [i for i in emulator.instances() if i.restored_from]


@pytest.mark.parametrize("end", ["interrupted", "killed"])
def test_automation_api_continues_a_run(end: str, staging: Staging, emulator: Emulator) -> None:
    stop_clock(emulator)
    first = staging("up", "123")
    wait_for(lambda: any(i.restored_from for i in emulator.instances()))
    if end == "interrupted":
        os.killpg(first.pid, signal.SIGINT)
    else:
        kill(of_session(first.pid))
    _, said = first.communicate(timeout=60)
    assert 0 != first.returncode
    emulator.clock.set_speed(1)

    if end == "killed":
        second = staging("up", "123")
        assert "if it was killed, add --unlock" in second.communicate(timeout=60)[1]
        endpoint = must(staging("--unlock", "up", "123"))
    else:
        assert "run this again to go on" in said
        endpoint = must(staging("up", "123"))

    (clone,) = [i for i in emulator.instances() if i.restored_from]
    assert endpoint.startswith(clone.id)


def must(script: subprocess.Popen[str]) -> str:
    """
    Return what a script, which must succeed, has printed.
    """
    printed, said = script.communicate(timeout=120)
    assert script.returncode == 0, said
    return printed
