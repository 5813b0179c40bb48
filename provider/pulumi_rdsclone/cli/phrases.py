"""
Rows and texts that several commands print.
"""

from collections.abc import Iterator

from pulumi_rdsclone.cli.output import Row
from pulumi_rdsclone.domain.backups import NoWindow, RecoveryWindow
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.presentation.messages import emulator_note

NOT_KNOWN = "not known"


def located(instance_id: str, region: str | None, *, emulator: str) -> str:
    """
    Return an instance with its region and the emulator, if one answers.
    """
    where = f" in {region}" if region else ""
    return f"{instance_id}{where}{emulator_note(emulator)}"


def source_rows(
    source_id: str, region: str | None, *, facts: Facts, emulator: str
) -> Iterator[Row]:
    """
    Yield the rows of the source and its engine.

    Args:
        source_id: The source.
        region: Its region; None if unknown.
        facts: The facts about it.
        emulator: Host and port of the emulator; empty if the cloud answers.
    """
    yield "source", located(source_id, region, emulator=emulator)
    source = known_or_none(facts.source)
    engine = f"{source.engine} {source.engine_version}" if source else NOT_KNOWN
    yield "engine", engine


def restore_text(restore: Restore | None) -> str:
    """
    Return the text for a restore point.
    """
    if restore is None or restore.time is None:
        return NOT_KNOWN
    of = f"backup set {restore.backup_id} of " if restore.backup_id else ""
    return f"{of}{format_instant(restore.time)}"


def window_text(window: RecoveryWindow | NoWindow | Missing) -> str:
    """
    Return the text for the restorable window, or why there is none.
    """
    if isinstance(window, NoWindow):
        return f"none: {window.value}"
    if isinstance(window, Missing):
        return NOT_KNOWN
    return f"{format_instant(window.begin)} to {format_instant(window.end)}"
