"""
The emulator inside a test: a server in a thread, and the world at hand.
"""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from rds_emulator import bootstrap
from rds_emulator.backstage import Backstage
from rds_emulator.bootstrap import SeedSource
from rds_emulator.clock import Clock
from rds_emulator.journal import Journal
from rds_emulator.server import Server, listen
from rds_emulator.temper import Order


class Emulator(Backstage):
    """
    A running emulator on a free port of the loopback.

    It runs from ``with`` to the end of its block; its attributes are there for
    as long. Everything of `Backstage` can be called on it.

    Args:
        seed: a seed file, its parsed content, or None for the demo.
        speed: emulated seconds per real second, 1 by default; with 0 the clock
            stands still until it is advanced.
        db: a database file that outlives the emulator; None for memory.
        clone_seconds: how long a clone is Creating; the seed's when None.
        delete_seconds: how long an instance is Deleting; the seed's when None.
        change_seconds: how long a slow change takes; the seed's when None.
        temper: how kind the cloud is, a name or an object of traits; the seed's
            when None.

    Attributes:
        endpoint: ``127.0.0.1:PORT``.
        url: the same as an http URL.
        access_key_id: the first key of the seed.
        access_key_secret: and its secret.
        region: the first region of the seed.
        clock: the emulated time.
        journal: the calls so far.
    """

    endpoint: str
    url: str
    access_key_id: str
    access_key_secret: str
    region: str
    clock: Clock
    journal: Journal

    def __init__(  # noqa: PLR0913 - what can be set without a seed
        self,
        *,
        seed: SeedSource = None,
        speed: float | None = None,
        db: str | Path | None = None,
        clone_seconds: float | None = None,
        delete_seconds: float | None = None,
        change_seconds: float | None = None,
        temper: Order | None = None,
    ) -> None:
        self._db = db
        self._order = temper
        self._seed = seed
        self._speed = speed
        durations = {
            "clone_seconds": clone_seconds,
            "delete_seconds": delete_seconds,
            "change_seconds": change_seconds,
        }
        self._settings = {
            name: value for name, value in durations.items() if value is not None
        }

    def __enter__(self) -> Self:
        world = bootstrap.open_world(
            db=self._db,
            source=self._seed,
            speed=self._speed,
            settings=self._settings,
            temper=self._order,
        )
        super().__init__(world)
        self.clock = world.clock
        self.journal = Journal(world.store)
        key = world.account.access_keys[0]
        self.access_key_id, self.access_key_secret = key.id, key.secret
        self.region = world.account.regions[0].id
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
        self._world.store.close()

    def unplug(self, seconds: float | None = None) -> None:
        """
        Cut all connections and refuse new ones, the control API's as well.

        Args:
            seconds: real ones after which it is plugged in again; None waits
                for `plug_in`.
        """
        self._server.unplug(seconds)

    def plug_in(self) -> None:
        """
        Accept connections again, on the same port.
        """
        self._server.plug_in()

    def _listen(self) -> None:
        listener = listen("127.0.0.1", 0)
        host, port = listener.getsockname()
        self.endpoint = f"{host}:{port}"
        self.url = f"http://{self.endpoint}"
        ready = threading.Event()
        self._server = Server(self._world, self.journal, on_ready=ready.set)
        self._thread = threading.Thread(
            target=self._server.run,
            args=([listener],),
            name="rds-emulator",
            daemon=True,
        )
        self._thread.start()
        ready.wait()
