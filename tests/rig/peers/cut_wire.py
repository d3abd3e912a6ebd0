"""A wire between two servers that can lose the answer to a long message, and then breaks."""

import contextlib
import socket
import threading
from collections.abc import Callable

CHUNK = 1 << 16


class CutWire:
    """Passes on what either side says. Told `loses` it drops what is answered once so many bytes
    went there, cuts that connection, and is whole again."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._loses = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.lost = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def loses(self, after_bytes: int) -> None:
        self._loses = after_bytes

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            near.close()
            return
        said = [0]

        def heard(data: bytes) -> bool:
            said[0] += len(data)
            return True

        def answered(_data: bytes) -> bool:
            if not self._loses or said[0] < self._loses:
                return True
            self._loses = 0
            self.lost.set()
            return False

        for one, other, passes in ((near, far, heard), (far, near, answered)):
            threading.Thread(target=_carry, args=(one, other, passes), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket, passes: Callable[[bytes], bool]) -> None:
    """Until either side ends, or `passes` says that this is where the wire breaks."""
    with contextlib.suppress(OSError):
        while (data := one.recv(CHUNK)) and passes(data):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
