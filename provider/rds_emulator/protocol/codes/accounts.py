"""
What can be wrong with the accounts of a database.
"""

from collections.abc import Mapping
from typing import Final

ACCOUNTS: Final[Mapping[str, tuple[int, str]]] = {
    "Account.DeleteError": (400, "Some objects depend on account."),
    "AccountLimitExceeded": (403, "The instance has too many accounts of this type."),
    "IncorrectAccountType": (
        403,
        "The type of the account does not support this operation.",
    ),
    "InvalidAccountDescription.Format": (
        400,
        "The specified description of the account is not valid.",
    ),
    "InvalidAccountName.Duplicate": (400, "The specified account name is in use."),
    "InvalidAccountName.Forbid": (400, "The specified account name is reserved."),
    "InvalidAccountName.Malformed": (400, "The specified account name is not valid."),
    "InvalidAccountName.NotFound": (404, "The instance has no such account."),
    "InvalidAccountPassword.Format": (400, "The specified password is not valid."),
    "InvalidAccountPrivilege.Malformed": (
        400,
        "The specified privilege is not valid.",
    ),
    "InvalidAccountType.Format": (
        400,
        "The specified type of the account is not valid, or not for the first one.",
    ),
    "InvalidDBName.NotFound": (404, "The instance has no such database."),
    "InvalidEngineVersion.NotSupported": (
        400,
        "The engine has no accounts of the specified type.",
    ),
    "OperationDenied.OutofUsage": (403, "The resource is out of usage."),
}
