"""
The parameters of the database engines: a made-up choice of real ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_RANGE: Final = re.compile(rf"\[({_NUMBER})-({_NUMBER})\]")
_VALUE: Final = re.compile(_NUMBER)


@dataclass(frozen=True, kw_only=True)
class EngineParameter:
    """
    A parameter of an engine.

    Args:
        name: What the engine calls it.
        default: Its value until it is set.
        allowed: Its range as the API writes it, ``[1-100]`` or ``[ON|OFF]``.
        restart: Whether a new value waits for a restart.
        modifiable: Whether it may be set at all.
        description: A sentence for the reader.
    """

    name: str
    default: str
    allowed: str
    restart: bool = False
    modifiable: bool = True
    description: str = ""

    def accepts(self, value: str) -> bool:
        """
        Whether *value* is in the range; whole numbers where its ends are whole.
        """
        ends = _RANGE.fullmatch(self.allowed)
        if ends is None:
            return value in self.allowed[1:-1].split("|")
        if not _VALUE.fullmatch(value) or ("." in value and "." not in self.allowed):
            return False
        return float(ends[1]) <= float(value) <= float(ends[2])


_MOST_INT: Final = 2147483647

MAX_CONNECTIONS: Final = "max_connections"
"""The parameter of which the system keeps a part for itself."""

_INNODB_AND_CONNECTIONS: Final = (
    EngineParameter(
        name="back_log",
        default="3000",
        allowed="[10-3000]",
        restart=True,
        description="Connections that may wait to be accepted.",
    ),
    EngineParameter(
        name="connect_timeout",
        default="10",
        allowed="[1-3600]",
        description="Seconds that a connection may take to be made.",
    ),
    EngineParameter(
        name="innodb_flush_log_at_trx_commit",
        default="1",
        allowed="[0|1|2]",
        description="How a commit writes and flushes the log.",
    ),
    EngineParameter(
        name="innodb_lock_wait_timeout",
        default="50",
        allowed="[1-1073741824]",
        description="Seconds that a transaction waits for a row lock.",
    ),
    EngineParameter(
        name="innodb_open_files",
        default="3000",
        allowed="[1-8192]",
        restart=True,
        description="Tablespace files that may be open at once.",
    ),
    EngineParameter(
        name="innodb_page_size",
        default="16384",
        allowed="[4096|8192|16384]",
        restart=True,
        modifiable=False,
        description="Bytes of a page.",
    ),
    EngineParameter(
        name="innodb_strict_mode",
        default="OFF",
        allowed="[ON|OFF]",
        description="Whether doubtful statements are errors.",
    ),
    EngineParameter(
        name="long_query_time",
        default="1",
        allowed="[0.03-30]",
        description="Seconds from which on a query is slow.",
    ),
)

PARAMETERS: Final[Mapping[str, tuple[EngineParameter, ...]]] = {
    "MySQL": (
        *_INNODB_AND_CONNECTIONS,
        EngineParameter(
            name=MAX_CONNECTIONS,
            default="4000",
            allowed="[10-100000]",
            description="Clients that may be connected at once.",
        ),
        EngineParameter(
            name="lower_case_table_names",
            default="1",
            allowed="[0|1]",
            restart=True,
            description="How names of tables are stored and compared.",
        ),
    ),
    "MariaDB": _INNODB_AND_CONNECTIONS,
    "PostgreSQL": (
        EngineParameter(
            name="autovacuum",
            default="on",
            allowed="[on|off]",
            description="Whether tables are vacuumed in the background.",
        ),
        EngineParameter(
            name="data_checksums",
            default="on",
            allowed="[on|off]",
            restart=True,
            modifiable=False,
            description="Whether pages have checksums.",
        ),
        EngineParameter(
            name="deadlock_timeout",
            default="1000",
            allowed=f"[1-{_MOST_INT}]",
            description="Milliseconds before a deadlock is looked for.",
        ),
        EngineParameter(
            name="log_min_duration_statement",
            default="1000",
            allowed=f"[-1-{_MOST_INT}]",
            description="Milliseconds from which on a statement is logged.",
        ),
        EngineParameter(
            name=MAX_CONNECTIONS,
            default="800",
            allowed="[400-100000]",
            restart=True,
            description="Clients that may be connected at once.",
        ),
        EngineParameter(
            name="max_locks_per_transaction",
            default="64",
            allowed=f"[10-{_MOST_INT}]",
            restart=True,
            description="Locks that there is room for, for each transaction.",
        ),
        EngineParameter(
            name="random_page_cost",
            default="1.1",
            allowed=f"[0.0-{_MOST_INT}]",
            description="What the planner thinks a random page costs.",
        ),
        EngineParameter(
            name="wal_level",
            default="replica",
            allowed="[replica|logical]",
            restart=True,
            description="How much is written to the log.",
        ),
        EngineParameter(
            name="work_mem",
            default="4096",
            allowed=f"[64-{_MOST_INT}]",
            description="Kilobytes that a sort may use.",
        ),
    ),
    "SQLServer": (
        EngineParameter(
            name="fill factor",
            default="0",
            allowed="[0-100]",
            restart=True,
            description="How full, in percent, pages of an index are made.",
        ),
        EngineParameter(
            name="max degree of parallelism",
            default="2",
            allowed="[0-64]",
            description="Processors that one statement may use.",
        ),
        EngineParameter(
            name="scan for startup procs",
            default="0",
            allowed="[0|1]",
            restart=True,
            description="Whether procedures are run at the start.",
        ),
    ),
}
"""The parameters by engine, whatever the version."""


def of_engine(engine: str) -> Mapping[str, EngineParameter]:
    """
    Return the parameters of an engine, by name; none for an unknown one.
    """
    return {parameter.name: parameter for parameter in PARAMETERS.get(engine, ())}
