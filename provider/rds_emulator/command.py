"""
The command ``rds-emulator``.
"""

import json
import signal
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from rds_emulator import bootstrap
from rds_emulator.database import StoreError
from rds_emulator.document import DocumentError
from rds_emulator.journal import Journal
from rds_emulator.model import Instance
from rds_emulator.server import Server, listen
from rds_emulator.world import World

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


@app.callback()
def emulator() -> None:
    """
    Emulate the ApsaraDB RDS API on this machine.
    """


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")
    ] = 0,
    db: Annotated[
        Path | None,
        typer.Option(help="Database file that survives a restart; default: memory."),
    ] = None,
    seed: Annotated[
        Path | None,
        typer.Option(help="Seed file (JSON) for a new database; default: the demo."),
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0, help="Emulated seconds per real second; default: 1."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when ready.")
    ] = False,
) -> None:
    """
    Serve the API until SIGINT (Ctrl-C) or SIGTERM.
    """
    world = bootstrap.open_world(db=db, source=seed, speed=speed, settings={})
    try:
        listener = _listen(host, port)
        announce = _as_json if as_json else _as_text
        endpoint = _endpoint(listener)
        server = Server(
            world,
            Journal(world.store),
            on_ready=lambda: typer.echo(announce(world, endpoint)),
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: server.stop())
        server.run(sockets=[listener])
    finally:
        world.store.close()


def main() -> None:
    """
    Run the command; a mistake of the caller is one sentence and exit code 2.
    """
    try:
        app(standalone_mode=False)
    except (DocumentError, StoreError) as error:
        _fail(str(error))
    except Exception as error:
        # typer does not export the class of its usage errors.
        describe = getattr(error, "format_message", None)
        if describe is None:
            raise
        _fail(describe())


def _fail(message: str) -> None:
    sys.stderr.write(f"rds-emulator: {message}\n")
    sys.exit(2)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        message = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise DocumentError(message) from error


def _endpoint(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _as_json(world: World, endpoint: str) -> str:
    key = world.account.access_keys[0]
    return json.dumps(
        {
            "endpoint": endpoint,
            "accessKeyId": key.id,
            "accessKeySecret": key.secret,
            "region": world.account.regions[0].id,
        }
    )


def _as_text(world: World, endpoint: str) -> str:
    key = world.account.access_keys[0]
    instances = world.instances()
    width = max((len(one.id) for one in instances), default=0)
    return "\n".join(
        (
            "The RDS emulator is ready.",
            "",
            f"  endpoint           {endpoint}  (plain HTTP)",
            f"  access key id      {key.id}",
            f"  access key secret  {key.secret}",
            f"  region             {world.account.regions[0].id}",
            "",
            "Instances:",
            *(f"  {one.id:<{width}}  {_what(one)}" for one in instances),
            "",
            "Stop it with Ctrl-C.",
        )
    )


def _what(instance: Instance) -> str:
    product = f"{instance.engine} {instance.engine_version}"
    return instance.what or f"{product}, {instance.status}"
