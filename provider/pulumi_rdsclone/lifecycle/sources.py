"""
What is asked about one source by itself: itself, its window, its backup sets.

Nothing is a gap here: what is not told is raised.
"""

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
from pulumi_rdsclone.domain.checking import judge
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    NotFoundError,
    PrerequisiteError,
)
from pulumi_rdsclone.domain.facts import Facts, Gap
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.restoring import newest_usable
from pulumi_rdsclone.domain.spec import CloneSpec, RestorePoint
from pulumi_rdsclone.lifecycle.learning import FOR_PREVIEW
from pulumi_rdsclone.lifecycle.library import Library, SlowError
from pulumi_rdsclone.lifecycle.site import Site, Sites

_REFUSING: Final = ("source-exists", "backup-latest")
"""The checks without which there is nothing to tell."""


def look_up(source_id: str, site: Site) -> Instance:
    """
    Give the source as it is.

    Raises:
        PrerequisiteError: There is no such instance.
        SlowError: No answer came in time.
        ApiError: It could not be asked about.
    """
    read = site.library.ask("instance", source_id, max_age=FOR_PREVIEW)
    try:
        source: Instance = site.library.take(read)
    except NotFoundError:
        raise _refusal(source_id, site, Facts(exists=False)) from None
    except SlowError as error:
        msg = f"{error} — check the network and the endpoint, if one is set"
        raise SlowError(msg) from None
    return source


def insist(report: Report, sites: Sites) -> None:
    """
    Refuse to go on when nobody answered for the source of *report*.

    In preview that is a warning; who says "accepted" on its own must have looked. A
    missing permission is an answer.

    Raises:
        CloneError: What kept the source from being known.
    """
    if report.facts.source is Gap.UNVERIFIED:
        with suppress(AccessDeniedError):
            spec = report.spec
            look_up(spec.source_instance_id, sites.at(str(spec.region)))


def window_of(source: Instance, library: Library) -> RecoveryWindow | NoWindow:
    """
    Tell which seconds of *source* can be restored, for SQL Server from all its logs.

    The checks ask for the logs around one instant only, and what is not asked for
    would look like a gap.

    Raises:
        SlowError: No answer came in time.
        ApiError: The call was refused or did not come back.
    """
    if source.engine != SQL_SERVER:
        window: RecoveryWindow | NoWindow = _ask(library, "recovery_window", source.id)
        return window
    sets = backup_sets_of(source.id, library)
    ends = [one.ended for one in sets if one.usable and one.full]
    if not ends:
        return NoWindow.NO_BACKUP
    # The API cuts to minutes: a log that ends in this one counts.
    asked = Span(min(ends), library.clock.now() + timedelta(hours=1))
    return window_from_logs(sets, _ask(library, "log_backups", source.id, asked))


def backup_sets_of(source_id: str, library: Library) -> tuple[BackupSet, ...]:
    """
    Give the backup sets of a source, the one that ended last first.

    Raises:
        SlowError: No answer came in time.
        ApiError: The call was refused or did not come back.
    """
    sets: tuple[BackupSet, ...] = _ask(library, "backup_sets", source_id)
    return tuple(sorted(sets, key=lambda one: one.ended, reverse=True))


def latest_backup_of(
    source_id: str, site: Site, before: datetime | None = None
) -> BackupSet:
    """
    Give the set that `latest: backup` takes.

    Raises:
        PrerequisiteError: None is usable.
        SlowError: No answer came in time.
        ApiError: The call was refused or did not come back.
    """
    sets = backup_sets_of(source_id, site.library)
    newest = newest_usable(sets, before)
    if newest is None:
        raise _refusal(source_id, site, Facts(backup_sets=sets), before)
    return newest


def _ask(library: Library, method: str, *args: Any) -> Any:
    return library.take(library.ask(method, *args, max_age=FOR_PREVIEW))


def _refusal(
    source_id: str, site: Site, facts: Facts, before: datetime | None = None
) -> PrerequisiteError:
    """
    Refuse in the words of the check that finds something in *facts*.
    """
    spec = CloneSpec(
        source_instance_id=source_id,
        region=site.rds.region,
        restore_point=RestorePoint(latest="backup", before=before),
    )
    checks = [entry for entry in CHECKS if entry.id in _REFUSING]
    problems = judge(checks, spec, facts).problems
    return PrerequisiteError(
        [replace(problem, path="source_instance_id") for problem in problems]
    )
