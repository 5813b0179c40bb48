"""
The API of access keys and roles: who is calling.
"""

from rds_emulator.actions.registry import STS, Answer, Invocation, action


@action(
    "GetCallerIdentity",
    product=STS,
    models=(
        "Version 2015-04-01, on the same endpoint: IdentityType is RAMUser for every"
        " key, AccountId that of the key's seed. No policy is asked. All other actions"
        " of the product are answered with 501."
    ),
    evidence=(
        "Response tree of the official page, which lists no RAM authorization for it."
    ),
)
def get_caller_identity(invocation: Invocation) -> Answer:
    """
    Return whose key signed the call.
    """
    key = invocation.key
    return {
        "IdentityType": "RAMUser",
        "AccountId": key.account_id,
        "PrincipalId": key.id,
        "UserId": key.id,
        "Arn": f"acs:ram::{key.account_id}:user/{key.id}",
    }
