"""
What a fault makes of an answer: one function for each way to spoil it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from rds_emulator.faults.plan import Fault
from rds_emulator.protocol.codes import CODES
from rds_emulator.protocol.reply import Reply

Refuse = Callable[[int, str, str], Reply]
"""Writes the refusal with a status, a code and a message."""

Spoil = Callable[[Reply, Fault, Refuse], Reply]

_PAGE: Final = b"<html><head><title>Bad Gateway</title></head><body>nginx</body></html>"


def refuse(_: Reply, fault: Fault, refuse: Refuse) -> Reply:
    """
    Return a refusal.
    """
    refusal = refuse(fault.status, fault.code, fault.message)
    if not fault.retry_after:
        return refusal
    return replace(refusal, headers={"Retry-After": str(fault.retry_after)})


def drop(_: Reply, __: Fault, ___: Refuse) -> Reply:
    """
    Return no answer: the connection is reset.
    """
    return Reply(status=0, body=b"", dropped=True)


def delay(reply: Reply, fault: Fault, refuse: Refuse) -> Reply:
    """
    Return the answer, to be sent late; a call that had no effect is refused.
    """
    if fault.phase == "before":
        status, message = CODES["ServiceUnavailable"]
        reply = refuse(status, "ServiceUnavailable", message)
    return replace(reply, seconds=fault.seconds)


def empty(_: Reply, fault: Fault, __: Refuse) -> Reply:
    """
    Return an empty body.
    """
    return Reply(status=fault.status, body=b"")


def garble(_: Reply, fault: Fault, __: Refuse) -> Reply:
    """
    Return a web page, as proxies do.
    """
    return Reply(status=fault.status, body=_PAGE, media_type="text/html")


def truncate(reply: Reply, fault: Fault, _: Refuse) -> Reply:
    """
    Return the first half of the JSON.
    """
    return Reply(status=fault.status, body=reply.body[: len(reply.body) // 2])


def strip(reply: Reply, fault: Fault, _: Refuse) -> Reply:
    """
    Return RequestId and nothing else.
    """
    request_id = json.loads(reply.body)["RequestId"]
    body = json.dumps({"RequestId": request_id}).encode()
    return Reply(status=fault.status, body=body)
