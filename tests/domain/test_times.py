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

FOUR = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-20T04:00:00Z", id="UTC"),
        pytest.param("2026-11-20T12:00:00+08:00", id="an offset to the east"),
        pytest.param("2026-11-19T23:30:00-04:30", id="an offset to the west"),
        pytest.param("2026-11-20T04:00:00+00:00", id="an offset of zero"),
        pytest.param("2026-11-20 04:00:00Z", id="a space between date and time"),
        pytest.param("2026-11-20T04:00:00.5Z", id="a fraction is cut"),
        pytest.param("2026-11-20T04:00:00.999999999Z", id="and never rounded up"),
        pytest.param("2026-11-20t04:00:00z", id="lower case, as RFC 3339 allows"),
    ],
)
def test_instant_is_read(text: str) -> None:
    """
    Every RFC 3339 form of one instant gives the same second in UTC.
    """
    instant = parse_instant(text)

    assert FOUR == instant
    assert timedelta() == instant.utcoffset()


def test_datetime_is_read() -> None:
    """
    A datetime with a zone is taken as it is, in UTC and cut to the second.
    """
    china = timezone(timedelta(hours=8))

    instant = parse_instant(datetime(2026, 11, 20, 12, 0, 0, 7, tzinfo=china))

    assert FOUR == instant
    assert timedelta() == instant.utcoffset()


def test_missing_zone_is_refused() -> None:
    """
    An instant without a zone is refused and the message says what to add.
    """
    with pytest.raises(ValueError, match=r"has no time zone: add Z .* \+08:00"):
        parse_instant("2026-11-20T04:00:00")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("yesterday", id="prose"),
        pytest.param("", id="nothing"),
        pytest.param("2026-11-20", id="a date alone"),
        pytest.param("2026-13-20T04:00:00Z", id="a thirteenth month"),
        pytest.param("2026-11-31T04:00:00Z", id="a day the month does not have"),
        pytest.param("2026-11-20T25:00:00Z", id="a twenty-fifth hour"),
        pytest.param("20261120T040000Z", id="no separators"),
        pytest.param("2026-W47-5T04:00:00Z", id="a week date"),
        pytest.param("2026-11-20T04:00:00+99:00", id="an offset beyond a day"),
        pytest.param("0001-01-01T00:00:00+08:00", id="before the first year in UTC"),
        pytest.param("9999-12-31T23:59:59-08:00", id="after the last year in UTC"),
        pytest.param(1763611200, id="a number"),
        pytest.param(None, id="none"),
        pytest.param(["2026-11-20T04:00:00Z"], id="a list"),
    ],
)
def test_nonsense_is_no_instant(value: object) -> None:
    """
    What is no instant is refused with an example of one.
    """
    with pytest.raises(ValueError, match="is not a time: write it like 2026-11-20T"):
        parse_instant(value)


