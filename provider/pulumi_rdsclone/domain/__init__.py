"""
Values and rules: what a clone is, and what must hold before one is ordered.

Standard library and pydantic only. No clock, no I/O, no Pulumi, no API words.
"""
