"""
The encryption of connections.
"""

from datetime import datetime

from rds_emulator import certificates, encryption, endpoints, instant, readiness
from rds_emulator.belongings import Ssl
from rds_emulator.errors import ApiError
from rds_emulator.model import Instance
from rds_emulator.registry import Answer, Invocation, action

_NO_YES = ("No", "Yes")
_SWITCH = {"PostgreSQL": ("off", "on")}
_UPDATE = {"PostgreSQL": ("0", "1")}
_CA_URL = "https://apsaradb-public.example/ApsaraDB-CA-Chain.zip"


@action(
    "ModifyDBInstanceSSL",
    writes=True,
    models=(
        "SSL for one endpoint of MySQL, PostgreSQL and SQL Server, on, renewed or off,"
        " in a slow change. A certificate lasts 365 days. A custom one"
        " needs ServerCert and ServerKey, a client CA ClientCACert, a revocation list"
        " the client CA and ClientCertRevocationList, ACL and ReplicationACL the client"
        " CA, verify-full PostgreSQL 12; SQL Server's Certificate and PassWord need"
        " each other. What a call does not name stays, but for CAType, whose default is"
        " aliyun. Contents of certificates, disks and editions are not judged."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2, most of the error table of the"
        " official page. Inferred: that SSLEnabled is 1 when it is not given, that SSL"
        " which is off cannot be switched off (IncorrectDBSslStatus),"
        " RequiredParam.NotFound for what another parameter needs,"
        " InstanceEngineType.NotSupport for other engines, its HTTP status. Ours: that"
        " parameters of another engine, and those without the switch that they belong"
        " to, are refused (InvalidParameter); that every change restarts."
    ),
)
def modify_ssl(invocation: Invocation) -> Answer:
    """
    Begin to switch the encryption of connections on or off, or to renew it.
    """
    parameters, world = invocation.parameters, invocation.world
    host = parameters.required("ConnectionString")
    word = parameters.choice("SSLEnabled", ("0", "1"), refusal="InvalidSSLStatus")
    instance = invocation.instance()
    certificates.check_engine(parameters, instance.engine)
    if host not in endpoints.host_names(instance):
        raise ApiError(code="Endpoint.NotFound")
    readiness.check_unlocked(instance)
    setting = None
    if word != "0":
        now = world.clock.now()
        setting = certificates.ordered(parameters, instance, host, now=now)
    elif instance.ssl is None:
        raise ApiError(code="IncorrectDBSslStatus")
    status = encryption.status(world.account.temper, "SSL_MODIFYING")
    world.reshape(instance, status, {"ssl": setting})
    return {}


@action(
    "DescribeDBInstanceSSL",
    models=(
        "Whether SSL is on (Yes and No, for PostgreSQL on and off), for which endpoint,"
        " until when, and what was set. A certificate that has expired, or whose"
        " endpoint is no more, requires an update. ServerKey is left out."
    ),
    evidence=(
        "Response tree and its texts of SDK 16.0.2. Inferred: that other engines are"
        " refused (InstanceEngineType.NotSupport, which Terraform's provider expects),"
        " what requires an update, which fields are told of which engine, that"
        " LastModifyStatus is success at first. The URL of the CA is made up."
    ),
)
def describe_ssl(invocation: Invocation) -> Answer:
    """
    Describe how connections to an instance are encrypted.
    """
    instance = invocation.instance()
    if instance.engine not in certificates.ENGINES:
        raise ApiError(code="InstanceEngineType.NotSupport")
    is_on = instance.ssl is not None
    setting = instance.ssl or Ssl(connection_string="")
    is_due = _is_due(instance, invocation.world.clock.now())
    return {
        "SSLEnabled": _SWITCH.get(instance.engine, _NO_YES)[is_on],
        "RequireUpdate": _UPDATE.get(instance.engine, _NO_YES)[is_due],
        "RequireUpdateReason": "",
        "ConnectionString": setting.connection_string,
        "SSLExpireTime": _time(setting.expires),
        "ForceEncryption": "1" if setting.force_encryption else "0",
        **_details(instance, setting),
    }


def _is_due(instance: Instance, now: datetime) -> bool:
    setting = instance.ssl
    if setting is None:
        return False
    has_expired = setting.expires is not None and setting.expires <= now
    return has_expired or setting.connection_string not in endpoints.host_names(
        instance
    )


def _details(instance: Instance, setting: Ssl) -> Answer:
    if instance.engine == "SQLServer":
        return {"TlsVersion": setting.tls_version}
    is_on = instance.ssl is not None
    server = {
        "CAType": setting.ca_type if is_on else "",
        "ServerCert": setting.server_cert,
    }
    if instance.engine == "MySQL":
        return server
    is_ours = is_on and setting.ca_type == "aliyun"
    return {
        **server,
        "ServerCAUrl": _CA_URL if is_ours else "",
        "SSLCreateTime": _time(setting.created) if is_ours else "",
        "ClientCACert": setting.client_ca,
        "ClientCertRevocationList": setting.client_revocations,
        "ACL": setting.acl,
        "ReplicationACL": setting.replication_acl,
        "LastModifyStatus": "setting" if "ssl" in instance.coming else "success",
        "ModifyStatusReason": "",
    }


def _time(time: datetime | None) -> str:
    return instant.to_seconds(time) if time else ""
