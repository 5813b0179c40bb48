"""
The command ``rds-emulator``.
"""

import os
import re
import signal
import socket
import sys
from typing import Annotated, Final, TextIO

import typer

from rds_emulator import clients, connecting, coverage, serving_options
from rds_emulator.announcement import Announcement
from rds_emulator.control.guard import ControlAccess
from rds_emulator.control.serving import server_of
from rds_emulator.seeds.opening import open_runtime
from rds_emulator.server.server import listen
from rds_emulator.server.tls_files import CertificateError
from rds_emulator.state.clock import MOST_SPEED, checked_speed
from rds_emulator.state.database import StoreError
from rds_emulator.state.document import DocumentError
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
    tls: Annotated[
        bool,
        typer.Option(
            "--tls", help="Speak HTTPS as well, on the same port; makes a certificate."
        ),
    ] = False,
    tls_cert: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Certificate (PEM) to use instead.", callback=_given
        ),
    ] = None,
    tls_key: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Its private key (PEM).", callback=_given),
    ] = None,
    tls_folder: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the made certificate is; default: ~/.local/state/rds-emulator.",
            callback=_given,
        ),
    ] = None,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote",
            help="Allow a HOST that other machines reach; the control API then"
            " needs a token.",
        ),
    ] = False,
    control_token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            help="Token of the control API; default with --allow-remote: a random one.",
            callback=_given,
        ),
    ] = None,
    show_passwords: Annotated[
        bool,
        typer.Option(
            "--show-passwords", help="Let the control API tell accounts' passwords."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when ready.")
    ] = False,
) -> None:
    """
    Serve the API until SIGINT (Ctrl-C) or SIGTERM.
    """
    token = serving_options.control_token(host, control_token, allowed=allow_remote)
    files = serving_options.tls_files(
        tls=tls, cert=tls_cert, key=tls_key, folder=tls_folder, host=host
    )
    context = files.context() if files else None
    ca_file = str(files.trusted.absolute()) if files else None
    access = ControlAccess(token=token, show_passwords=show_passwords, ca_file=ca_file)
    pace = None if speed is None else float(speed)
    runtime = open_runtime(db=db, source=seed, speed=pace, durations={}, temper=temper)
    cloud = runtime.cloud
    try:
        listener = _listen(host, int(port))
        ready = Announcement(endpoint=_endpoint(listener), ca_file=ca_file, token=token)
        announce = ready.as_json if as_json else ready.as_text
        server = server_of(
            runtime,
            on_ready=lambda: _print(announce(cloud)),
            access=access,
            tls=context,
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: server.stop())
        server.run(sockets=[listener])
    finally:
        cloud.store.close()


@app.command("actions")
def list_actions(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """
    List all actions of the RDS API: modelled, partly, or missing.
    """
    _print(coverage.as_json() if as_json else coverage.as_text())


@app.command("env")
def show_env(  # noqa: PLR0913 - one parameter for each option
    *,
    endpoint: Annotated[
        str,
        typer.Argument(metavar="HOST:PORT", help="A running emulator."),
    ],
    shell: Annotated[bool, typer.Option("--shell", help="Shell exports.")] = False,
    pulumi: Annotated[bool, typer.Option("--pulumi", help="Pulumi config.")] = False,
    terraform: Annotated[
        bool, typer.Option("--terraform", help="A Terraform provider block.")
    ] = False,
    python: Annotated[bool, typer.Option("--python", help="Python SDKs.")] = False,
    go: Annotated[bool, typer.Option("--go", help="The Go SDK.")] = False,
    java: Annotated[bool, typer.Option("--java", help="The Java SDK.")] = False,
    control_token: Annotated[
        str | None,
        typer.Option(metavar="TOKEN", help="Token of the control API, if it has one."),
    ] = None,
) -> None:
    """
    Print what points clients at a running emulator; for all clients by default.
    """
    asked = {
        "shell": shell,
        "pulumi": pulumi,
        "terraform": terraform,
        "python": python,
        "go": go,
        "java": java,
    }
    kinds = [name for name, wanted in asked.items() if wanted] or list(clients.KINDS)
    found = connecting.connection(endpoint, control_token)
    texts = [clients.KINDS[kind](found) for kind in kinds]
    if len(kinds) > 1:
        texts = [f"# {kind}\n{text}" for kind, text in zip(kinds, texts, strict=True)]
    _print("\n\n".join(texts))


def main() -> None:
    """
    Run the command; a mistake of the caller is one sentence and exit code 2.
    """
    try:
        app(standalone_mode=False)
    except (DocumentError, StoreError, CertificateError) as error:
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
