"""
Every input with whatever may stand there, through the real processes of both borders.

Nothing that a program declares may break a call: it is accepted, waited for, or refused
in one sentence.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as drawing
from hypothesis import strategies as st
from pulumi.runtime.proto import engine_pb2

from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.secret_marks import OUTPUT, SECRET, SIGNATURE
from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.presentation.spelling import to_camel
from tests.support.emulators import Emulator
from tests.support.engine import Entry
from tests.support.protocol import CallError, Provider, started
from tests.support.rows import row
from tests.support.stacks import BORDERS, Border

Path = tuple[str | int, ...]

CASES: Final = int(os.environ.get("RDSCLONE_CASES", "150"))
SEED: Final = int(os.environ.get("RDSCLONE_SEED", "20261128"))

SOURCES: Final = (
    "rm-demo-mysql80",
    "rm-demo-postgresql16",
    "rm-demo-sqlserver2022",
    "rm-demo-mariadb106",
)

SAMPLE: Final[Mapping[str, Any]] = {
    "sourceInstanceId": "rm-demo-mysql80",
    "restorePoint": {
        "time": "2026-11-20T04:00:00Z",
        "backupId": "1000000101",
        "latest": "backup",
        "before": "2099-01-01T00:00:00Z",
    },
    "region": "cn-hangzhou",
    "edition": "HighAvailability",
    "zones": ["cn-hangzhou-h", "cn-hangzhou-i"],
    "capacity": {
        "instanceClass": "mysql.n2.medium.2c",
        "storageGb": 200,
        "storageType": "cloud_essd",
        "bursting": True,
        "ioAcceleration": True,
        "dedicatedHostGroupId": "dhg-1",
        "serverless": {"minRcu": 1, "maxRcu": 8, "autoPause": True, "switchForce": True},
    },
    "network": {
        "type": "VPC",
        "vpcId": "vpc-demo",
        "vswitchIds": ["vsw-demo-h", "vsw-demo-i"],
        "privateIpAddress": "10.0.0.9",
        "connectionPrefix": "orders",
        "port": 3307,
        "publicEndpoint": True,
        "publicConnectionPrefix": "orders-open",
        "publicPort": 3308,
    },
    "payment": {
        "type": "Subscription",
        "period": "Month",
        "duration": 1,
        "autoPay": True,
        "autoRenew": True,
        "autoRenewMonths": 1,
    },
    "databases": {"app": "app"},
    "tables": {"app.orders": "orders"},
    "securityIps": {"default": ["10.0.0.0/16", "10.1.0.1"]},
    "accounts": {
        "ci": {
            "password": "New-ci-1234",
            "type": "Normal",
            "description": "pipeline",
            "privileges": {"app": "ReadOnly"},
        }
    },
    "accountsExclusive": True,
    "ssl": {
        "enabled": True,
        "caType": "custom",
        "serverCert": "certificate",
        "serverKey": "key",
        "clientCaCert": "authority",
        "clientCertRevocationList": "revoked",
        "acl": "cert",
        "replicationAcl": "cert",
        "forceEncryption": True,
        "tlsVersion": "1.2",
    },
    "encryption": {"enabled": True, "key": "key-1", "roleArn": "acs:ram::1:role/rds"},
    "parameters": {"wait_timeout": "3600"},
    "allowRestart": True,
    "pgHba": [
        {
            "type": "host",
            "database": "all",
            "user": "all",
            "address": "10.0.0.0",
            "mask": "255.0.0.0",
            "method": "md5",
            "option": "",
        }
    ],
    "highAvailability": {"mode": "RPO", "syncMode": "Sync"},
    "tcpConnectionType": "SHORT",
    "backupPolicy": {
        "days": ["Monday", "Friday"],
        "time": "02:00Z-03:00Z",
        "retentionDays": 14,
        "logBackup": True,
        "logRetentionDays": 7,
    },
    "sqlAudit": True,
    "monitoringPeriod": 60,
    "minorVersionUpgrade": "Auto",
    "resourceGroupId": "rg-acfmy1",
    "maintenanceWindow": "18:00Z-22:00Z",
    "description": "staging",
    "tags": {"team": "data"},
    "deletionProtection": True,
    "refreshTrigger": "1",
    "ttl": "48h",
    "expiresAt": "2099-01-01T00:00:00Z",
    "onDelete": "release",
    "releasedKeepPolicy": "None",
    "adopt": "interrupted",
    "createTimeout": "90m",
    "maxPricePerHour": 9.5,
    "checks": {"skip": ["source-idle"], "onUnverifiable": "warn"},
}
"""A value for every input; not all of them go together."""

SHORTEST: Final = {
    "sourceInstanceId": SAMPLE["sourceInstanceId"],
    "restorePoint": {"latest": "time"},
}

UNKNOWN: Final = make_unknown()

VALUES: Final[Mapping[str, Any]] = {
    "unknown": UNKNOWN,
    "list of unknown": [UNKNOWN],
    "map of unknown": {"k": UNKNOWN},
    "none": None,
    "empty text": "",
    "blank": "  ",
    "empty list": [],
    "empty map": {},
    "true": True,
    "zero": 0,
    "negative": -1,
    "fraction": 1.5,
    "huge": 1e300,
    "text": "text",
    "emoji": "\N{PILE OF POO}",
    "300 characters": "x" * 300,
    "control characters": "a\n\x00\x1b[31m",
    "address": "http://example.com",
    "list": ["text", "text"],
    "list of numbers": [1, 2],
    "list of lists": [["text"]],
    "map": {"k": "text"},
    "map of maps": {"k": {"k": {"k": "text"}}},
    "odd keys": {"": "text", " ": "text", "a.b[0]": "text", "\N{PILE OF POO}": "x"},
}
"""What somebody may declare anywhere."""

MARKS: Final[Mapping[str, Any]] = {
    "secret": {SIGNATURE: SECRET, "value": "text"},
    "unknown secret": {SIGNATURE: SECRET, "value": UNKNOWN},
    "unknown output": {SIGNATURE: OUTPUT, "secret": True},
    "known output": {SIGNATURE: OUTPUT, "value": "text", "secret": True},
}
"""The same as the plugin gets them marked; the engine takes the marks off before."""

OF_OURS: Final = re.compile(
    r"internal error|Traceback|Error:|UNKNOWN|object at 0x"
    f"|{UNKNOWN}|{SIGNATURE}"
)
"""What no message may hold."""


def values_of(border: Border) -> Mapping[str, Any]:
    return VALUES if border == "dynamic" else {**VALUES, **MARKS}


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    """
    Yield every place in *tree* but its root: groups, fields, entries and items.

    What is marked as a secret is one value.
    """
    keys = tree.items() if isinstance(tree, Mapping) else enumerate(tree)
    for key, value in keys:
        yield (*path, key)
        if isinstance(value, Mapping | list) and SIGNATURE not in value:
            yield from places(value, (*path, key))


def declared_with(path: Path, value: Any) -> dict[str, Any]:
    """
    Return the inputs of a short clone with *value* at *path* of the sample.
    """
    root = path[0]
    branch: dict[str, Any] = {str(root): deepcopy(SAMPLE[str(root)])}
    place: Any = branch
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return {**SHORTEST, **branch}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(clone_seconds=0, delete_seconds=0, change_seconds=0) as running:
        yield running


@pytest.fixture(scope="module")
def providers(
    emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Border, Provider]]:
    with ExitStack() as stack:
        running = {
            border: stack.enter_context(started(border, tmp_path_factory.mktemp(border)))
            for border in BORDERS
        }
        for provider in running.values():
            provider.configure(emulator)
        yield running


@pytest.fixture(scope="module")
def made(providers: dict[Border, Provider]) -> dict[Border, Entry]:
    return {b: p.make(f"made-{b}", SHORTEST) for b, p in providers.items()}


def complaints(provider: Provider, name: str, declared: dict[str, Any]) -> list[str]:
    """
    Return all that is said of a clone that is to be made as *declared*.
    """
    provider.listener.messages.clear()
    try:
        checked = provider.check(name, declared)
        if provider.border == "plugin":
            provider.create(name, checked.inputs, preview=True)
        return [*checked.failures, *said(provider)]
    except CallError as error:
        return [error.text, *said(provider)]


def complaints_of_change(provider: Provider, old: Entry, declared: dict[str, Any]) -> list[str]:
    """
    Return all that is said of a clone that exists and is declared otherwise.
    """
    name = f"made-{provider.border}"
    provider.listener.messages.clear()
    try:
        checked = provider.check(name, declared, old.inputs)
        if checked.failures:
            return [*checked.failures, *said(provider)]
        provider.diff(name, old, checked.inputs)
    except CallError as error:
        return [error.text, *said(provider)]
    return said(provider)


def refusals(provider: Provider, name: str, declared: dict[str, Any]) -> set[str]:
    """
    Return which checks refuse which inputs of a clone that is to be made.
    """
    texts = complaints(provider, name, declared)
    advice = {*provider.listener.told(engine_pb2.WARNING)}
    found = re.compile(r"(?s)(?P<path>\S+): .+ \((?P<check>[a-z0-9-]+)\)")
    matches = (found.fullmatch(text) for text in texts if text not in advice)
    return {f"{match['path']} ({match['check']})" for match in matches if match}


def said(provider: Provider) -> list[str]:
    """
    Return what the provider told the engine, but for what passes.
    """
    return [m.message for m in provider.listener.messages if not m.ephemeral]


def fields_below(part: type[FieldGroup], path: str = "") -> Iterator[str]:
    """
    Yield the path of every field in camelCase; entries and items are left out.
    """
    for field in fields_of(part):
        yield from _field_and_below(field, f"{path}{to_camel(field.name)}")


def _field_and_below(field: Field, path: str) -> Iterator[str]:
    yield path
    if field.group:
        yield from fields_below(field.group, f"{path}.")


def test_sample_has_every_input() -> None:
    entries = {"accounts": 1, "pgHba": 1}
    found = set()
    for place in places(SAMPLE):
        skipped = entries.get(str(place[0]), 0)
        steps = [place[0], *place[1 + skipped :]] if skipped else list(place)
        found.add(".".join(map(str, steps)))

    assert set(fields_below(CloneSpec)) <= found


PLACES: Final = [row(".".join(map(str, place)), place) for place in places(SAMPLE)]


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_declared_is_accepted_or_refused_in_words(
    place: Path, border: Border, providers: dict[Border, Provider]
) -> None:
    for case, value in values_of(border).items():
        declared = declared_with(place, value)
        for text in complaints(providers[border], "walk", declared):
            assert not OF_OURS.search(text), (case, text)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_changed_is_accepted_or_refused_in_words(
    place: Path, border: Border, providers: dict[Border, Provider], made: dict[Border, Entry]
) -> None:
    for case, value in values_of(border).items():
        declared = declared_with(place, value)
        for text in complaints_of_change(providers[border], made[border], declared):
            assert not OF_OURS.search(text), (case, text)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("place", PLACES)
def test_unknown_refuses_nothing(
    place: Path, border: Border, providers: dict[Border, Provider]
) -> None:
    """
    A value that is not known yet is no reason to refuse a clone.

    What is wrong with the other inputs is.
    """
    value: Any = SAMPLE
    for step in place:
        value = value[step]
    provider = providers[border]
    known_to_be_wrong = refusals(provider, "walk", declared_with(place, value))

    assert refusals(provider, "walk", declared_with(place, UNKNOWN)) <= (known_to_be_wrong)


@st.composite
def programs(draw: st.DrawFn, values: Mapping[str, Any]) -> dict[str, Any]:
    """
    Draw what somebody declares who knows little, with one to four odd values.
    """
    declared = deepcopy(dict(SHORTEST))
    roots = draw(st.lists(st.sampled_from(sorted(SAMPLE)), max_size=6, unique=True))
    declared |= {root: deepcopy(SAMPLE[root]) for root in roots}
    declared["sourceInstanceId"] = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.sampled_from(list(places(declared))))
        group: Any = declared
        for step in place[:-1]:
            group = group[step]
        group[place[-1]] = deepcopy(values[draw(st.sampled_from(sorted(values)))])
    return declared


@pytest.mark.parametrize("border", BORDERS)
def test_every_program_is_answered_in_sentences(
    border: Border, providers: dict[Border, Provider], made: dict[Border, Entry]
) -> None:
    """
    RDSCLONE_CASES asks for more programs, RDSCLONE_SEED for others.
    """

    @drawing(
        max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @seed(SEED)
    @given(declared=programs(values_of(border)))
    def answer(declared: dict[str, Any]) -> None:
        provider = providers[border]
        for text in (
            *complaints(provider, "drawn", declared),
            *complaints_of_change(provider, made[border], declared),
        ):
            assert not OF_OURS.search(text), text

    answer()
