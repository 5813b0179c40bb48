"""
The dynamic provider, the plugin and the functions: Pulumi's calls, converted.
"""
