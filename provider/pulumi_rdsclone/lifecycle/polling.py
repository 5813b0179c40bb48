"""
How often the API is asked, and for how long it may be behind.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import SystemRandom
from typing import Final

_PART: Final = 20
"""The poll interval is this part of the time waited, so that news is hardly late."""

_RANDOM: Final = SystemRandom()


@dataclass(frozen=True, kw_only=True)
class PollSchedule:
    """
    How often the API is asked, and for how long it may be behind. All in seconds.

    Attributes:
        first_interval: Between two polls at the beginning of a wait.
        longest_interval: The same after a long wait.
        jitter: By which part these vary, so that many programs do not ask at once.
        list_lag: How long list calls may not show a new instance.
        retry_delay: Before an order whose reply was lost is repeated, and between two
            answers that an instance is gone.
        visibility_timeout: How long no call at all may know a new instance.
        used_token_timeout: How long a clone is looked for whose token is known to be
            used.
    """

    first_interval: float
    longest_interval: float
    list_lag: float
    retry_delay: float
    jitter: float = 0.0
    visibility_timeout: float = 900.0
    used_token_timeout: float = 300.0

    def interval(self, waited: timedelta) -> float:
        """
        Return the seconds until the next poll: a twentieth of the time waited so far.
        """
        usual = max(self.first_interval, waited.total_seconds() / _PART)
        usual = min(usual, self.longest_interval)
        return usual * _RANDOM.uniform(1 - self.jitter, 1 + self.jitter)
