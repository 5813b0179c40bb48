"""
Projects in the languages of the generated SDKs, run on the real engine.

A project is a `Stack`, as those of the dynamic provider are. A folder that holds a
program already, an example for instance, is equipped with *equip*.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pulumi_rdsclone.adapters.schema import schema
from rds_emulator import Emulator
from tests.support.stacks import Stack, configure, use_plugin

ROOT: Final = Path(__file__).resolve().parents[2]
CLI_MODULE: Final = ROOT / "tools/pulumi/cli"
"""Go programs use the CLI's versions: what its build has compiled serves them too."""

GO: Final = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-mod=mod -trimpath",
    "GOPROXY": "off",
    "GOSUMDB": "off",
    "GOTOOLCHAIN": "local",
}
FILES: Final = {
    "python": "__main__.py",
    "typescript": "index.ts",
    "go": "main.go",
    "java": "App.java",
}
RUNTIMES: Final[dict[str, Any]] = {
    "yaml": "yaml",
    "python": "python",
    "typescript": "nodejs",
    "go": "go",
    "java": {"name": "java", "options": {"binary": "app.jar"}},
}


@dataclass(frozen=True)
class Toolbox:
    """
    What programs are made with.

    Attributes:
        sdk: The folder of the generated SDKs, those of TypeScript and Java compiled.
        node: The folder with node_modules, as set-up fills it.
        java: The folder with the jars of Pulumi's SDK.
    """

    sdk: Path
    node: Path | None = None
    java: Path | None = None


def make_project(
    language: str,
    program: str,
    *,
    folder: Path,
    env: dict[str, str],
    emulator: Emulator,
    toolbox: Toolbox,
) -> Stack:
    """
    Make a project in *folder* whose program is *program*, configured for *emulator*.

    The program of a YAML project is what stands in Pulumi.yaml beside name and runtime.
    """
    folder.mkdir()
    plugin = {"name": "rdsclone", "path": str(Path(sys.executable).parent)}
    about = {"name": "shop", "runtime": RUNTIMES[language], "plugins": {"providers": [plugin]}}
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in about.items())
    text = program if language == "yaml" else ""
    (folder / "Pulumi.yaml").write_text(head + text, "utf-8")
    if language in FILES:
        (folder / FILES[language]).write_text(program, "utf-8")
    stack = Stack(folder, env)
    configure(stack, emulator)
    equip(stack, language, toolbox)
    return stack


def equip(stack: Stack, language: str, toolbox: Toolbox) -> None:
    """
    Add the SDK of its language to the project of *stack*, and compile what must be.
    """
    match language:
        case "python":
            use_plugin(stack, as_installed(toolbox.sdk / "python"))
        case "typescript":
            _equip_typescript(stack, toolbox)
        case "go":
            _equip_go(stack, toolbox)
        case "java":
            _equip_java(stack, toolbox)


def as_installed(sdk: Path) -> Path:
    """
    Write into the SDK for Python the version that it asks for, as an installation does.
    """
    version = schema()["version"]
    about = sdk / f"pulumi_rdsclone_sdk-{version}.dist-info"
    about.mkdir(exist_ok=True)
    text = f"Metadata-Version: 2.1\nName: pulumi_rdsclone_sdk\nVersion: {version}\n"
    (about / "METADATA").write_text(text, "utf-8")
    return sdk


def compile_typescript_sdk(toolbox: Toolbox) -> None:
    """
    Compile the SDK for TypeScript, as its package is published.
    """
    source = toolbox.sdk / "nodejs"
    assert toolbox.node is not None
    (source / "node_modules").symlink_to(toolbox.node / "node_modules")
    _run(source, str(toolbox.node / "node_modules/.bin/tsc"))
    shutil.copyfile(source / "package.json", source / "bin/package.json")


def compile_java_sdk(toolbox: Toolbox) -> None:
    source = toolbox.sdk / "java"
    files = sorted(map(str, source.rglob("*.java")))
    jars = f"{toolbox.java}/*"
    _run(source, "javac", "-nowarn", "-cp", jars, "-d", str(source / "classes"), *files)
    # The SDK's build file writes these two; the SDK reads the first.
    about = {"resource": True, "name": "rdsclone", "version": schema()["version"]}
    package = source / "classes/com/pulumi/rdsclone"
    (package / "version.txt").write_text(about["version"], "utf-8")
    (package / "plugin.json").write_text(json.dumps(about), "utf-8")


def _equip_typescript(stack: Stack, toolbox: Toolbox) -> None:
    assert toolbox.node is not None
    modules = stack.folder / "node_modules"
    modules.mkdir()
    for name in ("@pulumi", "@types", "typescript"):
        (modules / name).symlink_to(toolbox.node / "node_modules" / name)
    (modules / "pulumi-rdsclone").symlink_to(toolbox.sdk / "nodejs/bin")
    _write_once(stack.folder / "package.json", {"name": "shop", "main": "index.ts"})
    options = {"strict": True, "module": "commonjs", "target": "es2020"}
    settings = {"compilerOptions": options, "files": ["index.ts"]}
    _write_once(stack.folder / "tsconfig.json", settings)


def _write_once(path: Path, content: dict[str, Any]) -> None:
    if not path.exists():
        path.write_text(json.dumps(content), "utf-8")


def _equip_go(stack: Stack, toolbox: Toolbox) -> None:
    stack.env |= GO
    _, _, required = (CLI_MODULE / "go.mod").read_text("utf-8").partition("\n")
    sdk = "pulumi-rdsclone/sdk/go"
    added = f"require {sdk} v0.0.0\nreplace {sdk} => {toolbox.sdk / 'go'}\n"
    (stack.folder / "go.mod").write_text(f"module shop\n{required}{added}", "utf-8")
    shutil.copyfile(CLI_MODULE / "go.sum", stack.folder / "go.sum")


def _equip_java(stack: Stack, toolbox: Toolbox) -> None:
    """
    Make app.jar, which names all others: its folder needs no build tool.
    """
    assert toolbox.java is not None
    folder = stack.folder
    parts = [toolbox.sdk / "java/classes", *sorted(toolbox.java.glob("*.jar"))]
    path = os.pathsep.join(map(str, parts))
    _run(folder, "javac", "-cp", path, "-d", "classes", FILES["java"])
    # A line of a manifest holds 72 bytes; the next one goes on behind a blank.
    paths = " ".join(part.as_uri() + "/" * part.is_dir() for part in parts)
    lines = "\n ".join(_pieces(f"Class-Path: {paths}"))
    (folder / "manifest").write_text(f"Main-Class: App\n{lines}\n", "utf-8")
    options = ("--create", "--file=app.jar", "--manifest=manifest")
    _run(folder, "jar", *options, "-C", "classes", ".")


def _pieces(text: str, width: int = 70) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
