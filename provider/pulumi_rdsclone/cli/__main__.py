"""
The entry point of ``rdsclone``.
"""

import logging
import os
import sys
from io import TextIOWrapper

from pulumi_rdsclone.adapters.blunders import DEBUG
from pulumi_rdsclone.cli.command import app
from pulumi_rdsclone.cli.guarding import run


def main() -> None:
    """
    Run the command and end the process with its exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A dash must not end the command where the locale has none.
            stream.reconfigure(errors="backslashreplace")
    if not os.environ.get(DEBUG):
        # Libraries log tracebacks, and what nobody handles goes to stderr.
        logging.getLogger().addHandler(logging.NullHandler())
    sys.exit(run(lambda: app(standalone_mode=False)))


if __name__ == "__main__":
    main()
