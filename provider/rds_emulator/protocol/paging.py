"""
Pages: by number, or by a token that says after which entry to go on.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rds_emulator.protocol.errors import ApiError

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """
    Some of the entries, and the token of those that follow.
    """

    entries: Sequence[T]
    next_token: str | None = None


def numbered(entries: Sequence[T], *, number: int, size: int) -> Page[T]:
    """
    Return page *number*, counted from 1; past the end it is empty.
    """
    begin = (number - 1) * size
    return Page(entries[begin : begin + size])


def following(
    entries: Sequence[T], *, token: str | None, size: int, key: Callable[[T], str]
) -> Page[T]:
    """
    Return the entries after the one that *token* names.

    Entries that came or went in between shift nothing.

    Args:
        entries: Sorted by *key*.
        token: From the page before; None for the first page.
        size: How many entries at most.
        key: Tells entries apart.
    """
    after = _decode(token) if token else ""
    rest = [entry for entry in entries if key(entry) > after]
    page = rest[:size]
    more = len(rest) > size
    return Page(page, _encode(key(page[-1])) if more else None)


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ApiError(code="Invalid.NextToken") from None
