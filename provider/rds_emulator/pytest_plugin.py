"""
A pytest plugin: the fixture *rds_emulator*, for test suites of programs that use RDS.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rds_emulator.emulator import Emulator


@pytest.fixture
def rds_emulator(
    rds_emulator_settings: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> "Iterator[Emulator]":
    """
    Return a running emulator whose clock stands still; the environment points at it.

    Its clock, journal and faults are attributes. A new one is made for each test.
    """
    # Other test suites of this environment do not pay for the import.
    from rds_emulator.emulator import Emulator  # noqa: PLC0415

    with Emulator(**rds_emulator_settings) as emulator:  # type: ignore[arg-type]
        for name, value in emulator.connection.environment.items():
            monkeypatch.setenv(name, value)
        yield emulator


@pytest.fixture
def rds_emulator_settings() -> dict[str, object]:
    """
    Return the arguments of `Emulator`; a test suite overrides this fixture.
    """
    return {"speed": 0}
