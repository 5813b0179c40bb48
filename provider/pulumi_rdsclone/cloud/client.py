"""
`lifecycle.ports.Rds` over the real API.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pulumi_rdsclone.cloud import wire
from pulumi_rdsclone.cloud.errors import refusal
from pulumi_rdsclone.cloud.retry import repeated
from pulumi_rdsclone.cloud.transport import Transport
from pulumi_rdsclone.domain.errors import ApiError
from pulumi_rdsclone.domain.instances import (
    BackupSet,
    Instance,
    NoWindow,
    RecoveryWindow,
    Sighting,
)
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.lifecycle.ports import Clock

_PAGE: Final = 100
_MOST_PAGES: Final = 1000
"""An answer that miscounts must not be asked for ever."""

_ORDER_SECONDS: Final = 20
"""The API reference advises this read time-out for calls that create instances."""

_NO_WINDOW: Final = {
    "LogBackupNotEnabled": NoWindow.LOG_BACKUP_OFF,
    "InvalidBackup.NotFound": NoWindow.NO_BACKUP,
    "InvalidBinlog.NotFound": NoWindow.NO_BACKUP,
    "IncorrectDBInstanceEngine": NoWindow.NOT_TOLD,
    "IncorrectDBInstanceState": NoWindow.NOT_NOW,
    "IncorrectDBInstanceLockMode": NoWindow.NOT_NOW,
    "IncorrectDBInstanceCharacterType": NoWindow.NOT_NOW,
}
"""Source: the error table of DescribeLocalAvailableRecoveryTime."""


class RdsClient:
    """
    ApsaraDB RDS in one region. Safe to use from many threads.
    """

    def __init__(self, transport: Transport, region: str, clock: Clock) -> None:
        self.region = region
        self._transport = transport
        self._clock = clock

    def instance(self, instance_id: str) -> Instance:
        """
        See *Rds.instance*.
        """
        action = "DescribeDBInstanceAttribute"
        answer = self._call(action, DBInstanceId=instance_id)
        instance = wire.to_instance(answer)
        if instance is None:
            raise refusal(
                action,
                "InvalidDBInstanceId.NotFound",
                f"the answer holds no instance {instance_id}",
                answer["RequestId"],
            )
        return instance

    def sightings(self, tags: Mapping[str, str]) -> tuple[Sighting, ...]:
        """
        See *Rds.sightings*.
        """
        pages = self._pages("DescribeDBInstances", Tags=wire.tag_filter(tags))
        return tuple(seen for page in pages for seen in wire.to_sightings(page))

    def backup_sets(self, instance_id: str) -> tuple[BackupSet, ...]:
        """
        See *Rds.backup_sets*.
        """
        pages = self._pages("DescribeBackups", DBInstanceId=instance_id)
        return tuple(backup for page in pages for backup in wire.to_backup_sets(page))

    def recovery_window(self, instance_id: str) -> RecoveryWindow | NoWindow:
        """
        See *Rds.recovery_window*.
        """
        try:
            answer = self._call(
                "DescribeLocalAvailableRecoveryTime", DBInstanceId=instance_id
            )
        except ApiError as error:
            if error.fault.code in _NO_WINDOW:
                return _NO_WINDOW[error.fault.code]
            raise
        return wire.to_window(answer)

    def order_clone(self, order: CloneOrder) -> str:
        """
        See *Rds.order_clone*. Sent once: who orders decides about a repeat.
        """
        action = "CloneDBInstance"
        answer = self._transport.call(
            action,
            {**wire.from_order(order), "RegionId": self.region},
            read_seconds=_ORDER_SECONDS,
        )
        if not answer.get("DBInstanceId"):
            raise refusal(
                action,
                "UnexpectedAnswer",
                "the answer names no instance",
                answer["RequestId"],
            )
        return str(answer["DBInstanceId"])

    def release(self, instance_id: str) -> None:
        """
        See *Rds.release*.
        """
        self._call("DeleteDBInstance", DBInstanceId=instance_id)

    def tags(self, instance_id: str) -> dict[str, str]:
        """
        See *Rds.tags*.
        """
        tags: dict[str, str] = {}
        token = ""
        while True:
            more = {"NextToken": token} if token else {}
            page = self._call(
                "ListTagResources",
                ResourceType="INSTANCE",
                **more,
                **wire.indexed("ResourceId", [instance_id]),
            )
            tags |= wire.to_tags(page)
            token = page.get("NextToken") or ""
            if not token:
                return tags

    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        """
        See *Rds.set_tags*.
        """
        self._call(
            "TagResources",
            ResourceType="INSTANCE",
            **wire.indexed("ResourceId", [instance_id]),
            **wire.tag_list(tags),
        )

    def remove_tags(self, instance_id: str, keys: Iterable[str]) -> None:
        """
        See *Rds.remove_tags*.
        """
        self._call(
            "UntagResources",
            ResourceType="INSTANCE",
            **wire.indexed("ResourceId", [instance_id]),
            **wire.indexed("TagKey", list(keys)),
        )

    def set_description(self, instance_id: str, description: str) -> None:
        """
        See *Rds.set_description*.
        """
        self._call(
            "ModifyDBInstanceDescription",
            DBInstanceId=instance_id,
            DBInstanceDescription=description,
        )

    def set_deletion_protection(self, instance_id: str, *, on: bool) -> None:
        """
        See *Rds.set_deletion_protection*.
        """
        self._call(
            "ModifyDBInstanceDeletionProtection",
            DBInstanceId=instance_id,
            DeletionProtection=wire.to_text(on),
        )

    def _call(self, action: str, **parameters: str) -> dict[str, Any]:
        """
        Call *action*, which may have its effect twice, until it is answered.
        """
        told = {"RegionId": self.region, **parameters}
        return repeated(lambda: self._transport.call(action, told), self._clock.sleep)

    def _pages(self, action: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """
        Yield the pages of a list call.
        """
        seen = 0
        for number in range(1, _MOST_PAGES):
            page = self._call(
                action, PageSize=str(_PAGE), PageNumber=str(number), **parameters
            )
            yield page
            seen += int(page.get("PageRecordCount") or 0)
            if seen >= int(page.get("TotalRecordCount") or 0):
                return
