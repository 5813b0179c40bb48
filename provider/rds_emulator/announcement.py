"""
What ``rds-emulator serve`` prints when requests are answered.
"""

import json
from dataclasses import dataclass

from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Instance


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """
    How a new emulator is reached.

    Args:
        endpoint: ``HOST:PORT``.
        ca_file: What a client of HTTPS has to trust; None when HTTP alone is spoken.
        token: The control API's; None when it needs none.
    """

    endpoint: str
    ca_file: str | None = None
    token: str | None = None

    def as_json(self, cloud: Cloud) -> str:
        """
        Return one line of JSON.
        """
        key = cloud.account.access_keys[0]
        return json.dumps(
            {
                "endpoint": self.endpoint,
                "accessKeyId": key.id,
                "accessKeySecret": key.secret,
                "region": cloud.account.regions[0].id,
                **({"caFile": self.ca_file} if self.ca_file else {}),
                **({"controlToken": self.token} if self.token else {}),
            }
        )

    def as_text(self, cloud: Cloud) -> str:
        """
        Return the same for a reader, and the instances there are.
        """
        key = cloud.account.access_keys[0]
        instances = cloud.instances()
        width = max((len(instance.id) for instance in instances), default=0)
        spoken = "HTTP and HTTPS" if self.ca_file else "plain HTTP"
        token = [f"  control token      {self.token}"] if self.token else []
        return "\n".join(
            (
                "The RDS emulator is ready.",
                "",
                f"  endpoint           {self.endpoint}  ({spoken})",
                f"  access key id      {key.id}",
                f"  access key secret  {key.secret}",
                f"  region             {cloud.account.regions[0].id}",
                *token,
                *self._trust(),
                "",
                "Instances:",
                *(f"  {one.id:<{width}}  {_what(one)}" for one in instances),
                "",
                f"rds-emulator env {self.endpoint} prints what points clients at it.",
                "Stop it with Ctrl-C.",
            )
        )

    def _trust(self) -> list[str]:
        if self.ca_file is None:
            return []
        return [
            "",
            f"A client of HTTPS has to trust {self.ca_file}: set",
            "SSL_CERT_FILE (OpenSSL, Go, the new Python SDK), REQUESTS_CA_BUNDLE",
            "(Python's requests) or ALIBABA_CLOUD_CA_BUNDLE (the old Python SDK) to",
            "that path, for the one program that talks to the emulator. What this",
            "machine trusts is not changed.",
        ]


def _what(instance: Instance) -> str:
    product = f"{instance.engine} {instance.engine_version}"
    return instance.what or f"{product}, {instance.status}"
