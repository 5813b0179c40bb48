"""
The command ``rds-emulator``.
"""

import json
import os
import re
import signal
import socket
import sys
from typing import Annotated, Final, TextIO

import typer

from rds_emulator.control.serving import server_of
from rds_emulator.seeds.opening import open_runtime
from rds_emulator.server.server import listen
from rds_emulator.state.clock import MOST_SPEED, checked_speed
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.database import StoreError
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import Instance
from rds_emulator.state.temper import TEMPERS

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


_LAST_PORT: Final = 65535


def _given(text: str | None) -> str | None:
    """
    Return *text*; refuse a blank one, like a shell variable that nobody has set.
    """
    if text is not None and not text.strip():
        message = f"{text!r} is blank; give it a value or leave the option out"
        raise typer.BadParameter(message)
    return text


def _port(text: str) -> str:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > _LAST_PORT:
        message = f"{text!r} is not a port; write a number from 0 to {_LAST_PORT}"
        raise typer.BadParameter(message)
    return text


def _speed(text: str | None) -> str | None:
    try:
        checked_speed(0 if text is None else float(text))
    except ValueError:
        message = f"{text!r} is not a speed; write a number from 0 to {MOST_SPEED:.0f}"
        raise typer.BadParameter(message) from None
    return text


@app.callback()
def emulator() -> None:
    """
    Emulate the ApsaraDB RDS API on this machine.
    """


@app.command()
def serve(  # noqa: PLR0913 - one parameter for each option
    *,
    host: Annotated[
        str,
        typer.Option(metavar="HOST", help="Address to listen on.", callback=_given),
    ] = "127.0.0.1",
    port: Annotated[
        str,
        typer.Option(
            metavar="PORT", help="Port; 0 takes any free one.", callback=_port
        ),
    ] = "0",
    db: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Database file that survives a restart; default: memory.",
            callback=_given,
        ),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Seed file (JSON) for a new database; default: the demo.",
            callback=_given,
        ),
    ] = None,
    speed: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Emulated seconds per real second, at most 1000000; default: 1.",
            callback=_speed,
        ),
    ] = None,
    temper: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"How kind the cloud is: {' or '.join(TEMPERS)}; default: the seed's.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when ready.")
    ] = False,
) -> None:
    """
    Serve the API until SIGINT (Ctrl-C) or SIGTERM.
    """
    pace = None if speed is None else float(speed)
    runtime = open_runtime(db=db, source=seed, speed=pace, durations={}, temper=temper)
    cloud = runtime.cloud
    try:
        listener = _listen(host, int(port))
        announce = _as_json if as_json else _as_text
        endpoint = _endpoint(listener)
        server = server_of(runtime, on_ready=lambda: _print(announce(cloud, endpoint)))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: server.stop())
        server.run(sockets=[listener])
    finally:
        cloud.store.close()


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
        text = describe()
        _fail(f"{text[:1].lower()}{text[1:]}")


def _print(text: str) -> None:
    try:
        typer.echo(text)
    except OSError as error:
        _drop(sys.stdout)
        message = f"cannot print the endpoint: {error.strerror or error}"
        raise DocumentError(message) from error


def _fail(message: str) -> None:
    try:
        typer.echo(f"rds-emulator: {' '.join(message.splitlines())}", err=True)
    except OSError:
        _drop(sys.stderr)
    sys.exit(2)


def _drop(stream: TextIO) -> None:
    """
    Discard what is written to *stream*, or Python would complain at its end.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        message = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise DocumentError(message) from error
    except (TypeError, ValueError) as error:
        # What the codec of host names says of one that cannot be a host name.
        message = f"cannot listen on {host!r}: it is not an address or a host name"
        raise DocumentError(message) from error


def _endpoint(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _as_json(cloud: Cloud, endpoint: str) -> str:
    key = cloud.account.access_keys[0]
    return json.dumps(
        {
            "endpoint": endpoint,
            "accessKeyId": key.id,
            "accessKeySecret": key.secret,
            "region": cloud.account.regions[0].id,
        }
    )


def _as_text(cloud: Cloud, endpoint: str) -> str:
    key = cloud.account.access_keys[0]
    instances = cloud.instances()
    width = max((len(instance.id) for instance in instances), default=0)
    return "\n".join(
        (
            "The RDS emulator is ready.",
            "",
            f"  endpoint           {endpoint}  (plain HTTP)",
            f"  access key id      {key.id}",
            f"  access key secret  {key.secret}",
            f"  region             {cloud.account.regions[0].id}",
            "",
            "Instances:",
            *(f"  {instance.id:<{width}}  {_what(instance)}" for instance in instances),
            "",
            "Stop it with Ctrl-C.",
        )
    )


def _what(instance: Instance) -> str:
    product = f"{instance.engine} {instance.engine_version}"
    return instance.what or f"{product}, {instance.status}"
