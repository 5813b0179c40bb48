import pytest
from pulumi.runtime.proto import engine_pb2

from pulumi_rdsclone.adapters.engine import log, use_engine
from tests.support.protocol import listening


@pytest.mark.usefixtures("detached")
def test_messages_reach_the_engine_attached_last() -> None:
    with listening() as (former, _, first), listening() as (latter, _, second):
        use_engine(first)
        log(engine_pb2.INFO, "to the first", urn="urn").result()
        use_engine(second)
        log(engine_pb2.WARNING, "to the second", urn="urn", ephemeral=True).result()

    assert ["to the first"] == [message.message for message in former.messages]
    (told,) = latter.messages
    assert (engine_pb2.WARNING, "to the second", "urn", True) == (
        told.severity,
        told.message,
        told.urn,
        told.ephemeral,
    )


@pytest.mark.usefixtures("detached")
@pytest.mark.parametrize("address", ["", "nowhere", "host:", ":1", "host:port"])
def test_messages_without_an_engine_go_nowhere(address: str) -> None:
    use_engine(address)

    log(engine_pb2.INFO, "to nobody", urn="urn").result()
