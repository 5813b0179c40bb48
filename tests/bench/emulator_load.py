"""
How soon the emulator is there, what it weighs, and how many reads it answers.

It has one core. Raw sockets and requests signed beforehand, so that what is measured
is the emulator and not an SDK.
"""

import base64
import hashlib
import hmac
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.bench.resident import resident_mb
from tests.bench.stacks import BenchStacks

CONNECTIONS = 4
SECONDS = 3.0
STARTS = 8
MANY = 1000
PREPARED = 12_000
DEMO_SEED = Path(str(files("rds_emulator") / "seeds" / "demo.json"))
READS = (
    {"Action": "DescribeDBInstanceAttribute", "DBInstanceId": "rm-demo-mysql80"},
    {"Action": "DescribeBackups", "DBInstanceId": "rm-demo-mysql80"},
    {"Action": "DescribeDBInstances", "PageSize": "100"},
)


def emulator_start_ms(_stacks: BenchStacks) -> float:
    """
    Return the milliseconds from starting the command to its line with the endpoint.

    The median of all starts but the first, which fills the file system's cache.
    """
    return round(statistics.median([_start_seconds() for _ in range(STARTS)][1:]) * 1000, 1)


def _start_seconds() -> float:
    begun = time.perf_counter()
    with serve():
        return time.perf_counter() - begun


def emulator_memory_mb(stacks: BenchStacks) -> float:
    """
    Return the resident memory with 1,000 instances, after each was listed and read.
    """
    with serve("--seed", str(_seed_of_many(stacks.scratch))) as ready:
        listed = [{"Action": "DescribeDBInstances", "PageNumber": str(page)} for page in (1, 2, 3)]
        read = [
            {"Action": "DescribeDBInstanceAttribute", "DBInstanceId": f"rm-many-{number}"}
            for number in range(MANY)
        ]
        requests = [_signed(parameters, ready) for parameters in (*listed, *read)]
        _load(ready["endpoint"], [requests], seconds=60)
        return round(resident_mb(ready["pid"]), 1)


def _seed_of_many(folder: Path) -> Path:
    seed = json.loads(DEMO_SEED.read_text("utf-8"))
    backups = [{"id": "backup", "started": f"now-{days}d"} for days in range(1, 8)]
    seed["instances"] = [
        {
            "id": f"rm-many-{number}",
            "backups": [
                {**backup, "id": str(2_000_000_000 + number * 10 + day)}
                for day, backup in enumerate(backups)
            ],
        }
        for number in range(MANY)
    ]
    file = folder / "many.json"
    file.write_text(json.dumps(seed), "utf-8")
    return file


def emulator_rps(_stacks: BenchStacks) -> float:
    """
    Return the reads that were answered in a second.
    """
    return round(len(_latencies()) / SECONDS, 1)


def emulator_p99_ms(_stacks: BenchStacks) -> float:
    """
    Return the time within which 99 of 100 reads were answered, in milliseconds.
    """
    return round(_latencies()[int(len(_latencies()) * 0.99)] * 1000, 3)


@cache
def _latencies() -> list[float]:
    """
    Load an emulator of its own for a few seconds; return all response times, sorted.
    """
    with serve() as ready:
        return sorted(_load(ready["endpoint"], _prepare(ready)))


@contextmanager
def serve(*options: str) -> Iterator[dict[str, str]]:
    """
    Run an emulator in a process of its own, on one core; return what it says of itself.
    """
    command = [sys.executable, "-m", "rds_emulator", "serve", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if hasattr(os, "sched_setaffinity"):
                cores = sorted(os.sched_getaffinity(0))
                os.sched_setaffinity(process.pid, {cores[-1]})
            assert process.stdout is not None
            yield {**json.loads(process.stdout.readline()), "pid": str(process.pid)}
        finally:
            process.terminate()


def _prepare(ready: dict[str, str]) -> list[list[bytes]]:
    reads = cycle(READS)
    requests = [_signed(next(reads), ready) for _ in range(PREPARED)]
    return [requests[number::CONNECTIONS] for number in range(CONNECTIONS)]


def _signed(parameters: dict[str, str], ready: dict[str, str]) -> bytes:
    query = {
        **parameters,
        "AccessKeyId": ready["accessKeyId"],
        "Format": "JSON",
        "RegionId": ready["region"],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": uuid.uuid4().hex,
        "SignatureVersion": "1.0",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2014-08-15",
    }
    canonical = urlencode(sorted(query.items()), quote_via=quote, safe="~")
    text = f"GET&%2F&{quote(canonical, safe='~')}"
    key = f"{ready['accessKeySecret']}&".encode()
    digest = hmac.new(key, text.encode(), hashlib.sha1).digest()
    query["Signature"] = base64.b64encode(digest).decode()
    head = f"GET /?{urlencode(query)} HTTP/1.1\r\nHost: {ready['endpoint']}\r\n\r\n"
    return head.encode()


def _load(endpoint: str, prepared: list[list[bytes]], *, seconds: float = SECONDS) -> list[float]:
    host, _, port = endpoint.partition(":")
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    def work(requests: list[bytes]) -> None:
        with socket.create_connection((host, int(port))) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in requests:
                begun = time.perf_counter()
                if begun > end:
                    return
                _exchange(connection, request)
                latencies.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=work, args=(part,)) for part in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies


def _exchange(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    received = connection.recv(262_144)
    while b"\r\n\r\n" not in received:
        received += connection.recv(262_144)
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        message = f"the emulator refused: {body.decode()}"
        raise RuntimeError(message)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(262_144))
