"""
The provider as an ordinary Pulumi plugin, for every language.

It implements Pulumi's published provider protocol, and shares `adapters.handlers` with
the dynamic provider.
"""
