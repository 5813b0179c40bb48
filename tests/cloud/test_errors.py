import json
import socket
from collections.abc import Callable

import pytest
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.http.http_response import HttpResponse

from pulumi_rdsclone.cloud.errors import error_for_code, translate_sdk_errors
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConfigurationError,
    ConflictError,
    ExpiredCredentialsError,
    NotFoundError,
    NotVisibleError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
)
from rds_emulator import Emulator
from tests.cloud.stub import Connect, stub
from tests.support.rows import case, row

HIDDEN = "not-to-be-shown"


def settings(url: str, key: str = "k") -> Settings:
    """
    Return settings with a secret that must not be seen.
    """
    return Settings(endpoint=url, access_key_id=key, access_key_secret=HIDDEN)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (NotVisibleError, "InvalidDBInstanceId.NotFound"),
        (NotVisibleError, "InvalidDBInstanceName.NotFound"),
        (NotVisibleError, "InvalidDBInstance.NotFound"),
        (ApiError, "InvalidBackupSetID.NotFound"),
        (ApiError, "InvalidVPCId.NotFound"),
        (ApiError, "InvalidDBInstanceId.NotFound.Really"),
        (TokenUsedError, "InvalidRequestId"),
        (AccessDeniedError, "Forbidden"),
        (AccessDeniedError, "Forbidden.RAM"),
        (AccessDeniedError, "NoPermission"),
        (ThrottledError, "Throttling"),
        (ThrottledError, "Throttling.User"),
        (ThrottledError, "ServiceThrottling.Api"),
        (UnavailableError, "ServiceUnavailable"),
        (UnavailableError, "InternalError"),
        (UnavailableError, "InternalFailure"),
        (UnavailableError, "SDK.HttpError"),
        (UnavailableError, "SDK.UnknownServerError"),
        (UnavailableError, "UnexpectedAnswer"),
        (ConflictError, "IncorrectDBInstanceState"),
        (ConflictError, "IncorrectDBInstanceLockMode"),
        (ConflictError, "OperationDenied.DBInstanceStatus"),
        (ConflictError, "OperationDenied.LockMode"),
        (NotVisibleError, "Forbidden.InstanceNotFound"),
        (UnavailableError, "undefined"),
        (UnavailableError, "DbossGeneralError"),
        (UnavailableError, "SYSTEM.SERVICE_UNAVAILABLE"),
        (ConflictError, "SYSTEM.CONCURRENT_OPERATE"),
        (ConflictError, "OperationDenied.OutofUsage"),
        (ConflictError, "OperationDenied.MasterDBInstanceState"),
        (ConflictError, "OperationDenied.PrimaryDBInstanceStatus"),
        (ConflictError, "OperationDenied.AccountStatus"),
        (ConflictError, "AccountActionForbidden"),
        (ConflictError, "BackupJobExists"),
        (ConflictError, "InvalidDB.NotFound"),
        (ApiError, "InvalidParameter"),
        (ApiError, "InvalidCondition.NotFound"),
        (ApiError, "OperationDenied.DeletionProtection"),
        (ApiError, "OperationDenied.PayType"),
        (ApiError, "QuotaExceeded.CreateInstance"),
        (ApiError, "InvalidRestoreTime.Malformed"),
        (ApiError, ""),
    ],
)
def test_code_alone_decides_what_a_refusal_means(kind: type[ApiError], code: str) -> None:
    """
    The code alone decides what a refusal means; one that is not known is a refusal.

    Codes of passing refusals are those that Terraform's provider repeats
    (alicloud/errors.go and the resources of RDS).
    """
    error = error_for_code("CloneDBInstance", code, message="The API's own text.", request_id="R-1")

    assert kind is type(error)
    assert isinstance(error, ApiError)
    assert ("CloneDBInstance", code, "R-1") == (
        error.fault.action,
        error.fault.code,
        error.fault.request_id,
    )
    told = f"CloneDBInstance: {code}" if code else "CloneDBInstance"
    assert f"The API's own text ({told}, request id R-1)" in str(error)


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("DescribeDBInstanceAttribute", NotFoundError),
        ("DescribeSQLCollectorPolicy", NotVisibleError),
        ("ListTagResources", NotVisibleError),
        ("DeleteDBInstance", NotVisibleError),
    ],
)
def test_only_one_action_tells_that_an_instance_is_gone(action: str, kind: type[ApiError]) -> None:
    """
    Another backend may not know an instance that is Running.
    """
    for code in ("InvalidDBInstanceId.NotFound", "Forbidden.InstanceNotFound"):
        assert kind is type(error_for_code(action, code, message="", request_id="R-1"))


