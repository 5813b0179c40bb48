"""
What programs and states know of the dynamic provider, without an engine.
"""

import base64
import pickletools
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest
from pulumi.dynamic.dynamic import serialize_provider

import pulumi
import pulumi_rdsclone as rdsclone
from pulumi_rdsclone.adapters.dynamic import CloneInstanceProvider
from pulumi_rdsclone.adapters.secret_marks import SECRET, SIGNATURE
from pulumi_rdsclone.domain.model import fields_of, groups_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.presentation.import_file import PROVIDER
from tests.adapters.programs import Engine, run
from tests.support.protocol import PICKLE
from tests.support.rows import row

OUTPUTS = [f.name for part in (CloneSpec, CloneOutputs) for f in fields_of(part)]
Inputs = dict[str, Any]
SOURCE: Inputs = {"source_instance_id": "rm-source", "restore_point": {"latest": "time"}}


def register(engine: Engine, **arguments: Any) -> Inputs:
    def program() -> pulumi.Output[str]:
        return rdsclone.CloneInstance("staging", **arguments).urn

    run(program)
    (registered,) = engine.registered
    engine.registered.clear()
    return {
        name: value
        for name, value in registered.inputs.items()
        if value is not None and name != "__provider"
    }


def output(engine: Engine, name: str) -> Any:
    told: list[Any] = []

    def program() -> Any:
        clone = rdsclone.CloneInstance("staging", **SOURCE)
        return cast("pulumi.Output[Any]", getattr(clone, name)).apply(told.append)

    run(program)
    assert engine.registered
    (value,) = told
    return value


def test_pickle_is_frozen() -> None:
    """
    The provider is stored in every user's state by this very text.
    """
    assert serialize_provider(CloneInstanceProvider()) == PICKLE == PROVIDER


def test_pickle_names_module_and_class_and_holds_no_code() -> None:
    texts = [
        argument
        for _, argument, _ in pickletools.genops(base64.b64decode(PICKLE))
        if isinstance(argument, str)
    ]

    assert texts == ["pulumi_rdsclone.adapters.dynamic", "CloneInstanceProvider"]


