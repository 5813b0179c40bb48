from dataclasses import replace
from typing import Any

import pytest

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConfigurationError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import RESTORED_TAG, key_tags
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.lifecycle.checking import check
from pulumi_rdsclone.lifecycle.importing import read_for_import
from tests.domain.samples import SOURCE, values
from tests.lifecycle.fakes import Fakes, api_error
from tests.lifecycle.runs import make
from tests.support.rows import row
from tests.support.verbs import diff, update

FOREIGN = replace(SOURCE, id="rm-foreign", description="by_hand")
TIME = "2026-11-20T04:00:00Z"
NAME = "cn-hangzhou/rm-foreign/rm-source"
FORMS = "ID, REGION/ID or REGION/ID/SOURCE"


def imported(fakes: Fakes, name: str = NAME) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return inputs and outputs of a resource, with the key ``new-key``, that is imported.
    """
    seen = read_for_import(name, new_key="new-key", regions=fakes.regions)
    assert seen.inputs is not None
    return dict(seen.inputs), dict(seen.outputs)


def restored(what: str) -> dict[str, str]:
    return {RESTORED_TAG: f"rm-tagged/{what}{TIME}"}


@pytest.fixture(autouse=True)
def _plant(fakes: Fakes) -> None:
    fakes.rds.plant(FOREIGN)


@pytest.mark.parametrize(
    ("name", "region"),
    [
        row("id", "rm-clone-1", "cn-hangzhou"),
        row("region", "cn-shanghai/rm-clone-1", "cn-shanghai"),
        row("source, too", "cn-shanghai/rm-clone-1/rm-x", "cn-shanghai"),
        row("source alone", "/rm-clone-1/rm-x", "cn-hangzhou"),
    ],
)
def test_own_clone_is_found_by_its_birth_tags(fakes: Fakes, name: str, region: str) -> None:
    made = make(fakes, values(region="cn-hangzhou", tags={"team": "data"}, clone_key="key.2"))
    fakes.regions.asked.clear()

    inputs, outputs = imported(fakes, name)

    assert [region] == fakes.regions.asked
    assert "key.2" == inputs["clone_key"]
    assert "rm-source" == inputs["source_instance_id"]
    assert {"time": made["restored_from"]["time"]} == inputs["restore_point"]
    assert {"team": "data"} == inputs["tags"]
    assert made["restored_from"] == outputs["restored_from"]
    assert "rm-clone-1" == outputs["instance_id"]


@pytest.mark.parametrize(
    ("tags", "source", "point", "key"),
    [
        row("of nobody", {}, "rm-told", {}, "new-key"),
        row("key", key_tags("key.3"), "rm-told", {}, "key.3"),
        row("backup set", restored("backup/103/"), "rm-tagged", {"backup_id": "103"}, "new-key"),
        row("instant", restored("time/"), "rm-tagged", {"time": TIME}, "new-key"),
        row("nonsense", {RESTORED_TAG: "nonsense"}, "rm-told", {}, "new-key"),
    ],
)
def test_tags_tell_source_restore_point_and_key_else_the_name_the_source(
    fakes: Fakes, tags: dict[str, str], source: str, point: dict[str, str], key: str
) -> None:
    fakes.rds.plant(FOREIGN, tags)

    inputs, outputs = imported(fakes, "cn-hangzhou/rm-foreign/rm-told")

    names = ("source_instance_id", "restore_point", "clone_key")
    assert (source, point, key) == tuple(inputs[name] for name in names)
    assert source == outputs["restored_from"]["source_instance_id"]


@pytest.mark.parametrize(
    ("change", "declared"),
    [
        row("as it is", {}, {}),
        row("subscription", {"payment": "Subscription"}, {}),
        row("classic network", {"network_type": "Classic", "vpc_id": None, "vswitch_ids": ()}, {}),
        row("protected", {"deletion_protection": True}, {"deletion_protection": True}),
        row("locked", {"lock_mode": "ManualLock"}, {}),
        row(
            "chosen",
            {"storage_gb": 200, "port": 3307},
            {"capacity": {"storage_gb": 200}, "network": {"port": 3307}},
        ),
    ],
)
def test_imported_instance_has_no_differences_and_can_be_changed(
    fakes: Fakes, change: dict[str, Any], declared: dict[str, Any]
) -> None:
    """
    Its inputs are what sets it apart from its source.
    """
    fakes.rds.plant(replace(FOREIGN, **change))
    inputs, outputs = imported(fakes)

    checked = check(inputs, inputs, new_key="never-used", regions=fakes.regions)
    wanted = {**checked.inputs, "description": "declared"}
    updated = update("rm-foreign", outputs, wanted, fakes.regions, fakes.progress)

    assert {
        "source_instance_id": "rm-source",
        "restore_point": {},
        "description": "by_hand",
        "clone_key": "new-key",
        **declared,
    } == inputs
    assert () == checked.problems
    assert {"region": "cn-hangzhou", **inputs} == checked.inputs
    assert not diff(outputs, checked.inputs)
    assert "declared" == updated["description"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        row("4", "a/b/c/d", f"'a/b/c/d' is not an import id — write {FORMS}"),
        row("no id", "a/", f"'a/' is not an import id — write {FORMS}"),
        row(
            "missing",
            "rm-nowhere",
            f"there is no instance rm-nowhere in cn-hangzhou — write {FORMS}",
        ),
        row(
            "not ready",
            "cn-shanghai/rm-busy",
            "rm-busy is Creating — import rm-busy when it is Running",
        ),
        row(
            "no source",
            "rm-foreign",
            "rm-foreign has no tag that names its source — import "
            "cn-hangzhou/rm-foreign/SOURCE; if the source is unknown, write rm-foreign "
            "as SOURCE",
        ),
        row("empty source", "cn-hangzhou/rm-foreign/", "rm-foreign has no tag"),
    ],
)
def test_import_is_refused_in_one_sentence(fakes: Fakes, name: str, reason: str) -> None:
    fakes.rds.plant(replace(FOREIGN, id="rm-busy", status="Creating"))

    with pytest.raises(RefusedError, match=f"^{reason}"):
        imported(fakes, name)


SETTINGS = {
    "security_ips": {"default": ["10.0.0.0/8"]},
    "ssl.enabled": True,
    "sql_audit": True,
    "monitoring_period": 60,
}


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        row("all told", None, set()),
        row("one denied", AccessDeniedError, {"security_ips"}),
        row("one not of this engine", ApiError, {"security_ips"}),
    ],
)
def test_import_declares_the_settings_that_are_told(
    fakes: Fakes, error: type[ApiError] | None, lost: set[str]
) -> None:
    fakes.rds.show("rm-foreign", SETTINGS)
    if error:
        fakes.rds.fail("read_aspects", api_error(error))

    inputs, outputs = imported(fakes)

    told = {path for path in SETTINGS if get_value(inputs, path) is not None}
    assert SETTINGS.keys() - lost == told
    assert {p: SETTINGS[p] for p in told} == {p: get_value(outputs, p) for p in told}


OF_THE_SOURCE = {
    "security_ips": {"default": ["10.0.0.0/8"]},
    "sql_audit": True,
    "backup_policy.retention_days": 30,
}


@pytest.mark.parametrize(
    ("change", "declared"),
    [row("as the source", {}, set()), row("another one's", {"sql_audit": False}, {"sql_audit"})],
)
def test_settings_that_the_source_has_too_are_told_but_not_declared(
    fakes: Fakes, change: dict[str, Any], declared: set[str]
) -> None:
    fakes.rds.show("rm-source", OF_THE_SOURCE)
    settings = {**OF_THE_SOURCE, **change}
    fakes.rds.show("rm-foreign", settings)

    inputs, outputs = imported(fakes)

    told = {path for path in settings if get_value(inputs, path) is not None}
    assert declared == told
    assert settings == {path: get_value(outputs, path) for path in settings}
    assert not diff(outputs, inputs)


def hide(monkeypatch: pytest.MonkeyPatch, fakes: Fakes, error: ApiError) -> None:
    """
    Let every look at the source's attributes fail with *error*.
    """
    look = fakes.rds.instance

    def instance(instance_id: str) -> Instance:
        if instance_id == "rm-source":
            raise error
        return look(instance_id)

    monkeypatch.setattr(fakes.rds, "instance", instance)


@pytest.mark.parametrize("error", [NotFoundError, AccessDeniedError])
def test_import_declares_everything_where_the_source_cannot_be_seen(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch, error: type[ApiError]
) -> None:
    fakes.rds.show("rm-source", OF_THE_SOURCE)
    fakes.rds.show("rm-foreign", OF_THE_SOURCE)
    hide(monkeypatch, fakes, api_error(error))

    inputs, outputs = imported(fakes)

    assert {"capacity", "zones", "security_ips", "backup_policy"} <= inputs.keys()
    assert not diff(outputs, inputs)


def test_import_fails_while_the_source_cannot_be_asked_about(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It would declare more than a second clone needs.
    """
    hide(monkeypatch, fakes, api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        imported(fakes)


def test_instance_that_is_its_own_source_differs_in_nothing(fakes: Fakes) -> None:
    fakes.rds.plant(replace(SOURCE, id="rm-own", storage_gb=500, description=""))
    fakes.rds.show("rm-own", OF_THE_SOURCE)

    inputs, outputs = imported(fakes, "cn-hangzhou/rm-own/rm-own")

    assert {
        "source_instance_id": "rm-own",
        "restore_point": {},
        "clone_key": "new-key",
    } == inputs
    assert not diff(outputs, inputs)


def test_region_is_declared_where_none_or_another_is_configured(fakes: Fakes) -> None:
    declared = []
    for region in (None, "cn-shanghai", "cn-hangzhou"):
        fakes.regions.default_region = region
        declared.append(imported(fakes)[0].get("region"))

    assert ["cn-hangzhou", "cn-hangzhou", None] == declared


def test_import_fails_while_settings_cannot_be_asked_for(fakes: Fakes) -> None:
    fakes.rds.fail("read_aspects", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        imported(fakes)


def test_name_tells_the_region_where_none_is_configured(fakes: Fakes) -> None:
    fakes.regions.default_region = None

    with pytest.raises(ConfigurationError, match="no region is configured"):
        imported(fakes, "rm-foreign")
    assert imported(fakes)


def test_denied_instance_is_not_said_to_be_missing(fakes: Fakes) -> None:
    fakes.rds.fail("instance", api_error(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        imported(fakes, "rm-foreign")
