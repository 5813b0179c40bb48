"""
The tables: values in, values out, kept as JSON documents.
"""

from functools import lru_cache, partial
from typing import TypeVar

from rds_emulator.state import document
from rds_emulator.state.database import Database
from rds_emulator.state.model import Backup, Instance, StatusChange

T = TypeVar("T")

# Values are frozen, so one object may stand for every reading of one document.
_instance = lru_cache(maxsize=4096)(partial(document.from_json, Instance))
_backup = lru_cache(maxsize=16384)(partial(document.from_json, Backup))


class Store(Database):
    """
    The emulator's tables.
    """

    def setting(self, kind: type[T], name: str) -> T | None:
        """
        Read the setting *name*.
        """
        rows = self.execute("SELECT document FROM settings WHERE name = ?", name)
        return document.from_json(kind, rows[0][0]) if rows else None

    def save_setting(self, name: str, value: object) -> None:
        """
        Write the setting *name*.
        """
        self.execute(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)",
            name,
            document.to_json(value),
        )

    def instance(self, instance_id: str) -> Instance | None:
        """
        Read one instance.
        """
        sql = "SELECT document FROM instances WHERE id = ?"
        rows = self.execute(sql, instance_id)
        return _instance(rows[0][0]) if rows else None

    def instances(self) -> list[Instance]:
        """
        Read all instances, the oldest first.
        """
        rows = self.execute("SELECT document FROM instances")
        found = [_instance(text) for (text,) in rows]
        return sorted(found, key=lambda instance: (instance.created, instance.id))

    def replicas(self, instance_id: str) -> list[Instance]:
        """
        Read the instances whose master is *instance_id*.
        """
        sql = (
            "SELECT document FROM instances"
            " WHERE json_extract(document, '$.master_id') = ? ORDER BY id"
        )
        return [_instance(text) for (text,) in self.execute(sql, instance_id)]

    def due(self, timestamp: float) -> list[Instance]:
        """
        Read the instances whose announced change is due at *timestamp*.
        """
        sql = (
            "SELECT document FROM instances WHERE becomes_at <= ?"
            " ORDER BY becomes_at, id"
        )
        return [_instance(text) for (text,) in self.execute(sql, timestamp)]

    def save_instance(self, instance: Instance) -> None:
        """
        Write one instance, new or changed.
        """
        due = instance.becomes_at
        self.execute(
            "INSERT OR REPLACE INTO instances VALUES (?, ?, ?)",
            instance.id,
            due.timestamp() if due else None,
            document.to_json(instance),
        )

    def settings(self, kind: type[T], prefix: str) -> list[T]:
        """
        Read the settings whose names begin with *prefix*, by name.
        """
        sql = "SELECT document FROM settings WHERE substr(name, 1, ?) = ? ORDER BY name"
        rows = self.execute(sql, len(prefix), prefix)
        return [document.from_json(kind, text) for (text,) in rows]

    def delete_setting(self, name: str) -> None:
        """
        Forget the setting *name*.
        """
        self.execute("DELETE FROM settings WHERE name = ?", name)

    def delete_instance(self, instance_id: str) -> None:
        """
        Forget an instance; its history and its backup sets stay.
        """
        self.execute("DELETE FROM instances WHERE id = ?", instance_id)

    def backups(self, instance_id: str) -> list[Backup]:
        """
        Read the backup sets of an instance, the newest first.
        """
        sql = "SELECT document FROM backups WHERE instance_id = ?"
        found = [_backup(text) for (text,) in self.execute(sql, instance_id)]
        return sorted(
            found, key=lambda backup: (backup.started, backup.id), reverse=True
        )

    def count_backups(self) -> int:
        """
        Count the backup sets of all instances.
        """
        ((count,),) = self.execute("SELECT count(*) FROM backups")
        return int(count)

    def save_backup(self, backup: Backup) -> None:
        """
        Write one backup set.
        """
        self.execute(
            "INSERT OR REPLACE INTO backups VALUES (?, ?, ?)",
            backup.instance_id,
            backup.id,
            document.to_json(backup),
        )

    def delete_backup(self, backup: Backup) -> None:
        """
        Forget one backup set.
        """
        sql = "DELETE FROM backups WHERE instance_id = ? AND id = ?"
        self.execute(sql, backup.instance_id, backup.id)

    def token(self, token: str) -> tuple[str, str] | None:
        """
        Read what was ordered with a client token, and the answer.
        """
        rows = self.execute("SELECT request, answer FROM tokens WHERE token = ?", token)
        return (rows[0][0], rows[0][1]) if rows else None

    def save_token(self, token: str, request: str, *, answer: str) -> None:
        """
        Write down what was ordered with a client token, and the answer.
        """
        self.execute("INSERT INTO tokens VALUES (?, ?, ?)", token, request, answer)

    def history(self, instance_id: str) -> list[StatusChange]:
        """
        Read the statuses an instance has had, the first one first.
        """
        sql = "SELECT document FROM history WHERE instance_id = ? ORDER BY rowid"
        rows = self.execute(sql, instance_id)
        return [document.from_json(StatusChange, text) for (text,) in rows]

    def changes_to(self, status: str) -> list[tuple[str, StatusChange]]:
        """
        Read which instances got *status*, the first one first.
        """
        sql = (
            "SELECT instance_id, document FROM history"
            " WHERE json_extract(document, '$.status') = ? ORDER BY rowid"
        )
        rows = self.execute(sql, status)
        return [(name, document.from_json(StatusChange, text)) for name, text in rows]

    def save_history(self, instance_id: str, change: StatusChange) -> None:
        """
        Write down that an instance got a status.
        """
        self.execute(
            "INSERT INTO history VALUES (?, ?)", instance_id, document.to_json(change)
        )
