"""
What the emulated cloud has on offer: made-up data that is always the same.
"""
