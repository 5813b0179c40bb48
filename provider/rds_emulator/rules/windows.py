"""
Maintenance and backup windows.
"""

import re
from typing import Final

_WINDOW: Final = re.compile(r"{0}-{0}".format(r"([01]\d|2[0-3]):[0-5]\dZ"))


def is_window(text: str) -> bool:
    """
    Whether *text* is a stretch of the day in UTC, ``HH:mmZ-HH:mmZ``.
    """
    return _WINDOW.fullmatch(text) is not None
