"""
Translates the error codes of the API into the errors of the domain.

By codes, never by HTTP statuses: pages of the API reference disagree about those.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Final, ParamSpec, TypeGuard, TypeVar

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException

from pulumi_rdsclone.cloud.unanswered import is_unsent, why_unanswered
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
from pulumi_rdsclone.domain.ram import ram_action

P = ParamSpec("P")
T = TypeVar("T")

HEADERS: Final = "rdsclone_headers"
"""Attribute of the SDK's error; the transport leaves the answer's headers there."""

EXISTENCE_ACTION: Final = "DescribeDBInstanceAttribute"
"""
The action that shows whether an instance exists. Others may miss it for a while.
"""

PLACE: Final = "rdsclone_place"
"""Attribute of the SDK's error; the transport leaves host and port there."""

LAST_REQUEST_ID: Final[ContextVar[str]] = ContextVar("rdsclone_answered", default="")
"""The request id of the last answer that this thread has received."""

_LONGEST_PAUSE: Final = 60.0
"""Seconds; a longer Retry-After is cut to this."""

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
    (r"Forbidden\.InstanceNotFound", NotFoundError),
    (r"InvalidRequestId", TokenUsedError),
    (r"Forbidden(\.RAM|\.NotSupportRAM)?", AccessDeniedError),
    (r"NoPermission|ActionUnauthorized", AccessDeniedError),
    (r".*Throttling.*", ThrottledError),
    (r"SDK\.(HttpError|UnknownServerError)|UnexpectedAnswer", UnavailableError),
    (r"ServiceUnavailable|Internal(Error|Failure)", UnavailableError),
    (r"ExternalFailure|RequestMetaDataFailed|InvokeProxyFailure", UnavailableError),
    (r"undefined|DbossGeneralError", UnavailableError),
    (r".*TimeoutRetryLater", UnavailableError),
    (r"IncorrectDBInstance(State|LockMode|CharacterType)", ConflictError),
    (r"OperationDenied\.(ReadDBInstanceStatus|DBInstanceStatus)", ConflictError),
    (r"OperationDenied\.(DBStatus|DBClusterStatus|LockMode)", ConflictError),
    (r"OperationDenied\.(MasterDBInstanceState|AccountStatus)", ConflictError),
    (r"OperationDenied\.PrimaryDBInstanceStatus", ConflictError),
    (r"AccountActionForbidden|BackupJobExists", ConflictError),
    (r"SYSTEM\.CONCURRENT_OPERATE|InvalidDB\.NotFound", ConflictError),
    (r"SYSTEM\..+", UnavailableError),
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
instance writes, what Terraform's provider repeats. InvalidDB.NotFound is what it
repeats for a database that was just made.
"""

_PASSING_IN: Final = {("DescribeDBInstanceAttribute", "InvalidParameter")}
"""Refusals that pass for one action only. Source: Terraform's provider repeats it."""

_SERVER_FAILURE: Final = re.compile(r"code: 5\d\d")
"""
How the text of a failed server begins, whatever the code. Source: Terraform's provider
repeats such calls.
"""

_REMEDIES: Final[tuple[tuple[type[ApiError], str], ...]] = (
    (AccessDeniedError, "grant the caller the RAM permission {permission}"),
    (ThrottledError, "run again in a minute"),
    (NotVisibleError, "run again in a minute"),
    (ConflictError, "run again later, when the instance is Running and not locked"),
    (NameTakenError, "choose another prefix for the endpoint"),
    (
        UnavailableError,
        "check the network and the endpoint, if one is set, then run again",
    ),
)

_AFTER_A_FAILURE: Final = "run again in a minute"
"""The remedy where the cloud has answered, so that the network is not the cause."""

_REMEDIES_OF_CODES: Final[Mapping[str, str]] = {
    "InvalidCondition.NotFound": (
        "choose another edition, storage type or zone: this combination is not "
        "available"
    ),
    "AtLeastOneNetTypeExists": (
        "keep one endpoint: an instance must have a private or a public one"
    ),
    # The API's own spelling.
    "InvaildEngineInRegion.ValueNotSupported": (
        "choose another region, or clone an instance of another engine version"
    ),
    "OperationDenied.DBInstanceType": (
        "remove the setting: instances of this edition or kind do not support it"
    ),
    "DBSizeExceeded": "set a larger capacity.storage_gb: the data needs more",
    "InvalidUserAccount.NotSupported": (
        "choose another account: accounts of this type do not support the change"
    ),
    "InvalidStorage.Malformed": (
        "set a capacity.storage_gb that the instance class accepts"
    ),
    "InvalidDB.NotFound": (
        "correct the name of the database, or run again when the database exists"
    ),
    "InvalidParameter": "correct the instance id, or run again in a minute",
}
"""
The remedies for codes whose own text does not help. Source: the error tables
of the API reference and the calls that Terraform's provider makes when it meets them.
"""
_OF_OTHERS: Final = (
    "correct what the message names, or give the request id to Alibaba Cloud support"
)

_LONGEST: Final = 500
"""Characters of an answer that messages quote."""

_FOREIGN_ANSWER: Final = "the answer{} did not come from the RDS API"


def foreign_answer(place: str) -> str:
    """
    Return the message for an answer from *place* that is not one of the RDS API.
    """
    return _FOREIGN_ANSWER.format(f" of {place}" if place else "")


