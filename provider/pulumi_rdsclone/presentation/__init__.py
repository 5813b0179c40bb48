"""
Presents values to users, for the command line and the adapters.

Names become camelCase, reports become documents, errors become messages.
"""
