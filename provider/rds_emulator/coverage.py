"""
Which actions of the RDS API are modelled, which partly, and which are missing.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from rds_emulator.actions import ACTIONS
from rds_emulator.actions.registry import RDS, documented

Degree = Literal["modelled", "partly", "missing"]
DEGREES: Final[tuple[Degree, ...]] = ("modelled", "partly", "missing")
_PARTLY: Final = re.compile(r"\b501\b|not modelled|ignored", re.IGNORECASE)
"""What the fidelity table says of an action that does less than is documented."""


def coverage() -> dict[str, Degree]:
    """
    Return how far each documented action of the RDS API is modelled, by name.
    """
    return {name: _degree(name) for name in documented()}


def counts(found: Mapping[str, Degree]) -> dict[str, int]:
    """
    Return how many actions there are of each degree, and of all.
    """
    degrees = list(found.values())
    return {**{name: degrees.count(name) for name in DEGREES}, "all": len(degrees)}


def as_text() -> str:
    """
    Return the table and the counts for a reader.
    """
    found = coverage()
    width = max(map(len, found))
    rows = [f"{name:<{width}}  {degree}" for name, degree in found.items()]
    return "\n".join([*rows, "", _sentence(counts(found))])


def as_json() -> str:
    """
    Return the same as one JSON object: *counts* and *actions*.
    """
    found = coverage()
    return json.dumps({"counts": counts(found), "actions": found}, indent=2)


def _degree(name: str) -> Degree:
    action = ACTIONS.get((RDS.version, name))
    if action is None:
        return "missing"
    return "partly" if _PARTLY.search(action.models) else "modelled"


def _sentence(found: Mapping[str, int]) -> str:
    parts: Sequence[str] = [f"{found[name]} {name}" for name in DEGREES]
    return f"{', '.join(parts)} of {found['all']} actions of RDS {RDS.version}"
