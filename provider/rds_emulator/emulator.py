"""
The emulator inside a test: a server in a thread, and its cloud at hand.
"""

import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from rds_emulator.clients import Connection
from rds_emulator.control.guard import ControlAccess
from rds_emulator.control.inspector import Inspector
from rds_emulator.control.serving import server_of
from rds_emulator.faults import Faults
from rds_emulator.seeds.opening import SeedSource, open_runtime
from rds_emulator.server.journal import Journal
from rds_emulator.server.server import listen
from rds_emulator.state.clock import Clock
from rds_emulator.state.temper import Order, Temper

P = ParamSpec("P")
R = TypeVar("R")


def _inspected(
    method: Callable[Concatenate[Inspector, P], R],
) -> "Callable[Concatenate[Emulator, P], R]":
    """
    Return a method of `Emulator` that calls *method* of its inspector.
    """

    @wraps(method)
    def call(emulator: "Emulator", /, *args: P.args, **kwargs: P.kwargs) -> R:
        return method(emulator.inspector, *args, **kwargs)

    return call


class Emulator:
    """
    A running emulator on a free port of the loopback.

    It runs from ``with`` to the end of its block; its attributes are there for
    as long.

    Args:
        seed: A seed file, its parsed content, or None for the demo.
        speed: Emulated seconds per real second, 1 by default; with 0 the clock
            stands still until it is advanced.
        db: A database file that outlives the emulator; None for memory.
        clone_seconds: How long a clone is Creating; the seed's when None.
        delete_seconds: How long an instance is Deleting; the seed's when None.
        change_seconds: How long a slow change takes; the seed's when None.
        backup_seconds: How long an ordered backup takes; the seed's when None.
        temper: How kind the cloud is, a name or an object of traits; the seed's
            when None.
        tls: Whether it speaks HTTPS as well, with a certificate of its own.

    Attributes:
        endpoint: ``127.0.0.1:PORT``.
        url: The same as an http URL, or an https one with *tls*.
        ca_file: What a client of https has to trust; None without *tls*.
        access_key_id: The first key of the seed.
        access_key_secret: And its secret.
        region: The first region of the seed.
        clock: The emulated time.
        journal: The calls so far.
        inspector: Shows and changes the cloud without the API. What it can do is
            also here.
    """

    endpoint: str
    url: str
    ca_file: Path | None
    access_key_id: str
    access_key_secret: str
    region: str
    clock: Clock
    journal: Journal
    inspector: Inspector

    def __init__(  # noqa: PLR0913 - what can be set without a seed
        self,
        *,
        seed: SeedSource = None,
        speed: float | None = None,
        db: str | Path | None = None,
        clone_seconds: float | None = None,
        delete_seconds: float | None = None,
        change_seconds: float | None = None,
        backup_seconds: float | None = None,
        temper: Order | None = None,
        tls: bool = False,
    ) -> None:
        self._db = db
        self._tls = tls
        self._seed = seed
        self._speed = speed
        self._temper = temper
        durations = {
            "clone_seconds": clone_seconds,
            "delete_seconds": delete_seconds,
            "change_seconds": change_seconds,
            "backup_seconds": backup_seconds,
        }
        self._durations = {
            name: seconds for name, seconds in durations.items() if seconds is not None
        }

    def __enter__(self) -> Self:
        self._runtime = open_runtime(
            db=self._db,
            source=self._seed,
            speed=self._speed,
            durations=self._durations,
            temper=self._temper,
        )
        account = self._runtime.cloud.account
        key = account.access_keys[0]
        self.access_key_id, self.access_key_secret = key.id, key.secret
        self.region = account.regions[0].id
        self.clock = self._runtime.cloud.clock
        self.journal = self._runtime.journal
        self.inspector = Inspector(self._runtime)
        self.ca_file = None
        self._folders = ExitStack()
        self._context = self._certificate() if self._tls else None
        self._listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        self._thread.join()
        self._runtime.cloud.store.close()
        self._folders.close()

    @property
    def connection(self) -> Connection:
        """
        What a client needs to know of it; its *environment* is that of a process.
        """
        return Connection(
            endpoint=self.endpoint,
            access_key_id=self.access_key_id,
            access_key_secret=self.access_key_secret,
            region=self.region,
            ca_file=str(self.ca_file) if self.ca_file else None,
        )

    @property
    def faults(self) -> Faults:
        """
        Where faults are ordered and accounted for.
        """
        return self.inspector.faults

    @property
    def temper(self) -> Temper:
        """
        How kind the cloud is.
        """
        return self.inspector.temper

    instances = _inspected(Inspector.instances)
    instance = _inspected(Inspector.instance)
    backups = _inspected(Inspector.backups)
    history = _inspected(Inspector.history)
    released = _inspected(Inspector.released)
    became = _inspected(Inspector.became)
    add = _inspected(Inspector.add)
    change = _inspected(Inspector.change)
    remove = _inspected(Inspector.remove)
    set_policy = _inspected(Inspector.set_policy)
    deny = _inspected(Inspector.deny)
    allow_all = _inspected(Inspector.allow_all)
    delay = _inspected(Inspector.delay)
    set_temper = _inspected(Inspector.set_temper)
    on_call = _inspected(Inspector.on_call)

    def unplug(self, seconds: float | None = None) -> None:
        """
        Cut all connections and refuse new ones, the control API's as well.

        Args:
            seconds: Real ones after which it is plugged in again; None waits
                for `plug_in`.
        """
        self._server.unplug(seconds)

    def plug_in(self) -> None:
        """
        Accept connections again, on the same port.
        """
        self._server.plug_in()

    def _certificate(self) -> ssl.SSLContext:
        # What makes certificates takes a while to import.
        from rds_emulator.server import certificates  # noqa: PLC0415

        folder = tempfile.TemporaryDirectory(prefix="rds-emulator-")
        files = certificates.own(Path(self._folders.enter_context(folder)))
        self.ca_file = files.trusted
        return files.context()

    def _listen(self) -> None:
        listener = listen("127.0.0.1", 0)
        host, port = listener.getsockname()
        self.endpoint = f"{host}:{port}"
        self.url = f"{'https' if self._tls else 'http'}://{self.endpoint}"
        ready = threading.Event()
        ca_file = str(self.ca_file) if self.ca_file else None
        self._server = server_of(
            self._runtime,
            on_ready=ready.set,
            access=ControlAccess(ca_file=ca_file),
            tls=self._context,
        )
        self._thread = threading.Thread(
            target=self._server.run,
            args=([listener],),
            name="rds-emulator",
            daemon=True,
        )
        self._thread.start()
        ready.wait()
