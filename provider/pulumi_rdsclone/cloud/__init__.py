"""
ApsaraDB RDS over the Alibaba Cloud SDK: the only place that knows either.
"""
