"""
Values and rules: the fields of a clone and the checks before an order.

Built on the standard library and pydantic, without clock, I/O or Pulumi.
"""
