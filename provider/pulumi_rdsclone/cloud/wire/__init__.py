"""
The parameters and answers of the API, translated to and from values of the domain.

Modules are named after what the actions are about; `aspects` has those of changes.
"""
