"""
Writes the restore reports of a run to a JSON file, such as for a pull request.
"""

import json
import os
import threading
from pathlib import Path
from typing import Final

from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.values import Document
from pulumi_rdsclone.presentation.documents import to_document

REPORT: Final = "RDSCLONE_REPORT"
"""Environment variable: path of the file, relative to the project's folder."""

_VERSION: Final = 1


class ReportFile:
    """
    Collects the reports of one run and keeps the file up to date.

    Args:
        path: Path of the file; if empty, nothing is written.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._clones: dict[str, Document] = {}
        self._program: Document = {}

    @property
    def is_wanted(self) -> bool:
        """
        Whether there is a file to write.
        """
        return bool(self._path)

    def add(
        self,
        name: str,
        report: Document,
        *,
        program: Document | None = None,
    ) -> None:
        """
        Add the *report* of the clone *name*, and write the file.

        Args:
            name: The resource's name.
            report: A tree in snake_case.
            program: The sums of all clones so far, likewise.

        Raises:
            ConfigurationError: The file cannot be written.
        """
        if not self.is_wanted:
            return
        with self._lock:
            self._clones[name] = {"name": name, **to_document(report)}
            self._program = to_document(program or {})
            self._write()

    def sum_up(self, program: Document) -> None:
        """
        Set the sums of the whole *program*, if there is a report, and write the file.

        Raises:
            ConfigurationError: The file cannot be written.
        """
        with self._lock:
            if self._clones:
                self._program = to_document(program)
                self._write()

    def _write(self) -> None:
        document = {
            "version": _VERSION,
            "program": self._program,
            "clones": [self._clones[key] for key in sorted(self._clones)],
        }
        try:
            _write(Path(self._path), document)
        except OSError as error:
            message = (
                f"the report cannot be written to {self._path} "
                f"({error.strerror}) — set {REPORT} to a path that can be written"
            )
            raise ConfigurationError(message) from error


def _write(path: Path, document: Document) -> None:
    """
    Replace the file in one step: a reader never sees half of it.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(path)
