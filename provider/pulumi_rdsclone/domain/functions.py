"""
Arguments and results of the functions, beside the inputs of a clone.
"""

from typing import Annotated

from pydantic import Field

from pulumi_rdsclone.domain.backups import BackupSet, NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.model import Choices, FieldGroup
from pulumi_rdsclone.domain.outputs import EstimatedPrice
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.spec import NAMED, NEEDED
from pulumi_rdsclone.domain.times import Instant, format_instant


class SourceQuery(FieldGroup):
    """
    Which instance is asked about.
    """

    source_instance_id: Annotated[str, NEEDED] = Field(
        description="The RDS instance that is asked about."
    )
    region: Annotated[str | None, NAMED] = Field(
        None,
        description=(
            "Region of the instance, such as cn-hangzhou; default: the provider's "
            "`rdsclone:region`, then the environment."
        ),
    )


class BackupsQuery(SourceQuery):
    """
    Which backup sets are asked for.
    """

    usable_only: bool = Field(
        default=False,
        description="Whether to leave out the sets that no clone can be made of.",
    )


class LatestBackupQuery(SourceQuery):
    """
    Which backup set is asked for.
    """

    before: Instant | None = Field(
        None, description="Give the newest set that ended before this; RFC 3339."
    )


class RestorableSpan(FieldGroup):
    """
    A stretch of time without a gap, both ends included.
    """

    begin: str = Field(description="The oldest second of the stretch, in UTC.")
    end: str = Field(description="The newest second of the stretch, in UTC.")

    @classmethod
    def of(cls, span: Span) -> "RestorableSpan":
        """
        Return the result for *span*.
        """
        return cls(begin=format_instant(span.begin), end=format_instant(span.end))


class RestorableWindow(FieldGroup):
    """
    Which seconds of an instance can be restored.
    """

    source_instance_id: str = Field(description="The instance.")
    region: str = Field(description="Its region.")
    engine: str = Field(description="Its database engine, such as MySQL.")
    engine_version: str = Field(description="Its engine version.")
    earliest: str | None = Field(
        None,
        description="The oldest restorable second, in UTC; left out if there is none.",
    )
    latest: str | None = Field(
        None,
        description=(
            "The newest restorable second, in UTC, the one that `latest: time` takes; "
            "left out if there is none."
        ),
    )
    spans: list[RestorableSpan] = Field(
        description=(
            "The stretches from `earliest` to `latest`, the oldest first: none, one, "
            "or several where the logs of SQL Server have gaps."
        )
    )
    reason: str | None = Field(
        None, description="Why no second can be restored, where none can."
    )

    @classmethod
    def of(
        cls, source: Instance, window: RecoveryWindow | NoWindow, *, region: str
    ) -> "RestorableWindow":
        """
        Return the result for *window*, that of *source* in *region*.
        """
        restorable = window if isinstance(window, RecoveryWindow) else None
        return cls(
            source_instance_id=source.id,
            region=region,
            engine=source.engine,
            engine_version=source.engine_version,
            earliest=format_instant(restorable.begin) if restorable else None,
            latest=format_instant(restorable.end) if restorable else None,
            spans=[RestorableSpan.of(span) for span in restorable.spans]
            if restorable
            else [],
            reason=window.value if isinstance(window, NoWindow) else None,
        )


class Backup(FieldGroup):
    """
    A backup set of an instance.
    """

    backup_id: str = Field(
        description="Id of the set, which `restore_point.backup_id` takes."
    )
    start_time: str | None = Field(
        None, description="When the backup began, in UTC, where the cloud tells."
    )
    end_time: str = Field(
        description=(
            "When the backup ended, in UTC: its consistent point, the instant that a "
            "clone of it holds."
        )
    )
    size_bytes: float | None = Field(
        None, description="Size of the set in bytes, where the cloud tells."
    )
    type: Annotated[str, Choices("FullBackup", "IncrementalBackup")] = Field(
        description="Whether it is whole, or what changed since another."
    )
    method: Annotated[
        str | None, Choices("Physical", "Snapshot", "Logical", closed=False)
    ] = Field(None, description="How it was made, where the cloud tells.")
    is_usable: bool = Field(description="Whether a clone can be made of it.")
    reason: str | None = Field(
        None, description="Why no clone can be made of it, where none can."
    )

    @classmethod
    def of(cls, backup: BackupSet) -> "Backup":
        """
        Return the result for *backup*.
        """
        return cls(
            backup_id=backup.id,
            start_time=format_instant(backup.started) if backup.started else None,
            end_time=format_instant(backup.ended),
            size_bytes=backup.size_bytes,
            type="FullBackup" if backup.full else "IncrementalBackup",
            method=backup.method or None,
            is_usable=backup.usable,
            reason=backup.why_not or None,
        )


class Backups(FieldGroup):
    """
    The backup sets of an instance.
    """

    source_instance_id: str = Field(description="The instance.")
    region: str = Field(description="Its region.")
    backups: list[Backup] = Field(
        description="Its backup sets, the one that ended last first."
    )


class CheckCounts(FieldGroup):
    """
    What became of the checks: how many ended how.
    """

    passed: int = Field(description="Nothing was found.")
    failed: int = Field(description="An error was found.")
    warned: int = Field(description="A warning was found.")
    unverified: int = Field(description="What they ask for could not be learnt.")
    deferred: int = Field(description="They wait for an input.")
    skipped: int = Field(description="They were not wanted.")


class CloneProblem(FieldGroup):
    """
    What a check found wrong.
    """

    check: str = Field(description="Id of the check; all are listed in docs/checks.md.")
    path: str = Field(description="The input that it is about.")
    severity: Annotated[str, Choices("error", "warning")] = Field(
        description="Whether the clone is refused."
    )
    what: str = Field(description="What is wrong.")
    remedy: str = Field(description="What to do about it.")


class CloneCheck(FieldGroup):
    """
    What preview would say of a clone: its restore report.
    """

    can_be_cloned: bool = Field(
        description=(
            "Whether the clone would be accepted: no error was found. What could not "
            "be verified is a warning, unless `checks.on_unverifiable` is `fail`."
        )
    )
    source_instance_id: str | None = Field(
        None, description="The instance to copy, where it is known."
    )
    region: str | None = Field(None, description="Its region, where it is known.")
    engine: str | None = Field(
        None, description="Its database engine, where it could be learnt."
    )
    engine_version: str | None = Field(
        None, description="Its engine version, where it could be learnt."
    )
    backup_id: str | None = Field(
        None, description="The backup set that would be restored, if it is one."
    )
    time: str | None = Field(
        None,
        description=(
            "The instant that would be restored, in UTC: the second asked for, or the "
            "end of the backup set."
        ),
    )
    age_seconds: int | None = Field(
        None, description="How old the restored data would be, in seconds."
    )
    window: RestorableSpan | None = Field(
        None,
        description=(
            "The oldest and the newest restorable second, where the restore point is "
            "a time."
        ),
    )
    estimated_price: EstimatedPrice | None = Field(
        None, description="What the clone would cost, where the cloud tells."
    )
    whitelist: str = Field(
        description=(
            "Whether the clone's whitelist is `declared` or, from the source, "
            "`inherited`."
        )
    )
    checks: CheckCounts = Field(description="How many checks ended how.")
    problems: list[CloneProblem] = Field(
        description="Errors and warnings, in the order of the inputs."
    )

    @classmethod
    def of(cls, report: Report) -> "CloneCheck":
        """
        Return the result for *report*.
        """
        tree = {**report.tree(), "can_be_cloned": not report.errors}
        del tree["verdict"]
        return cls.model_validate(tree)
