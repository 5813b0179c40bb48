"""
Encryption of connections (SSL) and of stored data (TDE).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_bool,
    read_text,
)
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange

_SSL: Final = {
    "ssl.ca_type": "CAType",
    "ssl.server_cert": "ServerCert",
    "ssl.server_key": "ServerKey",
    "ssl.client_ca_cert": "ClientCACert",
    "ssl.client_cert_revocation_list": "ClientCertRevocationList",
    "ssl.acl": "ACL",
    "ssl.replication_acl": "ReplicationACL",
    "ssl.force_encryption": "ForceEncryption",
    "ssl.tls_version": "TlsVersion",
}
"""The parameter of each field, by the same name in ModifyDBInstanceSSL and its read."""

_SSL_ON: Final = ("yes", "on", "1", "true")
"""SSLEnabled is Yes where MySQL or SQL Server answers and on where PostgreSQL does."""

_CLIENT_SWITCHES: Final = {
    "ssl.client_ca_cert": "ClientCAEnabled",
    "ssl.client_cert_revocation_list": "ClientCrlEnabled",
}
"""What is switched off where an empty text is declared."""


def read_ssl(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeDBInstanceSSL; the private key is not reported.
    """
    texts = {
        path: read_text(answer, name)
        for path, name in _SSL.items()
        if path not in ("ssl.server_key", "ssl.force_encryption")
    }
    on = read_text(answer, "SSLEnabled").casefold() in _SSL_ON
    force = read_bool(answer, "ForceEncryption")
    known = {"ssl.enabled": on, "ssl.force_encryption": force, **texts}
    return AspectReading(
        fields={path: value for path, value in known.items() if value not in (None, "")}
    )


def _change_ssl(change: AspectChange) -> Iterator[Request]:
    parameters = {"ConnectionString": change.instance.connection_string or ""}
    if not change.desired("ssl.enabled"):
        yield "ModifyDBInstanceSSL", {**parameters, "SSLEnabled": "0"}
        return
    parameters["SSLEnabled"] = "1"
    for path, name in _SSL.items():
        value = change.new[path]
        if path in _CLIENT_SWITCHES and value is not None:
            parameters[_CLIENT_SWITCHES[path]] = "1" if value else "0"
        if value or value is False:
            parameters[name] = str(int(value)) if isinstance(value, bool) else value
    yield "ModifyDBInstanceSSL", parameters


def read_encryption(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeDBInstanceTDE; the cloud's own key has no id.
    """
    enabled = read_text(answer, "TDEStatus").casefold() == "enabled"
    key = read_text(answer, "EncryptionKey")
    return AspectReading(
        fields={
            "encryption.enabled": enabled,
            **({"encryption.key": key} if enabled else {}),
        }
    )


def _change_encryption(change: AspectChange) -> Iterator[Request]:
    on = change.desired("encryption.enabled")
    parameters = {
        "TDEStatus": "Enabled" if on else "Disabled",
        "EncryptionKey": change.new["encryption.key"] if on else None,
        "RoleArn": change.new["encryption.role_arn"] if on else None,
    }
    yield "ModifyDBInstanceTDE", {k: v for k, v in parameters.items() if v is not None}


ENCRYPTION: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.ENCRYPTION: AspectCodec(
        change=_change_encryption,
        parameters={
            "encryption.enabled": "ModifyDBInstanceTDE.TDEStatus",
            "encryption.key": "ModifyDBInstanceTDE.EncryptionKey",
            "encryption.role_arn": "ModifyDBInstanceTDE.RoleArn",
        },
        read_action="DescribeDBInstanceTDE",
        read=read_encryption,
    ),
    Aspect.SSL: AspectCodec(
        change=_change_ssl,
        parameters={
            "ssl.enabled": "ModifyDBInstanceSSL.SSLEnabled",
            **{path: f"ModifyDBInstanceSSL.{name}" for path, name in _SSL.items()},
        },
        read_action="DescribeDBInstanceSSL",
        read=read_ssl,
    ),
}
