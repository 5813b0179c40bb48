"""
The codes of the API, each with its HTTP status and its text.

Codes and statuses are the documented ones; where the documentation has the
text, it is used as it stands, odd grammar included. Codes that are documented
for another action only are named as such in the fidelity table.
"""

from typing import Final

from rds_emulator.protocol.codes.access import ACCESS
from rds_emulator.protocol.codes.accounts import ACCOUNTS
from rds_emulator.protocol.codes.backups import BACKUPS
from rds_emulator.protocol.codes.clones import CLONES
from rds_emulator.protocol.codes.encryption import ENCRYPTION
from rds_emulator.protocol.codes.gateway import GATEWAY
from rds_emulator.protocol.codes.instances import INSTANCES
from rds_emulator.protocol.codes.networks import NETWORKS
from rds_emulator.protocol.codes.others import OTHERS
from rds_emulator.protocol.codes.upkeep import UPKEEP

CODES: Final = {
    **OTHERS,
    **NETWORKS,
    **GATEWAY,
    **INSTANCES,
    **CLONES,
    **ACCESS,
    **ACCOUNTS,
    **BACKUPS,
    **ENCRYPTION,
    **UPKEEP,
}

__all__ = ["CODES"]
