"""
Why no answer came to a call, and whether the call was sent: by the SDK's texts.
"""

from typing import Final

_REASONS: Final = (
    ("ProxyError", "the proxy did not connect{}", " to {}"),
    ("Tunnel connection failed", "the proxy did not connect{}", " to {}"),
    ("timed out", "no answer in time{}", " from {}"),
    ("refused", "connection refused{}", " by {}"),
    ("resolve", "host name not found{}", ": {}"),
    ("Name or service not known", "host name not found{}", ": {}"),
    ("certificate", "certificate{} not trusted", " of {}"),
)
"""Signs in the SDK's text, what they mean, and how the endpoint is named with it."""

_NO_REASON: Final = ("no answer{}", " from {}")

_NOT_SENT: Final = (
    "Tunnel connection failed",
    "connect timeout",
    "refused",
    "resolve",
    "Name or service not known",
    "certificate verify failed",
)
"""Signs in the SDK's text that no connection was made, so the call was not sent."""


def is_unsent(message: object) -> bool:
    """
    Return whether the SDK's text *message* shows that a call was not sent.
    """
    text = str(message).rpartition("Caused by")[2]
    return any(sign in text for sign in _NOT_SENT)


def why_unanswered(message: object, place: str) -> str:
    """
    Return why no answer came, without addresses of objects and signed URLs.

    Args:
        message: The SDK's text.
        place: Host and port that were tried; empty before any.
    """
    # What stands before it may quote the URL.
    text = str(message).rpartition("Caused by")[2]
    found = (more for sign, *more in _REASONS if sign in text)
    meaning, where = next(found, _NO_REASON)
    return meaning.format(where.format(place) if place else "")
