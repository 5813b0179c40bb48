"""
Finds the account that the configured credentials belong to.
"""

from typing import Final

from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.transport import Transport
from pulumi_rdsclone.domain.errors import CloneError

_STS: Final = ("Sts", "2015-04-01")
_ANY_REGION: Final = "cn-hangzhou"
"""STS has one endpoint for all regions; the SDK needs a region nevertheless."""


def account_id(settings: Settings) -> str | None:
    """
    Return the account that the credentials of *settings* belong to; None if unknown.

    Source: GetCallerIdentity of STS, which needs no permission.
    """
    region = settings.region or _ANY_REGION
    transport = Transport(settings.sts, Keyring(settings), region=region, product=_STS)
    try:
        account = transport.call("GetCallerIdentity", {}).get("AccountId")
    except CloneError:
        return None
    return account if isinstance(account, str) and account else None
