"""
What every command has: a guard that lets one clear line leave it, never a traceback.

Nothing heavy is imported here before something went wrong.
"""

import errno
import functools
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final, ParamSpec, TextIO

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
    """The command line, the configuration or the inputs by themselves are wrong."""

    UNREACHED = 3
    """The cloud gave no usable answer."""

    BROKEN = 70
    """An internal error, the number that sysexits.h has for it."""

    UNWRITTEN = 74
    """The output cannot be written, the number that sysexits.h has for it."""

    INTERRUPTED = 130
    """Ctrl-C, as a shell tells it."""

    UNHEARD = 141
    """Whoever read the output is gone, as a shell tells it."""


_CANNOT_WRITE: Final = frozenset(
    {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}
)
"""What write(2) says of a full disk and of a stream that nothing can be written to."""


def guarded(command: Callable[P, Code]) -> Callable[P, None]:
    """
    Make *command*, which gives its exit code, one for typer.

    The guard stands inside of typer, whose own words for Ctrl-C and for a closed pipe
    differ from release to release. Wrong usage goes on to typer, which notes the
    command that it is about.
    """

    @functools.wraps(command)
    def guard(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(run(lambda: command(*args, **kwargs), typer.BadParameter))

    return guard


def run(command: Callable[[], int], *passed_on: type[Exception]) -> int:
    """
    Run *command* and give the exit code; what it raises is told in one line.

    Errors of the kinds *passed_on* are raised.
    """
    try:
        code = command()
        sys.stdout.flush()
    except passed_on:
        raise
    except KeyboardInterrupt:
        return Code.INTERRUPTED
    except BrokenPipeError:
        _drop(sys.stdout)
        return Code.UNHEARD
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        text, code = _told(error)
        if code is Code.UNWRITTEN:
            _drop(sys.stdout)
        tell(f"rdsclone: {' '.join(text.splitlines())}\n")
    return code


def tell(text: str) -> None:
    """
    Write *text* to stderr; where that fails nobody can be told.
    """
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """
    Let nothing be written to *stream* any more, or Python would complain at its end.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _told(error: Exception) -> tuple[str, Code]:
    # typer does not export the class of its usage errors.
    if describe := getattr(error, "format_message", None):
        text = describe().rstrip(".")
        asked = f"{_command_of(error)} --help"
        return f"{text[:1].lower()}{text[1:]} — see {asked}", Code.MISUSED
    if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
        what = f"the output cannot be written: {error.strerror}"
        return f"{what} — write it to another place", Code.UNWRITTEN

    from pulumi_rdsclone.adapters.blunders import internal  # noqa: PLC0415
    from pulumi_rdsclone.adapters.properties import spell  # noqa: PLC0415
    from pulumi_rdsclone.domain.errors import (  # noqa: PLC0415
        CloneError,
        ConfigurationError,
        InvalidSpecError,
        PrerequisiteError,
        RefusedError,
        WaitError,
    )

    if isinstance(error, ConfigurationError | InvalidSpecError):
        return spell(str(error)), Code.MISUSED
    if isinstance(error, RefusedError | PrerequisiteError | WaitError):
        return spell(str(error)), Code.REFUSED
    if isinstance(error, CloneError):
        return spell(str(error)), Code.UNREACHED
    return internal(error), Code.BROKEN


def _command_of(error: Any) -> str:
    """
    Give the command whose usage was wrong, such as ``rdsclone clones list``.
    """
    names = []
    context = getattr(error, "ctx", None)
    while context is not None and context.parent is not None:
        names.append(context.info_name)
        context = context.parent
    return " ".join(["rdsclone", *reversed(names)])
