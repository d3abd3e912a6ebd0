"""Files that are made bit by bit: deflated, hashed, and put away in pieces of one size."""

import hashlib
import zlib
from collections.abc import Awaitable, Callable

from gateway.records.patients.export import Member

PIECE_BYTES = 262_144
"""Of what is deflated; the last piece is shorter."""
LEVEL, RAW = 6, -15
Put = Callable[[int, int, bytes], Awaitable[None]]
"""File, number of the piece, its bytes."""


class Pieces:
    """Bytes put away one after the other; `length` of them so far."""

    def __init__(self, file: int, put: Put) -> None:
        self.file, self.length = file, 0
        self._put, self._number = put, 0
        self._waiting = bytearray()

    async def add(self, octets: bytes) -> None:
        self.length += len(octets)
        self._waiting += octets
        while len(self._waiting) >= PIECE_BYTES:
            await self._put_away(PIECE_BYTES)

    async def close(self) -> None:
        if self._waiting:
            await self._put_away(PIECE_BYTES)

    async def _put_away(self, count: int) -> None:
        piece = bytes(self._waiting[:count])
        del self._waiting[:count]
        await self._put(self.file, self._number, piece)
        self._number += 1


class Writing:
    """One file under way, behind what the pieces hold already; `rows` is counted by whoever writes
    it."""

    def __init__(self, name: str, pieces: Pieces) -> None:
        self.name, self.rows = name, 0
        self._pieces, self._at = pieces, pieces.length
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, RAW)
        self._sha256 = hashlib.sha256()
        self._crc = self._size = 0

    async def write(self, plain: bytes) -> None:
        self._size += len(plain)
        self._crc = zlib.crc32(plain, self._crc)
        self._sha256.update(plain)
        await self._pieces.add(self._deflate.compress(plain))

    async def end(self, *, mail: str = "") -> Member:
        """Another file may follow in the same pieces."""
        await self._pieces.add(self._deflate.flush())
        return Member(
            name=self.name,
            size=self._size,
            packed=self._pieces.length - self._at,
            crc=self._crc,
            sha256=self._sha256.hexdigest(),
            file=self._pieces.file,
            at=self._at,
            mail=mail,
        )

    async def close(self) -> Member:
        """The last of its pieces."""
        member = await self.end()
        await self._pieces.close()
        return member
