"""
What every command has: a guard that lets one clear line leave it, never a traceback.

Nothing heavy is imported here before something went wrong.
"""

import functools
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import ParamSpec

import typer

P = ParamSpec("P")


class Code(IntEnum):
    """
    How a command ends.
    """

    FINE = 0
    """The clone is accepted; something can be restored; it is told, or done."""

    REFUSED = 1
    """The clone is refused; nothing can be restored; an instance is kept."""

    MISUSED = 2
    """The command line or the configuration is wrong."""

    UNREACHED = 3
    """The cloud gave no usable answer."""

    BROKEN = 70
    """An internal error, the number that sysexits.h has for it."""

    INTERRUPTED = 130
    """Ctrl-C, as a shell tells it."""

    UNHEARD = 141
    """Whoever read the output is gone, as a shell tells it."""


def guarded(command: Callable[P, Code]) -> Callable[P, None]:
    """
    Make *command*, which gives its exit code, one for typer.

    The guard stands inside of typer, whose own words for Ctrl-C and for a closed pipe
    differ from release to release.
    """

    @functools.wraps(command)
    def guard(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(run(lambda: command(*args, **kwargs)))

    return guard


def run(command: Callable[[], int]) -> int:
    """
    Run *command* and give the exit code; what it raises is told in one line.
    """
    try:
        code = command()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return Code.INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return Code.UNHEARD
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        text, code = _told(error)
        sys.stderr.write(f"rdsclone: {' '.join(text.splitlines())}\n")
    return code


def _drop_output() -> None:
    """
    Let nothing be written any more, or Python would complain when it ends.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(error: Exception) -> tuple[str, Code]:
    # typer does not export the class of its usage errors.
    if describe := getattr(error, "format_message", None):
        return f"{describe().rstrip('.')} — see rdsclone --help", Code.MISUSED

    from pulumi_rdsclone.adapters.blunders import internal  # noqa: PLC0415
    from pulumi_rdsclone.adapters.properties import spell  # noqa: PLC0415
    from pulumi_rdsclone.domain.errors import (  # noqa: PLC0415
        CloneError,
        ConfigurationError,
        RefusedError,
    )

    if isinstance(error, ConfigurationError):
        return spell(str(error)), Code.MISUSED
    if isinstance(error, RefusedError):
        return spell(str(error)), Code.REFUSED
    if isinstance(error, CloneError):
        return spell(str(error)), Code.UNREACHED
    return internal(error), Code.BROKEN
