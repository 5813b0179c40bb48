from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_rdsclone.domain.backups import BackupSet, NoWindow
from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.restoring import (
    Restore,
    chosen_set,
    is_by_set,
    is_by_time,
    newest_usable,
    parse_tag,
    resolve,
    resolve_if_known,
    restore_forms,
)
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import (
    BACKUP_SETS,
    FAILED_SET,
    LOGICAL_SET,
    NEWEST_SET,
    NOW,
    OLDER_SET,
    WINDOW,
    WITHDRAWN_SET,
    read,
    values,
)
from tests.support.rows import case, row

FACTS = Facts(backup_sets=BACKUP_SETS, window=WINDOW)
FOUR = datetime(2026, 11, 20, 4, tzinfo=UTC)


def resolved(facts: Facts, **point: object) -> Restore:
    """
    Resolve a restore point.
    """
    return resolve(read(values(restore_point=point)).restore_point, facts)


@pytest.mark.parametrize(
    ("point", "restore"),
    [
        row("a time", {"time": "2026-11-20T12:00:00+08:00"}, Restore(time=FOUR)),
        row("the newest second", {"latest": "time"}, Restore(time=WINDOW.end)),
        row("a named set", {"backup_id": "102"}, Restore(time=OLDER_SET.ended, backup_id="102")),
        case("the newest usable set")(
            {"latest": "backup"}, Restore(time=NEWEST_SET.ended, backup_id="103")
        ),
        case("the newest that ended before")(
            {"latest": "backup", "before": "2026-11-20T00:00:00Z"},
            Restore(time=OLDER_SET.ended, backup_id="102"),
        ),
        case("the newest that ended just before")(
            {"latest": "backup", "before": "2026-11-20T00:00:01Z"},
            Restore(time=NEWEST_SET.ended, backup_id="103"),
        ),
    ],
)
def test_restore_point_becomes_a_second_or_a_set(point: dict[str, Any], restore: Restore) -> None:
    assert restore == resolved(FACTS, **point)


def test_named_set_can_be_restored_without_its_end() -> None:
    assert Restore(time=None, backup_id="102") == resolved(Facts(), backup_id="102")


@pytest.mark.parametrize(
    ("facts", "point"),
    [
        *(
            row(window.name, Facts(window=window), {"latest": "time"})
            for window in (*NoWindow, *Missing)
        ),
        *(row(f"sets {gap.name}", Facts(backup_sets=gap), {"latest": "backup"}) for gap in Missing),
        case("no set is usable")(
            Facts(backup_sets=(FAILED_SET, LOGICAL_SET, WITHDRAWN_SET)), {"latest": "backup"}
        ),
    ],
)
def test_restore_point_without_facts_is_not_guessed(facts: Facts, point: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cannot be resolved"):
        resolved(facts, **point)


def test_newest_time_is_never_a_backup_set() -> None:
    facts = replace(FACTS, window=NoWindow.NOT_TOLD)

    with pytest.raises(ValueError, match="cannot be resolved"):
        resolved(facts, latest="time")


@pytest.mark.parametrize(
    ("backup_sets", "found"),
    [
        row("none at all", (), None),
        row("the newest comes last", (OLDER_SET, NEWEST_SET), NEWEST_SET),
        row("the newest comes first", (NEWEST_SET, OLDER_SET), NEWEST_SET),
        row("a newer one failed", (FAILED_SET, OLDER_SET), OLDER_SET),
        row("a newer one is logical", (LOGICAL_SET, OLDER_SET), OLDER_SET),
        row("a newer one is withdrawn", (WITHDRAWN_SET, OLDER_SET), OLDER_SET),
    ],
)
def test_newest_usable_set_ended_last(
    backup_sets: tuple[BackupSet, ...], found: BackupSet | None
) -> None:
    assert found == newest_usable(backup_sets)


def test_limit_excludes_its_own_second() -> None:
    assert newest_usable([OLDER_SET], before=OLDER_SET.ended) is None
    assert OLDER_SET == newest_usable([OLDER_SET], before=OLDER_SET.ended + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("restore", "output"),
    [
        case("a time")(
            Restore(time=FOUR), {"source_instance_id": "rm-source", "time": "2026-11-20T04:00:00Z"}
        ),
        case("a set", Restore(time=FOUR, backup_id="102"))(
            {"source_instance_id": "rm-source", "backup_id": "102", "time": "2026-11-20T04:00:00Z"}
        ),
        case("a set of unknown end", Restore(time=None, backup_id="102"))(
            {"source_instance_id": "rm-source", "backup_id": "102"}
        ),
        row("nothing known", Restore(time=None), {"source_instance_id": "rm-source"}),
    ],
)
def test_output_says_what_is_known_of_the_restore(restore: Restore, output: dict[str, str]) -> None:
    assert output == restore.restored_from("rm-source")


@pytest.mark.parametrize(
    ("restore", "tag"),
    [
        row("a time", Restore(time=FOUR), "rm-src/time/2026-11-20T04:00:00Z"),
        row("a set", Restore(time=FOUR, backup_id="102"), "rm-src/backup/102/2026-11-20T04:00:00Z"),
        row("a set of unknown end", Restore(time=None, backup_id="102"), "rm-src/backup/102/"),
    ],
)
def test_tag_is_written_in_a_frozen_form_and_read_back(restore: Restore, tag: str) -> None:
    assert tag == restore.to_tag("rm-src")
    assert ("rm-src", restore) == parse_tag(tag)


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        timezones=st.just(UTC),
    ).map(lambda instant: instant.replace(microsecond=0)),
    st.none() | st.text(min_size=1, max_size=60),
)
def test_tag_round_trip(time: datetime, backup_id: str | None) -> None:
    restore = Restore(time=time, backup_id=backup_id)

    assert ("rm-src", restore) == parse_tag(restore.to_tag("rm-src"))


