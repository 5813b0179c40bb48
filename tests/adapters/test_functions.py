"""
The functions as programs in Python and the engine call them.
"""

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pulumi.runtime import config, mocks, settings

import pulumi
import pulumi_rdsclone as rdsclone
from pulumi_rdsclone.adapters import python_functions
from pulumi_rdsclone.adapters.generated import functions
from pulumi_rdsclone.adapters.plugin.invoke import invoke
from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.model import fields_of
from pulumi_rdsclone.domain.type_tokens import token_of
from pulumi_rdsclone.lifecycle.functions import FUNCTIONS
from pulumi_rdsclone.presentation.spelling import to_camel
from tests.adapters.programs import run
from tests.lifecycle.fakes import Fakes
from tests.support.emulators import Emulator
from tests.support.rows import row

SOURCE = "rm-healthy"
SEED = {"instances": [{"id": SOURCE}, {"id": "rm-bare", "backups": []}]}


class Answers(mocks.Mocks):
    """
    Answers functions from a table, and remembers what it was asked.
    """

    def __init__(self, **answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return args.name, args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.asked.append((args.token, dict(args.args)))
        return self.answers[args.token.rpartition(":")[2]], []


@pytest.fixture(autouse=True)
def _clean_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    unwanted = ("ALIYUN_", "ALICLOUD_", "ALIBABA_CLOUD_", "RDSCLONE_")
    for name in list(os.environ):
        if name.startswith(unwanted):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    # Mocks outlive the test that set them.
    settings.reset_options()
    config.set_all_config({})
    yield
    config.set_all_config({})
    settings.reset_options()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Run a small world that the stack's configuration points at.
    """
    with Emulator(seed=SEED) as running:
        told = {
            "endpoint": running.url,
            "region": running.region,
            "accessKeyId": running.access_key_id,
            "accessKeySecret": running.access_key_secret,
        }
        config.set_all_config({f"rdsclone:{key}": told[key] for key in told})
        yield running


def python_name(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_exported(name: str) -> None:
    python = python_name(name)
    result = f"{name[0].upper()}{name[1:]}Result"

    exported = {python, f"{python}_output", result}
    assert exported <= set(rdsclone.__all__)
    assert all(getattr(rdsclone, name) is getattr(functions, name) for name in exported)
    assert rdsclone.FunctionError is python_functions.FunctionError


@pytest.mark.parametrize("name", FUNCTIONS)
def test_results_are_as_described(name: str) -> None:
    result = getattr(functions, f"{name[0].upper()}{name[1:]}Result")
    described = {field.name: field for field in fields_of(FUNCTIONS[name].result)}

    assert list(described) == [field.name for field in fields(result)]
    hints = get_type_hints(result)
    for field in described.values():
        if field.group:
            assert field.group.__name__ in str(hints[field.name])
            assert is_dataclass(getattr(functions, field.group.__name__))


@pytest.mark.usefixtures("emulator")
def test_plain_arguments_give_typed_answers() -> None:
    window = rdsclone.get_restorable_window(source_instance_id=SOURCE)
    sets = rdsclone.get_backups(source_instance_id=SOURCE, usable_only=True)
    newest = rdsclone.get_latest_backup(source_instance_id=SOURCE, region=None)
    point = rdsclone.RestorePointArgs(backup_id=newest.backup_id)
    found = rdsclone.check_clone(source_instance_id=SOURCE, restore_point=point)
    price = rdsclone.get_clone_price(source_instance_id=SOURCE, restore_point=point)

    assert window.spans[0].begin == window.earliest
    assert newest.backup_id == sets.backups[0].backup_id
    assert found.can_be_cloned
    assert found.time == newest.end_time
    assert found.estimated_price is not None
    assert found.estimated_price.amount == price.amount > 0


def test_environment_is_read_for_what_the_stack_does_not_configure(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.set_all_config({"rdsclone:endpoint": emulator.url})
    told = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": emulator.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.access_key_secret,
        "ALIBABA_CLOUD_REGION_ID": emulator.region,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)

    assert rdsclone.get_backups(source_instance_id=SOURCE).region == emulator.region


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        row("missing", {}, "source_instance_id: missing — give it a value"),
        row(
            "unheard of",
            {"source_instance_id": SOURCE, "befour": "2026-11-20T04:00:00Z"},
            "befour: no such property — did you mean before?",
        ),
        row(
            "wrong",
            {"source_instance_id": SOURCE, "before": "noon"},
            "before: 'noon' is not a time — write it like 2026-11-20T04:00:00Z",
        ),
        row(
            "no answer",
            {"source_instance_id": "rm-bare"},
            "source_instance_id: rm-bare has no usable backup set — create a backup of "
            "the source first",
        ),
        row(
            "output",
            {"source_instance_id": SOURCE, "before": [pulumi.Output.from_input("x")]},
            "an argument is an Output, which is not known yet — call the function "
            "whose name ends in _output",
        ),
    ],
)
def test_error_is_one_sentence_in_python_spelling(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(rdsclone.FunctionError) as refused:
        rdsclone.get_latest_backup(**arguments)

    assert text == str(refused.value).partition(" (")[0]
    assert isinstance(refused.value, pulumi.RunError)


def test_missing_region_is_told_with_a_remedy() -> None:
    with pytest.raises(rdsclone.FunctionError, match="no region is configured — set"):
        rdsclone.get_backups(source_instance_id=SOURCE)


def test_internal_error_is_one_line_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret")

    def fail(_settings: object) -> None:
        msg = "signed with s3cret"
        raise RuntimeError(msg)

    monkeypatch.setattr(python_functions, "_regions", fail)

    with pytest.raises(rdsclone.FunctionError) as told:
        rdsclone.get_backups(source_instance_id=SOURCE)
    assert str(told.value).startswith(
        "internal error in pulumi-rdsclone: RuntimeError: signed with *** — run again"
    )
    assert told.value.__suppress_context__ or told.value.__context__ is None


def test_mocks_answer_in_the_spelling_of_the_engine() -> None:
    answers = Answers(getClonePrice={"amount": 2.5, "currency": "CNY", "per": "hour"})
    mocks.set_mocks(answers, preview=False)
    told: list[rdsclone.GetClonePriceResult] = []

    def program() -> None:
        told.append(
            rdsclone.get_clone_price(source_instance_id=SOURCE, restore_point={"backup_id": "1"})
        )

    run(program)

    asked = {"sourceInstanceId": SOURCE, "restorePoint": {"backupId": "1"}}
    assert answers.asked == [("rdsclone:index:getClonePrice", asked)]
    assert told[0].amount == 2.5


def test_answer_of_a_mock_that_is_incomplete_is_told() -> None:
    mocks.set_mocks(Answers(getClonePrice={"amount": 2.5}), preview=False)

    def program() -> None:
        rdsclone.get_clone_price(source_instance_id=SOURCE, restore_point={})

    with pytest.raises(rdsclone.FunctionError, match="leaves out currency, per — add"):
        run(program)


def test_outputs_among_arguments_are_waited_for() -> None:
    answers = Answers(getClonePrice={"amount": 2.5, "currency": "CNY", "per": "hour"})
    mocks.set_mocks(answers, preview=False)
    told: list[float] = []

    def program() -> Any:
        source = pulumi.Output.from_input(SOURCE)
        price = rdsclone.get_clone_price_output(
            source_instance_id=source,
            restore_point=rdsclone.RestorePointArgs(backup_id=pulumi.Output.from_input("1")),
        )
        return price.amount.apply(told.append)

    run(program)

    assert told == [2.5]
    asked = {"sourceInstanceId": SOURCE, "restorePoint": {"backupId": "1"}}
    assert answers.asked == [("rdsclone:index:getClonePrice", asked)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_invoke_takes_and_gives_camel_case(name: str) -> None:
    asked: dict[str, Any] = {"sourceInstanceId": "rm-source"}
    if "Clone" in name:
        asked["restorePoint"] = {"backupId": "104"}

    told = invoke(token_of(name), asked, regions=Fakes().regions, is_unknown=lambda _: False)

    described = {to_camel(field.name) for field in fields_of(FUNCTIONS[name].result)}
    assert described >= set(told)
    assert None not in told.values()
    if name == "getBackups":
        assert {"backupId", "isUsable"} <= set(told["backups"][0])
    if name == "checkClone":
        assert told["problems"][0]["path"] == "restorePoint.backupId"


def test_invoke_of_an_unknown_token_names_those_there_are() -> None:
    with pytest.raises(RefusedError, match=r"no function a:b:c — use one of getRest"):
        invoke("a:b:c", {}, regions=Fakes().regions, is_unknown=lambda _: False)
