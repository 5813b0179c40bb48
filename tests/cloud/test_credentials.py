import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import alibabacloud_credentials.client
import pytest

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.credentials import Keyring, Keys
from pulumi_rdsclone.cloud.settings import Endpoint, Settings
from pulumi_rdsclone.cloud.transport import Transport
from pulumi_rdsclone.domain.errors import ConfigurationError, ExpiredCredentialsError
from tests.cloud.stub import stub
from tests.lifecycle.fakes import FakeClock
from tests.support.emulators import Emulator
from tests.support.rows import case, row

PAIR = {"access_key_id": "LTAI-key", "access_key_secret": "hush-hush"}
FIRST = {"id": "LTAI-first", "secret": "first-secret"}
SECOND = {"id": "LTAI-second", "secret": "second-secret"}
TEMPORARY = {"id": "STS.key", "secret": "sts-secret", "security_token": "sts-token"}
SEED = {"instances": [{"id": "rm-source"}], "access_keys": [FIRST, SECOND, TEMPORARY]}

PRINT_KEYS = """
import sys
from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ConfigurationError
try:
    keys = Keyring(Settings(profile=sys.argv[1] if sys.argv[1:] else None)).keys()
except ConfigurationError as error:
    print("refused:", error)
else:
    print(keys.access_key_id, keys.secret, keys.token)
if "alibabacloud_credentials" in sys.modules:
    print("library loaded", file=sys.stderr)
"""
CONFIG = {
    "current": "default",
    "profiles": [
        {
            "name": name,
            "mode": "AK",
            "access_key_id": f"LTAI-{name}",
            "access_key_secret": f"{name}-secret",
        }
        for name in ("default", "work")
    ],
}


class Ring(Keyring):
    """
    A keyring of given keys.
    """

    def __init__(self, *keys: Keys) -> None:
        super().__init__(Settings())
        self.left = list(keys)

    def keys(self) -> Keys:
        """
        Return the next keys, the last ones for ever.
        """
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


def client(emulator: Emulator, keyring: Keyring) -> RdsClient:
    """
    Make a client that signs with *keyring*.
    """
    transport = Transport(Endpoint(emulator.url), keyring, region="cn-hangzhou")
    return RdsClient(transport, vpc=transport, region="cn-hangzhou", clock=FakeClock())


def print_keys(home: Path, *arguments: str, **variables: str) -> str:
    """
    Return what a new process with these environment variables finds.

    The library, slow to load, is not loaded for keys that stand there.
    """
    done = run_print_keys(home, *arguments, **variables)
    ids = {"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY"}
    secrets = {"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY"}
    has_keys = bool(ids & {*variables}) and bool(secrets & {*variables})
    is_quick = has_keys and not arguments
    assert is_quick != ("library loaded" in done.stderr)
    return done.stdout.rstrip("\n")


def run_print_keys(
    home: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """
    Look for keys in a new process with these environment variables.
    """
    inherited = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", PRINT_KEYS, *arguments],
        env={
            **inherited,
            "HOME": str(home),
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            **variables,
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def write_config(home: Path) -> None:
    """
    Write the aliyun command line's configuration.
    """
    (home / ".aliyun").mkdir()
    (home / ".aliyun/config.json").write_text(json.dumps(CONFIG), "utf-8")


def test_configured_keys_are_used_as_they_are() -> None:
    assert Keys("LTAI-key", "hush-hush") == Keyring(Settings(**PAIR)).keys()
    assert (
        Keyring(Settings(**PAIR, security_token="t")).keys()  # noqa: S106
    ) == Keys("LTAI-key", "hush-hush", "t")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        row("its own token", "sts-token", None),
        row("no token", "", "MissingSecurityToken"),
        row("another token", "another", "InvalidSecurityToken.Malformed"),
    ],
)
def test_token_of_temporary_keys_is_sent_and_signed(token: str, code: str | None) -> None:
    with Emulator(seed=SEED, speed=0) as emulator:
        rds = client(emulator, Ring(Keys(TEMPORARY["id"], TEMPORARY["secret"], token)))

        if code is None:
            assert rds.instance("rm-source").id == "rm-source"
        else:
            with pytest.raises(ConfigurationError, match=code):
                rds.instance("rm-source")
        (call,) = emulator.journal.calls()

    assert call.error == code
    assert call.access_key_id == TEMPORARY["id"]


