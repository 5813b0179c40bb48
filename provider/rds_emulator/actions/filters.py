"""
The filters of DescribeDBInstances: a table of small questions.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from rds_emulator import endpoints, naming
from rds_emulator.errors import ApiError
from rds_emulator.model import Instance
from rds_emulator.parameters import Parameters
from rds_emulator.temper import Temper

INSTANCE_TYPES = ("Primary", "Readonly", "Guard", "Temp")

Question = Callable[[Instance, str], bool]

QUESTIONS: Mapping[str, Question] = {
    "Category": lambda one, value: one.category.lower() == value.lower(),
    "ConnectionMode": lambda _, value: value == "Standard",
    "ConnectionString": lambda one, value: value in endpoints.host_names(one),
    "DBInstanceClass": lambda one, value: one.instance_class == value,
    "DBInstanceId": lambda one, value: one.id == value,
    "DBInstanceStatus": lambda one, value: one.status == value,
    "DBInstanceType": lambda one, value: one.instance_type == value,
    "Engine": lambda one, value: one.engine.lower() == value.lower(),
    "EngineVersion": lambda one, value: one.engine_version == value,
    "InstanceNetworkType": lambda one, value: one.network_type == value,
    "PayType": lambda one, value: one.pay_type.lower() == value.lower(),
    "ResourceGroupId": lambda one, value: one.resource_group_id == value,
    "SearchKey": lambda one, value: value in one.id or value in one.description,
    "VSwitchId": lambda one, value: value in one.vswitch_ids,
    "VpcId": lambda one, value: one.vpc_id == value,
    "ZoneId": lambda one, value: value in one.zones[:1],
}
NOT_MODELLED = ("DedicatedHostGroupId", "DedicatedHostId", "Filter")


def select(
    instances: list[Instance],
    parameters: Parameters,
    *,
    now: datetime,
    temper: Temper,
) -> list[Instance]:
    """
    Keep the instances that every given filter says yes to.

    A filter that is not modelled is refused: ignoring it would list too much.
    """
    for name in NOT_MODELLED:
        if name in parameters:
            raise ApiError(code="EmulatorNotImplemented", what=f"the filter {name}")
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
        one
        for one in instances
        if (not asked or all(question(one, value) for question, value in asked))
        and matches_tags(one, tags, temper)
        and (expired is None or _is_expired(one, now) == (expired == "True"))
    ]


def matches_tags(instance: Instance, wanted: Mapping[str, str], temper: Temper) -> bool:
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
