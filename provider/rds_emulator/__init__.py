"""
A local ApsaraDB RDS API (2014-08-15) that official clients can talk to unchanged.

Start it with ``rds-emulator serve``, or inside a test with `Emulator`.
"""

from typing import TYPE_CHECKING, Any

from rds_emulator.version import VERSION

if TYPE_CHECKING:
    from rds_emulator.emulator import Emulator

__all__ = ["Emulator", "__version__"]

__version__ = VERSION


def __getattr__(name: str) -> Any:
    """
    Load *Emulator* when it is first asked for: it needs the extra ``emulator``.
    """
    if name != "Emulator":
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from rds_emulator.emulator import Emulator  # noqa: PLC0415

    return Emulator
