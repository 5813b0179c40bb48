"""
What can be wrong with the encryption of connections and data.
"""

from collections.abc import Mapping
from typing import Final

ENCRYPTION: Final[Mapping[str, tuple[int, str]]] = {
    "Endpoint.NotFound": (404, "The instance has no such endpoint."),
    "IncorrectDBSslStatus": (
        400,
        "The SSL status of the instance does not support this operation.",
    ),
    "InstanceEngineType.NotSupport": (
        400,
        "The instance engine and type does not support operations.",
    ),
    "InvalidACL.NotFound": (400, "The specified ACL is not valid."),
    "InvalidACL.Permission": (403, "An ACL needs a client CA to be set."),
    "InvalidCAType.NotFound": (400, "The specified type of CA is not valid."),
    "InvalidClientCrl.Permission": (
        403,
        "A list of revoked client certificates needs a client CA to be set.",
    ),
    "InvalidSSLStatus": (400, "The specified SSL status is not valid."),
    "OperationDenied.TDEStatus": (
        403,
        "The TDE status of the instance does not permit this operation.",
    ),
}
