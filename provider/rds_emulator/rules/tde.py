"""
The encryption of data: what an order of TDE turns the present setting into.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import has_postgresql_on_local_disks
from rds_emulator.state.model import Instance, Tde
from rds_emulator.state.temper import Temper

_OWN_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "MySQL": ("EncryptionKey", "RoleArn"),
    "PostgreSQL": ("EncryptionKey", "IsRotate", "RoleArn"),
    "SQLServer": ("Certificate", "DBName", "PassWord", "PrivateKey"),
}
ENGINES: Final = tuple(_OWN_PARAMETERS)
_SPECIAL: Final = sorted({name for names in _OWN_PARAMETERS.values() for name in names})
_SQL_SERVERS: Final = ("_ent", "_ent_ha")
_NEW_SQL_SERVERS: Final = ("2019_std", "2022_std", "2025_std")
_MAX_DATABASES: Final = 50


def status(temper: Temper, specific: str) -> str:
    """
    Return the status of a change of encryption, which may be its *specific* one.
    """
    return specific if temper.encryption_status == "specific" else "Rebooting"


def check_instance(parameters: Parameters, instance: Instance) -> None:
    """
    Refuse an instance that has no TDE, and parameters that are another engine's.
    """
    engine = instance.engine
    if engine not in _OWN_PARAMETERS:
        raise ApiError(code="InstanceEngineType.NotSupport")
    if instance.instance_type != "Primary" or _is_excluded(instance):
        raise ApiError(code="IncorrectDBInstanceType")
    if not _is_version_with_tde(engine, instance.engine_version):
        raise ApiError(code="IncorrectEngineVersion")
    for name in _SPECIAL:
        if name in parameters and name not in _OWN_PARAMETERS[engine]:
            raise invalid(name=name)


def _is_version_with_tde(engine: str, version: str) -> bool:
    if engine == "SQLServer":
        return version.startswith(_NEW_SQL_SERVERS) or version.endswith(_SQL_SERVERS)
    return (engine, version) != ("MySQL", "5.5")


def ordered(parameters: Parameters, instance: Instance, *, enabled: bool) -> Tde | None:
    """
    Return the new setting; None is no encryption.
    """
    if instance.engine == "SQLServer":
        return _of_databases(parameters, instance, enabled=enabled)
    if not enabled:
        raise ApiError(code="OperationDenied.TDEStatus")
    return _of_files(parameters, instance)


def _of_files(parameters: Parameters, instance: Instance) -> Tde:
    key, role = parameters.text("EncryptionKey"), parameters.text("RoleArn")
    if key is not None and role is None:
        raise ApiError(code="RequiredParam.NotFound", name="RoleArn")
    old = instance.tde
    rotates = bool(parameters.boolean("IsRotate"))
    if old is None:
        return Tde(encryption_key=key or "", role_arn=role or "")
    # MySQL has no IsRotate: its key is for ever.
    if not rotates:
        raise ApiError(code="OperationDenied.TDEStatus")
    return replace(
        old,
        encryption_key=key or old.encryption_key,
        role_arn=role or old.role_arn,
        rotations=old.rotations + 1,
    )


def _of_databases(
    parameters: Parameters, instance: Instance, *, enabled: bool
) -> Tde | None:
    names = _databases(parameters, instance)
    old = instance.tde or Tde()
    files = _files(parameters)
    are_encrypted = all(name in old.databases for name in names)
    if are_encrypted == enabled:
        raise ApiError(code="OperationDenied.TDEStatus")
    if enabled:
        more = tuple(name for name in names if name not in old.databases)
        return replace(old, databases=(*old.databases, *more), **files)
    left = tuple(name for name in old.databases if name not in names)
    return replace(old, databases=left) if left else None


def _databases(parameters: Parameters, instance: Instance) -> list[str]:
    names = parameters.required("DBName").split(",")
    if len(names) > _MAX_DATABASES:
        raise invalid(name="DBName")
    if not all(name in instance.databases for name in names):
        raise ApiError(code="InvalidDBName.NotFound")
    return names


def _files(parameters: Parameters) -> dict[str, Any]:
    places = {
        "certificate": "Certificate",
        "private_key": "PrivateKey",
        "password": "PassWord",
    }
    if not any(name in parameters for name in places.values()):
        return {}
    for name in places.values():
        if name not in parameters:
            raise ApiError(code="RequiredParam.NotFound", name=name)
    return {place: parameters.required(name) for place, name in places.items()}


def _is_excluded(instance: Instance) -> bool:
    if instance.engine == "MySQL":
        category = instance.category.lower()
        return category.endswith("basic") or category == "finance"
    return has_postgresql_on_local_disks(instance)
