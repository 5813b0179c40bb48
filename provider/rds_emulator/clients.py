"""
What points each client at an emulator: environment, configuration, lines of code.

Facts are from the clients themselves: Terraform's provider (alicloud/provider.go,
connectivity/endpoint.go), both Python SDKs (aliyunsdkcore/http/http_response.py, Tea's
core.py) and the official packages for Go and Java.
"""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

SERVICES: Final = ("rds", "vpc", "sts", "location")
"""What Terraform's resources of RDS ask; location tells where the others are."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """
    What a client needs to know of a running emulator.

    Args:
        endpoint: ``HOST:PORT``.
        ca_file: What a client of HTTPS has to trust; None when HTTP alone is spoken.
    """

    endpoint: str
    access_key_id: str
    access_key_secret: str
    region: str
    ca_file: str | None = None

    @property
    def protocol(self) -> str:
        """
        The scheme to use: https where it is spoken.
        """
        return "https" if self.ca_file else "http"

    @property
    def url(self) -> str:
        """
        The endpoint as a URL.
        """
        return f"{self.protocol}://{self.endpoint}"

    @property
    def host(self) -> str:
        """
        The endpoint without its port.
        """
        return self.endpoint.rpartition(":")[0]

    @property
    def port(self) -> str:
        """
        The port alone.
        """
        return self.endpoint.rpartition(":")[2]

    @property
    def environment(self) -> dict[str, str]:
        """
        The variables that clients read: keys, region, endpoints, what to trust.
        """
        trusted = {} if self.ca_file is None else dict.fromkeys(_TRUST, self.ca_file)
        endpoints = {
            f"ALIBABA_CLOUD_ENDPOINT_{service.upper()}": self.endpoint
            for service in SERVICES
        }
        return {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.access_key_secret,
            "ALIBABA_CLOUD_REGION_ID": self.region,
            "ALICLOUD_ACCESS_KEY": self.access_key_id,
            "ALICLOUD_SECRET_KEY": self.access_key_secret,
            "ALICLOUD_REGION": self.region,
            "RDS_EMULATOR_ENDPOINT": self.endpoint,
            **endpoints,
            **trusted,
        }


_TRUST: Final = ("ALIBABA_CLOUD_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""Read by the old Python SDK; by requests; by OpenSSL, Go and the new Python SDK."""


def shell(to: Connection) -> str:
    """
    Return ``export`` lines for a POSIX shell.
    """
    lines = [
        f"export {name}={shlex.quote(value)}" for name, value in to.environment.items()
    ]
    if to.ca_file:
        lines.insert(0, "# The last two replace what this shell's programs trust.")
    return "\n".join(lines)


def pulumi(to: Connection) -> str:
    """
    Return ``pulumi config set`` lines for this provider and for alicloud.
    """
    settings: Mapping[str, str] = {
        "rdsclone:region": to.region,
        "rdsclone:accessKeyId": to.access_key_id,
        "--secret rdsclone:accessKeySecret": to.access_key_secret,
        "rdsclone:endpoint": to.url,
        "rdsclone:vpcEndpoint": to.url,
        "alicloud:region": to.region,
        "alicloud:accessKey": to.access_key_id,
        "--secret alicloud:secretKey": to.access_key_secret,
        "alicloud:protocol": to.protocol.upper(),
        "alicloud:skipRegionValidation": "true",
        **{
            f"--path 'alicloud:endpoints[0].{service}'": to.endpoint
            for service in SERVICES
        },
    }
    return "\n".join(
        f"pulumi config set {name} {shlex.quote(value)}"
        for name, value in settings.items()
    )


def terraform(to: Connection) -> str:
    """
    Return a provider block; the endpoints are hosts, and *protocol* is of all.
    """
    width = max(map(len, SERVICES))
    endpoints = "\n".join(
        f'    {service:<{width}} = "{to.endpoint}"' for service in SERVICES
    )
    return f"""\
provider "alicloud" {{
  region                 = "{to.region}"
  access_key             = "{to.access_key_id}"
  secret_key             = "{to.access_key_secret}"
  protocol               = "{to.protocol.upper()}"
  skip_region_validation = true
  endpoints {{
{endpoints}
  }}
}}"""


def python(to: Connection) -> str:
    """
    Return lines that make a client of each Python SDK.
    """
    verify = "" if to.ca_file is None else f", verify={to.ca_file!r}"
    ca = "" if to.ca_file is None else f", ca={to.ca_file!r}"
    set_protocol = ", https" if to.ca_file else ""
    return f"""\
# alibabacloud_rds20140815
from alibabacloud_rds20140815.client import Client
from alibabacloud_tea_openapi.models import Config

client = Client(
    Config(
        access_key_id={to.access_key_id!r},
        access_key_secret={to.access_key_secret!r},
        region_id={to.region!r},
        endpoint={to.endpoint!r},
        protocol={to.protocol!r}{ca},
    )
)

# aliyun-python-sdk-core; each request: {_request_lines(to, set_protocol)}
from aliyunsdkcore.client import AcsClient

old_client = AcsClient(
    {to.access_key_id!r},
    {to.access_key_secret!r},
    {to.region!r},
    port={to.port}{verify},
)"""


def go(to: Connection) -> str:
    """
    Return lines that make a client of the Go SDK (rds-20140815).
    """
    return f"""\
// github.com/alibabacloud-go/rds-20140815, darabonba-openapi, tea
{_go_trust(to)}client, err := rds.NewClient(&openapi.Config{{
	AccessKeyId:     tea.String("{to.access_key_id}"),
	AccessKeySecret: tea.String("{to.access_key_secret}"),
	RegionId:        tea.String("{to.region}"),
	Endpoint:        tea.String("{to.endpoint}"),
	Protocol:        tea.String("{to.protocol}"),
}})"""


def java(to: Connection) -> str:
    """
    Return lines that make a client of the Java SDK (rds20140815).
    """
    return f"""\
// com.aliyun:rds20140815, com.aliyun.teaopenapi.models.Config
{_java_trust(to)}var client = new com.aliyun.rds20140815.Client(new Config()
    .setAccessKeyId("{to.access_key_id}")
    .setAccessKeySecret("{to.access_key_secret}")
    .setRegionId("{to.region}")
    .setEndpoint("{to.endpoint}")
    .setProtocol("{to.protocol}"));"""


KINDS: Final[Mapping[str, Callable[[Connection], str]]] = {
    "shell": shell,
    "pulumi": pulumi,
    "terraform": terraform,
    "python": python,
    "go": go,
    "java": java,
}
"""Each kind of client, and what is printed for it."""


def _request_lines(to: Connection, https: str) -> str:
    lines = f"request.set_endpoint({to.host!r})"
    return f'{lines}; request.set_protocol_type("https")' if https else lines


def _go_trust(to: Connection) -> str:
    return f"// run with SSL_CERT_FILE={to.ca_file}\n" if to.ca_file else ""


def _java_trust(to: Connection) -> str:
    if to.ca_file is None:
        return ""
    return (
        f"// keytool -importcert -noprompt -file {to.ca_file} -alias rds-emulator"
        " -keystore trust.p12 -storepass changeit\n"
        "// run with -Djavax.net.ssl.trustStore=trust.p12"
        " -Djavax.net.ssl.trustStorePassword=changeit\n"
    )
