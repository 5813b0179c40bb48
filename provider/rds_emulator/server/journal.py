"""
The journal: every call that reached the API, the refused ones included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rds_emulator.state import document
from rds_emulator.state.store import Store


@dataclass(frozen=True, kw_only=True)
class Call:
    """
    One call and what was answered to it.

    Signatures, secrets and security tokens are never part of it; the passwords that
    an action is given are, as tests ask for them.

    Args:
        sequence: Counts the calls from 1; never used twice.
        wall: Real seconds since the epoch.
        at: The emulated time.
        parameters: What the action was given, without the protocol's own ones.
        status: The HTTP status; 0 when nothing was answered.
        error: The refusal's code; None when the call succeeded.
        writes: Whether the action is one that changes the cloud.
        effective: Whether this call did change it, whatever was answered.
        fault: The kind of the fault on order that struck it.
    """

    sequence: int
    wall: float
    at: datetime
    action: str
    parameters: Mapping[str, str]
    access_key_id: str
    status: int
    error: str | None
    writes: bool
    effective: bool
    request_id: str
    fault: str | None = None


class Journal:
    """
    The calls so far, kept in the emulator's database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, call: Call) -> None:
        """
        Add *call*; its sequence number is given here.
        """
        self._store.execute(
            "INSERT INTO calls (action, effective, document) VALUES (?, ?, ?)",
            call.action,
            call.effective,
            document.to_json(call),
        )

    def calls(self, action: str | None = None) -> list[Call]:
        """
        Return all calls, or those of one *action*, the first one first.
        """
        return self._select("action = coalesce(?, action)", action)

    def writes(self) -> list[Call]:
        """
        Return the calls that changed something.

        A refused call is not among them, nor is the repetition of an order
        that was answered with the first order's instance.
        """
        return self._select("effective = ?", 1)

    def count(self, action: str) -> int:
        """
        Count the calls of *action*, whatever was answered.
        """
        sql = "SELECT count(*) FROM calls WHERE action = ?"
        ((count,),) = self._store.execute(sql, action)
        return int(count)

    def clear(self) -> None:
        """
        Forget all calls; the numbering goes on.
        """
        self._store.execute("DELETE FROM calls")

    def _select(self, condition: str, value: object) -> list[Call]:
        rows = self._store.execute(
            f"SELECT sequence, document FROM calls WHERE {condition}"  # noqa: S608 - both conditions are literals above
            " ORDER BY sequence",
            value,
        )
        return [
            replace(document.from_json(Call, text), sequence=int(sequence))
            for sequence, text in rows
        ]
