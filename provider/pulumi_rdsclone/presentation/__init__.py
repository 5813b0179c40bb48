"""
How values look to users, shared by the command line and the adapters.

Names are camelCase here, snake_case below; reports become documents, errors messages.
"""