@pytest.mark.parametrize(
    ("kind", "action", "code", "message"),
    [
        (UnavailableError, "DescribeDBInstanceAttribute", "InvalidParameter", "No."),
        (ApiError, "CloneDBInstance", "InvalidParameter", "No."),
        (UnavailableError, "CloneDBInstance", "Strange", "code: 503, try later"),
        (UnavailableError, "ModifyParameter", "", "code: 500, no reason"),
        (ApiError, "CloneDBInstance", "Strange", "code: 403, never"),
        (ApiError, "CloneDBInstance", "Strange", "not a code: 503"),
        (ConflictError, "CloneDBInstance", "LockTimeout", "code: 503, try later"),
    ],
)
def test_code_with_action_and_text(
    kind: type[ApiError], action: str, code: str, message: str
) -> None:
    """
    One code passes for one action only; a failed server counts whatever its code.

    Source: Terraform's provider repeats DescribeDBInstanceAttribute after
    InvalidParameter, and each call whose message begins with ``code: 5``.
    """
    assert kind is type(error_for_code(action, code, message=message, request_id="R-1"))


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("InvalidCondition.NotFound", "choose another edition, storage type or zone"),
        ("AtLeastOneNetTypeExists", "keep one endpoint"),
        ("InvaildEngineInRegion.ValueNotSupported", "choose another region"),
        ("OperationDenied.DBInstanceType", "remove the setting"),
        ("DBSizeExceeded", "set a larger capacity.storage_gb"),
        ("InvalidUserAccount.NotSupported", "choose another account"),
        ("InvalidStorage.Malformed", "set a capacity.storage_gb"),
        ("InvalidDB.NotFound", "correct the name of the database"),
        ("undefined", "run again in a minute"),
    ],
)
def test_remedy_of_a_code(code: str, remedy: str) -> None:
    """
    A code that says little by itself comes with a remedy.
    """
    error = error_for_code("CloneDBInstance", code, message="No.", request_id="R-1")

    assert f"(CloneDBInstance: {code}, request id R-1) — {remedy}" in str(error)


def test_refused_credentials_are_reported_with_the_request_id() -> None:
    for code in ("SignatureDoesNotMatch", "IllegalTimestamp"):
        assert ", request id R-1)" in str(
            error_for_code("AnyAction", code, message=HIDDEN, request_id="R-1")
        )


@pytest.mark.parametrize(
    ("message", "told"),
    [
        row("lines", "One.\n\tTwo.\x1b[0m", "One. Two. [0m"),
        row("a book", "x" * 5000, f"{'x' * 499}…"),
        row("no text", {"Text": "Busy."}, "the API gave no reason"),
        row("nothing", None, "the API gave no reason"),
    ],
)
def test_text_of_the_api_becomes_part_of_one_sentence(message: object, told: str) -> None:
    error = error_for_code("DeleteDBInstance", ["Code"], message=message, request_id={"Id": 1})

    assert f"{told.rstrip('.')} (DeleteDBInstance)" == str(error)


@pytest.mark.parametrize(
    ("kind", "retryable"),
    [
        (ThrottledError, True),
        (UnavailableError, True),
        (ApiError, False),
        (NotFoundError, False),
        (AccessDeniedError, False),
        (ConflictError, False),
        (TokenUsedError, False),
    ],
)
def test_only_passing_errors_are_retryable(kind: type[ApiError], *, retryable: bool) -> None:
    assert retryable is kind.retryable


@pytest.mark.parametrize(
    "code",
    [
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "SignatureDoesNotMatch",
        "InvalidSecurityToken.Malformed",
        "InvalidSecurityToken.MismatchWithAccessKey",
        "MissingSecurityToken",
        "IncompleteSignature",
    ],
)
def test_refused_credentials_are_a_configuration_error(code: str) -> None:
    error = error_for_code(
        "DescribeDBInstances", code, message=f"server string is: {HIDDEN}", request_id="R-1"
    )

    assert type(error) is ConfigurationError
    assert code in str(error)
    assert "rdsclone:accessKeyId" in str(error)
    assert HIDDEN not in str(error)


