"""
An answer, ready to be sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Reply:
    """
    A status and a body, and what a fault adds to them.

    Args:
        status: The HTTP status; 0 when nothing is answered.
        body: The bytes.
        code: The refusal's, as far as a client can read it.
        media_type: Of the body.
        headers: More of them.
        seconds: Real seconds by which it is sent late.
        dropped: Whether the connection is reset in the place of an answer.
    """

    status: int
    body: bytes
    code: str | None = None
    media_type: str = "application/json"
    headers: Mapping[str, str] | None = None
    seconds: float = 0.0
    dropped: bool = False

    @classmethod
    def of(
        cls, body: Mapping[str, Any], *, status: int = 200, code: str | None = None
    ) -> Self:
        """
        Return a reply with *body* as JSON.
        """
        written = json.dumps(body, ensure_ascii=False).encode()
        return cls(status=status, body=written, code=code)
