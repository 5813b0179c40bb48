"""
Asking a running emulator for what its clients need to know.
"""

import json
from http.client import HTTPConnection, HTTPException

from rds_emulator.clients import Connection
from rds_emulator.server.application import CONTROL_PREFIX
from rds_emulator.state.document import DocumentError


def connection(endpoint: str, token: str | None) -> Connection:
    """
    Return how clients reach the emulator at *endpoint*, a ``HOST:PORT`` or a URL.

    Raises:
        DocumentError: There is none, or it does not tell.
    """
    endpoint = endpoint.rsplit("://", maxsplit=1)[-1].rstrip("/")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        asked = HTTPConnection(endpoint, timeout=10)
        asked.request("GET", f"{CONTROL_PREFIX}/connection", headers=headers)
        answer = json.loads(asked.getresponse().read())
        asked.close()
    except (OSError, ValueError, HTTPException) as error:
        message = f"cannot ask the emulator at {endpoint}: {error}"
        raise DocumentError(message) from error
    if "error" in answer:
        message = f"the emulator at {endpoint} does not tell: {answer['error']}"
        raise DocumentError(message)
    return Connection(
        endpoint=endpoint,
        access_key_id=answer["accessKeyId"],
        access_key_secret=answer["accessKeySecret"],
        region=answer["region"],
        ca_file=answer["caFile"],
    )