def test_expired_token_is_told_apart() -> None:
    error = error_for_code("DescribeDBInstances", "InvalidSecurityToken.Expired", message=HIDDEN)

    assert isinstance(error, ExpiredCredentialsError)
    assert "have expired (DescribeDBInstances: InvalidSecurityToken.Expired)" in str(error)
    assert HIDDEN not in str(error)


@pytest.mark.parametrize("code", ["InvalidTimeStamp.Expired", "IllegalTimestamp"])
def test_request_from_another_time_says_to_correct_the_clock(code: str) -> None:
    error = error_for_code("DescribeDBInstances", code, message="Expired.")

    assert type(error) is ConfigurationError
    assert "correct the clock" in str(error)


def test_missing_permission_is_reported_with_the_ram_action() -> None:
    error = error_for_code("CloneDBInstance", "Forbidden.RAM", message="Not authorized.")

    assert str(error).endswith("— grant the caller the RAM permission rds:CloneDBInstance")


def test_refusal_is_told_with_code_text_and_request_id() -> None:
    error = ServerException("IncorrectDBInstanceState", "Not now.", 403, "R-2")

    with pytest.raises(ConflictError) as failure, translate_sdk_errors("DeleteDBInstance"):
        raise error

    assert str(failure.value).startswith(
        "Not now (DeleteDBInstance: IncorrectDBInstanceState, request id R-2)"
    )
    assert isinstance(failure.value.__cause__, ServerException)


@pytest.mark.parametrize(
    ("text", "meaning", "where"),
    [
        case("a time-out", "HTTPConnectionPool: Read timed out. (read timeout=10)")(
            "no answer in time", " from rds.corp:443"
        ),
        case("nobody listens", "<Connection at 0x7f>: [Errno 111] Connection refused")(
            "connection refused", " by rds.corp:443"
        ),
        case("no such host")(
            "Failed to resolve 'rds.nowhere'", "host name not found", ": rds.corp:443"
        ),
        case("TLS", "certificate verify failed: self-signed")(
            "certificate{} not trusted", " of rds.corp:443"
        ),
        case("the proxy", "Caused by ProxyError('Cannot connect', Error('Connection refused'))")(
            "the proxy did not connect", " to rds.corp:443"
        ),
        row("others", f"Max retries: /?Signature={HIDDEN}", "no answer", " from rds.corp:443"),
        case("a word of the URL")(
            "Max retries: /?Description=refused (Caused by Error('Strange'))",
            "no answer",
            " from rds.corp:443",
        ),
    ],
)
def test_missing_answer_is_told_with_the_endpoint(text: str, meaning: str, where: str) -> None:
    """
    The reason is told without any signed URL.
    """
    error = ClientException("SDK.HttpError", text)
    for place, told in ((lambda: "rds.corp:443", where), (str, "")):
        why = meaning.format(told) if "{}" in meaning else f"{meaning}{told}"

        with pytest.raises(UnavailableError) as failure, translate_sdk_errors("AnyAction", place):
            raise error

        assert str(failure.value).startswith(f"{why} (AnyAction: SDK.HttpError)")
        assert "0x7f" not in str(failure.value)
        assert HIDDEN not in str(failure.value)


@pytest.mark.parametrize(
    ("text", "may_be_done"),
    [
        ("Read timed out. (read timeout=10)", True),
        ("Connection to rds.corp timed out. (connect timeout=5)", False),
        ("[Errno 111] Connection refused", False),
        ("Failed to resolve 'rds.nowhere'", False),
        ("certificate verify failed: self-signed", False),
        ("Tunnel connection failed: 403 Forbidden", False),
        ("('Connection aborted.', RemoteDisconnected('closed'))", True),
        ("/?Description=refused (Caused by Error('Strange'))", True),
    ],
)
def test_only_a_call_without_a_connection_had_no_effect(text: str, *, may_be_done: bool) -> None:
    error = ClientException("SDK.HttpError", text)

    with pytest.raises(UnavailableError) as failure, translate_sdk_errors("CloneDBInstance"):
        raise error

    assert may_be_done is failure.value.may_be_done


