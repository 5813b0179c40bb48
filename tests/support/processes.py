"""
The processes of a command that runs in a session of its own.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress

_PATIENCE = 20
"""Seconds that a busy machine may need for what takes less than one."""


def of_session(session: int) -> dict[int, str]:
    """
    Return the processes of *session*, by their ids, with their command lines.
    """
    listed = subprocess.run(
        ["ps", "-e", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True
    )
    found = {}
    for line in listed.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        with suppress(ProcessLookupError):
            if os.getsid(int(pid)) == session:
                found[int(pid)] = command
    return found


def providers(session: int, *more: str) -> list[int]:
    """
    Return the processes of *session* that serve our clones, by either border.

    Args:
        session: The session's first process.
        more: What else their command lines hold.
    """
    marks = ("pulumi.dynamic", "pulumi_rdsclone.adapters.plugin", *more)
    found = of_session(session).items()
    return [pid for pid, command in found if any(mark in command for mark in marks)]


def end_soon(session: int, *marks: str) -> bool:
    """
    Return whether all of our providers in *session* end by themselves.

    Args:
        session: The session's first process.
        marks: What else their command lines hold.
    """
    deadline = time.monotonic() + _PATIENCE
    while providers(session, *marks):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def kill(pids: Iterable[int]) -> None:
    """
    Kill processes, those that are gone already included.
    """
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
