"""
The way of a request: server, application, gateway, journal.
"""
