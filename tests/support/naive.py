"""
A provider that orders a clone and hopes for the best, to compare ours with.

No ClientToken, no marks, no look at what there is. The SDK repeats no call of RDS by
itself; the next `pulumi up` sends the order again, as after any create that failed.
"""

import json
from collections.abc import Callable
from typing import Any

from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest
from pulumi.dynamic import ConfigureRequest, CreateResult, Resource, ResourceProvider

SOURCE = "rm-demo-mysql80"
BACKUP = "1000000109"
READ_SECONDS = 10


class NaiveProvider(ResourceProvider):
    """
    Makes clones of the demo's source.
    """

    def configure(self, req: ConfigureRequest) -> None:
        self._config = req.config.get

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(order(self._config), props)


class NaiveClone(Resource, module="naive", name="Clone"):
    """
    A clone of the demo's source.
    """

    def __init__(self, name: str) -> None:
        super().__init__(NaiveProvider(), name, {})


def order(config: Callable[[str], str | None]) -> str:
    """
    Order a clone and give its id.

    Args:
        config: Gives the value of a name such as ``rdsclone:region``.
    """
    client = AcsClient(
        config("rdsclone:accessKeyId"),
        config("rdsclone:accessKeySecret"),
        config("rdsclone:region"),
        timeout=READ_SECONDS,
        proxy={"http": None, "https": None},
    )
    request = RpcRequest("Rds", "2014-08-15", "CloneDBInstance")
    request.set_method("POST")
    request.set_endpoint(str(config("rdsclone:endpoint")).removeprefix("http://"))
    request.add_query_param("DBInstanceId", SOURCE)
    request.add_query_param("PayType", "Postpaid")
    request.add_query_param("BackupId", BACKUP)
    answer = json.loads(client.do_action_with_exception(request))
    return str(answer["DBInstanceId"])
