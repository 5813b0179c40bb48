"""
A clone as the state records it: its outputs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pulumi_rdsclone.domain.identity import CREATING, EXPIRES_TAG, OWNED, STAGE_TAG
from pulumi_rdsclone.domain.instances import UNSEEN, Instance, StatusKind, status_kind
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.times import parse_instant
from pulumi_rdsclone.domain.values import Properties, PropertyValue

PUBLIC_HOST: Final = "public_connection_string"
"""An output that only a call of its own reports."""

_OF_THE_ORDER: Final = ("restored_from", "estimated_price")
"""Outputs that are known when the clone is ordered and kept from then on."""


@dataclass(frozen=True)
class CloneState:
    """
    The outputs of a clone.

    Attributes:
        outputs: A tree in snake_case, as recorded or as just read.
    """

    outputs: Properties

    def at(self, path: str) -> PropertyValue:
        """
        Return the value at *path*; None where there is none.
        """
        return get_value(self.outputs, path)

    @property
    def instance_id(self) -> str:
        """
        The instance; empty for one that is only looked up by its id.
        """
        return self.at("instance_id") or ""

    @property
    def is_unfinished(self) -> bool:
        """
        Whether the clone was not ready when this was recorded.
        """
        return status_kind(self.at("status") or "") is not StatusKind.READY

    @property
    def ordered_time(self) -> datetime | None:
        """
        When the clone was ordered, if no call had shown it when this was recorded.
        """
        created = self.at("created_time")
        is_seen = self.at("status") != UNSEEN
        return None if is_seen or not created else parse_instant(created)

    @property
    def tags(self) -> dict[str, str]:
        """
        The tags of the clone, as far as its outputs hold them.
        """
        expires = self.at("expires")
        return {
            **(self.at("tags") or {}),
            **({EXPIRES_TAG: expires} if expires else {}),
            STAGE_TAG: CREATING if self.is_unfinished else OWNED,
        }

    @property
    def order_outputs(self) -> Properties:
        """
        The outputs that are known from the order, or may not be readable later.
        """
        kept = (*_OF_THE_ORDER, PUBLIC_HOST)
        return {name: self.outputs[name] for name in kept if name in self.outputs}

    def as_instance(self) -> Instance:
        """
        Return the clone as its outputs describe it, for checks of a change.

        Its lock mode and role are empty: only rules about a source read them.
        """

        def text(path: str) -> PropertyValue:
            return self.at(path) or ""

        return Instance(
            id=text("instance_id"),
            region=text("region"),
            status=text("status"),
            lock_mode="",
            role="",
            engine=text("engine"),
            engine_version=text("engine_version"),
            edition=text("edition"),
            zones=tuple(text("zones")),
            instance_class=text("capacity.instance_class"),
            storage_gb=text("capacity.storage_gb") or 0,
            storage_type=text("capacity.storage_type"),
            payment=text("payment.type"),
            network_type=text("network.type"),
            description=text("description"),
            deletion_protection=bool(text("deletion_protection")),
        )
