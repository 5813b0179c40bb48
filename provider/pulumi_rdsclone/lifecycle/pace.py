"""
How fast the cloud is asked.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import SystemRandom
from typing import Final

_PART: Final = 20
"""Which part of the time that it has taken a clone may be reported late, at most."""

_LUCK: Final = SystemRandom()


@dataclass(frozen=True, kw_only=True)
class Pace:
    """
    How fast to ask.

    Attributes:
        poll: Seconds between two looks at clones that are being made, at first.
        poll_most: The same for clones that have been in the making for long.
        jitter: By which part these vary, so that many programs do not ask at once.
        settle: How long a new instance may be missing from list calls, in seconds.
        repeat: Seconds before an order whose reply was lost is repeated, and between
            two answers that an instance is gone.
        unseen: Seconds for which a new instance may not be known to any call.
        used: Seconds for which a clone is looked for whose token is known to be used.
    """

    poll: float
    poll_most: float
    settle: float
    repeat: float
    jitter: float = 0.0
    unseen: float = 900.0
    used: float = 300.0

    def interval(self, waited: timedelta) -> float:
        """
        Give the seconds until the next look: a twentieth of what it has taken so far.
        """
        usual = min(max(self.poll, waited.total_seconds() / _PART), self.poll_most)
        return usual * _LUCK.uniform(1 - self.jitter, 1 + self.jitter)
