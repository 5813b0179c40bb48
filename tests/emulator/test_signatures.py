"""
Who gets in, in both signature styles.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client, now, rpc_signature

READ = {
    "Action": "DescribeDBInstanceAttribute",
    "DBInstanceId": "rm-demo-mysql80",
}
STS_SEED: dict[str, Any] = {
    "access_keys": [
        {"id": "plain", "secret": "p"},
        {"id": "STS.fresh", "secret": "f", "security_token": "fresh-token"},
        {
            "id": "STS.old",
            "secret": "o",
            "security_token": "old-token",
            "expires": "now-1m",
        },
    ],
    "instances": [{"id": "rm-demo-mysql80"}],
}


def shifted(minutes: float) -> str:
    """
    Write an instant some minutes from now.
    """
    instant = datetime.now(UTC) + timedelta(minutes=minutes)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rpc_signature_is_accepted(client: Client, method: str) -> None:
    """
    A rightly signed query gets in with both methods, empty parameters included.
    """
    answer = client.rpc({**READ, "SignatureType": "", "Odd": "a b*~+/é"}, method)

    assert 200 == answer.status


def test_form_is_part_of_the_signature(client: Client) -> None:
    """
    Parameters of a form body are signed and read like those of the query.
    """
    given = {
        **READ,
        "AccessKeyId": client.emulator.access_key_id,
        "SignatureNonce": "form",
        "Timestamp": now(),
        "Version": "2014-08-15",
    }
    secret = client.emulator.access_key_secret
    given["Signature"] = rpc_signature("POST", given, secret)
    answer = client.send(
        "POST",
        "/",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(given),
    )

    assert 200 == answer.status


def test_acs3_signature_is_accepted(client: Client) -> None:
    """
    A request signed in its headers gets in.
    """
    parameters = {"DBInstanceId": "rm-demo-mysql80", "Odd": "a b*~+/é", "Empty": ""}

    answer = client.acs3("DescribeDBInstanceAttribute", parameters)

    assert 200 == answer.status


@pytest.mark.parametrize(
    ("overrides", "refusal"),
    [
        pytest.param(
            {"AccessKeyId": "nobody"},
            (404, "InvalidAccessKeyId.NotFound"),
            id="unknown key",
        ),
        pytest.param({"AccessKeyId": None}, (400, "MissingParameter"), id="no key"),
        pytest.param(
            {"secret": "wrong"}, (400, "SignatureDoesNotMatch"), id="wrong secret"
        ),
        pytest.param({"Signature": None}, (400, "MissingParameter"), id="unsigned"),
        pytest.param(
            {"Timestamp": shifted(-16)},
            (400, "InvalidTimeStamp.Expired"),
            id="signed 16 minutes ago",
        ),
        pytest.param(
            {"Timestamp": shifted(60)},
            (400, "InvalidTimeStamp.Expired"),
            id="signed in the future",
        ),
        pytest.param(
            {"Timestamp": "today"}, (400, "InvalidTimeStamp.Format"), id="odd timestamp"
        ),
        pytest.param({"Timestamp": None}, (400, "IllegalTimestamp"), id="no timestamp"),
        pytest.param(
            {"SignatureNonce": None}, (400, "MissingParameter"), id="no nonce"
        ),
        pytest.param(
            {"SignatureMethod": "HMAC-SHA256"},
            (400, "InvalidSignatureMethod"),
            id="another method",
        ),
        pytest.param({"Version": "2020-01-01"}, (400, "InvalidVersion"), id="version"),
        pytest.param({"Version": None}, (400, "MissingParameter"), id="no version"),
        pytest.param({"Action": None}, (400, "MissingParameter"), id="no action"),
        pytest.param(
            {"Action": "FlyToTheMoon"},
            (501, "EmulatorNotImplemented"),
            id="unknown action",
        ),
        pytest.param(
            {"Format": "XML"}, (501, "EmulatorNotImplemented"), id="XML wanted"
        ),
        pytest.param(
            {"BearerToken": "b"}, (501, "EmulatorNotImplemented"), id="bearer token"
        ),
        pytest.param(
            {"AccessKeyId": "nobody", "Timestamp": "today", "secret": "wrong"},
            (404, "InvalidAccessKeyId.NotFound"),
            id="key before time before signature",
        ),
    ],
)
def test_refuses_rpc(
    client: Client, overrides: dict[str, str | None], refusal: tuple[int, str]
) -> None:
    """
    What is wrong with a query is named with the gateway's code.
    """
    client.overrides = overrides

    assert refusal == client.rpc(READ).refusal


@pytest.mark.parametrize(
    ("overrides", "headers", "refusal"),
    [
        pytest.param(
            {"AccessKeyId": "nobody"},
            {},
            (404, "InvalidAccessKeyId.NotFound"),
            id="unknown key",
        ),
        pytest.param(
            {"secret": "wrong"}, {}, (400, "SignatureDoesNotMatch"), id="wrong secret"
        ),
        pytest.param(
            {},
            {"x_acs_date": shifted(-16)},
            (400, "InvalidTimeStamp.Expired"),
            id="signed 16 minutes ago",
        ),
    ],
)
def test_refuses_acs3(
    client: Client,
    overrides: dict[str, str | None],
    headers: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    """
    What is wrong with a request signed in headers is named just so.
    """
    client.overrides = overrides
    answer = client.acs3(READ["Action"], {"DBInstanceId": "rm-x"}, **headers)

    assert refusal == answer.refusal


@pytest.mark.parametrize("style", ["rpc", "acs3"])
def test_nonce_works_once(client: Client, style: str) -> None:
    """
    A replayed request is refused.
    """

    def call() -> tuple[int, str]:
        if style == "rpc":
            client.overrides = {"SignatureNonce": "same"}
            return client.rpc(READ).refusal
        parameters = {"DBInstanceId": "rm-demo-mysql80"}
        headers = {"x_acs_signature_nonce": "same"}
        return client.acs3(READ["Action"], parameters, **headers).refusal

    assert [(200, ""), (400, "SignatureNonceUsed")] == [call(), call()]


def test_mismatch_tells_the_string_to_sign(client: Client) -> None:
    """
    A wrong signature is answered with what should have been signed.
    """
    client.overrides = {"secret": "wrong"}
    message = client.rpc(READ).body["Message"]

    assert message.split(":")[1].startswith("POST&%2F&AccessKeyId%3D")


def test_time_of_the_signature_is_real_time(emulator: Emulator) -> None:
    """
    A clock that is days ahead does not make signatures old.
    """
    emulator.clock.advance(timedelta(days=3))

    assert 200 == Client(emulator).rpc(READ).status


@pytest.mark.parametrize(
    ("key", "secret", "token", "refusal"),
    [
        pytest.param("STS.fresh", "f", "fresh-token", (200, ""), id="right token"),
        pytest.param(
            "STS.fresh", "f", None, (400, "MissingSecurityToken"), id="no token"
        ),
        pytest.param(
            "STS.fresh",
            "f",
            "old-token",
            (400, "InvalidSecurityToken.MismatchWithAccessKey"),
            id="token of another key",
        ),
        pytest.param(
            "STS.fresh",
            "f",
            "made-up",
            (400, "InvalidSecurityToken.Malformed"),
            id="unknown token",
        ),
        pytest.param(
            "STS.old",
            "o",
            "old-token",
            (400, "InvalidSecurityToken.Expired"),
            id="expired",
        ),
        pytest.param(
            "plain",
            "p",
            "fresh-token",
            (400, "InvalidSecurityToken.MismatchWithAccessKey"),
            id="token with a lasting key",
        ),
    ],
)
def test_security_tokens(
    key: str, secret: str, token: str | None, refusal: tuple[int, str]
) -> None:
    """
    A temporary key needs its own, unexpired token, in both styles.
    """
    with Emulator(seed=STS_SEED) as emulator:
        client = Client(emulator, {"AccessKeyId": key, "secret": secret})
        headers = {"x_acs_security_token": token} if token else {}
        parameters = {"DBInstanceId": "rm-demo-mysql80"}
        acs3 = client.acs3(READ["Action"], parameters, **headers)
        client.overrides["SecurityToken"] = token

        assert [refusal, refusal] == [client.rpc(READ).refusal, acs3.refusal]


def test_errors_have_the_shape_of_the_gateway(client: Client) -> None:
    """
    A refusal has five fields, and every answer says that an emulator gave it.
    """
    answer = client.call("DescribeDBInstanceAttribute", DBInstanceId="rm-none")

    assert {"RequestId", "HostId", "Code", "Message", "Recommend"} == set(answer.body)
    assert client.emulator.endpoint == answer.body["HostId"]
    assert "x-rds-emulator" in answer.headers


@pytest.mark.parametrize(
    ("method", "target", "refusal"),
    [
        pytest.param("PUT", "/", (403, "UnsupportedHTTPMethod"), id="method"),
        pytest.param("POST", "/v1/x", (404, "InvalidAction.NotFound"), id="path"),
    ],
)
def test_refuses_what_is_no_rpc(
    client: Client, method: str, target: str, refusal: tuple[int, str]
) -> None:
    """
    Other methods and other paths are not the API's.
    """
    assert refusal == client.send(method, target).refusal
