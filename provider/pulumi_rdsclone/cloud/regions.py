"""
`lifecycle.site.Sites` over the real API: one site per region, made when first asked.
"""

import hashlib
import os
import threading
from pathlib import Path
from typing import Final

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.clock import SystemClock
from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.transport import RDS, VPC, Transport
from pulumi_rdsclone.lifecycle.library import BUDGET
from pulumi_rdsclone.lifecycle.order_log import OrderLog
from pulumi_rdsclone.lifecycle.pace import Pace
from pulumi_rdsclone.lifecycle.site import Site, SiteOptions

CLOUD_PACE: Final = Pace(poll=10, poll_most=30, jitter=0.1, settle=30, repeat=5)
"""A clone takes minutes to hours, and no rate limit is published: ask moderately."""

EMULATOR_PACE: Final = Pace(
    poll=0.25, poll_most=1, settle=0.5, repeat=0.25, unseen=120, used=5
)
"""An emulator on this machine answers at once and minds nothing."""


def _orders_folder(settings: Settings, region: str) -> Path | None:
    """
    Return where this machine keeps its orders in *region*: in Pulumi's home.

    None where there is no home.
    """
    keys = settings.access_key_id or settings.profile or ""
    scope = f"{settings.rds.host} {keys} {region}"
    name = hashlib.sha256(scope.encode()).hexdigest()[:16]
    try:
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    except RuntimeError:
        return None
    return home / "rdsclone" / "orders" / name


class Regions:
    """
    The regions that *settings* reach.
    """

    def __init__(self, settings: Settings) -> None:
        self.default_region = settings.region
        self.identity = settings.identity or ""
        self.skip_checks = settings.skipped
        self.max_price_per_hour = settings.price_limit
        self.pace = EMULATOR_PACE if settings.rds.is_plain else CLOUD_PACE
        self.emulator = settings.rds.host if settings.rds.is_plain else ""
        """Where an emulator answers, empty when the cloud does."""
        self._settings = settings
        self._keyring = Keyring(settings)
        self._clock = SystemClock()
        self._lock = threading.Lock()
        self._sites: dict[str, Site] = {}

    def at(self, region: str) -> Site:
        """
        Give the site of *region*, always the same one.
        """
        with self._lock:
            if region not in self._sites:
                rds = RdsClient(
                    Transport(self._settings.rds, self._keyring, region, RDS),
                    Transport(self._settings.vpc, self._keyring, region, VPC),
                    region,
                    self._clock,
                    self._settings.account_site,
                )
                options = SiteOptions(
                    budget=self._settings.budget or BUDGET,
                    log=OrderLog(_orders_folder(self._settings, region)),
                    instance_quota=self._settings.quota,
                )
                self._sites[region] = Site.of(rds, self._clock, self.pace, options)
            return self._sites[region]
