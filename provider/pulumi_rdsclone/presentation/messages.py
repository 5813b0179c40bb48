"""
Parts of messages that the command line and the adapters share.
"""


def emulator_note(emulator: str) -> str:
    """
    Return the note that an emulator answers; empty when the cloud does.
    """
    return f" (emulator at {emulator})" if emulator else ""
