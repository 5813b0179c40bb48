"""
What can be wrong with who reaches an instance, and how.
"""

from collections.abc import Mapping
from typing import Final

ACCESS: Final[Mapping[str, tuple[int, str]]] = {
    "InvalidConnectionString.Duplicate": (
        404,
        "The specified connection string is in use already.",
    ),
    "InvalidConnectionString.Format": (
        400,
        "The specified prefix of the connection string is not valid.",
    ),
    "InvalidConnectionString.Malformed": (
        400,
        "The specified prefix of the connection string is not valid.",
    ),
    "InvalidConnectionString.NotFound": (
        400,
        "The instance has no such connection string.",
    ),
    "InvalidCurrentConnectionString.NotFound": (
        400,
        "The instance has no such public connection string.",
    ),
    "InvalidIPArrayAttribute.Format": (
        400,
        "The specified attribute of the IP address whitelist is not valid.",
    ),
    "InvalidPort.Format": (400, "The specified port is not valid."),
    "InvalidPort.Malformed": (400, "The specified port is not valid."),
    "InvalidSecurityIPList.Duplicate": (
        400,
        "The IP address whitelist contains an address twice.",
    ),
    "InvalidSecurityIPListGroup.QuotaExceeded": (
        400,
        "The instance has too many IP address whitelists.",
    ),
    "InvalidSecurityIPListLength.Malformed": (
        400,
        "The instance has too many IP addresses in its whitelists.",
    ),
    "InvalidWhitelistNetType.Malformed": (
        400,
        "The specified network type of the whitelist is not valid.",
    ),
    "NetTypeExists": (400, "The instance has an endpoint of this kind already."),
    "Readins.NotFound": (404, "The instance has no such read-only instance."),
    "SecurityIPList.Format": (400, "The specified SecurityIPList is not valid."),
}
