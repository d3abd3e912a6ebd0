"""What this machine gives a peer that does next to nothing: the floor under every MLLP figure.

floor.py PORT [--store]. Answers AA to whatever comes; with --store once the raw message is in a
SQLite file (WAL, synchronous = FULL), as many as wait in one commit. Nothing is understood, judged,
sealed or filed. Beside it goes the load of another program, as beside the gateway.
"""

import argparse
import asyncio
import queue
import sqlite3
import tempfile
import threading
from pathlib import Path

START, END = b"\x0b", b"\x1c\r"
MSH_10 = 9
ACK = b"\x0bMSH|^~\\&|FLOOR|FLOOR|A|A|20260101||ACK|1|P|2.5\rMSA|AA|%b\r\x1c\r"


class Peer(asyncio.Protocol):
    """One connection; `store` takes what it hears, or None answers at once."""

    def __init__(self, store: "queue.SimpleQueue[Job] | None") -> None:
        self.store, self.heard = store, b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *whole, self.heard = (self.heard + data).split(END)
        for one in whole:
            message = one.removeprefix(START)
            if self.store is None:
                self.acknowledge(message)
            else:
                self.store.put((self, message))

    def acknowledge(self, message: bytes) -> None:
        assert self.transport
        self.transport.write(ACK % message.split(b"\r", 1)[0].split(b"|")[MSH_10])


Job = tuple[Peer, bytes]


def write(file: Path, jobs: "queue.SimpleQueue[Job]", loop: asyncio.AbstractEventLoop) -> None:
    """All that waits in one commit, then all their answers."""
    database = sqlite3.connect(file, isolation_level=None)
    for words in ("pragma journal_mode = wal", "pragma synchronous = full"):
        database.execute(words)
    database.execute("create table message (id integer primary key, raw blob)")
    while True:
        group = [jobs.get()]
        while not jobs.empty():
            group.append(jobs.get())
        database.execute("begin immediate")
        database.executemany("insert into message (raw) values (?)", [(one,) for _, one in group])
        database.execute("commit")
        loop.call_soon_threadsafe(answer, group)


def answer(group: list[Job]) -> None:
    for peer, message in group:
        peer.acknowledge(message)


async def main(words: argparse.Namespace) -> None:
    loop, jobs = asyncio.get_running_loop(), queue.SimpleQueue[Job]()
    with tempfile.TemporaryDirectory(prefix="floor-") as folder:
        if words.store:
            given = (Path(folder) / "floor.sqlite3", jobs, loop)
            threading.Thread(target=write, args=given, daemon=True).start()
        store = jobs if words.store else None
        server = await loop.create_server(lambda: Peer(store), "127.0.0.1", words.port)
        print(f"127.0.0.1:{words.port}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--store", action="store_true")
    asyncio.run(main(parser.parse_args()))
