"""
Environment for a Pulumi with its own home and state, without login and network.
"""

import os
import sys
from pathlib import Path

_FOREIGN = (
    "PULUMI_",
    "ALIBABA_CLOUD_",
    "ALICLOUD_",
    "ALIYUN_",
    "RDSCLONE_",
    "VAULT_",
)
_SLOWING = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Settings of a build machine that users do not have."""
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def environment(
    folder: Path, cli: Path, python: str = sys.executable
) -> dict[str, str]:
    """
    Return the environment for running Pulumi in *folder*.

    The caller's settings of Pulumi and Alibaba Cloud are not passed on.

    Args:
        folder: Where state and home are kept; made if it does not exist.
        cli: The folder with the Pulumi CLI.
        python: The interpreter that runs programs and the provider.
    """
    for name in ("state", "home"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_FOREIGN)
        and name not in _SLOWING
        and name.lower() not in _PROXIES
    }
    return {
        **kept,
        "PATH": f"{cli}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "only for this folder",
        "PULUMI_PYTHON_CMD": python,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        # No credentials but the configured ones, and no search for an ECS role.
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "ALIBABA_CLOUD_CREDENTIALS_FILE": str(folder / "no-credentials"),
    }
