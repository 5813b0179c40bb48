"""
The order of a clone: read, judged by a table of rules, delivered.
"""
