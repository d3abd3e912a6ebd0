"""One kept HTTP connection as a client of a benchmark: nothing between the socket and the clock."""

import asyncio
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    """`seconds` from the first byte sent to the last byte read."""

    status: int
    body: bytes
    seconds: float
    head: bytes


class Line:
    """Requests go one after the other."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: dict[str, str]
    ) -> None:
        self._reader, self._writer = reader, writer
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    @classmethod
    async def to(cls, base: str, headers: dict[str, str]) -> "Line":
        place = urlsplit(base)
        streams = await asyncio.open_connection(place.hostname, place.port, limit=2**24)
        return cls(*streams, {"Host": place.netloc, **headers})

    async def get(self, path: str) -> Answer:
        request = f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode()
        begun = perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        return Answer(int(head[9:12]), body, perf_counter() - begun, head)

    def close(self) -> None:
        self._writer.close()
