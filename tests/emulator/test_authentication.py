from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client, Refusal, now, rpc_signature
from tests.support.rows import row

READ = {"Action": "DescribeDBInstanceAttribute", "DBInstanceId": "rm-demo-mysql80"}
STS_SEED: dict[str, Any] = {
    "access_keys": [
        {"id": "plain", "secret": "p"},
        {"id": "STS.fresh", "secret": "f", "security_token": "fresh-token"},
        {"id": "STS.old", "secret": "o", "security_token": "old-token", "expires": "now-1m"},
    ],
    "instances": [{"id": "rm-demo-mysql80"}],
}


def shifted(minutes: float) -> str:
    """
    Return the time of a request some minutes from now.
    """
    instant = datetime.now(UTC) + timedelta(minutes=minutes)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rpc_signature_is_accepted_with_empty_parameters_too(client: Client, method: str) -> None:
    answer = client.rpc({**READ, "SignatureType": "", "Odd": "a b*~+/é"}, method)

    assert 200 == answer.status


def test_parameters_of_a_form_are_signed_and_read(client: Client) -> None:
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
    parameters = {"DBInstanceId": "rm-demo-mysql80", "Odd": "a b*~+/é", "Empty": ""}

    answer = client.acs3("DescribeDBInstanceAttribute", parameters)

    assert 200 == answer.status


@pytest.mark.parametrize(
    ("overrides", "refusal"),
    [
        row("unknown key", {"AccessKeyId": "nobody"}, (404, "InvalidAccessKeyId.NotFound")),
        row("no key", {"AccessKeyId": None}, (400, "MissingParameter")),
        row("wrong secret", {"secret": "wrong"}, (400, "SignatureDoesNotMatch")),
        row("unsigned", {"Signature": None}, (400, "MissingParameter")),
        row(
            "signed 16 minutes ago", {"Timestamp": shifted(-16)}, (400, "InvalidTimeStamp.Expired")
        ),
        row("signed in the future", {"Timestamp": shifted(60)}, (400, "InvalidTimeStamp.Expired")),
        row("odd timestamp", {"Timestamp": "today"}, (400, "InvalidTimeStamp.Format")),
        row("no timestamp", {"Timestamp": None}, (400, "IllegalTimestamp")),
        row("no nonce", {"SignatureNonce": None}, (400, "MissingParameter")),
        row("another method", {"SignatureMethod": "HMAC-SHA256"}, (400, "InvalidSignatureMethod")),
        row("version", {"Version": "2020-01-01"}, (400, "InvalidVersion")),
        row("no version", {"Version": None}, (400, "MissingParameter")),
        row("no action", {"Action": None}, (400, "MissingParameter")),
        row("unknown action", {"Action": "FlyToTheMoon"}, (404, "InvalidAction.NotFound")),
        row(
            "documented action",
            {"Action": "acceptRCInquiredsystemevent"},
            (501, "EmulatorNotImplemented"),
        ),
        row("XML wanted", {"Format": "XML"}, (501, "EmulatorNotImplemented")),
        row("bearer token", {"BearerToken": "b"}, (501, "EmulatorNotImplemented")),
        row(
            "key before time before signature",
            {"AccessKeyId": "nobody", "Timestamp": "today", "secret": "wrong"},
            (404, "InvalidAccessKeyId.NotFound"),
        ),
    ],
)
def test_faulty_rpc_request_is_refused(
    client: Client, overrides: dict[str, str | None], refusal: Refusal
) -> None:
    client.overrides = overrides

    assert refusal == client.rpc(READ).refusal


@pytest.mark.parametrize(
    ("overrides", "headers", "refusal"),
    [
        row("unknown key", {"AccessKeyId": "nobody"}, {}, (404, "InvalidAccessKeyId.NotFound")),
        row("wrong secret", {"secret": "wrong"}, {}, (400, "SignatureDoesNotMatch")),
        row("signed 16 minutes ago", {}, {"x_acs_date": shifted(-16)},
            (400, "InvalidTimeStamp.Expired")),
    ],
)  # fmt: skip
def test_faulty_acs3_request_is_refused(
    client: Client, overrides: dict[str, str | None], headers: dict[str, str], refusal: Refusal
) -> None:
    client.overrides = overrides
    answer = client.acs3(READ["Action"], {"DBInstanceId": "rm-x"}, **headers)

    assert refusal == answer.refusal


@pytest.mark.parametrize("style", ["rpc", "acs3"])
def test_nonce_works_once(client: Client, style: str) -> None:
    def call() -> Refusal:
        if style == "rpc":
            client.overrides = {"SignatureNonce": "same"}
            return client.rpc(READ).refusal
        parameters = {"DBInstanceId": "rm-demo-mysql80"}
        headers = {"x_acs_signature_nonce": "same"}
        return client.acs3(READ["Action"], parameters, **headers).refusal

    assert [(200, ""), (400, "SignatureNonceUsed")] == [call(), call()]


def test_mismatch_tells_the_string_to_sign(client: Client) -> None:
    client.overrides = {"secret": "wrong"}
    message = client.rpc(READ).body["Message"]

    assert message.split(":")[1].startswith("POST&%2F&AccessKeyId%3D")


def test_timestamp_is_compared_with_the_real_time_not_the_emulated_one(emulator: Emulator) -> None:
    emulator.clock.advance(timedelta(days=3))

    assert 200 == Client(emulator).rpc(READ).status


@pytest.mark.parametrize(
    ("key", "secret", "token", "refusal"),
    [
        row("right token", "STS.fresh", "f", "fresh-token", (200, "")),
        row("no token", "STS.fresh", "f", None, (400, "MissingSecurityToken")),
        row("token of another key", "STS.fresh", "f", "old-token",
            (400, "InvalidSecurityToken.MismatchWithAccessKey")),
        row("unknown token", "STS.fresh", "f", "made-up", (400, "InvalidSecurityToken.Malformed")),
        row("expired", "STS.old", "o", "old-token", (400, "InvalidSecurityToken.Expired")),
        row("token with a lasting key", "plain", "p", "fresh-token",
            (400, "InvalidSecurityToken.MismatchWithAccessKey")),
    ],
)  # fmt: skip
def test_temporary_key_needs_its_own_unexpired_token(
    key: str, secret: str, token: str | None, refusal: Refusal
) -> None:
    with Emulator(seed=STS_SEED) as emulator:
        client = Client(emulator, {"AccessKeyId": key, "secret": secret})
        headers = {"x_acs_security_token": token} if token else {}
        parameters = {"DBInstanceId": "rm-demo-mysql80"}
        acs3 = client.acs3(READ["Action"], parameters, **headers)
        client.overrides["SecurityToken"] = token

        assert [refusal, refusal] == [client.rpc(READ).refusal, acs3.refusal]


def test_refusal_has_five_fields_and_names_the_emulator(client: Client) -> None:
    answer = client.call("DescribeDBInstanceAttribute", DBInstanceId="rm-none")

    assert {"RequestId", "HostId", "Code", "Message", "Recommend"} == set(answer.body)
    assert client.emulator.endpoint == answer.body["HostId"]
    assert "x-rds-emulator" in answer.headers


@pytest.mark.parametrize(
    ("method", "target", "refusal"),
    [
        row("method", "PUT", "/", (403, "UnsupportedHTTPMethod")),
        row("path", "POST", "/v1/x", (404, "InvalidAction.NotFound")),
    ],
)
def test_other_methods_and_paths_are_refused(
    client: Client, method: str, target: str, refusal: Refusal
) -> None:
    assert refusal == client.send(method, target).refusal
