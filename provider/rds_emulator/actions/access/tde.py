"""
The encryption of data.
"""

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.rules import preconditions, tde
from rds_emulator.state.model import Instance, Tde

_ON, _OFF = "Enabled", "Disabled"


@action(
    "ModifyDBInstanceTDE",
    writes=True,
    models=(
        "TDE of primaries of MySQL (from 5.6 on; neither Basic nor Finance),"
        " PostgreSQL on cloud disks and SQL"
        " Server (Enterprise, Standard from 2019 on), in a slow change."
        " MySQL and PostgreSQL cannot switch it off; PostgreSQL gets a new key by"
        " IsRotate. EncryptionKey needs RoleArn. SQL Server switches up to 50 of its"
        " databases on or off; Certificate, PrivateKey and PassWord need each other."
        " Keys, roles and files are not judged."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2, engines, editions and disks of the"
        " user guides; no error table was found. InstanceEngineType.NotSupport,"
        " IncorrectDBInstanceType, IncorrectEngineVersion and InvalidDBName.NotFound"
        " are what Terraform's provider expects; which of them is when, and their HTTP"
        " statuses, is inferred. Ours: OperationDenied.TDEStatus (403) for what is off"
        " or on already or cannot be switched off; that EncryptionKey needs RoleArn;"
        " that parameters of another engine are refused (InvalidParameter); that every"
        " change restarts."
    ),
)
def modify_tde(invocation: Invocation) -> Answer:
    """
    Begin to encrypt data, or for SQL Server to decrypt it again.
    """
    parameters = invocation.parameters
    status = parameters.required("TDEStatus")
    if status not in (_ON, _OFF):
        raise invalid(name="TDEStatus")
    instance = invocation.instance()
    tde.check_instance(parameters, instance)
    preconditions.check_unlocked(instance)
    setting = tde.ordered(parameters, instance, enabled=status == _ON)
    cloud = invocation.cloud
    own = "EncryptionKey" in parameters
    specific = "CONFIG_ENCRYPTING" if own else "TDE_MODIFYING"
    status = tde.status(cloud.account.temper, specific)
    cloud.begin_change(instance, status, fields={"tde": setting})
    return {}


@action(
    "DescribeDBInstanceTDE",
    models=(
        "Whether TDE is on, whose the key is, and for SQL Server the status of every"
        " database."
    ),
    evidence=(
        "Response tree and its texts of SDK 16.0.2. Inferred: that other engines are"
        " refused (InstanceEngineType.NotSupport, which Terraform's provider expects),"
        " that TDEMode is Unknown while TDE is off, that SQL Server's own certificate"
        " makes it Customer_Provided_Key."
    ),
)
def describe_tde(invocation: Invocation) -> Answer:
    """
    Describe how the data of an instance is encrypted.
    """
    instance = invocation.instance()
    if instance.engine not in tde.ENGINES:
        raise ApiError(code="InstanceEngineType.NotSupport")
    setting = instance.tde
    return {
        "TDEStatus": _OFF if setting is None else _ON,
        "TDEMode": _mode(setting),
        "EncryptionKey": setting.encryption_key if setting else "",
        "Databases": {"Database": _databases(instance)},
    }


@action(
    "DescribeDBInstanceEncryptionKey",
    models=(
        "The own key of TDE, when there is one; disks are not encrypted. Other keys of"
        " EncryptionKey are unknown, so its fields are empty; TargetRegionId is"
        " ignored. KMS is not modelled: what is told of a key is the same for all."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found."
        " Terraform's provider reads it of every PostgreSQL, and an empty EncryptionKey"
        " stands for none. Inferred: that engines without TDE are refused as by"
        " DescribeDBInstanceTDE. Ours: what is told of a key."
    ),
)
def describe_encryption_key(invocation: Invocation) -> Answer:
    """
    Describe the key with which an instance is encrypted.
    """
    instance = invocation.instance()
    if instance.engine not in tde.ENGINES:
        raise ApiError(code="InstanceEngineType.NotSupport")
    key = instance.tde.encryption_key if instance.tde else ""
    asked = invocation.parameters.text("EncryptionKey")
    described = _key(key if asked in (None, key) else "")
    used = {**_key(key), "AliasName": "", "KeyType": "CMK", "UsedBy": "TDE"}
    return {**described, "EncryptionKeyList": [used] if key else []}


def _key(key: str) -> Answer:
    return {
        "EncryptionKey": key,
        "EncryptionKeyStatus": "Enabled" if key else "",
        "KeyUsage": "ENCRYPT/DECRYPT" if key else "",
        "Origin": "Aliyun_KMS" if key else "",
        "Creator": "",
        "Description": "",
        "DeleteDate": "",
        "MaterialExpireTime": "",
    }


def _mode(setting: Tde | None) -> str:
    if setting is None:
        return "Unknown"
    is_own = bool(setting.encryption_key or setting.certificate)
    return "Customer_Provided_Key" if is_own else "Aliyun_Generate_Key"


def _databases(instance: Instance) -> list[Answer]:
    if instance.engine != "SQLServer":
        return []
    encrypted = instance.tde.databases if instance.tde else ()
    return [
        {"DBName": name, "TDEStatus": _ON if name in encrypted else _OFF}
        for name in sorted(instance.databases)
    ]
