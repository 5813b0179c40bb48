"""
What the API accepts and refuses: functions over an instance and a request.
"""
