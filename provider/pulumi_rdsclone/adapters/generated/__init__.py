"""
Code that tools/generate.py writes from the descriptions in the domain.
"""
