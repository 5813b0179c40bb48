"""
The fidelity table: what each action models, and how far that is known.
"""

from rds_emulator.actions import ACTIONS

_HEAD = "| Action | Writes | What is modelled | Evidence |\n|---|---|---|---|"


def table() -> str:
    """
    Write one row of Markdown for each action, by name.
    """
    rows = (
        f"| {one.title} | {'yes' if one.writes else 'no'} | {one.models}"
        f" | {one.evidence} |"
        for one in sorted(ACTIONS.values(), key=lambda one: one.title)
    )
    return "\n".join((_HEAD, *rows))
