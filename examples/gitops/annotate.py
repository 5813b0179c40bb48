"""
Print what a preview has found as annotations of GitHub Actions.

    python annotate.py report.json
"""

import json
import sys
from pathlib import Path

# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
TITLE = {**TEXT, ":": "%3A", ",": "%2C"}


def annotations(report: dict) -> list[str]:
    """
    Give a line for each error and each warning.
    """
    return [
        f"::{said['severity']} title={escape(title, TITLE)}::{escape(text, TEXT)}"
        for clone in report["clones"]
        for said in clone["problems"]
        for title in [f"{clone['name']}: {said['check']}"]
        for text in [f"{said['path']}: {said['what']} — {said['remedy']}"]
    ]


def escape(text: str, table: dict[str, str]) -> str:
    """
    Write *text* as a workflow command takes it.
    """
    return text.translate(str.maketrans(table))


if __name__ == "__main__":
    for line in annotations(json.loads(Path(sys.argv[1]).read_text("utf-8"))):
        sys.stdout.write(f"{line}\n")
