"""
A Pulumi project under test, run as a user runs it.
"""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from rds_emulator import Emulator

PROVIDER = Path(__file__).resolve().parents[2] / "provider"


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


@dataclass
class Stack:
    """
    A Pulumi project with one stack, run as a user runs it.
    """

    folder: Path
    env: dict[str, str]
    config: dict[str, str] = field(default_factory=dict)

    def write(self, program: str) -> None:
        """
        Make *program* the project's program; the imports are given.
        """
        head = "import pulumi\nimport pulumi_rdsclone as rdsclone\n"
        (self.folder / "__main__.py").write_text(head + dedent(program), "utf-8")

    def set_config(self, **values: str) -> None:
        """
        Change the provider's configuration; an empty text removes an entry.
        """
        self.config |= values
        told = {f"rdsclone:{name}": v for name, v in self.config.items() if v}
        file = self.folder / "Pulumi.dev.yaml"
        lines = file.read_text("utf-8").splitlines()
        salt = next(line for line in lines if line.startswith("encryptionsalt:"))
        file.write_text(f"{salt}\nconfig: {json.dumps(told)}\n", "utf-8")

    def run(self, *command: str) -> Run:
        """
        Run the CLI in the project's folder.
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
        return Run(done.returncode, done.stdout + done.stderr)

    def preview(self, *options: str) -> Run:
        """
        Run `pulumi preview`.
        """
        return self.run("preview", *options)

    def up(self, *options: str) -> Run:
        """
        Run `pulumi up` without its own preview.
        """
        return self.run("up", "--yes", "--skip-preview", *options)

    def must(self, run: Run) -> Run:
        """
        Give *run*, which must have succeeded.
        """
        assert run.code == 0, run.text
        return run

    def resources(self) -> dict[str, dict[str, Any]]:
        """
        Give the clones in the state by name.
        """
        exported = json.loads(self.must(self.run("stack", "export")).text)
        resources = exported["deployment"].get("resources") or []
        return {
            r["urn"].rpartition("::")[2]: r
            for r in resources
            if r["type"].endswith("dynamic/rds:CloneInstance")
        }

    def outputs(self) -> dict[str, Any]:
        """
        Give the stack's outputs.
        """
        loaded: dict[str, Any] = json.loads(
            self.must(self.run("stack", "output", "--json")).text
        )
        return loaded


def make_stack(folder: Path, env: dict[str, str], emulator: Emulator) -> Stack:
    """
    Make a project in *folder*, configured for *emulator*.
    """
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", "utf-8")
    stack = Stack(folder, env)
    configure(stack, emulator)
    return stack


def configure(stack: Stack, emulator: Emulator) -> None:
    """
    Make the stack ``dev`` of a project, configured for *emulator*.
    """
    stack.env["PYTHONPATH"] = str(PROVIDER)
    stack.must(stack.run("stack", "init", "dev"))
    stack.set_config(
        region=emulator.region,
        endpoint=emulator.url,
        accessKeyId=emulator.access_key_id,
        accessKeySecret=emulator.access_key_secret,
    )