@contextmanager
def translate_sdk_errors(action: str, place: Callable[[], str] = str) -> Iterator[None]:
    """
    Raise the errors of the SDK during *action* as errors of the domain.

    Args:
        action: API action, such as ``DescribeDBInstances``.
        place: Returns the host and port that were tried last; empty before any.
    """
    try:
        yield
    except ServerException as error:
        raise _refusal(action, error, place=place) from error
    except ClientException as error:
        raise _failure(action, error, place=place) from error
    except IndexError as error:
        # The SDK fails for a SignatureDoesNotMatch whose text has no colon.
        raise error_for_code(action, "SignatureDoesNotMatch", message="") from error
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        # And for a body that is neither a refusal nor a web page.
        text = foreign_answer(place())
        raise error_for_code(action, "UnexpectedAnswer", message=text) from error


def _refusal(
    action: str, error: ServerException, *, place: Callable[[], str]
) -> ApiError | ConfigurationError:
    """
    Return the error for what the API has answered to *action*, and note the request id.
    """
    code, message = error.get_error_code() or "", error.get_error_msg() or ""
    if code == "SDK.UnknownServerError":
        # The SDK's text is the whole body, which may be a web page.
        text = foreign_answer(getattr(error, PLACE, "") or place())
        message = f"{text} (HTTP status {error.get_http_status()})"
    request_id = error.get_request_id() or ""
    note_request_id(request_id)
    refused = error_for_code(action, code, message=message, request_id=request_id)
    if isinstance(refused, ThrottledError):
        refused.retry_after = retry_after(error)
    return refused


def _failure(
    action: str, error: ClientException, *, place: Callable[[], str]
) -> ApiError | ConfigurationError:
    """
    Return the error for an *action* without an answer: why, and whether it was sent.
    """
    tried = getattr(error, PLACE, "") or place()
    why = why_unanswered(error.get_error_msg(), tried)
    failed = error_for_code(action, error.get_error_code() or "", message=why)
    if isinstance(failed, UnavailableError):
        failed.may_be_done = not is_unsent(error.get_error_msg())
    return failed


_MISREADINGS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""Errors that the functions of `reading` raise for a malformed answer."""


def reject_malformed(action: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """
    Decorate a reader of the answer to *action*: a malformed answer is an error.

    The reader raises *UnavailableError* then: there is no usable answer.
    """

    def guard(read: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(read)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return read(*args, **kwargs)
            except _MISREADINGS as error:
                text = "the answer is not understood"
                answered = _request_id_of(args)
                raise error_for_code(
                    action, "UnexpectedAnswer", message=text, request_id=answered
                ) from error

        return guarded

    return guard


def _request_id_of(args: tuple[object, ...]) -> object:
    """
    Return the request id of the answer among *args*, else of the last one received.
    """
    answers = (value["RequestId"] for value in args if _is_answer(value))
    return next(answers, LAST_REQUEST_ID.get())


def _is_answer(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping) and "RequestId" in value


def error_for_code(
    action: str, code: object, *, message: object, request_id: object = ""
) -> ApiError | ConfigurationError:
    """
    Return the error for *code* as answered to *action*.

    All three of *code*, *message* and *request_id* are taken as they were answered,
    whatever they are.
    """
    code, message, request_id = (
        _one_line(value) for value in (code, message, request_id)
    )
    fault = ApiFault(action=action, code=code, message=message, request_id=request_id)
    if code in _CREDENTIAL_CODES:
        what = f"the credentials were refused ({fault.origin})"
        return ConfigurationError(f"{what} — {_CREDENTIAL_REMEDY}")
    if code in _EXPIRED_CODES:
        what = f"the temporary credentials have expired ({fault.origin})"
        return ExpiredCredentialsError(f"{what} — get new ones and run again")
    if code in _CLOCK_CODES:
        what = f"this machine's clock is wrong by more than 15 minutes ({fault.origin})"
        return ConfigurationError(f"{what} — correct the clock")
    kind = _kind_of(fault)
    return kind(fault, _remedy_for(fault, kind))


def _kind_of(fault: ApiFault) -> type[ApiError]:
    """
    Return the error class for *fault*.
    """
    if (fault.action, fault.code) in _PASSING_IN:
        return UnavailableError
    kinds = (kind for pattern, kind in _KINDS if re.fullmatch(pattern, fault.code))
    known = next(kinds, None)
    if known is NotFoundError and fault.action != EXISTENCE_ACTION:
        return NotVisibleError
    if known is None and _SERVER_FAILURE.match(fault.message):
        return UnavailableError
    return known or ApiError


def _remedy_for(fault: ApiFault, kind: type[ApiError]) -> str:
    """
    Return the remedy for *fault*; empty where none is known.
    """
    if remedy := _REMEDIES_OF_CODES.get(fault.code):
        return remedy
    if kind is UnavailableError and fault.request_id:
        return _AFTER_A_FAILURE
    others = _OF_OTHERS if kind is ApiError and fault.request_id else ""
    remedy = next((text for k, text in _REMEDIES if k is kind), others)
    return remedy.format(permission=ram_action(fault.action))


def note_request_id(request_id: object) -> None:
    """
    Record the request id of the last answer that this thread has received.
    """
    LAST_REQUEST_ID.set(_one_line(request_id))


def _one_line(value: object) -> str:
    """
    Return a text of the API as part of a sentence; empty for anything but a text.
    """
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return one_line(text, _LONGEST)


def retry_after(error: ServerException) -> timedelta:
    """
    Return how long the header Retry-After asks to wait; zero without one.
    """
    headers = getattr(error, HEADERS, None) or {}
    text = str(headers.get("Retry-After", ""))
    return (
        timedelta(seconds=min(float(text), _LONGEST_PAUSE))
        if text.isdecimal()
        else timedelta()
    )