def test_stumble_of_the_sdk_is_refused_credentials() -> None:
    """
    The SDK raises IndexError itself where a signature was refused.
    """
    refused = pytest.raises(ConfigurationError, match="SignatureDoesNotMatch")

    with refused, translate_sdk_errors("DescribeBackups"):
        raise IndexError


def test_error_that_is_no_failure_of_a_call_passes_as_it_is() -> None:
    with pytest.raises(KeyError), translate_sdk_errors("DescribeBackups"):
        raise KeyError


def test_refused_connection_is_unavailable(connect: Connect) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

        with pytest.raises(UnavailableError) as failure:
            connect(settings(url)).instance("rm-source")

    place = url.removeprefix("http://")
    assert str(failure.value).startswith(f"connection refused by {place} (")
    assert "check the network and the endpoint" in str(failure.value)
    assert HIDDEN not in str(failure.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        row("a failing proxy", 500, "<html>Internal Server Error</html>"),
        row("an empty failure", 502, ""),
        row("a captive portal", 200, "<html>Welcome to the hotel</html>"),
        row("another API", 200, '{"status": "ok"}'),
        row("a list", 200, '["RequestId"]'),
        row("a text", 200, '"RequestId"'),
        row("nothing", 200, ""),
    ],
)
def test_foreign_answer_is_no_success(connect: Connect, status: int, body: str) -> None:
    """
    An answer that is not the API's is an error, whatever its status.
    """
    with stub((status, body)) as server, pytest.raises(UnavailableError) as failure:
        connect(settings(server.url)).instance("rm-source")

    assert "<html>" not in str(failure.value)
    assert f"127.0.0.1:{server.server_port}" in str(failure.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Read timed out.", "no answer in time from rds.corp:443 ("),
        ("Failed to resolve 'rds.corp'", "host name not found: rds.corp:443 ("),
        ("certificate verify failed", "certificate of rds.corp:443 not trusted ("),
        ("Connection aborted.", "no answer from rds.corp:443 ("),
    ],
)
def test_endpoint_that_is_not_reached(connect: Connect, text: str, told: str) -> None:
    """
    The error names the endpoint, with the port of HTTPS.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HttpResponse, "get_response_object", _raising(OSError(text)))
        with pytest.raises(UnavailableError) as failure:
            connect(settings("rds.corp")).instance("rm-source")

    assert str(failure.value).startswith(told)


def test_proxy_that_does_not_connect(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The error names the endpoint all the same.
    """
    with stub((200, "{}")) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        with pytest.raises(UnavailableError) as failure:
            connect(settings("rds.corp")).instance("rm-source")

    told = "the proxy did not connect to rds.corp:443 (DescribeDBInstanceAttribute"
    assert str(failure.value).startswith(told)


def test_answer_that_is_not_understood_names_the_request(connect: Connect) -> None:
    """
    With the request id, support of the cloud can be asked.
    """
    odd = json.dumps({"RequestId": "R-7", "Items": 7})

    with stub((200, odd)) as server, pytest.raises(UnavailableError) as failure:
        connect(settings(server.url)).instance("rm-source")

    assert "not understood" in str(failure.value)
    assert ", request id R-7)" in str(failure.value)


def _raising(error: Exception) -> Callable[[object], object]:
    def fail(_self: object) -> object:
        raise error

    return fail


def test_wrong_secret_is_refused_without_showing_it(connect: Connect, emulator: Emulator) -> None:
    rds = connect(settings(emulator.url, emulator.access_key_id))

    with pytest.raises(ConfigurationError, match="credentials were refused") as failure:
        rds.instance("rm-demo-mysql80")

    assert HIDDEN not in str(failure.value)
    assert "Signature=" not in str(failure.value)
    assert emulator.journal.count("DescribeDBInstanceAttribute") == 1


def test_unknown_key_is_a_configuration_error(connect: Connect, emulator: Emulator) -> None:
    with pytest.raises(ConfigurationError, match=r"InvalidAccessKeyId\.NotFound"):
        connect(settings(emulator.url, "LTAI-nobody")).instance("rm-demo-mysql80")
