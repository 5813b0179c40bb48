"""
The clones that the engine has asked about in this run, and what each has for itself.
"""

import threading

from pulumi_rdsclone.domain.neighbours import Neighbour


class Neighbours:
    """
    What the clones of a program declare, in the order in which they were checked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Neighbour] = {}

    def enter(self, urn: str, clone: Neighbour) -> tuple[Neighbour, ...]:
        """
        Note the clone *urn*, and return those that were noted before it.

        One that is checked again, as the engine does for a replacement, keeps its
        place; without a URN it cannot be told from others, so it is not noted.
        """
        with self._lock:
            if not urn:
                return tuple(self._known.values())
            if self._known.get(urn) != clone:
                self._known.pop(urn, None)
                self._known[urn] = clone
            place = list(self._known).index(urn)
            return tuple(self._known.values())[:place]

    def beside(self, urn: str) -> tuple[Neighbour, ...]:
        """
        Return all that were noted but the clone *urn*.
        """
        with self._lock:
            return tuple(one for key, one in self._known.items() if key != urn)
