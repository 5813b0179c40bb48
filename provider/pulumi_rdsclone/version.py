"""
The version of wheel, plugin and schema.
"""

from typing import Final

VERSION: Final = "0.1.0"
