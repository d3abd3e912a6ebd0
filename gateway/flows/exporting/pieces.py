"""A file that is made bit by bit: deflated, hashed, and put away in pieces of one size."""

import hashlib
import zlib
from collections.abc import Awaitable, Callable

from gateway.records.patients.export import Member

PIECE_BYTES = 262_144
"""Of what is deflated; the last piece of a file is shorter."""
LEVEL, RAW = 6, -15
Put = Callable[[int, int, bytes], Awaitable[None]]
"""File, number of the piece, its bytes."""


class Writing:
    """One file under way; `rows` is counted by whoever writes it."""

    def __init__(self, name: str, file: int, put: Put) -> None:
        self.name, self.rows = name, 0
        self._file, self._put = file, put
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, RAW)
        self._sha256 = hashlib.sha256()
        self._crc = self._size = self._packed = self._pieces = 0
        self._waiting = bytearray()

    async def write(self, plain: bytes) -> None:
        self._size += len(plain)
        self._crc = zlib.crc32(plain, self._crc)
        self._sha256.update(plain)
        self._waiting += self._deflate.compress(plain)
        while len(self._waiting) >= PIECE_BYTES:
            await self._put_away(PIECE_BYTES)

    async def close(self) -> Member:
        self._waiting += self._deflate.flush()
        while self._waiting:
            await self._put_away(PIECE_BYTES)
        return Member(
            name=self.name,
            size=self._size,
            packed=self._packed,
            crc=self._crc,
            sha256=self._sha256.hexdigest(),
            file=self._file,
        )

    async def _put_away(self, count: int) -> None:
        piece = bytes(self._waiting[:count])
        del self._waiting[:count]
        await self._put(self._file, self._pieces, piece)
        self._pieces += 1
        self._packed += len(piece)
