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
from pulumi_rdsclone.lifecycle.observing import Reading
from tests.domain.samples import SOURCE, values
from tests.lifecycle.fakes import Fakes, api_error
from tests.support.rows import row
from tests.support.verbs import create, diff, update

FOREIGN = replace(SOURCE, id="rm-foreign", description="by_hand")
FORMS = "ID, REGION/ID or REGION/ID/SOURCE"


def imported(fakes: Fakes, name: str) -> Reading:
    """
    Import an instance into a resource whose own key is ``new-key``.
    """
    return read_for_import(name, new_key="new-key", regions=fakes.regions)


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
    """
    A clone tells itself by its birth tags; where it is, its name or the configuration.
    """
    inputs = values(region="cn-hangzhou", tags={"team": "data"}, clone_key="key.2")
    made = create(inputs, fakes.regions, fakes.progress, stack="shop/dev")
    fakes.regions.asked.clear()

    seen = imported(fakes, name)

    assert seen.inputs is not None
    assert [region] == fakes.regions.asked
    assert "key.2" == seen.inputs["clone_key"]
    assert "rm-source" == seen.inputs["source_instance_id"]
    assert {"time": made["restored_from"]["time"]} == seen.inputs["restore_point"]
    assert {"team": "data"} == seen.inputs["tags"]
    assert made["restored_from"] == seen.outputs["restored_from"]
    assert "rm-clone-1" == seen.outputs["instance_id"]


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        row(
            "of nobody",
            {},
            {"source_instance_id": "rm-told", "restore_point": {}, "clone_key": "new-key"},
        ),
        row(
            "key",
            key_tags("key.3"),
            {"source_instance_id": "rm-told", "restore_point": {}, "clone_key": "key.3"},
        ),
        row(
            "backup set",
            {RESTORED_TAG: "rm-tagged/backup/103/2026-11-20T04:00:00Z"},
            {
                "source_instance_id": "rm-tagged",
                "restore_point": {"backup_id": "103"},
                "clone_key": "new-key",
            },
        ),
        row(
            "instant",
            {RESTORED_TAG: "rm-tagged/time/2026-11-20T04:00:00Z"},
            {
                "source_instance_id": "rm-tagged",
                "restore_point": {"time": "2026-11-20T04:00:00Z"},
                "clone_key": "new-key",
            },
        ),
        row(
            "nonsense",
            {RESTORED_TAG: "nonsense"},
            {"source_instance_id": "rm-told", "restore_point": {}, "clone_key": "new-key"},
        ),
    ],
)
def test_what_tags_tell(fakes: Fakes, tags: dict[str, str], told: dict[str, Any]) -> None:
    """
    Tags tell source, restore point and key; the name tells the source without them.
    """
    fakes.rds.plant(FOREIGN, tags)

    seen = imported(fakes, "cn-hangzhou/rm-foreign/rm-told")

    assert seen.inputs is not None
    names = ("source_instance_id", "restore_point", "clone_key")
    assert told == {name: seen.inputs[name] for name in names}
    source = seen.outputs["restored_from"]["source_instance_id"]
    assert told["source_instance_id"] == source


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
def test_foreign_instance_lives_on(
    fakes: Fakes, change: dict[str, Any], declared: dict[str, Any]
) -> None:
    """
    An imported instance passes Check, has no differences, and can be changed.

    Its inputs are what sets it apart from its source.
    """
    fakes.rds.plant(replace(FOREIGN, **change))
    seen = imported(fakes, "cn-hangzhou/rm-foreign/rm-source")
    assert seen.inputs is not None

    checked = check(seen.inputs, seen.inputs, "never-used", fakes.regions)
    wanted = {**checked.inputs, "description": "declared"}
    outputs = update("rm-foreign", seen.outputs, wanted, fakes.regions, fakes.progress)

    assert {
        "source_instance_id": "rm-source",
        "restore_point": {},
        "description": "by_hand",
        "clone_key": "new-key",
        **declared,
    } == seen.inputs
    assert () == checked.problems
    assert {"region": "cn-hangzhou", **seen.inputs} == checked.inputs
    assert not diff(seen.outputs, checked.inputs)
    assert "declared" == outputs["description"]


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
    """
    What cannot be imported is refused in one sentence, with a remedy.
    """
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
def test_settings_come_along(fakes: Fakes, error: type[ApiError] | None, lost: set[str]) -> None:
    """
    An import declares what is set, too; what is not told is left out.
    """
    fakes.rds.show("rm-foreign", SETTINGS)
    if error:
        fakes.rds.fail("read_aspects", api_error(error))

    seen = imported(fakes, "cn-hangzhou/rm-foreign/rm-source")
    assert seen.inputs is not None

    told = {path for path in SETTINGS if get_value(seen.inputs, path) is not None}
    assert SETTINGS.keys() - lost == told
    assert {p: SETTINGS[p] for p in told} == {p: get_value(seen.outputs, p) for p in told}


