"""
The command ``rdsclone``: checks clones and manages them, without Pulumi.

Options become inputs, and reports become text; the rules are in the domain.
"""
