"""
The emulated time: a clock that can be set, advanced and sped up.

Everything the API tells about time comes from here. The one exception is the
age of a request's signature, which belongs to the client's wall clock.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

MOST_SPEED: Final = 1_000_000.0
"""Eleven days a second: the last year of a datetime is days of real time away."""


def checked_speed(speed: float) -> float:
    """
    Return *speed*, emulated seconds per real second.

    Raises:
        ValueError: It is no number from 0 to *MOST_SPEED*.
    """
    if not 0 <= speed <= MOST_SPEED:
        most = f"{MOST_SPEED:.0f}"
        message = f"speed must be 0 or more and at most {most}, not {speed:g}"
        raise ValueError(message)
    return speed


@dataclass(frozen=True, kw_only=True)
class Segment:
    """
    A stretch of time in which the clock runs evenly.

    Both instants are seconds since the epoch; *speed* is emulated seconds per
    real second, and 0 makes the clock stand still.
    """

    wall: float
    emulated: float
    speed: float

    def at(self, wall: float) -> float:
        """
        Return the emulated time at the real time *wall*.

        Whole microseconds, which is what a datetime can hold: a change that is
        announced for now plus a minute is then due a minute later, exactly.
        """
        return round(self.emulated + (wall - self.wall) * self.speed, 6)

    def reached(self, emulated: float) -> float:
        """
        Return the real time at which this stretch got to *emulated*.

        An instant that lies before the stretch was jumped over, so it was
        reached when the stretch began; so was the one at which a clock stands.
        """
        if emulated <= self.emulated or not self.speed:
            return self.wall
        return self.wall + (emulated - self.emulated) / self.speed


_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""Python's dates end with the year 9999, and some instants lie years ahead of now."""


class Clock:
    """
    The time of the emulated cloud.

    It only goes forwards: a status that became due cannot become undue again.
    """

    def __init__(
        self,
        *,
        start: Segment | None = None,
        on_change: Callable[[Segment], None] | None = None,
    ) -> None:
        wall = time.time()
        self._lock = threading.Lock()
        self._segments = [start or Segment(wall=wall, emulated=wall, speed=1.0)]
        self._on_change = on_change

    @property
    def speed(self) -> float:
        """
        Emulated seconds per real second.
        """
        return self._segments[-1].speed

    def timestamp(self) -> float:
        """
        Return the emulated time in seconds since the epoch.
        """
        return self._segments[-1].at(time.time())

    def now(self) -> datetime:
        """
        Return the emulated time.
        """
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, step: float | timedelta) -> None:
        """
        Jump forwards by *step*, given in seconds or as a timedelta.
        """
        seconds = step.total_seconds() if isinstance(step, timedelta) else step
        self._begin(lambda now: (now + seconds, self.speed))

    def set(self, instant: datetime) -> None:
        """
        Jump forwards to *instant*, which must carry a time zone.
        """
        if instant.tzinfo is None:
            message = f"{instant.isoformat()} has no time zone; say which, e.g. UTC"
            raise ValueError(message)
        self._begin(lambda _: (instant.timestamp(), self.speed))

    def set_speed(self, speed: float) -> None:
        """
        Continue with *speed* emulated seconds per real second.
        """
        sound = checked_speed(speed)
        self._begin(lambda now: (now, sound))

    def wall_time_of(self, emulated: float) -> float:
        """
        Return the real time at which the clock got to *emulated*.
        """
        segments = self._segments
        for segment, following in pairwise(segments):
            if emulated <= segment.at(following.wall):
                return segment.reached(emulated)
        return segments[-1].reached(emulated)

    def _begin(self, change: Callable[[float], tuple[float, float]]) -> None:
        with self._lock:
            wall = time.time()
            now = self._segments[-1].at(wall)
            emulated, speed = change(now)
            if emulated < now:
                message = "the clock only goes forwards"
                raise ValueError(message)
            if emulated > _LATEST:
                message = "the clock does not go past the year 8999"
                raise ValueError(message)
            segment = Segment(wall=wall, emulated=round(emulated, 6), speed=speed)
            self._segments.append(segment)
        if self._on_change is not None:
            self._on_change(segment)
