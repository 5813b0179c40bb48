"""
A small world whose time stands still, and the command inside and outside of a process.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pulumi_rdsclone.cli.command import app
from pulumi_rdsclone.cloud.clock import SystemClock
from tests.support.emulators import Emulator

SEED: Mapping[str, Any] = {
    "now": "2026-11-20T04:00:00Z",
    "instances": [
        {
            "id": "rm-healthy",
            "backups": [
                {"id": "101", "started": "now-2d"},
                {"id": "102", "started": "now-1d"},
                {"id": "103", "started": "now-6h", "method": "Logical"},
                {"id": "104", "started": "now-3h", "status": "Failed"},
            ],
        },
        {"id": "rm-locked", "lock_mode": "LockByDiskQuota", "lock_reason": "full"},
        {"id": "rm-no-backup", "backups": []},
        {"id": "rm-no-log", "backup_policy": {"log_enabled": False}},
        {
            "id": "rm-mssql",
            "engine": "SQLServer",
            "backup_policy": {"log_lag_seconds": 300},
            "log_gaps": [{"begin": "now-60h", "end": "now-58h"}],
            "backups": [
                {"id": "201", "started": "now-4d"},
                {"id": "202", "started": "now-3d"},
                {"id": "203", "started": "now-1d"},
            ],
        },
    ],
}


@dataclass(frozen=True)
class Told:
    """
    What the command answered; port and amounts are left out.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """
    Runs the command against an emulator.
    """

    endpoint: str
    env: dict[str, str] = field(repr=False)

    def inside(self, *arguments: str) -> Told:
        """
        Run it in this process.
        """
        done = CliRunner().invoke(app, arguments, env=self.env)
        return self._told(done.exit_code, done.stdout, done.stderr)

    def outside(self, *arguments: str) -> Told:
        """
        Run it as users do.
        """
        done = subprocess.run(
            self.command(*arguments),
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )
        return self._told(done.returncode, done.stdout, done.stderr)

    def command(self, *arguments: str) -> list[str]:
        """
        Return the command line.
        """
        return [sys.executable, "-m", "pulumi_rdsclone.cli", *arguments]

    def _told(self, code: int, out: str, err: str) -> Told:
        out = out.replace(self.endpoint, "HERE")
        return Told(code, re.sub(r"[\d.]+ CNY", "N CNY", out), err)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unwanted = ("ALIYUN_", "ALICLOUD_", "ALIBABA_CLOUD_", "RDSCLONE_")
    for name in list(os.environ):
        if name.startswith(unwanted) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Nobody's own profiles, and no question to a metadata service.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Run the small world.
    """
    with Emulator(seed=SEED, speed=0) as running:
        yield running


@pytest.fixture
def shell(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """
    Return a shell in which the emulator is configured and, inside, time stands still.
    """
    monkeypatch.setattr(SystemClock, "now", lambda _: emulator.clock.now())
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    env = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": emulator.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.access_key_secret,
        "ALIBABA_CLOUD_REGION_ID": emulator.region,
        "COLUMNS": "40",
    }
    return Shell(emulator.endpoint, env)
