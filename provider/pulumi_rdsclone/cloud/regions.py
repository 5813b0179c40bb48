"""
Implements `lifecycle.region.Regions` over the API.
"""

import hashlib
import os
import threading
from pathlib import Path
from typing import Final

from typing_extensions import override

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.clock import SystemClock
from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.transport import RDS, VPC, Transport
from pulumi_rdsclone.lifecycle.order_log import OrderLog
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.read_cache import READ_TIMEOUT
from pulumi_rdsclone.lifecycle.region import RegionContext, RegionOptions, Regions

CLOUD_SCHEDULE: Final = PollSchedule(
    first_interval=10, longest_interval=30, jitter=0.1, list_lag=30, retry_delay=5
)
"""A clone takes minutes to hours, and no rate limit is published."""

EMULATOR_SCHEDULE: Final = PollSchedule(
    first_interval=0.25,
    longest_interval=1,
    list_lag=0.5,
    retry_delay=0.25,
    visibility_timeout=120,
    used_token_timeout=5,
)
"""An emulator on this machine answers at once and has no rate limit."""


def _orders_folder(settings: Settings, region_id: str) -> Path | None:
    """
    Return the folder in Pulumi's home for orders in a region; None without a home.
    """
    keys = settings.access_key_id or settings.profile or ""
    scope = f"{settings.rds.host} {keys} {region_id}"
    name = hashlib.sha256(scope.encode()).hexdigest()[:16]
    try:
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    except RuntimeError:
        return None
    return home / "rdsclone" / "orders" / name


class CloudRegions(Regions):
    """
    The regions that *settings* reach; each is made by its first use.
    """

    def __init__(self, settings: Settings) -> None:
        self.default_region = settings.region
        self.identity = settings.identity or ""
        self.skip_checks = settings.skipped
        self.max_price_per_hour = settings.price_limit
        self.schedule = EMULATOR_SCHEDULE if settings.rds.is_plain else CLOUD_SCHEDULE
        self.emulator = settings.rds.host if settings.rds.is_plain else ""
        """Where an emulator answers, empty when the cloud does."""
        self._settings = settings
        self._keyring = Keyring(settings)
        self._clock = SystemClock()
        self._lock = threading.Lock()
        self._contexts: dict[str, RegionContext] = {}

    @override
    def at(self, region_id: str) -> RegionContext:
        with self._lock:
            if region_id not in self._contexts:
                rds = RdsClient(
                    Transport(
                        self._settings.rds, self._keyring, region=region_id, product=RDS
                    ),
                    vpc=Transport(
                        self._settings.vpc, self._keyring, region=region_id, product=VPC
                    ),
                    region=region_id,
                    clock=self._clock,
                    site=self._settings.account_site,
                )
                options = RegionOptions(
                    read_timeout=self._settings.budget or READ_TIMEOUT,
                    log=OrderLog(_orders_folder(self._settings, region_id)),
                    instance_quota=self._settings.quota,
                )
                self._contexts[region_id] = RegionContext.of(
                    rds, self._clock, schedule=self.schedule, options=options
                )
            return self._contexts[region_id]
