"""
The plugin, run from this folder: Pulumi starts it as `python provider`.
"""

from pulumi_rdsclone.adapters.plugin.__main__ import main

main()
