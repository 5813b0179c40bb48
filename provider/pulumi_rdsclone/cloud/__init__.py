"""
Calls ApsaraDB RDS through the Alibaba Cloud SDK.
"""