@pytest.mark.parametrize(
    "value",
    [
        row("empty", ""),
        row("no instant", "rm-src/time/"),
        row("no instant, but something", "rm-src/time/noon"),
        row("prose", "something else"),
        row("no source", "time/2026-11-20T04:00:00Z"),
        row("a set without an id", "rm-src/backup"),
        row("another kind", "rm-src/moon/2026-11-20T04:00:00Z"),
    ],
)
def test_foreign_tag_tells_nothing(value: str) -> None:
    assert Restore(time=None) == parse_tag(value)[1]


@pytest.mark.parametrize(
    ("point", "forms"),
    [
        row("none", {}, []),
        row("a limit is no form", {"before": "2026-11-20T00:00:00Z"}, []),
        row("one", {"latest": "time"}, ["latest"]),
        row("an unknown one", {"time": UNKNOWN}, ["time"]),
        case("all", {"backup_id": "1", "time": "2026-11-20T00:00:00Z", "latest": "time"})(
            ["time", "backup_id", "latest"]
        ),
    ],
)
def test_forms_count_whether_known_or_not(point: dict[str, Any], forms: list[str]) -> None:
    assert forms == restore_forms(read(values(restore_point=point)).restore_point)


@pytest.mark.parametrize(
    ("point", "forms"),
    [
        row("nothing", {}, (False, False)),
        row("a time", {"time": "2026-11-20T00:00:00Z"}, (True, False)),
        row("an unknown time", {"time": UNKNOWN}, (True, False)),
        row("the newest time", {"latest": "time"}, (True, False)),
        row("a set", {"backup_id": "102"}, (False, True)),
        row("an unknown set", {"backup_id": UNKNOWN}, (False, True)),
        row("the newest set", {"latest": "backup"}, (False, True)),
        row("who knows", {"latest": UNKNOWN}, (False, False)),
    ],
)
def test_instant_needs_logs_and_set_needs_sets(
    point: dict[str, Any], forms: tuple[bool, bool]
) -> None:
    restore_point = read(values(restore_point=point)).restore_point

    assert forms == (is_by_time(restore_point), is_by_set(restore_point))


@pytest.mark.parametrize(
    ("point", "found"),
    [
        row("a named set", {"backup_id": "102"}, OLDER_SET),
        row("one that failed", {"backup_id": "104"}, FAILED_SET),
        row("one that is not there", {"backup_id": "999"}, None),
        row("the newest usable set", {"latest": "backup"}, NEWEST_SET),
        case("the newest that ended before")(
            {"latest": "backup", "before": "2026-11-20T00:00:00Z"}, OLDER_SET
        ),
        row("the newest second", {"latest": "time"}, None),
        row("a time", {"time": "2026-11-20T04:00:00Z"}, None),
        row("nothing", {}, None),
    ],
)
def test_chosen_set_is_found_usable_or_not(point: dict[str, Any], found: BackupSet | None) -> None:
    restore_point = read(values(restore_point=point)).restore_point

    assert found == chosen_set(restore_point, BACKUP_SETS)


@pytest.mark.parametrize(
    ("point", "facts", "restore"),
    [
        row("it is known", {"latest": "time"}, FACTS, Restore(time=WINDOW.end)),
        row("no window is known", {"latest": "time"}, Facts(), None),
        row("no sets are known", {"latest": "backup"}, Facts(), None),
        row("nothing is asked for", {}, Facts(), None),
        row("a time not known yet", {"time": UNKNOWN}, FACTS, None),
        row("a limit, too", {"latest": "backup", "before": UNKNOWN}, FACTS, None),
        row("nothing known yet", UNKNOWN, FACTS, None),
    ],
)
def test_preview_tells_the_restore(point: object, facts: Facts, restore: Restore | None) -> None:
    assert restore == resolve_if_known(read(values(restore_point=point)).restore_point, facts)


def test_window_ends_now() -> None:
    """
    The samples agree with each other: the newest second is later than every set.
    """
    assert all(backup.ended < WINDOW.end <= NOW for backup in BACKUP_SETS)
