"""
Who may connect to an instance besides its whitelist: security groups and templates.
"""

import re
from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import invalid, missing
from rds_emulator.rules import preconditions
from rds_emulator.state.model import Instance

_ENGINES: Final = ("MySQL", "PostgreSQL", "SQLServer")
_MOST: Final = 10
_GROUP: Final = re.compile(r"sg-[0-9a-z-]+")
_NONE: Final = ("", "Empty")


@action(
    "ModifySecurityGroupConfiguration",
    writes=True,
    models=(
        "Up to 10 security groups, comma-separated, at once; Empty or an empty text for"
        " none. The groups themselves are those of ECS, so whether they exist is not"
        " judged. A clone has none."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2, engines of the"
        " official page (doc-detail/146749). Empty is what Terraform's provider sends."
        " No error table was found. Inferred: IncorrectDBInstanceEngine for MariaDB,"
        " InvalidParameter for an id without sg- or an eleventh group, and the codes"
        " of ModifySecurityIps for a status or a lock. Ours: that a clone has none."
    ),
)
def modify_security_groups(invocation: Invocation) -> Answer:
    """
    Replace the security groups of an instance.
    """
    name = "SecurityGroupId"
    given = invocation.parameters.given().get(name)
    if given is None:
        raise missing(name=name)
    ids = () if given in _NONE else tuple(dict.fromkeys(given.split(",")))
    if len(ids) > _MOST or not all(_GROUP.fullmatch(item) for item in ids):
        raise invalid(name=name)
    instance = invocation.instance()
    preconditions.check_engine(instance, _ENGINES)
    preconditions.check_ready(instance)
    changed = replace(instance, security_groups=ids)
    invocation.cloud.change(changed)
    return _configuration(changed)


@action(
    "DescribeSecurityGroupConfiguration",
    models="The security groups, of any engine, with their ids as names.",
    evidence=(
        "Response tree of SDK 16.0.2. Terraform's provider reads it of every engine,"
        " MariaDB included, and takes Items.EcsSecurityGroupRelation for a list (logs"
        " of its pull request 9724). Ours: vpc as the spelling of the network's type."
    ),
)
def describe_security_groups(invocation: Invocation) -> Answer:
    """
    List the security groups of an instance.
    """
    answer = _configuration(invocation.instance())
    for entry in answer["Items"]["EcsSecurityGroupRelation"]:
        entry["SecurityGroupName"] = entry["SecurityGroupId"]
    return answer


@action(
    "DescribeInstanceLinkedWhitelistTemplate",
    models=(
        "An empty list: whitelist templates are not modelled. ResourceGroupId is"
        " ignored."
    ),
    evidence=(
        "Response tree of SDK 16.0.2. Terraform's provider reads it of every engine and"
        " takes Data.Templates for a list (logs of its pull request 9724). Inferred:"
        " InvalidDBInstanceName.NotFound for an unknown instance."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_linked_templates(invocation: Invocation) -> Answer:
    """
    List the whitelist templates of an instance: none.
    """
    instance = invocation.instance("InsName")
    return {
        "Code": "200",
        "HttpStatusCode": 200,
        "Message": "successful",
        "Success": True,
        "Data": {"InsName": instance.id, "Templates": []},
    }


@action(
    "MigrateSecurityIPMode",
    writes=True,
    models=(
        "The enhanced whitelist mode, safety, at once and for good; DescribeDBInstance"
        "Attribute and DescribeDBInstanceNetInfo tell it. The groups stay as they are."
        " A clone has its source's mode."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; safety is the word of Terraform's"
        " provider. No error table was found: codes of a status or a lock are those of"
        " ModifySecurityIps. Ours: that it is the same for every engine, that asking"
        " again is fine, and that a clone inherits it."
    ),
)
def migrate_security_ip_mode(invocation: Invocation) -> Answer:
    """
    Switch the whitelist of an instance to the enhanced mode.
    """
    instance = invocation.instance()
    preconditions.check_ready(instance)
    invocation.cloud.change(replace(instance, security_ip_mode="safety"))
    return {"DBInstanceId": instance.id, "SecurityIPMode": "safety"}


def _configuration(instance: Instance) -> Answer:
    kind = "vpc" if instance.network_type == "VPC" else "classic"
    relations: list[Answer] = [
        {
            "SecurityGroupId": group,
            "RegionId": instance.region,
            "NetworkType": kind,
        }
        for group in instance.security_groups
    ]
    return {
        "DBInstanceName": instance.id,
        "Items": {"EcsSecurityGroupRelation": relations},
    }
