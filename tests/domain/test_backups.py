from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_rdsclone.domain.backups import (
    BackupSet,
    NoWindow,
    RecoveryWindow,
    Span,
    logs_around,
    window_from_logs,
)
from tests.domain.samples import (
    BACKUP_SETS,
    FAILED_SET,
    LOGICAL_SET,
    NEWEST_SET,
    NOW,
    OLDER_SET,
    WITHDRAWN_SET,
)
from tests.support.rows import case, row

HOUR = timedelta(hours=1)
INCREMENT = replace(NEWEST_SET, id="107", full=False, ended=NOW - 3 * HOUR)


def span(begin: float, end: float) -> Span:
    """
    Return the stretch from hour to hour, counted from *NOW*.
    """
    return Span(NOW + begin * HOUR, NOW + end * HOUR)


def window(*spans: tuple[float, float]) -> RecoveryWindow:
    """
    Return the window of *spans*, in hours from *NOW*.
    """
    return RecoveryWindow(tuple(span(begin, end) for begin, end in spans))


def full(hour: float) -> BackupSet:
    """
    Make a usable set that ended at *hour*.
    """
    return replace(NEWEST_SET, ended=NOW + hour * HOUR)


@pytest.mark.parametrize(
    ("backup", "why"),
    [
        row("nothing is wrong with it", NEWEST_SET, ""),
        row("an increment", INCREMENT, ""),
        row("failed", FAILED_SET, "failed"),
        row("logical", LOGICAL_SET, "is a logical backup"),
        row("withdrawn", WITHDRAWN_SET, "is not available"),
        case("all of it: the first reason counts")(
            replace(LOGICAL_SET, succeeded=False, available=False), "failed"
        ),
    ],
)
def test_set_is_usable_or_says_why_not(backup: BackupSet, why: str) -> None:
    assert why == backup.why_not
    assert backup.usable == (not why)


@pytest.mark.parametrize(
    ("hour", "held", "before", "after"),
    [
        row("before everything", -1, False, None, 0),
        row("the first second", 0, True, None, 5),
        row("inside of the first", 1, True, None, 5),
        row("the last of the first", 2, True, None, 5),
        row("in the gap", 3, False, 2, 5),
        row("a single second", 5, True, 2, 7),
        row("in the second gap", 6, False, 5, 7),
        row("the last second", 9, True, 5, None),
        row("after everything", 10, False, 9, None),
    ],
)
def test_second_is_in_the_window_or_has_neighbours(
    hour: int, *, held: bool, before: int | None, after: int | None
) -> None:
    three = window((0, 2), (5, 5), (7, 9))
    time = NOW + hour * HOUR

    assert held == three.holds(time)
    assert three.neighbours(time) == (
        None if before is None else NOW + before * HOUR,
        None if after is None else NOW + after * HOUR,
    )


def test_window_ends_at_its_oldest_and_newest_second() -> None:
    three = window((0, 2), (5, 5), (7, 9))

    assert three.begin == NOW
    assert NOW + 9 * HOUR == three.end


def test_ends_of_a_window_are_restorable_and_seconds_beside_them_are_not() -> None:
    span = window((0, 2))
    second = timedelta(seconds=1)

    assert span.holds(span.begin)
    assert span.holds(span.end)
    assert not span.holds(span.begin - second)
    assert not span.holds(span.end + second)


@pytest.mark.parametrize(
    ("hour", "backup_sets", "found"),
    [
        row("no set", 0, (), None),
        row("none before", 0, (full(1),), None),
        row("none after", 0, (full(-2),), (-2, 9)),
        row("one on each side", 0, (full(3), full(-2)), (-2, 3)),
        row("the nearest of several", 0, (full(-4), full(-2), full(5), full(3)), (-2, 3)),
        row("a set that second", 0, (full(-2), full(0), full(3)), (0, 3)),
        row("sets that count for nothing", 0, (full(-6), *BACKUP_SETS[2:], INCREMENT), (-6, 9)),
    ],
)
def test_deciding_logs_lie_between_full_sets(
    hour: int, backup_sets: tuple[BackupSet, ...], found: tuple[int, int] | None
) -> None:
    time, until = NOW + hour * HOUR, NOW + 9 * HOUR

    assert (None if found is None else span(*found)) == logs_around(time, backup_sets, until=until)


