"""
Faults on order: what may go wrong with calls and clones, and when it does.
"""

from rds_emulator.faults.desk import Faults
from rds_emulator.faults.kinds import KINDS
from rds_emulator.faults.orders import Course, Fault, Fired, Plan

__all__ = ["KINDS", "Course", "Fault", "Faults", "Fired", "Plan"]
