"""Seal: sign the head of the log, once it is sure that the log has only grown since the last one.

A log that lost or changed what was signed is never signed again: the chore says so until an
operator looks, and what was signed before stays as it is.
"""

import asyncio
from dataclasses import dataclass, field

from gateway.audit.checkpoint import Checkpoint, signed, verified
from gateway.audit.merkle import Frontier
from gateway.audit.note import NoteError, SigningKey
from gateway.audit.verify import consistent
from gateway.clock import Clock
from gateway.errors import DeferredError
from gateway.ports.log import LogBook, Nodes, Witness
from gateway.records.log import Grown, Sealed


class BrokenLogError(DeferredError):
    """The log is not what was signed: nothing more is signed. The text says what does not fit."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Calls of one process go one after the other; several processes may seal one log."""

    book: LogBook
    witness: Witness
    key: SigningKey
    clock: Clock
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> Sealed | None:
        """The newest checkpoint, which covers all that was durable before; None for an empty log.

        Raises BrokenLogError.
        """
        async with self.turn:
            # The witness first: another process may sign a longer log while this one is read.
            witnessed = await self.witness.latest()
            last = await self.book.latest()
            head = self._own(last)
            grown = await self.book.grown(last)
            if grown.size < grown.given_out:
                raise BrokenLogError(f"entry {grown.size + 1} of the log is missing")
            await self._agree_with_witness(witnessed, grown)
            if last is not None and grown.size == last.size:
                await self.witness.keep(last.note)
                return last
            if grown.size == 0:
                return None
            await self._continue(head, grown)
            return await self._sign(grown)

    def _own(self, last: Sealed | None) -> Checkpoint | None:
        """The last checkpoint as its signature says, never as its row does."""
        if last is None:
            return None
        try:
            head = verified(last.note, self.key.verifier)
        except NoteError as error:
            raise BrokenLogError(f"the checkpoint of {last.size} entries is not ours") from error
        edge = Frontier(last.size, last.peaks)
        if (head.size, head.root) != (last.size, edge.root()):
            raise BrokenLogError(f"the checkpoint of {last.size} entries was changed")
        return head

    async def _agree_with_witness(self, note: str | None, grown: Grown) -> None:
        """The copy kept apart must be of a beginning of this log."""
        if note is None:
            return
        try:
            seen = verified(note, self.key.verifier)
        except NoteError as error:
            raise BrokenLogError("the checkpoint kept apart is not one of this log") from error
        if seen.size > grown.size:
            raise BrokenLogError(
                f"the log has {grown.size} entries and {seen.size} were signed: it was rolled back"
            )
        if seen.size and await self._root(seen.size, grown) != seen.root:
            raise BrokenLogError(f"the first {seen.size} entries are not those that were signed")

    async def _continue(self, head: Checkpoint | None, grown: Grown) -> None:
        """RFC 9162 section 2.1.4, checked as a stranger would before anything is signed."""
        if head is None:
            return
        try:
            proof = await self.book.consistency(head.size, grown.size, nodes=grown.nodes)
        except LookupError as error:
            raise BrokenLogError("a part of the tree of the log is missing") from error
        if not consistent(head.size, head.root, grown.size, grown.root, proof):
            raise BrokenLogError(f"the log does not continue its first {head.size} entries")

    async def _root(self, size: int, grown: Grown) -> bytes:
        if size == grown.size:
            return grown.root
        try:
            return await self.book.root_of(size, nodes=_within(grown.nodes, size))
        except LookupError as error:
            raise BrokenLogError("a part of the tree of the log is missing") from error

    async def _sign(self, grown: Grown) -> Sealed:
        sealed = Sealed(
            size=grown.size,
            root=grown.root,
            at=self.clock.now(),
            note=signed(grown.size, grown.root, self.key),
            peaks=grown.peaks,
        )
        await self.book.keep(sealed, grown.nodes)
        kept = await self.book.covering(grown.size) or sealed
        await self.witness.keep(kept.note)
        return kept


def _within(nodes: Nodes, size: int) -> Nodes:
    return [one for one in nodes if (one[1] + 1) << one[0] <= size]