def test_renewed_keys_are_picked_up() -> None:
    keys = [Keys(key["id"], key["secret"]) for key in (FIRST, SECOND)]
    keys.append(Keys(TEMPORARY["id"], TEMPORARY["secret"], "sts-token"))

    with Emulator(seed=SEED, speed=0) as emulator:
        rds = client(emulator, Ring(*keys, keys[0]))
        for _ in range(4):
            rds.instance("rm-source")
        used = [call.access_key_id for call in emulator.journal.calls()]

    assert ["LTAI-first", "LTAI-second", "STS.key", "LTAI-first"] == used


def test_library_is_asked_for_keys_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clients: list[object] = []

    class Client:
        def __init__(self) -> None:
            clients.append(self)
            self.turn = 0

        def get_credential(self) -> SimpleNamespace:
            self.turn += 1
            return SimpleNamespace(
                access_key_id=f"key-{self.turn}",
                access_key_secret=f"secret-{self.turn}",
                security_token="token" if self.turn > 1 else None,
            )

    monkeypatch.setattr(alibabacloud_credentials.client, "Client", Client)
    keyring = Keyring(Settings())

    assert [Keys("key-1", "secret-1"), Keys("key-2", "secret-2", "token")] == [
        keyring.keys(),
        keyring.keys(),
    ]
    assert len(clients) == 1


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        row("a key", {}, "LTAI-env env-secret "),
        case("a key with a token")(
            {"ALIBABA_CLOUD_SECURITY_TOKEN": "env-token"}, "LTAI-env env-secret env-token"
        ),
    ],
)
def test_environment_beats_the_file(tmp_path: Path, variables: dict[str, str], found: str) -> None:
    write_config(tmp_path)

    assert found == print_keys(
        tmp_path,
        ALIBABA_CLOUD_ACCESS_KEY_ID="LTAI-env",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET="env-secret",  # noqa: S106
        **variables,
    )


OURS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-ours", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "our-secret"}
THEIRS = {"ALICLOUD_ACCESS_KEY": "LTAI-theirs", "ALICLOUD_SECRET_KEY": "their-secret"}


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        row("a key", THEIRS, "LTAI-theirs their-secret "),
        case("a key with a token")(
            {**THEIRS, "ALICLOUD_SECURITY_TOKEN": "t"}, "LTAI-theirs their-secret t"
        ),
        row("ours come first", {**THEIRS, **OURS}, "LTAI-ours our-secret "),
        case("a token of another key is not used")(
            {**THEIRS, **OURS, "ALICLOUD_SECURITY_TOKEN": "t"}, "LTAI-ours our-secret "
        ),
        case("half of ours is none")(
            {**THEIRS, "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-half"}, "LTAI-theirs their-secret "
        ),
    ],
)
def test_alicloud_variables_come_after_alibaba_clouds(
    tmp_path: Path, variables: dict[str, str], found: str
) -> None:
    write_config(tmp_path)

    assert found == print_keys(tmp_path, **variables)


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        row("a profile", {"ALICLOUD_PROFILE": "work"}, "LTAI-work work-secret "),
        case("ours comes first", {"ALICLOUD_PROFILE": "work", "ALIBABA_CLOUD_PROFILE": "default"})(
            "LTAI-default default-secret "
        ),
        case("one that does not exist", {"ALICLOUD_PROFILE": "holiday"})(
            "refused: the profile 'holiday' has no credentials — correct "
            "ALICLOUD_PROFILE or run aliyun configure"
        ),
    ],
)
def test_alicloud_profile_is_read(tmp_path: Path, variables: dict[str, str], found: str) -> None:
    write_config(tmp_path)

    assert found == print_keys(tmp_path, **variables)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        row("the current profile", (), "LTAI-default default-secret "),
        row("a named profile", ("work",), "LTAI-work work-secret "),
    ],
)
def test_keys_of_profiles_are_found(tmp_path: Path, arguments: tuple[str, ...], found: str) -> None:
    write_config(tmp_path)

    assert found == print_keys(tmp_path, *arguments)


