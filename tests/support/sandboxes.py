"""
The sandbox of the tests: a Pulumi that need not ask pip before each command.
"""

import atexit
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

import sandbox
from tests.support.vault import vault

PROVIDER = Path(__file__).resolve().parents[2] / "provider"

_LIST: Final = "-m pip list -v --format json"
"""What Pulumi runs before each command, to learn which plugins a program needs."""

_QUICK: Final = f"""\
#!/bin/sh
[ "$*" = "{_LIST}" ] && exec cat "{{answer}}"
exec "{{python}}" "$@"
"""


def environment(folder: Path, cli: Path, python: str = sys.executable) -> dict[str, str]:
    """
    Return the environment for running Pulumi in *folder*: a sandbox's, and more.

    The interpreter tells its packages without looking for them anew each time: half a
    second less for each of the suite's thousand commands. This checkout's package is
    told as one that was installed, for it is found in its folder. A Vault keeps the
    keys of its states.
    """
    plain = sandbox.environment(folder, cli, _quick(python))
    # The CLI's start is a quarter shorter when it collects its garbage less often.
    return {**plain, **vault(), "GOGC": "400"}


def scratch() -> Path:
    """
    Return a new folder, which is removed when the tests have ended.
    """
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


@cache
def _quick(python: str) -> str:
    folder = scratch()
    answer, quick = folder / "packages.json", folder / "python"
    packages = json.loads(subprocess.check_output([python, *_LIST.split()]))
    for package in packages:
        if "editable_project_location" in package:
            package["location"] = str(PROVIDER)
    answer.write_text(json.dumps(packages), "utf-8")
    quick.write_text(_QUICK.format(answer=answer, python=python), "utf-8")
    quick.chmod(0o755)
    return str(quick)
