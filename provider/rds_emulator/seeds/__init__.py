"""
Seed files, and the clouds that begin with them.
"""
