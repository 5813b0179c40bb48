"""
The entry point of ``rdsclone``.
"""

import logging
import os
import sys
from io import TextIOWrapper
from pathlib import Path

from pulumi_rdsclone.cli.command import app
from pulumi_rdsclone.cli.exit_codes import run
from pulumi_rdsclone.debugging import DEBUG, log_calls


def main() -> None:
    """
    Run the command and end the process with its exit code.
    """
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A dash must not end the command where the locale has none.
            stream.reconfigure(errors="backslashreplace")
    if not os.environ.get(DEBUG):
        # Libraries log tracebacks, which go to stderr if no handler takes them.
        logging.getLogger().addHandler(logging.NullHandler())
    log_calls()
    sys.exit(run(lambda: app(standalone_mode=False, prog_name="rdsclone")))


def _open_closed_streams() -> None:
    """
    Open the null device for each standard stream that the caller has closed.

    In this order each gets its own number, so that no socket is taken for stdout.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115


if __name__ == "__main__":
    main()
