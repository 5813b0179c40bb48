"""
Output for developers, switched on by the environment. Imports nothing heavy.
"""

import logging
import os
import sys
from collections.abc import Sequence
from typing import Final

DEBUG: Final = "RDSCLONE_DEBUG"
"""
Environment variable: any value prints the traceback of an internal error, what the
libraries log, and a line for each call of the API.
"""

CALLS: Final = logging.getLogger("pulumi_rdsclone.calls")
"""Logs each call at level DEBUG, without its parameters, which may be secrets."""

_LEAST: Final = 1
"""The ``-v`` of the engine from which on calls are logged."""


def log_calls(arguments: Sequence[str] = ()) -> None:
    """
    Print a line for each call of the API to stderr if that is switched on.

    *DEBUG* does that, or the engine's ``-v``, which it passes to plugins with
    ``pulumi -v=1 --logflow``. The engine shows what a plugin prints with ``--debug``
    only.

    Args:
        arguments: Those that this process was started with.
    """
    if not os.environ.get(DEBUG) and _verbosity(arguments) < _LEAST:
        return
    if not CALLS.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        CALLS.addHandler(handler)
    CALLS.setLevel(logging.DEBUG)
    CALLS.propagate = False


def _verbosity(arguments: Sequence[str]) -> int:
    """
    Return the number in ``-v=9``; 0 without one.
    """
    flags = (text.lstrip("-").partition("=") for text in arguments)
    return next((int(v) for name, _, v in flags if name == "v" and v.isdecimal()), 0)
