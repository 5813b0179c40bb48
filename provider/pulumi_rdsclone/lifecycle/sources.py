"""
Read one source by itself: its attributes, restorable window and backup sets.

A fact that cannot be read is raised as an error.
"""

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.backups import (
    BackupSet,
    NoWindow,
    RecoveryWindow,
    Span,
    window_from_logs,
)
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    NotFoundError,
    PrerequisiteError,
)
from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.judging import judge
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.restoring import newest_usable
from pulumi_rdsclone.domain.spec import CloneSpec, RestorePoint
from pulumi_rdsclone.lifecycle.fact_reading import PREVIEW_MAX_AGE
from pulumi_rdsclone.lifecycle.read_cache import ReadCache, ReadTimedOutError
from pulumi_rdsclone.lifecycle.region import RegionContext, Regions

_REFUSING: Final = ("source-exists", "backup-latest")
"""The checks without which there is nothing to tell."""


def look_up(source_id: str, region: RegionContext) -> Instance:
    """
    Return the source as it is now.

    Raises:
        PrerequisiteError: There is no such instance.
        ReadTimedOutError: No answer came in time.
        ApiError: It could not be asked about.
    """
    read = region.cache.start("instance", source_id, max_age=PREVIEW_MAX_AGE)
    try:
        source: Instance = region.cache.result(read)
    except NotFoundError:
        raise _refusal(source_id, region, facts=Facts(exists=False)) from None
    except ReadTimedOutError as error:
        message = f"{error} — check the network and the endpoint, if one is set"
        raise ReadTimedOutError(message) from None
    return source


def require_source(report: Report, regions: Regions) -> None:
    """
    Raise if the source of *report* could not be read.

    In preview that is a warning; a verdict on its own needs the source. A missing
    permission is an answer.

    Raises:
        CloneError: Why the source could not be read.
    """
    if report.facts.source is Missing.UNVERIFIED:
        with suppress(AccessDeniedError):
            spec = report.spec
            look_up(spec.source_instance_id, regions.at(str(spec.region)))


def window_of(source: Instance, cache: ReadCache) -> RecoveryWindow | NoWindow:
    """
    Return the restorable window of *source*, for SQL Server from all its logs.

    The checks read the logs around one instant, and the others would look like a gap.

    Raises:
        ReadTimedOutError: No answer came in time.
        ApiError: The call was refused or did not come back.
    """
    if source.engine != SQL_SERVER:
        window: RecoveryWindow | NoWindow = _ask(cache, "recovery_window", source.id)
        return window
    sets = backup_sets_of(source.id, cache)
    ends = [
        backup_set.ended for backup_set in sets if backup_set.usable and backup_set.full
    ]
    if not ends:
        return NoWindow.NO_BACKUP
    # The API cuts to minutes: a log that ends in this one counts.
    asked = Span(min(ends), cache.clock.now() + timedelta(hours=1))
    return window_from_logs(sets, _ask(cache, "log_backups", source.id, asked))


def backup_sets_of(source_id: str, cache: ReadCache) -> tuple[BackupSet, ...]:
    """
    Return the backup sets of a source, the one that ended last first.

    Raises:
        ReadTimedOutError: No answer came in time.
        ApiError: The call was refused or did not come back.
    """
    sets: tuple[BackupSet, ...] = _ask(cache, "backup_sets", source_id)
    return tuple(sorted(sets, key=lambda backup_set: backup_set.ended, reverse=True))


def latest_backup_of(
    source_id: str, region: RegionContext, *, before: datetime | None = None
) -> BackupSet:
    """
    Return the set that `latest: backup` takes.

    Raises:
        PrerequisiteError: None is usable.
        ReadTimedOutError: No answer came in time.
        ApiError: The call was refused or did not come back.
    """
    sets = backup_sets_of(source_id, region.cache)
    newest = newest_usable(sets, before)
    if newest is None:
        raise _refusal(source_id, region, facts=Facts(backup_sets=sets), before=before)
    return newest


def _ask(cache: ReadCache, method: str, *args: Hashable) -> Any:
    return cache.result(cache.start(method, *args, max_age=PREVIEW_MAX_AGE))


def _refusal(
    source_id: str,
    region: RegionContext,
    *,
    facts: Facts,
    before: datetime | None = None,
) -> PrerequisiteError:
    """
    Return the error with the message of the check that fails on *facts*.
    """
    spec = CloneSpec(
        source_instance_id=source_id,
        region=region.id,
        restore_point=RestorePoint(latest="backup", before=before),
    )
    checks = [entry for entry in CHECKS if entry.id in _REFUSING]
    problems = judge(checks, spec, facts=facts).problems
    return PrerequisiteError(
        [replace(problem, path="source_instance_id") for problem in problems]
    )
