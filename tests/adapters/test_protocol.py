"""
The engine's sequences of calls, played to the provider's real processes.

Each is what the engine sends for one thing that a user does; both borders must answer
alike. There is no sequence 14 in the list that these are taken from.
"""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, provider_pb2

from pulumi_rdsclone.version import VERSION
from tests.support.concurrent_creates import NEWS, create_concurrently
from tests.support.emulators import Emulator
from tests.support.engine import Entry
from tests.support.protocol import PATIENCE, PICKLE, CallError, Provider, settings, started, struct
from tests.support.stacks import BORDERS, Border
from tests.support.waiting import wait_for

Start = Callable[[Border], Provider]
Inputs = dict[str, Any]

ABSENT: Final[Mapping[str, Mapping[Border, str]]] = {
    "1 boot, dynamic": {"plugin": "it boots by sequence 2"},
    "2 boot, plugin": {"dynamic": "it boots by sequence 1"},
    "3 preview of a create, answered": {
        "dynamic": "Pulumi's server offers no preview, so the engine does not ask it"
    },
    "3 preview of refused creates": {"dynamic": "its Check refuses, so nothing is created"},
    "10 import": {"dynamic": "Pulumi's server looks for __provider, of which an import has none"},
    "16 secrets, marked": {
        "dynamic": "Pulumi's server takes no marks, so the engine keeps them itself"
    },
}
"""The sequences that the engine does not play to one of the borders, and why."""

NONE: Final = provider_pb2.DiffResponse.DIFF_NONE
SOME: Final = provider_pb2.DiffResponse.DIFF_SOME

GOODBYE_SECONDS: Final = 2.0
BATCH_SECONDS: Final = 8.0
"""Half of it on two busy cores, 1.5 on idle ones; four at a time would take 37."""

LATENCY_SECONDS: Final = 0.5
"""0.01 to 0.05 once the orders are placed; `make bench` holds the median at 0.1."""


def played(sequence: str) -> pytest.MarkDecorator:
    """
    Play a sequence to the borders to which the engine plays it.
    """
    absent = ABSENT.get(sequence, {})
    borders = [border for border in BORDERS if border not in absent]
    return pytest.mark.parametrize("border", borders)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(clone_seconds=0, delete_seconds=0) as running:
        yield running


