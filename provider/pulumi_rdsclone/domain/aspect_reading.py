"""
What the calls report that read the aspects of an instance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pulumi_rdsclone.domain.accounts import DatabaseAccount
from pulumi_rdsclone.domain.values import FieldValues, PropertyValue

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class AspectReading:
    """
    The fields that calls of their own report, and what they report beside these.

    Attributes:
        fields: The values of fields, by dotted path.
        all_accounts: All accounts of the databases by name, whoever made them; None
            where they were not read.
        public_host: The host of the public endpoint; None where there is none.
        default_pg_hba: The lines of pg_hba.conf that a new instance has; empty where
            they are not reported.
        waiting_for_restart: The names of the parameters that were changed and take
            effect at a restart only.
        log_backup_frequency: LogBackupFrequency, which SQL Server needs again with
            each change of its data backups; None where it is not reported.
        local_logs: The parameters of ModifyBackupPolicy that MySQL needs again with
            each change of its log backup.
    """

    fields: FieldValues = field(default_factory=dict)
    all_accounts: Mapping[str, DatabaseAccount] | None = None
    public_host: str | None = None
    default_pg_hba: tuple[Mapping[str, str], ...] = ()
    waiting_for_restart: tuple[str, ...] = ()
    log_backup_frequency: str | None = None
    local_logs: Mapping[str, str] = field(default_factory=dict)

    def at(self, path: str) -> PropertyValue:
        """
        Return the value of the field at *path*; None where it was not reported.
        """
        return self.fields.get(path)

    def __or__(self, more: "AspectReading") -> "AspectReading":
        """
        Return both readings as one; maps are joined, of other values *more* has its.
        """
        return AspectReading(
            fields=_joined(self.fields, more.fields),
            all_accounts=_merged(self.all_accounts, more.all_accounts),
            public_host=_latest(self.public_host, more.public_host),
            default_pg_hba=more.default_pg_hba or self.default_pg_hba,
            waiting_for_restart=more.waiting_for_restart or self.waiting_for_restart,
            log_backup_frequency=_latest(
                self.log_backup_frequency, more.log_backup_frequency
            ),
            local_logs={**self.local_logs, **more.local_logs},
        )


def _latest(value: T | None, more: T | None) -> T | None:
    """
    Return *more*; *value* where that is None.
    """
    return value if more is None else more


def _merged(
    accounts: Mapping[str, DatabaseAccount] | None,
    more: Mapping[str, DatabaseAccount] | None,
) -> Mapping[str, DatabaseAccount] | None:
    """
    Return the accounts of both; None where neither was read.
    """
    if accounts is None or more is None:
        return _latest(accounts, more)
    return {**accounts, **more}


def _joined(fields: FieldValues, more: FieldValues) -> FieldValues:
    """
    Return the values of both, such as those of two pages of a list.
    """
    maps = {
        path: {**fields[path], **value}
        for path, value in more.items()
        if isinstance(value, Mapping) and path in fields
    }
    return {**fields, **more, **maps}
