"""
The fidelity table: what each action models, and how far that is known.
"""

from typing import Final

from rds_emulator.actions import ACTIONS

_HEAD: Final = "| Action | Writes | What is modelled | Evidence |\n|---|---|---|---|"


def table() -> str:
    """
    Return one row of Markdown for each action, by name.
    """
    rows = (
        f"| {action.title} | {'yes' if action.writes else 'no'} | {action.models}"
        f" | {action.evidence} |"
        for action in sorted(ACTIONS.values(), key=lambda action: action.title)
    )
    return "\n".join((_HEAD, *rows))
