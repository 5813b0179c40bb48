"""
The command ``rdsclone``: what preview checks and tells, without Pulumi.

Nothing is decided here: options become inputs, and a report becomes text.
"""
