"""
A Pulumi project under test, run as a user runs it.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any, Final, Literal

from rds_emulator import Emulator
from tests.support.sandboxes import PROVIDER, environment, scratch
from tests.support.vault import VAULT, vault

Border = Literal["dynamic", "plugin"]
"""By which of the two borders a stack reaches the provider."""

BORDERS: Final[tuple[Border, ...]] = ("dynamic", "plugin")

TYPES: Final[dict[Border, str]] = {
    "dynamic": "pulumi-python:dynamic:Clone",
    "plugin": "rdsclone:index:CloneInstance",
}
_MODULES: Final[dict[Border, str]] = {"dynamic": "pulumi_rdsclone", "plugin": "pulumi_rdsclone_sdk"}
_PLUGIN: Final = """\
#!/bin/sh
exec "$PULUMI_PYTHON_CMD" -m pulumi_rdsclone.adapters.plugin "$@"
"""


_OF_THE_SECRETS: Final = ("encryptionsalt:", "secretsprovider:", "encryptedkey:")
"""What stands in a stack's settings besides its configuration."""

BROKEN_CHECK: Final = "because of an internal error in rdsclone"
"""What is said of a check that fails by an error of ours."""

_FRAME: Final = re.compile(r"error: (Preview failed: |\S+ resource '[^']*' has a problem: )?")
_SUMMARY: Final = re.compile(
    r"\d+ clones? cannot be made or changed as declared; nothing was ordered"
    "|(preview|update) failed"
)


@dataclass(frozen=True)
class Run:
    """
    What one command of the Pulumi CLI answered.
    """

    code: int
    text: str

    @property
    def error_lines(self) -> list[str]:
        """
        The lines of the final diagnostics, without the engine's own framing.
        """
        _, _, diagnostics = self.text.partition("Diagnostics:\n")
        block, _, _ = diagnostics.partition("\nOutputs:")
        block, _, _ = block.partition("\nResources:")
        return [line.strip() for line in block.splitlines() if line.startswith("    ")]

    @property
    def problems(self) -> list[str]:
        """
        The errors of the final diagnostics as both borders tell them.

        Pulumi names the resource before a failure of a dynamic provider's Check; the
        plugin and the engine say at the end that there were failures.
        """
        errors = [line for line in self.error_lines if line.startswith("error: ")]
        texts = (_FRAME.sub("", line, count=1) for line in errors)
        return [text for text in texts if not _SUMMARY.fullmatch(text)]