@pytest.fixture(scope="module")
def shared(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """
    Return a configured provider of a border, always the same one.
    """
    running: dict[Border, Provider] = {}

    def start(border: Border) -> Provider:
        if border not in running:
            folder = tmp_path_factory.mktemp(border)
            running[border] = stack.enter_context(started(border, folder))
            running[border].configure(emulator)
        return running[border]

    with ExitStack() as stack:
        yield start


@pytest.fixture
def provider(border: Border, shared: Start) -> Provider:
    """
    Return the provider that sequences share which do not end it.
    """
    return shared(border)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda border: stack.enter_context(started(border, tmp_path))


@pytest.fixture
def clone(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)


def values_in(tree: Any) -> Iterator[Any]:
    """
    Return all values in *tree* that are no groups.
    """
    if isinstance(tree, Mapping):
        tree = list(tree.values())
    if isinstance(tree, list):
        for item in tree:
            yield from values_in(item)
    else:
        yield tree


def writes(emulator: Emulator) -> list[str]:
    """
    Return what was written, without the marks that earlier clones get a second later.
    """
    actions = [call.action for call in emulator.journal.writes()]
    return [action for action in actions if action != "TagResources"]


def is_there(emulator: Emulator, instance_id: str) -> bool:
    return instance_id in [instance.id for instance in emulator.instances()]


@played("1 boot, dynamic")
def test_boot_of_the_dynamic_server(border: Border, start: Start) -> None:
    """
    The server does not know the calls about configuration, and that harms nothing.
    """
    provider = start(border)
    with Emulator() as emulator:
        answer = provider.configure(emulator)
        for method in ("CheckConfig", "DiffConfig"):
            request = getattr(provider_pb2, method.replace("Config", "Request"))
            with pytest.raises(CallError, match=f"{method} is not implemented"):
                provider.call(method, request())

        assert not answer.acceptSecrets
        assert not answer.supportsPreview
        assert provider.must_check("staging", NEWS)


@played("2 boot, plugin")
def test_plugin_names_its_version_and_offers_previews(border: Border, start: Start) -> None:
    provider = start(border)
    with Emulator() as emulator:
        told = struct(settings(emulator))
        request = provider_pb2.CheckRequest(news=told)
        with pytest.raises(CallError, match="not implemented"):
            provider.call("Handshake", provider_pb2.ProviderHandshakeRequest())
        info = provider.call("GetPluginInfo", empty_pb2.Empty())
        checked = provider.call("CheckConfig", request)
        answer = provider.configure(emulator)

        assert VERSION == info.version
        assert (told, []) == (checked.inputs, list(checked.failures))
        assert answer.acceptSecrets
        assert answer.supportsPreview
        assert provider.must_check("staging", NEWS)


@played("3 check of a preview")
def test_unknown_values_pass_check(provider: Provider, emulator: Emulator, clone: str) -> None:
    unknown = {"backupId": rpc.UNKNOWN}
    emulator.journal.clear()

    inputs = provider.must_check(
        clone, {**NEWS, "restorePoint": unknown, "tags": {"a": rpc.UNKNOWN}, "zones": rpc.UNKNOWN}
    )

    assert unknown == inputs["restorePoint"]
    assert {"a": rpc.UNKNOWN} == inputs["tags"]
    assert rpc.UNKNOWN == inputs["zones"]
    assert [] == writes(emulator)


@played("3 preview of a create, answered")
def test_computed_outputs_are_unknown(provider: Provider, emulator: Emulator, clone: str) -> None:
    inputs = provider.must_check(clone, {**NEWS, "tags": {"a": rpc.UNKNOWN}})
    emulator.journal.clear()

    made = provider.create(clone, inputs, preview=True)

    assert inputs.items() <= made.outputs.items()
    for name in ("instanceId", "status", "connectionString", "port", "zones"):
        assert rpc.UNKNOWN == made.outputs[name]
    assert [] == writes(emulator)


@played("3 preview of refused creates")
def test_every_refused_create_is_told_before_one_ends_the_preview(
    border: Border, start: Start, emulator: Emulator
) -> None:
    provider = start(border)
    provider.configure(emulator)
    wrong = {**NEWS, "sourceInstanceId": "rm-nowhere"}
    checked = {"one": wrong, "two": wrong, "healthy": NEWS}
    inputs = {n: provider.must_check(n, news) for n, news in checked.items()}

    listener = provider.listener
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(provider.create, "one", inputs["one"], preview=True)
        wait_for(lambda: listener.told(engine_pb2.ERROR) or first.done())
        for name in ("two", "healthy"):
            provider.create(name, inputs[name], preview=True)
    errors = [m for m in listener.messages if m.severity == engine_pb2.ERROR]

    assert "2 clones cannot be made or changed as declared; nothing was ordered" == str(
        first.exception()
    )
    assert {provider.urn("one"), provider.urn("two")} == {m.urn for m in errors}
    assert all(m.message.endswith("(source-exists)") for m in errors)


@played("4 create")
def test_created_clone_has_an_id_and_no_unknown_output(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    made = provider.make(clone, NEWS, timeout=5400)

    assert is_there(emulator, made.id)
    assert made.id == made.outputs["instanceId"]
    assert "Running" == made.outputs["status"]
    assert made.inputs.items() <= made.outputs.items()
    assert rpc.UNKNOWN not in values_in(made.outputs)


@played("4 create, refused")
def test_clone_that_cannot_be_created_is_refused(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    checked = provider.check(clone, {**NEWS, "sourceInstanceId": "rm-nowhere"})
    failures = checked.failures
    emulator.journal.clear()
    if provider.border == "plugin":
        assert [] == failures
        with pytest.raises(CallError) as refused:
            provider.create(clone, checked.inputs)
        failures = [refused.value.text]
        assert refused.value.kept is None

    (failure,) = failures
    assert "rm-nowhere" in failure
    assert failure.endswith("(source-exists)")
    assert [] == writes(emulator)


@played("5 no change")
def test_same_inputs_make_no_difference(provider: Provider, clone: str) -> None:
    news = {**NEWS, "capacity": {"storageGb": 100}, "tags": {"b": "1", "a": "2"}}
    first = provider.check(clone, news)
    made = provider.create(clone, first.inputs)

    second = provider.check(clone, news, made.inputs)
    difference = provider.diff(clone, made, second.inputs)

    assert first.wire == second.wire
    assert (NONE, []) == (difference.changes, list(difference.replaces))


@played("6 update")
def test_update_keeps_the_clone_and_its_outputs(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    made = provider.make(clone, NEWS)
    inputs = provider.must_check(clone, {**NEWS, "description": "new"}, made.inputs)

    difference = provider.diff(clone, made, inputs)
    updated = provider.update(clone, made, inputs)

    assert (SOME, []) == (difference.changes, list(difference.replaces))
    assert {**made.outputs, "description": "new"} == updated.outputs
    assert "new" == emulator.instance(made.id).description


@played("7 replacement")
@pytest.mark.parametrize("first", ["create", "delete"])
def test_other_restore_point_replaces_the_clone(
    provider: Provider, emulator: Emulator, clone: str, first: str
) -> None:
    old = provider.make(clone, NEWS)
    news = {**NEWS, "restorePoint": {"latest": "backup"}}
    inputs = provider.must_check(clone, news, old.inputs)

    difference = provider.diff(clone, old, inputs)
    if first == "delete":
        provider.delete(clone, old)
    new = provider.make(clone, news)
    if first == "create":
        provider.delete(clone, old)

    assert (SOME, ["restorePoint"]) == (difference.changes, list(difference.replaces))
    assert old.inputs["cloneKey"] != new.inputs["cloneKey"]
    assert not is_there(emulator, old.id)
    assert is_there(emulator, new.id)


@played("8 refresh")
def test_refresh_without_changes_gives_what_is_recorded(provider: Provider, clone: str) -> None:
    made = provider.make(clone, {**NEWS, "description": "ours"})

    seen = provider.read(clone, made)

    assert made == seen
    assert NONE == provider.diff(clone, seen, made.inputs).changes


@played("8 refresh, drift")
def test_drift_shows_in_the_inputs_that_are_read(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    made = provider.make(clone, {**NEWS, "description": "ours"})
    emulator.change(made.id, description="by_hand")

    seen = provider.read(clone, made)

    assert seen is not None
    assert {**made.inputs, "description": "by_hand"} == seen.inputs
    difference = provider.diff(clone, seen, made.inputs)
    assert (SOME, []) == (difference.changes, list(difference.replaces))


@played("9 refresh, gone")
def test_gone_clone_has_no_id_and_is_made_again(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    made = provider.make(clone, NEWS)
    emulator.remove(made.id)

    assert provider.read(clone, made) is None
    assert made.id != provider.make(clone, NEWS).id


@played("9 refresh, denied")
def test_clone_that_may_not_be_read_is_not_gone(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    made = provider.make(clone, NEWS)
    emulator.deny("rds:DescribeDBInstanceAttribute")
    try:
        with pytest.raises(CallError, match="DescribeDBInstanceAttribute") as denied:
            provider.read(clone, made)
    finally:
        emulator.allow_all()

    assert denied.value.kept is None
    assert made == provider.read(clone, made)


@played("10 get")
def test_get_reads_a_clone_by_its_id(provider: Provider, clone: str) -> None:
    made = provider.make(clone, NEWS)
    said = {"region": "cn-hangzhou"}

    seen = provider.read(clone, Entry(id=made.id, inputs=said, outputs=said))

    assert seen is not None
    assert made.id == seen.outputs["instanceId"]
    assert made.outputs["connectionString"] == seen.outputs["connectionString"]


@played("10 import")
@pytest.mark.parametrize("form", ["{id}", "{region}/{id}", "{region}/{id}/{source}"])
def test_imported_clone_has_no_differences(provider: Provider, clone: str, form: str) -> None:
    made = provider.make(f"{clone}-made", NEWS)
    told = {"region": "cn-hangzhou", "source": "rm-demo-mysql80"}

    seen = provider.read_only_id(clone, form.format(id=made.id, **told))
    inputs = provider.must_check(clone, seen.inputs, seen.inputs)

    assert made.id == seen.id
    assert made.inputs["cloneKey"] == inputs["cloneKey"]
    assert "rm-demo-mysql80" == inputs["sourceInstanceId"]
    assert NONE == provider.diff(clone, seen, inputs).changes


@played("11 failure and resumption")
def test_clone_that_is_late_is_kept_and_continued(
    provider: Provider, start: Start, emulator: Emulator, clone: str
) -> None:
    emulator.faults.order_course(("Creating", 600), "Running")
    with pytest.raises(CallError) as failed:
        provider.make(clone, NEWS, timeout=0.1)
    kept = failed.value.kept
    assert kept is not None
    old = Entry(id=kept.id, inputs=provider.must_check(clone, NEWS), outputs=kept.outputs)
    with pytest.raises(CallError) as refreshed:
        provider.read(clone, old)
    emulator.change(old.id, status="Running")
    after = start(provider.border)
    after.configure(emulator)

    inputs = after.must_check(clone, NEWS, old.inputs)
    difference = after.diff(clone, old, inputs)
    updated = after.update(clone, old, inputs)

    assert failed.value.text.startswith(f"{old.id} is still Creating")
    assert old.inputs.items() <= old.outputs.items()
    assert refreshed.value.kept is not None
    assert old.id == refreshed.value.kept.id
    assert old.inputs == inputs
    assert (SOME, []) == (difference.changes, list(difference.replaces))
    assert "Running" == updated.outputs["status"]
    assert 1 == [instance.id for instance in emulator.instances()].count(old.id)


@played("12 cancel")
def test_cancel_ends_a_create_with_the_clone_kept(
    border: Border, start: Start, emulator: Emulator, clone: str
) -> None:
    provider = start(border)
    provider.configure(emulator)
    inputs = provider.must_check(clone, NEWS)
    emulator.faults.order_course(("Creating", 600), "Running")
    emulator.journal.clear()
    with ThreadPoolExecutor(1) as pool:
        create = pool.submit(provider.create, clone, inputs)
        wait_for(lambda: emulator.journal.count("CloneDBInstance") or create.done())
        begun = time.monotonic()
        provider.cancel()
        error = create.exception(GOODBYE_SECONDS)
        seconds = time.monotonic() - begun
    provider.cancel()
    provider.cancel()

    assert seconds < GOODBYE_SECONDS
    assert isinstance(error, CallError)
    assert error.kept is not None
    assert is_there(emulator, error.kept.id)
    assert error.kept.id in error.text
    assert provider.must_check(clone, NEWS, inputs) == inputs
    provider.process.send_signal(signal.SIGINT)
    assert 0 == provider.process.wait(PATIENCE)


@played("13 load")
def test_hundred_clones_take_hardly_longer_than_one(border: Border, start: Start) -> None:
    provider = start(border)
    # The cloud lets ten orders through in a second, which is not measured here.
    with Emulator(clone_seconds=3, temper="ideal") as emulator:
        provider.configure(emulator)
        batch = create_concurrently(provider)

    assert 100 == len({instance.id for instance in batch.made})
    assert batch.more_seconds < BATCH_SECONDS
    # Checks beside the burst of orders share its processors, so the quickest tells
    # whether clones that wait hold them up: it would take as long as the waits.
    assert min(batch.latencies) < LATENCY_SECONDS


RECORDED_INPUTS: Final[Inputs] = {
    "cloneKey": "976f29cd2941f41618e35e6998742653",
    "region": "cn-hangzhou",
    "restorePoint": {"latest": "time"},
    "sourceInstanceId": "rm-gone-long-ago",
}
RECORDED_OUTPUTS: Final[Inputs] = {
    **RECORDED_INPUTS,
    "capacity": {
        "instanceClass": "mysql.n2.medium.2c",
        "storageGb": 100.0,
        "storageType": "cloud_essd",
    },
    "createdTime": "2026-11-23T11:17:37Z",
    "deletionProtection": False,
    "description": "",
    "edition": "HighAvailability",
    "engine": "MySQL",
    "engineVersion": "8.0",
    "estimatedPrice": {"currency": "CNY", "per": "hour", "amount": 2.25},
    "network": {"type": "VPC", "vpcId": "vpc-demo", "vswitchIds": ["vsw-demo-h"]},
    "payment": {"type": "PayAsYouGo"},
    "port": 3306.0,
    "restoredFrom": {"time": "2026-11-23T11:17:32Z", "sourceInstanceId": "rm-gone-long-ago"},
    "status": "Running",
    "tags": {},
    "zones": ["cn-hangzhou-h", "cn-hangzhou-i"],
}


@played("15 upgrade")
@pytest.mark.parametrize("version", ["0.1.0"])
def test_state_of_a_released_provider_goes_on(
    provider: Provider, emulator: Emulator, clone: str, version: str
) -> None:
    instance_id = f"rm-{provider.border}-{version.replace('.', '-')}"
    emulator.add(instance_id)
    provided = {"__provider": PICKLE}
    outputs = {**RECORDED_OUTPUTS, **provided, "instanceId": instance_id}
    old = Entry(id=instance_id, inputs=RECORDED_INPUTS | provided, outputs=outputs)
    program = {n: v for n, v in RECORDED_INPUTS.items() if n != "cloneKey"}

    inputs = provider.must_check(clone, program, old.inputs)
    difference = provider.diff(clone, old, inputs)
    seen = provider.read(clone, old)
    assert seen is not None
    updated = provider.update(clone, old, {**inputs, "description": "new"})
    provider.delete(clone, updated)

    assert RECORDED_INPUTS == inputs
    assert (NONE, []) == (difference.changes, list(difference.replaces))
    assert outputs["restoredFrom"] == seen.outputs["restoredFrom"]
    assert "new" == updated.outputs["description"]
    assert not is_there(emulator, instance_id)


@played("16 secrets")
def test_nothing_printed_tells_a_secret(border: Border, start: Start, clone: str) -> None:
    tag = "tv+Value/Of=Tag9"
    errors = []
    provider = start(border)
    with Emulator(clone_seconds=600) as emulator:
        secret = emulator.access_key_secret
        provider.configure(emulator)
        news = {**NEWS, "tags": {"token": tag, "long": tag * 20, "acs:no": tag}}
        checked = provider.check("wrong", news)
        errors += checked.failures
        with pytest.raises(CallError) as refused:
            provider.create("wrong", checked.inputs)
        errors.append(refused.value.text)
        with pytest.raises(CallError) as unfinished:
            provider.make(clone, {**NEWS, "tags": {"token": tag}}, timeout=0.1)
        errors.append(unfinished.value.text)
        emulator.deny("rds:*")
        with pytest.raises(CallError) as denied:
            provider.make("denied", {**NEWS, "tags": {"token": tag}})
        errors.append(denied.value.text)

    told = [message.message for message in provider.listener.messages]
    text = "\n".join([*errors, *told, provider.stderr.read_text("utf-8")])
    assert len(told) > 2
    assert secret not in text
    assert tag not in text


@played("16 secrets, marked")
def test_marked_secrets_are_secret_in_every_answer(
    provider: Provider, emulator: Emulator, clone: str
) -> None:
    marked = {"team": "data", "token": rpc.wrap_rpc_secret("tv+Value/Of=Tag9")}
    news = {**NEWS, "tags": marked}
    made = provider.make(clone, news)
    inputs = provider.must_check(clone, {**news, "description": "new"}, made.inputs)
    seen = provider.read(clone, made)
    updated = provider.update(clone, made, inputs)
    emulator.faults.order_course(("Creating", 600), "Running")
    with pytest.raises(CallError) as unfinished:
        provider.make(f"{clone}-unfinished", news, timeout=0.1)
    kept = unfinished.value.kept

    assert seen is not None
    assert kept is not None
    told = [made.inputs, made.outputs, inputs, seen.inputs, seen.outputs]
    assert all(marked == clone["tags"] for clone in told)
    assert marked == updated.outputs["tags"]
    assert marked == kept.outputs["tags"]


@played("lost engine")
def test_provider_ends_when_its_engine_is_gone(
    border: Border, start: Start, emulator: Emulator
) -> None:
    provider = start(border)
    provider.configure(emulator)
    provider.must_check("staging", NEWS)

    provider.engine.stop(None).wait()

    assert 1 == provider.process.wait(PATIENCE)
