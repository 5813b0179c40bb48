"""
The encryption of connections.
"""

import base64
from datetime import datetime
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import timestamps
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import endpoints, preconditions, ssl, tde
from rds_emulator.rules.preconditions import has_postgresql_on_local_disks
from rds_emulator.state.model import Instance, Ssl

_NO_YES: Final = ("No", "Yes")
_SWITCH: Final = {"PostgreSQL": ("off", "on")}
_UPDATE: Final = {"PostgreSQL": ("0", "1")}
_CA_URL: Final = "https://apsaradb-public.example/ApsaraDB-CA-Chain.zip"


@action(
    "ModifyDBInstanceSSL",
    writes=True,
    models=(
        "SSL for one endpoint of MySQL, PostgreSQL, SQL Server and MariaDB, on, renewed"
        " or off, in a slow change. A certificate lasts 365 days. A"
        " custom one of MySQL or PostgreSQL needs ServerCert and ServerKey, a client CA"
        " ClientCACert, a revocation list the client CA and ClientCertRevocationList,"
        " ACL and ReplicationACL the client CA, verify-full PostgreSQL 12; SQL Server's"
        " Certificate and PassWord need each other; ForceEncryption is for these three."
        " MariaDB has nothing to choose. What a call does not name stays, but for"
        " CAType, whose default is aliyun. Contents of certificates, disks and editions"
        " are not judged."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2, most of the error table of the"
        " official page. MariaDB is not on that page and is a log: the acceptance test"
        " of MariaDB 10.3 in Terraform's pull request 9724 switches it on. Inferred:"
        " that SSLEnabled is 1 when it is not given, that SSL which is off cannot be"
        " switched off (IncorrectDBSslStatus), RequiredParam.NotFound for what another"
        " parameter needs, the HTTP status of InstanceEngineType.NotSupport, which is"
        " for PPAS. Ours: that parameters of another engine, and those without the"
        " switch that they belong to, are refused (InvalidParameter); that every change"
        " is a slow one."
    ),
)
def modify_ssl(invocation: Invocation) -> Answer:
    """
    Begin to switch the encryption of connections on or off, or to renew it.
    """
    parameters, cloud = invocation.parameters, invocation.cloud
    host = parameters.required("ConnectionString")
    word = parameters.choice("SSLEnabled", ("0", "1"), refusal="InvalidSSLStatus")
    instance = invocation.instance()
    ssl.check_engine(parameters, instance.engine)
    if host not in endpoints.host_names(instance):
        raise ApiError(code="Endpoint.NotFound")
    preconditions.check_unlocked(instance)
    setting = None
    if word != "0":
        now = cloud.clock.now()
        setting = ssl.ordered(parameters, instance, host=host, now=now)
    elif instance.ssl is None:
        raise ApiError(code="IncorrectDBSslStatus")
    status = tde.status(cloud.account.temper, "SSL_MODIFYING")
    cloud.begin_change(instance, status, fields={"ssl": setting})
    return {}


@action(
    "DescribeDBInstanceSSL",
    models=(
        "Whether SSL is on (Yes and No, for PostgreSQL on and off), for which endpoint,"
        " until when, and what was set. PostgreSQL on cloud disks tells certificate and"
        " private key of the server, also those that the cloud made, and prefer as the"
        " ACLs that were not set. A certificate that has expired, or whose endpoint is"
        " no more, requires an update."
    ),
    evidence=(
        "Response tree and its texts of SDK 16.0.2. That the private key is told stands"
        " in the sample of the official page, and is a log as is the ACL prefer: the"
        " acceptance tests of PostgreSQL 13 and of a clone in Terraform's pull request"
        " 9724 assert both. Inferred: that PPAS is refused"
        " (InstanceEngineType.NotSupport, which Terraform's provider expects), what"
        " requires an update, which fields are told of which engine, that"
        " LastModifyStatus is success at first, what RequireUpdateItem says. The URL of"
        " the CA is made up, and so is what a certificate of the cloud contains."
    ),
)
def describe_ssl(invocation: Invocation) -> Answer:
    """
    Describe how connections to an instance are encrypted.
    """
    instance = invocation.instance()
    if instance.engine not in ssl.ENGINES:
        raise ApiError(code="InstanceEngineType.NotSupport")
    is_on = instance.ssl is not None
    setting = instance.ssl or Ssl(connection_string="")
    is_due = _is_due(instance, invocation.cloud.clock.now())
    return {
        "SSLEnabled": _SWITCH.get(instance.engine, _NO_YES)[is_on],
        "RequireUpdate": _UPDATE.get(instance.engine, _NO_YES)[is_due],
        "RequireUpdateReason": "",
        "ConnectionString": setting.connection_string,
        "SSLExpireTime": _time(setting.expires),
        "ForceEncryption": "1" if setting.force_encryption else "0",
        **_details(instance, setting, is_due=is_due),
    }


def _is_due(instance: Instance, now: datetime) -> bool:
    setting = instance.ssl
    if setting is None:
        return False
    has_expired = setting.expires is not None and setting.expires <= now
    return has_expired or setting.connection_string not in endpoints.host_names(
        instance
    )


def _details(instance: Instance, setting: Ssl, *, is_due: bool) -> Answer:
    """
    Return the fields that only some engines have; MariaDB has none of them.
    """
    match instance.engine:
        case "SQLServer":
            return {"TlsVersion": setting.tls_version}
        case "MySQL":
            return _server_certificate(instance, setting)
        case "PostgreSQL":
            return _postgresql_details(instance, setting, is_due=is_due)
        case _:
            return {}


def _server_certificate(instance: Instance, setting: Ssl) -> Answer:
    is_on = instance.ssl is not None
    return {
        "CAType": setting.ca_type if is_on else "",
        "ServerCert": setting.server_cert,
    }


def _postgresql_details(instance: Instance, setting: Ssl, *, is_due: bool) -> Answer:
    is_ours = instance.ssl is not None and setting.ca_type == "aliyun"
    return {
        **_server_certificate(instance, setting),
        "ServerKey": setting.server_key,
        **(_made_by_the_cloud(instance, setting) if is_ours else {}),
        "RequireUpdateItem": "ServerCert" if is_due else "",
        "ServerCAUrl": _CA_URL if is_ours else "",
        "SSLCreateTime": _time(setting.created) if is_ours else "",
        "ClientCACert": setting.client_ca,
        "ClientCACertExpireTime": "",
        "ClientCertRevocationList": setting.client_revocations,
        **_acls(instance, setting),
        "LastModifyStatus": "setting" if "ssl" in instance.coming else "success",
        "ModifyStatusReason": "",
    }


def _made_by_the_cloud(instance: Instance, setting: Ssl) -> Answer:
    if has_postgresql_on_local_disks(instance):
        return {}
    serial = f"{setting.connection_string} {_time(setting.created)}"
    return {
        "ServerCert": _pem("CERTIFICATE", serial),
        "ServerKey": _pem("PRIVATE KEY", serial),
    }


def _pem(kind: str, serial: str) -> str:
    content = base64.b64encode(f"{kind} {serial}".encode()).decode()
    return f"-----BEGIN {kind}-----\n{content}\n-----END {kind}-----"


def _acls(instance: Instance, setting: Ssl) -> Answer:
    has_acls = instance.ssl is not None and not has_postgresql_on_local_disks(instance)
    default = "prefer" if has_acls else ""
    return {
        "ACL": setting.acl or default,
        "ReplicationACL": setting.replication_acl or default,
    }


def _time(time: datetime | None) -> str:
    return timestamps.to_seconds(time) if time else ""
