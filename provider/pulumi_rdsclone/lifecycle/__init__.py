"""
Check, diff, create, read, update and delete of a clone, over protocols.

Each of Pulumi's calls is a module. The cloud and the clock are protocols (`ports.py`).
"""
