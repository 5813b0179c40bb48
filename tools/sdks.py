"""
Generate the SDKs of schema.json with the Pulumi CLI, without a network.

    python tools/sdks.py CLI-FOLDER [TARGET]    into TARGET, by default the folder sdk
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox import environment

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("python", "nodejs", "go", "java")
_IMPORT = re.compile(r'(?<=from ")\./(?=([\w/]+)")')


class SdkError(Exception):
    """
    The SDK of a language cannot be generated.
    """


def generate_sdk(language: str, target: Path, cli: Path) -> None:
    """
    Generate the SDK of *language* into its folder below *target*.

    Raises:
        SdkError: The CLI failed, for example without the language's host.
    """
    command = ["pulumi", "package", "gen-sdk", str(ROOT / "schema.json")]
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [*command, "--language", language, "--out", str(target)],
            env=environment(Path(home), cli),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SdkError(" ".join((done.stderr or done.stdout).split()))
    if language == "nodejs":
        for path in (target / language).rglob("*/*.ts"):
            _fix_imports(path)


def _fix_imports(path: Path) -> None:
    """
    Make the file at *path* import from the folder above what is not beside it.

    Language hosts older than 3.259 that were built with Go 1.26 write `./` there.
    """

    def upwards(match: re.Match[str]) -> str:
        beside = path.parent / match[1]
        is_there = beside.is_dir() or beside.with_suffix(".ts").is_file()
        return "./" if is_there else "../"

    path.write_text(_IMPORT.sub(upwards, path.read_text("utf-8")), "utf-8")


def main() -> int:
    """
    Generate all SDKs; return the exit code. The one of Java may be missing.
    """
    cli, *targets = map(Path, sys.argv[1:])
    target = targets[0] if targets else ROOT / "sdk"
    failed = False
    for language in LANGUAGES:
        try:
            generate_sdk(language, target, cli)
            print(f"wrote {target.name}/{language}")
        except SdkError as error:
            sys.stderr.write(f"no SDK for {language}: {error}\n")
            failed = failed or language != "java"
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
