"""
The borders to Pulumi: values are converted here, and nothing is decided.
"""
