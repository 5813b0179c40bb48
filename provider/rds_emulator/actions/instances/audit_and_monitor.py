"""
Who watches an instance: the SQL audit and the monitoring.
"""

from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.market import class_power
from rds_emulator.protocol.errors import invalid
from rds_emulator.rules.preconditions import check_engine
from rds_emulator.state.model import Instance

_AUDITED: Final = ("MySQL", "SQLServer", "PostgreSQL")
_WATCHED: Final = (*_AUDITED, "MariaDB")
_WORDS: Final = {True: "Enable", False: "Disabled"}
_DAYS: Final = ("30", "180", "365", "1095", "1825")
_PERIODS: Final = ("5", "10", "60", "300")
_LITTLE_GB: Final = 8
_FEW_CORES: Final = 2


@action(
    "ModifySQLCollectorPolicy",
    writes=True,
    models=(
        "Enable or Disabled, at once, in any status, for MySQL, SQL Server and"
        " PostgreSQL; a clone has its source's. Nothing is recorded. ResourceGroupId"
        " is ignored."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, engines of the official page, which has no MariaDB;"
        " no error table was found, so the code for other engines"
        " (IncorrectDBInstanceEngine) is inferred. That a clone inherits it is the"
        " documentation's word; that it is off at first is ours."
    ),
)
def modify_sql_audit(invocation: Invocation) -> Answer:
    """
    Switch the SQL audit on or off.
    """
    name = "SQLCollectorStatus"
    wanted = invocation.parameters.required(name)
    invocation.parameters.choice(name, tuple(_WORDS.values()))
    instance = invocation.instance()
    check_engine(instance, _AUDITED)
    invocation.cloud.change(replace(instance, sql_audit=wanted == _WORDS[True]))
    return {}


@action(
    "DescribeSQLCollectorPolicy",
    models=(
        "The switch, of MariaDB as well, where it is always off; the reserved"
        " StoragePeriod is left out. ClientToken and ResourceGroupId are ignored."
    ),
    evidence=(
        "Response tree of SDK 16.0.2. That it can be read of MariaDB is a log:"
        " Terraform's provider reads it of every engine, and its pull request 9724 has"
        " a passed acceptance test of MariaDB 10.3. No error table was found, so the"
        " code for PPAS (IncorrectDBInstanceEngine) is inferred."
    ),
)
def describe_sql_audit(invocation: Invocation) -> Answer:
    """
    Return whether the SQL audit is on.
    """
    instance = invocation.instance()
    check_engine(instance, _WATCHED)
    return {"SQLCollectorStatus": _WORDS[instance.sql_audit]}


@action(
    "ModifySQLCollectorRetention",
    writes=True,
    models=(
        "30, 180, 365, 1095 or 1825 days for MySQL, 30 for PostgreSQL and SQL Server,"
        " at once, in any status, whether or not the audit is on; a clone has its"
        " source's. ResourceGroupId is ignored."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2; no error table was found. Inferred:"
        " InvalidParameter for other days, engines and code as for"
        " ModifySQLCollectorPolicy."
    ),
)
def modify_sql_retention(invocation: Invocation) -> Answer:
    """
    Set for how many days the SQL audit keeps what it records.
    """
    days = invocation.parameters.required("ConfigValue")
    instance = invocation.instance()
    check_engine(instance, _AUDITED)
    if days not in (_DAYS if instance.engine == "MySQL" else _DAYS[:1]):
        raise invalid(name="ConfigValue")
    invocation.cloud.change(replace(instance, sql_audit_days=int(days)))
    return {}


@action(
    "DescribeSQLCollectorRetention",
    models="The days, as a text, of MariaDB as well, where they are always 30.",
    evidence=(
        "Response tree of SDK 16.0.2; engines and log as for"
        " DescribeSQLCollectorPolicy. An unknown instance is InvalidDBInstanceId."
        "NotFound, as Terraform's provider expects. Ours: 30 by default."
    ),
)
def describe_sql_retention(invocation: Invocation) -> Answer:
    """
    Return for how many days the SQL audit keeps what it records.
    """
    instance = invocation.instance()
    check_engine(instance, _WATCHED)
    return {"ConfigValue": str(instance.sql_audit_days)}


@action(
    "ModifyDBInstanceMonitor",
    writes=True,
    models=(
        "A period of 5, 10, 60 or 300 seconds, at once, in any status; a clone has the"
        " default, 300. MySQL does not have 10, its Basic editions only 300; it has 5"
        " with 8 GB or more, and not in clusters. SQL Server does not have 5, and 10"
        " with more than two cores. Memory and cores are those that the name of the"
        " class tells. ClientToken is ignored."
    ),
    evidence=(
        "Parameters of SDK 16.0.2. An old official page (doc-detail/26282) excludes"
        " PostgreSQL, the newest text does not, and a log shows that it is accepted:"
        " the acceptance test of PostgreSQL 12 in Terraform's pull request 9724 sets 60"
        " and 300 and reads them back. No error table was found, so the code for PPAS"
        " (IncorrectDBInstanceEngine) is inferred. The default is that of Terraform's"
        " documentation; which editions and classes have which periods is of the user"
        " guides of MySQL (doc-detail/96112) and SQL Server (doc-detail/95710)."
        " Inferred: that serverless_basic is a Basic edition, and the code,"
        " InvalidParameter. Ours: that a clone does not inherit it, and that MariaDB"
        " and PostgreSQL have every period."
    ),
)
def modify_monitor(invocation: Invocation) -> Answer:
    """
    Set how often an instance is measured.
    """
    period = invocation.parameters.required("Period")
    if period not in _PERIODS:
        raise invalid(name="Period")
    instance = invocation.instance()
    check_engine(instance, _WATCHED)
    if period in _lacking(instance):
        raise invalid(name="Period")
    invocation.cloud.change(replace(instance, monitor_period=int(period)))
    return {}


def _lacking(instance: Instance) -> tuple[str, ...]:
    """
    Return the periods that the instance does not have.
    """
    known = class_power.of_class(instance.instance_class)
    if instance.engine == "SQLServer":
        has_few = known is not None and known.cores <= _FEW_CORES
        return ("5", "10") if has_few else ("5",)
    if instance.engine != "MySQL":
        return ()
    category = instance.category.lower()
    if category.endswith("basic"):
        return ("5", "10", "60")
    is_little = known is not None and known.memory_gb < _LITTLE_GB
    return ("5", "10") if is_little or category == "cluster" else ("10",)


@action(
    "DescribeDBInstanceMonitor",
    models="The period in seconds, as a text. ClientToken is ignored.",
    evidence=(
        "Response tree of SDK 16.0.2; engines as for ModifyDBInstanceMonitor, of whose"
        " log this call is a part."
    ),
)
def describe_monitor(invocation: Invocation) -> Answer:
    """
    Return how often an instance is measured.
    """
    instance = invocation.instance()
    check_engine(instance, _WATCHED)
    return {"Period": str(instance.monitor_period)}
