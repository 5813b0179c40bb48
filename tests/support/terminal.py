"""
A terminal in which a command of the Pulumi CLI runs, as its user sees it.
"""

import os
import pty
import re
import subprocess
import termios
import threading
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Final, Self

import pyte

from tests.support.processes import kill, of_session
from tests.support.stacks import Stack

ROWS: Final = 24
_SECONDS: Final = 60
"""How long anything that is waited for may take on a slow machine."""

_CTRL_C: Final = b"\x03"

_INTERACTIVE: Final = {
    "TERM": "xterm-256color",
    # On a build server the CLI would take the terminal for a log file.
    "PULUMI_DISABLE_CI_DETECTION": "true",
}

_LONG, _MANY = 500, 80
"""More columns and rows than any text needs."""

_VARYING: Final = (
    (r"\brm-[0-9a-z]{17}\b", "rm-xxxxxxxxxxxxxxxxx"),
    (r"\bpgm-[0-9a-z]{16}\b", "pgm-xxxxxxxxxxxxxxxx"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:xxxxx"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "xxxx-xx-xxTxx:xx:xxZ"),
    (r"\b\d+h \d+m(?= ago)", "xxh xxm"),
    (r"\b\d(?= of?\b)", "x"),
    (r"(?<=cancelled after )\w+", "xs"),
    (r"(?<=checks: )\d+(?= passed)", "xxx"),
    (r"(?<=Duration: )\w+", "xs"),
)
"""What differs from run to run, and what stands for it."""

_ELAPSED: Final = r"\([\d.]+s\)"
_LONGEST: Final = "(5399s)"
"""The time that the CLI shows beside a clone in the last second of 90 minutes."""

_DOTS: Final = 3
"""The CLI writes none to three dots behind the status of what is under way."""

_GAP: Final = 2

_TABLE: Final = re.compile(r"^ +Type +Name +(Plan|Status).*(\n.+)*", re.MULTILINE)
_COLUMNS: Final = re.compile(r".*?(?P<status>Plan|Status)( +(?P<info>In?f?o?))?")
_DIAGNOSTICS: Final = re.compile(r"(?ms)(?<=^Diagnostics:\n).*?(?=\n\n^\S|\Z)")


class Terminal:
    """
    A terminal and the one command that runs in it.

    Lines are broken when they are read: what differs from run to run is as long as it
    likes until then.

    Args:
        stack: Where the command runs.
        columns: How wide the terminal is; it has 24 rows.
        command: The command of the CLI.
    """

    def __init__(self, stack: Stack, columns: int, *command: str) -> None:
        self._columns = columns
        self._screen = pyte.Screen(_LONG, _MANY)
        self._news = threading.Condition()
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (ROWS, columns))
        try:
            self._process = subprocess.Popen(
                ["pulumi", *command],
                cwd=stack.folder,
                env=stack.env | _INTERACTIVE,
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        kill(of_session(self._process.pid))
        self._process.wait()
        self._reader.join()
        os.close(self._ours)

    def press_ctrl_c(self) -> None:
        os.write(self._ours, _CTRL_C)

    def wait_for(self, text: str, times: int = 1) -> None:
        """
        Come back when *text* shows at least so many *times*.
        """

        def shows() -> bool:
            return self._text().count(text) >= times

        with self._news:
            seen = self._news.wait_for(shows, _SECONDS)
            assert seen, f"{text!r} does not show:\n{self._text()}"

    def expect(self, lines: list[str]) -> None:
        """
        Come back when *lines* show, as `lines` returns them: what is being drawn is waited for.
        """
        with self._news:
            self._news.wait_for(lambda: lines == self._lines(), _SECONDS)
            seen = self._lines()
            assert lines == seen, "\n".join(["expected:", *lines, "seen:", *seen])

    def end(self) -> int:
        code = self._process.wait(_SECONDS)
        self._reader.join(_SECONDS)
        return code

    def lines(self) -> list[str]:
        """
        Return what shows, without what differs from run to run.

        The columns of a table are as wide as at the end of a long wait, and the
        diagnostics, which the CLI writes in any order, are sorted.
        """
        with self._news:
            return self._lines()

    def _lines(self) -> list[str]:
        text = self._text()
        for pattern, name in _VARYING:
            text = re.sub(pattern, name, text)
        text = _TABLE.sub(partial(_widened, self._columns), text)
        text = _DIAGNOSTICS.sub(_in_order, text)
        broken = [part for line in text.split("\n") for part in self._broken(line)]
        return broken[1 - ROWS :]  # the cursor has the last row

    def _broken(self, line: str) -> list[str]:
        starts = range(0, max(len(line), 1), self._columns)
        return [line[start : start + self._columns].rstrip() for start in starts]

    def _text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def _read(self) -> None:
        """
        Show what the command writes, until nobody can write any more.
        """
        stream = pyte.ByteStream(self._screen)
        with suppress(OSError):  # what Linux answers at the end
            while written := os.read(self._ours, 65536):
                with self._news:
                    stream.feed(written)
                    self._news.notify_all()


def _widened(width: int, table: re.Match[str]) -> str:
    """
    Return a table of the CLI as it is when the longest time has passed.

    Args:
        width: Of the terminal: the CLI leaves its last column free.
        table: The table.
    """
    rows = table[0].split("\n")
    columns = _COLUMNS.match(rows[0])
    assert columns, rows
    start = columns.start("status")
    end = columns.start("info") if columns["info"] else width
    states = [re.sub(_ELAPSED, _LONGEST, row[start:end].rstrip(" .")) for row in rows]
    room = max(map(len, states)) + _DOTS + _GAP
    parts = zip(rows, states, strict=True)
    written = (row[:start] + state.ljust(room) + row[end:] for row, state in parts)
    return "\n".join(line[: width - 1].rstrip() for line in written)


def _in_order(diagnostics: re.Match[str]) -> str:
    return "\n\n".join(sorted(diagnostics[0].split("\n\n")))
