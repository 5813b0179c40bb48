"""
Print the restore reports of a preview as Markdown.

    python comment.py report.json
"""

import json
import sys
from pathlib import Path

HEAD = "| | Clone | Restores | Age | Price | Checks |\n|---|---|---|---|---|---|"


def row(clone: dict) -> str:
    """
    Give the row of one clone.
    """
    mark = "✅" if clone["verdict"] == "accepted" else "❌"
    source = f"{clone['engine'] or ''} `{clone['sourceInstanceId'] or 'not known yet'}`"
    point = clone["time"] or "not known yet"
    price = clone["estimatedPrice"]
    cells = [
        mark,
        clone["name"],
        f"{source.strip()} as of {point}",
        age(clone["ageSeconds"]),
        f"{price['amount']} {price['currency']} per {price['per']}" if price else "",
        ", ".join(
            f"{count} {name}" for name, count in clone["checks"].items() if count
        ),
    ]
    return f"| {' | '.join(cells)} |"


def age(seconds: int | None) -> str:
    """
    Write an age in hours: what changed since then is not in the clone.
    """
    return "" if seconds is None else f"{seconds / 3600:.1f} h"


def comment(report: dict) -> str:
    """
    Give the whole comment: the table, and below it what is wrong.
    """
    problems = [
        f"- **{clone['name']}** {said['severity']}: `{said['path']}` {said['what']} — "
        f"{said['remedy']} ({said['check']})"
        for clone in report["clones"]
        for said in clone["problems"]
    ]
    return "\n".join([HEAD, *map(row, report["clones"]), "", *problems])


if __name__ == "__main__":
    sys.stdout.write(comment(json.loads(Path(sys.argv[1]).read_text("utf-8"))) + "\n")
