"""
Count what the clones that this process has checked need in one region.

The engine checks clones one after the other, and each alone may find room for itself.
Their demand is compared with what there was before the first order: later answers of
the API include the clones that were ordered meanwhile.
"""

import threading
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from pulumi_rdsclone.domain.demand import Demand


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """
    A clone that would be ordered.

    Attributes:
        name: The resource's name.
        vswitch_id: The vSwitch in which it would be; empty if not known.
    """

    name: str
    vswitch_id: str = ""


class Demands:
    """
    The demand in one region, by the root of each clone's key.

    Args:
        quota: How many instances the region may have; None without a limit.
    """

    def __init__(self, quota: int | None = None) -> None:
        self.quota = quota
        self._lock = threading.Lock()
        self._applicants: dict[str, Applicant] = {}
        self._names: dict[str, str] = {}
        self._placed: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._adopting: set[str] = set()
        self._free: dict[str, int] = {}
        self._instances: int | None = None

    def enter(
        self,
        root: str,
        applicant: Applicant,
        *,
        free: int | None = None,
        instances: int | None = None,
    ) -> Demand:
        """
        Note a clone that would be ordered, and return its demand with the others.

        Args:
            root: The root of the clone's key.
            applicant: The clone.
            free: How many addresses are free in its vSwitch; None if not known.
            instances: How many instances there are; None if not known.
        """
        with self._lock:
            self._adopting.discard(root)
            self._forget(root)
            self._applicants[root] = applicant
            self._names[root] = applicant.name
            self._placed[applicant.vswitch_id][root] = applicant.name
            if free is not None:
                self._free.setdefault(applicant.vswitch_id, free)
            if self._instances is None:
                self._instances = instances
            return self._demand_of(applicant, ())

    def adopt(self, root: str) -> None:
        """
        Note that a clone exists already and will be adopted.
        """
        with self._lock:
            self._forget(root)
            self._adopting.add(root)

    def is_adopting(self, root: str) -> bool:
        """
        Return whether a clone exists already and will be adopted.
        """
        return root in self._adopting

    def demand_of(
        self, root: str, expected: Collection[Applicant] = ()
    ) -> Demand | None:
        """
        Return the demand of a clone with all others; None if it was not entered.

        Args:
            root: The root of the clone's key.
            expected: Clones that the engine has not asked about yet.
        """
        with self._lock:
            applicant = self._applicants.get(root)
            if applicant is None:
                return None
            return self._demand_of(applicant, expected)

    def _demand_of(
        self, applicant: Applicant, expected: Collection[Applicant]
    ) -> Demand:
        place = applicant.vswitch_id
        ordered, placed = self._names, self._placed[place]
        known = set(ordered.values()) if expected else set()
        coming = [clone for clone in expected if clone.name not in known]
        is_counted = place in self._free
        beside = (clone.name for clone in coming if clone.vswitch_id == place)
        return Demand(
            vswitch_id=place if is_counted else "",
            free=self._free.get(place, 0),
            placed=(*placed.values(), *beside) if is_counted else (),
            ordered=(*ordered.values(), *(clone.name for clone in coming)),
            instances=self._instances,
            quota=self.quota,
        )

    def _forget(self, root: str) -> None:
        """
        Remove a clone that was entered before, perhaps with another vSwitch.
        """
        applicant = self._applicants.pop(root, None)
        if applicant is not None:
            del self._names[root], self._placed[applicant.vswitch_id][root]
