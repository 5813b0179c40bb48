"""
pg_hba.conf: who may connect to a PostgreSQL from where.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import timestamps
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import check_steady, check_unlocked
from rds_emulator.state.model import DEFAULT_HBA, Hba, HbaItem, Instance

Records = Mapping[int, HbaItem]

_TYPES: Final = ("host", "hostssl", "hostnossl")
_METHODS: Final = (
    "trust",
    "reject",
    "scram-sha-256",
    "md5",
    "password",
    "gss",
    "sspi",
    "ldap",
    "radius",
    "cert",
    "pam",
)
_MOST_PRIORITY: Final = 10000


@action(
    "ModifyPGHbaConfig",
    writes=True,
    models=(
        "OpsType add, delete, modify (the whole record) and update (all records), at"
        " once, on a Running, unlocked PostgreSQL with cloud disks; of HbaItem.N"
        " delete looks at PriorityId alone. Addresses are IP addresses or ranges; a"
        " mask goes with an address without a prefix; hostssl needs SSL. Not modelled:"
        " that databases and users must exist, minor versions. ClientToken is ignored."
    ),
    evidence=(
        "Parameters, their texts and error table of the official page. Inferred:"
        " HbaItem.InvalidType for hostssl without SSL, that it takes cloud"
        " disks, what a valid mask is, that a missing field is MissingParameter, that"
        " other engines and disks are IncorrectDBInstanceType."
        " IncorrectDBInstanceLockMode is 403 as elsewhere, where the page has 404."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def modify_hba(invocation: Invocation) -> Answer:
    """
    Change records of pg_hba.conf.
    """
    operation = invocation.parameters.required("OpsType")
    if operation not in _OPERATIONS:
        raise ApiError(code="HbaItemOpsType.Invalid")
    given = _given(invocation.parameters, only_priority=operation == "delete")
    instance, cloud = invocation.instance(), invocation.cloud
    _check_kind(instance)
    check_steady(instance, code="IncorrectDBInstanceState")
    check_unlocked(instance, code="IncorrectDBInstanceLockMode")
    if instance.ssl is None and any(item.type == "hostssl" for item in given):
        raise ApiError(code="HbaItem.InvalidType")
    records = {item.priority: item for item in instance.hba.items}
    changed = _OPERATIONS[operation](records, given)
    items = tuple(changed[priority] for priority in sorted(changed))
    hba = Hba(items=items, modified=cloud.clock.now())
    cloud.change(replace(instance, hba=hba))
    return {}


@action(
    "DescribePGHbaConfig",
    models=(
        "The records by priority, and those of a new instance as DefaultHbaItems; a"
        " clone has those. LastModifyStatus is always success, and left out with"
        " HbaModifyTime before the first change. Masks and options that are not set"
        " are null. ClientToken and ResourceGroupId are ignored."
    ),
    evidence=(
        "Response tree and example of the official page. That there are two default"
        " records, that they are the running ones of a new instance, and that a clone"
        " does not inherit its source's records are ours."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_hba(invocation: Invocation) -> Answer:
    """
    List the records of pg_hba.conf.
    """
    instance = invocation.instance()
    _check_kind(instance)
    modified = instance.hba.modified
    return {
        "DBInstanceId": instance.id,
        "DefaultHbaItems": {"HbaItem": [_written(item) for item in DEFAULT_HBA]},
        "RunningHbaItems": {"HbaItem": [_written(item) for item in instance.hba.items]},
        **(
            {
                "HbaModifyTime": timestamps.to_seconds(modified),
                "LastModifyStatus": "success",
                "ModifyStatusReason": "",
            }
            if modified
            else {}
        ),
    }


def _check_kind(instance: Instance) -> None:
    if instance.engine != "PostgreSQL" or instance.storage_type == "local_ssd":
        raise ApiError(code="IncorrectDBInstanceType")


def _given(parameters: Parameters, *, only_priority: bool) -> Sequence[HbaItem]:
    items: list[HbaItem] = []
    names = parameters.given()
    while any(name.startswith(_place(len(items) + 1)) for name in names):
        place = _place(len(items) + 1)
        read = _priority_alone if only_priority else _item
        items.append(read(parameters, place))
    if not items:
        raise missing(name="HbaItem.1.PriorityId")
    if max(Counter(item.priority for item in items).values()) > 1:
        raise ApiError(code="HbaItem.InvalidPriority")
    return items


def _place(number: int) -> str:
    return f"HbaItem.{number}."


def _item(parameters: Parameters, place: str) -> HbaItem:
    address = parameters.required(f"{place}Address")
    mask = parameters.text(f"{place}Mask") or ""
    _check_address(address, mask)
    return replace(
        _priority_alone(parameters, place),
        type=_word(
            parameters, f"{place}Type", choices=_TYPES, refusal="HbaItem.InvalidType"
        ),
        database=parameters.required(f"{place}Database"),
        user=parameters.required(f"{place}User"),
        address=address,
        mask=mask,
        method=_word(
            parameters,
            f"{place}Method",
            choices=_METHODS,
            refusal="HbaItem.InvalidMethod",
        ),
        option=parameters.text(f"{place}Option") or "",
    )


def _priority_alone(parameters: Parameters, place: str) -> HbaItem:
    name = f"{place}PriorityId"
    parameters.required(name)
    priority = parameters.integer(
        name,
        default=0,
        least=0,
        most=_MOST_PRIORITY,
        refusal="HbaItem.InvalidPriority",
    )
    return HbaItem(priority=priority)


def _word(
    parameters: Parameters, name: str, *, choices: Sequence[str], refusal: str
) -> str:
    parameters.choice(name, choices, refusal=refusal)
    return parameters.required(name)


def _check_address(address: str, mask: str) -> None:
    try:
        if mask:
            ip_network(f"{ip_address(address)}/{mask}", strict=False)
        else:
            ip_network(address, strict=False)
    except ValueError:
        raise ApiError(code="HbaItem.InvalidIPMask") from None


def _add(records: Records, given: Sequence[HbaItem]) -> Records:
    if any(item.priority in records for item in given):
        raise ApiError(code="HbaItemPriorityIdAlreadyExist")
    return {**records, **_update(records, given)}


def _delete(records: Records, given: Sequence[HbaItem]) -> Records:
    _check_known(records, given)
    gone = {item.priority for item in given}
    return {
        priority: item for priority, item in records.items() if priority not in gone
    }


def _modify(records: Records, given: Sequence[HbaItem]) -> Records:
    _check_known(records, given)
    return {**records, **_update(records, given)}


def _update(_: Records, given: Sequence[HbaItem]) -> Records:
    return {item.priority: item for item in given}


def _check_known(records: Records, given: Sequence[HbaItem]) -> None:
    if any(item.priority not in records for item in given):
        raise ApiError(code="HbaItemPriorityIdNotFound")


_OPERATIONS: Final[Mapping[str, Callable[[Records, Sequence[HbaItem]], Records]]] = {
    "add": _add,
    "delete": _delete,
    "modify": _modify,
    "update": _update,
}


def _written(item: HbaItem) -> Answer:
    return {
        "PriorityId": item.priority,
        "Type": item.type,
        "Database": item.database,
        "User": item.user,
        "Address": item.address,
        "Mask": item.mask or None,
        "Method": item.method,
        "Option": item.option or None,
    }
