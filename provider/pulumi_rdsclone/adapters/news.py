"""
What a run has shown already: equal warnings and statements are shown once.
"""

import threading
from collections.abc import Iterable, Iterator

from pulumi_rdsclone.domain.judging import READ_PERMISSION
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.reporting import Report, join_statements


class News:
    """
    Remembers what is shown, and returns what is new.
    """

    def __init__(self) -> None:
        self.note = ""
        """What the next line ends with; shown once."""
        self._lock = threading.Lock()
        self._warned: set[tuple[object, str, str]] = set()
        self._reported: dict[object, set[str]] = {}

    def warnings(self, problems: Iterable[Problem], about: object) -> Iterator[Problem]:
        """
        Yield the new warnings about *about*, a source or a clone.
        """
        for problem in problems:
            if problem.severity is Severity.WARNING and self._is_new(problem, about):
                yield problem

    def line(self, report: Report) -> str:
        """
        Return the statements of *report* that are new for its source, as one line.
        """
        statements = report.statements()
        with self._lock:
            known = self._reported.setdefault(report.spec.source_instance_id, set())
            new = [text for key, text in statements.items() if key not in known]
            known.update(statements)
        return self.noted(join_statements(new)) if new else ""

    def noted(self, line: str) -> str:
        """
        Return *line*; the first one in a run names the emulator, if there is one.
        """
        with self._lock:
            note, self.note = self.note, ""
        return f"{line}{note}"

    def _is_new(self, problem: Problem, instance: object) -> bool:
        """
        Return whether a warning about *instance*, a source or clone, is new.

        A missing permission is missing for all.
        """
        about = None if problem.check == READ_PERMISSION else instance
        warning = (about, problem.path, problem.what)
        with self._lock:
            is_known = warning in self._warned
            self._warned.add(warning)
        return not is_known
