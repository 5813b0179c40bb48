import tomllib
from importlib import import_module
from pathlib import Path

import pytest

pytest_plugins = ("pytester",)
ROOT = Path(__file__).parents[2]
ARGUMENTS = ("-p", "rds_emulator.pytest_plugin", "-p", "no:cacheprovider")

SUITE = """
import json
import os
import sys
import urllib.request


def test_emulator(rds_emulator):
    rds_emulator.clock.advance(60)
    rds_emulator.faults.order("throttled")
    assert rds_emulator.endpoint == os.environ["ALIBABA_CLOUD_ENDPOINT_RDS"]
    assert rds_emulator.access_key_id == os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
    assert [] == rds_emulator.journal.calls()
    assert 0 == rds_emulator.clock.speed
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{rds_emulator.url}/_emulator/clock") as answer:
        assert 0 == json.load(answer)["speed"]


def test_environment_is_as_it_was():
    assert "RDS_EMULATOR_ENDPOINT" not in os.environ


def test_no_pulumi():
    assert not [name for name in sys.modules if name.split(".")[0] in ("pulumi", "grpc")]
"""

SETTINGS = """
import pytest


@pytest.fixture
def rds_emulator_settings():
    return {"speed": 0, "seed": {"instances": [{"id": "rm-mine"}]}, "tls": True}


def test_settings(rds_emulator):
    assert ["rm-mine"] == [instance.id for instance in rds_emulator.instances()]
    assert rds_emulator.url.startswith("https://")
"""


@pytest.fixture(autouse=True)
def _nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def test_fixture_is_a_running_emulator_that_the_environment_points_at(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(SUITE)
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes(passed=3)


def test_suite_sets_what_its_emulators_are(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SETTINGS)
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes(passed=1)


def test_plugin_that_is_not_used_imports_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\n\n\ndef test_it():\n"
        "    assert not {'uvicorn', 'starlette', 'rds_emulator.emulator'} & set(sys.modules)\n"
    )
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes(passed=1)


def test_package_brings_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (module,) = project["entry-points"]["pytest11"].values()

    assert hasattr(import_module(module), "rds_emulator")
