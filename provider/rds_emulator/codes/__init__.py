"""
The codes of the API, each with its HTTP status and its text.

Codes and statuses are the documented ones; where the documentation has the
text, it is used as it stands, odd grammar included. Codes that are documented
for another action only are named as such in the fidelity table.
"""

from rds_emulator.codes.clones import CLONES
from rds_emulator.codes.gateway import GATEWAY
from rds_emulator.codes.instances import INSTANCES
from rds_emulator.codes.upkeep import UPKEEP

CODES = {**GATEWAY, **INSTANCES, **CLONES, **UPKEEP}

__all__ = ["CODES"]
