"""
The provider as an ordinary Pulumi plugin, for every language.

It speaks Pulumi's published provider protocol itself and shares what happens in each
call with the dynamic provider: `adapters.handlers`.
"""
