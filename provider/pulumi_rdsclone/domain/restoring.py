"""
The restore point: its forms, and how *latest* is resolved.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pulumi_rdsclone.domain.backups import BackupSet, RecoveryWindow
from pulumi_rdsclone.domain.facts import Facts, known_or_none
from pulumi_rdsclone.domain.spec import RestorePoint
from pulumi_rdsclone.domain.times import format_instant, parse_instant
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown

_TAG = re.compile(
    r"(?P<source>[^/]+)/(time|backup/(?P<backup_id>.+))/(?P<time>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?)",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Restore:
    """
    A resolved restore point: an instant that the logs restore, or a backup set.

    Attributes:
        time: The instant asked for, or the end of the backup set, in UTC.
        backup_id: The set, None for a point in time.
    """

    time: datetime | None
    backup_id: str | None = None

    @property
    def time_by_logs(self) -> datetime | None:
        """
        The instant that the logs restore; None where a backup set is restored.
        """
        return None if self.backup_id else self.time

    def restored_from(self, source_instance_id: str) -> dict[str, str]:
        """
        Return the output ``restored_from`` without unknown and empty values.
        """
        values = {
            "source_instance_id": source_instance_id or None,
            "backup_id": self.backup_id,
            "time": format_instant(self.time) if self.time else None,
        }
        return {name: value for name, value in values.items() if value is not None}

    def to_tag(self, source_instance_id: str) -> str:
        """
        Return it as a tag's value: ``SOURCE/time/INSTANT`` or ``SOURCE/backup/ID/…``.
        """
        form = ["backup", self.backup_id] if self.backup_id else ["time"]
        time = format_instant(self.time) if self.time else ""
        return "/".join([source_instance_id, *form, time])


def parse_tag(tag: str) -> tuple[str, Restore]:
    """
    Return source and restore from the text of *Restore.to_tag*.

    The source is empty for any other text.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        return "", Restore(time=None)
    time = parse_instant(match["time"]) if match["time"] else None
    return match["source"], Restore(time=time, backup_id=match["backup_id"])


_UNRESOLVED = "the restore point cannot be resolved from what is known of the source"


def restore_forms(point: RestorePoint) -> list[str]:
    """
    Return the names of the given restore forms, known or not.
    """
    forms = {"time": point.time, "backup_id": point.backup_id, "latest": point.latest}
    return [name for name, value in forms.items() if value is not None]


def is_by_time(point: RestorePoint) -> bool:
    """
    Return whether *point* asks for an instant, which needs the logs.
    """
    return point.time is not None or point.latest == "time"


def is_by_set(point: RestorePoint) -> bool:
    """
    Return whether *point* asks for a backup set.
    """
    return point.backup_id is not None or point.latest == "backup"


def newest_usable(
    backup_sets: Iterable[BackupSet], before: datetime | None = None
) -> BackupSet | None:
    """
    Return the usable set that ended last, before *before* if that is given.
    """
    usable = [b for b in backup_sets if b.usable and not (before and b.ended >= before)]
    return max(usable, key=lambda b: b.ended, default=None)


def chosen_set(
    point: RestorePoint, backup_sets: Iterable[BackupSet]
) -> BackupSet | None:
    """
    Return the set that *point* asks for; None for a point in time or a missing set.
    """
    if point.latest == "backup":
        return newest_usable(backup_sets, point.before)
    return next((b for b in backup_sets if b.id == point.backup_id), None)


def resolve(point: RestorePoint, facts: Facts) -> Restore:
    """
    Return the restore of *point*: *latest* becomes a second or a backup set.

    Raises:
        ValueError: The facts do not hold what *point* asks for; the checks refuse
            every such case before.
    """
    if point.time is not None:
        return Restore(time=point.time)
    if point.latest == "time":
        if isinstance(facts.window, RecoveryWindow):
            return Restore(time=facts.window.end)
        raise ValueError(_UNRESOLVED)
    backup_sets = known_or_none(facts.backup_sets) or ()
    if point.backup_id is not None:
        named = chosen_set(point, backup_sets)
        return Restore(time=named.ended if named else None, backup_id=point.backup_id)
    if newest := newest_usable(backup_sets, point.before):
        return Restore(time=newest.ended, backup_id=newest.id)
    raise ValueError(_UNRESOLVED)


def resolve_if_known(point: RestorePoint, facts: Facts) -> Restore | None:
    """
    Return the restore of *point* during preview; None if it is not known yet.
    """
    if is_unknown(point) or has_unknown(point.complete()):
        return None
    try:
        return resolve(point, facts)
    except ValueError:
        return None
