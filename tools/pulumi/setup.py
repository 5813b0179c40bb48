"""
Find or build the Pulumi CLI, and print its folder as the last line.

A `pulumi` on PATH wins. Else the CLI and its language hosts are built from their Go
modules, pinned by the go.sum files beside this script, into the user's cache folder:
five minutes on a new machine, none afterwards. Without Go, a message says how to
install it.

    python tools/pulumi/setup.py          what the provider and its users need
    python tools/pulumi/setup.py --java   also the language host of Java, if it builds
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST_CLI = (3, 216)
OLDEST_GO = (1, 25)
VERSION = "v3.259.0"
SDK = "github.com/pulumi/pulumi/sdk/v3"
Builds = tuple[tuple[str, list[str], list[str]], ...]
"""Steps: the folder with the module's pins, its packages, options of the build."""

BUILDS: Builds = (
    (
        "cli",
        ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
        ["-tags", "osusergo,grpcnotrace"],
    ),
    ("cli", ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"], []),
    (
        "hosts",
        [
            "github.com/pulumi/pulumi/sdk/python/cmd/pulumi-language-python/v3",
            "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
            "github.com/pulumi/pulumi/sdk/go/pulumi-language-go/v3",
        ],
        [],
    ),
)
JAVA_VERSION = "v1.34.0"
JAVA_HOST = "pulumi-language-java"
JAVA_BUILDS: Builds = (
    ("java", [f"github.com/pulumi/pulumi-java/pkg/cmd/{JAVA_HOST}"], []),
)
SCRIPTS = (
    "python/cmd/pulumi-language-python-exec",
    "python/dist/pulumi-resource-pulumi-python",
)
"""Shell and Python scripts of the SDK module that stand beside the binaries."""

BUILD_ENVIRONMENT = {
    "CGO_ENABLED": "0",
    "GOTOOLCHAIN": "local",
    "GOFLAGS": "-mod=mod",
    # The language hosts have no tagged releases, so the checksum database does not
    # know them; the committed go.sum is the pin.
    "GOSUMDB": "off",
}


def main() -> int:
    """
    Print the folder; return the exit code.
    """
    if installed := _installed():
        print(installed)
        return 0
    folder = _cache() / f"pulumi-{_pins(VERSION, BUILDS)}"
    if not folder.is_dir():
        if not _has_go():
            _say(
                "no Pulumi CLI (3.216 or newer) on PATH and no Go (1.25 or newer) to "
                "build one: install it as https://www.pulumi.com/docs/install/ says"
            )
            return 1
        if not _build_into(folder, BUILDS):
            return 1
    if "--java" in sys.argv and not _add_java(folder):
        _say("there is no Java language host: everything but Java works")
    print(folder)
    return 0


def _installed() -> Path | None:
    found = shutil.which("pulumi")
    if found is None or shutil.which("pulumi-language-python") is None:
        return None
    done = subprocess.run(
        [found, "version"], capture_output=True, text=True, check=False
    )
    return Path(found).parent if _version(done.stdout) >= OLDEST_CLI else None


def _has_go() -> bool:
    if shutil.which("go") is None:
        return False
    done = subprocess.run(
        ["go", "env", "GOVERSION"], capture_output=True, text=True, check=False
    )
    return _version(done.stdout) >= OLDEST_GO


def _version(text: str) -> tuple[int, int]:
    match = re.search(r"(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "pulumi-rdsclone"


def _pins(version: str, builds: Builds) -> str:
    """
    Return a key of *builds*, which changes with their pins.
    """
    digest = hashlib.sha256()
    for module in sorted({module for module, *_ in builds}):
        digest.update((HERE / module / "go.sum").read_bytes())
    return f"{version}-{digest.hexdigest()[:12]}"


def _add_java(folder: Path) -> bool:
    """
    Build the Java host, in a folder with a key of its own, and link it into *folder*.
    """
    built = _cache() / f"pulumi-java-{_pins(JAVA_VERSION, JAVA_BUILDS)}"
    if not built.is_dir() and not (_has_go() and _build_into(built, JAVA_BUILDS)):
        return False
    link = folder / JAVA_HOST
    if not link.exists() or link.resolve() != (built / JAVA_HOST).resolve():
        link.unlink(missing_ok=True)
        link.symlink_to(built / JAVA_HOST)
    return True


def _build_into(folder: Path, builds: Builds) -> bool:
    """
    Run *builds* into *folder*; of several processes at once one does it for all.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder.is_dir() or _build_beside(folder, builds)


def _build_beside(folder: Path, builds: Builds) -> bool:
    """
    Run *builds* beside *folder*, then move the result there in one step.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        binaries = Path(scratch) / "bin"
        for number, (module, packages, options) in enumerate(builds, start=1):
            names = ", ".join(_name(package) for package in packages)
            _say(f"building {names} (step {number} of {len(builds)})")
            source = Path(scratch) / module
            shutil.copytree(HERE / module, source, dirs_exist_ok=True)
            flags = f"-s -w -X {SDK}/go/common/version.Version={VERSION}"
            command = ["go", "build", "-trimpath", "-ldflags", flags, *options]
            if not _run([*command, "-o", f"{binaries}/", *packages], source):
                return False
        if (cli := Path(scratch) / "cli").is_dir():
            _copy_scripts(cli, binaries)
        binaries.rename(folder)
    return True


def _name(package: str) -> str:
    return package.removesuffix("/v3").rpartition("/")[2]


def _run(command: list[str], folder: Path) -> bool:
    environment = {**os.environ, **BUILD_ENVIRONMENT}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "downloading" not in line]
        _say("the build failed: " + " ".join(lines[-3:]))
    return done.returncode == 0


def _copy_scripts(module: Path, binaries: Path) -> None:
    done = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", SDK],
        cwd=module,
        env={**os.environ, **BUILD_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    for script in SCRIPTS:
        target = binaries / Path(script).name
        shutil.copyfile(Path(done.stdout.strip()) / script, target)
        target.chmod(0o755)


def _say(text: str) -> None:
    sys.stderr.write(f"pulumi: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
