"""
The emulated cloud: values, database, time and the changes of instances.
"""
