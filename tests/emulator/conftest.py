"""
An emulator for each test module, and a client that signs by hand.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    # Both SDKs obey proxy variables even for the loopback, and the old one
    # prefers keys from the environment to those it is given.
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("ALIYUN_"):
            monkeypatch.delenv(name)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """
    Return where an emulator that is to be restarted keeps its database.
    """
    return tmp_path / "rds.sqlite"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Return a demo emulator whose clock stands still.
    """
    with Emulator(speed=0) as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(emulator)


@pytest.fixture(scope="module")
def world() -> Iterator[Emulator]:
    """
    Return a demo emulator for the module, which no test changes.
    """
    with Emulator(speed=0) as running:
        yield running


@pytest.fixture
def reader(world: Emulator) -> Client:
    return Client(world)