def test_pickle_is_loaded_as_the_server_loads_it() -> None:
    load = (
        "import base64, sys, dill; "
        "provider = dill.loads(base64.b64decode(sys.argv[1])); "
        "print(type(provider).__name__, vars(provider))"
    )

    done = subprocess.run(
        [sys.executable, "-c", load, PICKLE], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout == "CloneInstanceProvider {}\n"


def test_provider_is_no_secret() -> None:
    """
    A mere name needs no ciphertext in the state.
    """
    assert CloneInstanceProvider().serialize_as_secret_always is False


def test_import_loads_neither_the_sdk_nor_the_lifecycle() -> None:
    listing = (
        "import sys; from pulumi_rdsclone import CloneInstance; print('\\n'.join(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True, timeout=60
    )

    heavy = ("aliyunsdkcore", "alibabacloud", "pydantic", "tenacity", "requests")
    loaded = done.stdout.splitlines()
    assert "pulumi_rdsclone.adapters.dynamic" in loaded
    assert not [name for name in loaded if name.startswith(heavy)]
    assert "pulumi_rdsclone.adapters.dynamic_handlers" not in loaded


def test_everything_is_exported() -> None:
    groups = {f"{part.__name__}Args" for _, part in groups_of(CloneSpec)}

    assert {"CloneInstance", "CloneSet", *groups} <= set(rdsclone.__all__)
    assert all(getattr(rdsclone, name) for name in rdsclone.__all__)


def test_resource_has_its_frozen_type_and_provider(engine: Engine) -> None:
    run(lambda: rdsclone.CloneInstance("staging", **SOURCE))

    (registered,) = engine.registered
    assert registered.typ == "pulumi-python:dynamic:Clone"
    assert registered.name == "staging"
    assert registered.inputs["__provider"] == PICKLE


CLASSES: Inputs = {
    "source_instance_id": "rm-source",
    "restore_point": rdsclone.RestorePointArgs(backup_id="103"),
    "capacity": rdsclone.CapacityArgs(
        storage_gb=100, serverless=rdsclone.ServerlessArgs(min_rcu=0.5, max_rcu=8)
    ),
    "network": rdsclone.NetworkArgs(vpc_id="vpc-1", vswitch_ids=["vsw-1"]),
    "payment": rdsclone.PaymentArgs(type="Serverless", auto_pay=False),
    "tags": {"cost_center": "1"},
    "deletion_protection": False,
}
DICTS: Inputs = {
    **CLASSES,
    "restore_point": {"backup_id": "103"},
    "capacity": {"storage_gb": 100, "serverless": {"min_rcu": 0.5, "max_rcu": 8}},
    "network": {"vpc_id": "vpc-1", "vswitch_ids": ["vsw-1"]},
    "payment": {"type": "Serverless", "auto_pay": False},
}
REGISTERED = {
    "sourceInstanceId": "rm-source",
    "restorePoint": {"backupId": "103"},
    "capacity": {"storageGb": 100, "serverless": {"minRcu": 0.5, "maxRcu": 8}},
    "network": {"vpcId": "vpc-1", "vswitchIds": ["vsw-1"]},
    "payment": {"type": "Serverless", "autoPay": False},
    "tags": {"cost_center": "1"},
    "deletionProtection": False,
}


@pytest.mark.parametrize(
    "arguments",
    [
        row("args classes", CLASSES),
        row("plain dicts", DICTS),
        row("some of each", {**CLASSES, "capacity": DICTS["capacity"], "tags": CLASSES["tags"]}),
    ],
)
def test_classes_and_dicts_give_the_same_inputs(engine: Engine, arguments: Inputs) -> None:
    assert REGISTERED == register(engine, **arguments)


def test_outputs_are_taken_for_values_and_groups(engine: Engine) -> None:
    assert register(
        engine,
        source_instance_id=pulumi.Output.from_input("rm-source"),
        restore_point=pulumi.Output.from_input({"backup_id": "103"}),
        network={"vpc_id": pulumi.Output.from_input("vpc-1")},
    ) == {
        "sourceInstanceId": "rm-source",
        "restorePoint": {"backupId": "103"},
        "network": {"vpcId": "vpc-1"},
    }


def is_marked(value: Any) -> bool:
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def opened(value: Any) -> Any:
    """
    Return an input without the marks of its secrets.
    """
    if is_marked(value):
        return opened(value["value"])
    if isinstance(value, dict):
        return {key: opened(item) for key, item in value.items()}
    return [opened(item) for item in value] if isinstance(value, list) else value


def unmarked_texts(value: Any) -> Iterator[str]:
    """
    Yield the texts in an input that anybody may read.
    """
    if isinstance(value, dict) and not is_marked(value):
        for item in value.values():
            yield from unmarked_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from unmarked_texts(item)
    elif isinstance(value, str):
        yield value


ACCOUNTS: Inputs = {
    "ci_user": {"password": "Hidden-1", "privileges": {"my_shop": "ReadOnly"}},
    "sourceInstanceId": {"password": "Hidden-2"},
}
SSL: Inputs = {"server_cert": "public", "server_key": "Hidden-1"}


@pytest.mark.parametrize(
    "accounts",
    [
        row(
            "args classes",
            {
                "ci_user": rdsclone.AccountArgs(**ACCOUNTS["ci_user"]),
                "sourceInstanceId": rdsclone.AccountArgs(**ACCOUNTS["sourceInstanceId"]),
            },
        ),
        row("plain dicts", ACCOUNTS),
        row(
            "outputs inside",
            {
                "ci_user": {
                    "password": pulumi.Output.from_input("Hidden-1"),
                    "privileges": {"my_shop": pulumi.Output.from_input("ReadOnly")},
                },
                "sourceInstanceId": pulumi.Output.from_input({"password": "Hidden-2"}),
            },
        ),
        row("an output of all", pulumi.Output.from_input(ACCOUNTS)),
        row(
            "secrets already",
            {
                "ci_user": {**ACCOUNTS["ci_user"], "password": pulumi.Output.secret("Hidden-1")},
                "sourceInstanceId": {"password": pulumi.Output.secret("Hidden-2")},
            },
        ),
    ],
)
def test_passwords_are_secrets(engine: Engine, accounts: Any) -> None:
    inputs = register(engine, **SOURCE, accounts=accounts)

    assert ACCOUNTS == opened(inputs["accounts"])
    assert not [text for text in unmarked_texts(inputs) if "Hidden" in text]


@pytest.mark.parametrize(
    "ssl",
    [
        row("args", rdsclone.SslArgs(**SSL)),
        row("a dict", SSL),
        row("an output", pulumi.Output.from_input(SSL)),
    ],
)
def test_private_key_is_a_secret(engine: Engine, ssl: Any) -> None:
    inputs = register(engine, **SOURCE, ssl=ssl)

    assert {"serverCert": "public", "serverKey": "Hidden-1"} == opened(inputs["ssl"])
    assert not [text for text in unmarked_texts(inputs) if "Hidden" in text]


def test_other_inputs_are_no_secrets(engine: Engine) -> None:
    arguments = {
        "pg_hba": [{"user": "ci_user"}, rdsclone.PgHbaRuleArgs(database="my_shop")],
        "security_ips": {"my_group": ["10.0.0.1"]},
        "backup_policy": {"retention_days": 7},
        "parameters": {"wait_timeout": "60"},
    }

    inputs = register(engine, **SOURCE, **arguments)

    assert inputs == {
        "sourceInstanceId": "rm-source",
        "restorePoint": {"latest": "time"},
        "pgHba": [{"user": "ci_user"}, {"database": "my_shop"}],
        "securityIps": {"my_group": ["10.0.0.1"]},
        "backupPolicy": {"retentionDays": 7},
        "parameters": {"wait_timeout": "60"},
    }


def test_misspelt_names_are_kept(engine: Engine) -> None:
    """
    Names that no argument has reach the check, which knows the nearest one.
    """
    inputs = register(
        engine,
        source_instance_id="rm-source",
        restore_point={"backup": "103"},
        regoin="cn-hangzhou",
        accounts={"ci": {"pasword": "x"}},
        pg_hba=[{"metod": "md5"}],
    )

    assert inputs["regoin"] == "cn-hangzhou"
    assert inputs["accounts"] == {"ci": {"pasword": "x"}}
    assert inputs["pgHba"] == [{"metod": "md5"}]
    assert inputs["restorePoint"] == {"backup": "103"}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_is_an_attribute(engine: Engine, name: str) -> None:
    clones: list[rdsclone.CloneInstance] = []

    run(lambda: clones.append(rdsclone.CloneInstance("staging", **SOURCE)))

    assert engine.registered
    assert isinstance(getattr(clones[0], name), pulumi.Output)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instance_id", "staging"),
        ("id", "staging"),
        ("source_instance_id", "rm-source"),
        ("connection_string", "staging.rds"),
    ],
)
def test_outputs_resolve_to_what_the_engine_reports(engine: Engine, name: str, value: str) -> None:
    assert value == output(engine, name)


def test_group_of_outputs_has_attributes_in_snake_case(engine: Engine) -> None:
    restored = output(engine, "restored_from")

    assert restored.source_instance_id == "rm-source"
    assert restored.time == "2026-11-20T04:00:00Z"
    assert restored.backup_id is None
