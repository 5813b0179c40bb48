"""
Watch instances: the statuses of all clones of a stage, from few calls.
"""

import threading
from datetime import datetime

from pulumi_rdsclone.domain.errors import NotFoundError
from pulumi_rdsclone.domain.identity import STAGE_TAG
from pulumi_rdsclone.domain.instances import GONE
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.ports import Clock, Rds


class Watch:
    """
    The last statuses of all clones of one stage in one region.

    Whoever finds them too old polls for all waits: the number of calls does not grow
    with the number of clones.

    Args:
        rds: Makes the calls.
        clock: Dates the statuses.
        schedule: How often to poll.
        stage: The stage of the clones, as in their birth tags.
    """

    _seen_at: datetime | None = None

    def __init__(
        self, rds: Rds, clock: Clock, *, schedule: PollSchedule, stage: str
    ) -> None:
        self.schedule = schedule
        self.looks = 0
        """How often it has polled; waits compare this to notice a newer poll."""
        self._rds = rds
        self._clock = clock
        self._stage = stage
        self._lock = threading.Lock()
        self._seen: dict[str, str] = {}

    def status(self, instance_id: str, max_age: float) -> str:
        """
        Return the status of *instance_id*, less than *max_age* seconds old.

        An instance that the list call does not show is read by itself: its tags may not
        show yet, or it is gone.
        """
        with self._lock:
            if self._is_older_than(max_age):
                summaries = self._rds.list_instances({STAGE_TAG: self._stage})
                self._seen = {s.id: s.status for s in summaries}
                self._seen_at = self._clock.now()
                self.looks += 1
            seen = self._seen.get(instance_id)
        return seen or self._ask(instance_id)

    def _ask(self, instance_id: str) -> str:
        """
        Return the status of *instance_id* by a call for it alone; *GONE* if it is gone.
        """
        try:
            return self._rds.instance(instance_id).status
        except NotFoundError:
            return GONE

    def _is_older_than(self, seconds: float) -> bool:
        if self._seen_at is None:
            return True
        age = (self._clock.now() - self._seen_at).total_seconds()
        return not 0 <= age < seconds
