"""
The codes of the API, each with its HTTP status and its text.

Codes and statuses are the documented ones; where the documentation has the
text, it is used as it stands, odd grammar included. Codes that are documented
for another action only are named as such in the fidelity table.
"""

from rds_emulator.codes.access import ACCESS
from rds_emulator.codes.accounts import ACCOUNTS
from rds_emulator.codes.clones import CLONES
from rds_emulator.codes.encryption import ENCRYPTION
from rds_emulator.codes.gateway import GATEWAY
from rds_emulator.codes.instances import INSTANCES
from rds_emulator.codes.others import OTHERS
from rds_emulator.codes.upkeep import UPKEEP

CODES = {
    **OTHERS,
    **GATEWAY,
    **INSTANCES,
    **CLONES,
    **ACCESS,
    **ACCOUNTS,
    **ENCRYPTION,
    **UPKEEP,
}

__all__ = ["CODES"]
