"""
The filters of DescribeDBInstances: a table of small questions.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import endpoints, naming
from rds_emulator.state.model import Instance
from rds_emulator.state.temper import Temper

INSTANCE_TYPES: Final = ("Primary", "Readonly", "Guard", "Temp")

Question = Callable[[Instance, str], bool]

QUESTIONS: Final[Mapping[str, Question]] = {
    "Category": lambda instance, value: instance.category.lower() == value.lower(),
    "ConnectionMode": lambda _, value: value == "Standard",
    "ConnectionString": lambda instance, value: value in endpoints.host_names(instance),
    "DBInstanceClass": lambda instance, value: instance.instance_class == value,
    "DBInstanceId": lambda instance, value: instance.id == value,
    "DBInstanceStatus": lambda instance, value: instance.status == value,
    "DBInstanceType": lambda instance, value: instance.instance_type == value,
    "Engine": lambda instance, value: instance.engine.lower() == value.lower(),
    "EngineVersion": lambda instance, value: instance.engine_version == value,
    "InstanceNetworkType": lambda instance, value: instance.network_type == value,
    "PayType": lambda instance, value: instance.pay_type.lower() == value.lower(),
    "ResourceGroupId": lambda instance, value: instance.resource_group_id == value,
    "SearchKey": lambda instance, value: (
        value in instance.id or value in instance.description
    ),
    "VSwitchId": lambda instance, value: value in instance.vswitch_ids,
    "VpcId": lambda instance, value: instance.vpc_id == value,
    "ZoneId": lambda instance, value: value in instance.zones[:1],
}
NOT_MODELLED: Final = ("DedicatedHostGroupId", "DedicatedHostId", "Filter")


def select(
    instances: list[Instance],
    parameters: Parameters,
    *,
    now: datetime,
    temper: Temper,
) -> list[Instance]:
    """
    Return the instances that match every given filter.

    A filter that is not modelled is refused: ignoring it would list too much.
    """
    _check_modelled(parameters)
    parameters.choice(
        "DBInstanceType",
        INSTANCE_TYPES,
        refusal="InvalidDBInstanceType.ValueNotSupport",
    )
    expired = parameters.choice(
        "Expired", ("True", "False"), refusal="InvalidExpired.Format"
    )
    tags = naming.tag_filters_from(parameters.text("Tags"))
    asked = [
        (question, value)
        for name, question in QUESTIONS.items()
        if (value := parameters.text(name))
    ]
    return [
        instance
        for instance in instances
        if all(question(instance, value) for question, value in asked)
        and matches_tags(instance, tags, temper=temper)
        and (expired is None or _is_expired(instance, now) == (expired == "True"))
    ]


def _check_modelled(parameters: Parameters) -> None:
    for name in NOT_MODELLED:
        if name in parameters:
            raise ApiError(code="EmulatorNotImplemented", what=f"the filter {name}")


def matches_tags(
    instance: Instance, wanted: Mapping[str, str], *, temper: Temper
) -> bool:
    """
    Whether the filter Tags says yes to *instance*, as it does where none is wanted.
    """
    if not wanted or temper.tag_filter == "all":
        return has_tags(instance, wanted)
    return any(has_tags(instance, {key: value}) for key, value in wanted.items())


def has_tags(instance: Instance, wanted: Mapping[str, str]) -> bool:
    """
    Whether *instance* has all the tags; an empty value asks for the key alone.
    """
    tags = instance.tags
    return all(
        key in tags and value in ("", tags[key]) for key, value in wanted.items()
    )


def _is_expired(instance: Instance, now: datetime) -> bool:
    return instance.expires is not None and instance.expires <= now