@dataclass
class Stack:
    """
    A Pulumi project with one stack, run as a user runs it.
    """

    folder: Path
    env: dict[str, str]
    config: dict[str, str] = field(default_factory=dict)
    border: Border = "dynamic"

    @property
    def type(self) -> str:
        return TYPES[self.border]

    @property
    def state(self) -> Path:
        return Path(self.env["PULUMI_BACKEND_URL"].removeprefix("file://"))

    def write(self, program: str) -> None:
        """
        Make *program* the project's program; the imports are given.
        """
        head = f"import pulumi\nimport {_MODULES[self.border]} as rdsclone\n"
        (self.folder / "__main__.py").write_text(head + dedent(program), "utf-8")
        # Python takes what it compiled within the same second for a program as long.
        shutil.rmtree(self.folder / "__pycache__", ignore_errors=True)

    def set_config(self, **values: str) -> None:
        """
        Change the provider's configuration; an empty text removes an entry.
        """
        self.config |= values
        told = {f"rdsclone:{name}": v for name, v in self.config.items() if v}
        file = self.folder / "Pulumi.dev.yaml"
        lines = file.read_text("utf-8").splitlines()
        kept = [line for line in lines if line.startswith(_OF_THE_SECRETS)]
        written = "\n".join([*kept, f"config: {json.dumps(told)}", ""])
        file.write_text(written, "utf-8")

    def run(self, *command: str) -> Run:
        """
        Run the CLI in the project's folder; a check that breaks fails the test.
        """
        done = subprocess.run(
            ["pulumi", *command, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        text = done.stdout + done.stderr
        assert BROKEN_CHECK not in text, text
        return Run(done.returncode, text)

    def begin(self, output: Path, *command: str) -> subprocess.Popen[bytes]:
        """
        Start the CLI in a session of its own, named by the CLI's process.

        What it prints goes to the file *output*: a pipe would be held open by the
        processes that a killed CLI leaves behind.
        """
        with output.open("wb") as file:
            return subprocess.Popen(
                ["pulumi", *command, "--non-interactive", "--color", "never"],
                cwd=self.folder,
                env=self.env,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def preview(self, *options: str) -> Run:
        return self.run("preview", *options)

    def up(self, *options: str) -> Run:
        """
        Run `pulumi up` without its own preview.
        """
        return self.run("up", "--yes", "--skip-preview", *options)

    def must(self, run: Run) -> Run:
        """
        Return *run*, which must have succeeded.
        """
        assert run.code == 0, run.text
        return run

    def resources(self) -> dict[str, dict[str, Any]]:
        return {r["urn"].rpartition("::")[2]: r for r in self.clones()}

    def clones(self) -> list[dict[str, Any]]:
        """
        Return the clones in the state, those that are left to be deleted included.
        """
        resources = self.deployment().get("resources") or []
        return [r for r in resources if r["type"] in TYPES.values()]

    def deployment(self) -> dict[str, Any]:
        """
        Return the whole state, as the engine has written it last.
        """
        (file,) = self.state.glob(".pulumi/stacks/*/dev.json")
        written = json.loads(file.read_text("utf-8"))
        deployment: dict[str, Any] = written["checkpoint"]["latest"] or {}
        return deployment

    def outputs(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.must(self.run("stack", "output", "--json")).text)
        return loaded


def make_stack(
    folder: Path, env: dict[str, str], emulator: Emulator, sdk: Path | None = None
) -> Stack:
    """
    Make a project in *folder*, configured for *emulator*.

    Args:
        folder: The project's; it is made.
        env: The environment of its commands. A Vault in it keeps the state's key, a
            passphrase where there is none.
        emulator: Where its clones are made.
        sdk: The folder of the generated Python SDK, for clones of the plugin; None
            for the dynamic provider's.
    """
    cli = env["PATH"].partition(os.pathsep)[0]
    begun = _begun_stack(cli, env["PULUMI_CONFIG_PASSPHRASE"], _keeper(env))
    shutil.copytree(begun.folder, folder)
    stack = _copied(folder, env)
    shutil.copytree(begun.state, stack.state, dirs_exist_ok=True)
    if sdk is not None:
        add_plugin(stack, sdk)
    _point_at(stack, emulator)
    return stack


@cache
def _begun_stack(cli: str, passphrase: str, keeper: str) -> Stack:
    """
    Return an empty stack of an empty project, to be copied: making one is slow.
    """
    folder = scratch()
    project = folder / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", "utf-8")
    stack = Stack(project, environment(folder, Path(cli)))
    stack.env["PULUMI_CONFIG_PASSPHRASE"] = passphrase
    _begin(stack, keeper)
    return stack


def _begin(stack: Stack, keeper: str) -> None:
    stack.must(stack.run("stack", "init", "dev", "--secrets-provider", keeper))


def _keeper(env: dict[str, str]) -> str:
    """
    Return the provider of secrets that commands in *env* can use.
    """
    return "passphrase" if vault().keys().isdisjoint(env) else VAULT


def _copied(folder: Path, env: dict[str, str]) -> Stack:
    # Which stack is selected stands in Pulumi's home, by the project's folder.
    return Stack(folder, {**env, "PYTHONPATH": str(PROVIDER), "PULUMI_STACK": "dev"})


def add_plugin(stack: Stack, sdk: Path) -> None:
    """
    Let the programs of *stack* use the plugin by the generated *sdk*.
    """
    use_plugin(stack, sdk)
    bin_folder = stack.folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    executable = bin_folder / "pulumi-resource-rdsclone"
    executable.write_text(_PLUGIN, "utf-8")
    executable.chmod(0o755)
    project = stack.folder / "Pulumi.yaml"
    plugins = {"providers": [{"name": "rdsclone", "path": "bin"}]}
    project.write_text(f"{project.read_text('utf-8')}plugins: {json.dumps(plugins)}\n", "utf-8")


def switch(stack: Stack, sdk: Path) -> None:
    """
    Let the programs of *stack* use the other border from now on.
    """
    if stack.border == "dynamic":
        add_plugin(stack, sdk)
    else:
        stack.border = "dynamic"
        stack.env["PYTHONPATH"] = str(PROVIDER)


def use_plugin(stack: Stack, sdk: Path) -> None:
    """
    Let the programs of *stack*, whose project names the plugin, use the *sdk*.
    """
    stack.border = "plugin"
    stack.env["PYTHONPATH"] = f"{PROVIDER}{os.pathsep}{sdk}"


def configure(stack: Stack, emulator: Emulator) -> None:
    """
    Make the stack ``dev`` of a project, configured for *emulator*.
    """
    stack.env.setdefault("PYTHONPATH", str(PROVIDER))
    _begin(stack, _keeper(stack.env))
    _point_at(stack, emulator)


def copied_stack(
    folder: Path, env: dict[str, str], emulator: Emulator, sdk: Path | None = None
) -> Stack:
    """
    Return the project in *folder*, a copied one, to go on at *emulator*.

    Args:
        folder: The project's; its copied state is where *env* says.
        env: The environment of the copy.
        emulator: Where it goes on.
        sdk: The folder of the generated SDK, for clones of the plugin.
    """
    stack = _copied(folder, env)
    if sdk is not None:
        use_plugin(stack, sdk)
    _point_at(stack, emulator)
    # A destroy takes the configuration that the last up has left in the state.
    for file in stack.state.glob(".pulumi/stacks/**/dev.json"):
        text = file.read_text("utf-8")
        file.write_text(re.sub(r"http://127\.0\.0\.1:\d+", emulator.url, text), "utf-8")
    return stack


def _point_at(stack: Stack, emulator: Emulator) -> None:
    stack.set_config(
        region=emulator.region,
        endpoint=emulator.url,
        accessKeyId=emulator.access_key_id,
        accessKeySecret=emulator.access_key_secret,
    )