@pytest.mark.parametrize(
    ("backup_sets", "logs", "spans"),
    [
        row("a set without logs", (full(0),), [], [(0, 0)]),
        row("logs around a set", (full(0),), [(-1, 4)], [(0, 4)]),
        row("logs from its end on", (full(0),), [(0, 4)], [(0, 4)]),
        row("logs that begin too late", (full(0),), [(1, 4)], [(0, 0)]),
        row("logs that end too early", (full(0),), [(-4, -1)], [(0, 0)]),
        row("logs up to its end", (full(0),), [(-4, 0)], [(0, 0)]),
        row("logs that touch, in any order", (full(0),), [(2, 4), (0, 2)], [(0, 4)]),
        row("a log in another", (full(0),), [(0, 3), (1, 2)], [(0, 3)]),
        row("a gap in the logs", (full(0),), [(0, 2), (3, 4)], [(0, 2)]),
        row("a gap that a set ends", (full(0), full(3)), [(0, 2), (3, 4)], [(0, 2), (3, 4)]),
        row("a set that changes nothing", (full(3), full(0)), [(0, 4)], [(0, 4)]),
        row("a set where the logs end", (full(0), full(2)), [(0, 2)], [(0, 2)]),
        row("sets without logs", (full(0), full(2), full(1)), [], [(0, 0), (1, 1), (2, 2)]),
        case("an increment begins nothing")(
            (full(0), replace(full(3), full=False)), [(0, 2), (3, 4)], [(0, 2)]
        ),
        case("a useless set begins nothing")(
            (full(0), replace(full(3), available=False)), [(0, 2), (3, 4)], [(0, 2)]
        ),
    ],
)
def test_window_holds_the_end_of_each_full_set_and_what_logs_add(
    backup_sets: tuple[BackupSet, ...],
    logs: list[tuple[float, float]],
    spans: list[tuple[float, float]],
) -> None:
    assert window(*spans) == window_from_logs(backup_sets, [span(*log) for log in logs])


@pytest.mark.parametrize(
    "backup_sets",
    [
        row("none", ()),
        row("useless ones", (FAILED_SET, LOGICAL_SET, WITHDRAWN_SET)),
        row("an increment", (INCREMENT,)),
    ],
)
def test_logs_without_a_full_set_have_no_window(backup_sets: tuple[BackupSet, ...]) -> None:
    assert NoWindow.NO_BACKUP is window_from_logs(backup_sets, [span(-9, 0)])


HOURS = st.integers(min_value=0, max_value=24)
INSTANTS = st.integers(min_value=-2, max_value=50).map(lambda half: half / 2)
SETS = st.lists(
    st.builds(
        replace,
        st.sampled_from([NEWEST_SET, FAILED_SET, LOGICAL_SET, WITHDRAWN_SET]),
        ended=HOURS.map(lambda hour: NOW + hour * HOUR),
        full=st.booleans(),
    ),
    max_size=6,
)
LOGS = st.lists(st.tuples(HOURS, HOURS).map(sorted).map(lambda ends: span(*ends)), max_size=8)


def restorable(hour: float, sets: Iterable[BackupSet], logs: Iterable[Span]) -> bool:
    """
    Return whether *hour* can be restored, by walking half an hour at a time.
    """
    ends = {(b.ended - NOW) / HOUR for b in sets if b.usable and b.full}
    while hour >= 0:
        if hour in ends:
            return True
        step = span(hour - 0.5, hour)
        if not any(log.begin <= step.begin and step.end <= log.end for log in logs):
            return False
        hour -= 0.5
    return False


@given(SETS, LOGS, INSTANTS)
def test_window_follows_the_logs(
    backup_sets: list[BackupSet], logs: list[Span], hour: float
) -> None:
    found = window_from_logs(backup_sets, logs)
    held = isinstance(found, RecoveryWindow) and found.holds(NOW + hour * HOUR)

    assert restorable(hour, backup_sets, logs) == held


@given(SETS, LOGS)
def test_spans_are_apart_and_in_order(backup_sets: list[BackupSet], logs: list[Span]) -> None:
    found = window_from_logs(backup_sets, logs)

    if isinstance(found, RecoveryWindow):
        instants = [t for span in found.spans for t in (span.begin, span.end)]
        assert instants == sorted(instants)
        assert all(a.end < b.begin for a, b in zip(found.spans, found.spans[1:], strict=False))
    assert isinstance(found, RecoveryWindow) == any(
        backup.usable and backup.full for backup in backup_sets
    )


@given(SETS, LOGS, INSTANTS)
def test_logs_around_are_enough(
    backup_sets: list[BackupSet], logs: list[Span], hour: float
) -> None:
    time = NOW + hour * HOUR
    around = logs_around(time, backup_sets, until=NOW + 30 * HOUR)
    near = [log for log in logs if around and log.begin <= around.end and around.begin <= log.end]
    of_all, of_near = (window_from_logs(backup_sets, some) for some in (logs, near))

    assert (isinstance(of_all, RecoveryWindow) and of_all.holds(time)) == (
        isinstance(of_near, RecoveryWindow) and of_near.holds(time)
    )


def test_window_of_the_samples_begins_at_the_older_set() -> None:
    logs = [Span(OLDER_SET.ended, NOW)]

    assert RecoveryWindow(tuple(logs)) == window_from_logs(BACKUP_SETS, logs)


@pytest.mark.parametrize(("apart", "spans"), [(1, 1), (2, 2)])
def test_logs_a_second_apart_have_no_gap(apart: int, spans: int) -> None:
    """
    A log that begins in the second after another's end goes on with it.
    """
    end = NOW + timedelta(minutes=5)
    begin = end + timedelta(seconds=apart)
    logs = (Span(NOW, end), Span(begin, begin + timedelta(minutes=5)))
    sets = (replace(NEWEST_SET, ended=NOW), replace(NEWEST_SET, ended=begin))
    found = window_from_logs(sets, logs)

    assert isinstance(found, RecoveryWindow)
    assert spans == len(found.spans)
