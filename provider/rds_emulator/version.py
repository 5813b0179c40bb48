"""
The version that every answer carries in its ``x-rds-emulator`` header.
"""

__version__ = "0.1.0"
