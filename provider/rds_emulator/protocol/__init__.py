"""
The wire: requests, signatures, parameters, replies and error codes.
"""
