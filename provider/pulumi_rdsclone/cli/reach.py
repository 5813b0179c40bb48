"""
The cloud as the options and the environment configure it.
"""

import os
from contextlib import suppress

from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import AccessDeniedError, ConfigurationError
from pulumi_rdsclone.domain.facts import Facts, Gap
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.learning import FOR_PREVIEW
from pulumi_rdsclone.lifecycle.library import SlowError
from pulumi_rdsclone.lifecycle.site import Sites


def regions(
    endpoint: str | None, profile: str | None, region: str | None = None
) -> Regions:
    """
    Give the regions that can be reached.

    Raises:
        ConfigurationError: The options contradict themselves.
    """
    told = {"endpoint": endpoint, "profile": profile, "region": region}
    configured = {name: value for name, value in told.items() if value}
    return Regions(Settings.of(configured, os.environ))


def default_region(sites: Regions) -> str:
    """
    Give the region of a source for which none is named.

    Raises:
        ConfigurationError: Nothing configures one.
    """
    if not sites.default_region:
        msg = "no region is given — add --region, or set ALIBABA_CLOUD_REGION_ID"
        raise ConfigurationError(msg)
    return sites.default_region


def insist(facts: Facts, sites: Sites, spec: CloneSpec) -> None:
    """
    Refuse to go on when nobody answered for the source of *spec*.

    In preview that is a warning; a command that says "accepted" must have looked. A
    missing permission is an answer.

    Raises:
        CloneError: What kept the source from being known.
    """
    if facts.source is not Gap.UNVERIFIED:
        return
    library = sites.at(str(spec.region)).library
    read = library.ask("instance", spec.source_instance_id, max_age=FOR_PREVIEW)
    try:
        with suppress(AccessDeniedError):
            library.take(read)
    except SlowError as error:
        msg = f"{error} — check the network and, if it is given, --endpoint"
        raise SlowError(msg) from None
