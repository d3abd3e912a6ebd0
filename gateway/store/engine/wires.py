"""The connections of a PostgreSQL engine, cut when nobody may wait for their server any more."""

import socket
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, event


class Wires:
    """Of one engine; empty for SQLite, where no call waits for a network."""

    def __init__(self, engine: Engine) -> None:
        self._lock = threading.Lock()
        self._open: WeakSet[Any] = WeakSet()  # psycopg's connections
        if engine.dialect.name == "postgresql":
            event.listen(engine, "connect", self._connected)

    def cut(self) -> None:
        """Whoever waits for an answer gets an error at once."""
        with self._lock:
            for connection in list(self._open):
                with suppress(Exception):  # closed already
                    _cut(connection.pgconn.socket)

    def _connected(self, connection: Any, _record: Any) -> None:
        with self._lock:
            self._open.add(connection)


def _cut(number: int) -> None:
    with socket.fromfd(number, socket.AF_INET, socket.SOCK_STREAM) as wire:
        wire.shutdown(socket.SHUT_RDWR)
