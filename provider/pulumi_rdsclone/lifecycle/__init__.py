"""
Check, diff, create, read, update and delete of a clone, over protocols.

Pulumi's verbs are a module each. The cloud and the clock are protocols (`ports.py`);
neither the engine's protocol nor HTTP is known here.
"""
