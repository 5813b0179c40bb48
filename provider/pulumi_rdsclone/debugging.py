"""
How a developer asks for more than users see. Nothing heavy is imported here.
"""

from typing import Final

DEBUG: Final = "RDSCLONE_DEBUG"
"""
Environment variable: any value prints the traceback of an internal error, and what the
libraries log.
"""
