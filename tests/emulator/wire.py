"""
A client that speaks both signature styles over a bare HTTP connection.
"""

import base64
import hashlib
import hmac
import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from rds_emulator import Emulator

SOURCE = MYSQL = "rm-demo-mysql80"
POSTGRESQL = "rm-demo-postgresql16"
SQL_SERVER = "rm-demo-sqlserver2022"
MARIADB = "rm-demo-mariadb106"
ORDER = {"DBInstanceId": SOURCE, "PayType": "Postpaid", "BackupId": "1000000109"}
FINE = (200, "")
Refusal = tuple[int, str]


@dataclass
class Answer:
    """
    Status, headers and what was sent with them.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes

    @cached_property
    def body(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.content or b"{}")
        return parsed

    @property
    def refusal(self) -> Refusal:
        return self.status, self.body.get("Code", "")


@dataclass
class Client:
    """
    Signs with the emulator's first key by default.

    *overrides* replace protocol parameters; None leaves one out.
    """

    emulator: Emulator
    overrides: dict[str, str | None] = field(default_factory=dict)

    def call(self, action: str, **parameters: str) -> Answer:
        """
        Call *action* in the RPC style; dots in names are written as "__".
        """
        given = {name.replace("__", "."): text for name, text in parameters.items()}
        return self.rpc({"Action": action, "RegionId": self.emulator.region, **given})

    def clone(self, source: str = SOURCE, **parameters: str) -> str:
        """
        Order a clone of the newest backup set of *source*, and return the clone's id.
        """
        order = {**ORDER, "DBInstanceId": source, "BackupId": self.emulator.backups(source)[0].id}
        answer = self.call("CloneDBInstance", **{**order, **parameters})
        assert 200 == answer.status, answer.body
        return str(answer.body["DBInstanceId"])

    def attribute(self, instance_id: str = SOURCE) -> dict[str, Any]:
        body = self.call("DescribeDBInstanceAttribute", DBInstanceId=instance_id).body
        found: dict[str, Any]
        (found,) = body["Items"]["DBInstanceAttribute"]
        return found

    def status(self, instance_id: str) -> str:
        """
        Return the status that the API reports, or the code with which it refuses.
        """
        answer = self.call("DescribeDBInstanceAttribute", DBInstanceId=instance_id)
        if answer.status != 200:
            return str(answer.body["Code"])
        return str(answer.body["Items"]["DBInstanceAttribute"][0]["DBInstanceStatus"])

    def rpc(self, parameters: Mapping[str, str], method: str = "POST") -> Answer:
        overrides = dict(self.overrides)
        secret = overrides.pop("secret", None) or self.emulator.access_key_secret
        signature = overrides.pop("Signature", "")
        given: dict[str, str | None] = {
            "AccessKeyId": self.emulator.access_key_id,
            "Format": "JSON",
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": uuid.uuid4().hex,
            "SignatureVersion": "1.0",
            "Timestamp": now(),
            "Version": "2014-08-15",
            **parameters,
            **overrides,
        }
        query = {name: text for name, text in given.items() if text is not None}
        if signature is not None:
            query["Signature"] = signature or rpc_signature(method, query, secret)
        return self.send(method, f"/?{urlencode(query)}")

    def acs3(self, action: str, parameters: Mapping[str, str], **headers: str) -> Answer:
        """
        Send a request that is signed in its headers.
        """
        secret = self.overrides.get("secret") or self.emulator.access_key_secret
        key = self.overrides.get("AccessKeyId") or self.emulator.access_key_id
        query = urlencode(sorted(parameters.items()), quote_via=quote, safe="~")
        signed = {
            "host": self.emulator.endpoint,
            "x-acs-action": action,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": now(),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-version": "2014-08-15",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        names = ";".join(sorted(signed))
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        payload = hashlib.sha256(b"").hexdigest()
        canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{payload}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        signature = hmac.new(
            secret.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), hashlib.sha256
        ).hexdigest()
        signed["authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
        )
        return self.send("POST", f"/?{query}", headers=signed)

    def control(self, method: str, path: str, body: object = None) -> Answer:
        text = None if body is None else json.dumps(body)
        return self.send(method, f"/_emulator{path}", body=text)

    def send(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(self.emulator.endpoint, timeout=10)
        try:
            connection.request(method, target, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            content = response.read()
            received = {name.lower(): text for name, text in response.getheaders()}
            return Answer(response.status, received, content)
        finally:
            connection.close()


def rpc_signature(method: str, query: Mapping[str, str], secret: str) -> str:
    canonical = urlencode(sorted(query.items()), quote_via=quote, safe="~")
    text = f"{method}&%2F&{quote(canonical, safe='~')}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
