"""
Who may use the control API, and what it keeps to itself.

It is unsigned, so nobody but programs of this machine may use it. A web page in the
developer's browser is on this machine as well: what a browser sends for it is told by
its Origin header, by Sec-Fetch-Site, and, where the page has had its own name point to
the loopback (DNS rebinding), by a Host that is not the loopback's.
"""

import hmac
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rds_emulator.state import document

HIDDEN: Final = "******"
_SECRET: Final = re.compile(
    "pass_?word|private_?key|server_?key|secret", re.IGNORECASE | re.ASCII
)
_OWN_DOING: Final = (None, "none")
"""What Sec-Fetch-Site is of a program, and of an address that a person has typed."""


@dataclass(frozen=True, kw_only=True)
class ControlAccess:
    """
    Who may use the control API, and what it tells them.

    Args:
        token: What everybody has to present; without one, all programs of this
            machine may use it and no others.
        show_passwords: Whether it tells passwords and private keys.
        ca_file: What it tells clients of HTTPS to trust; None when there is none.
    """

    token: str | None = None
    show_passwords: bool = False
    ca_file: str | None = None

    def refusal(
        self, peer: str | None, headers: Mapping[str, str]
    ) -> tuple[int, str] | None:
        """
        Return the status and the text with which a request is refused, or None.

        Args:
            peer: The address of the client.
            headers: Of the request.
        """
        if "origin" in headers or headers.get("sec-fetch-site") not in _OWN_DOING:
            return 403, "web pages may not use the control API"
        if self.token is not None:
            return self._without_token(headers.get("authorization", ""))
        if not _is_loopback(peer or ""):
            return 403, "loopback only"
        if not _is_loopback_host(headers.get("host", "")):
            return 403, "the Host must be the loopback: 127.0.0.1, [::1] or localhost"
        return None

    def told(self, value: object) -> object:
        """
        Return *value* as plain JSON, without its secrets unless they are shown.
        """
        plain = json.loads(document.to_json(value))
        return plain if self.show_passwords else without_secrets(plain)

    def _without_token(self, authorization: str) -> tuple[int, str] | None:
        scheme, _, token = authorization.partition(" ")
        given = token.strip().encode()
        is_right = hmac.compare_digest(given, (self.token or "").encode())
        if scheme.casefold() == "bearer" and is_right:
            return None
        return 401, "present the token: Authorization: Bearer TOKEN"


def without_secrets(value: object) -> object:
    """
    Return parsed JSON with *HIDDEN* in the place of each password and private key.
    """
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: HIDDEN
        if item and isinstance(item, str) and _SECRET.search(name)
        else without_secrets(item)
        for name, item in value.items()
    }


def is_loopback_name(host: str) -> bool:
    """
    Whether *host* is an address of the loopback, or its name.
    """
    return host.casefold() == "localhost" or _is_loopback(host)


def _is_loopback_host(header: str) -> bool:
    try:
        return is_loopback_name(urlsplit(f"//{header}").hostname or "")
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
