"""
What a key may do: RAM policies, as far as the emulator knows them.

A policy is kept as its owner wrote it and read here. Deny wins over Allow, and
what no statement allows is refused.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from rds_emulator.actions.registry import LOCATION, RDS, STS, Action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.request import Request
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import AccessKey

Policy = Mapping[str, object]

_POLICY_KEYS: Final = {"Version", "Statement"}
_STATEMENT_KEYS: Final = {"Effect", "Action", "Resource"}
_EFFECTS: Final = ("Allow", "Deny")


def check(key: AccessKey, action: Action, *, request: Request, cloud: Cloud) -> None:
    """
    Refuse a call that the key's policy does not allow.
    """
    if key.policy is None or action.product in (STS, LOCATION):
        return
    for resource in _resources(key, action, request=request, cloud=cloud):
        if not _allows(key.policy, action.permission, resource=resource):
            raise ApiError(code="Forbidden.RAM", action=action.permission)


def checked(policy: object, *, at: str) -> Policy:
    """
    Refuse a policy that is malformed or says what the emulator does not know.

    Args:
        policy: What the JSON parser made.
        at: Where it stands, for messages.
    """
    known = _object(policy, _POLICY_KEYS, at=at)
    statements = known.get("Statement")
    if not isinstance(statements, list | tuple):
        message = f"{at}.Statement: must be a list, not {statements!r}"
        raise DocumentError(message)
    for position, statement in enumerate(statements):
        _check_statement(statement, f"{at}.Statement[{position}]")
    return known


def denying(policy: Policy | None, actions: Sequence[str]) -> Policy:
    """
    Return *policy*, or one that allows everything, with a denial of *actions*.
    """
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    before = [everything] if policy is None else _statements(policy)
    denied = {"Effect": "Deny", "Action": list(actions), "Resource": "*"}
    return {"Version": "1", "Statement": [*before, denied]}


def _allows(policy: Policy, permission: str, *, resource: str) -> bool:
    effects = {
        statement["Effect"]
        for statement in _statements(policy)
        # RAM reads the names of actions in any case, those of resources exactly.
        if _is_any(
            permission.lower(), [name.lower() for name in _words(statement, "Action")]
        )
        and _is_any(resource, _words(statement, "Resource"))
    }
    return "Allow" in effects and "Deny" not in effects


def _resources(
    key: AccessKey, action: Action, *, request: Request, cloud: Cloud
) -> list[str]:
    given = request.parameters
    if action.product != RDS:
        region = given.get("RegionId") or cloud.account.regions[0].id
        network = _network(action, given)
        return [f"acs:{action.product.name}:{region}:{key.account_id}:{network}"]
    numbered = [
        value for name, value in given.items() if name.startswith("ResourceId.")
    ]
    # One action spells the parameter differently.
    named = given.get("DBInstanceId") or given.get("DbInstanceId")
    ids = [named] if named else numbered
    return [
        _instance_arn(key, instance_id, given=given, cloud=cloud)
        for instance_id in ids or ["*"]
    ]


def _network(action: Action, given: Mapping[str, str]) -> str:
    """
    Return the network of a call of the VPC API: one, or all where none is named.
    """
    if "VSwitch" in action.name:
        name = "" if action.name == "DescribeVSwitches" else given.get("VSwitchId")
        return f"vswitch/{name or '*'}"
    name = "" if action.name == "DescribeVpcs" else given.get("VpcId")
    return f"vpc/{name or '*'}"


def _instance_arn(
    key: AccessKey, instance_id: str, *, given: Mapping[str, str], cloud: Cloud
) -> str:
    region = given.get("RegionId")
    if not region:
        instance = cloud.instance(instance_id)
        region = instance.region if instance else cloud.account.regions[0].id
    return f"acs:rds:{region}:{key.account_id}:dbinstance/{instance_id}"


def _statements(policy: Policy) -> list[Policy]:
    statements: Any = policy["Statement"]
    return list(statements)


def _words(statement: Policy, name: str) -> list[str]:
    words: Any = statement.get(name, "*")
    return [words] if isinstance(words, str) else list(words)


def _is_any(text: str, patterns: Iterable[str]) -> bool:
    return any(_pattern(pattern).fullmatch(text) for pattern in patterns)


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    escaped = re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped)


def _check_statement(statement: object, at: str) -> None:
    entries = _object(statement, _STATEMENT_KEYS, at=at)
    if entries.get("Effect") not in _EFFECTS:
        message = f"{at}.Effect: must be Allow or Deny, not {entries.get('Effect')!r}"
        raise DocumentError(message)
    _check_words(entries.get("Action"), f"{at}.Action")
    _check_words(entries.get("Resource", "*"), f"{at}.Resource")


def _check_words(words: object, at: str) -> None:
    several = words if isinstance(words, list | tuple) else [words]
    if not several or not all(isinstance(word, str) for word in several):
        message = f"{at}: must be a text or a list of texts, not {words!r}"
        raise DocumentError(message)


def _object(value: object, known: set[str], *, at: str) -> Policy:
    if not isinstance(value, Mapping):
        message = f"{at}: must be an object, not {value!r}"
        raise DocumentError(message)
    for key in value:
        if key not in known:
            names = ", ".join(sorted(known))
            message = f"{at}.{key}: the emulator knows only {names}"
            raise DocumentError(message)
    return value