def test_instant_is_written_in_utc() -> None:
    """
    Whatever its zone, an instant is written in UTC to the second.
    """
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
    """
    What is written is read back as the same second, and written the same again.
    """
    text = format_instant(instant)
    again = parse_instant(text)

    assert instant.replace(microsecond=0) == again
    assert text == format_instant(again)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("90m", 5400, id="minutes"),
        pytest.param("1h30m", 5400, id="hours and minutes"),
        pytest.param("1.5h", 5400, id="half hours"),
        pytest.param("1h1m1s", 3661, id="all units"),
        pytest.param("45s", 45, id="seconds"),
        pytest.param("0.5s", 0.5, id="half a second"),
        pytest.param("0h5m", 300, id="a zero that adds nothing"),
        pytest.param("2d", 172800, id="days"),
        pytest.param("1d12h", 129600, id="days and hours"),
        pytest.param("1.5d", 129600, id="half days"),
        pytest.param("1d1h1m1s", 90061, id="days and all other units"),
        pytest.param("3653d", 3653 * 86400, id="ten years"),
        pytest.param(timedelta(minutes=3), 180, id="a timedelta"),
    ],
)
def test_duration_is_read(value: object, seconds: float) -> None:
    """
    A duration is read from days, hours, minutes and seconds.
    """
    assert timedelta(seconds=seconds) == parse_duration(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="nothing"),
        pytest.param("soon", id="prose"),
        pytest.param("90 m", id="a space"),
        pytest.param("30m1h", id="units in the wrong order"),
        pytest.param("1h1d", id="days behind hours"),
        pytest.param("1 d", id="a space before the unit"),
        pytest.param("2D", id="a capital unit"),
        pytest.param("2w", id="weeks"),
        pytest.param("٤h", id="digits of another script"),
        pytest.param("1h\n", id="a line break"),
        pytest.param("-5m", id="a negative text"),
        pytest.param("0s", id="zero seconds"),
        pytest.param(True, id="a truth value"),
        pytest.param(None, id="none"),
        pytest.param([90], id="a list"),
    ],
)
def test_nonsense_is_no_duration(value: object) -> None:
    """
    What is no positive duration is refused with two examples.
    """
    with pytest.raises(ValueError, match="is not a duration: write it like 90m, 36h"):
        parse_duration(value)


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        pytest.param(48, "48h for hours, 48d for days", id="a number"),
        pytest.param(48.0, "48h for hours, 48d for days", id="a number with a point"),
        pytest.param("48", "48h for hours, 48d for days", id="a text of digits"),
        pytest.param(" 1.5 ", "1.5h for hours", id="spaces around it"),
        pytest.param("0", "with a unit", id="a zero"),
        pytest.param(0, "with a unit", id="zero"),
        pytest.param(-1, "with a unit", id="a negative number"),
        pytest.param("-1", "with a unit", id="a negative text of digits"),
        pytest.param(86400, "with a unit", id="seconds that are meant"),
        pytest.param(float("nan"), "with a unit", id="not a number"),
        pytest.param(float("inf"), "with a unit", id="for ever"),
        pytest.param(10**400, "with a unit", id="a number beyond counting"),
    ],
)
def test_bare_number_is_refused(value: object, remedy: str) -> None:
    """
    A number without a unit is refused, and what it may have meant is said.
    """
    with pytest.raises(ValueError, match=f"has no unit: write .*{remedy}"):
        parse_duration(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("3654d", id="over ten years"),
        pytest.param("999999h", id="a hundred years"),
        pytest.param("99999999999999999999h", id="longer than can be counted"),
        pytest.param(f"{'9' * 400}d", id="longer than a float can hold"),
    ],
)
def test_absurd_duration_is_refused(value: object) -> None:
    """
    Ten years are the most: a longer duration is a slip.
    """
    with pytest.raises(ValueError, match="is more than ten years: write a shorter"):
        parse_duration(value)


@pytest.mark.parametrize(("one", "other"), [("48h", "2d"), ("36h", "1d12h")])
def test_equal_durations_are_written_alike(one: str, other: str) -> None:
    """
    However a duration is written, it is written back in one way.
    """
    assert parse_duration(one) == parse_duration(other)
    assert one == format_duration(parse_duration(other))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(5400, "1h30m", id="hours and minutes"),
        pytest.param(90, "1m30s", id="minutes and seconds"),
        pytest.param(3600, "1h", id="whole hours"),
        pytest.param(3601, "1h1s", id="a unit left out"),
        pytest.param(86400, "24h", id="a day is hours"),
        pytest.param(1.5, "1.5s", id="half a second"),
    ],
)
def test_duration_is_written(seconds: float, text: str) -> None:
    """
    A duration is written in the largest units that fit.
    """
    assert text == format_duration(timedelta(seconds=seconds))


@given(st.integers(min_value=1, max_value=10_000_000))
def test_duration_round_trip(seconds: int) -> None:
    """
    A duration of whole seconds survives being written and read.
    """
    duration = timedelta(seconds=seconds)

    assert duration == parse_duration(format_duration(duration))


@pytest.mark.parametrize(
    "duration",
    [
        pytest.param(timedelta(seconds=12.5), id="tenths"),
        pytest.param(timedelta(seconds=12.345678), id="microseconds"),
        pytest.param(timedelta(seconds=59.999999), id="just below a minute"),
        pytest.param(timedelta(microseconds=20), id="next to nothing"),
        pytest.param(timedelta(hours=87672), id="ten years"),
    ],
)
def test_odd_duration_round_trip(duration: timedelta) -> None:
    """
    A duration that can be given survives being written and read, however odd.
    """
    assert duration == parse_duration(format_duration(duration))
