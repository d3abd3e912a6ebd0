"""The transparency log: its leaves, its signed heads, and where a head is kept apart."""

from collections.abc import Sequence
from typing import Protocol

from gateway.records.log import Grown, Sealed

Nodes = Sequence[tuple[int, int, bytes]]


class LogBook(Protocol):
    async def latest(self) -> Sealed | None:
        """The newest checkpoint."""

    async def covering(self, number: int) -> Sealed | None:
        """The oldest checkpoint that holds the entry of this number."""

    async def grown(self, since: Sealed | None) -> Grown:
        """Every entry after `since` read and hashed onto its edge."""

    async def keep(self, sealed: Sealed, nodes: Nodes) -> None:
        """The checkpoint and its new nodes, durable; nothing when that size is there already."""

    async def root_of(self, size: int, *, nodes: Nodes = ()) -> bytes:
        """The root of the first `size` entries. Raises LookupError where some are missing."""

    async def consistency(self, first: int, size: int, *, nodes: Nodes = ()) -> list[bytes]:
        """RFC 9162 section 2.1.4. Raises LookupError where entries or nodes are missing."""

    async def inclusion(self, numbers: Sequence[int], size: int) -> list[list[bytes]]:
        """RFC 9162 section 2.1.3, for each entry (number 1 is leaf 0). Raises LookupError."""


class Witness(Protocol):
    """A place apart from the database that remembers the newest checkpoint."""

    async def latest(self) -> str | None: ...

    async def keep(self, note: str) -> None: ...
