"""
What the gateway refuses, before any action is asked.
"""

from collections.abc import Mapping
from typing import Final

GATEWAY: Final[Mapping[str, tuple[int, str]]] = {
    "EmulatorNotImplemented": (501, "The RDS emulator does not implement {what}."),
    "Forbidden.InstanceNotFound": (404, "The specified DB instance does not exist."),
    "Forbidden.RAM": (
        403,
        (
            "The user is not authorized to operate the specified resource, or this"
            " operation does not support RAM. Missing permission: {action}."
        ),
    ),
    # Clients of the location service compare both its code and its text.
    "Illegal Parameter": (400, "Please check the parameters"),
    "IllegalTimestamp": (
        400,
        (
            'The input parameter "Timestamp" that is mandatory for processing this'
            " request is not supplied."
        ),
    ),
    "IncompleteSignature": (
        400,
        "The request signature does not conform to Aliyun standards.",
    ),
    "InternalError": (
        500,
        "The request processing has failed due to some unknown error.",
    ),
    "InvalidAccessKeyId.NotFound": (
        404,
        "The Access Key ID provided does not exist in our records.",
    ),
    "InvalidAction.NotFound": (
        404,
        "Specified api is not found, please check your url and method.",
    ),
    "InvalidParameter": (400, 'The specified parameter "{name}" is not valid.'),
    "InvalidRegionId": (404, "The specified region does not exist."),
    "InvalidRegionId.NotFound": (
        404,
        "The RegionId provided does not exist in our records.",
    ),
    "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
    "InvalidSecurityToken.Malformed": (400, "Specified SecurityToken is malformed."),
    "InvalidSecurityToken.MismatchWithAccessKey": (
        400,
        "Specified SecurityToken mismatch with the AccessKey.",
    ),
    "InvalidSignatureMethod": (400, "Specified signature method is not valid."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidTimeStamp.Format": (
        400,
        "Specified time stamp or date value is not well formatted.",
    ),
    "InvalidVersion": (400, "Specified parameter Version is not valid."),
    "MissingParameter": (
        400,
        (
            'The input parameter "{name}" that is mandatory for processing this'
            " request is not supplied."
        ),
    ),
    "MissingSecurityToken": (400, "SecurityToken is mandatory for this action."),
    "ServiceUnavailable": (
        503,
        "The request has failed due to a temporary failure of the server.",
    ),
    "SignatureDoesNotMatch": (
        400,
        # The old SDK splits this text at ":" and needs the second piece.
        (
            "Specified signature is not matched with our calculation."
            " server string to sign is:{string_to_sign}"
        ),
    ),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "Throttling": (400, "Request was denied due to request throttling."),
    "Throttling.Api": (400, "Request was denied due to api flow control."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "UnsupportedHTTPMethod": (403, "This http method not supported."),
}
