"""
A request as it came over the wire, in either of the two signature styles.

Query, form and headers are read into one object; nothing is judged here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

PROTOCOL_PARAMETERS: Final = frozenset(
    {
        "AccessKeyId",
        "Action",
        "BearerToken",
        "Format",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureType",
        "SignatureVersion",
        "Timestamp",
        "Version",
    }
)
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Request:
    """
    Method, path, query, headers and body.

    Args:
        headers: Names in lower case.
    """

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def query(self) -> dict[str, str]:
        """
        The query's parameters; empty values count.
        """
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """
        The parameters of a form body; empty when the body is none.
        """
        if not self.headers.get("content-type", "").startswith(_FORM):
            return {}
        text = self.body.decode("utf-8", "replace")
        return dict(parse_qsl(text, keep_blank_values=True))

    @cached_property
    def everything(self) -> dict[str, str]:
        """
        Query and form together, the protocol's own parameters included.
        """
        return {**self.query, **self.form}

    @cached_property
    def parameters(self) -> dict[str, str]:
        """
        What is meant for the action.
        """
        return {
            name: value
            for name, value in self.everything.items()
            if name not in PROTOCOL_PARAMETERS
        }

    @property
    def action(self) -> str:
        """
        The action's name; empty when the request names none.
        """
        return self.everything.get("Action") or self.headers.get("x-acs-action", "")

    @property
    def version(self) -> str:
        """
        The version of the API that the client speaks.
        """
        return self.everything.get("Version") or self.headers.get("x-acs-version", "")

    @property
    def format(self) -> str:
        """
        The wanted format of the answer.
        """
        return self.everything.get("Format") or "JSON"
