"""
ModifyDBInstanceSpec: what was asked for, whether it may be, what comes of it.
"""
