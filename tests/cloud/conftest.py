"""
An emulator whose clock stands still, and clients of it.
"""

import os
from collections.abc import Iterator

import pytest

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.transport import RDS, VPC, Transport
from tests.cloud.stub import Connect, settings_of
from tests.lifecycle.fakes import FakeClock
from tests.support.emulators import Emulator


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ALIYUN_", "ALICLOUD_", "ALIBABA_CLOUD_")):
            monkeypatch.delenv(name)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Run the demo world.
    """
    with Emulator(speed=0) as running:
        yield running


@pytest.fixture
def settings(emulator: Emulator) -> Settings:
    return settings_of(emulator)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(clock: FakeClock) -> Connect:
    """
    Return a maker of clients.
    """

    def client(settings: Settings) -> RdsClient:
        keyring, region = Keyring(settings), "cn-hangzhou"
        rds = Transport(settings.rds, keyring, region=region, product=RDS)
        vpc = Transport(settings.vpc, keyring, region=region, product=VPC)
        return RdsClient(rds, vpc=vpc, region=region, clock=clock)

    return client


@pytest.fixture
def rds(settings: Settings, connect: Connect) -> RdsClient:
    """
    Return a client of the emulator.
    """
    return connect(settings)
