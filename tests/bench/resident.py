"""
How much memory a process has, as Linux tells it.
"""

import re
from pathlib import Path

from tests.support.stacks import Stack

_SERVER = b"-m\0pulumi.dynamic\0"
"""What stands in the command line of the process that runs dynamic providers."""


def resident_mb(process: str = "self") -> float:
    """
    Return the resident memory (VmRSS) of *process* in megabytes.
    """
    status = Path("/proc", process, "status").read_text("utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found, status
    return int(found[1]) / 1024


def provider_of(stack: Stack) -> str:
    """
    Find the process that runs the dynamic providers of the present run of *stack*.

    It has the Pulumi home of the stack in its environment.
    """
    home = f"PULUMI_HOME={stack.env['PULUMI_HOME']}\0".encode()
    found = [
        folder.name
        for folder in Path("/proc").glob("[0-9]*")
        if _holds(folder / "cmdline", _SERVER) and _holds(folder / "environ", home)
    ]
    assert len(found) == 1, f"there are {len(found)} providers, not one"
    return found[0]


def _holds(file: Path, part: bytes) -> bool:
    """
    Return whether *part* stands in *file*, which may be gone or another user's.
    """
    try:
        return part in file.read_bytes()
    except OSError:
        return False
