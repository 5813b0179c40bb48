"""
The clones that were checked in this run, and what each declares for itself.
"""

import threading

from pulumi_rdsclone.domain.neighbours import Neighbour


class Neighbours:
    """
    The declarations of a program's clones, in the order in which they were checked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Neighbour] = {}

    def enter(self, urn: str, clone: Neighbour) -> tuple[Neighbour, ...]:
        """
        Note the clone *urn*, and return those that were noted before it.

        A clone that is checked again, as the engine does for a replacement, keeps its
        place. A clone without a URN cannot be recognized, so it is not noted.
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
        Return the noted clones without the clone *urn*.
        """
        with self._lock:
            return tuple(clone for key, clone in self._known.items() if key != urn)
