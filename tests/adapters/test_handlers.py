from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from pytest_mock import MockerFixture

from pulumi_rdsclone.adapters import dynamic_handlers
from pulumi_rdsclone.adapters.calls import Call, ReportedError
from pulumi_rdsclone.adapters.dynamic_handlers import DynamicHandlers
from pulumi_rdsclone.adapters.handlers import Handlers
from pulumi_rdsclone.adapters.program import PROGRAM, Program
from pulumi_rdsclone.adapters.pulumi_server import ServerCall
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.lifecycle import checking
from tests.support.emulators import Emulator
from tests.support.protocol import settings

URN = "urn:pulumi:dev::shop::rdsclone:index:CloneInstance::"
REFUSED = ConfigurationError("set rdsclone:region")
NEWS = {"sourceInstanceId": "rm-demo-mysql80", "restorePoint": {"latest": "time"}}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(clone_seconds=0, delete_seconds=0) as running:
        yield running


@pytest.fixture
def configured(emulator: Emulator) -> DynamicHandlers:
    """
    Return a border that is configured for the emulator.
    """
    told = {
        "rdsclone:region": emulator.region,
        "rdsclone:endpoint": emulator.url,
        "rdsclone:accessKeyId": emulator.access_key_id,
        "rdsclone:accessKeySecret": emulator.access_key_secret,
    }
    fresh = DynamicHandlers()
    fresh.configure(told.get)
    return fresh


def test_clone_comes_changes_and_goes_without_pulumis_server(
    configured: DynamicHandlers, emulator: Emulator
) -> None:
    inputs = configured.check({}, NEWS).inputs
    created = configured.create(inputs)
    clone_id, outputs = created.id, created.outs
    assert outputs is not None
    wanted = configured.check(inputs, {**NEWS, "description": "second"}).inputs
    difference = configured.diff(outputs, wanted)
    updated = configured.update(clone_id, outputs, wanted).outs
    assert updated is not None
    read = configured.read(clone_id, updated)
    configured.delete(clone_id, updated)

    assert [True, []] == [difference.changes, difference.replaces]
    assert "second" == updated["description"]
    assert [clone_id, updated, None] == [read.id, read.outs, read.inputs]
    assert [] == [i for i in emulator.instances() if i.restored_from]


def test_clones_without_a_urn_are_told_apart(configured: DynamicHandlers) -> None:
    first = configured.check({}, NEWS).inputs
    second = configured.check({}, NEWS).inputs
    again = configured.check(first, NEWS).inputs

    assert first["cloneKey"] != second["cloneKey"]
    assert first == again


def test_internal_error_or_exit_is_one_line(
    configured: DynamicHandlers, mocker: MockerFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for bug in (ZeroDivisionError("oops"), SystemExit(3)):
        mocker.patch.object(checking, "check", side_effect=bug)

        with pytest.raises(ReportedError) as told:
            configured.check({}, NEWS)

        assert str(told.value) == (
            f"internal error in pulumi-rdsclone: {type(bug).__name__}: {bug} — run "
            "again with RDSCLONE_DEBUG=1 in the environment and report what it prints"
        )
    assert ("", "") == capfd.readouterr()


def test_debug_prints_the_traceback(
    configured: DynamicHandlers,
    mocker: MockerFixture,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RDSCLONE_DEBUG", "1")
    mocker.patch.object(checking, "check", side_effect=ZeroDivisionError)

    with pytest.raises(ReportedError):
        configured.check({}, NEWS)

    assert "ZeroDivisionError" in capfd.readouterr().err


def test_replacement_gets_the_next_key(configured: DynamicHandlers, mocker: MockerFixture) -> None:
    request = mocker.Mock(urn="urn:pulumi:dev::shop::x::staging", timeout=0)
    mocker.patch.object(dynamic_handlers, "current_call", return_value=ServerCall(request))
    first = configured.check({}, NEWS).inputs
    configured.check(first, {**NEWS, "restorePoint": {"latest": "backup"}})

    second = configured.check({}, {**NEWS, "restorePoint": {"latest": "backup"}})
    repeated = configured.check({}, {**NEWS, "restorePoint": {"latest": "backup"}})

    assert first["cloneKey"] != second.inputs["cloneKey"]
    assert second.inputs == repeated.inputs


def test_sibling_that_cannot_be_asked_about_does_not_hide_own_errors(
    configured: DynamicHandlers, mocker: MockerFixture
) -> None:
    asked = mocker.patch.object(
        checking, "check", wraps=checking.check, side_effect=[mocker.DEFAULT, REFUSED]
    )
    inputs = {**NEWS, "sourceInstanceId": "rm-nowhere"}
    other = {"name": "other", "inputs": NEWS, "nested": True, "recorded": None}

    checked = configured.check({}, {**inputs, PROGRAM: Program(clones=[other]).pack()})
    reasons = [failure.reason for failure in checked.failures]

    assert 2 == asked.call_count
    assert reasons[0].endswith("(source-exists)")
    assert ["other: set rdsclone:region"] == reasons[1:]


def test_every_source_can_be_imported_without_differences(emulator: Emulator) -> None:
    handlers = Handlers()
    handlers.configure(settings(emulator).get)
    ready = [instance for instance in emulator.instances() if instance.status == "Running"]
    wrong = {}
    for instance in ready:
        call = Call(SimpleNamespace(urn=URN + instance.id))
        name = f"{instance.region}/{instance.id}/rm-demo-mysql80"
        seen = handlers.read_for_import(call, name)
        assert seen.inputs is not None
        verdict = handlers.check(call, olds=seen.inputs, news=seen.inputs, program=Program())
        differences = handlers.diff(call, olds=seen.outputs, news=verdict.inputs)
        inputs = {"region": instance.region, **seen.inputs}
        if verdict.errors or differences or verdict.inputs != inputs:
            wrong[instance.id] = (verdict, differences)

    assert len(ready) > 20
    assert {} == wrong
