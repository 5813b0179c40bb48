"""
Find or build the Pulumi CLI and print the folder that holds it, the last line alone.

A `pulumi` on PATH wins. Else the CLI and its language hosts are built from their Go
modules, pinned by the go.sum files beside this script, into the user's cache folder:
five minutes on a new machine, nothing afterwards. Else this says how to install it.
"""

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
BUILDS: tuple[tuple[str, list[str], list[str]], ...] = (
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
    Print the folder; give the exit code.
    """
    if installed := _installed():
        print(installed)
        return 0
    folder = _cache() / f"pulumi-{_pins()}"
    if not folder.is_dir():
        if not _has_go():
            _say(
                "no Pulumi CLI (3.216 or newer) on PATH and no Go (1.25 or newer) to "
                "build one: install it as https://www.pulumi.com/docs/install/ says"
            )
            return 1
        if not _build_into(folder):
            return 1
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


def _pins() -> str:
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*/go.sum")):
        digest.update(path.read_bytes())
    return f"{VERSION}-{digest.hexdigest()[:12]}"


def _build_into(folder: Path) -> bool:
    """
    Build everything beside *folder*, then move it there in one step.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        binaries = Path(scratch) / "bin"
        for number, (module, packages, options) in enumerate(BUILDS, start=1):
            names = ", ".join(_name(package) for package in packages)
            _say(f"building {names} (step {number} of {len(BUILDS)})")
            source = Path(scratch) / module
            shutil.copytree(HERE / module, source, dirs_exist_ok=True)
            flags = f"-s -w -X {SDK}/go/common/version.Version={VERSION}"
            command = ["go", "build", "-trimpath", "-ldflags", flags, *options]
            if not _run([*command, "-o", f"{binaries}/", *packages], source):
                return False
        _copy_scripts(Path(scratch) / "cli", binaries)
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
