"""
Exit codes of commands, and the message of a command that failed.

Heavy modules are imported only after an error.
"""

import errno
import functools
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Final, ParamSpec, TextIO

import typer

P = ParamSpec("P")


class ExitCode(IntEnum):
    """
    Exit code of a command.
    """

    SUCCESS = 0
    """The clone is accepted; something can be restored; it is printed, or done."""

    REFUSED = 1
    """The clone is refused; nothing can be restored; an instance is kept."""

    USAGE_ERROR = 2
    """The command line, the configuration or the inputs by themselves are wrong."""

    NO_ANSWER = 3
    """The cloud gave no usable answer."""

    INTERNAL_ERROR = 70
    """An internal error, the number that sysexits.h has for it."""

    OUTPUT_FAILED = 74
    """The output cannot be written, the number that sysexits.h has for it."""

    INTERRUPTED = 130
    """Ctrl-C: 128 and SIGINT, as shells report it."""

    BROKEN_PIPE = 141
    """The reader of the output is gone: 128 and SIGPIPE, as shells report it."""


_CANNOT_WRITE: Final = frozenset(
    {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}
)
"""Errors of write(2) for a full disk and for a stream that is not writable."""


def with_exit_code(command: Callable[P, ExitCode]) -> Callable[P, None]:
    """
    Return *command*, which returns its exit code, as a command of typer.

    Errors are caught inside of typer, whose own messages for Ctrl-C and for a closed
    pipe differ from release to release. Wrong usage is passed on to typer, which adds
    the command that it is about.
    """

    @functools.wraps(command)
    def exiting(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(run(lambda: command(*args, **kwargs), typer.BadParameter))

    return exiting


def run(command: Callable[[], int], *passed_on: type[Exception]) -> int:
    """
    Run *command* and return its exit code; an error is printed as one line.

    Errors of the kinds *passed_on* are raised.
    """
    try:
        code = command()
        sys.stdout.flush()
    except passed_on:
        raise
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _drop(sys.stdout)
        return ExitCode.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - any error is printed
        text, code = _explained(error)
        if code is ExitCode.OUTPUT_FAILED:
            _drop(sys.stdout)
        write_error(f"rdsclone: {' '.join(text.splitlines())}\n")
    return code


def write_error(text: str) -> None:
    """
    Write *text* to stderr; a stderr that cannot be written to is ignored.
    """
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """
    Redirect *stream* to the null device, or Python would complain at exit.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _explained(error: Exception) -> tuple[str, ExitCode]:
    # typer does not export the class of its usage errors.
    if describe := getattr(error, "format_message", None):
        text = describe().rstrip(".")
        asked = f"{_command_of(error)} --help"
        return f"{text[:1].lower()}{text[1:]} — see {asked}", ExitCode.USAGE_ERROR
    if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
        what = f"the output cannot be written: {error.strerror}"
        return f"{what} — write it to another place", ExitCode.OUTPUT_FAILED

    from pulumi_rdsclone.domain.errors import (  # noqa: PLC0415
        CloneError,
        ConfigurationError,
        InvalidSpecError,
        PrerequisiteError,
        RefusedError,
        WaitError,
    )
    from pulumi_rdsclone.presentation.internal_errors import describe_internal_error  # noqa: PLC0415
    from pulumi_rdsclone.presentation.spelling import spell  # noqa: PLC0415

    if isinstance(error, ConfigurationError | InvalidSpecError):
        return spell(str(error)), ExitCode.USAGE_ERROR
    if isinstance(error, RefusedError | PrerequisiteError | WaitError):
        return spell(str(error)), ExitCode.REFUSED
    if isinstance(error, CloneError):
        return spell(str(error)), ExitCode.NO_ANSWER
    return describe_internal_error(error), ExitCode.INTERNAL_ERROR


def _command_of(error: object) -> str:
    """
    Return the command whose usage was wrong, such as ``rdsclone clones list``.
    """
    names = []
    context = getattr(error, "ctx", None)
    while context is not None and context.parent is not None:
        names.append(context.info_name)
        context = context.parent
    return " ".join(["rdsclone", *reversed(names)])
