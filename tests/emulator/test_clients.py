import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rds_emulator import Emulator
from rds_emulator.clients import KINDS, SERVICES
from tests.emulator.wire import Client

COMMAND = [sys.executable, "-m", "rds_emulator", "env"]

CALLS = """
from alibabacloud_rds20140815 import models
from aliyunsdkrds.request.v20140815.DescribeRegionsRequest import DescribeRegionsRequest

new = client.describe_regions(models.DescribeRegionsRequest()).body.regions.rdsregion
request = DescribeRegionsRequest()
for line in LINES.split("; "):
    exec(line)
old = json.loads(old_client.do_action_with_exception(request))["Regions"]["RDSRegion"]
assert len(new) == len(old) > 0
"""


@pytest.fixture(params=[False, True], ids=["HTTP", "HTTPS"])
def served(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with Emulator(speed=0, tls=request.param) as running:
        yield running


def test_lines_for_python_make_clients_of_both_sdks(served: Emulator, tmp_path: Path) -> None:
    lines = KINDS["python"](served.connection)
    (comment,) = [line for line in lines.splitlines() if "each request: " in line]
    requests = comment.partition("each request: ")[2]
    program = tmp_path / "program.py"
    program.write_text(f"import json\nLINES = {requests!r}\n{lines}\n{CALLS}", "utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}

    subprocess.run([sys.executable, program], check=True, env=environment, timeout=120)

    assert ["DescribeRegions"] * 2 == [call.action for call in served.journal.calls()]


def test_lines_for_the_shell_export_what_clients_read(served: Emulator, tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    text = KINDS["shell"](served.connection)
    tell = "import json, os; print(json.dumps(dict(os.environ)))"
    script.write_text(f"{text}\nexec {sys.executable} -c '{tell}'\n", "utf-8")
    environment = {"PATH": os.environ["PATH"]}

    done = subprocess.run(
        ["/bin/sh", "-eu", script], capture_output=True, text=True, check=True, env=environment
    )

    found = json.loads(done.stdout)
    assert served.connection.environment.items() <= found.items()
    assert served.endpoint == found["ALIBABA_CLOUD_ENDPOINT_RDS"]
    assert (served.ca_file is None) == ("SSL_CERT_FILE" not in found)


def test_environment_alone_makes_both_sdks_trust_the_emulator(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        """
import os
from aliyunsdkcore.client import AcsClient
from aliyunsdkrds.request.v20140815.DescribeRegionsRequest import DescribeRegionsRequest

host, _, port = os.environ["RDS_EMULATOR_ENDPOINT"].partition(":")
client = AcsClient(
    os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    os.environ["ALIBABA_CLOUD_REGION_ID"],
    port=int(port),
)
request = DescribeRegionsRequest()
request.set_endpoint(host)
request.set_protocol_type("https")
client.do_action_with_exception(request)

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_rds20140815 import models
from alibabacloud_rds20140815.client import Client
from alibabacloud_tea_openapi.models import Config

endpoint = os.environ["ALIBABA_CLOUD_ENDPOINT_RDS"]
new = Client(Config(credential=Credentials(), endpoint=endpoint, protocol="https"))
new.describe_regions(models.DescribeRegionsRequest())
""",
        "utf-8",
    )
    with Emulator(speed=0, tls=True) as emulator:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            **emulator.connection.environment,
        }
        subprocess.run([sys.executable, program], check=True, env=environment, timeout=120)

        assert 2 == emulator.journal.count("DescribeRegions")


def test_lines_for_terraform_and_pulumi_name_every_endpoint_and_the_protocol(
    served: Emulator,
) -> None:
    terraform = KINDS["terraform"](served.connection)
    pulumi = KINDS["pulumi"](served.connection)
    protocol = "HTTPS" if served.ca_file else "HTTP"

    assert terraform.count(f'"{served.endpoint}"') == len(SERVICES)
    assert f'"{protocol}"' in terraform
    assert f"alicloud:protocol {protocol}\n" in pulumi
    assert pulumi.count(f" {served.endpoint}") == len(SERVICES)
    assert f"rdsclone:endpoint {served.url}\n" in pulumi
    assert terraform.count("{") == terraform.count("}")


@pytest.mark.parametrize("kind", KINDS)
def test_command_asks_a_running_emulator(served: Emulator, kind: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, served.endpoint, f"--{kind}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    told = KINDS[kind](served.connection)

    assert served.endpoint in done.stdout
    assert f"{told}\n" == done.stdout


def test_without_a_kind_all_are_printed(emulator: Emulator) -> None:
    done = subprocess.run([*COMMAND, emulator.endpoint], capture_output=True, text=True, check=True)

    assert all(f"# {kind}\n" in done.stdout for kind in KINDS)


def test_command_without_an_emulator_is_one_sentence(emulator: Emulator) -> None:
    emulator.unplug()
    done = subprocess.run(
        [*COMMAND, emulator.endpoint], capture_output=True, text=True, check=False
    )

    assert (2, "", 1) == (done.returncode, done.stdout, done.stderr.count("\n"))
    assert "cannot ask the emulator" in done.stderr


def test_connection_is_told_like_any_other_thing_of_the_control_api(client: Client) -> None:
    found = client.control("GET", "/connection")
    page = client.send("GET", "/_emulator/connection", headers={"Origin": "http://localhost"})

    assert client.emulator.access_key_id == found.body["accessKeyId"]
    assert 403 == page.status
