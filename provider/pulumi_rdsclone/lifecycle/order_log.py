"""
Log of the orders of this machine, and of instances that are gone.

The API may answer a ClientToken with an instance that was released since, and may not
know a new one for a while: both look alike. The log tells them apart. Without an entry
an unknown instance is waited for, which costs time.
"""

import json
import os
import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pulumi_rdsclone.domain.times import format_instant, parse_instant

_ENTRY_LIFE: Final = timedelta(days=3)
"""How long an entry is of use: the token of an order has its day in UTC."""

_FILE_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,100}")


@dataclass(frozen=True, kw_only=True)
class LoggedOrder:
    """
    An order that was answered.

    Attributes:
        instance_id: What it was answered with.
        at: When this machine first heard that, in UTC, to the second.
    """

    instance_id: str
    at: datetime


class OrderLog:
    """
    The orders of one machine. Safe to use from many threads and processes.

    Args:
        folder: Where they are kept, a small file for each token and each instance;
            None keeps them in memory, and so does a folder that cannot be written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._is_tidy = False
        self._entries: dict[str, Mapping[str, object]] = {}

    def note_sent(self, token: str, *, restored: str, now: datetime) -> None:
        """
        Note that an order with *token* is about to be sent.

        Args:
            token: Its ClientToken.
            restored: What it restores, as `Restore.to_tag` writes it.
            now: The present time, in UTC.
        """
        sent = [*self._times(token), format_instant(now)]
        entry = {**self._read(f"order-{token}"), "sent": sent, "restored": restored}
        self._write(f"order-{token}", entry, now=now)

    def restored(self, token: str) -> str:
        """
        Return what an order with *token* restores that may have had its effect.

        Empty where there is none.
        """
        restored = self._read(f"order-{token}").get("restored")
        return restored if isinstance(restored, str) and self._times(token) else ""

    def unanswered(self, token: str) -> tuple[datetime, ...]:
        """
        Return when orders with *token* were sent that have got no answer.
        """
        with suppress(ValueError):
            return tuple(map(parse_instant, self._times(token)))
        return ()

    def _times(self, token: str) -> list[object]:
        times = self._read(f"order-{token}").get("sent")
        return times if isinstance(times, list) else []

    def note_order(self, token: str, *, instance_id: str, now: datetime) -> LoggedOrder:
        """
        Return the order with *token*, noted now unless it was before.
        """
        known = self.order(token)
        if known and known.instance_id == instance_id:
            return known
        at, lost = format_instant(now), self._times(token)[:-1]
        entry = {"instance": instance_id, "at": at, "sent": lost}
        self._write(f"order-{token}", entry, now=now)
        return LoggedOrder(instance_id=instance_id, at=parse_instant(at))

    def note_refused(self, token: str, now: datetime) -> None:
        """
        Note that the order with *token* that was sent last had no effect.
        """
        name = f"order-{token}"
        self._write(
            name, {**self._read(name), "sent": self._times(token)[:-1]}, now=now
        )

    def forget(self, token: str, now: datetime) -> None:
        """
        Note that no order with *token* has had an effect.
        """
        self._write(f"order-{token}", {}, now=now)

    def order(self, token: str) -> LoggedOrder | None:
        """
        Return the order with *token*; None where this machine has not placed it.
        """
        entry = self._read(f"order-{token}")
        with suppress(KeyError, ValueError):
            at = parse_instant(entry["at"])
            return LoggedOrder(instance_id=str(entry["instance"]), at=at)
        return None

    def note_seen(self, instance_id: str, now: datetime) -> None:
        """
        Note that an instance was visible.
        """
        self._write(f"seen-{instance_id}", {"at": format_instant(now)}, now=now)

    def was_seen(self, instance_id: str) -> bool:
        """
        Return whether an instance was visible, so that one that is unknown is gone.
        """
        return bool(self._read(f"seen-{instance_id}"))

    def note_gone(self, instance_id: str, now: datetime) -> None:
        """
        Note that an instance does not exist any more.
        """
        self._write(f"gone-{instance_id}", {"at": format_instant(now)}, now=now)

    def note_spent(self, token: str, now: datetime) -> None:
        """
        Note that *token* stands for a clone that was released.
        """
        self._write(f"order-{token}", {"spent": format_instant(now)}, now=now)

    def is_spent(self, token: str) -> bool:
        """
        Return whether *token* is known to stand for a clone that was released.
        """
        entry = self._read(f"order-{token}")
        return "spent" in entry or bool(self._read(f"gone-{entry.get('instance')}"))

    def _read(self, name: str) -> Mapping[str, object]:
        with self._lock:
            entry = self._entries.get(name)
        if entry is None and (file := self._file(name)):
            with suppress(OSError, ValueError):
                entry = json.loads(file.read_text(encoding="utf-8"))
        return entry if isinstance(entry, dict) else {}

    def _write(self, name: str, entry: Mapping[str, object], *, now: datetime) -> None:
        with self._lock:
            self._entries[name] = entry
        if file := self._file(name):
            with suppress(OSError):
                file.parent.mkdir(parents=True, exist_ok=True)
                writer = f"{os.getpid()}.{threading.get_ident()}"
                unready = file.with_name(f"{name}.{writer}")
                unready.write_text(json.dumps(entry), encoding="utf-8")
                unready.replace(file)
                self._remove_old(now - _ENTRY_LIFE)

    def _file(self, name: str) -> Path | None:
        """
        Return the file of an entry; None where its name could be no file's.
        """
        if self._folder is None or not _FILE_NAME.fullmatch(name):
            return None
        return self._folder / name

    def _remove_old(self, oldest: datetime) -> None:
        """
        Remove the files that were written before *oldest*; once in a process is enough.
        """
        if self._folder is None or self._is_tidy:
            return
        self._is_tidy = True
        for file in self._folder.iterdir():
            with suppress(OSError):
                if file.stat().st_mtime < oldest.timestamp():
                    file.unlink()
