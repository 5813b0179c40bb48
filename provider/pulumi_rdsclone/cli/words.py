"""
What both commands that look at a source say of it.
"""

from collections.abc import Iterator

from pulumi_rdsclone.cli.output import Row
from pulumi_rdsclone.domain.backups import NoWindow, RecoveryWindow
from pulumi_rdsclone.domain.facts import Facts, Gap, told
from pulumi_rdsclone.domain.times import format_instant

NOT_KNOWN = "not known"


def source_rows(
    source_id: str, region: str | None, facts: Facts, emulator: str
) -> Iterator[Row]:
    """
    Name the source and its engine.

    Args:
        source_id: The source.
        region: Where it is; None when that is not known.
        facts: What was learnt of it.
        emulator: Where an emulator answers, empty when the cloud does.
    """
    where = f" in {region}" if region else ""
    note = f" (emulator at {emulator})" if emulator else ""
    yield "source", f"{source_id}{where}{note}"
    source = told(facts.source)
    engine = f"{source.engine} {source.engine_version}" if source else NOT_KNOWN
    yield "engine", engine


def window_text(window: RecoveryWindow | NoWindow | Gap) -> str:
    """
    Say which seconds can be restored, or why none can.
    """
    if isinstance(window, NoWindow):
        return f"none: {window.value}"
    if isinstance(window, Gap):
        return NOT_KNOWN
    return f"{format_instant(window.begin)} to {format_instant(window.end)}"
