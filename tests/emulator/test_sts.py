from rds_emulator import Emulator
from tests.emulator.wire import Client

VERSION = "2015-04-01"


def test_caller_is_the_account_of_the_key(client: Client) -> None:
    answer = client.rpc({"Action": "GetCallerIdentity", "Version": VERSION})

    assert 200 == answer.status
    assert "1234567890123456" == answer.body["AccountId"]
    assert "RAMUser" == answer.body["IdentityType"]


def test_key_that_may_do_nothing_learns_its_account() -> None:
    nothing = {"Version": "1", "Statement": [{"Effect": "Deny", "Action": "*"}]}
    key = {"id": "k", "secret": "s", "account_id": "77", "policy": nothing}
    with Emulator(seed={"access_keys": [key]}) as emulator:
        answer = Client(emulator).rpc({"Action": "GetCallerIdentity", "Version": VERSION})

    assert "77" == answer.body["AccountId"]
