"""
A running emulator: its cloud, and what its process keeps beside it.
"""

from dataclasses import dataclass, field

from rds_emulator.actions import registry
from rds_emulator.faults import Faults
from rds_emulator.server.call_hook import CallHook
from rds_emulator.server.journal import Journal
from rds_emulator.state.cloud import Cloud


def _no_faults() -> Faults:
    return Faults(registry.names())


@dataclass(kw_only=True)
class Runtime:
    """
    What the parts of a server share.

    All but *cloud* and *journal* belong to the process, not to the database.

    Args:
        cloud: What the API shows and its actions change.
        journal: The calls so far.
        faults: What is to go wrong.
        delays: Real seconds for which the answers of an action are held back.
        hook: Who is notified of each call.
    """

    cloud: Cloud
    journal: Journal
    faults: Faults = field(default_factory=_no_faults)
    delays: dict[str, float] = field(default_factory=dict)
    hook: CallHook | None = None
