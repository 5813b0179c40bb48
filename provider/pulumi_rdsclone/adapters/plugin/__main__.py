"""
The executable `pulumi-resource-rdsclone`: Pulumi starts it and connects to its port.
"""

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc

from pulumi_rdsclone.debugging import log_calls

_WORKERS: Final = 1024
"""How many calls are served at once; the engine's --parallel limits creates further."""

_MESSAGE_BYTES: Final = 400 * 1024 * 1024
"""What Pulumi's own providers allow for one message."""


def main() -> None:
    """
    Serve until the engine ends this process or is gone.
    """
    log_calls(sys.argv[1:])
    options = [
        ("grpc.max_receive_message_length", _MESSAGE_BYTES),
        ("grpc.max_send_message_length", _MESSAGE_BYTES),
    ]
    server = grpc.server(ThreadPoolExecutor(_WORKERS), options=options)
    port = server.add_insecure_port("127.0.0.1:0")
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _serve(server)
    server.wait_for_termination()


def _serve(server: grpc.Server) -> None:
    """
    Load and start the servicer, in half a second in which the engine connects.
    """
    from pulumi.runtime.proto import provider_pb2_grpc  # noqa: PLC0415

    from pulumi_rdsclone.adapters.plugin.servicer import Servicer  # noqa: PLC0415
    from pulumi_rdsclone.adapters.run import exit_with_engine  # noqa: PLC0415

    servicer = Servicer()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    signal.signal(signal.SIGINT, lambda *_: servicer.end_when_idle())
    signal.signal(signal.SIGTERM, lambda *_: servicer.end_soon())
    server.start()
    exit_with_engine()


if __name__ == "__main__":
    main()