def test_named_profile_beats_the_environment(tmp_path: Path) -> None:
    write_config(tmp_path)

    assert (
        print_keys(
            tmp_path,
            "work",
            ALIBABA_CLOUD_ACCESS_KEY_ID="LTAI-env",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET="env-secret",  # noqa: S106
        )
        == "LTAI-work work-secret "
    )


def test_missing_keys_are_reported_in_one_sentence(tmp_path: Path) -> None:
    told = print_keys(tmp_path)

    assert told == (
        "refused: no credentials were found — set ALIBABA_CLOUD_ACCESS_KEY_ID and "
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rdsclone:accessKeyId and "
        "rdsclone:accessKeySecret in the stack's configuration"
    )


@pytest.mark.parametrize(
    ("debug", "lines"),
    [
        row("for users", {}, ["library loaded"]),
        row("for developers", {"RDSCLONE_DEBUG": "1"}, None),
    ],
)
def test_logs_of_the_library_are_for_debugging(
    tmp_path: Path, debug: dict[str, str], lines: list[str] | None
) -> None:
    with stub((500, "")) as server:
        done = run_print_keys(tmp_path, ALIBABA_CLOUD_CREDENTIALS_URI=f"{server.url}/keys", **debug)

    assert done.stdout.startswith("refused: no credentials were found")
    assert (lines is None) == ("Traceback" in done.stderr)
    assert lines in (None, done.stderr.splitlines())


def test_unknown_profile_is_named(tmp_path: Path) -> None:
    write_config(tmp_path)

    assert print_keys(tmp_path, "holiday").startswith(
        "refused: the profile 'holiday' has no credentials — correct rdsclone:profile"
    )


def test_secrets_are_not_shown() -> None:
    shown = repr(Keys("LTAI-key", "hush-secret", "hush-token"))

    assert "hush" not in shown
    assert "LTAI-key" in shown


EXPIRED = (400, '{"RequestId": "R-1", "Code": "InvalidSecurityToken.Expired", "Message": "old"}')
POLICY = (200, '{"RequestId": "R-2"}')


class Library:
    """
    The credentials library, whose clients each give another key.
    """

    made = 0

    def __init__(self) -> None:
        Library.made += 1
        self.name = f"STS.{Library.made}"

    def get_credential(self) -> SimpleNamespace:
        found = {"access_key_secret": "s", "security_token": "t"}
        return SimpleNamespace(access_key_id=self.name, **found)


def test_expired_credentials_are_renewed(
    connect: Callable[[Settings], RdsClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Library, "made", 0)
    monkeypatch.setattr(alibabacloud_credentials.client, "Client", Library)

    with stub(EXPIRED, POLICY) as server:
        connect(Settings(endpoint=server.url)).backup_policy("rm-source")

        assert ["STS.1", "STS.2"] == [asked["AccessKeyId"] for asked in server.asked]


def test_expired_configured_credentials_are_not_retried(
    connect: Callable[[Settings], RdsClient],
) -> None:
    settings = {**PAIR, "security_token": "t"}
    with stub(EXPIRED) as server:
        rds = connect(Settings(endpoint=server.url, **settings))
        with pytest.raises(ExpiredCredentialsError, match="get new ones and run again"):
            rds.backup_policy("rm-source")

        assert 1 == len(server.asked)
