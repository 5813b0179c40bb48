"""
No parameter of any action, whatever its value, makes the emulator fail.

RDS_EMULATOR_EXAMPLES says how many calls are made up for each action. The names and the
words come from the typed SDK's models, so that values are often nearly right.
"""

import inspect
import os
import re
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from alibabacloud_rds20140815 import models  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rds_emulator.actions import ACTIONS, Action
from rds_emulator.actions.registry import RDS
from rds_emulator.protocol import signing
from rds_emulator.protocol.reply import Reply
from rds_emulator.protocol.request import Request
from rds_emulator.seeds.opening import open_runtime
from rds_emulator.server.gateway import Gateway
from rds_emulator.server.runtime import Runtime
from tests.emulator.wire import MARIADB, MYSQL, POSTGRESQL, SQL_SERVER
from tests.support.rows import row

EXAMPLES: Final = int(os.environ.get("RDS_EMULATOR_EXAMPLES") or 12)
READS: Final = ("DescribeDBInstanceAttribute", "DescribeDBInstances", "DescribeDBInstanceNetInfo")

INSTANCES: Final = (MYSQL, POSTGRESQL, SQL_SERVER, MARIADB, "rm-demo-guard", "rm-x")
TEXTS: Final = (
    "", " ", "0", "1", "-1", "+1", "1.5", "1e9", "NaN", "٣", "²", "9" * 20, "9" * 5000, "true",
    "false", "True", "a", "a" * 3000, "é克隆", "\x00", "a\x00b", "\r\n", "\ud7ff", "😀" * 70, "{}",
    "[]", "null", "[1]", "{", '{"a":1}', '{"a":{"b":[]}}', '[{"a":null}]', "[" * 5000, "1" * 4400,
    '{"a":NaN}', '"a"', "[[]]", '{"MinCapacity":"x"}', '{"MinCapacity":1e999,"MaxCapacity":null}',
    '{"max_connections":1}', '{"max_connections":null}', '{"autovacuum":"' + "9" * 5000 + '"}',
    "2026-11-01T00:00:00Z", "2026-11-01T00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59Z", "0001-01-01T00:00Z", "2026-02-30T25:61Z", "00:00Z-00:00Z",
    "24:00Z-25:00Z", "10.0.0.1", "10.0.0.0/33", "::1/200", "0.0.0.0/0", "10.0.0.1,10.0.0.1", ",",
    ",,", "a,b", ":", "a:b", "%", "%s", "{name}", "..", "*", "?", "(", "\\", "Running",
    "cn-hangzhou", "cn-hangzhou-h",
)  # fmt: skip


@pytest.fixture(scope="module")
def runtime() -> Iterator[Runtime]:
    opened = open_runtime(db=None, source=None, speed=0, durations={})
    yield opened
    opened.cloud.store.close()


class _UndoError(Exception):
    pass


@contextmanager
def undone(runtime: Runtime) -> Iterator[None]:
    """
    Undo what the calls of the block have changed.
    """
    undo = _UndoError()
    with suppress(_UndoError), runtime.cloud.store.transaction():
        yield
        raise undo


@pytest.mark.parametrize("action", [row(found.title, found) for found in ACTIONS.values()])
def test_whatever_its_parameters_an_action_answers_or_refuses(
    runtime: Runtime, action: Action
) -> None:
    gateway = Gateway(runtime)
    instances = (*INSTANCES, *(found.id for found in runtime.cloud.instances()))
    backups = [found.id for found in runtime.cloud.store.backups(MYSQL)]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(calls=st.lists(_parameters(action, instances, backups), min_size=1, max_size=3))
    def attempt(calls: list[dict[str, str]]) -> None:
        with undone(runtime):
            for parameters in calls:
                _check(_answer(runtime, gateway, action, parameters), parameters)
            for name in READS:
                found = {"DBInstanceId": calls[0].get("DBInstanceId", MYSQL)}
                reader = ACTIONS[RDS.version, name]
                reply = _answer(runtime, gateway, reader, {"RegionId": "cn-hangzhou", **found})
                _check(reply, calls)

    attempt()


def test_whatever_was_called_before_an_action_answers_or_refuses(runtime: Runtime) -> None:
    gateway = Gateway(runtime)
    backups = [found.id for found in runtime.cloud.store.backups(MYSQL)]
    calls = st.sampled_from(sorted(ACTIONS)).flatmap(
        lambda key: st.tuples(
            st.just(ACTIONS[key]), _parameters(ACTIONS[key], INSTANCES[:4], backups)
        )
    )

    @settings(
        max_examples=10 * EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(calls=st.lists(calls, min_size=2, max_size=9), instance=st.sampled_from(INSTANCES[:4]))
    def attempt(calls: list[tuple[Action, dict[str, str]]], instance: str) -> None:
        with undone(runtime):
            for action, parameters in calls:
                named = {"DBInstanceId": instance, **parameters, "RegionId": "cn-hangzhou"}
                _check(_answer(runtime, gateway, action, named), calls)
            for action in (one for one in ACTIONS.values() if not one.writes):
                _check(_answer(runtime, gateway, action, {"DBInstanceId": instance}), calls)

    attempt()


def _check(reply: Reply, parameters: object) -> None:
    assert reply.status in {200, 400, 403, 404, 409, 501}, parameters
    assert reply.code != "InternalError"


def _answer(
    runtime: Runtime, gateway: Gateway, action: Action, parameters: Mapping[str, str]
) -> Reply:
    key = runtime.cloud.account.access_keys[0]
    query = {
        **parameters,
        "AccessKeyId": key.id,
        "Action": action.name,
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "Version": action.product.version,
    }
    text = signing.rpc_string_to_sign("POST", query)
    query["Signature"] = signing.rpc_signature(key.secret, text)
    return gateway.handle(Request(method="POST", path="/", query_string=urlencode(query)))


def _parameters(
    action: Action, instances: tuple[str, ...], backups: list[str]
) -> st.SearchStrategy[dict[str, str]]:
    names, words = _known(action)
    value = st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from((*words, *backups, *instances)),
        st.text(st.characters(codec="utf-8"), max_size=20),
        st.integers().map(str),
    )
    return st.builds(
        lambda most, some: {**most, **some},
        st.fixed_dictionaries(
            {},
            optional={
                "DBInstanceId": st.sampled_from(instances),
                "DbInstanceId": st.sampled_from(instances),
                "RegionId": st.just("cn-hangzhou"),
            },
        ),
        st.dictionaries(st.sampled_from(names), value, max_size=8),
    )


@cache
def _known(action: Action) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Return the names of the parameters of *action*, and the words of their descriptions.

    The typed SDK knows RDS alone: for other products, the words of the action's module.
    """
    if action.product is not RDS:
        source = inspect.getsource(sys.modules[action.run.__module__])
        return tuple(sorted({*re.findall(r'"([A-Z]\w+)"', source), "Tag.1.Key"})), ("a",)
    request = getattr(models, f"{action.name}Request")
    source = inspect.getsource(sys.modules[request.__module__])
    words = tuple(sorted({*re.findall(r"\*\*([\w.:/-]+)\*\*", source), "a"}))
    return tuple(_names(f"{action.name}Request")), words


def _names(model: str) -> Iterator[str]:
    found: Any = getattr(models, model)
    for name in re.findall(r"result\['(\w+)'\]", inspect.getsource(found.to_map)):
        yield name
        yield f"{name}.1"
        yield f"{name}.2"
        nested = f"{model}{name}"
        if hasattr(models, nested):
            for inner in _names(nested):
                yield f"{name}.1.{inner}"
                yield f"{name}.{inner}"
