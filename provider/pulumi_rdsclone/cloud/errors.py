"""
What the API's error codes mean here; the one place where they are translated.

Codes decide, never HTTP statuses: pages of the API reference disagree about those.
"""

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, ParamSpec, TypeVar

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ApiFault,
    ConfigurationError,
    ConflictError,
    ExpiredCredentialsError,
    NameTakenError,
    NotFoundError,
    NotVisibleError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.problems import one_line

P = ParamSpec("P")
T = TypeVar("T")

HEADERS: Final = "rdsclone_headers"
"""Attribute of the SDK's error; the transport leaves the answer's headers there."""

TELLS_EXISTENCE: Final = "DescribeDBInstanceAttribute"
"""
The action that tells whether an instance exists. Others may not know it for a while.
"""

_LONGEST_PAUSE: Final = 60.0
"""Seconds: what asks for more is asked again after this."""

_CREDENTIAL_CODES: Final = frozenset(
    {
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidAccessKeySecret",
        "IncompleteSignature",
        "InvalidSecurityToken.Malformed",
        "InvalidSecurityToken.MismatchWithAccessKey",
        "MissingSecurityToken",
    }
)
_CREDENTIAL_REMEDY = (
    "check rdsclone:accessKeyId and rdsclone:accessKeySecret in the stack's "
    "configuration, or the credentials in the environment"
)
_EXPIRED_CODES: Final = frozenset({"InvalidSecurityToken.Expired"})
_CLOCK_CODES: Final = frozenset({"InvalidTimeStamp.Expired", "IllegalTimestamp"})

_KINDS: Final = (
    (r"InvalidDBInstance(Id|Name)?\.NotFound", NotFoundError),
    (r"InvalidRequestId", TokenUsedError),
    (r"Forbidden(\.RAM|\.NotSupportRAM)?", AccessDeniedError),
    (r"NoPermission|ActionUnauthorized", AccessDeniedError),
    (r".*Throttling.*", ThrottledError),
    (r"SDK\.(HttpError|UnknownServerError)|UnexpectedAnswer", UnavailableError),
    (r"ServiceUnavailable|Internal(Error|Failure)", UnavailableError),
    (r"ExternalFailure|RequestMetaDataFailed|InvokeProxyFailure", UnavailableError),
    (r".*TimeoutRetryLater", UnavailableError),
    (r"IncorrectDBInstance(State|LockMode|CharacterType)", ConflictError),
    (r"OperationDenied\.(ReadDBInstanceStatus|DBInstanceStatus)", ConflictError),
    (r"OperationDenied\.(DBStatus|DBClusterStatus|LockMode)", ConflictError),
    (r"OperationDenied\.TimeLimit|InvalidOrderTask\.NotSupport", ConflictError),
    (r"OperationDenied\.OutofUsage|OrderTaskAlreadyExists", ConflictError),
    (r"(Incorrect|Invalid)Account(Status|State)(\..+)?", ConflictError),
    (r"GeneralIns\.(Creating|Maintaining|Switching)", ConflictError),
    (r"InvalidConnectionString\.Duplicate|OtherEndpoint\.Exist", NameTakenError),
    (r"LockTimeout|ConcurrentTaskExceeded|Database\.ConnectError", ConflictError),
    (r"InstanceConnectTimeoutFault", ConflictError),
)
"""
Source: the error tables of the API reference and, for what is transient around
instance writes, what Terraform's provider repeats.
"""

_REMEDIES: Final[tuple[tuple[type[ApiError], str], ...]] = (
    (AccessDeniedError, "grant the caller the RAM permission rds:{action}"),
    (ThrottledError, "run again in a minute"),
    (NotVisibleError, "run again in a minute"),
    (ConflictError, "run again later, when the instance is Running and not locked"),
    (NameTakenError, "choose another prefix for the endpoint"),
    (
        UnavailableError,
        "check the network and the endpoint, if one is set, then run again",
    ),
)


_OF_OTHERS: Final = (
    "correct what the message names, or give the request id to Alibaba Cloud support"
)

_LONGEST: Final = 500
"""Characters of an answer that are told."""

