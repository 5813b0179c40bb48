"""
The encryption of connections: what an order of SSL turns the present setting into.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state.model import Instance, Ssl

_SERVER: Final = ("CAType", "ServerCert", "ServerKey")
_CLIENT: Final = (
    "ACL",
    "ClientCACert",
    "ClientCAEnabled",
    "ClientCertRevocationList",
    "ClientCrlEnabled",
    "ReplicationACL",
)
_FORCED: Final = "ForceEncryption"
_OWN_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "MySQL": (*_SERVER, _FORCED),
    "PostgreSQL": (*_SERVER, *_CLIENT, _FORCED),
    "SQLServer": ("Certificate", "PassWord", "TlsVersion", _FORCED),
    "MariaDB": (),
}
ENGINES: Final = tuple(_OWN_PARAMETERS)
_SPECIAL: Final = sorted({name for names in _OWN_PARAMETERS.values() for name in names})
_LASTS: Final = timedelta(days=365)
_ACLS: Final = ("cert", "prefer", "verify-ca", "verify-full")
_NEWEST_ACL: Final = "verify-full"
_OLD_POSTGRESQL: Final = ("10.0", "11.0")
_TLS_VERSIONS: Final = ("1.0", "1.1", "1.2")

Fields = dict[str, Any]


def check_engine(parameters: Parameters, engine: str) -> None:
    """
    Refuse an engine without SSL, and parameters that are another engine's.
    """
    if engine not in _OWN_PARAMETERS:
        raise ApiError(code="InstanceEngineType.NotSupport")
    for name in _SPECIAL:
        if name in parameters and name not in _OWN_PARAMETERS[engine]:
            raise invalid(name=name)


def ordered(
    parameters: Parameters, instance: Instance, *, host: str, now: datetime
) -> Ssl:
    """
    Return the setting for *host* with a new certificate; what is not named stays.
    """
    old = instance.ssl or Ssl(connection_string=host)
    fields = _server(parameters) | _client(parameters, instance, old=old)
    forced = _flag(parameters, _FORCED)
    version = parameters.choice("TlsVersion", _TLS_VERSIONS)
    return replace(
        old,
        connection_string=host,
        created=now,
        expires=now + _LASTS,
        force_encryption=old.force_encryption if forced is None else forced,
        tls_version=version or old.tls_version,
        **fields,
        **_sql_server(parameters),
    )


def _server(parameters: Parameters) -> Fields:
    kind = parameters.choice(
        "CAType", ("aliyun", "custom"), refusal="InvalidCAType.NotFound"
    )
    is_custom = kind == "custom"
    return {
        "ca_type": kind or "aliyun",
        "server_cert": _content(parameters, "ServerCert", wanted=is_custom),
        "server_key": _content(parameters, "ServerKey", wanted=is_custom),
    }


def _client(parameters: Parameters, instance: Instance, *, old: Ssl) -> Fields:
    authority = _switched(
        parameters, "ClientCAEnabled", name="ClientCACert", old=old.client_ca
    )
    revocations = _switched(
        parameters,
        "ClientCrlEnabled",
        name="ClientCertRevocationList",
        old=old.client_revocations,
    )
    acls = [
        _acl(parameters, name, instance=instance) for name in ("ACL", "ReplicationACL")
    ]
    if not authority:
        _check_needs_nothing(parameters, acls)
        return dict.fromkeys(
            ("client_ca", "client_revocations", "acl", "replication_acl"), ""
        )
    return {
        "client_ca": authority,
        "client_revocations": revocations,
        "acl": acls[0] or old.acl,
        "replication_acl": acls[1] or old.replication_acl,
    }


def _check_needs_nothing(parameters: Parameters, acls: list[str | None]) -> None:
    if _flag(parameters, "ClientCrlEnabled"):
        raise ApiError(code="InvalidClientCrl.Permission")
    if any(acls):
        raise ApiError(code="InvalidACL.Permission")


def _sql_server(parameters: Parameters) -> Fields:
    pair = ("Certificate", "PassWord")
    if not any(name in parameters for name in pair):
        return {}
    certificate, password = (_content(parameters, name, wanted=True) for name in pair)
    return {"certificate": certificate, "password": password}


def _acl(parameters: Parameters, name: str, *, instance: Instance) -> str | None:
    refusal = "InvalidACL.NotFound"
    acl = parameters.choice(name, _ACLS, refusal=refusal)
    if acl == _NEWEST_ACL and instance.engine_version in _OLD_POSTGRESQL:
        raise ApiError(code=refusal)
    return acl


def _flag(parameters: Parameters, name: str) -> bool | None:
    word = parameters.choice(name, ("0", "1"))
    return None if word is None else word == "1"


def _switched(parameters: Parameters, switch: str, *, name: str, old: str) -> str:
    """
    Return a text that comes with its switch, and is kept while that is not given.
    """
    is_on = _flag(parameters, switch)
    content = _content(parameters, name, wanted=bool(is_on))
    return old if is_on is None else content


def _content(parameters: Parameters, name: str, *, wanted: bool) -> str:
    """
    Return a text that must be given if it is wanted, and must not be otherwise.
    """
    text = parameters.text(name)
    if wanted and text is None:
        raise ApiError(code="RequiredParam.NotFound", name=name)
    if not wanted and text is not None:
        raise invalid(name=name)
    return text or ""