OF_THE_SOURCE = {
    "security_ips": {"default": ["10.0.0.0/8"]},
    "sql_audit": True,
    "backup_policy.retention_days": 30,
}


@pytest.mark.parametrize(
    ("change", "declared"),
    [row("as the source", {}, set()), row("another one's", {"sql_audit": False}, {"sql_audit"})],
)
def test_settings_of_the_source(fakes: Fakes, change: dict[str, Any], declared: set[str]) -> None:
    """
    What the source has as well need not be declared, and is told all the same.
    """
    fakes.rds.show("rm-source", OF_THE_SOURCE)
    settings = {**OF_THE_SOURCE, **change}
    fakes.rds.show("rm-foreign", settings)

    seen = imported(fakes, "cn-hangzhou/rm-foreign/rm-source")

    assert seen.inputs is not None
    told = {path for path in settings if get_value(seen.inputs, path) is not None}
    assert declared == told
    assert settings == {path: get_value(seen.outputs, path) for path in settings}
    assert not diff(seen.outputs, seen.inputs)


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
def test_source_that_cannot_be_seen(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch, error: type[ApiError]
) -> None:
    """
    What a second clone would have from a source that nobody sees is declared.
    """
    fakes.rds.show("rm-source", OF_THE_SOURCE)
    fakes.rds.show("rm-foreign", OF_THE_SOURCE)
    hide(monkeypatch, fakes, api_error(error))

    seen = imported(fakes, "cn-hangzhou/rm-foreign/rm-source")

    assert seen.inputs is not None
    assert {"capacity", "zones", "security_ips", "backup_policy"} <= seen.inputs.keys()
    assert not diff(seen.outputs, seen.inputs)


def test_source_that_cannot_be_asked_for_now(fakes: Fakes, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An import that could not look at the source is not made: it would declare more.
    """
    hide(monkeypatch, fakes, api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        imported(fakes, "cn-hangzhou/rm-foreign/rm-source")


def test_instance_that_is_its_own_source(fakes: Fakes) -> None:
    """
    An instance that is imported as a clone of itself differs from nothing.
    """
    fakes.rds.plant(replace(SOURCE, id="rm-own", storage_gb=500, description=""))
    fakes.rds.show("rm-own", OF_THE_SOURCE)

    seen = imported(fakes, "cn-hangzhou/rm-own/rm-own")

    assert {
        "source_instance_id": "rm-own",
        "restore_point": {},
        "clone_key": "new-key",
    } == seen.inputs
    assert not diff(seen.outputs, seen.inputs)


def test_region_that_nothing_configures(fakes: Fakes) -> None:
    """
    The region is declared where a clone without it would have none, or another.
    """
    declared = []
    for region in (None, "cn-shanghai", "cn-hangzhou"):
        fakes.regions.default_region = region
        seen = imported(fakes, "cn-hangzhou/rm-foreign/rm-source")
        assert seen.inputs is not None
        declared.append(seen.inputs.get("region"))

    assert ["cn-hangzhou", "cn-hangzhou", None] == declared


def test_settings_that_cannot_be_asked_for_now(fakes: Fakes) -> None:
    """
    An import that could not look is not made.
    """
    fakes.rds.fail("read_aspects", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        imported(fakes, "cn-hangzhou/rm-foreign/rm-source")


def test_name_tells_the_region_where_none_is_configured(fakes: Fakes) -> None:
    """
    Where no region is configured, the name must tell it.
    """
    fakes.regions.default_region = None

    with pytest.raises(ConfigurationError, match="no region is configured"):
        imported(fakes, "rm-foreign")
    assert imported(fakes, "cn-hangzhou/rm-foreign/rm-source")


def test_denied_instance_is_not_said_to_be_missing(fakes: Fakes) -> None:
    """
    An instance that may not be read is not said to be missing.
    """
    fakes.rds.fail("instance", api_error(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        imported(fakes, "rm-foreign")
