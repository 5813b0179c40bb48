"""
What happens behind the API: the inspector and the control API.
"""
