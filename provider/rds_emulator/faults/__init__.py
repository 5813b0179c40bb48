"""
Faults on order: what may go wrong with calls and clones, and when it does.
"""

from rds_emulator.faults.fault_queue import Faults
from rds_emulator.faults.kinds import KINDS
from rds_emulator.faults.plan import Course, Fault, Fired, Plan

__all__ = ["KINDS", "Course", "Fault", "Faults", "Fired", "Plan"]
