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
        pytest.param(90, 90, id="a number of seconds"),
        pytest.param(1.5, 1.5, id="a fraction of seconds"),
        pytest.param(timedelta(minutes=3), 180, id="a timedelta"),
    ],
)
def test_duration_is_read(value: object, seconds: float) -> None:
    """
    A duration is read from hours, minutes, seconds, or a number of seconds.
    """
    assert timedelta(seconds=seconds) == parse_duration(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="nothing"),
        pytest.param("soon", id="prose"),
        pytest.param("90", id="a number without a unit"),
        pytest.param("90 m", id="a space"),
        pytest.param("30m1h", id="units in the wrong order"),
        pytest.param("1d", id="days"),
        pytest.param("-5m", id="a negative text"),
        pytest.param("0s", id="zero seconds"),
        pytest.param("0", id="a zero without a unit"),
        pytest.param(0, id="zero"),
        pytest.param(-1, id="a negative number"),
        pytest.param(True, id="a truth value"),
        pytest.param(None, id="none"),
        pytest.param([90], id="a list"),
        pytest.param(float("nan"), id="not a number"),
        pytest.param(float("inf"), id="for ever"),
        pytest.param("99999999999999999999h", id="longer than can be counted"),
    ],
)
def test_nonsense_is_no_duration(value: object) -> None:
    """
    What is no positive duration is refused with two examples.
    """
    with pytest.raises(ValueError, match="is not a duration: write it like 90m or 1h"):
        parse_duration(value)


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
        pytest.param(timedelta(hours=1234567), id="a hundred years"),
    ],
)
def test_odd_duration_round_trip(duration: timedelta) -> None:
    """
    A duration that can be given survives being written and read, however odd.
    """
    assert duration == parse_duration(format_duration(duration))
