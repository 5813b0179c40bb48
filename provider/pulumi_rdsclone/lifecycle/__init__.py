"""
Check, diff, create, read, update and delete of a clone, over protocols.

What the cloud and the clock are is declared here and provided elsewhere; nothing
here knows Pulumi or HTTP.
"""
