"""
The connection: one database, one lock, and transactions that hold it.

SQLite is the only truth. A reader sees what was committed, and an answer is
sent after its commit, so a killed emulator loses nothing it has answered.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

FORMAT: Final = 3
_SCHEMA: Final = """
CREATE TABLE settings (name TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE instances (id TEXT PRIMARY KEY, becomes_at REAL, document TEXT NOT NULL);
CREATE INDEX instances_due ON instances (becomes_at) WHERE becomes_at IS NOT NULL;
CREATE INDEX instances_master ON instances (json_extract(document, '$.master_id'));
CREATE TABLE backups (
  instance_id TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (instance_id, id));
CREATE TABLE tokens (
  token TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT NOT NULL);
CREATE TABLE history (instance_id TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX history_instance ON history (instance_id);
CREATE TABLE calls (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL,
  effective INTEGER NOT NULL, document TEXT NOT NULL);
"""


class StoreError(Exception):
    """
    A database that cannot be used; the message says why.
    """


class Database:
    """
    A database in the emulator's format.

    Args:
        path: The file; ``:memory:`` forgets everything when closed.

    Attributes:
        is_new: Whether the file was empty until now.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        try:
            _keep_private(path)
            self._db = sqlite3.connect(
                path, check_same_thread=False, isolation_level=None
            )
        except (OSError, ValueError, sqlite3.Error) as error:
            message = f"cannot open the database {path}: {error}"
            raise StoreError(message) from error
        try:
            self.is_new = self._prepare(path)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """
        Close the file.
        """
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """
        Hold the lock, and commit at the end or leave everything as it was.
        """
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._leave("ROLLBACK")
                raise
            self._leave("COMMIT")

    @property
    def changes(self) -> int:
        """
        How many rows were written since the database was opened.
        """
        return self._db.total_changes

    def execute(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        """
        Run one statement and fetch everything it answers.
        """
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _leave(self, verb: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._db.execute(verb)

    def _prepare(self, path: str) -> bool:
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            # The file outlives a killed process, not a power cut: that is the
            # promise made, and it costs no wait for the disk.
            self._db.execute("PRAGMA synchronous = OFF")
            (found,) = self._db.execute("PRAGMA user_version").fetchone()
            (tables,) = self._db.execute(
                "SELECT count(*) FROM sqlite_master"
            ).fetchone()
            if tables and found != FORMAT:
                message = f"{path} is a database, but not one this emulator wrote"
                raise StoreError(message)
            if not tables:
                self._db.executescript(
                    f"BEGIN; {_SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;"
                )
        except sqlite3.Error as error:
            message = f"cannot use the database {path}: {error}"
            raise StoreError(message) from error
        return not tables


def _keep_private(path: str) -> None:
    """
    Let nobody but its owner read a database: it holds passwords and keys.

    SQLite gives the files beside it the same mode.
    """
    if path == ":memory:":
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
