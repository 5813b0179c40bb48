"""
Message for an internal error, without secrets.
"""

import os
import traceback
from typing import Final

from pulumi_rdsclone.cloud.credentials import SECRETS
from pulumi_rdsclone.debugging import DEBUG

_SHORTEST_SECRET: Final = 6
"""Characters; a shorter text is not a key, and may occur in words."""


def describe_internal_error(error: BaseException) -> str:
    """
    Return the message for *error*; print its traceback to stderr if *DEBUG* is set.
    """
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    return _without_secrets(
        f"internal error in pulumi-rdsclone: {type(error).__name__}: {error} — run "
        f"again with {DEBUG}=1 in the environment and report what it prints"
    )


def _without_secrets(text: str) -> str:
    """
    Return *text* without the secrets of the environment, which a library may quote.
    """
    for name in SECRETS:
        secret = os.environ.get(name, "")
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return text