FOREIGN_ANSWER: Final = "the answer did not come from the RDS API"


@contextmanager
def translated(action: str) -> Iterator[None]:
    """
    Turn whatever the SDK raises during *action* into our own errors.
    """
    try:
        yield
    except ServerException as error:
        code, message = error.get_error_code() or "", error.get_error_msg() or ""
        if code == "SDK.UnknownServerError":
            # The SDK's text is the whole body, which may be anybody's web page.
            message = f"{FOREIGN_ANSWER} (HTTP status {error.get_http_status()})"
        request_id = error.get_request_id() or ""
        refused = refusal(action, code, message, request_id)
        if isinstance(refused, ThrottledError):
            refused.retry_after = retry_after(error)
        raise refused from error
    except ClientException as error:
        raise refusal(
            action, error.get_error_code() or "", _short(error.get_error_msg())
        ) from error
    except IndexError as error:
        # The SDK stumbles over a SignatureDoesNotMatch whose text has no colon.
        raise refusal(action, "SignatureDoesNotMatch", "") from error
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        # So it does over a body that is neither a refusal nor anybody's web page.
        raise refusal(action, "UnexpectedAnswer", FOREIGN_ANSWER) from error


_MISREADINGS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What a reader runs into that takes values out of an answer of another form."""


def understood(action: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """
    Make the decorated reader of *action* complain of an answer of another form.

    The reader raises *UnavailableError* then: nothing usable was answered.
    """

    def guard(read: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(read)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return read(*args, **kwargs)
            except _MISREADINGS as error:
                text = "the answer is not understood"
                raise refusal(action, "UnexpectedAnswer", text) from error

        return guarded

    return guard


def refusal(
    action: str, code: object, message: object, request_id: object = ""
) -> ApiError | ConfigurationError:
    """
    Give the error for *code* as answered to *action*.

    All three of *code*, *message* and *request_id* are taken as they were answered,
    whatever they are.
    """
    code, message, request_id = (
        _one_line(told) for told in (code, message, request_id)
    )
    if code in _CREDENTIAL_CODES:
        what = f"the credentials were refused ({action}: {code})"
        return ConfigurationError(f"{what} — {_CREDENTIAL_REMEDY}")
    if code in _EXPIRED_CODES:
        what = f"the temporary credentials have expired ({action}: {code})"
        return ExpiredCredentialsError(f"{what} — get new ones and run again")
    if code in _CLOCK_CODES:
        what = (
            f"this machine's clock is wrong by more than 15 minutes ({action}: {code})"
        )
        return ConfigurationError(f"{what} — correct the clock")
    kind = next((k for pattern, k in _KINDS if re.fullmatch(pattern, code)), ApiError)
    if kind is NotFoundError and action != TELLS_EXISTENCE:
        kind = NotVisibleError
    others = _OF_OTHERS if kind is ApiError and request_id else ""
    remedy = next((text for k, text in _REMEDIES if k is kind), others)
    fault = ApiFault(action=action, code=code, message=message, request_id=request_id)
    return kind(fault, remedy.format(action=action))


def _one_line(told: object) -> str:
    """
    Give a text of the API as part of a sentence; what is no text says nothing.
    """
    text = " ".join(told.split()) if isinstance(told, str) else ""
    return one_line(text, _LONGEST)


def retry_after(error: ServerException) -> timedelta:
    """
    Give how long the answer's header Retry-After asks to wait; nothing without one.
    """
    headers = getattr(error, HEADERS, None) or {}
    text = str(headers.get("Retry-After", ""))
    return (
        timedelta(seconds=min(float(text), _LONGEST_PAUSE))
        if text.isdecimal()
        else timedelta()
    )


def _short(message: object) -> str:
    """
    Say why no answer came, without addresses of objects and signed URLs.
    """
    text = str(message)
    for sign, meaning in (
        ("timed out", "no answer in time"),
        ("refused", "connection refused"),
        ("resolve", "host name not found"),
        ("Name or service not known", "host name not found"),
        ("certificate", "certificate not trusted"),
    ):
        if sign in text:
            return meaning
    return "no answer"
