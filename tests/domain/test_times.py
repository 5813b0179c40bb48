from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_rdsclone.domain.times import (
    format_duration,
    format_instant,
    parse_duration,
    parse_instant,
)
from tests.support.rows import row

FOUR = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        row("UTC", "2026-11-20T04:00:00Z"),
        row("an offset to the east", "2026-11-20T12:00:00+08:00"),
        row("an offset to the west", "2026-11-19T23:30:00-04:30"),
        row("an offset of zero", "2026-11-20T04:00:00+00:00"),
        row("a space between date and time", "2026-11-20 04:00:00Z"),
        row("a fraction is cut", "2026-11-20T04:00:00.5Z"),
        row("and never rounded up", "2026-11-20T04:00:00.999999999Z"),
        row("lower case, as RFC 3339 allows", "2026-11-20t04:00:00z"),
    ],
)
def test_instant_is_read_in_every_rfc_3339_form(text: str) -> None:
    instant = parse_instant(text)

    assert FOUR == instant
    assert timedelta() == instant.utcoffset()


def test_datetime_is_read_in_utc_to_the_second() -> None:
    china = timezone(timedelta(hours=8))

    instant = parse_instant(datetime(2026, 11, 20, 12, 0, 0, 7, tzinfo=china))

    assert FOUR == instant
    assert timedelta() == instant.utcoffset()


def test_missing_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has no time zone: add Z .* \+08:00"):
        parse_instant("2026-11-20T04:00:00")


@pytest.mark.parametrize(
    "value",
    [
        row("prose", "yesterday"),
        row("nothing", ""),
        row("a date alone", "2026-11-20"),
        row("a thirteenth month", "2026-13-20T04:00:00Z"),
        row("a day the month does not have", "2026-11-31T04:00:00Z"),
        row("a twenty-fifth hour", "2026-11-20T25:00:00Z"),
        row("no separators", "20261120T040000Z"),
        row("a week date", "2026-W47-5T04:00:00Z"),
        row("an offset beyond a day", "2026-11-20T04:00:00+99:00"),
        row("before the first year in UTC", "0001-01-01T00:00:00+08:00"),
        row("after the last year in UTC", "9999-12-31T23:59:59-08:00"),
        row("a number", 1763611200),
        row("none", None),
        row("a list", ["2026-11-20T04:00:00Z"]),
    ],
)
def test_nonsense_is_refused_with_an_example_of_an_instant(value: object) -> None:
    with pytest.raises(ValueError, match="is not a time: write it like 2026-11-20T"):
        parse_instant(value)


def test_instant_is_written_in_utc() -> None:
    china = timezone(timedelta(hours=8))

    text = format_instant(datetime(2026, 11, 20, 12, tzinfo=china))

    assert text == "2026-11-20T04:00:00Z"


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=4.5))]
        ),
    )
)
def test_instant_round_trip(instant: datetime) -> None:
    text = format_instant(instant)
    again = parse_instant(text)

    assert instant.replace(microsecond=0) == again
    assert text == format_instant(again)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        row("minutes", "90m", 5400),
        row("hours and minutes", "1h30m", 5400),
        row("half hours", "1.5h", 5400),
        row("all units", "1h1m1s", 3661),
        row("seconds", "45s", 45),
        row("half a second", "0.5s", 0.5),
        row("a zero that adds nothing", "0h5m", 300),
        row("days", "2d", 172800),
        row("days and hours", "1d12h", 129600),
        row("half days", "1.5d", 129600),
        row("days and all other units", "1d1h1m1s", 90061),
        row("ten years", "3653d", 3653 * 86400),
        row("a timedelta", timedelta(minutes=3), 180),
    ],
)
def test_duration_is_read_in_each_unit(value: object, seconds: float) -> None:
    assert timedelta(seconds=seconds) == parse_duration(value)


@pytest.mark.parametrize(
    "value",
    [
        row("nothing", ""),
        row("prose", "soon"),
        row("a space", "90 m"),
        row("units in the wrong order", "30m1h"),
        row("days behind hours", "1h1d"),
        row("a space before the unit", "1 d"),
        row("a capital unit", "2D"),
        row("weeks", "2w"),
        row("digits of another script", "٤h"),
        row("a line break", "1h\n"),
        row("a negative text", "-5m"),
        row("zero seconds", "0s"),
        row("a truth value", True),
        row("none", None),
        row("a list", [90]),
    ],
)
def test_nonsense_is_refused_with_examples_of_durations(value: object) -> None:
    with pytest.raises(ValueError, match="is not a duration: write it like 90m, 36h"):
        parse_duration(value)


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        row("a number", 48, "48h for hours, 48d for days"),
        row("a number with a point", 48.0, "48h for hours, 48d for days"),
        row("a text of digits", "48", "48h for hours, 48d for days"),
        row("spaces around it", " 1.5 ", "1.5h for hours"),
        row("a zero", "0", "with a unit"),
        row("zero", 0, "with a unit"),
        row("a negative number", -1, "with a unit"),
        row("a negative text of digits", "-1", "with a unit"),
        row("seconds that are meant", 86400, "with a unit"),
        row("not a number", float("nan"), "with a unit"),
        row("for ever", float("inf"), "with a unit"),
        row("a number beyond counting", 10**400, "with a unit"),
    ],
)
def test_number_without_a_unit_is_refused_with_a_suggestion(value: object, remedy: str) -> None:
    with pytest.raises(ValueError, match=f"has no unit: write .*{remedy}"):
        parse_duration(value)


@pytest.mark.parametrize(
    "value",
    [
        row("over ten years", "3654d"),
        row("a hundred years", "999999h"),
        row("longer than can be counted", "99999999999999999999h"),
        row("longer than a float can hold", f"{'9' * 400}d"),
    ],
)
def test_duration_of_more_than_ten_years_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is more than ten years: write a shorter"):
        parse_duration(value)


@pytest.mark.parametrize(("one", "other"), [("48h", "2d"), ("36h", "1d12h")])
def test_equal_durations_are_written_alike(one: str, other: str) -> None:
    assert parse_duration(one) == parse_duration(other)
    assert one == format_duration(parse_duration(other))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        row("hours and minutes", 5400, "1h30m"),
        row("minutes and seconds", 90, "1m30s"),
        row("whole hours", 3600, "1h"),
        row("a unit left out", 3601, "1h1s"),
        row("a day is hours", 86400, "24h"),
        row("half a second", 1.5, "1.5s"),
    ],
)
def test_duration_is_written_in_the_largest_units_that_fit(seconds: float, text: str) -> None:
    assert text == format_duration(timedelta(seconds=seconds))


@given(st.integers(min_value=1, max_value=10_000_000))
def test_duration_round_trip(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert duration == parse_duration(format_duration(duration))


@pytest.mark.parametrize(
    "duration",
    [
        row("tenths", timedelta(seconds=12.5)),
        row("microseconds", timedelta(seconds=12.345678)),
        row("just below a minute", timedelta(seconds=59.999999)),
        row("next to nothing", timedelta(microseconds=20)),
        row("ten years", timedelta(hours=87672)),
    ],
)
def test_any_duration_survives_being_written_and_read(duration: timedelta) -> None:
    assert duration == parse_duration(format_duration(duration))
